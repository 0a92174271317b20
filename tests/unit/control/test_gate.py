import pytest
from hypothesis import given
from hypothesis import strategies as st

from crest.control._gate import BUDGETED, Verdict, share_of, steps_of, transfer_verdict

THRESHOLDS = {"reuse_ratio": 0.8, "adapt_ratio": 0.5}
BUDGETS = (1.0, 0.75, 0.5)


def steps_at(ratio, tightening=0.0):
    verdict = transfer_verdict(ratio, **THRESHOLDS, tightening=tightening)
    return steps_of(verdict, BUDGETS, 20)


@pytest.mark.parametrize(
    ("ratio", "verdict"),
    [
        (1.0, "reuse"),
        (0.8, "reuse"),
        (0.79, "adapt"),
        (0.5, "adapt"),
        (0.49, "pilot"),
        (0, "pilot"),
    ],
)
def test_a_ratio_at_a_threshold_passes_it(ratio, verdict):
    assert transfer_verdict(ratio, **THRESHOLDS) == verdict


@given(low=st.floats(0, 1), high=st.floats(0, 1), tightening=st.floats(0, 0.2))
def test_who_fell_less_never_gets_fewer_steps(low, high, tightening):
    low, high = sorted((low, high))
    assert steps_at(low, tightening) <= steps_at(high, tightening)


@given(ratio=st.floats(0, 1), loose=st.floats(0, 0.2), tight=st.floats(0, 0.2))
def test_tighter_thresholds_never_give_more_steps(ratio, loose, tight):
    loose, tight = sorted((loose, tight))
    assert steps_at(ratio, tight) <= steps_at(ratio, loose)


def test_a_tightened_gate_is_that_of_raised_thresholds():
    assert transfer_verdict(0.85, **THRESHOLDS, tightening=0.1) is Verdict.ADAPT
    assert transfer_verdict(0.55, **THRESHOLDS, tightening=0.1) is Verdict.PILOT


@given(max_steps=st.integers(1, 200))
def test_budgets_are_at_least_a_step_at_most_the_study_s_and_fall(max_steps):
    steps = [steps_of(verdict, BUDGETS, max_steps) for verdict in BUDGETED]
    assert max_steps == steps[0] >= steps[1] >= steps[2] >= 1
    assert share_of(0.001, max_steps) == 1
