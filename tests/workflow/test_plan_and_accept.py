"""The commands that plan and accept, on a finished study."""

import os
import subprocess
import sys
from difflib import unified_diff

import pytest
from tests.workflow.project import PRESET, RESULTS, Project

BOOTSTRAP = "src/crest/statistics/bootstrap.py"


def crest(project: Project, *words: str) -> subprocess.CompletedProcess:
    """Run a command of the copy's own package in the copy."""
    return subprocess.run(
        [sys.executable, "-m", "crest.cli", *words],
        cwd=project.folder,
        env={**os.environ, "PYTHONPATH": str(project.folder / "src")},
        capture_output=True,
        text=True,
        check=False,
    )


def rename(project: Project) -> None:
    project.edit(BOOTSTRAP, "    low, high = result", "    lower, upper = result")
    project.edit(
        BOOTSTRAP, "Interval(float(low), float(high)", "Interval(float(lower), float(upper)"
    )


@pytest.fixture
def patch(finished_copy: Project, tmp_path) -> str:
    """A patch that renames a variable of the bootstrap, not applied."""
    file = finished_copy.folder / BOOTSTRAP
    before = file.read_text()
    rename(finished_copy)
    sides = (text.splitlines(keepends=True) for text in (before, file.read_text()))
    file.write_text(before)
    path = tmp_path / "edit.patch"
    path.write_text("".join(unified_diff(*sides, f"a/{BOOTSTRAP}", f"b/{BOOTSTRAP}")))
    return str(path)


def test_a_finished_study_has_nothing_to_plan(finished_study: Project) -> None:
    done = crest(finished_study, "plan", "--configfile", PRESET)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("Nothing would run")


def test_a_plan_after_a_patch_is_the_plan_after_the_edit_and_edits_nothing(
    finished_copy: Project, patch: str
) -> None:
    before = (finished_copy.folder / BOOTSTRAP).read_bytes()
    words = ("plan", "--configfile", PRESET, "--cores", "2")
    ahead = crest(finished_copy, *words, "--after", patch)
    assert (ahead.returncode, ahead.stderr) == (0, "")
    assert (finished_copy.folder / BOOTSTRAP).read_bytes() == before
    assert crest(finished_copy, *words).stdout.startswith("Nothing would run")
    rename(finished_copy)
    assert crest(finished_copy, *words).stdout == ahead.stdout
    jobs = [job for job in finished_copy.planned() if job.rule != "all"]
    assert ahead.stdout.startswith(f"{len(jobs)} jobs would run.")
    assert f"{len(jobs)} own" in ahead.stdout
    assert "crest.statistics.bootstrap:_interval changed" in ahead.stdout


def test_an_accepted_edit_reruns_the_report_alone_which_shows_it(finished_copy: Project) -> None:
    rename(finished_copy)
    done = crest(finished_copy, "accept", RESULTS, "--yes", "--why", "a renamed variable")
    assert (done.returncode, done.stderr) == (0, "")
    assert "crest.statistics.bootstrap:_interval" in done.stdout
    assert {job.rule for job in finished_copy.planned()} == {"build_report", "all"}
    finished_copy.run()
    page = (finished_copy.folder / RESULTS / "report.html").read_text()
    assert "a renamed variable" in page
    assert finished_copy.planned() == []
    assert crest(finished_copy, "verify", RESULTS).returncode == 0


def test_an_acceptance_that_is_taken_back_leaves_what_was_stale_stale(
    finished_copy: Project,
) -> None:
    rename(finished_copy)
    stale = set(finished_copy.planned())
    crest(finished_copy, "accept", RESULTS, "--yes", "--why", "a renamed variable")
    done = crest(finished_copy, "accept", RESULTS, "--undo", "--yes", "--why", "not looked at")
    assert done.returncode == 0
    assert set(finished_copy.planned()) == stale
