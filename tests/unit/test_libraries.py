from importlib.metadata import version

import pytest

from crest.libraries import library_of


def test_a_library_is_named_as_pip_knows_it():
    assert library_of("polars") == ("polars", version("polars"))
    assert library_of("vl_convert") == ("vl-convert-python", version("vl-convert-python"))


def test_the_build_of_a_library_does_not_count():
    name, text = library_of("torch")
    assert name == "torch"
    assert "+" not in text
    assert version("torch").startswith(text)


def test_a_library_that_is_not_installed_is_named_with_the_remedy():
    with pytest.raises(ModuleNotFoundError, match=r"no_such_thing: not installed.*requirements"):
        library_of("no_such_thing")
