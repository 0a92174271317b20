import json
import os
import shutil
from pathlib import Path

import pytest

from crest.checksums import SUMS
from crest.cli import main
from crest.storage import write_json

ES = "study collapse, model organism, arm es"
CAMPAIGN = "collapse/organism/es/seed0/campaign1"


@pytest.fixture
def verify(capsys):
    """Run `crest verify`, and return its exit status and the lines that it printed."""

    def run(*words):
        status = main(["verify", *map(str, words)])
        return status, capsys.readouterr().out.splitlines()

    return run


def starting(lines, word):
    """Return the lines of one kind without that word."""
    return [line.removeprefix(word).strip() for line in lines if line.startswith(word)]


def test_a_finished_study_is_well(study, verify):
    status, lines = verify(study.folder)
    assert status == 0
    assert lines[0].split() == ["job", "fresh", "stale", "waiting", "outside", "damaged"]
    assert ["run_campaign", "9", "-", "-", "-", "-"] in [line.split() for line in lines]
    assert lines[-1].startswith(f"All well: {len(study.records())} records and ")


def test_a_copy_elsewhere_is_well_and_says_what_it_did_not_compare(study, verify, tmp_path):
    copied = shutil.copytree(study.folder, tmp_path / "elsewhere")
    status, lines = verify(copied)
    assert status == 0
    assert any("Values were not compared" in line for line in lines)
    status, lines = verify(copied, "--configfile", "workflow/presets/smoke.yaml")
    assert status == 0
    assert not any("not compared" in line for line in lines)


EVERY_KIND = [
    "tasks/train.parquet",
    f"{CAMPAIGN}/decision.json",
    f"{CAMPAIGN}/end/SHA256SUMS",
    f"{CAMPAIGN}/peak/model.safetensors",
    f"{CAMPAIGN}/peak/config.json",
    "figures/chain_curves.svg",
    "figures/chain_curves.json",
    "report.html",
]


@pytest.mark.parametrize("path", EVERY_KIND)
def test_one_flipped_byte_is_found_and_named(study, verify, path):
    study.flip_byte(path)
    status, lines = verify(study.folder)
    assert status == 3
    damaged = starting(lines, "damaged")
    assert len(damaged) == 1
    assert damaged[0].startswith(f"results/smoke/{path}")
    assert "delete" in damaged[0]
    assert lines[-1].startswith("Damaged")


def test_a_flipped_byte_behind_links_is_one_line_and_in_full_one_for_every_name(study, verify):
    base = study.folder / "models/organism/seed0/model/model.safetensors"
    starts = sorted(study.folder.glob("*/*/*/seed*/campaign1/start/model.safetensors"))
    assert len(starts) == 5
    for start in starts:
        start.unlink()
        os.link(base, start)
    study.flip_byte("models/organism/seed0/model/model.safetensors")
    _, lines = verify(study.folder)
    (damaged,) = starting(lines, "damaged")
    assert damaged.startswith(f"{base}: ")
    assert any("5 others hold links to this file: do the same" in line for line in lines)
    _, lines = verify(study.folder, "--full")
    named = [line.partition(":")[0] for line in starting(lines, "damaged")]
    assert sorted(named) == sorted(map(str, [base, *starts]))


@pytest.mark.parametrize("path", EVERY_KIND)
def test_a_missing_output_is_found_and_named(study, verify, path):
    (study.folder / path).unlink()
    status, lines = verify(study.folder)
    assert status == 3
    assert any(
        line.startswith(f"results/smoke/{path}: missing") for line in starting(lines, "damaged")
    )


def test_a_file_of_another_run_is_found_and_said_to_be_one(study, verify):
    shutil.copy(
        study.folder / "collapse/organism/es/seed1/campaign1/steps.parquet",
        study.folder / CAMPAIGN / "steps.parquet",
    )
    status, lines = verify(study.folder)
    (damaged,) = starting(lines, "damaged")
    assert status == 3
    assert damaged.startswith(f"results/smoke/{CAMPAIGN}/steps.parquet: ")
    assert f"it says it is of run_campaign, {ES}, seed 1, campaign 1" in damaged


