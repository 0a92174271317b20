import json
import shutil
from pathlib import Path

import pytest

from crest.checksums import SUMS
from crest.cli import main
from crest.digest import history
from crest.storage import write_json

CLAIMS = "results/smoke/claims.parquet"
REPORT = "results/smoke/report.html"
ES = "study collapse, model organism, arm es"
CAMPAIGN = "collapse/organism/es/seed0/campaign1"


@pytest.fixture
def explain(capsys):
    """Run `crest explain`, and return its exit status and what it printed."""

    def run(*words):
        status = main(["explain", *map(str, words)])
        return status, capsys.readouterr().out

    return run


@pytest.mark.usefixtures("study")
@pytest.mark.parametrize(
    "target",
    [
        "claims.parquet",
        "figures/chain_curves.svg",
        "records/judge_claims.json",
        f"{CAMPAIGN}/end",
        f"{CAMPAIGN}/end/SHA256SUMS",
        f"{CAMPAIGN}/end/model.safetensors",
    ],
)
def test_a_finished_study_is_fresh_whatever_is_named(explain, target):
    status, out = explain(f"results/smoke/{target}")
    first, made_by, agreement = out.splitlines()
    assert (status, first) == (0, f"results/smoke/{target}: fresh")
    assert made_by.startswith("made by ")
    assert agreement.endswith("are those of today.")


def test_a_result_is_named_by_its_job_and_cell(study, explain):
    _, out = explain(study.folder / CAMPAIGN / "peak")
    assert f"made by run_campaign, {ES}, seed 0, campaign 1 (" in out


def test_an_edited_function_is_named_with_its_diff(study, explain, monkeypatch):
    study.edit("judge_claims", code="5" * 64)
    diff = ("-    return gap", "+    return gap / 2")
    edits = [history.Change("crest.statistics.claims.collapse:judge", "changed", diff)]
    monkeypatch.setattr(history, "changes", lambda *_: edits)
    status, out = explain(CLAIMS)
    assert status == 1
    assert f"{CLAIMS}: stale" in out
    assert "code      crest.statistics.claims.collapse:judge changed\n" in out
    assert "            -    return gap\n            +    return gap / 2\n" in out


def test_an_edit_of_unknown_kind_says_so(study, explain):
    study.edit("judge_claims", code="5" * 64)
    status, out = explain(CLAIMS)
    assert status == 1
    assert "code      555555555555 -> " in out
    assert "no job left a record" in out


def test_a_value_that_changed_is_named_with_both_values(study, explain):
    study.configure("monitor: {num_problems: 5}")
    status, out = explain(study.folder / CAMPAIGN / "end")
    assert status == 1
    assert "value     config.settings.monitor.num_problems: 8 -> 5\n" in out


def test_many_changes_are_shortened_unless_asked_for_in_full(study, explain):
    config = study.folder / "../../config.yaml"
    assert "more (value); --full shows all" in explain(REPORT, "--configfile", config)[1]
    _, out = explain(REPORT, "--full", "--configfile", config)
    assert "--full" not in out
    assert "config.arms.short.label" in out


@pytest.mark.parametrize(
    ("fields", "line"),
    [
        ({"python": "2.7"}, "python    2.7 -> 3."),
        ({"libraries": {"polars": "0.1"}}, "library   polars 0.1 -> "),
    ],
)
def test_a_version_that_changed_is_named(study, explain, fields, line):
    record = json.loads(study.record("judge_claims").read_text())
    merged = {
        key: {**record["spec"][key], **value} if isinstance(value, dict) else value
        for key, value in fields.items()
    }
    study.edit("judge_claims", **merged)
    status, out = explain(CLAIMS)
    assert status == 1
    assert line in out


def test_an_input_made_anew_is_named(study, explain):
    study.rewrite("tasks/train.parquet", "make_tasks", "train")
    status, out = explain(study.folder / CAMPAIGN / "end")
    assert status == 1
    assert "input     tasks/train.parquet was made anew since, with other bytes\n" in out


def test_a_missing_input_is_named(study, explain):
    (study.folder / "tasks/train.parquet").unlink()
    status, out = explain(study.folder / CAMPAIGN / "end")
    assert status == 1
    assert "tasks/train.parquet: an input is missing" in out


def test_an_altered_input_is_named(study, explain):
    study.flip_byte("tasks/train.parquet")
    status, out = explain(study.folder / CAMPAIGN / "end")
    assert status == 1
    assert "tasks/train.parquet: an input does not hold the bytes that its job wrote" in out


def test_an_altered_result_is_no_fresh_one(study, explain):
    study.flip_byte("claims.parquet")
    status, out = explain(CLAIMS)
    assert status == 1
    assert f"damaged   {CLAIMS}: holds other bytes than were written" in out


