"""What today's study makes of the specs of earlier jobs."""

import json
from pathlib import Path
from typing import Any

import pytest
import yaml

from crest.config import Config, load_config
from crest.plan import FIGURES, STATISTICS, Plan

ROOT = Path(__file__).parents[2]


def study(**study: Any) -> Config:
    config = yaml.safe_load((ROOT / "config.yaml").read_text())
    config["study"] |= {"arms": ["naive", "es"], "seeds": [0, 1], "campaigns": 2} | study
    config["pilot"] |= {"learning_rates": [0.001, 0.002], "seeds": [1000], "campaigns": 1}
    config["model"] |= {"base_seeds": [7]}
    return load_config(config)


def all_specs(plan: Plan) -> list[str]:
    chains = [
        *(("collapse", arm, seed, 2) for arm in ("naive", "es") for seed in (0, 1)),
        *(("pilot", method, 1000, 1) for method in plan.pilot_methods()),
    ]
    return [
        *(plan.make_tasks(), plan.train_base(7), plan.audit_grader(), plan.judge_claims()),
        *(plan.choose_learning_rates(), plan.build_report()),
        *(plan.run_campaign(*c[:3], k) for c in chains for k in range(1, c[3] + 1)),
        *(plan.evaluate_chain(*c[:3]) for c in chains),
        *(plan.sample_pass_at_k(*c[:3]) for c in chains if c[0] == "collapse"),
        plan.sample_pass_at_k("base", "base", 7),
        *(plan.collect_table(table) for table in ("steps", "select", "evaluation", "samples")),
        *(plan.compute_statistic(name) for name in STATISTICS.names()),
        *(plan.draw_figure(name) for name in FIGURES.names()),
    ]


def test_without_an_edit_every_spec_is_its_own_present() -> None:
    plan = Plan(study())
    for spec in all_specs(plan):
        assert plan.present(json.loads(spec)) == spec


def test_specs_of_a_study_differ_from_one_another() -> None:
    specs = all_specs(Plan(study()))
    assert len(set(specs)) == len(specs)


@pytest.mark.parametrize(
    ("smaller", "gone"),
    [
        ({"arms": ["naive"]}, '"method":"es"'),
        ({"seeds": [0]}, '"seed":1,"study":"collapse"'),
        ({"campaigns": 1}, '"campaign":2'),
    ],
)
def test_a_cell_that_left_the_study_has_no_present(smaller: dict[str, Any], gone: str) -> None:
    earlier, today = Plan(study()), Plan(study(**smaller))
    left = [spec for spec in all_specs(earlier) if today.present(json.loads(spec)) is None]
    cells = ("run_campaign", "evaluate_chain", "sample_pass_at_k")
    assert left
    assert all(json.loads(spec)["job"] in cells for spec in left)
    for spec in all_specs(earlier):
        text = json.dumps(_cell(json.loads(spec)), sort_keys=True, separators=(",", ":"))
        assert (spec in left) == (gone in text), text


def test_a_value_that_changed_changes_the_present_of_its_readers_alone() -> None:
    before = study()
    statistics = before.statistics.model_copy(update={"num_resamples": 123})
    earlier, today = Plan(before), Plan(before.model_copy(update={"statistics": statistics}))
    changed = {
        json.loads(spec)["job"]
        for spec in all_specs(earlier)
        if today.present(json.loads(spec)) != spec
    }
    assert changed == {"compute_statistic"}


def test_a_job_that_is_gone_has_no_present() -> None:
    assert Plan(study()).present({"job": "distil_model", "choices": {}}) is None


def _cell(spec: dict[str, Any]) -> dict[str, Any]:
    return spec["config"]["settings"] if spec["job"] == "run_campaign" else spec.get("keys", {})
