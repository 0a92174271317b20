"""Every edit that can change what a job does moves its digest, and no other."""

import random
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.unit.digest.rewriting import compiles, edits, reformatted, without_idle

from crest.digest import code_closure

PROGRAM = Path(__file__).with_name("program.txt").read_text(encoding="utf-8")
OTHER = "def helper(x, y=2): return x + y\ndef twin(x, y=2): return x - y\nLIMIT = 7\nSPARE = 1\n"
LAZY = "def __getattr__(name): return {'late': 1}[name]\n"


@pytest.fixture
def program(toy):
    """A job of many forms of code, all of it reached."""
    toy.write("job.py", PROGRAM)
    toy.write("other.py", OTHER)
    toy.write("lazy.py", LAZY)
    return toy


EDITS = {
    "a comment": ("    total = 0", "    total = 0  # from nothing", False),
    "a docstring": ('"""Sum what the table gives."""', '"""Sum."""', False),
    "a class's docstring": ('"""A thing."""', '"""Something."""', False),
    "formatting": ("{'a': first, \"b\": second}", "{\n    'a': first,\n    'b': second,\n}", False),
    "an unused function": ("def unused(): return 1", "def unused(): return 2", False),
    "an unused constant": ("SPARE = 1", "SPARE = 2", False),
    "a renamed local variable": ("lambda pair: pair[0]", "lambda both: both[0]", True),
    "a decorator": ("@cache\n", "@lru_cache(maxsize=1)\n", True),
    "a decorator of ours": ("return lambda *a: f(*a) + 1", "return lambda *a: f(*a) + 2", True),
    "a decorator left out": ("@cache\n", "", True),
    "a default argument": ("value=DEFAULT", "value=LIMIT", True),
    "the constant of a default argument": ("DEFAULT = 3", "DEFAULT = 4", True),
    "a constant of a constant": ("BASE = 10", "BASE = 11", True),
    "a class attribute": ("    size = 4", "    size = 5", True),
    "an attribute of a parent class": ("    weight = 1.0", "    weight = 2.0", True),
    "a field of a dataclass": ("    count: int = 0", "    count: int = 1", True),
    "the type of a field": ("    count: int = 0", "    count: float = 0", True),
    "a new field": ("    count: int = 0", "    count: int = 0\n    more: int = 0", True),
    "a nested function": ("        return number * 2", "        return number * 3", True),
    "a nested class": ("        depth = 1", "        depth = 2", True),
    "a function in a table": ("def second(x): return x - 1", "def second(x): return x - 2", True),
    "keys of a table swapped": ("'a': first, \"b\": second", "'a': second, \"b\": first", True),
    "a key of a table": ("'a': first", "'c': first", True),
    "a partial in a table": ("partial(helper, y=5)", "partial(helper, y=6)", True),
    "the function of a partial": ("partial(helper, y=5)", "partial(twin, y=5)", True),
    "the global that is set": ("    STATE = value", "    STATE = value + 1", True),
    "the first value of a global": ("STATE = None", "STATE = 0", True),
    "the branch of a conditional import": (
        "from json import dumps",
        "from json import loads as dumps",
        True,
    ),
    "what stands in for a missing import": ("    dumps = str", "    dumps = repr", True),
    "a lambda": ("key=lambda pair: pair[0]", "key=lambda pair: pair[1]", True),
    "a comprehension": ("if number > 1", "if number > 2", True),
    "a literal in an f-string": ("f'{total:>3}'", "f'{total:>4}'", True),
    "a number's type": ("    total = 0", "    total = 0.0", True),
    "an operator": ("return x + 1", "return x - 1", True),
    "the text of an error": ("'too large'", "'too big'", True),
    "an effect at import": ("TABLE['c'] = third", "TABLE['d'] = third", True),
    "the order of two calls": (
        "    set_state(1)\n    set_state(2)",
        "    set_state(2)\n    set_state(1)",
        True,
    ),
    "a star-imported name": ("Fraction(1, 2)", "Fraction(1, 3)", True),
    "an annotation": ("def third(x: int)", "def third(x: float)", True),
}


@pytest.mark.parametrize("name", EDITS)
def test_an_edit_moves_the_digest_only_if_it_can_matter(program, name):
    old, new, matters = EDITS[name]
    before = program.digest()
    program.edit("job.py", old, new)
    assert compiles((program.root / "toy/job.py").read_text())
    assert (program.digest() != before) == matters


@pytest.mark.parametrize(
    ("file", "old", "new", "matters"),
    [
        ("other.py", "return x + y", "return y + x", True),
        ("other.py", "y=2): return x + y", "y=3): return x + y", True),
        ("other.py", "LIMIT = 7", "LIMIT = 8", True),
        ("other.py", "SPARE = 1", "SPARE = 2", False),
        ("lazy.py", "1", "2", True),
    ],
)
def test_an_edit_of_another_file_moves_the_digest_only_if_it_is_used(
    program, file, old, new, matters
):
    before = program.digest()
    program.edit(file, old, new)
    assert (program.digest() != before) == matters


def digests(root, text):
    (root / "toy/job.py").write_text(text, encoding="utf-8")
    return code_closure("toy.job:main", root=root).digest


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=50)
@given(seed=st.integers())
def test_reformatting_leaves_the_digest(program, seed):
    before = digests(program.root, PROGRAM)
    assert digests(program.root, reformatted(PROGRAM, random.Random(seed))) == before


def test_every_edit_of_one_token_that_changes_reached_code_moves_the_digest(program):
    before, meaning = digests(program.root, PROGRAM), without_idle(PROGRAM)
    unreached = PROGRAM[PROGRAM.index("# unused from here on") :]
    texts = [text for text in edits(PROGRAM) if text.endswith(unreached) and "def main(" in text]
    reached = [text for text in texts if compiles(text) and without_idle(text) != meaning]
    assert len(reached) > 200
    same = [text for text in reached if digests(program.root, text) == before]
    assert same == [PROGRAM.replace("from toy.other", "from  .other")]  # the same module
