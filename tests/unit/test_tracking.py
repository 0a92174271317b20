"""What we write into Snakemake's memory is what Snakemake reads, and the other way round."""

import json
import os
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from snakemake.persistence import RECORD_FORMAT_VERSION
from snakemake.persistence.file import FilePersistence, MetadataRecord

from crest.tracking import FORM, Memory, Tracking

OUTPUT = "results/collapse/es/seed0/campaign1/steps.parquet"
LONG = "results/" + "a_name_that_goes_on_and_on/" * 20 + "steps.parquet"
MEMORY = Memory(
    rule="run_campaign",
    inputs={"results/tasks/train.parquet": "ab" * 32, "results/model/SHA256SUMS": "cd" * 32},
    files=["results/tasks/train.parquet", "results/model/SHA256SUMS", "results/model/SHA256SUMS"],
    params=['{"job":"run_campaign"}'],
    made_at=1700000000.25,
)


@pytest.fixture
def snakemake(tmp_path: Path) -> FilePersistence:
    return FilePersistence(path=tmp_path / ".snakemake")


def test_the_form_is_that_of_the_installed_snakemake():
    assert FORM == RECORD_FORMAT_VERSION


@pytest.mark.parametrize("output", [OUTPUT, LONG, "a", "/an/absolute/path.json"])
def test_snakemake_reads_what_was_written(snakemake, tmp_path, output):
    Tracking(tmp_path).write({output: MEMORY})
    record = snakemake._read_record(output)
    assert record is not None
    assert record.input == sorted(MEMORY.files)
    assert record.params == [repr('{"job":"run_campaign"}')]
    assert record.record_format_version == RECORD_FORMAT_VERSION
    assert record.incomplete is False
    assert record.input_checksums["results/tasks/train.parquet"] == "sha256:" + "ab" * 32
    assert record.code is None
    assert record.shellcmd is None
    assert record.software_stack_hash is None


@settings(max_examples=60, deadline=None)
@given(st.text(st.characters(codec="utf-8", exclude_characters="\0"), min_size=1, max_size=900))
def test_an_output_has_the_place_that_snakemake_gives_it(tmp_path_factory, output):
    folder = tmp_path_factory.getbasetemp()
    (folder / ".snakemake/metadata").mkdir(parents=True, exist_ok=True)
    place = FilePersistence._record_path(
        FilePersistence(path=folder / ".snakemake"), str(folder / ".snakemake/metadata"), output
    )
    assert Path(place) == folder / ".snakemake/metadata" / Tracking(folder)._name(output)


@pytest.mark.parametrize("output", [OUTPUT, LONG])
def test_what_snakemake_wrote_is_read(snakemake, tmp_path, output):
    assert Tracking(tmp_path).read(output) is None
    assert not Tracking(tmp_path).knows(output)
    snakemake._write_record(
        output, MetadataRecord(rule="r", params=["'x'"], record_format_version=6)
    )
    assert Tracking(tmp_path).read(output)["params"] == ["'x'"]
    assert Tracking(tmp_path).knows(output)


def test_new_parameters_leave_all_else_as_snakemake_wrote_it(snakemake, tmp_path):
    before = MetadataRecord(
        rule="r", code="echo", params=["'x'"], record_format_version=6, shellcmd="echo"
    )
    snakemake._write_record(OUTPUT, before)
    Tracking(tmp_path).rewrite_params({OUTPUT: ["y"], "other": ["y"]})
    assert not Tracking(tmp_path).knows("other")
    snakemake._clear_cache()
    after = snakemake._read_record(OUTPUT)
    assert after.model_dump() == {**before.model_dump(), "params": ["'y'"]}


@pytest.mark.parametrize("form", [5, 7, None])
def test_another_form_is_refused_by_reading_and_by_writing(tmp_path, form):
    tracking = Tracking(tmp_path)
    tracking.write({OUTPUT: MEMORY})
    (place,) = (tmp_path / ".snakemake/metadata").iterdir()
    content = json.loads(place.read_text())
    place.write_text(json.dumps({**content, "record_format_version": form}))
    with pytest.raises(ValueError, match=f"form {form}, and only form 6"):
        tracking.read(OUTPUT)
    with pytest.raises(ValueError, match=r"install the Snakemake that requirements\.lock names"):
        tracking.write({"another": MEMORY})
    with pytest.raises(ValueError, match="only form 6"):
        tracking.rewrite_params({OUTPUT: ["y"]})
    assert not tracking.knows("another")


def test_a_torn_memory_is_none(tmp_path):
    tracking = Tracking(tmp_path)
    tracking.write({OUTPUT: MEMORY})
    (place,) = (tmp_path / ".snakemake/metadata").iterdir()
    place.write_text(place.read_text()[:40])
    assert tracking.read(OUTPUT) is None


def test_a_failed_write_leaves_what_was_there_and_no_rest(tmp_path, monkeypatch):
    tracking = Tracking(tmp_path)
    tracking.write({OUTPUT: MEMORY})

    def fail():
        raise OSError("No space left on device")

    monkeypatch.setattr(os, "sync", fail)
    with pytest.raises(OSError, match="No space"):
        tracking.rewrite_params({OUTPUT: ["y"]})
    assert tracking.read(OUTPUT)["params"] == [repr('{"job":"run_campaign"}')]
    assert len(list((tmp_path / ".snakemake/metadata").iterdir())) == 1


def test_a_started_job_is_interrupted_until_it_is_complete(snakemake, tmp_path):
    tracking = Tracking(tmp_path)
    assert tracking.interrupted([OUTPUT, LONG]) == []
    snakemake._mark_incomplete(LONG, None)
    assert tracking.interrupted([OUTPUT, LONG]) == [LONG]
    tracking.complete([OUTPUT, LONG])
    assert tracking.interrupted([OUTPUT, LONG]) == []


def test_a_lock_of_snakemake_is_seen(snakemake, tmp_path):
    assert not Tracking(tmp_path).is_locked
    snakemake._write_locks("output", [OUTPUT])
    assert Tracking(tmp_path).is_locked
    snakemake._delete_locks()
    assert not Tracking(tmp_path).is_locked


def test_a_folder_without_snakemake_remembers_nothing(tmp_path):
    tracking = Tracking(tmp_path)
    assert tracking.is_empty
    assert not tracking.is_locked
    assert not tracking.knows(OUTPUT)
    tracking.write({OUTPUT: MEMORY})
    assert not tracking.is_empty
    assert FilePersistence(path=tmp_path / ".snakemake")._filter_incomplete_keys([OUTPUT]) == set()
