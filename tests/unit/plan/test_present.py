"""What today's study makes of the specs of earlier jobs."""

import json
from typing import Any

import pytest
from tests.unit.plan.conftest import Study
from tests.unit.plan.every_spec import every_spec

from crest.config import Config
from crest.plan import Plan
from crest.plan.present import present_spec

SAMPLING = (
    "run_campaign evaluate_chain sample_pass_at_k repeat_evaluations evaluate_pools "
    "measure_stationarity"
)

CROSSOVER = "train_generator sample_banks run_round draw_candidates train_critic"


def jobs_with_another_present(earlier: Plan, today: Plan) -> set[str]:
    """Return the jobs that the study still has, and that would be done otherwise."""
    changed = set()
    for spec in every_spec(earlier):
        present = present_spec(today, json.loads(spec))
        if present not in (spec, None):
            changed.add(json.loads(spec)["job"])
    return changed


def with_option(config: Config, arm: str, part: str, **options: Any) -> Config:
    """Return the study with one component of an arm changed."""
    raw = config.model_dump()
    raw["arms"][arm][part] |= options
    return Config.model_validate(raw)


def test_without_an_edit_every_spec_is_its_own_present(study: Study) -> None:
    plan = Plan(study())
    for spec in every_spec(plan):
        assert present_spec(plan, json.loads(spec)) == spec


def test_specs_of_a_study_differ_from_one_another(study: Study) -> None:
    specs = every_spec(Plan(study()))
    assert len(set(specs)) == len(specs)


@pytest.mark.parametrize(
    ("smaller", "gone"),
    [
        ({"study": {"arms": ["naive"]}}, {"method": "es"}),
        ({"study": {"seeds": [0, 1]}, "extended": {}}, {"seed": 2, "study": "collapse"}),
        ({"crossover": {"trajectories": [0]}}, {"method": "standard", "seed": 1}),
        ({"crossover": {"rounds": 1}}, {"round": 2}),
        ({"study": {"campaigns": 1}}, {"campaign": 2, "study": "collapse"}),
        ({"extended": {"arms": []}}, {"method": "oracle"}),
        ({"regime": {"campaigns": 1}}, {"campaign": 2, "study": "regime"}),
        ({"regime": {"prompts_per_step": [8]}}, {"method": "grpo-p4-lr0.001"}),
        ({"regime": {"learning_rates": [0.001]}}, {"method": "grpo-p8-lr0.002"}),
        ({"diagnostic": {"seeds": [3001]}}, {"study": "diagnostic"}),
        ({"architectures": {"models": []}}, {"model": "organism_gemma3"}),
        ({"architectures": {"models": []}}, {"collection": "architectures"}),
        ({"referee": {"arms": ["es"]}}, {"job": "repeat_evaluations"}),
        ({"referee": {"arms": ["es"]}}, {"job": "evaluate_pools"}),
    ],
    ids=str,
)
def test_a_cell_that_left_the_study_has_no_present(
    study: Study, smaller: dict[str, Any], gone: dict[str, Any]
) -> None:
    earlier, today = Plan(study()), Plan(study(**smaller))
    specs = [spec for spec in every_spec(earlier) if gone.items() <= cell(spec).items()]
    assert specs
    assert [spec for spec in specs if present_spec(today, json.loads(spec)) is not None] == []


@pytest.mark.parametrize(
    ("smaller", "jobs"),
    [
        ({"study": {"arms": ["naive"]}}, "run_campaign evaluate_chain sample_pass_at_k"),
        ({"regime": {"learning_rates": [0.001]}}, "run_campaign evaluate_chain"),
        ({"referee": {"arms": ["es"]}}, "repeat_evaluations evaluate_pools"),
    ],
    ids=str,
)
def test_what_leaves_a_study_is_of_chains(study: Study, smaller: dict[str, Any], jobs: str) -> None:
    earlier, today = Plan(study()), Plan(study(**smaller))
    specs = map(json.loads, every_spec(earlier))
    left = {spec["job"] for spec in specs if present_spec(today, spec) is None}
    assert left - {"compare_labels"} == set(jobs.split())


