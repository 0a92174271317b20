import re
from copy import deepcopy
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
import yaml

from crest.config import FAMILIES, Config, ConfigError, load_config
from crest.grading.level import ISOLATIONS
from crest.registry import Registry
from crest.tasks.code.families import FAMILIES as TASK_FAMILIES

ROOT = Path(__file__).parents[2]
RAW = yaml.safe_load((ROOT / "config.yaml").read_text())


def changed(path: str, value: Any) -> dict[str, Any]:
    """Return the default configuration with one key set."""
    raw = deepcopy(RAW)
    *parents, last = path.split(".")
    section = raw
    for parent in parents:
        section = section[parent]
    section[last] = value
    return raw


def test_the_default_configuration_is_valid() -> None:
    assert isinstance(load_config(RAW), Config)


@pytest.mark.parametrize(
    ("path", "value", "message"),
    [
        ("study.campains", 3, "study.campains: unknown key"),
        ("study.arms", ["naive", "nave"], "study.arms[1]: unknown arm 'nave'"),
        ("study.arms", ["naive", "naive"], "'naive' is listed twice"),
        ("study.seeds", [1, 1], "study.seeds: 1 is listed twice"),
        ("study.seeds", [-1], "study.seeds.0: "),
        ("study.campaigns", 0, "study.campaigns: "),
        ("study.reference_arm", "nobody", "study.reference_arm: unknown arm 'nobody'"),
        ("arms.naive.learning_rate", "1e-3x", "arms.naive.learning_rate: "),
        ("arms.naive.learning_rate", float("inf"), "arms.naive.learning_rate: "),
        ("arms.naive.controller", {"kind": "fixd"}, "unknown kind 'fixd'; use one of "),
        ("arms.es.controller", {"kind": "early_stop", "margn": 3}, "margn: unknown key"),
        ("arms.grpo.objective", {"kind": "grpo", "epsilon": 2}, "epsilon: "),
        ("arms.kl.penalty", {"kind": "lk"}, "arms.kl.penalty: unknown kind 'lk'; use one of "),
        ("arms.kl.penalty", {"kind": "kl", "betta": 1}, "betta: unknown key"),
        ("arms.kl.penalty", {"kind": "kl", "reference": "end"}, "reference: "),
        ("arms.adaptive_kl.penalty", {"kind": "adaptive_kl", "target": 0}, "target: "),
        ("arms.ewc.penalty", {"kind": "ewc", "lambda_": -1}, "lambda_: "),
        ("arms.naive.reward", "visible_tests", "arms.naive.reward: "),
        ("arms.naive.prompts_per_step", 0, "arms.naive.prompts_per_step: "),
        ("arms.naive.prompts_per_step", 65, "arms.naive.prompts_per_step: 65 problems, but "),
        ("sampling.temperature", 0, "sampling.temperature: "),
        ("training.prompts_per_step", 65, "prompts_per_step 65 exceeds"),
        ("pass_at_k.num_generations", 32, "num_generations 32 is below the largest k 64"),
        ("crossover.selection.budgets", [5, 8], "5, the first, is the k of the ceiling, but "),
        ("crossover.pass_at_k.num_generations", 255, "255 is below twice the largest k 128"),
        ("pilot.seeds", [0], "pilot.seeds: [0] are seeds of results too"),
        ("pilot.seeds", [2000], "pilot.seeds: [2000] are seeds of results too"),
        ("pilot.seeds", [3000], "pilot.seeds: [3000] are seeds of results too"),
        ("pilot.arm", "nobody", "pilot.arm: unknown arm 'nobody'"),
        ("pilot.learning_rates", [0.002, 0.001], "is not ascending"),
        ("pilot.learning_rates", [0.1, 0.10000001], "two rates are called 0.1 in paths"),
        ("evaluation.num_problems", 257, "tasks.report makes only 256"),
        ("statistics.confidence_level", 1.5, "statistics.confidence_level: "),
        ("tasks.family_weights", {"map_redux": 1.0}, "unknown family 'map_redux'; use map_reduce"),
        ("tasks.hidden_tests", 31, "hidden_tests 31 of 60 candidate_inputs leaves no choice"),
        ("study.model", "organizm", "study.model: unknown model 'organizm'"),
        ("models", {}, "models: "),
        ("models.organism.shape.kind", "qwen3", "shape: unknown kind 'qwen3'; use one of "),
        ("models.organism.shape.num_key_value_heads", 3, "num_attention_heads 4 is no multiple of"),
        ("models.organism.shape.hidden_size", 100, "hidden_size 100 is no multiple of"),
        ("models.organism.shape.sliding_window", 8, "sliding_window: unknown key"),
        ("models.organism_gemma3.shape.sliding_window", 0, "sliding_window: "),
        ("models.organism_gemma3.shape.layer_types", ["full_attention"], "layer_types"),
        ("models.organism.base_seeds", [], "models.organism.base_seeds: an empty list"),
        ("models.organism.corpus.wrong_primitive_min", 0.9, "wrong_primitive_min 0.9 is above"),
        ("oracle.longest_short", 5, "oracle.longest_short: "),
        ("oracle.short_items", [1, 1], "oracle.short_items: 1 is listed twice"),
        ("oracle.short_words", ["two words"], "oracle.short_words.0: "),
        ("oracle.drawn_inputs", 59, "oracle.drawn_inputs: 59 inputs, but tasks.candidate_inputs"),
        ("referee.arms", ["nobody"], "referee.arms[0]: unknown arm 'nobody'"),
        ("referee.arms", ["oracle"], "referee.arms: none of oracle is in study.arms"),
        ("referee.repeats", 1, "referee.repeats: "),
        ("referee.repeat_problems", 257, "tasks.report makes only 256"),
        ("referee.pool_problems", 65, "training.problems_per_campaign is 64"),
        ("extended.arms", ["naive"], "extended.arms: 'naive' is in study.arms already"),
        ("extended.arms", ["nobody"], "extended.arms[0]: unknown arm 'nobody'"),
        ("extended.arms", ["oracle", "oracle"], "'oracle' is listed twice"),
        ("regime.arms", ["nobody"], "regime.arms[0]: unknown arm 'nobody'"),
        ("regime.arms", [], "regime.arms: an empty list"),
        ("regime.learning_rates", [], "regime.learning_rates: an empty list"),
        ("regime.learning_rates", [0.1, 0.1], "0.1 is listed twice"),
        ("regime.learning_rates", [0.1, 0.10000001], "two rates are called 0.1 in paths"),
        ("regime.prompts_per_step", [8, 65], "regime.prompts_per_step: 65 problems, but "),
        ("regime.prompts_per_step", [8, 8], "8 is listed twice"),
        ("diagnostic.arms", ["nobody"], "diagnostic.arms[0]: unknown arm 'nobody'"),
        ("diagnostic.max_steps", 0, "diagnostic.max_steps: "),
        ("architectures.models", ["nothing"], "architectures.models[0]: unknown model 'nothing'"),
        ("architectures.models", ["organism"], "'organism' is the study's own model"),
        ("architectures.arms", ["nobody"], "architectures.arms[0]: unknown arm 'nobody'"),
        ("study.seeds", [], "study.seeds: an empty list"),
        ("grading.isolation", "landlok", "grading.isolation: "),
    ],
)
def test_a_fault_is_named_by_its_path_and_its_remedy(path: str, value: Any, message: str) -> None:
    with pytest.raises(ConfigError, match="the configuration cannot be used") as error:
        load_config(changed(path, value))
    assert message in str(error.value)


