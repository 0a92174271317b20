from collections import Counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from crest.records import CampaignCurve, CampaignPlan, Decision, Estimate, History, Snapshot
from crest.registry import Registry
from crest.seeds import generator

CONTROLLERS = Registry("crest.control")
KINDS = ("early_stop", "fixed", "patience", "random_step")
RISE_AND_FALL = (0.2, 0.3, 0.5, 0.4, 0.1, 0.1)
FALL = (0.4, 0.3, 0.3, 0.2)
CURVES = st.lists(st.floats(0, 1), min_size=2, max_size=21).map(tuple)


def snapshot(value):
    """Return what 256 samples at a pass@1 show; these controllers look at nothing else."""
    estimate = Estimate(value, value * (1 - value) / 256)
    return Snapshot({"pass@1": estimate}, 0.5, round(256 * value), 256)


def make_curve(values, campaign=1):
    return CampaignCurve(campaign, CampaignPlan(num_steps=20), tuple(map(snapshot, values)))


def plan(kind, *curves, max_steps=20, **options):
    """Return the plan after campaigns with the given curves."""
    module = CONTROLLERS[kind]
    parsed = module.Options(**options)
    decisions = []
    for number, values in enumerate(curves, start=1):
        curve = make_curve(values, number)
        past = History(tuple(decisions))
        selection = module.select(past, curve, parsed, rng=generator("test", number))
        decisions.append(Decision(curve, selection))
    return module.plan(History(tuple(decisions)), snapshot(0.2), parsed, max_steps=max_steps)


def select(kind, values, *, seed=0, **options):
    module = CONTROLLERS[kind]
    return module.select(
        History(), make_curve(values), module.Options(**options), rng=np.random.default_rng(seed)
    )


def test_the_registry_has_exactly_these_controllers():
    assert set(CONTROLLERS.names()) >= set(KINDS)


@pytest.mark.parametrize("kind", KINDS)
def test_options_are_closed_frozen_and_described(kind):
    options = CONTROLLERS[kind].Options
    with pytest.raises(ValidationError, match="budjet"):
        options(budjet=3)
    assert options.model_config["frozen"]
    assert all(field.description for field in options.model_fields.values())


@pytest.mark.parametrize("kind", KINDS)
def test_the_first_campaign_may_run_the_study_s_budget(kind):
    assert plan(kind, max_steps=17).num_steps == 17


@pytest.mark.parametrize("kind", KINDS)
@given(curves=st.lists(CURVES, max_size=4), max_steps=st.integers(1, 30))
def test_a_budget_is_at_least_one_step_and_at_most_the_study_s(kind, curves, max_steps):
    assert 1 <= plan(kind, *curves, max_steps=max_steps).num_steps <= max_steps


@pytest.mark.parametrize("kind", KINDS)
def test_nothing_is_taken_from_earlier_campaigns(kind):
    assert CONTROLLERS.literal(kind, "RESTARTS") is False
    assert select(kind, RISE_AND_FALL).campaign is None


@pytest.mark.parametrize("kind", KINDS)
@given(values=CURVES, seed=st.integers(0, 9))
def test_a_selected_step_was_run_and_its_reason_is_given(kind, values, seed):
    selection = select(kind, values, seed=seed)
    assert 0 <= selection.step < len(values)
    assert selection.reason


def test_fixed_rolls_the_end_forward_whatever_the_curve():
    assert select("fixed", RISE_AND_FALL).step == 5
    assert select("fixed", FALL).step == 3


def test_fixed_keeps_its_own_budget_when_it_has_one():
    assert plan("fixed", RISE_AND_FALL, num_steps=5) == CampaignPlan(num_steps=5)
    assert plan("fixed", num_steps=5, max_steps=3).num_steps == 3
    with pytest.raises(ValidationError):
        CONTROLLERS["fixed"].Options(num_steps=0)


def test_early_stop_rolls_the_peak_forward_and_budgets_three_more():
    assert select("early_stop", RISE_AND_FALL).step == 2
    assert plan("early_stop", RISE_AND_FALL).num_steps == 5


def test_early_stop_looks_at_the_last_campaign_alone():
    assert plan("early_stop", RISE_AND_FALL, (0.1, 0.2, 0.1)).num_steps == 4


def test_early_stop_is_capped_at_the_study_s_budget():
    rising = np.linspace(0, 1, 21)
    assert plan("early_stop", rising).num_steps == 20


def test_early_stop_keeps_the_start_when_nothing_beats_it():
    assert select("early_stop", FALL).step == 0
    assert "start" in select("early_stop", FALL).reason
    assert plan("early_stop", FALL).num_steps == 3


def test_of_equal_peaks_the_first_counts():
    for kind in ("early_stop", "patience"):
        assert select(kind, (0.2, 0.5, 0.3, 0.5)).step == 1
        assert select(kind, (0.5, 0.5, 0.5)).step == 0


def test_patience_plans_the_whole_budget_with_a_stop_inside():
    assert plan("patience", RISE_AND_FALL) == CampaignPlan(num_steps=20, patience=3)
    assert plan("patience", patience=5).patience == 5


def test_patience_rolls_the_peak_forward_or_keeps_the_start():
    assert select("patience", RISE_AND_FALL).step == 2
    assert select("patience", FALL).step == 0


def test_random_step_draws_every_step_but_the_start_about_equally():
    draws = Counter(select("random_step", RISE_AND_FALL, seed=seed).step for seed in range(2000))
    assert sorted(draws) == [1, 2, 3, 4, 5]
    assert all(abs(count - 400) < 100 for count in draws.values())  # over 5 deviations


def test_random_step_is_a_function_of_its_generator():
    steps = [select("random_step", RISE_AND_FALL, seed=seed).step for seed in range(20)]
    assert steps == [select("random_step", RISE_AND_FALL, seed=seed).step for seed in range(20)]


@given(values=CURVES, seed=st.integers(0, 9))
def test_random_step_does_not_look_at_the_curve(values, seed):
    flat = (0.5,) * len(values)
    assert select("random_step", values, seed=seed) == select("random_step", flat, seed=seed)
