"""Where code lies, and by which alias it is reached, does not count; what a name means does."""

import shutil
from pathlib import Path

import pytest

from crest.digest import code_digest

PACKAGE = Path(__file__).parents[3] / "src" / "crest"
HELPER = "LIMIT = 3\ndef helper(x): return base(x) + LIMIT\ndef base(x): return x\n"


def moves(toy, digest, **files):
    """Return whether the digest is another one after some files are written anew."""
    for name, text in files.items():
        toy.write(f"{name}.py", text)
    return toy.digest() != digest


def remove(toy, path):
    (toy.root / "toy" / path).unlink()


@pytest.fixture
def small(toy):
    toy.write("job.py", "from toy.a import helper\ndef main(): return helper(1)\n")
    toy.write("a.py", HELPER)
    return toy


def test_a_file_moved_with_its_content_leaves_the_digest(small):
    before = small.digest()
    remove(small, "a.py")
    small.write("deep/__init__.py", "")
    small.write("deep/b.py", HELPER)
    small.edit("job.py", "toy.a", "toy.deep.b")
    assert small.digest() == before


def test_a_function_moved_alone_leaves_the_digest(small):
    before = small.digest()
    small.write("a.py", HELPER.replace("def base(x): return x\n", "from toy.b import base\n"))
    small.write("b.py", '"""New."""\nimport os\ndef base(x): return x\ndef other(): return os\n')
    assert small.digest() == before


def test_a_class_moved_with_what_it_uses_leaves_the_digest(toy):
    text = "import abc\nclass Base(abc.ABC): pass\nclass A(Base):\n    x: 'B' = 1\nclass B: pass\n"
    toy.write("job.py", "from toy.a import A\ndef main(): return A()\n")
    toy.write("a.py", text)
    before = toy.digest()
    toy.write("a.py", "from toy.b import A\n")
    toy.write("b.py", text)
    assert toy.digest() == before


def test_a_reexport_in_between_does_not_count(small):
    before = small.digest()
    small.write("b.py", "from toy.a import helper as again\n")
    small.edit("job.py", "from toy.a import helper", "from toy.b import again as helper")
    assert small.digest() == before


ALIASES = [
    "import numpy as {0}\ndef main(): return {0}.mean({0}.zeros(3))\n",
    "from numpy import mean as {0}\ndef main(): return [{0}(x) for x in ()]\n",
    "import toy.a as {0}\ndef main(): return {0}.helper(1)\n",
    "from toy import a as {0}\ndef main(): return {0}.helper(1)\n",
    "def main():\n    from toy.a import helper as {0}\n    return {0}(1)\n",
    "def main():\n    import numpy as {0}\n    return {0}.mean(1)\n",
    "from toy.a import helper as {0}\n@{0}\nclass Inner({0}): pass\ndef main(): Inner()\n",
    "from toy.a import helper as {0}\ndef main(f={0}): return f(1)\n",
    "try:\n    import numpy as {0}\nexcept ImportError: raise\ndef main(): return {0}.pi\n",
]


@pytest.mark.parametrize("text", ALIASES)
def test_another_alias_leaves_the_digest(small, text):
    small.write("job.py", text.format("x0"))
    before = small.digest()
    small.write("job.py", text.format("other"))
    assert small.digest() == before


def test_an_alias_inside_an_f_string_errs_to_rerun(small):
    small.write("job.py", "import math as m\ndef main(): return f'{m.pi}'\n")
    before = small.digest()
    assert moves(small, before, job="import math as n\ndef main(): return f'{n.pi}'\n")


def test_an_alias_that_a_local_name_could_hide_counts(small):
    text = "from toy.a import LIMIT{alias}\nclass A:\n    LIMIT = 1\n    y = {name}\n"
    main = "def main(): return A.y\n"
    small.write("job.py", text.format(alias="", name="LIMIT") + main)
    before = small.digest()
    assert moves(small, before, job=text.format(alias=" as z", name="z") + main)


