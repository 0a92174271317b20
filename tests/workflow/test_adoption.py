"""Results that were copied to where Snakemake knows nothing of them: what it plans there."""

import os
import random
import shutil
from pathlib import Path

import pytest
from tests.workflow.project import RESULTS, Project, copy_project

BOOTSTRAP = "src/crest/statistics/bootstrap.py"
STEPS = "collapse/organism/es/seed0/campaign1/steps.parquet"


@pytest.fixture
def clone(finished_study: Project, tmp_path: Path) -> Project:
    """A fresh copy of the project, results copied in without times or Snakemake's memory."""
    (tmp_path / "clone").mkdir()
    project = copy_project(tmp_path / "clone")
    shutil.copytree(finished_study.folder / RESULTS, project.folder / RESULTS)
    files = [path for path in (project.folder / RESULTS).rglob("*") if path.is_file()]
    clock = random.Random(0)
    for path in files:
        time = clock.randrange(10**9)
        os.utime(path, (time, time))
    return project


def rules(project: Project, *arguments: str) -> set[str]:
    return {job.rule for job in project.planned(*arguments)}


def test_results_that_were_copied_in_are_fresh_whatever_their_times(clone: Project) -> None:
    done = clone.snakemake("--dry-run")
    printed = done.stdout + done.stderr
    assert "finished jobs known again by their records" in printed
    assert "Nothing to be done" in printed
    again = clone.snakemake("--dry-run")
    assert "known again" not in again.stdout + again.stderr


def test_they_are_fresh_without_checksums_of_large_files(clone: Project) -> None:
    assert clone.planned("--max-checksum-file-size", "0") == []


def test_an_edit_after_the_copy_reruns_what_it_reruns_in_the_original(
    clone: Project, finished_copy: Project
) -> None:
    for project in (clone, finished_copy):
        project.edit(BOOTSTRAP, "values.mean(axis=-1)", "values.mean(axis=-1) + 0")
    planned = set(clone.planned())
    assert planned == set(finished_copy.planned())
    assert {"compute_statistic", "build_report"} <= {job.rule for job in planned}
    assert "run_campaign" not in {job.rule for job in planned}


def test_another_value_after_the_copy_is_seen(clone: Project) -> None:
    preset = clone.folder / "workflow/presets/smoke.yaml"
    preset.write_text(preset.read_text() + "\naudit: {num_programs: 7}\n")
    assert "audit_grader" in rules(clone)
    assert "run_campaign" not in rules(clone)


def test_a_flipped_byte_reruns_its_job_and_what_follows_and_is_named(clone: Project) -> None:
    file = clone.folder / RESULTS / STEPS
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 1
    file.write_bytes(content)
    done = clone.snakemake("--dry-run")
    assert (
        f"{RESULTS}/{STEPS} does not hold the bytes that its job wrote" in done.stdout + done.stderr
    )
    jobs = clone.planned()
    campaigns = {job for job in jobs if job.rule == "run_campaign"}
    assert {(job["method"], job["seed"]) for job in campaigns} == {("es", "0")}
    assert {job["campaign"] for job in campaigns} == {"1", "2"}


def test_files_without_records_are_made_anew(clone: Project) -> None:
    shutil.rmtree(clone.folder / RESULTS / "records")
    done = clone.snakemake("--dry-run")
    assert "files have no record" in done.stdout + done.stderr
    everything = {job.rule for job in clone.planned("--forceall")}
    assert rules(clone) == everything


def test_what_is_missing_of_a_copy_is_made_and_nothing_else(clone: Project) -> None:
    (clone.folder / RESULTS / "report.html").unlink()
    assert rules(clone) == {"build_report", "all"}
    clone.run()
    assert clone.planned() == []