def test_tables_of_models_that_are_gone_are_gone_and_nothing_else_of_tables(study: Study) -> None:
    earlier, today = Plan(study()), Plan(study(architectures={"models": []}))
    tables = ("collect_table", "compute_statistic", "draw_figure", "judge_claims", "build_report")
    left = [
        spec
        for spec in map(json.loads, every_spec(earlier))
        if spec["job"] in tables and present_spec(today, spec) is None
    ]
    assert all("architectures" in json.dumps(spec) for spec in left)
    assert {spec["job"] for spec in left} >= {"collect_table", "compute_statistic"}


@pytest.mark.parametrize(
    ("section", "values", "jobs"),
    [
        ("statistics", {"num_resamples": 123}, "compute_statistic"),
        ("oracle", {"longest_short": 2}, "make_oracle"),
        ("referee", {"repeats": 7}, "repeat_evaluations"),
        ("referee", {"repeat_problems": 16}, "repeat_evaluations"),
        ("referee", {"repeat_generations": 3}, "repeat_evaluations"),
        ("referee", {"pool_problems": 16}, "evaluate_pools"),
        ("referee", {"num_generations": 3}, "evaluate_pools measure_stationarity"),
        ("referee", {"simulated_chains": 7}, "simulate_gate"),
        ("pass_at_k", {"num_problems": 16}, "sample_pass_at_k"),
        ("diagnostic", {"max_steps": 7}, "run_campaign"),
        ("pilot", {"min_rise": 0.1}, "choose_learning_rates"),
        ("audit", {"repeats": 3}, "audit_grader"),
        (
            "runtime",
            {"threads": 2},
            f"{SAMPLING} train_base {CROSSOVER}",
        ),
        (
            "grading",
            {"cpu_s": 3.0},
            f"{SAMPLING} audit_grader compare_labels",
        ),
    ],
    ids=str,
)
def test_a_value_that_changed_changes_the_present_of_its_readers_alone(
    study: Study, section: str, values: dict[str, Any], jobs: str
) -> None:
    earlier, today = Plan(study()), Plan(study(**{section: values}))
    assert jobs_with_another_present(earlier, today) == set(jobs.split())


@pytest.mark.parametrize(
    ("arm", "part", "options", "methods"),
    [
        ("es", "controller", {"margin": 1}, {"es"}),
        ("oracle", "penalty", {"kind": "kl"}, {"oracle"}),
        ("grpo", "objective", {"epsilon": 0.1}, {"grpo-p8-lr0.001", "grpo-p4-lr0.002"}),
    ],
)
def test_a_component_of_an_arm_changes_the_campaigns_of_its_chains_alone(
    study: Study, arm: str, part: str, options: dict[str, Any], methods: set[str]
) -> None:
    before = study()
    earlier, today = Plan(before), Plan(with_option(before, arm, part, **options))
    changed = [
        json.loads(spec)
        for spec in every_spec(earlier)
        if present_spec(today, json.loads(spec)) != spec
    ]
    assert {spec["job"] for spec in changed} - {"build_report"} == {"run_campaign"}
    seen = {
        spec["config"]["settings"]["method"] for spec in changed if "settings" in spec["config"]
    }
    assert methods <= seen
    assert {method.partition("-")[0] for method in seen} == {arm}


def test_the_shape_of_a_model_changes_its_bases_alone(study: Study) -> None:
    before = study()
    raw = before.model_dump()
    raw["models"]["organism_gemma3"]["shape"]["sliding_window"] = 8
    today = Plan(Config.model_validate(raw))
    changed = [
        json.loads(spec)
        for spec in every_spec(Plan(before))
        if present_spec(today, json.loads(spec)) != spec
    ]
    assert {(spec["job"], spec["model"]) for spec in changed} == {("train_base", "organism_gemma3")}


def test_a_job_that_is_gone_has_no_present(study: Study) -> None:
    assert present_spec(Plan(study()), {"job": "distil_model", "choices": {}}) is None


def cell(text: str) -> dict[str, Any]:
    """Return what tells a job from others, and its name."""
    spec = json.loads(text)
    inner = spec["config"].get("settings") or spec.get("keys", {})
    names = ("job", "model", "collection", "grid")
    return {**{name: spec[name] for name in names if name in spec}, **inner}
