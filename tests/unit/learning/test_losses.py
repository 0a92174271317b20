import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from crest.learning.losses import (
    LossInputs,
    grpo_loss,
    reinforce_loss,
    row_weights,
    weighted_sum,
)

AGGREGATIONS = ("sequence_sum", "sequence_mean", "token_mean", "constant")
LENGTHS = st.lists(st.integers(1, 9), min_size=1, max_size=6)


def make_inputs(seed=0, lengths=(1, 4, 2), aggregation="token_mean", *, spread=0.5):
    """Return random inputs; `spread` is the deviation of the log-ratios to the old policy."""
    rng = torch.Generator().manual_seed(seed)
    shape = (len(lengths), max(lengths))

    def normal(*size):
        return torch.randn(*size, generator=rng, dtype=torch.float64)

    log_probs = (-1 - normal(*shape).abs()).requires_grad_()
    mask = torch.arange(shape[1])[None, :] < torch.tensor(lengths)[:, None]
    return LossInputs(
        log_probs=log_probs,
        old_log_probs=log_probs.detach() + spread * normal(*shape),
        advantages=normal(shape[0]),
        mask=mask.double(),
        weights=torch.from_numpy(row_weights(lengths, aggregation, max_completion_length=12)),
        counts=torch.ones(shape[0], dtype=torch.float64),
    )


def reference_aggregate(per_token, lengths, aggregation):
    """Average the losses of tokens in plain Python, from the words of the definition."""
    rows = [values[:length] for values, length in zip(per_token, lengths, strict=True)]
    sums = [sum(row) for row in rows]
    match aggregation:
        case "sequence_sum":
            return sum(sums) / len(rows)
        case "sequence_mean":
            return sum(total / len(row) for total, row in zip(sums, rows, strict=True)) / len(rows)
        case "token_mean":
            return sum(sums) / sum(lengths)
        case "constant":
            return sum(sums) / (len(rows) * 12)


@pytest.mark.parametrize("aggregation", AGGREGATIONS)
@given(lengths=LENGTHS, seed=st.integers(0, 99))
def test_weighted_sum_is_the_aggregation_in_words(aggregation, lengths, seed):
    inputs = make_inputs(seed, lengths, aggregation)
    values = inputs.old_log_probs
    expected = reference_aggregate(values.tolist(), lengths, aggregation)
    assert weighted_sum(values, inputs).item() == pytest.approx(expected)


def test_all_tokens_of_a_token_mean_weigh_one():
    lengths = np.array([3, 5, 1])
    weights = row_weights(lengths, "token_mean", max_completion_length=8)
    assert (weights * lengths).sum() == pytest.approx(1.0)


@given(st.integers(0, 99))
def test_grpo_without_clip_has_the_gradient_of_reinforce(seed):
    inputs = make_inputs(seed, spread=0.0)
    (grpo,) = torch.autograd.grad(
        grpo_loss(inputs, epsilon=0.2, epsilon_high=0.2).loss, inputs.log_probs
    )
    (reinforce,) = torch.autograd.grad(reinforce_loss(inputs).loss, inputs.log_probs)
    assert torch.allclose(grpo, reinforce, atol=1e-15)


def test_grpo_gradient_is_the_hand_derived_one():
    inputs = make_inputs(3, lengths=(2, 5, 3, 4))
    loss = grpo_loss(inputs, epsilon=0.2, epsilon_high=0.4).loss
    (gradient,) = torch.autograd.grad(loss, inputs.log_probs)
    ratio = (inputs.log_probs.detach() - inputs.old_log_probs).exp()
    advantages = inputs.advantages[:, None].expand_as(ratio)
    blocked = ((advantages > 0) & (ratio > 1.4)) | ((advantages < 0) & (ratio < 0.8))
    by_hand = torch.where(blocked, 0.0, -advantages * ratio)
    assert blocked.any()
    assert not blocked.all()
    assert torch.allclose(gradient, by_hand * inputs.mask * inputs.weights[:, None])


def test_clipped_tokens_are_counted_with_their_samples():
    inputs = make_inputs(3, lengths=(2, 5, 3, 4))
    ratio = (inputs.log_probs.detach() - inputs.old_log_probs).exp()
    advantages = inputs.advantages[:, None]
    blocked = ((advantages > 0) & (ratio > 1.2)) | ((advantages < 0) & (ratio < 0.8))
    output = grpo_loss(inputs, epsilon=0.2, epsilon_high=0.2)
    assert output.num_clipped.item() == (blocked & inputs.mask.bool()).sum().item() > 0


def test_grpo_gradient_agrees_with_finite_differences():
    inputs = make_inputs(5, lengths=(2, 3))

    def loss(log_probs):
        moved = LossInputs(
            log_probs,
            inputs.old_log_probs,
            inputs.advantages,
            inputs.mask,
            inputs.weights,
            inputs.counts,
        )
        return grpo_loss(moved, epsilon=0.2, epsilon_high=0.2).loss

    assert torch.autograd.gradcheck(loss, inputs.log_probs)


@given(st.integers(0, 99))
def test_a_loss_is_the_sum_over_any_partition_of_its_rows(seed):
    whole = make_inputs(seed, lengths=(1, 4, 2, 3))

    def rows(part):
        return LossInputs(*(getattr(whole, name)[part] for name in LossInputs.__slots__))

    def outputs(inputs):
        result = grpo_loss(inputs, epsilon=0.2, epsilon_high=0.2)
        return torch.stack([result.loss.detach(), result.num_clipped])

    assert torch.allclose(outputs(rows(slice(0, 3))) + outputs(rows(slice(3, 4))), outputs(whole))
