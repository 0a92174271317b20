import pytest


def test_edit_of_a_reached_function_changes_the_digest(toy):
    toy.write("job.py", "from toy.a import f\ndef main(): return f()\n")
    toy.write("a.py", "def f(): return 1\n")
    before = toy.digest()
    toy.edit("a.py", "1", "2")
    assert toy.digest() != before


def test_edit_of_an_unreached_function_leaves_the_digest(toy):
    toy.write("job.py", "from toy.a import f\ndef main(): return f()\n")
    toy.write("a.py", "def f(): return 1\ndef g(): return 1\n")
    before = toy.digest()
    toy.edit("a.py", "g(): return 1", "g(): return 2")
    assert toy.digest() == before


def test_reverting_an_edit_restores_the_digest(toy):
    toy.write("job.py", "def main(): return 1\n")
    before = toy.digest()
    toy.edit("job.py", "1", "2")
    toy.edit("job.py", "2", "1")
    assert toy.digest() == before


IMPORTS = [
    "from toy.sub.a import f as g",
    "import toy.sub.a; g = toy.sub.a.f",
    "import toy.sub.a as a; g = a.f",
    "from toy.sub import a; g = a.f",
    "from toy import sub; g = sub.a.f",
    "from .sub.a import f as g",
    "from .sub import a; g = a.f",
    "from . import sub; g = sub.f",
    "from toy.sub import f as g",
]


@pytest.mark.parametrize("line", [*IMPORTS, "from toy.sub import *; g = f"])
def test_every_form_of_import_is_followed(toy, line):
    toy.write("sub/__init__.py", "from toy.sub.a import f\n")
    toy.write("sub/a.py", "def f(): return helper()\ndef helper(): return 1\n")
    toy.write("job.py", f"{line}\ndef main(): return g()\n")
    assert {"toy.sub.a:f", "toy.sub.a:helper"} <= toy.symbols()


@pytest.mark.parametrize("line", IMPORTS)
def test_every_form_of_import_inside_a_function_is_followed(toy, line):
    toy.write("sub/__init__.py", "from toy.sub.a import f\n")
    toy.write("sub/a.py", "def f(): return helper()\ndef helper(): return 1\n")
    toy.write("job.py", f"def main():\n    {line}\n    return g()\n")
    assert {"toy.sub.a:f", "toy.sub.a:helper"} <= toy.symbols()


def test_imports_above_the_parent_are_followed(toy):
    toy.write("job.py", "from toy.sub.a import f\ndef main(): f()\n")
    toy.write("sub/__init__.py", "")
    toy.write("sub/a.py", "from ..b import g\nfrom . import c\ndef f(): g(); c.h()\n")
    toy.write("sub/c.py", "def h(): pass\n")
    toy.write("b.py", "def g(): pass\n")
    assert {"toy.b:g", "toy.sub.c:h"} <= toy.symbols()


def test_swapping_two_imports_changes_the_digest(toy):
    toy.write("job.py", "from toy.a import f, g\ndef main(): return f() - g()\n")
    toy.write("a.py", "def f(): return 1\ndef g(): return 2\n")
    before = toy.digest()
    toy.edit("job.py", "import f, g", "import f as g, g as f")
    assert toy.digest() != before


def test_another_library_under_the_same_name_changes_the_digest(toy):
    toy.write("job.py", "import numpy as np\ndef main(): return np.mean\n")
    before = toy.digest()
    toy.edit("job.py", "import numpy", "import cupy")
    assert toy.digest() != before


def test_order_of_imports_and_of_functions_does_not_count(toy):
    toy.write("job.py", "import sys\nimport os\ndef main(): f(os, sys)\ndef f(*a): pass\n")
    before = toy.digest()
    toy.write("job.py", "import os\nimport sys\ndef f(*a): pass\ndef main(): f(os, sys)\n")
    assert toy.digest() == before


def test_constants_count_where_they_are_used(toy):
    toy.write("job.py", "from toy.a import USED\ndef main(): return USED\n")
    toy.write("a.py", "BASE = 1\nUSED: int = BASE + 1\nOTHER = 5\n")
    assert toy.symbols() == {"toy.a:BASE", "toy.a:USED", "toy.job:main"}


def test_a_class_counts_whole_with_its_bases(toy):
    toy.write("job.py", "from toy.a import Child\ndef main(): Child().run()\n")
    toy.write("a.py", "class Parent:\n def walk(self): return g()\nclass Child(Parent): pass\n")
    toy.edit("a.py", "class Child", "def g(): return 1\nclass Child")
    assert {"toy.a:Child", "toy.a:Parent", "toy.a:g"} <= toy.symbols()


