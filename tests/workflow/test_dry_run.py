"""The graph of the default study and of the presets: which jobs, and how many."""

from collections import Counter
from pathlib import Path

import pytest
import yaml
from tests.workflow.project import EXTENDED, ROOT, Project

ARMS = ["naive", "healthy", "kl", "ewc", "care", "es", "grpo", "grpo_es", "short", "random_step"]
FURTHER = [
    *("es_patience", "kl_base", "adaptive_kl", "ewc_style", "ewc_strong", "memory", "gate"),
    *(
        "care_healthy",
        "care_strict",
        "care_vector",
        "care_v1",
        "care_es",
        "grpo_care",
        "grpo_care_es",
        "grpo_2",
        "oracle",
    ),
]
"""Arms that the extended grid adds."""

PRESETS = sorted(path.name for path in (ROOT / "workflow/presets").glob("*.yaml"))
OF_OTHER_STUDIES = {
    *("architectures", "diagnostic", "labels_agreement"),
    *("regime", "regime_boundaries", "regime_causes"),
}
"""Statistics that the default grid does not have."""
OF_OTHER_FIGURES = {"diagnostic_run", "regime_map"}

CROSSOVER = {
    "make_banks": 1,
    "make_pool": 4 + 6,  # one a trajectory and a split seed
    "train_generator": 2,
    "sample_banks_by_base": 2,
    "draw_candidates": 6,
    "train_critic": 6 * 4,  # split seeds x numbers of tasks
    "pick_candidates": 6,
}
COUNTS = {
    # Arms x seeds x campaigns, and the pilot: 4 rates x 2 seeds x 3 campaigns.
    "run_campaign": 10 * 5 * 10 + 4 * 2 * 3,
    "evaluate_chain": 10 * 5 + 4 * 2,
    "sample_pass_at_k": 10 * 5,
    "repeat_evaluations": 5,  # of the naive arm
    "evaluate_pools": 5,
    "measure_stationarity": 5,
    "train_base": 5,
    "sample_base_pass_at_k": 5,
    "choose_learning_rates": 1,
    "collect_table": 7 + 5,  # of collapse and crossover
    **dict.fromkeys(("make_tasks", "simulate_gate", "audit_grader", "collect_decisions"), 1),
    **dict.fromkeys(("judge_claims", "build_report"), 1),
    **CROSSOVER,
    "run_round": 4 * 5,  # trajectories x rounds
    "sample_banks": 4 * 5,
}
EXTENDED_COUNTS = {
    # All arms, two pilots, and the studies of their own: the regime map has 6 arms x 5 rates x
    # 2 prompts x 3 seeds of 3 campaigns, the long run 2 arms x 3 seeds, the other model
    # 2 arms x 5 seeds x 3 campaigns.
    "run_campaign": 26 * 5 * 10 + 2 * 4 * 2 * 3 + 180 * 3 + 6 + 2 * 5 * 3,
    "evaluate_chain": 26 * 5 + 2 * 4 * 2 + 180 + 2 * 5,
    "sample_pass_at_k": 26 * 5,
    "compare_labels": 26 * 5,
    "repeat_evaluations": 5,
    "evaluate_pools": 5,
    "measure_stationarity": 5,
    "train_base": 10,
    "sample_base_pass_at_k": 5,
    "choose_learning_rates": 2,
    # Of collapse, crossover, regime, diagnostic, architectures.
    "collect_table": 8 + 5 + 2 + 1 + 2,
    **dict.fromkeys(("make_tasks", "simulate_gate", "audit_grader", "collect_decisions"), 1),
    **dict.fromkeys(("make_oracle", "judge_claims", "build_report"), 1),
    **CROSSOVER,
    "run_round": 4 * 5 + 5 * 2 * 5,  # and five recipes of two trajectories each
    "sample_banks": 4 * 5 + 5 * 2 * 5,
}