def test_swapping_helpers_of_one_name_between_modules_counts(toy):
    toy.write("job.py", "from toy.a import f\nfrom toy.b import g\ndef main(): return f() - g()\n")
    toy.write("a.py", "from toy.c import h\ndef f(): return h()\n")
    toy.write("b.py", "from toy.d import h\ndef g(): return h()\n")
    toy.write("c.py", "def h(): return 1\n")
    toy.write("d.py", "def h(): return 2\n")
    before = toy.digest()
    toy.edit("a.py", "toy.c", "toy.d")
    toy.edit("b.py", "toy.d", "toy.c")
    assert toy.digest() != before


def test_swapping_the_content_of_two_modules_with_their_importers_leaves_the_digest(toy):
    toy.write("job.py", "from toy.a import h as f\nfrom toy.b import h\ndef main(): f(h())\n")
    toy.write("a.py", "def h(): return 1\n")
    toy.write("b.py", "def h(): return 2\n")
    before = toy.digest()
    toy.write("a.py", "def h(): return 2\n")
    toy.write("b.py", "def h(): return 1\n")
    assert toy.digest() != before
    toy.write("job.py", "from toy.b import h as f\nfrom toy.a import h\ndef main(): f(h())\n")
    assert toy.digest() == before


def test_swapping_partners_in_mutual_recursion_counts(toy):
    text = "def even(n): return n == 0 or {0}(n - 1)\ndef odd(n): return n != 0 and {1}(n - 1)\n"
    toy.write("job.py", "def main(): return even(3)\n" + text.format("odd", "even"))
    before = toy.digest()
    for first, second in (("even", "odd"), ("even", "even"), ("odd", "odd")):
        assert moves(toy, before, job="def main(): return even(3)\n" + text.format(first, second))


def test_longer_cycles_of_like_functions_are_told_apart(toy):
    def ring(length):
        parts = [
            f"from toy.m{(i + 1) % length} import f as g\ndef f(): g()\n" for i in range(length)
        ]
        for index, part in enumerate(parts):
            toy.write(f"m{index}.py", part)
        return toy.digest()

    toy.write("job.py", "from toy.m0 import f\ndef main(): f()\n")
    assert len({ring(length) for length in (1, 2, 3, 4)}) == 4


def test_one_shared_table_differs_from_two_like_tables(toy):
    toy.write("job.py", "from toy.a import f\nfrom toy.b import g\ndef main(): f(g())\n")
    toy.write("a.py", "TABLE = {}\ndef f(x): TABLE[x] = 1\n")
    toy.write("b.py", "TABLE = {}\ndef g(): return TABLE\n")
    before = toy.digest()
    toy.write("b.py", "from toy.a import TABLE\ndef g(): return TABLE\n")
    assert toy.digest() != before


def test_which_of_two_like_tables_is_shared_counts(toy):
    for name in "ab":
        toy.write(f"{name}.py", "TABLE = {}\n")
    uses = "from toy.{0} import TABLE as S\nfrom toy.{1} import TABLE as T\n"
    calls = "from toy.{2} import TABLE as U\ndef main(): return S, T, U\n"
    found = set()
    for choice in ("aaa", "aab", "aba", "baa"):
        toy.write("job.py", (uses + calls).format(*choice))
        found.add(toy.digest())
    toy.write("job.py", (uses + calls).format(*"bba"))
    assert toy.digest() in found  # the two tables are alike: only which are one counts
    assert len(found) == 4


def test_a_value_copied_at_import_differs_from_one_read_when_used(toy):
    toy.write("a.py", "COUNT = 0\ndef bump():\n    global COUNT\n    COUNT += 1\n")
    toy.write("job.py", "from toy.a import COUNT, bump\ndef main(): bump(); return COUNT\n")
    before = toy.digest()
    text = "from toy import a\nfrom toy.a import bump\ndef main(): bump(); return a.COUNT\n"
    assert moves(toy, before, job=text)


def test_a_copy_of_a_rebound_value_in_between_counts(toy):
    toy.write("a.py", "COUNT = 0\ndef bump():\n    global COUNT\n    COUNT += 1\n")
    toy.write("b.py", "from toy.a import COUNT\n")
    toy.write("job.py", "from toy import a, b\ndef main(): a.bump(); return a.COUNT\n")
    before = toy.digest()
    toy.edit("job.py", "return a.COUNT", "return b.COUNT")
    assert toy.digest() != before


