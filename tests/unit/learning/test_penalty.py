import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from pydantic import ValidationError

from crest.learning.objective import load_objective
from crest.learning.optimiser import Optimiser
from crest.learning.penalty import NO_PENALTY, PENALTIES, load_penalty
from crest.learning.update import UpdateSettings, update

SOURCE = Path(__file__).parents[3] / "src"
KINDS = ("adaptive_kl", "ewc", "kl", "none")


def test_these_are_all_penalties():
    assert tuple(PENALTIES.names()) == KINDS


@pytest.mark.parametrize("kind", KINDS)
def test_options_refuse_an_unknown_key(kind):
    with pytest.raises(ValidationError, match="betta"):
        load_penalty(kind, {"betta": 1.0})


@pytest.mark.parametrize("kind", KINDS)
def test_every_option_is_described(kind):
    fields = PENALTIES[kind].Options.model_fields
    assert [name for name, field in fields.items() if not field.description] == []


@pytest.mark.parametrize("kind", KINDS)
def test_options_cannot_be_changed(kind):
    options = load_penalty(kind, {}).options
    with pytest.raises(ValidationError):
        options.beta = 1.0


def test_an_unknown_kind_is_refused_with_the_known_ones():
    with pytest.raises(KeyError, match="adaptive_kl, ewc, kl, none"):
        load_penalty("l2", {})


@pytest.mark.parametrize("state", [{}, {"weight": 2.0}])
def test_no_penalty_has_no_terms_and_carries_nothing(context, state):
    penalty = load_penalty("none", {}).prepare(context(None))
    assert penalty is NO_PENALTY
    assert penalty.tokens is penalty.parameters is None
    assert penalty.weight(state) == 0.0
    assert penalty.adapt(state, 0.3) is state


@pytest.mark.parametrize(
    ("kind", "options"),
    [
        ("kl", {"beta": 30.0}),
        ("kl", {"beta": 30.0, "estimator": "k3"}),
        ("adaptive_kl", {"beta": 5.0, "target": 1e-4}),
        ("ewc", {"lambda_": 30.0}),
    ],
)
def test_a_strong_penalty_keeps_the_policy_near_its_start(
    three_tokens, group, context, kind, options
):
    samples = [((1, 2, 0), True), ((2, 2, 2, 2), False), ((1, 1, 0), True), ((0,), False)]
    groups = [group("one", samples)]
    start = (0.2, -0.4, 0.5)

    def distance(kind, options):
        policy = three_tokens(start)
        penalty = load_penalty(kind, options).prepare(context(three_tokens(start), num_problems=1))
        optimiser = Optimiser(policy.parameters(), learning_rate=0.05)
        state = {}
        for number in range(15):
            state = update(
                policy,
                groups,
                load_objective("reinforce", {}),
                optimiser,
                UpdateSettings(1.0, 4, 64),
                state={},
                step=number,
                penalty=penalty,
                penalty_state=state,
            ).penalty_state
        return np.ptp(np.subtract(policy.theta.tolist(), start))

    assert distance(kind, options) < distance("none", {}) / 4


def test_options_are_validated_without_torch():
    script = (
        "import sys; sys.modules['torch'] = None\n"
        "from crest.learning.penalty import load_penalty\n"
        f"[load_penalty(kind, {{}}) for kind in {KINDS}]"
    )
    subprocess.run([sys.executable, "-c", script], check=True, env={"PYTHONPATH": str(SOURCE)})