@pytest.mark.parametrize(
    "text",
    [
        "@f\ndef main(): pass\n",
        "def main(x=f()): pass\n",
        "def main(*, x=f()): pass\n",
        "def main(x: f): pass\n",
        "def main(x: 'f'): pass\n",
        "def main(x: 'list[f]'): pass\n",
        "def main() -> f: pass\n",
        "def main():\n    x: f = 1\n",
        "main = lambda: f()\n",
        "main = [f for _ in range(3)]\n",
        "def main():\n    class Inner(f): pass\n",
        "def main():\n    def inner(): return f\n    return inner\n",
        "def main():\n    f.attribute = 1\n",
        "def main(): return f'{f():>{3}}'\n",
        "def main():\n    global f\n    f = 1\n",
    ],
)
def test_names_count_wherever_they_stand(toy, text):
    toy.write("job.py", text + "def f(): pass\n")
    assert "toy.job:f" in toy.symbols()


@pytest.mark.parametrize(
    "text",
    [
        "def main(f): return f\n",
        "def main(*f): return f\n",
        "def main():\n    f = 1\n    return f\n",
        "def main():\n    for f in (): f()\n",
        "def main(): return [f for f in ()]\n",
        "main = lambda f: f\n",
        "def main():\n    with open('x') as f: return f\n",
        "def main():\n    try: pass\n    except OSError as f: print(f)\n",
        "def main(x):\n    match x:\n        case [f]: return f\n",
    ],
)
def test_local_names_do_not_reach_what_is_called_alike(toy, text):
    toy.write("job.py", text + "def f(): pass\n")
    assert "toy.job:f" not in toy.symbols()


def test_a_comprehension_does_not_hide_a_name_from_the_function_around_it(toy):
    toy.write("job.py", "def main(): return [f for f in ()], f()\ndef f(): pass\n")
    assert "toy.job:f" in toy.symbols()


def test_statements_at_import_count_in_every_imported_module(toy):
    toy.write("job.py", "import toy.a\ndef main(): pass\n")
    toy.write("a.py", "from toy import b\n")
    toy.write("b.py", "import os\nos.umask(setting())\ndef setting(): return 1\n")
    assert {"toy.b:<import>", "toy.b:setting"} <= toy.symbols()


def test_statements_at_import_of_a_parent_count(toy):
    toy.write("job.py", "from toy.sub.a import f\ndef main(): f()\n")
    toy.write("sub/__init__.py", "print('hello')\n")
    toy.write("sub/a.py", "def f(): pass\n")
    assert "toy.sub:<import>" in toy.symbols()


def test_importing_under_type_checking_executes_nothing(toy):
    guard = "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from toy.a import T\n"
    toy.write("job.py", guard + "def main(x: 'T'): pass\n")
    toy.write("a.py", "T = int\nU = 2\n")
    assert toy.symbols() == {"toy.a:T", "toy.job:main"}


def test_the_main_guard_counts_for_the_entry_alone(toy):
    guard = "if __name__ == '__main__':\n    start()\ndef start(): pass\n"
    toy.write("job.py", "from toy.a import f\ndef main(): f()\n" + guard)
    toy.write("a.py", "def f(): pass\n" + guard)
    found = toy.symbols()
    assert {"toy.job:<main>", "toy.job:start"} <= found
    assert not {"toy.a:<main>", "toy.a:start"} & found


def test_names_bound_in_a_compound_statement_are_followed(toy):
    text = "try:\n    from toy.a import f\nexcept ImportError:\n    f = None\ndef main(): f()\n"
    toy.write("job.py", text)
    toy.write("a.py", "def f(): pass\n")
    assert {"toy.a:f", "toy.job:<import>"} <= toy.symbols()


def test_functions_that_our_decorator_registers_count(toy):
    toy.write("job.py", "from toy.a import TABLE\ndef main(): return TABLE\n")
    toy.write(
        "a.py",
        "TABLE = {}\ndef register(f): TABLE[f.__name__] = f\n@register\ndef entry(): return 1\n",
    )
    assert "toy.a:entry" in toy.symbols()


def test_a_module_as_a_value_joins_whole_and_says_so(toy):
    toy.write("job.py", "from toy import a\ndef main(name): return getattr(a, name)\n")
    toy.write("a.py", "from toy.b import g\ndef f(): pass\n")
    toy.write("b.py", "def g(): pass\ndef h(): pass\n")
    closure = toy.closure()
    assert set(closure.symbols) == {"toy.a:f", "toy.b:g", "toy.job:main"}
    assert closure.notes == ("toy.a joins whole: toy.job:main uses the module as a value",)


@pytest.mark.parametrize(
    "body", ["importlib.import_module(name)", "globals()[name]", "eval(name)", "__import__(name)"]
)
def test_code_that_cannot_be_followed_brings_its_module_whole(toy, body):
    toy.write("job.py", "from toy.a import f\ndef main(): f()\n")
    toy.write("a.py", f"import importlib\ndef f(name): {body}\ndef g(): pass\n")
    closure = toy.closure()
    assert "toy.a:g" in closure.symbols
    assert closure.notes[0].startswith("toy.a joins whole: toy.a:f")


