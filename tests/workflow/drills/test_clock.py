"""A clock that is put back: files from the future, before a run and before a job."""

import os
import time
from pathlib import Path

from tests.workflow.drills.by_hand import JobByHand, checksums, run, snakemake
from tests.workflow.project import RESULTS, Project

TABLE = Path("collapse/steps.parquet")
READER = "draw_figure/chain_curves"
CHART = f"{RESULTS}/figures/chain_curves.json"


def age(path: Path, *, days: float) -> None:
    """Give a file a time that lies some days ahead."""
    at = time.time() + days * 86400
    os.utime(path, (at, at))


def test_all_results_from_the_future_are_still_fresh(finished_copy: Project) -> None:
    results = finished_copy.folder / RESULTS
    for path in results.rglob("*"):
        if path.is_file():
            age(path, days=1)
    assert finished_copy.planned() == []


def test_a_run_after_the_clock_was_put_back_keeps_what_its_jobs_make(
    finished_copy: Project,
) -> None:
    results, job = finished_copy.folder / RESULTS, JobByHand(finished_copy, READER)
    before = checksums(results)
    job.forget(results)
    age(results / TABLE, days=1)
    done = run(finished_copy, snakemake(CHART))
    assert done.returncode == 0, done.stderr
    shown = done.stdout + done.stderr
    assert f"1 files were from the future ({RESULTS}/{TABLE} ...), so the clock was put" in shown
    assert (results / TABLE).stat().st_mtime <= time.time()
    assert checksums(results) == before
    assert finished_copy.planned() == []


def test_a_job_makes_an_input_from_the_future_count_as_new(finished_copy: Project) -> None:
    results, job = finished_copy.folder / RESULTS, JobByHand(finished_copy, READER)
    age(results / TABLE, days=1)
    done = run(finished_copy, job.command())
    assert done.returncode == 0, done.stderr
    assert f"{RESULTS}/{TABLE} was from the future, so the clock was put back" in done.stderr
    assert (results / TABLE).stat().st_mtime <= time.time()


def test_results_older_than_their_inputs_are_not_made_again(finished_copy: Project) -> None:
    results = finished_copy.folder / RESULTS
    for path in (results / "figures").iterdir():
        os.utime(path, (1e9, 1e9))
    assert finished_copy.planned() == []