@pytest.mark.parametrize("isolation", ISOLATIONS)
def test_every_isolation_of_the_grader_can_be_configured(isolation: str) -> None:
    assert load_config(changed("grading.isolation", isolation)).grading.isolation == isolation


def test_an_arm_has_no_penalty_unless_it_names_one() -> None:
    arms = load_config(RAW).arms
    assert (arms["naive"].penalty.kind, arms["kl"].penalty.kind) == ("none", "kl")


@pytest.mark.parametrize("path", ["extended.arms", "architectures.models"])
def test_the_extended_grid_may_add_nothing_of_a_kind(path: str) -> None:
    assert isinstance(load_config(changed(path, [])), Config)


def test_the_reference_arm_need_not_be_in_the_study() -> None:
    raw = changed("study.arms", ["es", "grpo"])
    raw["referee"]["arms"] = ["es"]
    assert load_config(raw).study.reference_arm == "naive"


@pytest.mark.parametrize(
    ("part", "package"),
    [
        ("objective", "crest.learning.objectives"),
        ("penalty", "crest.learning.penalties"),
        ("controller", "crest.control"),
    ],
)
def test_every_entry_of_a_registry_is_in_an_arm_of_the_configuration(
    part: str, package: str
) -> None:
    used = {getattr(arm, part).kind for arm in load_config(RAW).arms.values()}
    assert set(Registry(package).names()) - used == set()


def test_every_arm_of_the_configuration_is_in_a_study() -> None:
    config = load_config(RAW)
    used = {
        *(*config.study.arms, *config.extended.arms, config.pilot.arm),
        *(*config.regime.arms, *config.diagnostic.arms, *config.architectures.arms),
    }
    assert set(config.arms) - used == set()


def test_a_missing_key_is_named() -> None:
    raw = deepcopy(RAW)
    del raw["sampling"]["temperature"]
    with pytest.raises(ConfigError, match=r"sampling\.temperature: this key is missing"):
        load_config(raw)


def test_several_faults_are_listed_together() -> None:
    raw = changed("study.campaigns", 0)
    raw["sampling"]["temperatur"] = 1.0
    with pytest.raises(ConfigError) as error:
        load_config(raw)
    assert "study.campaigns" in str(error.value)
    assert "sampling.temperatur:" in str(error.value)


def test_every_key_of_the_configuration_is_described_where_it_first_stands() -> None:
    text, arms = (ROOT / "config.yaml").read_text().split("\narms:\n")
    text += arms[arms.index("\nreferee:") :]
    lines = [line for line in text.splitlines() if line.strip()]
    keys = [line.split(":")[0].strip() for line in lines]
    undescribed = [
        line
        for position, (above, line) in enumerate(pairwise(lines), start=1)
        if re.match(r" *[a-z]\w*:", line)
        and re.search(r":( &\w+)?$", line) is None
        and "#" not in line
        and above.lstrip()[0] != "#"
        and keys[position] not in {*RAW["tasks"]["family_weights"], *keys[:position]}
    ]
    assert undescribed == []


def test_a_value_that_fits_no_branch_of_a_union_is_one_fault() -> None:
    with pytest.raises(ConfigError) as error:
        load_config(changed("arms.naive.learning_rate", "1e-3x"))
    assert str(error.value).count("arms.naive.learning_rate") == 1


def test_families_of_the_configuration_are_those_of_the_tasks() -> None:
    assert set(FAMILIES) == set(TASK_FAMILIES)
