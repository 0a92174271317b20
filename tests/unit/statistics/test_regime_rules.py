import pytest
from hypothesis import given
from hypothesis import strategies as st

from crest.statistics.regime_rules import cause, crossing, falls, phase

SHARES = st.floats(-0.5, 1.0)


@pytest.mark.parametrize(
    ("rise", "fall", "words"),
    [
        (0.05, 0.10, "rises and falls"),
        (0.04, 0.10, "only falls"),
        (0.05, 0.02, "rises and stays"),
        (0.05, 0.03, "rises and sags"),
        (0.05, -0.10, "rises and stays"),
        (0.04, 0.09, "does not rise"),
    ],
)
def test_phases_have_the_pilots_thresholds(rise, fall, words):
    assert phase(rise, fall) == words


def test_a_threshold_is_met_whatever_the_last_bit_says():
    assert falls(0.3 - 0.2)
    assert phase(0.15 - 0.1, 0.0) == "rises and stays"


def test_the_border_between_the_causes_is_half_of_the_fall():
    assert cause(0.4, 0.2, 0.1) == "instability"
    assert cause(0.4, 0.2, 0.3) == "instability"
    assert cause(0.4, 0.2, 0.09) == "over-fitting"
    assert cause(0.09, 0.5, 0.5) == "none"


@given(SHARES, SHARES, SHARES)
def test_a_cause_is_given_exactly_where_a_cell_falls(rise, fall, train_fall):
    assert (cause(fall, fall, train_fall) == "none") == ("falls" not in phase(rise, fall))


def test_the_boundary_lies_where_the_fall_crosses_its_threshold_on_a_log_scale():
    below, boundary, above = crossing([0.001, 0.004, 0.008], [0.05, 0.15, 0.5])
    assert (below, above) == (0.001, 0.004)
    assert boundary == pytest.approx(0.002)


def test_the_first_rate_that_falls_is_the_boundary_whatever_follows():
    assert crossing([1.0, 2.0, 4.0], [0.0, 0.2, 0.0])[2] == 2.0


@pytest.mark.parametrize("drops", [[0.0, 0.05], [0.2, 0.3], [0.2, 0.0]])
def test_without_a_rate_that_stays_below_one_that_falls_there_is_no_boundary(drops):
    assert crossing([1.0, 2.0], drops) is None


@given(st.lists(SHARES, min_size=1, max_size=6))
def test_a_boundary_lies_between_neighbouring_rates(drops):
    rates = [2.0**power for power in range(len(drops))]
    found = crossing(rates, drops)
    if found:
        below, boundary, above = found
        assert below < boundary <= above * (1 + 1e-12)
        assert rates.index(above) == rates.index(below) + 1
