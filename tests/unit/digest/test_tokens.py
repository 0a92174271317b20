"""Reformatting must not count, everything else must."""

import ast
import random
import shutil
import subprocess
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.unit.digest.rewriting import compiles, edits, reformatted, without_idle

from crest.digest.tokens import TokenisedSource

SAMPLE = (Path(__file__).parent / "sample.txt").read_text(encoding="utf-8")
PACKAGE = Path(__file__).parents[3] / "src" / "crest"


def canonical(source):
    tree = ast.parse(source)
    tokens = TokenisedSource(source, tree)
    return [tokens.statement(node) for node in tree.body]


@given(st.integers())
def test_reformatting_leaves_the_tokens(seed):
    source = reformatted(SAMPLE, random.Random(seed))
    assert canonical(source) == canonical(SAMPLE)


def test_every_edit_of_one_token_that_changes_the_meaning_changes_the_tokens():
    before, meaning = canonical(SAMPLE), without_idle(SAMPLE)
    variants = [text for text in edits(SAMPLE) if compiles(text)]
    assert len(variants) > 300
    assert [
        text for text in variants if without_idle(text) != meaning and canonical(text) == before
    ] == []


@pytest.mark.parametrize(
    ("folder", "style"),
    [
        (PACKAGE / "grading", ["line-length=50", 'format.quote-style="single"', "indent-width=2"]),
        (PACKAGE / "statistics", ["line-length=200", "format.skip-magic-trailing-comma=true"]),
    ],
    ids=["narrow", "wide"],
)
def test_a_formatter_leaves_the_tokens_of_this_package(tmp_path, folder, style):
    ruff = shutil.which("ruff")
    if ruff is None:
        pytest.skip("ruff is not installed")
    before, after = tmp_path / "before", tmp_path / "after"
    shutil.copytree(folder, before)
    shutil.copytree(before, after)
    options = [part for setting in style for part in ("--config", setting)]
    target = ["--isolated", "--target-version", "py311", "--no-cache"]
    subprocess.run([ruff, "format", "--quiet", *target, *options, after], check=True)
    files = sorted(path.relative_to(before) for path in before.rglob("*.py"))
    texts = [((before / file).read_text(), (after / file).read_text()) for file in files]
    assert any(old != new for old, new in texts)
    moved = [file for file, (old, new) in zip(files, texts, strict=True) if differ(old, new)]
    assert moved == []


def differ(old, new):
    return old != new and canonical(old) != canonical(new)


SAME = [
    ("if x: y = 1; z = 2", "if x:\n  y = 1\n  z = 2"),
    ("x = (\n  a +\n  b\n)", "x = a + b"),
    ("(a, b) = c", "a, b = c"),
    ("x = 1,", "x = (1,)"),
    ("try: x\nexcept (\n  A\n): y", "try: x\nexcept A: y"),
    ("try: x\nexcept (A) as e: y", "try: x\nexcept A as e: y"),
    ("f(a, b,)", "f(a, b)"),
    ("[a, b,]", "[a, b]"),
    ("{a,}", "{a}"),
    ("x[a, b,]", "x[a, b]"),
    ("from a import (b, c,)", "from a import b, c"),
    ("for (a, b) in c: d()", "for a, b in c: d()"),
    ("class A(): f()", "class A: f()"),
    ("x = 'a' 'b'", "x = 'ab'"),
    ("x = 'a' f'{b}'", "x = f'a{b}'"),
    ("x = f'{b!r:>3}'", 'x = f"{ b !r:>3}"'),
    ("x = f'{b[\"k\"]}'", "x = f\"{b['k']}\""),
    ("x = b'\\x41'", "x = B'A'"),
    ("x = 0XFF + 1E3", "x = 0xff + 1e3"),
    ("def f():\n  '''Doc.'''\n  return 1", "def f(): return 1"),
    ("class E(Exception):\n  '''Doc.'''", "class E(Exception): pass"),
    ("with (a as b, c as d,): e()", "with a as b, c as d: e()"),
    ("x = ()", "x = (())"),
    ("x: (A | B) = 1", "x: A | B = 1"),
    ("assert (a), (b)", "assert a, b"),
]


@pytest.mark.parametrize(("left", "right"), SAME)
def test_equal_code_has_equal_tokens(left, right):
    assert canonical(left) == canonical(right)


DIFFERENT = [
    ("x = (1,)", "x = (1)"),
    ("x[a,]", "x[a]"),
    ("try: x\nexcept (A,): y", "try: x\nexcept A: y"),
    ("try: x\nexcept (A).b: y", "try: x\nexcept A: y"),
    ("def f(): return ()", "def f(): return"),
    ("assert (a, b)", "assert a, b"),
    ("x = lambda: (a, b)", "x = lambda: a, b"),
    ("x = {k: (a for a in b)}", "x = {k: a for a in b}"),
    ("x = a in (b, c)", "x = a in b, c"),
    ("x = (a + b) * c", "x = a + b * c"),
    ("x = not (a == b)", "x = (not a) == b"),
    ("if a:\n  b()\n  c()", "if a:\n  b()\nc()"),
    ("if a:\n  if b: c()\nelse: d()", "if a:\n  if b: c()\n  else: d()"),
    ("x = f'{a}'", "x = '{a}'"),
    ("x = f'{{a}}'", "x = f'{a}'"),
    ("x = f'{a}'", "x = f'{a!r}'"),
    ("x = f'{a}'", "x = f'{a:}>3'"),
    ("x = f'{a=}'", "x = f'{a}'"),
    ("x = f'{a=}'", "x = f'{a =}'"),
    ("x = r'\\n'", "x = '\\n'"),
    ("x = b'a'", "x = 'a'"),
    ("x = 'a b'", "x = 'a  b'"),
    ("x = 'ab', 'c'", "x = 'a', 'bc'"),
    ("x = 1", "x = 1.0"),
    ("def f(a): return a", "def f(b): return b"),
    ("def f(a, *, b): g()", "def f(a, b): g()"),
    ("match (x,):\n  case 1: f()", "match (x):\n  case 1: f()"),
]


@pytest.mark.parametrize(("left", "right"), DIFFERENT)
def test_different_code_has_different_tokens(left, right):
    assert canonical(left) != canonical(right)
