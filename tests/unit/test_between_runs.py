"""What happened to results between two runs of Snakemake."""

import os
import time
from pathlib import Path

import pytest

from crest.between_runs import find_changed, mend_times
from crest.checksums import SUMS
from crest.job_record import JobRecord, record_file, write_record
from crest.spec import make_spec, parse_spec
from crest.storage import write_sums
from crest.tracking import Memory, Tracking

SPEC = parse_spec(make_spec("collect_table", config={}, table="steps"))
RECORD = "results/records/a.json"
MEMORY = Memory("collect_table", {}, [], ["spec"], 0.0)


@pytest.fixture
def tracking(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Tracking:
    """Results of one job that Snakemake remembers: a table and a checkpoint."""
    monkeypatch.chdir(tmp_path)
    results = Path("results")
    (results / "end").mkdir(parents=True)
    (results / "end/model.safetensors").write_text("weights")
    write_sums(results / "end")
    (results / "table").write_text("table")
    files = tuple(record_file(results / name, results) for name in ("table", f"end/{SUMS}"))
    write_record(JobRecord(SPEC, {}, {"files": files}), Path(RECORD))
    for path in results.rglob("*"):
        os.utime(path, (1e9, 1e9))
    tracking = Tracking()
    tracking.write({RECORD: MEMORY})
    return tracking


def test_untouched_results_are_as_they_were(tracking: Tracking) -> None:
    assert find_changed("results", tracking) == []


def test_a_younger_file_with_its_old_bytes_is_as_it_was(tracking: Tracking) -> None:
    Path("results/table").touch()
    assert find_changed("results", tracking) == []


def test_other_bytes_are_named_with_the_record_and_what_helps(tracking: Tracking) -> None:
    Path("results/table").write_text("Table")
    (line,) = find_changed("results", tracking)
    assert line.startswith(
        f"results/table does not hold the bytes that its job wrote, by {RECORD}; put them back, or"
        " delete results/table, run snakemake with that path as its first argument"
    )


def test_changed_checksums_of_a_checkpoint_are_named(tracking: Tracking) -> None:
    Path("results/end", SUMS).write_text("")
    (line,) = find_changed("results", tracking)
    assert line.startswith(f"results/end/{SUMS} does not hold")


def test_a_deleted_file_and_one_of_the_user_are_nobodys_fault(tracking: Tracking) -> None:
    Path("results/table").unlink()
    Path("results/own").write_text("own")
    assert find_changed("results", tracking) == []


def test_a_job_that_snakemake_forgot_or_never_saw_end_is_left_to_it(tracking: Tracking) -> None:
    Path("results/table").write_text("Table")
    tracking.doubt([RECORD])
    assert find_changed("results", tracking) == []
    tracking.complete([RECORD])
    assert len(find_changed("results", tracking)) == 1
    assert find_changed("results", Tracking(Path("elsewhere"))) == []


def test_of_many_changed_files_the_first_are_named_and_the_rest_counted(
    tracking: Tracking,
) -> None:
    results = Path("results")
    names = [f"t{number}" for number in range(9)]
    for name in names:
        (results / name).write_text(name)
    files = tuple(record_file(results / name, results) for name in names)
    write_record(JobRecord(SPEC, {}, {"files": files}), results / "records/b.json")
    os.utime(results / "records/b.json", (1e9, 1e9))
    tracking.write({"results/records/b.json": MEMORY})
    for name in names:
        (results / name).write_text(name.upper())
    lines = find_changed("results", tracking)
    assert [line.partition(" ")[0] for line in lines] == [
        *(f"results/t{number}" for number in range(5)),
        "and",
    ]
    assert lines[-1] == "and 4 more"


def test_files_from_the_future_are_brought_to_the_present_and_counted(tracking: Tracking) -> None:
    ahead = time.time() + 1e6
    for name in ("table", f"end/{SUMS}"):
        os.utime(Path("results", name), (ahead, ahead))
    (line,) = mend_times("results")
    assert line.startswith("results: 2 files were from the future (results/")
    assert all(path.stat().st_mtime <= time.time() for path in Path("results").rglob("*"))
    assert mend_times("results") == []
    assert find_changed("results", tracking) == []


def test_no_results_are_nothing_to_look_over(tmp_path: Path) -> None:
    missing = str(tmp_path / "none")
    assert mend_times(missing) == []
    assert find_changed(missing, Tracking(tmp_path)) == []
