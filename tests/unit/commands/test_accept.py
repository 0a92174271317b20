"""A reviewed edit is recorded, remembered and listed; what is no harmless edit is refused."""

import io
import json
from pathlib import Path

import pytest

from crest.acceptances import read_acceptances
from crest.adoption import adopt
from crest.cli import main
from crest.job_record import read_record
from crest.tracking import Tracking

RESULTS = "results/smoke"
OLD = "5" * 64
ES = "collapse/organism/es/seed0/campaign1"
NAIVE = "collapse/organism/naive/seed0/campaign1"
SURE = ("--yes", "--why", "a renamed variable")


@pytest.fixture
def accept(capsys):
    """Run `crest accept`, and return its exit status and what it printed."""

    def run(*words):
        status = main(["accept", *map(str, words)])
        printed = capsys.readouterr()
        return status, printed.out + printed.err

    return run


@pytest.fixture
def edited(study):
    """A study of which two campaigns were made with other code; Snakemake knows all of it."""
    fresh = {name: read_record(study.record(name)) for name in (ES, NAIVE)}
    for name in (ES, NAIVE):
        study.edit(name, code=OLD)
    adopt(RESULTS, Tracking())
    study.fresh = fresh
    return study


def params(path):
    return Tracking().read(f"{RESULTS}/{path}")["params"]


def test_an_accepted_job_has_the_present_spec_and_the_one_before_in_its_history(edited, accept):
    before = read_record(edited.record(ES))
    status, out = accept(f"{RESULTS}/{ES}", *SURE)
    after = read_record(edited.record(ES))
    assert status == 0
    assert "accepted for 1 jobs" in out
    assert after.spec_text == edited.fresh[ES].spec_text
    assert (after.inputs, after.outputs) == (before.inputs, before.outputs)
    (entry,) = after.history
    assert entry["spec"] == {name: before.spec[name] for name in ("code", "libraries", "python")}
    assert entry["why"] == "a renamed variable"
    assert entry["at"].endswith("+00:00")
    assert entry["by"]
    assert any(OLD[:12] in line for line in entry["changes"])


def test_snakemake_remembers_the_present_spec_of_every_output(edited, accept):
    accept(f"{RESULTS}/{ES}", *SURE)
    wanted = [repr(edited.fresh[ES].spec_text)]
    for output in (f"{ES}/steps.parquet", f"{ES}/next/SHA256SUMS", f"records/{ES}.json"):
        assert params(output) == wanted
    assert params(f"{NAIVE}/steps.parquet") == [repr(read_record(edited.record(NAIVE)).spec_text)]
    assert OLD in params(f"{NAIVE}/steps.parquet")[0]


@pytest.mark.usefixtures("edited")
def test_no_byte_of_a_result_changes(accept):
    def results():
        files = (path for path in Path(RESULTS).rglob("*") if path.is_file())
        return {path: path.read_bytes() for path in files if "records" not in path.parts}

    before = results()
    accept(RESULTS, *SURE)
    after = results()
    assert after.pop(Path(RESULTS, "accepted.json"))
    assert after == before


@pytest.mark.usefixtures("edited")
def test_a_folder_stands_for_all_stale_jobs_in_it_and_the_list_names_them(accept):
    status, out = accept(RESULTS, *SURE)
    assert status == 0
    assert "accepted for 2 jobs" in out
    listed = read_acceptances(Path(RESULTS, "accepted.json"))  # one for each set of changes
    records = [record for each in listed for record in each.records]
    assert sorted(records) == [f"records/{ES}.json", f"records/{NAIVE}.json"]
    assert {(each.why, each.undone) for each in listed} == {("a renamed variable", False)}
    assert accept(RESULTS, *SURE) == (0, "Nothing to accept.\n")


@pytest.mark.usefixtures("edited")
def test_only_what_is_named_is_accepted(accept):
    accept(f"{RESULTS}/collapse/organism/es", *SURE)
    status, out = accept(RESULTS, *SURE)
    assert (status, "accepted for 1 jobs" in out) == (0, True)
    listed = read_acceptances(Path(RESULTS, "accepted.json"))
    assert [each.records for each in listed] == [[f"records/{ES}.json"], [f"records/{NAIVE}.json"]]


