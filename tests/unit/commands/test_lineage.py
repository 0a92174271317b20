import json
import shutil
from pathlib import Path

import pytest
from tests.unit.commands.study_tree import StudyTree

from crest import storage
from crest.cli import main
from crest.commands.lineage_tree import group_words
from crest.commands.study import study_of
from crest.job_record import JobRecord
from crest.storage import write_json

ES = "study collapse, model organism, arm es"
STEPS = "results/smoke/collapse/organism/es/seed0/campaign2/steps.parquet"


@pytest.fixture
def lineage(capsys):
    """Run `crest lineage`, and return its exit status and the lines that it printed."""

    def run(*words):
        status = main(["lineage", *map(str, words)])
        return status, capsys.readouterr().out.splitlines()

    return run


def jobs_of(lines):
    """Return the names of the jobs of a tree, line by line, with how deep they stand."""
    drawn = [line.partition("─ ") for line in lines if "─ " in line]
    return [(len(left) // 3, right.split()[0].rstrip(",")) for left, _, right in drawn]


@pytest.mark.usefixtures("study")
def test_a_table_of_a_campaign_goes_back_to_the_tasks(lineage):
    status, lines = lineage(STEPS)
    assert status == 0
    assert lines[0] == STEPS
    assert jobs_of(lines) == [
        (0, "run_campaign"),
        (1, "choose_learning_rates"),
        (2, "evaluate_chain"),
        (3, "run_campaign"),
        (4, "train_base"),
        (5, "make_tasks"),
    ]
    assert lines[-1] == "7 jobs, 6 code digests; all 25 input digests are those of their parents."


def test_the_campaigns_of_a_chain_are_one_line(study, lineage):
    record = study.record("collapse/organism/es/seed0/campaign2")
    code = json.loads(record.read_text())["spec"]["code"]
    _, lines = lineage(STEPS)
    assert lines[1] == (f"└─ run_campaign x2 {code[:8]}, {ES}, seed 0, campaign 1-2")


@pytest.mark.usefixtures("study")
def test_a_seed_that_is_no_part_of_the_cell_is_shown(lineage):
    _, lines = lineage(STEPS)
    assert any("make_tasks" in line and "tasks.seed 0" in line for line in lines)
    assert any("train_base" in line and ", seed 0" in line for line in lines)


@pytest.mark.usefixtures("study")
def test_a_group_is_drawn_once_and_named_again(lineage):
    _, lines = lineage("results/smoke/report.html")
    tasks = [line for line in lines if "─ make_tasks" in line]
    assert len([line for line in tasks if "see above" not in line]) == 1
    assert any("collect_table" in line and "table steps, see above" in line for line in lines)


def test_every_job_of_the_study_is_behind_its_report(study, lineage):
    _, lines = lineage("results/smoke/report.html")
    assert lines[-1].startswith(f"{len(study.records())} jobs, ")


@pytest.mark.usefixtures("study")
def test_the_depth_is_kept_and_what_is_left_out_is_said(lineage):
    _, lines = lineage("results/smoke/report.html", "--depth", "2")
    assert max(depth for depth, name in jobs_of(lines) if name != "...") == 1
    assert any("made of more (--depth 2)" in line for line in lines)


@pytest.mark.usefixtures("study")
def test_full_adds_versions_and_values_and_shows_those_that_differ(lineage):
    _, lines = lineage(STEPS, "--full")
    assert any("config.settings.campaign: 2 | 1" in line for line in lines)
    assert any("python 3." in line and "torch" in line for line in lines)


def test_json_holds_every_job_with_spec_and_parents(study, lineage):
    status, lines = lineage(STEPS, "--json")
    value = json.loads("\n".join(lines))
    assert status == 0
    assert value["broken"] == []
    assert len(value["jobs"]) == 7
    job = value["jobs"]["records/collapse/organism/es/seed0/campaign2.json"]
    record = json.loads(study.record("collapse/organism/es/seed0/campaign2").read_text())
    assert job["spec"] == record["spec"]
    assert {each["path"]: each["made_by"] for each in job["inputs"]}["tasks/train.parquet"] == (
        "records/make_tasks.json"
    )
    assert all(each["agrees"] for each in job["inputs"])
    assert value["jobs"]["records/make_tasks.json"]["seeds"] == {"config.tasks.seed": 0}


def test_an_input_that_is_not_its_parents_is_named(study, lineage):
    study.rewrite("tasks/train.parquet", "make_tasks", "train")
    status, lines = lineage(STEPS)
    assert status == 1
    broken = [line for line in lines if line.startswith("broken")]
    assert any(
        "tasks/train.parquet: it was read with the digest" in line and "and 3 more" in line
        for line in broken
    )
    assert "not all input digests are those of their parents" in lines[-1]


def test_a_parent_without_a_record_is_named(study, lineage):
    study.record("make_tasks").unlink()
    status, lines = lineage(STEPS)
    assert status == 1
    assert any("tasks/train.parquet: no record says what made it" in line for line in lines)


def test_a_copy_has_the_lineage_of_the_original(study, lineage, tmp_path):
    copied = shutil.copytree(study.folder, tmp_path / "copy")
    _, original = lineage(STEPS)
    _, lines = lineage(copied / Path(STEPS).relative_to(study.folder))
    assert lines[1:] == original[1:]


def test_a_chain_of_ten_campaigns_is_as_short_as_one_of_two(study, lineage, monkeypatch):
    monkeypatch.setattr(storage, "_sync", lambda _: None)
    _, short = lineage(STEPS)
    study.configure("")
    preset = Path("workflow/presets/smoke.yaml")
    preset.write_text(preset.read_text().replace("  campaigns: 2\n", "  campaigns: 10\n"))
    shutil.rmtree(study.folder)
    StudyTree(study_of(study.folder, ()), study.folder).build()
    _, lines = lineage(STEPS.replace("campaign2", "campaign10"))
    assert len(lines) == len(short)
    assert "campaign 1-10" in lines[1]


def test_the_members_of_a_group_are_told_in_short():
    spec = {"job": "train_base", "config": {}, "choices": {}, "code": "a" * 64}
    records = [JobRecord({**spec, "seed": seed}, {}, {}) for seed in (5, 0, 1, 2)]
    assert group_words(records) == "train_base x4 aaaaaaaa, seed 0-2 5"
    keys = [{"keys": {"method": name}} for name in ("a", "b", "c", "d", "e", "f")]
    records = [JobRecord({**spec, **key}, {}, {}) for key in keys]
    assert group_words(records) == "train_base x6 aaaaaaaa, arm a b c d and 2 more"


@pytest.mark.parametrize("words", [["none"], [STEPS, "--depth", "0"], [STEPS, "--depth", "two"]])
@pytest.mark.usefixtures("study")
def test_what_cannot_be_answered_is_an_error(words, capsys):
    try:
        status = main(["lineage", *words])
    except SystemExit as end:
        status = end.code
    assert status == 2
    assert capsys.readouterr().err


def test_accepted_changes_are_part_of_the_json(study, lineage):
    record = json.loads(study.record("make_tasks").read_text())
    entry = {"at": "2026-01-02", "by": "me", "why": "a rename"}
    write_json({**record, "history": [entry]}, study.record("make_tasks"))
    value = json.loads("\n".join(lineage(STEPS, "--json")[1]))
    assert value["jobs"]["records/make_tasks.json"]["history"] == [entry]
