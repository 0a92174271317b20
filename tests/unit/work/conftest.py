import logging
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from crest.work import Work, open_work

SPEC = '{"job":"test"}'


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Return the root of work folders of a project."""
    return tmp_path / ".crest" / "work"


@pytest.fixture
def opened(root: Path) -> Callable:
    """Return a function that opens the work folder of one job, or of another."""

    def open_here(spec: str = SPEC, inputs: tuple[Path, ...] = ()) -> Iterator[Work]:
        return open_work(spec, inputs, root=root)

    return open_here


@pytest.fixture
def log(caplog: pytest.LogCaptureFixture) -> pytest.LogCaptureFixture:
    """Return what is logged from here on."""
    caplog.set_level(logging.INFO)
    return caplog