def test_default_study_has_five_seeds_ten_campaigns_and_twenty_steps() -> None:
    config = yaml.safe_load((ROOT / "config.yaml").read_text())
    study = config["study"]
    assert study["arms"] == ARMS
    assert config["extended"]["arms"] == FURTHER
    assert (len(study["seeds"]), study["campaigns"], study["max_steps"]) == (5, 10, 20)


def test_dry_run_of_the_default_study_plans_the_expected_jobs_per_rule(project: Project) -> None:
    jobs = project.planned(preset="config.yaml")
    counts = Counter(job.rule for job in jobs)
    assert counts.pop("all") == 1
    assert _figures() - {job["figure"] for job in jobs} == OF_OTHER_FIGURES
    assert counts.pop("draw_figure") == len(_figures() - OF_OTHER_FIGURES)
    assert _statistics() - {job["statistic"] for job in jobs} == OF_OTHER_STUDIES
    assert counts.pop("compute_statistic") == len(_statistics() - OF_OTHER_STUDIES)
    assert counts == COUNTS


def test_dry_run_of_the_extended_study_plans_the_expected_jobs_per_rule(project: Project) -> None:
    jobs = project.planned(*EXTENDED, preset="config.yaml")
    counts = Counter(job.rule for job in jobs)
    assert counts.pop("extended") == 1
    assert counts.pop("draw_figure") == len(_figures())
    assert counts.pop("compute_statistic") == len(_statistics())
    assert counts == EXTENDED_COUNTS
    methods = {job["method"] for job in jobs if job["study"] == "collapse"}
    assert methods == {*ARMS, *FURTHER}


@pytest.mark.parametrize("preset", PRESETS)
def test_every_preset_plans_a_report_of_each_grid(project: Project, preset: str) -> None:
    jobs = project.planned("--", "all", "extended", preset=f"workflow/presets/{preset}")
    assert Counter(job.rule for job in jobs)["build_report"] == 2


@pytest.mark.parametrize(
    ("fault", "message"),
    [
        ("study: {campains: 3}", "study.campains: unknown key"),
        ("study: {arms: [naive, nave]}", "unknown arm 'nave'"),
        ("study: {seeds: [1, 1]}", "study.seeds: 1 is listed twice"),
        ("study: {campaigns: 0}", "study.campaigns: "),
        ("arms: {naive: {learning_rate: 1e-3x}}", "arms.naive.learning_rate: "),
        ("arms: {naive: {controller: {kind: fixd}}}", "arms.naive.controller: unknown kind 'fixd'"),
        ("arms: {es: {controller: {margn: 3}}}", "margn"),
        ("sampling: {temperature: -1}", "sampling.temperature: "),
        ("training: {prompts_per_step: 65}", "prompts_per_step 65 exceeds"),
        ("audit: {repeats: 0}", "audit.repeats: "),
        ("arms: {kl: {penalty: {kind: lk}}}", "arms.kl.penalty: unknown kind 'lk'"),
        ("models: {organism: {shape: {kind: qwen3}}}", "unknown kind 'qwen3'"),
        ("pilot: {seeds: [0]}", "pilot.seeds: [0] are seeds of results too"),
    ],
)
def test_a_bad_configuration_stops_before_any_job(
    project: Project, tmp_path: Path, fault: str, message: str
) -> None:
    overlay = tmp_path / "overlay.yaml"
    overlay.write_text(fault)
    done = project.snakemake("--dry-run", preset=str(overlay))
    assert done.returncode != 0
    assert message in done.stdout + done.stderr
    assert "Traceback" not in done.stdout + done.stderr


def _figures() -> set[str]:
    return _entries("src/crest/figures")


def _statistics() -> set[str]:
    return _entries("src/crest/statistics/tables")


def _entries(folder: str) -> set[str]:
    paths = (ROOT / folder).glob("*.py")
    return {path.stem for path in paths if not path.name.startswith("_")}
