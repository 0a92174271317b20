"""The frame of every job: arguments, checks, record."""

import gc
import subprocess
import sys
from pathlib import Path

import pytest

from crest.checksums import SUMS
from crest.digest import code_digest
from crest.job_record import read_record
from crest.jobs._job import job
from crest.spec import entry_of, make_spec, stamp_of
from crest.storage import write_sums, write_text


@pytest.fixture
def results(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    folder = tmp_path / "results"
    model = folder / "model"
    model.mkdir(parents=True)
    (model / "model.safetensors").write_bytes(b"weights")
    write_sums(model)
    write_text("table", folder / "in.txt")
    return folder


@pytest.fixture
def spec() -> str:
    return make_spec("collect_table", config={}, table="steps")


def arguments(results: Path, spec: str) -> list[str]:
    return [
        *("--spec", spec, "--record", str(results / "records" / "one.json")),
        *("--part", str(results / "in.txt"), "--start-model", str(results / "model" / SUMS)),
        *("--table", str(results / "out.txt")),
    ]


def frame(argv: list[str]):
    inputs = ("part", "start-model")
    return job(argv, "Try.", inputs=inputs, lists=("history",), outputs=("table",))


def test_a_finished_job_leaves_a_record_of_what_it_read_and_wrote(results: Path, spec: str) -> None:
    with frame(arguments(results, spec)) as this:
        assert this.spec["table"] == "steps"
        assert this.config == {}
        write_text(this.files.part.read_text().upper(), this.files.table)
    record = read_record(results / "records" / "one.json")
    assert record.spec_text == spec
    assert {name: [file.path for file in files] for name, files in record.inputs.items()} == {
        "part": ["in.txt"],
        "start-model": ["model/SHA256SUMS"],
        "history": [],
    }
    assert [file.path for file in record.output_files()] == ["out.txt"]
    assert record.history == ()


def test_the_stamp_is_the_spec_without_what_answered_it(spec: str) -> None:
    stamp = stamp_of(spec)
    assert code_digest(entry_of("collect_table")) not in stamp
    assert stamp == '{"choices":{},"config":{},"job":"collect_table","table":"steps"}'


def test_a_failed_job_leaves_no_record(results: Path, spec: str) -> None:
    with pytest.raises(ZeroDivisionError), frame(arguments(results, spec)):
        raise ZeroDivisionError
    assert not (results / "records").exists()


def test_a_job_that_forgets_an_output_fails_and_leaves_no_record(results: Path, spec: str) -> None:
    with pytest.raises(SystemExit) as end, frame(arguments(results, spec)):
        pass
    assert end.value.code == 1
    assert not (results / "records" / "one.json").exists()


def test_a_damaged_checkpoint_is_found_before_any_work(
    results: Path, spec: str, caplog: pytest.LogCaptureFixture
) -> None:
    (results / "model" / "model.safetensors").write_bytes(b"weighty")
    with pytest.raises(SystemExit), frame(arguments(results, spec)):
        pytest.fail("the job ran")
    assert "model.safetensors does not hold the bytes that SHA256SUMS names" in caplog.text


def test_code_that_was_edited_since_the_plan_is_not_run(
    results: Path, spec: str, caplog: pytest.LogCaptureFixture
) -> None:
    edited = spec.replace(code_digest(entry_of("collect_table")), "0" * 64)
    assert edited != spec
    with pytest.raises(SystemExit), frame(arguments(results, edited)):
        pytest.fail("the job ran")
    assert "its code was edited after the workflow was planned" in caplog.text
    assert "run snakemake again" in caplog.text


@pytest.mark.parametrize(
    ("started", "collects"),
    [(("-m", "crest.jobs._job"), False), (("-c", "import crest.jobs"), True)],
)
def test_garbage_is_not_collected_while_a_started_job_imports(started, collects) -> None:
    ask = "import gc; print(gc.isenabled())\n"
    command = [sys.executable, "-i", *started]
    asked = subprocess.run(command, input=ask, capture_output=True, text=True, check=True)
    assert asked.stdout == f"{collects}\n"


def test_a_job_collects_garbage_again_and_leaves_what_was_imported(results, spec) -> None:
    gc.disable()
    try:
        with frame(arguments(results, spec)) as this:
            write_text("made", this.files.table)
            assert gc.isenabled()
            assert gc.get_freeze_count() > 0
    finally:
        gc.enable()
        gc.unfreeze()
