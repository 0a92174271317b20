import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.synthetic.campaigns import snapshot

from crest.control._trust_region import FLOOR, hypervolume_gain, region_after
from crest.records import CampaignCurve, CampaignPlan, Estimate

LOSS, GAIN, NOISE = Estimate(-0.3, 0.01), Estimate(0.3, 0.01), Estimate(-0.1, 0.01)


def region(*outcomes):
    return region_after(outcomes, caution=2.0, smallest=0.25)


def campaign(start, end):
    return CampaignCurve(1, CampaignPlan(1), (start, end))


def box(capability):
    return math.prod(each.value - FLOOR for each in capability.values())


def test_a_region_is_full_at_first_halves_on_a_loss_and_doubles_on_a_gain():
    assert region() == (1.0, False)
    assert region(LOSS) == (0.5, False)
    assert region(LOSS, LOSS) == (0.25, False)
    assert region(LOSS, LOSS, GAIN) == (0.5, False)
    assert region(GAIN, GAIN) == (1.0, False)


def test_a_loss_within_the_noise_changes_nothing():
    assert region(NOISE) == (1.0, False)
    assert region(LOSS, NOISE) == (0.5, False)


def test_a_region_that_shrank_too_far_restarts_and_is_full_after_the_rejected_campaign():
    assert region(LOSS, LOSS, LOSS) == (0.125, True)
    assert region(LOSS, LOSS, LOSS, None) == (1.0, False)


@given(outcomes=st.lists(st.sampled_from([LOSS, GAIN, NOISE, None]), max_size=10))
def test_a_better_last_campaign_never_leaves_a_smaller_region(outcomes):
    lengths = [region(*outcomes, last)[0] for last in (LOSS, NOISE, GAIN)]
    assert lengths == sorted(lengths)
    assert max(lengths) <= 1


def test_a_gain_is_the_difference_of_the_boxes_of_end_and_start():
    start, end = snapshot(0.3), snapshot(0.6, hard=0.1)
    found = hypervolume_gain(campaign(start, end))
    assert found.value == pytest.approx(box(end.capability) - box(start.capability))


def test_what_is_better_in_some_and_worse_in_others_is_weighed_by_volume():
    start = snapshot(0.5, hard=0.4)
    assert hypervolume_gain(campaign(start, snapshot(0.55, hard=0.1))).value < 0
    assert hypervolume_gain(campaign(start, snapshot(0.7, hard=0.35))).value > 0


def test_a_capability_at_nought_hides_no_other():
    start, end = snapshot(0.2, hard=0.0), snapshot(0.6, hard=0.0)
    assert hypervolume_gain(campaign(start, end)).value > 0


def test_the_variance_is_that_of_simulated_measurements():
    rng = np.random.default_rng(0)
    variance = 0.0002
    ends = [snapshot(value, variance=variance) for value in (0.5, 0.6)]
    sides = [
        np.array([each.value - FLOOR for each in end.capability.values()])
        + variance**0.5 * rng.standard_normal((20000, 4))
        for end in ends
    ]
    expected = (sides[1].prod(axis=1) - sides[0].prod(axis=1)).var()
    assert hypervolume_gain(campaign(*ends)).variance == pytest.approx(expected, rel=0.05)