@pytest.mark.parametrize(
    "use", ["__name__", "__file__", "print(__name__)", "open(__file__)", "__spec__", "__package__"]
)
def test_a_module_that_asks_for_its_own_name_counts_with_it(small, use):
    small.write("job.py", "from toy.a import where\ndef main(): return where()\n")
    small.write("a.py", f"def where(): return {use}\n")
    before = small.digest()
    remove(small, "a.py")
    small.write("b.py", f"def where(): return {use}\n")
    small.edit("job.py", "toy.a", "toy.b")
    assert small.digest() != before


@pytest.mark.parametrize(
    "line",
    [
        "import logging\nlog = logging.getLogger(__name__)",
        "from logging import getLogger\nlog = getLogger(__name__)",
    ],
)
def test_the_name_of_a_logger_does_not_count(small, line):
    small.write("job.py", "from toy.a import where\ndef main(): return where()\n")
    small.write("a.py", f"{line}\ndef where(): return log.info('x')\n")
    before = small.digest()
    remove(small, "a.py")
    small.write("b.py", f"{line}\ndef where(): return log.info('x')\n")
    small.edit("job.py", "toy.a", "toy.b")
    assert small.digest() == before


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("return helper.__module__", "toy.job:main asks for the module of an object"),
        ("return type(helper).__module__", "toy.job:main asks for the module of an object"),
        ("import pickle; return pickle.dumps(helper)", "toy.job:main uses pickle.dumps"),
        ("import inspect; return inspect.getmodule(helper)", "toy.job:main uses inspect.getmodule"),
        ("import toy.a; toy.a.base = 1; return helper(1)", "toy.job:main assigns to toy.a:base"),
    ],
)
def test_code_that_asks_for_places_makes_all_places_count(small, line, reason):
    text = "from toy.a import helper\nimport toy.b\ndef main():\n    {0}\n"
    small.write("b.py", "")
    small.write("job.py", text.format(line))
    before = small.closure()
    assert f"where the code lies counts: {reason}" in before.notes
    small.write("a.py", HELPER.replace("def base(x): return x\n", "from toy.b import base\n"))
    small.write("b.py", "def base(x): return x\n")
    assert small.digest() != before.digest


def test_effects_of_a_moved_module_leave_the_digest(toy):
    text = "import os\nos.umask(setting())\ndef setting(): return 1\ndef f(): pass\n"
    toy.write("job.py", "from toy.a import f\nfrom toy import z\ndef main(): f()\n")
    toy.write("a.py", text)
    toy.write("z.py", "print('hello')\n")
    before = toy.digest()
    remove(toy, "a.py")
    toy.write("zz.py", text)
    toy.edit("job.py", "toy.a", "toy.zz")
    assert toy.digest() == before


def test_like_effects_of_two_modules_are_told_apart_by_what_they_use(toy):
    toy.write("job.py", "import toy.a\nimport toy.b\ndef main(): pass\n")
    toy.write("a.py", "from toy.c import f\nf()\n")
    toy.write("b.py", "from toy.d import f\nf()\n")
    toy.write("c.py", "def f(): print(1)\n")
    toy.write("d.py", "def f(): print(2)\n")
    before = toy.digest()
    toy.edit("b.py", "toy.d", "toy.c")
    assert toy.digest() != before
    toy.edit("a.py", "toy.c", "toy.d")
    assert toy.digest() == before  # the order of two modules' effects does not count


def test_the_order_of_effects_inside_a_module_counts(toy):
    toy.write("job.py", "from toy.a import TABLE\ndef main(): return TABLE\n")
    toy.write("a.py", "TABLE = {}\nTABLE['x'] = 1\nTABLE['y'] = 2\n")
    before = toy.digest()
    assert moves(toy, before, a="TABLE = {}\nTABLE['y'] = 2\nTABLE['x'] = 1\n")