def test_a_module_imported_by_a_literal_name_joins_whole(toy):
    text = "from importlib import import_module\ndef main(): import_module('toy.a')\n"
    toy.write("job.py", text + "def other(): pass\n")
    toy.write("a.py", "def f(): pass\n")
    assert toy.symbols() == {"toy.a:f", "toy.job:main"}


def test_an_attribute_that_is_not_found_brings_the_module_whole(toy):
    toy.write("job.py", "from toy import a\ndef main(): return a.dynamic\n")
    toy.write("a.py", "def __getattr__(name): return name\ndef f(): pass\n")
    assert {"toy.a:f", "toy.a:__getattr__"} <= toy.symbols()


@pytest.fixture
def registered(toy):
    toy.write("arms/__init__.py", "")
    toy.write("arms/care.py", "from toy.a import g\ndef plan(): return g()\ndef select(): pass\n")
    toy.write("arms/naive.py", "def plan(): return 1\n")
    toy.write("arms/_shared.py", "def helper(): pass\n")
    toy.write("a.py", "def g(): pass\n")
    toy.write(
        "job.py",
        "from toy.registry import Registry\nARMS = Registry('toy.arms')\n"
        "def main(key): return ARMS[key].plan()\n",
    )
    return toy


def test_a_choice_brings_in_its_entry_alone(registered):
    closure = registered.closure(arms=["care"])
    found = {name for name in closure.symbols if name.startswith(("toy.arms", "toy.a:"))}
    assert found == {"toy.arms.care:plan", "toy.arms.care:select", "toy.a:g"}
    assert closure.notes == ()


def test_editing_one_entry_leaves_the_others_uses(registered):
    care = registered.closure(arms=["care"]).digest
    naive = registered.closure(arms=["naive"]).digest
    registered.edit("arms/care.py", "return g()", "return g() + 1")
    assert registered.closure(arms=["naive"]).digest == naive
    assert registered.closure(arms=["care"]).digest != care


def test_without_a_choice_all_entries_join_and_it_is_said(registered):
    closure = registered.closure()
    assert {"toy.arms.care:plan", "toy.arms.naive:plan"} <= set(closure.symbols)
    assert "toy.arms._shared:helper" not in closure.symbols
    assert closure.notes == ("toy.arms: all entries join, since no choice names some",)


def test_an_unknown_choice_is_refused(registered):
    with pytest.raises(ValueError, match=r"toy\.arms has no entry carre; it has care, naive"):
        registered.closure(arms=["carre"])


def test_an_unknown_entry_function_is_refused(toy):
    toy.write("job.py", "def start(): pass\n")
    with pytest.raises(ValueError, match=r"toy\.job:main: no such function"):
        toy.closure()


def test_named_files_count_python_by_tokens_and_others_by_bytes(toy):
    toy.write("job.py", "DIGEST_FILES = ('inside/*.py', 'page.html')\ndef main(): pass\n")
    toy.write("inside/child.py", "print('x')  # comment\n")
    toy.write("page.html", "<p>")
    before = toy.closure()
    assert {"toy.job:inside/child.py", "toy.job:page.html"} <= set(before.symbols)
    toy.write("inside/child.py", 'print(\n    "x",\n)\n')
    assert toy.digest() == before.digest
    toy.write("page.html", "<p> ")
    assert toy.digest() != before.digest


def test_a_named_file_brings_in_what_it_imports(toy):
    toy.write("job.py", "DIGEST_FILES = ('child.py',)\ndef main(): pass\n")
    toy.write("child.py", "from toy.a import f\nf()\n")
    toy.write("a.py", "def f(): pass\n")
    assert "toy.a:f" in toy.symbols()


def test_a_named_file_that_is_missing_is_refused(toy):
    toy.write("job.py", "DIGEST_FILES = ('child.py',)\ndef main(): pass\n")
    with pytest.raises(ValueError, match=r"names child\.py, which is not there"):
        toy.closure()


@pytest.mark.parametrize("text", ["open(__file__)", "resources.files('toy')"])
def test_looking_for_files_without_naming_them_is_noted(toy, text):
    toy.write("job.py", f"from importlib import resources\ndef main(): {text}\n")
    note = "toy.job:main may read files of the package: name them in DIGEST_FILES"
    assert toy.closure().notes == (note,)
    toy.edit("job.py", "def main", "DIGEST_FILES = ('job.py',)\ndef main")
    assert toy.closure().notes == ()


def test_the_digests_own_code_stays_out(toy):
    toy.write("digest/__init__.py", "def f(): pass\n")
    toy.write("job.py", "from toy.digest import f\ndef main(): f()\n")
    assert toy.symbols() == {"toy.job:main"}


def test_import_cycles_end(toy):
    toy.write("job.py", "from toy.a import f\ndef main(): f()\n")
    toy.write("a.py", "from toy import b\nfrom toy.b import *\ndef f(): b.g()\n")
    toy.write("b.py", "from toy import a\nfrom toy.a import *\ndef g(): a.f()\n")
    assert toy.symbols() == {"toy.a:f", "toy.b:g", "toy.job:main"}
