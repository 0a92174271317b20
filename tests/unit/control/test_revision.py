import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from crest.control._beliefs import beliefs_after, initial_beliefs, learnt, revised
from crest.control._experience import FEATURES, Experience
from crest.control._options import CareOptions
from crest.control._posterior import Prediction
from crest.control._revision import (
    CHI_SQUARED_95,
    is_bad_surprise,
    next_tightening,
    squared_deviation,
)
from crest.records import CAPABILITIES, Estimate

OPTIONS = CareOptions()
CHANGES = st.fixed_dictionaries({name: st.floats(-0.8, 0.8) for name in CAPABILITIES})
CONTEXT = np.array([1.0, 0.4, 0.2, 0.9, 1.0, 0.0])


def experience(**values):
    """Return a campaign whose capabilities changed as given, others not at all."""
    outcome = {name: Estimate(values.get(name, 0.0), 0.001) for name in CAPABILITIES}
    return Experience(CONTEXT, outcome)


def predictions(mean=0.0, variance=0.01):
    return {name: Prediction(mean, variance) for name in CAPABILITIES}


def widths(beliefs):
    return np.array([beliefs.posteriors[name].covariance.trace() for name in CAPABILITIES])


def test_the_limits_are_those_of_chi_squared():
    expected = stats.chi2.ppf(0.95, [1, 2, 3, 4])
    np.testing.assert_allclose(CHI_SQUARED_95, expected, atol=5e-5)


def test_the_deviation_is_the_quadratic_form_of_the_summed_covariances():
    outcome = {
        name: Estimate(0.1 * index, 0.02 * (index + 1)) for index, name in enumerate(CAPABILITIES)
    }
    difference = np.array([0.1 * index - 0.05 for index in range(4)])
    covariance = np.diag([0.01 + 0.02 * (index + 1) for index in range(4)])
    expected = difference @ np.linalg.inv(covariance) @ difference
    assert squared_deviation(predictions(mean=0.05), outcome) == pytest.approx(expected)


def test_a_surprise_comes_at_five_percent_where_beliefs_are_true_and_half_of_them_are_worse():
    rng = np.random.default_rng(0)
    draws = rng.standard_normal((20000, 4)) * (0.01 + 0.001) ** 0.5
    outcomes = [
        {name: Estimate(value, 0.001) for name, value in zip(CAPABILITIES, draw, strict=True)}
        for draw in draws
    ]
    rate = np.mean([is_bad_surprise(predictions(), outcome) for outcome in outcomes])
    assert rate == pytest.approx(0.025, abs=4 * (0.025 * 0.975 / 20000) ** 0.5)


def test_a_better_outcome_is_no_bad_surprise_however_far():
    assert not is_bad_surprise(predictions(), experience(**{"pass@1": 0.9}).changes)
    assert is_bad_surprise(predictions(), experience(**{"pass@1": -0.9}).changes)


def test_with_no_hard_problem_watched_three_capabilities_are_judged():
    known = {name: belief for name, belief in predictions().items() if name != "hard"}
    outcome = {
        name: Estimate(-(8.6**0.5) * 0.1 * (name == "pass@1"), 0.0) for name in known
    }  # between the limits for three and for four
    assert CHI_SQUARED_95[2] < squared_deviation(known, outcome) < CHI_SQUARED_95[3]
    assert is_bad_surprise(known, outcome)


@given(changes=CHANGES)
def test_beliefs_are_widened_after_bad_surprises_and_only_then(changes):
    beliefs, seen = initial_beliefs(OPTIONS), experience(**changes)
    foreseen = beliefs.predict(CONTEXT, CAPABILITIES, OPTIONS.campaign_sd)
    bad = is_bad_surprise(foreseen, seen.changes)
    later = revised(beliefs, seen, OPTIONS, OPTIONS)
    np.testing.assert_allclose(widths(later), widths(beliefs) * (1.5 if bad else 1.0))
    assert later.surprised == bad
    assert later.tightening == (0.1 if bad else 0.0)


def test_a_surprise_tightens_for_two_campaigns_and_decays_where_they_are_clean():
    tightenings, now = [], 0.0
    for surprised in (True, False, False, False):
        now = next_tightening(now, surprised=surprised, tightening=0.1, decay=0.05)
        tightenings.append(now)
    assert tightenings == pytest.approx([0.1, 0.05, 0.0, 0.0])


def test_a_second_surprise_starts_the_two_campaigns_anew():
    assert next_tightening(0.05, surprised=True, tightening=0.1, decay=0.05) == 0.1
    assert next_tightening(0.1, surprised=True, tightening=0.1, decay=0.05) == 0.1


@given(before=st.floats(0, 1), surprised=st.booleans())
def test_tightening_is_never_negative_and_never_above_its_last_value_or_the_option(
    before, surprised
):
    after = next_tightening(before, surprised=surprised, tightening=0.1, decay=0.05)
    assert 0 <= after <= max(before, 0.1)


@given(changes=st.lists(CHANGES, min_size=1, max_size=5), order=st.randoms(use_true_random=False))
def test_without_revision_the_order_of_campaigns_does_not_matter(changes, order):
    seen = [experience(**each) for each in changes]
    shuffled = list(seen)
    order.shuffle(shuffled)
    one, two = (beliefs_after(each, OPTIONS, None) for each in (seen, shuffled))
    for name in CAPABILITIES:
        np.testing.assert_allclose(one.posteriors[name].mean, two.posteriors[name].mean, atol=1e-9)


@given(falls=st.fixed_dictionaries({name: st.floats(-0.8, -0.5) for name in CAPABILITIES}))
def test_a_bad_surprise_moves_beliefs_further_than_it_would_without_revision(falls):
    seen = experience(**falls)
    with_revision = beliefs_after([seen], OPTIONS, OPTIONS)
    without = beliefs_after([seen], OPTIONS, None)
    assert with_revision.surprised
    for name in CAPABILITIES:
        further, less = (CONTEXT @ each.posteriors[name].mean for each in (with_revision, without))
        assert falls[name] < further < less < 0


def test_what_was_not_measured_is_not_learnt():
    seen = Experience(CONTEXT, {"pass@1": Estimate(0.3, 0.001)})
    beliefs = learnt(initial_beliefs(OPTIONS), seen, OPTIONS)
    assert CONTEXT @ beliefs.posteriors["pass@1"].mean > 0.2
    assert not beliefs.posteriors["hard"].mean.any()
    assert len(FEATURES) == len(CONTEXT)