def test_a_checkpoint_of_another_run_is_found_and_said_to_be_one(study, verify):
    arm = study.folder / "collapse/organism/es"
    ours, other = (arm / f"seed{seed}/campaign1/end" for seed in (0, 1))
    shutil.rmtree(ours)
    shutil.copytree(other, ours)
    status, lines = verify(study.folder)
    (damaged,) = starting(lines, "damaged")
    assert status == 3
    assert f"{CAMPAIGN}/end/SHA256SUMS" in damaged
    assert "seed 1" in damaged


def test_a_file_of_another_run_that_its_record_takes_for_its_own_is_found_by_its_stamp(
    study, verify
):
    other = study.folder / "collapse/organism/es/seed1/campaign1/steps.parquet"
    shutil.copy(other, study.folder / CAMPAIGN / "steps.parquet")
    record, foreign = (
        json.loads(study.record(f"collapse/organism/es/seed{seed}/campaign1").read_text())
        for seed in (0, 1)
    )
    record["outputs"]["steps"][0]["sha256"] = foreign["outputs"]["steps"][0]["sha256"]
    write_json(record, study.record(CAMPAIGN))
    status, lines = verify(study.folder)
    assert status == 3
    assert any("seed 1, campaign 1, its record says run_campaign" in line for line in lines)


def test_a_record_of_another_run_leaves_its_files_without_one(study, verify):
    shutil.copy(
        study.record("collapse/organism/es/seed1/campaign2"),
        study.record("collapse/organism/es/seed0/campaign2"),
    )
    status, lines = verify(study.folder)
    damaged = starting(lines, "damaged")
    assert status == 3
    assert damaged[0] == (
        "results/smoke/records/collapse/organism/es/seed0/campaign2.json: "
        "records/collapse/organism/es/seed1/campaign2.json too says that its job made "
        "collapse/organism/es/seed1/campaign2/decision.json and 7 more; delete the one that is "
        "not in its "
        "place"
    )
    lost = [one for one in damaged if "no record says what made it" in one]
    assert len(lost) == 7
    assert all("collapse/organism/es/seed0/campaign2/" in one for one in lost)
    assert "seed0/campaign2/rollouts.parquet: it says it is of run_campaign" in damaged[-1]


@pytest.mark.parametrize("keep_file", [True, False])
def test_a_missing_parent_is_found_and_named_with_who_read_it(study, verify, keep_file):
    study.record("make_tasks").unlink()
    if not keep_file:
        shutil.rmtree(study.folder / "tasks")
    status, lines = verify(study.folder)
    assert status == 3
    assert any(
        "tasks/train.parquet: " in one and " read it, but no record says what made it" in one
        for one in starting(lines, "damaged")
    )


def test_a_parent_that_was_made_anew_makes_its_children_stale_not_damaged(study, verify):
    study.rewrite("figures/pass_at_k.png", "draw_figure/pass_at_k", "png")
    assert verify(study.folder)[0] == 0  # nothing reads it
    study.rewrite("tasks/train.parquet", "make_tasks", "train")
    status, lines = verify(study.folder)
    assert status == 1
    assert not starting(lines, "damaged")
    assert any("an input is another" in line for line in starting(lines, "stale"))
    assert lines[-1].startswith("Whole, but stale")


def test_stale_jobs_are_counted_by_their_reason(study, verify):
    preset = Path("workflow/presets/smoke.yaml")
    text = preset.read_text()
    preset.write_text(text.replace("  prompts_per_step: 4\n", "  prompts_per_step: 3\n"))
    status, lines = verify(study.folder)
    assert status == 1
    (stale,) = starting(lines, "stale")
    value = "config.settings.training.prompts_per_step: 4 -> 3"
    assert stale.startswith(f"run_campaign x9: value {value}")
    assert any(line.startswith("waiting") for line in lines)


def test_a_broken_record_is_found_and_named(study, verify):
    study.record("judge_claims").write_text('{"form": 1')
    status, lines = verify(study.folder)
    assert status == 3
    assert any("judge_claims.json: no record of a job" in one for one in starting(lines, "damaged"))


