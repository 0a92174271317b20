"""What the log of a failed job says, by kind of failure."""

import errno
import logging
import os
from pathlib import Path

import pytest

from crest.failures import MendableError
from crest.jobs._failures import told

RECORD = Path("results/records/collapse/naive/seed0/campaign1.json")


def said(error: BaseException, caplog: pytest.LogCaptureFixture, record: Path = RECORD) -> str:
    """Return the first line that a job logs when its block fails with an error."""
    with caplog.at_level(logging.ERROR), pytest.raises(SystemExit) as end, told(record):
        raise error
    assert end.value.code == 1
    assert caplog.messages[-1] == (
        "what was finished before is kept, in results and in .crest/work"
    )
    return caplog.messages[-2]


def failure(number: int, path: str | None = None) -> OSError:
    return OSError(number, os.strerror(number), *([] if path is None else [path]))


def test_a_failure_that_a_person_can_mend_is_one_line_that_names_the_job(caplog) -> None:
    line = said(MendableError("x has the value 3; give 4"), caplog)
    assert line == "collapse/naive/seed0/campaign1 failed: x has the value 3; give 4"


@pytest.mark.parametrize(
    ("number", "remedy"),
    [
        (errno.ENOSPC, "free some space on that disk"),
        (errno.EDQUOT, "free some of your quota on that disk"),
        (errno.ENOENT, "see what deleted it while the job was running"),
        (errno.EMFILE, "raise the limit of open files (ulimit -n)"),
        (errno.EIO, "look at the disk, which could not read or write"),
        (errno.ESTALE, "look at the file server, which lost it"),
    ],
)
def test_a_failure_of_the_system_names_file_reason_and_remedy(number, remedy, caplog) -> None:
    line = said(failure(number, "results/a.parquet"), caplog)
    assert line.endswith(
        f"failed: results/a.parquet: {os.strerror(number)}; {remedy}, and run snakemake again"
    )


@pytest.mark.parametrize("number", [errno.EROFS, errno.EACCES, errno.EPERM])
@pytest.mark.parametrize(
    ("path", "way_out"),
    [
        ("results/a.parquet", "name another folder as `results`"),
        (".crest/work/1/a", "make .crest a link to a folder elsewhere"),
    ],
)
def test_what_cannot_be_written_may_go_elsewhere(number, path, way_out, caplog) -> None:
    line = said(failure(number, path), caplog)
    assert line.endswith(f", or {way_out}, and run snakemake again")


def test_a_failure_without_a_file_is_told_without_one(caplog) -> None:
    assert (
        said(failure(errno.ENOSPC), caplog)
        .split("failed: ")[1]
        .startswith("No space left on device; free")
    )


def test_a_loss_that_is_not_finite_is_told(caplog) -> None:
    assert said(FloatingPointError("loss is nan at step 3"), caplog).endswith("nan at step 3")


@pytest.mark.parametrize(
    "error", [KeyError("k"), ValueError("v"), failure(errno.EBADF), KeyboardInterrupt()]
)
def test_a_fault_of_ours_passes_through_with_its_traceback(error, caplog) -> None:
    with pytest.raises(type(error)) as raised, told(RECORD):
        raise error
    assert raised.value is error
    assert caplog.messages == []


def test_a_record_outside_a_folder_of_records_names_the_job_by_its_file(caplog) -> None:
    assert said(MendableError("x"), caplog, Path("one.json")) == "one failed: x"
