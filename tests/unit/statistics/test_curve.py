import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from crest.statistics.curve import cliff_share, curve_gap, onset_step

CLIFF = np.array([0.2, 0.5, 0.4, 0.4, 0.1, 0.1])
SLIDE = np.array([0.2, 0.5, 0.4, 0.3, 0.2, 0.1])
RISE = np.array([0.2, 0.3, 0.5])


def test_the_gap_is_the_highest_minus_the_last_value():
    assert curve_gap(CLIFF) == pytest.approx(0.4)
    assert curve_gap(RISE) == 0


def test_the_cliff_share_tells_a_cliff_from_a_slide():
    assert cliff_share(CLIFF) == pytest.approx(0.75)
    assert cliff_share(SLIDE) == pytest.approx(0.25)


def test_a_drop_before_the_peak_is_no_cliff():
    assert cliff_share(np.array([0.4, 0.1, 0.5, 0.4, 0.3])) == pytest.approx(0.5)


def test_the_onset_is_where_the_curve_leaves_its_upper_half_for_good():
    assert onset_step(CLIFF) == 4
    assert onset_step(SLIDE) == 4
    assert onset_step(np.array([0.2, 0.5, 0.1, 0.5, 0.1])) == 4


def test_a_curve_that_ends_at_its_peak_has_neither_cliff_nor_onset():
    assert cliff_share(RISE) is None
    assert onset_step(RISE) is None


@given(st.lists(st.integers(0, 64), min_size=2, max_size=21))
def test_a_cliff_is_at_least_an_even_share_and_the_onset_follows_the_peak(totals):
    curve = np.array(totals) / 64
    if curve_gap(curve) > 0:
        steps_down = len(curve) - 1 - int(curve.argmax())
        assert cliff_share(curve) >= 1 / steps_down - 1e-12
        assert curve.argmax() < onset_step(curve) < len(curve)
