import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.synthetic.campaigns import NUM_SAMPLES, curve, history, snapshot

from crest.control._experience import (
    FEATURES,
    Setting,
    changes,
    context_of,
    end_to_peak,
    experiences,
    latest_ratio,
)
from crest.records import CampaignCurve, CampaignPlan, History, Snapshot

SETTING = Setting(max_steps=20, margin=0.05, window=3)


def test_end_to_peak_is_shrunk_on_both_sides():
    fell = curve([0.25, 0.5, 0.125])
    assert end_to_peak(fell) == pytest.approx((32 + 1) / (128 + 1))


def test_a_campaign_that_ends_at_its_peak_has_ratio_one_and_one_at_nought_too():
    assert end_to_peak(curve([0.2, 0.3, 0.4])) == 1.0
    assert end_to_peak(curve([0.0, 0.0])) == 1.0


def test_a_start_that_nothing_beats_is_the_peak():
    assert end_to_peak(curve([0.5, 0.25])) == pytest.approx(65 / 129)


@given(values=st.lists(st.floats(0, 1), min_size=2, max_size=21))
def test_a_ratio_lies_above_nought_and_at_most_at_one(values):
    assert 0 < end_to_peak(curve(values)) <= 1


@pytest.mark.parametrize(("rate", "expected"), [(0.6, 0.92), (0.2, 0.81)])
def test_the_ratio_of_a_policy_that_never_changes_lies_below_one_as_its_docstring_says(
    rate, expected
):
    rng = np.random.default_rng(1)
    counts = rng.binomial(NUM_SAMPLES, rate, size=(2000, 21))
    ratios = (counts[:, -1] + 1) / (counts.max(axis=1) + 1)
    assert ratios.mean() == pytest.approx(expected, abs=0.006)


def test_changes_are_end_minus_start_with_both_variances():
    start, end = snapshot(0.5, variance=0.001), snapshot(0.4, variance=0.002, hard=0.1)
    run = CampaignCurve(1, CampaignPlan(2), (start, snapshot(0.9), end))
    found = changes(run)
    assert found["pass@1"].value == pytest.approx(-0.1)
    assert found["hard"].value == pytest.approx(0.1 - 0.25)
    assert found["pass@1"].variance == pytest.approx(0.003)


def test_a_capability_that_was_not_measured_has_no_change():
    bare = Snapshot({"pass@1": snapshot(0.5).capability["pass@1"]}, 0.3, 128, 256)
    assert list(changes(CampaignCurve(1, CampaignPlan(1), (bare, bare)))) == ["pass@1"]


def test_the_first_context_has_nothing_that_fell():
    context = context_of(History(), snapshot(0.2, entropy=0.4), 10, SETTING)
    expected = {"constant": 1, "start": 0.2, "entropy": 0.4, "ratio": 1, "budget": 0.5}
    assert dict(zip(FEATURES, context, strict=True)) == {**expected, "failures": 0}


def test_a_context_counts_the_failures_among_the_last_campaigns_that_took_steps():
    fall, rise, slip = [0.5, 0.3], [0.3, 0.5], [0.5, 0.46]
    past = history(fall, fall, rise, slip, [0.4])
    context = context_of(past, snapshot(0.4), 20, SETTING)
    assert context[FEATURES.index("failures")] == 1
    assert context[FEATURES.index("ratio")] == pytest.approx(end_to_peak(curve(slip)))


def test_a_rejected_campaign_is_no_experience_and_leaves_the_ratio():
    past = history([0.2, 0.4, 0.3], [0.3], [0.3, 0.2])
    found = experiences(past, SETTING)
    assert len(found) == 2
    assert found[1].context[FEATURES.index("ratio")] == pytest.approx(
        end_to_peak(curve([0.2, 0.4, 0.3]))
    )
    assert latest_ratio(history([0.2, 0.4, 0.3], [0.3])) == latest_ratio(history([0.2, 0.4, 0.3]))


def test_the_context_of_an_experience_is_what_was_known_before_it():
    past = history([0.2, 0.4], [0.4, 0.3], [0.3, 0.5])
    for position, experience in enumerate(experiences(past, SETTING)):
        run = past.decisions[position].curve
        before = History(past.decisions[:position])
        known = context_of(before, run.snapshots[0], run.steps_run, SETTING)
        np.testing.assert_array_equal(experience.context, known)
