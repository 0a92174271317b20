"""The work folder of a job: there until the record is, and then gone."""

from pathlib import Path

import pytest

from crest.jobs._job import job
from crest.jobs._work import job_work
from crest.spec import make_spec
from crest.storage import write_text
from crest.work import ROOT, in_use


@pytest.fixture
def frame(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(tmp_path)
    write_text("table", tmp_path / "results/in.txt")
    argv = [
        *("--spec", make_spec("collect_table", config={}, table="steps")),
        *("--record", "results/records/one.json"),
        *("--part", "results/in.txt", "--table", "results/out.txt"),
    ]
    return lambda: job(argv, "Try.", inputs=("part",), outputs=("table",))


def fail_half_way(frame) -> None:
    def run() -> None:
        with frame() as this:
            job_work(this).commit("half", {"value": 3})
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        run()


def test_a_finished_job_leaves_no_work(frame) -> None:
    with frame() as this:
        job_work(this).commit("half", {})
        write_text("made", this.files.table)
    assert Path("results/records/one.json").exists()
    assert list(ROOT.rglob("*")) == []


def test_the_work_is_there_and_locked_until_the_record_is_written(frame) -> None:
    seen = []
    with frame() as this:
        work = job_work(this)
        work.commit("half", {})
        this.when_recorded.insert(
            0, lambda: seen.append((this.files.record.exists(), in_use(work.folder)))
        )
        write_text("made", this.files.table)
        assert work.folder.exists()
    assert seen == [(True, True)]


def test_a_failed_job_goes_on_from_its_work(frame) -> None:
    fail_half_way(frame)
    with frame() as this:
        assert job_work(this).last.values == {"value": 3}
        write_text("made", this.files.table)


def test_other_inputs_have_other_work(frame) -> None:
    fail_half_way(frame)
    write_text("another table", Path("results/in.txt"))
    with frame() as this:
        assert job_work(this).last is None
        write_text("made", this.files.table)
