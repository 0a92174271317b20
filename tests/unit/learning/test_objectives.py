import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from pydantic import ValidationError

from crest.learning.objective import OBJECTIVES, load_objective

SOURCE = Path(__file__).parents[3] / "src"
KINDS = ("grpo", "reinforce")
REWARDS = np.array([[1.0, 0.0, 0.0, 0.0], [1.0, 1.0, 1.0, 1.0]])


@pytest.mark.parametrize("kind", KINDS)
def test_options_refuse_an_unknown_key(kind):
    with pytest.raises(ValidationError, match="learning_rat"):
        load_objective(kind, {"learning_rat": 1.0})


@pytest.mark.parametrize("kind", KINDS)
def test_every_option_is_described(kind):
    fields = OBJECTIVES[kind].Options.model_fields
    assert [name for name, field in fields.items() if not field.description] == []


@pytest.mark.parametrize("kind", KINDS)
def test_options_cannot_be_changed(kind):
    options = load_objective(kind, {}).options
    with pytest.raises(ValidationError):
        options.aggregation = "constant"


def test_an_unknown_kind_is_refused_with_the_known_ones():
    with pytest.raises(KeyError, match="grpo, reinforce"):
        load_objective("ppo", {})


def test_reinforce_subtracts_the_batch_s_mean_by_default():
    objective = load_objective("reinforce", {})
    advantages, state = objective.advantages(REWARDS, objective.options, {})
    assert np.allclose(advantages, REWARDS - 5 / 8)
    assert state == {}


def test_reinforce_without_baseline_punishes_failures_only_under_plus_minus_one():
    plain = load_objective("reinforce", {"baseline": "none"})
    moved = load_objective("reinforce", {"baseline": "none", "reward_range": "plus_minus_one"})
    assert plain.advantages(REWARDS, plain.options, {})[0].min() == 0.0
    assert moved.advantages(REWARDS, moved.options, {})[0].min() == -1.0


def test_reinforce_carries_its_moving_average_as_json_values():
    objective = load_objective("reinforce", {"baseline": "moving_average", "baseline_decay": 0.5})
    _, state = objective.advantages(REWARDS, objective.options, {})
    assert state == {"baseline": 5 / 8}
    advantages, state = objective.advantages(np.ones((2, 4)), objective.options, state)
    assert np.allclose(advantages, 3 / 8)
    assert state == {"baseline": 0.5 * 5 / 8 + 0.5}


def test_grpo_ignores_a_group_whose_samples_all_pass():
    objective = load_objective("grpo", {})
    advantages, _ = objective.advantages(REWARDS, objective.options, {})
    assert advantages[1].tolist() == [0.0] * 4
    assert advantages[0].std() == pytest.approx(1.0)


def test_unscaled_grpo_is_leave_one_out_reinforce_up_to_n_minus_1_over_n():
    grpo = load_objective("grpo", {"scale_rewards": "none"})
    reinforce = load_objective("reinforce", {"baseline": "leave_one_out"})
    ours, _ = grpo.advantages(REWARDS, grpo.options, {})
    theirs, _ = reinforce.advantages(REWARDS, reinforce.options, {})
    assert np.allclose(ours, theirs * 3 / 4)


def test_an_objective_says_what_an_update_needs():
    assert load_objective("reinforce", {}).options.updates_per_batch == 1
    assert load_objective("grpo", {"num_iterations": 2}).options.updates_per_batch == 2


def test_options_are_validated_without_torch():
    script = (
        "import sys; sys.modules['torch'] = None\n"
        "from crest.learning.objective import load_objective\n"
        "load_objective('grpo', {'epsilon': 0.1}), load_objective('reinforce', {})"
    )
    subprocess.run([sys.executable, "-c", script], check=True, env={"PYTHONPATH": str(SOURCE)})
