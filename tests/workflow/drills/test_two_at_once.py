"""Two runs at a time: of Snakemake in one folder, and of one job."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

from tests.workflow.drills.by_hand import JobByHand, checksums, run, snakemake
from tests.workflow.project import RESULTS, Project

TABLE = f"{RESULTS}/statistics/arms.parquet"
CAMPAIGN = "collapse/organism/naive/seed0/campaign1"
SLEEP = """if [ ! -e {seen} ]; then touch {seen}; sleep 600; fi
exec {python} "$@"
"""


def start(project: Project, command: list[str], **environment: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        command,
        cwd=project.folder,
        env={**os.environ, "PYTHONPATH": str(project.folder / "src"), **environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )


def wait_for(path: Path) -> None:
    while not path.exists():
        time.sleep(0.05)


def test_a_second_snakemake_is_refused_and_a_killed_one_needs_only_unlock(
    finished_copy: Project,
) -> None:
    results = finished_copy.folder / RESULTS
    before = checksums(results)
    job = JobByHand(finished_copy, "compute_statistic/arms")
    seen = finished_copy.folder / "seen"
    job.forget(results)
    first = start(finished_copy, _slow(snakemake(TABLE), finished_copy, seen))
    wait_for(seen)
    second = run(finished_copy, snakemake(TABLE))
    assert second.returncode == 1
    shown = second.stdout + second.stderr
    assert "LockException" in shown or "Directory cannot be locked" in shown
    assert "--unlock" in shown
    os.killpg(first.pid, signal.SIGKILL)
    first.communicate()
    stale = run(finished_copy, snakemake(TABLE))
    assert "Directory cannot be locked" in stale.stdout + stale.stderr
    assert run(finished_copy, snakemake("--unlock")).returncode == 0
    mended = run(finished_copy, snakemake(TABLE))
    assert mended.returncode == 0, mended.stderr
    assert checksums(results) == before


def _slow(command: list[str], project: Project, seen: Path) -> list[str]:
    """Return a command whose first job sleeps until it is killed."""
    shadow = project.folder / "shadow"
    shadow.mkdir()
    python = shadow / "python"
    python.write_text("#!/bin/sh\n" + SLEEP.format(seen=seen, python=sys.executable))
    python.chmod(0o755)
    # Rules find `python` beside the interpreter that runs Snakemake, so that is shadowed.
    program = f"import sys; sys.executable = {str(python)!r}; sys.argv = {command!r}"
    return [sys.executable, "-c", f"{program}\nfrom snakemake.cli import main; main()"]


def test_the_second_of_two_equal_jobs_names_the_first_and_the_first_is_unharmed(
    finished_copy: Project,
) -> None:
    results, job = finished_copy.folder / RESULTS, JobByHand(finished_copy, CAMPAIGN)
    before, command = checksums(results), job.command()
    job.forget(results)
    first = start(finished_copy, command)
    work = finished_copy.folder / ".crest/work"
    while first.poll() is None and not list(work.glob("*/entry-00000.json")):
        time.sleep(0.005)
    os.killpg(first.pid, signal.SIGSTOP)
    second = run(finished_copy, command)
    os.killpg(first.pid, signal.SIGCONT)
    first.communicate()
    assert first.returncode == 0
    assert second.returncode == 1
    assert f"{CAMPAIGN} failed: .crest/work/" in second.stderr
    assert f"process {first.pid} on " in second.stderr
    assert "works in it; wait for that process, or end it" in second.stderr
    assert checksums(results) == before
