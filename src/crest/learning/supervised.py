"""Fine-tuning on given completions: a weighted mean of their negative log-likelihood.

Weights are computed on the whole batch, so its loss is the sum over micro-batches. The optimiser
is that of campaigns: Adam, clipped gradients, a warm-up to a constant rate. It has no decay: at
the rates and over the few hundred updates that this is for, AdamW's would take less than a
thousandth off a weight.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from crest.learning.batches import MicroBatch, Row, micro_batches
from crest.learning.likelihood import token_log_probs, vocabulary_log_probs
from crest.learning.optimiser import Optimiser
from crest.learning.order import batches_of
from crest.models.policy import Policy

Mean = Literal["token_mean", "sequence_mean", "sequence_sum"]


@dataclass(frozen=True, slots=True)
class Example:
    """A completion to learn.

    Attributes:
        task_id: Problem, for messages.
        prompt: Text before the completion.
        token_ids: The completion, its end of sequence included.
        weight: Above 0; what the example counts for in the mean over its batch.
    """

    task_id: str
    prompt: str
    token_ids: tuple[int, ...]
    weight: float = 1.0


@dataclass(frozen=True, slots=True)
class SupervisedOptions:
    """How a policy is fine-tuned.

    Attributes:
        learning_rate: After the warm-up.
        num_train_epochs: Passes over the examples.
        batch_size: Examples an update.
        aggregation: How a batch is averaged, see `example_weights`.
        warmup_steps: Updates over which the learning rate rises linearly.
        max_grad_norm: Gradients of larger norm are scaled down to it.
        micro_batch_size: Rows that go through the model together: speed and memory, not results
            (up to rounding).
    """

    learning_rate: float
    num_train_epochs: float = 1.0
    batch_size: int = 64
    aggregation: Mean = "token_mean"
    warmup_steps: int = 5
    max_grad_norm: float = 1.0
    micro_batch_size: int = 64


def fine_tune(
    policy: Policy,
    examples: Sequence[Example],
    options: SupervisedOptions,
    stream: Sequence[str | int],
) -> list[dict[str, float]]:
    """Train a policy in place, and return the metrics of each update.

    Args:
        policy: To train.
        examples: At least one.
        options: Of the training.
        stream: Names what the order of the examples is for.

    Returns:
        For each update `learning_rate`, `loss` (in nats), `grad_norm` (before clipping) and
        `num_tokens` (completion tokens).

    Raises:
        ValueError: There are no examples, one has no tokens, or a weight is not above 0.
        FloatingPointError: A loss or a gradient is not finite. The parameters are as they were
            before the update that failed.
    """
    _check(examples)
    optimiser = Optimiser(
        policy.parameters(),
        learning_rate=options.learning_rate,
        warmup_steps=options.warmup_steps,
        max_grad_norm=options.max_grad_norm,
    )
    order = batches_of(len(examples), options.batch_size, options.num_train_epochs, stream)
    return [
        _update(policy, optimiser, [examples[item] for item in batch], options) for batch in order
    ]


def example_weights(
    lengths: Sequence[int], weights: Sequence[float], aggregation: Mean
) -> NDArray[np.float64]:
    """Return what one token of each example weighs in the loss of its batch.

    Args:
        lengths: Tokens of every completion of the batch.
        weights: Of the examples.
        aggregation: `token_mean`: the mean over all tokens, each with its example's weight.
            `sequence_mean`: the mean over examples of their mean over tokens. `sequence_sum`: the
            mean over examples of their sum over tokens.

    Example:
        >>> example_weights([1, 3], [2.0, 1.0], "token_mean").tolist()
        [0.4, 0.2]
    """
    tokens, given = np.asarray(lengths, dtype=np.float64), np.asarray(weights, dtype=np.float64)
    match aggregation:
        case "token_mean":
            return given / np.dot(given, tokens)
        case "sequence_mean":
            return given / (given.sum() * tokens)
        case "sequence_sum":
            return given / given.sum()


def _update(
    policy: Policy, optimiser: Optimiser, examples: Sequence[Example], options: SupervisedOptions
) -> dict[str, float]:
    optimiser.zero_grad()
    learning_rate = optimiser.learning_rate
    rows = _rows(examples, options.aggregation)
    loss = sum(
        _backward(policy, batch)
        for batch in micro_batches(policy, rows, micro_batch_size=options.micro_batch_size)
    )
    grad_norm = optimiser.step()
    return {
        "learning_rate": learning_rate,
        "loss": loss,
        "grad_norm": grad_norm,
        "num_tokens": float(sum(len(row.token_ids) for row in rows)),
    }


def _rows(examples: Sequence[Example], aggregation: Mean) -> list[Row]:
    weights = example_weights(
        [len(one.token_ids) for one in examples], [one.weight for one in examples], aggregation
    )
    return [
        Row(one.task_id, one.prompt, one.token_ids, advantage=1.0, count=1, weight=weight)
        for one, weight in zip(examples, weights.tolist(), strict=True)
    ]


def _backward(policy: Policy, batch: MicroBatch) -> float:
    """Add the gradient of a micro-batch to the parameters'; return its part of the loss."""
    log_probs = token_log_probs(
        vocabulary_log_probs(policy.completion_logits(batch.tokens), temperature=1.0),
        batch.tokens.completion_ids,
    )
    mask = batch.tokens.completion_mask.to(log_probs.dtype)
    loss = -((log_probs * mask).sum(1) * batch.weights.to(log_probs.dtype)).sum()
    value = loss.item()
    if not math.isfinite(value):
        tasks = ", ".join(sorted(set(batch.task_ids)))
        raise FloatingPointError(f"the loss is {value} on {tasks}; lower the learning rate")
    loss.backward()
    return value


def _check(examples: Sequence[Example]) -> None:
    if not examples:
        raise ValueError("there are no examples: sample more, or from easier problems")
    for one in examples:
        if not one.token_ids:
            raise ValueError(f"an example of {one.task_id} has no tokens: give it its end at least")
        if not (math.isfinite(one.weight) and one.weight > 0):
            raise ValueError(f"an example of {one.task_id} weighs {one.weight}: leave it out")
