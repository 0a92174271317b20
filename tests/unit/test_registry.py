import sys

import pytest

from crest.registry import Registry


@pytest.fixture
def arms(tmp_path, request):
    """A registry over a package of its own, written for the test."""
    package = f"arms_of_{abs(hash(request.node.name))}"
    folder = tmp_path / package
    folder.mkdir()
    (folder / "__init__.py").write_text("")
    (folder / "naive.py").write_text("TABLES: tuple[str, ...] = ('steps',)\nname = 'naive'\n")
    (folder / "care.py").write_text("TABLES = ('steps', 'select')\nHEAVY = 1 / 0\n")
    (folder / "_shared.py").write_text("")
    sys.path.insert(0, str(tmp_path))
    yield Registry(package)
    sys.path.remove(str(tmp_path))
    for name in [name for name in sys.modules if name.partition(".")[0] == package]:
        del sys.modules[name]


def test_names_are_the_modules_without_underscore_sorted(arms):
    assert arms.names() == ["care", "naive"]


def test_an_entry_is_its_module(arms):
    assert arms["naive"].name == "naive"


def test_an_unknown_entry_is_refused_with_those_there_are(arms):
    with pytest.raises(KeyError, match="no entry 'carre'; it has care, naive"):
        arms["carre"]


def test_a_private_module_is_no_entry(arms):
    with pytest.raises(KeyError, match="no entry '_shared'"):
        arms["_shared"]


def test_a_constant_is_read_without_importing_its_module(arms):
    assert arms.literal("care", "TABLES") == ("steps", "select")
    assert arms.literal("naive", "TABLES") == ("steps",)


def test_a_constant_that_is_missing_is_refused(arms):
    with pytest.raises(KeyError, match="does not assign FIGURES"):
        arms.literal("naive", "FIGURES")


def test_a_constant_of_an_unknown_entry_is_refused(arms):
    with pytest.raises(KeyError, match="no entry 'carre'"):
        arms.literal("carre", "TABLES")
