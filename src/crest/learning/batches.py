"""Rollouts as tensors: equal samples merged, rows sorted by length, padding trimmed.

Covers: a sum over micro-batches equals the sum over the batch, since every weight was computed on
the whole batch before. Equal samples (same prompt, tokens and advantage) have equal terms, so one
row with a count stands for all of them.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from crest.learning.advantages import Rewards
from crest.learning.losses import Aggregation, row_weights
from crest.models.policy import Policy, TokenBatch
from crest.records import Rollout


@dataclass(frozen=True, slots=True)
class Row:
    """Samples of a batch that are equal in all that a loss depends on.

    Attributes:
        task_id: Problem of the first of them.
        prompt: Text before the completion.
        token_ids: The completion.
        advantage: The samples' common advantage.
        count: Number of samples.
        weight: What one token weighs in the loss, times `count`.
    """

    task_id: str
    prompt: str
    token_ids: tuple[int, ...]
    advantage: float
    count: int
    weight: float


@dataclass(frozen=True, slots=True)
class MicroBatch:
    """Rows that go through the model together.

    Attributes:
        task_ids: Problems of the rows, for messages.
        tokens: The rows' prompts and completions.
        advantages: Double[row].
        weights: Double[row], see `Row.weight`.
        counts: Double[row], see `Row.count`.
    """

    task_ids: tuple[str, ...]
    tokens: TokenBatch
    advantages: Tensor
    weights: Tensor
    counts: Tensor


def merge_rows(
    groups: Sequence[Sequence[Rollout]],
    advantages: Rewards,
    *,
    aggregation: Aggregation,
    max_completion_length: int,
) -> list[Row]:
    """Return the batch's distinct rows in order of first appearance.

    Args:
        groups: One sequence of rollouts a problem.
        advantages: float64[problem, sample].
        aggregation: How tokens are averaged, see `row_weights`.
        max_completion_length: Cap on a completion's tokens.
    """
    rollouts = [rollout for group in groups for rollout in group]
    keys = [
        (rollout.problem.prompt, rollout.completion.token_ids, advantage)
        for rollout, advantage in zip(rollouts, advantages.ravel().tolist(), strict=True)
    ]
    lengths = [len(rollout.completion.token_ids) for rollout in rollouts]
    weights = row_weights(lengths, aggregation, max_completion_length=max_completion_length)
    counts = Counter(keys)
    first: dict[tuple[str, tuple[int, ...], float], tuple[str, float]] = {}
    for key, rollout, weight in zip(keys, rollouts, weights.tolist(), strict=True):
        first.setdefault(key, (rollout.problem.task_id, weight))
    return [
        Row(
            task_id=task_id,
            prompt=key[0],
            token_ids=key[1],
            advantage=key[2],
            count=counts[key],
            weight=counts[key] * weight,
        )
        for key, (task_id, weight) in first.items()
    ]


def micro_batches(
    policy: Policy, rows: Sequence[Row], *, micro_batch_size: int
) -> Iterator[MicroBatch]:
    """Yield the rows in batches of at most `micro_batch_size`, shortest first."""
    if not rows:
        return
    tokens = policy.encode_batch([(row.prompt, row.token_ids) for row in rows])
    lengths = (tokens.prompt_lengths + tokens.completion_mask.sum(1)).tolist()
    order = sorted(range(len(rows)), key=lengths.__getitem__)
    for first in range(0, len(order), micro_batch_size):
        chosen = order[first : first + micro_batch_size]
        yield _micro_batch([rows[i] for i in chosen], take_rows(tokens, chosen))


def take_rows(tokens: TokenBatch, rows: Sequence[int]) -> TokenBatch:
    """Return some rows of a batch, with the padding that all of them share cut off."""
    index = torch.as_tensor(rows, device=tokens.input_ids.device)
    mask = tokens.completion_mask[index]
    lengths = mask.sum(1)
    prompt_lengths = tokens.prompt_lengths[index]
    num_positions = int((prompt_lengths + lengths).max())
    num_tokens = int(lengths.max())
    return TokenBatch(
        input_ids=tokens.input_ids[index, :num_positions],
        prompt_lengths=prompt_lengths,
        completion_ids=tokens.completion_ids[index, :num_tokens],
        completion_mask=mask[:, :num_tokens],
    )


def _micro_batch(rows: Sequence[Row], tokens: TokenBatch) -> MicroBatch:
    def column(values: list[float]) -> Tensor:
        return torch.tensor(values, dtype=torch.float64, device=tokens.input_ids.device)

    return MicroBatch(
        task_ids=tuple(row.task_id for row in rows),
        tokens=tokens,
        advantages=column([row.advantage for row in rows]),
        weights=column([row.weight for row in rows]),
        counts=column([float(row.count) for row in rows]),
    )
