import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from crest.statistics.bands import Measured, draw, resampled
from crest.statistics.crossing import (
    CROSSES,
    LEADS_THROUGHOUT,
    NEVER_LEADS,
    budget,
    log2_crossings,
    spread,
    state,
)
from crest.statistics.resampling import Resampling

KS = (1, 2, 4, 8)


@pytest.mark.parametrize(
    ("gains", "k"),
    [
        ([0.3, 0.2, 0.1, -0.1], 2**2.5),
        ([0.3, 0.0, -0.1, -0.2], 2.0),
        ([-0.1, 0.1, 0.1, -0.3], 2**2.25),
        ([0.1, -0.1, 0.2, -0.2], 2**0.5),
    ],
)
def test_the_crossing_is_where_the_line_through_two_budgets_meets_zero(gains, k):
    found = log2_crossings(np.array(gains), KS)
    assert budget(float(found)) == pytest.approx(k)
    assert state(float(found)) == CROSSES


def test_a_lead_that_lasts_and_one_that_never_was_have_no_crossing():
    curves = np.array([[0.1, 0.1, 0.1, 1e-9], [-0.1, 0.0, -0.1, -0.1], [0, 0, 0, 0]])
    found = log2_crossings(curves, KS)
    states = [state(float(each)) for each in found]
    assert states == [LEADS_THROUGHOUT, NEVER_LEADS, NEVER_LEADS]
    assert [budget(float(each)) for each in found] == [None] * 3


def slow_crossing(gains, ks):
    led = False
    for index, gain in enumerate(gains):
        if led and gain <= 0:
            before, share = gains[index - 1], gains[index - 1] / (gains[index - 1] - gain)
            assert before > 0
            return np.log2(ks[index - 1]) + share * np.log2(ks[index] / ks[index - 1])
        led = led or gain > 0
    return np.inf if led else -np.inf


@given(st.lists(st.lists(st.integers(-3, 3), min_size=4, max_size=4), min_size=1, max_size=5))
def test_all_curves_at_once_are_as_one_by_one(curves):
    found = log2_crossings(np.array(curves) / 10, KS)
    assert found == pytest.approx([slow_crossing(np.array(each) / 10, KS) for each in curves])


def test_an_interval_that_leaves_the_budgets_says_on_which_side():
    drawn = np.array([-np.inf] * 10 + [1.0] * 60 + [np.inf] * 30)
    found = spread(drawn, KS, 0.9)
    assert (found.low, found.high, found.words) == (None, None, "below 1 to beyond 8")
    assert (found.never_leads, found.crosses, found.leads_throughout) == (0.1, 0.6, 0.3)
    inner = spread(drawn, KS, 0.2)
    assert (inner.low, inner.high, inner.words) == (2.0, 2.0, "2.0 to 2.0")


def test_nine_in_ten_intervals_cover_the_true_crossing():
    ks, studies, tasks = (1, 2, 4, 8, 16, 32, 64), 150, 80
    rng = np.random.default_rng(0)

    def gains_of(odds):
        base, trained = (1 / (1 + np.exp(-each)) for each in (odds, 1.5 + 1.5 * odds))
        return np.stack([(1 - base) ** k - (1 - trained) ** k for k in ks], axis=-1)

    truth = float(log2_crossings(gains_of(rng.normal(-2, 2, 400_000)).mean(axis=0), ks))
    values = gains_of(rng.normal(-2, 2, (studies, tasks)))  # study, task, k
    values = values + rng.normal(0, 0.05, (4, studies, 1, 1)) * values.std()
    columns = values.transpose(0, 2, 1, 3).reshape(4, tasks, -1)
    names = tuple(range(4)), tuple(map(str, range(tasks)))
    draws = draw(4, tasks, Resampling(num_resamples=400), "x")
    drawn = resampled(Measured(*names, columns), draws).reshape(400, studies, len(ks))
    ends = np.quantile(log2_crossings(drawn, ks), [0.05, 0.95], axis=0)
    assert np.mean((ends[0] <= truth) & (truth <= ends[1])) == pytest.approx(0.9, abs=0.07)
