"""Every job that resumes, as a process of its own: stopped by a signal, run again, and compared."""

import re
import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.integration import small_jobs

KINDS = list(small_jobs.JOBS)
ENTRIES = {"campaign": 3}
"""Entries to wait for before the signal, where it is not the first."""

PATIENCE_S = 120.0


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder in which what other jobs need was made."""
    folder = tmp_path_factory.mktemp("prepared")
    small_jobs.prepare(folder)
    for job in sorted(set(small_jobs.NEEDS.values())):
        run(folder, job)
    return folder


def start(folder: Path, job: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        small_jobs.command(job),
        cwd=folder,
        env=small_jobs.ENVIRONMENT,
        stderr=subprocess.PIPE,
        text=True,
    )


def run(folder: Path, job: str) -> str:
    with start(folder, job) as process:
        _, log = process.communicate()
    assert process.returncode == 0, log
    return log


def wait_for_entries(folder: Path, process: subprocess.Popen[str], num: int) -> None:
    end = time.monotonic() + PATIENCE_S
    while len(small_jobs.work_entries(folder)) < num:
        assert process.poll() is None, process.stderr.read()
        assert time.monotonic() < end
        time.sleep(0.002)


@pytest.fixture
def stopped(
    request: pytest.FixtureRequest, prepared: Path, tmp_path: Path
) -> Iterator[tuple[Path, str, str]]:
    """Return the folder of a job that a signal stopped, and its log."""
    job, number = request.param
    folder = small_jobs.copy(prepared, tmp_path / "stopped")
    with start(folder, job) as process:
        wait_for_entries(folder, process, ENTRIES.get(job, 1))
        process.send_signal(number)
        _, log = process.communicate(timeout=PATIENCE_S)
    assert process.returncode == 128 + number, log
    return folder, job, log


@pytest.mark.slow
@pytest.mark.parametrize(
    "stopped", [(job, signal.SIGTERM) for job in KINDS], indirect=True, ids=KINDS
)
def test_a_job_that_sigterm_stops_goes_on_to_the_same_bytes(
    stopped: tuple[Path, str, str], prepared: Path, tmp_path: Path
) -> None:
    folder, job, log = stopped
    assert "Traceback" not in log
    place = re.search(r"stopped by SIGTERM after (.*); run again to go on from there\n$", log)
    resumed = run(folder, job)
    assert f"resumed after {place.group(1)}\n" in resumed
    whole = small_jobs.copy(prepared, tmp_path / "whole")
    run(whole, job)
    assert small_jobs.contents(folder) == small_jobs.contents(whole)
    assert list((folder / ".crest/work").iterdir()) == []


@pytest.mark.slow
@pytest.mark.parametrize("stopped", [("campaign", signal.SIGINT)], indirect=True)
def test_control_c_ends_a_job_with_a_message_and_no_traceback(
    stopped: tuple[Path, str, str],
) -> None:
    _, _, log = stopped
    assert "Traceback" not in log
    assert re.search(r"stopped by SIGINT after step \d of 8; run again", log)
