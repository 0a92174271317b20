"""What matches its record is known again, and nothing else is taken for fresh."""

import json
import os
from pathlib import Path

import pytest
from snakemake.persistence.file import FilePersistence

from crest.adoption import adopt
from crest.checksums import SUMS, format_sums, sha256_of
from crest.job_record import JobRecord, read_record, record_file, write_record
from crest.tracking import Memory, Tracking

RESULTS = "results/small"
TASKS = f"{RESULTS}/records/make_tasks.json"
BASE = f"{RESULTS}/records/train_base/seed0.json"
FILES = [
    f"{RESULTS}/tasks/train.parquet",
    f"{RESULTS}/models/organism/seed0/model/{SUMS}",
]


@pytest.fixture
def results(tmp_path, monkeypatch):
    """Return the results of two jobs, in the working directory; the second reads the first's."""
    monkeypatch.chdir(tmp_path)
    folder = Path(RESULTS)
    train = folder / "tasks/train.parquet"
    train.parent.mkdir(parents=True)
    train.write_bytes(b"problems")
    model = folder / "models/organism/seed0/model"
    model.mkdir(parents=True)
    (model / "model.safetensors").write_bytes(b"weights")
    (model / SUMS).write_text(format_sums(model))
    record("make_tasks", TASKS, {}, {"train": [train]})
    record("train_base", BASE, {"train": [train]}, {"model": [model / SUMS]})
    return folder


def record(job, path, inputs, outputs):
    spec = {"job": job, "code": "c0de", "choices": {}, "config": {"width": 1.5}}
    read, wrote = (
        {name: tuple(record_file(file, Path(RESULTS)) for file in files) for name, files in side}
        for side in (inputs.items(), outputs.items())
    )
    write_record(JobRecord(spec, read, wrote), Path(path))


def remembered(path):
    return Tracking().read(path)


def doubted():
    marks = FilePersistence(path=Path(".snakemake").absolute())
    everything = [path.as_posix() for path in Path("results").rglob("*") if path.is_file()]
    return marks._filter_incomplete_keys(everything)


@pytest.mark.usefixtures("results")
def test_jobs_as_recorded_are_known_again_with_all_that_snakemake_compares():
    done = adopt(RESULTS, Tracking())
    assert set(done.adopted) == {TASKS, BASE}
    assert done.news() == ["results/small: 2 finished jobs known again by their records"]
    assert done.warnings() == []
    spec = read_record(Path(BASE)).spec_text
    for output in (FILES[1], BASE):
        memory = remembered(output)
        assert memory["input"] == [FILES[0]]
        assert memory["params"] == [repr(spec)]
        assert memory["input_checksums"] == {FILES[0]: f"sha256:{sha256_of(Path(FILES[0]))}"}
    assert remembered(TASKS)["input"] == []
    assert doubted() == set()


@pytest.mark.usefixtures("results")
def test_an_input_that_is_named_twice_is_remembered_twice():
    file = Path(FILES[0])
    record("train_base", BASE, {"start": [file], "base": [file]}, {"model": [Path(FILES[1])]})
    adopt(RESULTS, Tracking())
    assert remembered(BASE)["input"] == [FILES[0], FILES[0]]


def test_nothing_is_done_twice(results):
    adopt(RESULTS, Tracking())
    before = {path: path.read_bytes() for path in Path(".snakemake").rglob("*") if path.is_file()}
    (results / "tasks/train.parquet").write_bytes(b"edited by hand")
    done = adopt(RESULTS, Tracking())
    assert (done.news(), done.warnings()) == ([], [])
    after = {path: path.read_bytes() for path in Path(".snakemake").rglob("*") if path.is_file()}
    assert after == before


@pytest.mark.usefixtures("results")
def test_what_snakemake_remembers_is_left_alone():
    own = Memory("make_tasks", {}, [], ["its own"], 0.0)
    Tracking().write({TASKS: own, FILES[0]: own})
    assert adopt(RESULTS, Tracking()).adopted == (BASE,)
    assert remembered(TASKS)["params"] == ["'its own'"]


@pytest.mark.parametrize("name", [SUMS, "model.safetensors"])
def test_a_flipped_byte_is_named_and_its_job_alone_is_doubted(results, name):
    file = results / "models/organism/seed0/model" / name
    content = bytearray(file.read_bytes())
    content[0] ^= 1
    file.write_bytes(content)
    done = adopt(RESULTS, Tracking())
    assert done.adopted == (TASKS,)
    assert any(str(file) in line for line in done.warnings())
    assert doubted() == {BASE}


def test_a_checkpoint_without_its_weights_is_not_known_again(results):
    (results / "models/organism/seed0/model/model.safetensors").unlink()
    assert adopt(RESULTS, Tracking()).adopted == (TASKS,)
    assert doubted() == {BASE}