def test_a_seed_more_is_an_input_more_of_what_gathers_seeds(study, explain):
    preset = study.folder / "../../workflow/presets/smoke.yaml"
    preset.write_text(preset.read_text().replace("seeds: [0, 1]\n", "seeds: [0, 1, 2]\n"))
    status, out = explain(study.folder / "collapse/steps.parquet")
    assert status == 1
    assert "collapse/organism/es/seed2/campaign1/steps.parquet is to be read as well now" in out


def test_a_campaign_less_is_an_input_less_of_the_evaluation(study, explain):
    preset = study.folder / "../../workflow/presets/smoke.yaml"
    text = preset.read_text().replace("  campaigns: 2", "  campaigns: 1")
    preset.write_text(text)
    status, out = explain(study.folder / "collapse/organism/es/seed0/evaluation.parquet")
    assert status == 1
    assert "collapse/organism/es/seed0/campaign2/end is no longer to be read" in out


def test_the_root_of_what_is_stale_upstream_is_found_and_named(study, explain):
    study.edit("train_base/organism/seed0", python="2.7")
    study.edit(CAMPAIGN, python="2.7")
    status, out = explain(study.folder / "collapse/organism/es/seed0/evaluation.parquet")
    assert status == 1
    assert "stale, because of what its inputs are made from" in out
    assert "upstream  train_base, model organism, seed 0 is stale: python 2.7 -> 3." in out
    assert "crest explain results/smoke/records/train_base/organism/seed0.json" in out
    assert out.count("is stale: ") == 1


def test_the_way_from_the_root_is_told(study, explain):
    study.edit("train_base/organism/seed0", python="2.7")
    _, out = explain(study.folder / "collapse/organism/es/seed0/samples.parquet")
    assert f"through run_campaign, {ES}, seed 0, campaign 2\n" in out


def test_a_cell_that_left_the_study_is_neither_fresh_nor_stale(study, explain):
    preset = study.folder / "../../workflow/presets/smoke.yaml"
    preset.write_text(preset.read_text().replace("arms: [naive, es]", "arms: [naive]"))
    status, out = explain(study.folder / CAMPAIGN / "end")
    assert status == 0
    assert "no part of the study as configured now" in out


def test_a_job_that_is_gone_from_the_code_says_so_without_a_study(study, explain, tmp_path):
    study.edit("judge_claims", job="make_tea")
    shutil.copytree(study.folder, tmp_path / "copy")
    status, out = explain(tmp_path / "copy/claims.parquet")
    assert status == 1
    assert "gone      crest.jobs.make_tea:main: no such function" in out


def test_without_a_study_the_rest_is_still_explained(study, explain, tmp_path):
    study.edit("judge_claims", python="2.7")
    shutil.copytree(study.folder, tmp_path / "copy")
    status, out = explain(tmp_path / "copy/claims.parquet")
    assert status == 1
    assert "python    2.7 -> 3." in out
    assert "values were not compared" in out
    assert "--configfile" in out


def test_an_accepted_change_is_told(study, explain):
    record = json.loads(study.record("judge_claims").read_text())
    entry = {
        "at": "2026-01-02",
        "by": "me",
        "why": "a rename",
        "changes": ["m:f changed"],
        "spec": {},
    }
    write_json({**record, "history": [entry]}, study.record("judge_claims"))
    status, out = explain(CLAIMS)
    assert status == 0
    assert "accepted  2026-01-02 by me: a rename\n            m:f changed\n" in out


@pytest.mark.parametrize(
    ("target", "words"),
    [
        ("results/smoke/none.parquet", "no such file"),
        ("config.yaml", "name a file in a folder of results"),
        ("results/smoke/README.md", "no record under"),
        ("results/smoke", "crest verify"),
        ("results/smoke/records", "no record under"),
    ],
)
@pytest.mark.usefixtures("study")
def test_a_target_that_nothing_is_known_of_is_an_error_in_one_line(target, words, capsys):
    Path("results/smoke/README.md").write_text("about")
    assert main(["explain", target]) == 2
    error = capsys.readouterr().err
    assert words in error
    assert error.count("\n") == 1


def test_a_broken_record_is_named(study, capsys):
    study.record("judge_claims").write_text("{")
    assert main(["explain", str(study.record("judge_claims"))]) == 2
    assert "judge_claims.json: no record of a job" in capsys.readouterr().err


def test_a_checkpoint_that_its_sums_do_not_name_is_damaged(study, explain):
    study.flip_byte(f"{CAMPAIGN}/end/{SUMS}")
    status, out = explain(study.folder / CAMPAIGN / "end")
    assert status == 1
    assert f"{CAMPAIGN}/end/SHA256SUMS: holds other bytes than were written" in out


def test_a_change_accepted_since_is_one_more_input_of_the_report_alone(study, explain):
    (study.folder / "accepted.json").write_text('{"decisions": []}')
    status, out = explain(REPORT)
    assert status == 1
    assert "input     accepted.json is to be read as well now\n" in out
    assert explain(CLAIMS)[0] == 0
