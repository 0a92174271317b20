"""Versions of the libraries that code uses, by the names that pip knows them by."""

from functools import cache
from importlib.metadata import PackageNotFoundError, version

_DISTRIBUTIONS = {"vl_convert": "vl-convert-python", "yaml": "pyyaml"}
"""Libraries whose module has another name than what pip installs."""


@cache
def library_of(module: str) -> tuple[str, str]:
    """Return the name and version of the library that a module at the top belongs to.

    The part of a version that names a build (`+cpu`, `+cu128`) is left out: builds of one version
    count as equal.

    Raises:
        ModuleNotFoundError: It is not installed, or installed under another name.

    Example:
        >>> library_of("yaml")[0]
        'pyyaml'
    """
    name = _DISTRIBUTIONS.get(module, module)
    try:
        return name, version(name).partition("+")[0]
    except PackageNotFoundError:
        raise ModuleNotFoundError(
            f"{name}: not installed, but the code of a job imports {module}; install what"
            " requirements.lock names, or tell crest/libraries.py what pip calls it"
        ) from None
