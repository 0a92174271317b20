"""A finished smoke study on a copy of the project, made once for all workflow tests."""

import subprocess
from pathlib import Path

import pytest
from tests.workflow.project import Project, copy_project


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """A fresh copy without any product."""
    return copy_project(tmp_path)


@pytest.fixture(scope="session")
def finished_study(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """A copy in which the smoke study has run to its report. Tests must not edit it."""
    study = copy_project(tmp_path_factory.mktemp("study"))
    done = study.snakemake()
    assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-8000:]
    return study


@pytest.fixture
def finished_copy(finished_study: Project, tmp_path: Path) -> Project:
    """A copy of the finished study, metadata and times included, that a test may edit."""
    folder = tmp_path / "copy"
    subprocess.run(["cp", "-a", str(finished_study.folder), str(folder)], check=True)
    return Project(folder)