def test_a_value_computed_before_an_effect_differs_from_one_computed_after(toy):
    toy.write("job.py", "from toy.a import SIZE\ndef main(): return SIZE\n")
    toy.write("a.py", "TABLE = {}\nSIZE = len(TABLE)\nTABLE['x'] = 1\n")
    before = toy.digest()
    assert moves(toy, before, a="TABLE = {}\nTABLE['x'] = 1\nSIZE = len(TABLE)\n")


def test_a_value_taken_between_two_assignments_of_one_name_counts(toy):
    toy.write("job.py", "A = 1\nB = A\nA = 2\ndef main(): return B\n")
    before = toy.digest()
    assert moves(toy, before, job="A = 1\nA = 2\nB = A\ndef main(): return B\n")


def test_the_order_of_registered_functions_counts(toy):
    register = "TABLE = {}\ndef register(f): TABLE[f.__name__] = f\n"
    one, two = "@register\ndef f(): pass\n", "@register\ndef g(): pass\n"
    toy.write("job.py", "from toy.a import TABLE\ndef main(): return list(TABLE)\n")
    toy.write("a.py", register + one + two)
    before = toy.digest()
    assert moves(toy, before, a=register + two + one)


def test_an_entry_of_a_registry_counts_with_its_name(toy):
    toy.write("arms/__init__.py", "")
    toy.write("arms/one.py", "def plan(): return 1\n")
    toy.write("arms/two.py", "def plan(): return 1\n")
    toy.write(
        "job.py",
        "from toy.registry import Registry\nARMS = Registry('toy.arms')\n"
        "def main(key): return ARMS[key].plan()\n",
    )
    assert toy.closure(arms=["one"]).digest != toy.closure(arms=["two"]).digest


def test_a_named_file_that_moves_with_its_module_leaves_the_digest(toy):
    toy.write("job.py", "from toy.a import f\ndef main(): f()\n")
    toy.write("a.py", "DIGEST_FILES = ('page.html',)\ndef f(): pass\n")
    toy.write("page.html", "<p>")
    before = toy.digest()
    toy.write("sub/__init__.py", "")
    toy.write("sub/a.py", "DIGEST_FILES = ('page.html',)\ndef f(): pass\n")
    toy.write("sub/page.html", "<p>")
    toy.edit("job.py", "toy.a", "toy.sub.a")
    assert toy.digest() == before
    toy.write("sub/page.html", "<b>")
    assert toy.digest() != before


def test_another_origin_of_a_star_import_counts(toy):
    toy.write("job.py", "from numpy import *\ndef main(): return mean(1)\n")
    before = toy.digest()
    assert moves(toy, before, job="from cupy import *\ndef main(): return mean(1)\n")


def test_which_branch_imports_what_counts(toy):
    toy.write("a.py", "def f(): return 1\n")
    toy.write("b.py", "def f(): return 2\n")
    text = "if cond():\n    from toy.{0} import f\nelse:\n    from toy.{1} import f\n"
    rest = "def cond(): return 1\ndef main(): return f()\n"
    toy.write("job.py", text.format("a", "b") + rest)
    before = toy.digest()
    assert moves(toy, before, job=text.format("b", "a") + rest)


JOBS = ("run_campaign", "train_base", "compute_statistic", "build_report")


def test_moving_a_module_of_this_package_leaves_the_digest_of_every_job(tmp_path):
    folder = tmp_path / "crest"
    shutil.copytree(PACKAGE, folder, ignore=shutil.ignore_patterns("__pycache__"))
    before = [code_digest(f"crest.jobs.{job}:main", root=tmp_path) for job in JOBS]
    (folder / "seeds.py").rename(folder / "tasks" / "randomness.py")
    new = {
        "from crest.seeds import": "from crest.tasks.randomness import",
        "from crest import seeds": "from crest.tasks import randomness as seeds",
    }
    importers = [
        path for path in folder.rglob("*.py") if any(old in path.read_text() for old in new)
    ]
    for path in importers:
        text = path.read_text()
        for old, line in new.items():
            text = text.replace(old, line)
        path.write_text(text, encoding="utf-8")
    assert len(importers) > 5
    assert [code_digest(f"crest.jobs.{job}:main", root=tmp_path) for job in JOBS] == before
