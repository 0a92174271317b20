"""Versions of the libraries in this environment."""

from importlib.metadata import PackageNotFoundError, version


def installed_version(library: str) -> str:
    """Return a library's version, or that it is not installed."""
    try:
        return version(library)
    except PackageNotFoundError:
        return "not installed"