def test_a_file_made_from_another_input_is_not_known_again(results):
    (results / "tasks/train.parquet").write_bytes(b"other problems")
    record("make_tasks", TASKS, {}, {"train": [results / "tasks/train.parquet"]})
    done = adopt(RESULTS, Tracking())
    assert done.adopted == (TASKS,)
    assert "was made from another results/small/tasks/train.parquet" in done.refused[BASE]


def test_what_was_refused_is_known_once_it_is_copied_again(results):
    file = results / "models/organism/seed0/model/model.safetensors"
    file.write_bytes(b"half")
    for _ in range(2):
        assert set(adopt(RESULTS, Tracking()).refused) == {BASE}
    file.write_bytes(b"weights")
    assert adopt(RESULTS, Tracking()).adopted == (BASE,)
    assert doubted() == set()


def test_a_deleted_output_keeps_the_others_known(results):
    (results / "tasks/train.parquet").unlink()
    assert set(adopt(RESULTS, Tracking()).adopted) == {TASKS, BASE}
    assert remembered(FILES[0]) is not None


def test_files_without_a_record_are_named_and_doubted(results):
    (results / "logs").mkdir()
    (results / "logs/make_tasks.log").write_text("done")
    Path(TASKS).unlink()
    done = adopt(RESULTS, Tracking())
    assert done.unrecorded == (FILES[0],)
    assert done.warnings() == [
        "results/small: 1 files have no record; those that a rule makes will be made anew",
        f"  {FILES[0]}",
    ]
    assert doubted() == {FILES[0]}


@pytest.mark.usefixtures("results")
def test_a_tree_without_any_record_is_doubted_even_if_snakemake_knows_another():
    for path in (TASKS, BASE):
        Path(path).unlink()
    Tracking().write({"results/other.parquet": Memory("r", {}, [], [], 0.0)})
    assert FILES[0] in adopt(RESULTS, Tracking()).unrecorded


@pytest.mark.usefixtures("results")
def test_results_of_another_study_in_a_folder_below_are_left_alone():
    other = Path("results/records/make_tasks.json")
    other.parent.mkdir()
    other.write_bytes(Path(TASKS).read_bytes())
    (Path("results/tasks")).mkdir()
    Path("results/tasks/train.parquet").write_bytes(b"problems")
    done = adopt("results", Tracking())
    assert (done.adopted, done.unrecorded) == (("results/records/make_tasks.json",), ())


@pytest.mark.usefixtures("results")
def test_a_record_that_cannot_be_read_is_refused():
    Path(BASE).write_text("{")
    done = adopt(RESULTS, Tracking())
    assert "no record of a job" in done.refused[BASE]
    assert BASE in doubted()


@pytest.mark.usefixtures("results")
def test_a_job_that_ended_after_snakemake_was_killed_counts_as_finished():
    adopt(RESULTS, Tracking())
    snakemake = FilePersistence(path=Path(".snakemake").absolute())
    for output in (BASE, FILES[1]):
        snakemake._mark_incomplete(output, None)
    assert adopt(RESULTS, Tracking()).adopted == (BASE,)
    assert doubted() == set()


@pytest.mark.usefixtures("results")
def test_nothing_is_adopted_while_another_snakemake_runs():
    FilePersistence(path=Path(".snakemake").absolute())._write_locks("output", [BASE])
    assert adopt(RESULTS, Tracking()).adopted == ()
    assert remembered(BASE) is None


@pytest.mark.usefixtures("results")
def test_a_memory_of_another_form_stops_an_adoption():
    adopt(RESULTS, Tracking())
    for place in Path(".snakemake/metadata").iterdir():
        place.write_text(json.dumps({**json.loads(place.read_text()), "record_format_version": 7}))
    assert adopt(RESULTS, Tracking()).adopted == ()  # nothing is forgotten
    (Path(".snakemake/metadata") / Tracking()._name(BASE)).unlink()
    with pytest.raises(ValueError, match="form 7"):
        adopt(RESULTS, Tracking())


@pytest.mark.usefixtures("results")
def test_no_adopted_file_is_older_than_what_it_was_made_from():
    benchmark = Path(RESULTS, "benchmarks/train_base/seed0.tsv")
    benchmark.parent.mkdir(parents=True)
    benchmark.write_text("s\n")
    os.utime(benchmark, (999, 999))
    for number, path in enumerate([BASE, FILES[1], TASKS, FILES[0]]):
        os.utime(path, (1000 + number, 1000 + number))
    adopt(RESULTS, Tracking())
    assert [Path(path).stat().st_mtime for path in (BASE, FILES[1], benchmark)] == [1003] * 3
    assert Path(FILES[0]).stat().st_mtime == 1003
    assert Path(TASKS).stat().st_mtime == 1002


def test_a_folder_without_results_is_left_as_it_is(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    done = adopt("results", Tracking())
    assert (done.news(), done.warnings()) == ([], [])
    assert list(tmp_path.iterdir()) == []
