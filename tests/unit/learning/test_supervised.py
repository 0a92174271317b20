import math
from dataclasses import replace

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from crest.learning.losses import row_weights
from crest.learning.supervised import Example, SupervisedOptions, example_weights, fine_tune

THETA = (0.2, -0.4, 0.5)
LOG_PROBS = np.array(THETA) - np.log(np.exp(THETA).sum())
ONCE = SupervisedOptions(learning_rate=0.0, batch_size=8, warmup_steps=0)
EXAMPLES = [
    Example("one", "p:", (1, 2, 0), weight=2.0),
    Example("two", "q:", (0,), weight=1.0),
    Example("three", "r:", (2, 2, 2, 1, 0), weight=0.5),
]


@pytest.mark.parametrize(
    ("aggregation", "loss"),
    [
        (
            "token_mean",  # 2 * 3 + 1 * 1 + .5 * 5 = 9.5 weighted tokens
            -(
                2 * LOG_PROBS[[1, 2, 0]].sum()
                + LOG_PROBS[0]
                + 0.5 * LOG_PROBS[[2, 2, 2, 1, 0]].sum()
            )
            / 9.5,
        ),
        (
            "sequence_mean",
            -(
                2 * LOG_PROBS[[1, 2, 0]].mean()
                + LOG_PROBS[0]
                + 0.5 * LOG_PROBS[[2, 2, 2, 1, 0]].mean()
            )
            / 3.5,
        ),
        (
            "sequence_sum",
            -(
                2 * LOG_PROBS[[1, 2, 0]].sum()
                + LOG_PROBS[0]
                + 0.5 * LOG_PROBS[[2, 2, 2, 1, 0]].sum()
            )
            / 3.5,
        ),
    ],
)
@pytest.mark.parametrize("micro_batch_size", [1, 2, 64])
def test_the_loss_is_the_weighted_mean_worked_out_by_hand(
    three_tokens, aggregation, loss, micro_batch_size
):
    options = replace(ONCE, aggregation=aggregation, micro_batch_size=micro_batch_size)
    (metrics,) = fine_tune(three_tokens(THETA), EXAMPLES, options, ("test",))
    assert metrics["loss"] == pytest.approx(loss, rel=1e-12)
    assert metrics["num_tokens"] == 9


def test_the_gradient_is_the_hand_derived_one(three_tokens):
    policy = three_tokens(THETA)
    (metrics,) = fine_tune(policy, EXAMPLES, ONCE, ("test",))
    counts = 2 * np.array([1, 1, 1]) + np.array([1, 0, 0]) + 0.5 * np.array([1, 1, 3])
    gradient = np.exp(LOG_PROBS) - counts / 9.5
    assert metrics["grad_norm"] == pytest.approx(np.linalg.norm(gradient))


@given(st.lists(st.integers(1, 9), min_size=1, max_size=6))
def test_equal_weights_give_the_means_of_post_training(lengths):
    for aggregation in ("token_mean", "sequence_mean", "sequence_sum"):
        ours = example_weights(lengths, [3.0] * len(lengths), aggregation)
        theirs = row_weights(lengths, aggregation, max_completion_length=9)
        assert np.allclose(ours, theirs, rtol=1e-12)


def test_training_ends_at_the_frequencies_of_the_examples(three_tokens):
    policy = three_tokens()
    examples = [Example("a", "p:", (1, 0)), Example("b", "p:", (2, 0), weight=3.0)]
    options = SupervisedOptions(learning_rate=0.03, num_train_epochs=400, batch_size=2)
    fine_tune(policy, examples, options, ("test",))
    shares = policy.theta.detach().softmax(-1).tolist()
    assert shares == pytest.approx([1 / 2, 1 / 8, 3 / 8], abs=1e-3)


def test_equal_streams_give_equal_weights_and_other_streams_others(three_tokens):
    def trained(*stream):
        policy = three_tokens(THETA)
        options = SupervisedOptions(learning_rate=0.1, num_train_epochs=2, batch_size=1)
        fine_tune(policy, EXAMPLES, options, stream)
        return policy.theta.tolist()

    assert trained("a", 0) == trained("a", 0) != trained("a", 1)


def test_the_rate_rises_over_the_warm_up_and_stays(three_tokens):
    options = replace(ONCE, learning_rate=0.1, batch_size=1, num_train_epochs=2, warmup_steps=4)
    rates = [row["learning_rate"] for row in fine_tune(three_tokens(), EXAMPLES, options, ("t",))]
    assert rates == pytest.approx([0.025, 0.05, 0.075, 0.1, 0.1, 0.1])


@pytest.mark.parametrize(
    ("examples", "message"),
    [
        ([], "no examples"),
        ([Example("one", "p:", ())], "example of one has no tokens"),
        ([Example("one", "p:", (0,), weight=0.0)], "weighs 0.0: leave it out"),
        ([Example("one", "p:", (0,), weight=math.nan)], "weighs nan"),
    ],
)
def test_examples_that_teach_nothing_are_refused(three_tokens, examples, message):
    with pytest.raises(ValueError, match=message):
        fine_tune(three_tokens(), examples, ONCE, ("test",))


def test_a_loss_that_is_not_finite_names_its_problems_and_changes_nothing(three_tokens):
    policy = three_tokens((0.0, -math.inf, 0.0))
    with pytest.raises(FloatingPointError, match="inf on one; lower the learning rate"):
        fine_tune(policy, EXAMPLES[:1], ONCE, ("test",))
    assert torch.equal(policy.theta, torch.tensor([0.0, -math.inf, 0.0], dtype=torch.float64))
