"""Inputs of a job against the records of their makers, and their times."""

import logging
import os
import time
from pathlib import Path

import pytest

from crest.checksums import DamagedFileError, sha256_of
from crest.job_record import FileRecord, JobRecord, record_file, write_record
from crest.jobs._inputs import check_as_made, mend_times
from crest.jobs._job import job
from crest.spec import make_spec, parse_spec

SPEC = parse_spec(make_spec("collect_table", config={}, table="steps"))


@pytest.fixture
def results(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    folder = tmp_path / "results"
    folder.mkdir()
    for name in ("made", "read"):
        (folder / name).write_text(name)
    made, read = (record_file(folder / name, folder) for name in ("made", "read"))
    write_record(JobRecord(SPEC, {"part": (read,)}, {"table": (made,)}), folder / "records/a.json")
    return folder


def present(results: Path, name: str) -> list[FileRecord]:
    return [record_file(results / name, results)]


def test_an_input_as_its_maker_wrote_it_passes(results: Path) -> None:
    check_as_made(present(results, "made"), results)


def test_an_input_with_other_bytes_is_named_with_its_record_and_what_helps(results: Path) -> None:
    (results / "made").write_text("Made")
    with pytest.raises(DamagedFileError) as damage:
        check_as_made(present(results, "made"), results)
    assert str(damage.value) == (
        "results/made does not hold the bytes that its job wrote, by records/a.json; put them"
        " back, or delete results/made, run snakemake with that path as its first argument, which"
        " makes it anew, and then run snakemake again"
    )


def test_what_a_job_read_says_nothing_of_what_another_must_find(results: Path) -> None:
    (results / "read").write_text("changed since")
    check_as_made(present(results, "read"), results)


def test_a_file_without_a_record_passes(results: Path) -> None:
    (results / "own").write_text("of the user")
    check_as_made(present(results, "own"), results)


def test_a_damaged_record_says_nothing(results: Path) -> None:
    (results / "records/a.json").write_text('{"outputs": {"table": "made"')
    (results / "made").write_text("Made")
    check_as_made(present(results, "made"), results)


def test_an_input_from_the_future_is_brought_to_the_present_and_named(
    results: Path, caplog: pytest.LogCaptureFixture
) -> None:
    digest = sha256_of(results / "made")
    os.utime(results / "made", (time.time() + 1e6, time.time() + 1e6))
    with caplog.at_level(logging.WARNING):
        mend_times({"table": [results / "made"], "part": [results / "read"]})
    assert (results / "made").stat().st_mtime <= time.time()
    assert [message.partition(" ")[0] for message in caplog.messages] == [str(results / "made")]
    assert sha256_of(results / "made") == digest


def test_a_clock_that_is_a_little_ahead_changes_no_time(results: Path) -> None:
    ahead = time.time() + 0.5
    os.utime(results / "made", (ahead, ahead))
    mend_times({"table": [results / "made"]})
    assert (results / "made").stat().st_mtime == pytest.approx(ahead, abs=1e-3)


def test_a_clock_put_back_while_a_job_runs_leaves_no_input_in_the_future(results: Path) -> None:
    spec = make_spec("collect_table", config={}, table="steps")
    files = ["--part", str(results / "made"), "--table", str(results / "out")]
    argv = ["--spec", spec, "--record", str(results / "records/b.json"), *files]
    with job(argv, "Try.", inputs=("part",), outputs=("table",)) as this:
        this.files.table.write_text("out")
        os.utime(results / "made", (time.time() + 1e6, time.time() + 1e6))
    assert (results / "made").stat().st_mtime <= time.time()
