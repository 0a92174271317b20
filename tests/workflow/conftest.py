"""A finished smoke study on a copy of the project, made once for all workflow tests."""

import shutil
import subprocess
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from tests.workflow.edits import Edit
from tests.workflow.project import EXTENDED, Job, Project, copy_project

TABLE = pytest.StashKey()


def pytest_configure(config):
    config.stash[TABLE] = {}


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """A fresh copy without any product."""
    return copy_project(tmp_path)


@pytest.fixture(scope="session")
def finished_study(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """A copy in which the smoke study has run to its report. Tests must not edit it."""
    study = copy_project(tmp_path_factory.mktemp("study"))
    study.run()
    return study


@pytest.fixture(scope="session")
def finished_extended(finished_study: Project, tmp_path_factory: pytest.TempPathFactory) -> Project:
    """A copy in which the extended grid has run as well. Tests must not edit it."""
    study = _copy(finished_study, tmp_path_factory.mktemp("extended") / "study")
    study.run(*EXTENDED)
    return study


@pytest.fixture
def finished_copy(finished_study: Project, tmp_path: Path) -> Iterator[Project]:
    """A copy of the finished study, metadata and times included, that a test may edit."""
    copy = _copy(finished_study, tmp_path / "copy")
    yield copy
    shutil.rmtree(copy.folder)


@pytest.fixture(scope="session")
def edited(
    request: pytest.FixtureRequest, finished_study: Project, tmp_path_factory
) -> Iterator[Callable[[Edit], set[Job]]]:
    """Return the function from an edit to the jobs that are planned after it.

    The edits that this session tests are made two at a time, each on a copy of its own.
    """
    folder = tmp_path_factory.mktemp("edits")
    params = [getattr(item, "callspec", None) for item in request.session.items]
    edits = [each.params["edit"] for each in params if each and "edit" in each.params]

    studies = {False: finished_study}
    if any(edit.extended for edit in edits):
        studies[True] = request.getfixturevalue("finished_extended")

    def planned(number: int, edit: Edit) -> set[Job]:
        copy = _copy(studies[edit.extended], folder / str(number))
        try:
            edit.change(copy)
            return set(copy.planned(*edit.targets))
        finally:
            shutil.rmtree(copy.folder)

    with ThreadPoolExecutor(2) as pool:
        futures = {edit: pool.submit(planned, i, edit) for i, edit in enumerate(edits)}

        def result(edit: Edit) -> set[Job]:
            return request.config.stash[TABLE].setdefault(edit, futures[edit].result())

        yield result
        for future in futures.values():
            future.cancel()


def pytest_terminal_summary(terminalreporter, config):
    table = config.stash.get(TABLE, {})
    if not table or not config.getoption("edit_table"):
        return
    terminalreporter.section("edits")
    terminalreporter.line(f"{'edit':64} {'true':>5} {'expected':>9} {'planned':>8}  equal")
    for edit, planned in table.items():
        true, expected = edit.true_jobs(), edit.expected_jobs()
        verdict = "yes" if planned == true else "no"
        reason = f": {edit.why}" if edit.why and planned == expected else ""
        terminalreporter.line(
            f"{edit.name:64} {len(true):5} {len(expected):9} {len(planned):8}  {verdict}{reason}"
        )


def _copy(study: Project, folder: Path) -> Project:
    subprocess.run(["cp", "-a", str(study.folder), str(folder)], check=True)
    return Project(folder)
