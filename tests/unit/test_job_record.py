import json

import pytest

from crest.checksums import SUMS
from crest.job_record import (
    JobRecord,
    read_record,
    record_file,
    record_paths,
    results_of,
    write_record,
)
from crest.storage import write_sums

SPEC = {"job": "run_campaign", "code": "c0de", "choices": {}, "config": {"rate": 0.1}, "seed": 1}


@pytest.fixture
def results(tmp_path):
    folder = tmp_path / "results"
    (folder / "tasks").mkdir(parents=True)
    (folder / "tasks" / "train.parquet").write_text("abc")
    return folder


def test_a_file_is_recorded_by_its_path_in_the_results_and_its_bytes(results):
    file = record_file(results / "tasks" / "train.parquet", results)
    assert (file.path, file.bytes) == ("tasks/train.parquet", 3)
    assert file.sha256 == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"


def test_an_input_outside_the_results_is_recorded_relative_to_them(results):
    (results.parent / "data.parquet").write_text("")
    assert record_file(results.parent / "data.parquet", results).path == "../data.parquet"


def test_a_checkpoint_is_as_large_as_its_files(results):
    model = results / "model"
    model.mkdir()
    (model / "weights").write_bytes(bytes(1000))
    write_sums(model)
    file = record_file(model / SUMS, results)
    assert file.path == f"model/{SUMS}"
    assert file.bytes == 1000 + (model / SUMS).stat().st_size


def test_a_record_comes_back_as_it_was(results):
    file = record_file(results / "tasks" / "train.parquet", results)
    history = ({"why": "renamed", "by": "me", "at": "2026-01-01T00:00:00Z"},)
    record = JobRecord(SPEC, {"train": (file,)}, {"end": (file,), "table": ()}, history)
    path = results / "records" / "collapse" / "campaign1.json"
    write_record(record, path)
    assert read_record(path) == record
    assert read_record(path).spec_text == json.dumps(SPEC, sort_keys=True, separators=(",", ":"))
    assert record.job == "run_campaign"
    assert (record.input_files(), record.output_files()) == ([file], [file])
    assert list(record_paths(results)) == [path]
    assert results_of(path) == results


@pytest.mark.parametrize(
    "text", ["", "{", "[]", "{}", '{"form": 2}', '{"form": 1, "spec": {}}', "\x00"]
)
def test_what_is_no_record_is_refused_with_its_path(results, text):
    path = results / "broken.json"
    path.write_text(text)
    with pytest.raises(ValueError, match=r"broken\.json: (no record of a job|cannot be read)"):
        read_record(path)


def test_a_record_elsewhere_than_among_records_is_refused(tmp_path):
    with pytest.raises(ValueError, match="records/"):
        results_of(tmp_path / "campaign1.json")
