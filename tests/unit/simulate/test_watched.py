import numpy as np
import pytest
from tests.synthetic.campaigns import NUM_SAMPLES

from crest.campaigns.snapshot import take_snapshot
from crest.records import CAPABILITIES, Completion, Problem, Rollout, Status, Verdict
from crest.simulate.watched import Monitor, draw_difficulties, snapshots, watch

MONITOR = Monitor(num_problems=32, num_generations=8)


def seen(pass_rate, repeats=400):
    """Return what many campaigns' monitors show of one policy."""
    rng = np.random.default_rng(0)
    return [
        watch(np.array([pass_rate]), *draw_difficulties(MONITOR, rng), 8, rng)[0]
        for _ in range(repeats)
    ]


@pytest.mark.parametrize("pass_rate", [0.05, 0.17, 0.45, 0.75])
def test_a_monitor_shows_the_true_rate_on_average(pass_rate):
    values = np.array([each.capability["pass@1"].value for each in seen(pass_rate)])
    assert values.mean() == pytest.approx(pass_rate, abs=4 * values.std() / 20)


def test_repeated_samples_of_the_same_problems_scatter_as_their_variance_says():
    rng = np.random.default_rng(0)
    problems = draw_difficulties(MONITOR, rng)
    shown = watch(np.full(4000, 0.45), *problems, 8, rng)
    for name in ("pass@1", "hard"):
        values = np.array([each.capability[name].value for each in shown])
        said = np.mean([each.capability[name].variance for each in shown])
        assert 0.8 * said < values.var() < said  # shrunk rates err on the wide side


def test_hard_problems_are_passed_less_often_and_programs_repeat():
    shown = seen(0.5)
    means = {
        name: np.mean([each.capability[name].value for each in shown]) for name in CAPABILITIES
    }
    assert means["hard"] < means["pass@1"] < means["pass@k"]
    assert 0.1 < means["distinct"] < means["pass@1"] / 2


def test_a_monitor_without_a_hard_problem_has_no_such_capability():
    shown = watch(np.array([0.5]), np.zeros(4), np.zeros(4, bool), 8, np.random.default_rng(0))
    assert "hard" not in shown[0].capability


def test_steps_of_a_campaign_are_measured_on_the_same_problems():
    rng = np.random.default_rng(3)
    problems = draw_difficulties(MONITOR, rng)
    shown = watch(np.full(200, 0.4), *problems, 8, rng)
    within = np.std([each.capability["pass@1"].value for each in shown])
    between = np.std([each.capability["pass@1"].value for each in seen(0.4, repeats=200)])
    assert within < between / 1.5


def test_estimates_are_those_of_a_campaign_s_own_monitor():
    rng = np.random.default_rng(0)
    correct = rng.integers(0, 9, 32)
    distinct = np.minimum(correct, rng.integers(1, 4, 32))
    hard = np.arange(32) < 7
    groups = [_group(*row) for row in zip(range(32), correct, distinct, hard, strict=True)]
    (ours,) = snapshots(correct[None], distinct[None], hard, 8, np.array([0.5]))
    theirs = take_snapshot(groups)
    assert (ours.num_correct, ours.num_samples) == (theirs.num_correct, theirs.num_samples)
    assert theirs.num_samples == NUM_SAMPLES
    for name in CAPABILITIES:
        assert ours.capability[name].value == pytest.approx(theirs.capability[name].value)
        assert ours.capability[name].variance == pytest.approx(theirs.capability[name].variance)


def _group(index, correct, distinct, hard):
    level = 3 if hard else 1
    problem = Problem(str(index), "cond", level, "", "", None)
    texts = [str(min(position, distinct - 1)) for position in range(correct)]
    texts += ["wrong"] * (8 - correct)
    return [
        Rollout(
            problem,
            position,
            Completion((1,), text, (-0.5,), "stop"),
            Verdict(Status.PASS if position < correct else Status.WA, ()),
        )
        for position, text in enumerate(texts)
    ]
