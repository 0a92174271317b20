import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from crest.learning.penalties.adaptive_kl import Options, adapted
from crest.learning.penalty import load_penalty

POSITIVE = st.floats(1e-6, 1e3)


def test_the_weight_follows_the_paper_s_rule_with_its_gains():
    options = Options(target=0.1, gain=0.1, max_error=0.2)
    assert adapted(2.0, 0.11, options) == pytest.approx(2.0 * (1 + 0.1 * 0.1))
    assert adapted(2.0, 0.09, options) == pytest.approx(2.0 * (1 - 0.1 * 0.1))
    assert adapted(2.0, 5.0, options) == pytest.approx(2.0 * 1.02)
    assert adapted(2.0, 0.0, options) == pytest.approx(2.0 * 0.98)


@given(POSITIVE, st.floats(0, 1e3), POSITIVE)
def test_the_weight_rises_above_the_target_and_falls_below_it(weight, divergence, target):
    after = adapted(weight, divergence, Options(target=target))
    assert after > 0
    assert (after >= weight) if divergence >= target else (after <= weight)


def test_the_state_holds_the_weight_from_step_to_step(context, three_tokens):
    options = {"beta": 0.4, "target": 0.1, "gain": 0.5, "max_error": 0.5}
    penalty = load_penalty("adaptive_kl", options).prepare(context(three_tokens()))
    assert penalty.weight({}) == 0.4
    first = penalty.adapt({}, 0.12)
    assert first == {"weight": pytest.approx(0.4 * 1.1)}
    second = penalty.adapt(first, 0.0)
    assert penalty.weight(second) == pytest.approx(0.4 * 1.1 * 0.75)


@pytest.mark.parametrize(("reference", "index"), [("campaign_start", 0), ("base", 1)])
def test_it_compares_with_the_policy_that_it_is_told_to(context, three_tokens, reference, index):
    policies = three_tokens(), three_tokens()
    penalty = load_penalty("adaptive_kl", {"reference": reference}).prepare(context(*policies))
    assert penalty.tokens.reference is policies[index]


def test_gains_that_could_turn_the_price_into_a_reward_are_refused():
    with pytest.raises(ValidationError, match=r"gain 2.0 times max_error 0.5 is not below 1"):
        load_penalty("adaptive_kl", {"gain": 2.0, "max_error": 0.5})