def test_a_result_without_a_record_is_damage_and_other_strays_are_not(study, verify):
    (study.folder / "notes.txt").write_text("mine")
    (study.folder / "README.md").write_text("about")
    (study.folder / "logs").mkdir()
    (study.folder / "logs/make_tasks.log").write_text("ran")
    status, lines = verify(study.folder)
    assert status == 0
    assert starting(lines, "stray") == ["results/smoke/notes.txt: no job of the study wrote it"]
    shutil.copy(study.folder / "claims.parquet", study.folder / "claims2.parquet")
    status, lines = verify(study.folder)
    assert status == 3
    assert "claims2.parquet: it says it is of judge_claims" in starting(lines, "damaged")[0]


def test_a_leftover_of_a_killed_writer_is_named_and_no_damage(study, verify):
    for folder in ("", "records/"):
        (study.folder / f"{folder}.claims.parquet.77.part").write_text("half")
    status, lines = verify(study.folder)
    assert status == 0
    assert len(starting(lines, "leftover")) == 2


def test_a_study_below_is_left_to_itself(study, verify):
    shutil.copytree(study.folder, study.folder / "older")
    (study.folder / "older/claims.parquet").unlink()
    status, lines = verify(study.folder)
    assert status == 0
    assert starting(lines, "study")[0].startswith("results/smoke/older")


def test_a_quick_look_finds_a_file_of_another_size_and_no_other_damage(study, verify):
    study.flip_byte("claims.parquet")
    assert verify(study.folder, "--quick")[0] == 0
    with (study.folder / "claims.parquet").open("ab") as file:
        file.write(b"x")
    status, lines = verify(study.folder, "--quick")
    assert status == 3
    assert "claims.parquet: has " in starting(lines, "damaged")[0]


def test_long_lists_are_shortened_unless_asked_for_in_full(study, verify):
    shutil.rmtree(study.folder / "figures")
    _, lines = verify(study.folder)
    assert any("more; --full lists all" in line for line in lines)
    _, lines = verify(study.folder, "--full")
    assert len(starting(lines, "damaged")) == 4 * len(study.records("draw_figure"))


@pytest.mark.parametrize("name", ["empty", "missing"])
def test_nothing_to_verify_is_no_pass(tmp_path, name, capsys):
    (tmp_path / "empty").mkdir()
    assert main(["verify", str(tmp_path / name)]) == 2
    assert capsys.readouterr().err.count("\n") == 1


def test_a_checkpoint_that_lost_its_sums_is_found(study, verify):
    (study.folder / CAMPAIGN / "end" / SUMS).unlink()
    status, lines = verify(study.folder)
    assert status == 3
    assert f"results/smoke/{CAMPAIGN}/end/SHA256SUMS: missing; run snakemake" in "".join(lines)


def test_the_list_of_accepted_changes_is_no_stray(study, verify):
    (study.folder / "accepted.json").write_text('{"decisions": []}')
    status, lines = verify(study.folder)
    assert status == 1
    assert not starting(lines, "stray")
    assert not starting(lines, "damaged")


def test_a_checkpoint_without_a_record_is_one_line(study, verify):
    shutil.copytree(study.folder / CAMPAIGN / "end", study.folder / "spare")
    status, lines = verify(study.folder)
    assert status == 3
    (damaged,) = starting(lines, "damaged")
    assert damaged.startswith("results/smoke/spare/SHA256SUMS: it says it is of run_campaign")
    assert not starting(lines, "stray")


def test_half_a_checkpoint_is_one_line_beside_the_loss(study, verify):
    end = study.folder / "collapse/organism/es/seed0/campaign2/end"
    (end / SUMS).unlink()
    study.record("collapse/organism/es/seed0/campaign2").unlink()
    _, lines = verify(study.folder, "--full")
    assert starting(lines, "half") == [
        f"{end}: a checkpoint without SHA256SUMS, of a killed or running job"
    ]
    assert not any(f"{end}/config.json" in line for line in lines)