@pytest.mark.usefixtures("edited")
def test_what_was_accepted_can_be_taken_back(edited, accept):
    before = read_record(edited.record(ES))
    accept(f"{RESULTS}/{ES}", *SURE)
    status, out = accept(f"{RESULTS}/{ES}", "--undo", "--yes", "--why", "it does matter")
    assert (status, "taken back for 1 jobs" in out) == (0, True)
    assert read_record(edited.record(ES)) == before
    assert params(f"{ES}/steps.parquet") == [repr(before.spec_text)]
    assert [each.undone for each in read_acceptances(Path(RESULTS, "accepted.json"))] == [
        False,
        True,
    ]


def test_a_changed_value_is_refused_and_changes_nothing(edited, accept):
    edited.configure("sampling: {temperature: 0.5}")
    before = edited.record(ES).read_bytes()
    status, out = accept(f"{RESULTS}/{ES}", *SURE)
    assert status == 1
    assert "temperature" in out
    assert "only code, libraries and Python can be accepted" in out
    assert edited.record(ES).read_bytes() == before
    assert not Path(RESULTS, "accepted.json").exists()


def test_a_library_of_another_version_can_be_accepted(edited, accept):
    libraries = {**edited.fresh[ES].spec["libraries"], "torch": "1.0"}
    edited.edit(ES, code=edited.fresh[ES].spec["code"], libraries=libraries)
    status, out = accept(f"{RESULTS}/{ES}", *SURE)
    assert (status, "torch 1.0 -> " in out) == (0, True)


def test_a_damaged_result_is_refused(edited, accept):
    edited.flip_byte(f"{ES}/steps.parquet")
    status, out = accept(RESULTS, *SURE)
    assert status == 1
    assert "steps.parquet: holds other bytes than were written" in out
    assert "accepted for 1 jobs" in out
    assert read_record(edited.record(ES)).spec["code"] == OLD


def test_a_job_that_read_other_bytes_is_refused(edited, accept):
    edited.rewrite("tasks/train.parquet", "make_tasks", "train")
    status, out = accept(f"{RESULTS}/{ES}", *SURE)
    assert status == 1
    assert "tasks/train.parquet was made anew since, with other bytes" in out


def test_the_report_itself_is_never_accepted(study, accept):
    study.edit("build_report", code=OLD)
    assert accept(RESULTS, *SURE) == (0, "Nothing to accept.\n")


@pytest.mark.usefixtures("edited")
@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--yes"], "--yes needs --why"),
        (["--yes", "--why", "  "], "--yes needs --why"),
        (["--why", "x"], "nobody can be asked here"),
    ],
)
def test_without_a_person_a_reason_and_a_yes_are_needed(accept, words, message):
    status, out = accept(RESULTS, *words)
    assert status == 2
    assert message in out
    assert not Path(RESULTS, "accepted.json").exists()


class Person(io.StringIO):
    def isatty(self):
        return True


@pytest.mark.parametrize(
    ("answers", "accepted"),
    [("y\nsame numbers\n", True), ("n\n", False), ("\n", False), ("y\n\n", False)],
)
def test_a_person_is_shown_the_changes_and_asked(edited, accept, monkeypatch, answers, accepted):
    monkeypatch.setattr("sys.stdin", Person(answers))
    monkeypatch.setattr("sys.stderr", screen := Person())
    status, _ = accept(f"{RESULTS}/{ES}")
    assert status == (0 if accepted else 1)
    assert "run_campaign, study collapse, model organism, arm es" in screen.getvalue()
    history = read_record(edited.record(ES)).history
    assert [entry["why"] for entry in history] == (["same numbers"] if accepted else [])


@pytest.mark.usefixtures("edited")
def test_nothing_is_accepted_while_a_snakemake_runs(accept):
    locks = Path(".snakemake/locks")
    locks.mkdir()
    (locks / "0.output.lock").write_text("results")
    status, out = accept(RESULTS, *SURE)
    assert status == 2
    assert "snakemake --unlock" in out


@pytest.mark.usefixtures("study")
def test_a_target_without_a_record_is_refused(accept):
    status, out = accept("config.yaml", *SURE)
    assert (status, "nothing is recorded of it" in out) == (2, True)


@pytest.mark.usefixtures("edited")
def test_a_damaged_list_is_named(accept):
    Path(RESULTS, "accepted.json").write_text(json.dumps({"decisions": [{"why": "x"}]}))
    status, out = accept(RESULTS, *SURE)
    assert status == 2
    assert "accepted.json: no list of accepted changes" in out
