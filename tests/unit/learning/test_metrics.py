import numpy as np
import pytest

from crest.learning.metrics import divergence_metrics, rollout_metrics


@pytest.fixture
def groups(group):
    return [
        group("one", [((1, 2, 0), True), ((1, 2, 0), True), ((2, 2, 2), False), ((0,), False)]),
        group("two", [((1, 0), False), ((2, 0), False), ((1, 1, 1), False), ((1, 2, 0), False)]),
    ]


def test_rollout_metrics_by_hand(groups):
    assert rollout_metrics(groups) == pytest.approx(
        {
            "reward": 0.25,
            "reward_std": 0.25,  # deviations 1/2 and 0
            "frac_reward_zero_std": 0.5,
            "completions/mean_length": 20 / 8,
            "completions/min_length": 1,
            "completions/max_length": 3,
            "completions/clipped_ratio": 2 / 8,
            "eos_at_0": 1 / 8,
            "num_tokens": 20,
            "distinct_completions": (3 / 4 + 4 / 4) / 2,
        }
    )


def test_a_single_token_cut_off_at_the_cap_does_not_count_as_an_end(group):
    metrics = rollout_metrics([group("one", [((1,), False), ((0,), False)])])
    assert metrics["eos_at_0"] == 0.5
    assert metrics["completions/clipped_ratio"] == 0.5


def test_divergence_metrics_are_the_full_vocabulary_sums(three_tokens, groups):
    policy, other = three_tokens((0.2, -0.4, 0.5)), three_tokens((1.0, 0.0, -1.0))
    p, q = (model.theta.detach().softmax(-1).numpy() for model in (policy, other))
    metrics = divergence_metrics(
        policy, {"kl": policy, "kl_base": other}, groups, num_completions=3, temperature=1.0
    )
    assert metrics["kl"] == 0.0
    assert metrics["kl_base"] == pytest.approx((p * np.log(p / q)).sum())


def test_divergence_uses_the_first_samples_of_all_problems_before_second_ones(three_tokens, groups):
    policy = three_tokens()
    divergence_metrics(policy, {}, groups, num_completions=3, temperature=1.0)
    assert policy.rows_seen == 3
    divergence_metrics(policy, {}, groups, num_completions=100, temperature=1.0)
    assert policy.rows_seen == 3 + 8
