"""Which code and libraries jobs can reach: by hand, for all arms of config.yaml."""

import json
import re
from collections import defaultdict
from pathlib import Path

import pytest
import yaml
from tests.unit.plan.conftest import Study
from tests.unit.plan.every_spec import every_spec

from crest.config import load_config
from crest.plan import Plan
from crest.spec import parse_spec, present_closure

ROOT = Path(__file__).parents[3]

CARE = {"care", "care_healthy", "care_strict", "grpo_care"}
CARE_ES = {"care_es", "grpo_care_es"}
BUDGETED = CARE | CARE_ES | {"memory", "care_vector"}
"""Arms whose budget follows from the posterior."""

KL = {"kl", "kl_base", "ewc_style"}

METHODS = {
    "crest.learning.penalties.kl": KL,
    "crest.learning.penalties.adaptive_kl": {"adaptive_kl"},
    "crest.learning.penalties.ewc": {"ewc", "ewc_strong"},
    "crest.learning.penalties._divergence": KL | {"adaptive_kl"},
    "crest.learning.objectives.grpo": {
        *("grpo", "grpo_2", "grpo_es", "grpo_care", "grpo_care_es"),
        *(
            f"{arm}-p{prompts}"
            for arm in ("grpo", "grpo_batch", "grpo_none")
            for prompts in (8, 16)
        ),
    },
    "crest.control.care": CARE,
    "crest.control.care_early_stop": CARE_ES,
    "crest.control.care_v1": {"care_v1"},
    "crest.control.care_vector": {"care_vector"},
    "crest.control.memory": {"memory"},
    "crest.control.gate": {"gate"},
    "crest.control._posterior": BUDGETED,
    "crest.control._gate": BUDGETED | {"gate"},
    "crest.control.early_stop": {"es", "grpo_es"},
    "crest.control.patience": {"es_patience"},
    "crest.control.random_step": {"random_step"},
}
"""Which arms' campaigns can reach a module."""

MODELS = {
    "crest.models.organism.architectures.qwen2": {"organism"},
    "crest.models.organism.architectures.gemma3": {"organism_gemma3"},
}


@pytest.fixture(scope="module")
def reached() -> dict[str, set[tuple[str, str]]]:
    """Return by module the models and methods whose campaigns can reach it."""
    plan = Plan(load_config(yaml.safe_load((ROOT / "config.yaml").read_text())))
    found = defaultdict(set)
    for study in plan.files.studies.values():
        for chain in study.chains():
            if chain.seed == study.seeds[0]:
                spec = parse_spec(plan.run_campaign(chain, 1))
                for module in {piece.key.module for piece in present_closure(spec).pieces}:
                    found[module].add((chain.model, chain.method.partition("-lr")[0]))
    return found


@pytest.mark.parametrize("module", METHODS)
def test_an_edit_of_an_entry_is_one_of_the_campaigns_of_the_arms_that_name_it(
    reached, module: str
) -> None:
    assert {method for _, method in reached[module]} == METHODS[module]


@pytest.mark.parametrize("module", MODELS)
def test_an_edit_of_an_architecture_is_one_of_the_campaigns_on_its_models(
    reached, module: str
) -> None:
    assert {model for model, _ in reached[module]} == MODELS[module]


def test_a_base_model_has_the_code_of_its_own_architecture() -> None:
    plan = Plan(load_config(yaml.safe_load((ROOT / "config.yaml").read_text())))
    for model, own in (("organism", "qwen2"), ("organism_gemma3", "gemma3")):
        spec = json.loads(plan.train_base(model, 0))
        modules = {piece.key.module for piece in present_closure(spec).pieces}
        assert {name for name in MODELS if name in modules} == {
            f"crest.models.organism.architectures.{own}"
        }


def test_what_simulates_the_gate_has_the_code_of_the_controllers_that_it_judges() -> None:
    plan = Plan(load_config(yaml.safe_load((ROOT / "config.yaml").read_text())))
    spec = json.loads(plan.simulate_gate())
    modules = {piece.key.module for piece in present_closure(spec).pieces}
    assert {"crest.control.care", "crest.control.gate", "crest.control._posterior"} <= modules
    assert not any(name.startswith(("crest.learning", "crest.models")) for name in modules)


def test_every_job_needs_libraries_of_its_environment_alone(study: Study) -> None:
    environments = _environments()
    pins = {name: _pins(ROOT / f"envs/{name}.yaml") for name in set(environments.values())}
    missing = set()
    for spec in map(parse_spec, every_spec(Plan(study()))):
        environment = environments[spec["job"]]
        names = {name.lower() for name in spec["libraries"]}
        missing |= {(spec["job"], environment, name) for name in names - pins[environment]}
    assert missing == set()


def test_jobs_that_read_tables_have_an_environment_without_torch() -> None:
    environments = _environments()
    readers = {name for name, environment in environments.items() if environment == "analysis"}
    assert readers == {
        *("choose_learning_rates", "collect_table", "collect_decisions", "compute_statistic"),
        *("judge_claims", "draw_figure", "build_report", "simulate_gate", "pick_candidates"),
    }


def _environments() -> dict[str, str]:
    """Return the conda environment of every rule that names one."""
    texts = [path.read_text() for path in (ROOT / "workflow/rules").glob("*.smk")]
    blocks = (block for text in texts for block in re.split(r"\n(?=rule \w+:)", f"\n{text}"))
    named = (
        re.match(r"rule (\w+):.*?conda:\s+\"../../envs/(\w+)", block, re.DOTALL) for block in blocks
    )
    return {found[1]: found[2] for found in named if found}


def _pins(path: Path) -> set[str]:
    (pip,) = [
        entry["pip"]
        for entry in yaml.safe_load(path.read_text())["dependencies"]
        if isinstance(entry, dict)
    ]
    return {line.partition("==")[0].lower() for line in pip}
