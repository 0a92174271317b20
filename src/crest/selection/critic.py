"""The critic: what tells, among candidates that fit the visible pairs, those that generalise.

It learns from the generator's own candidates and the verifier's verdicts alone. Its loss has two
terms [note]: each candidate's cross-entropy, averaged within a problem so that every problem counts
the same; and, where a problem has candidates of both kinds, -log of the share of the softmax over
its candidates' scores that falls on those that generalise. The second compares the candidates of
one problem, which is what choosing among them needs. Equal candidates of a problem count once.
"""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import torch
from torch import Tensor
from torch.nn import Parameter, functional

from crest.learning.optimiser import Optimiser
from crest.learning.order import batches_of

Pair = tuple[str, tuple[int, ...]]
"""A prompt and the token ids of a completion."""


class Critic(Protocol):
    """A model that scores completions."""

    def scores(self, pairs: Sequence[Pair]) -> Tensor:
        """Return Float[row], differentiable: the logit that each completion generalises."""
        ...

    def parameters(self) -> Iterator[Parameter]:
        """Yield the trainable parameters, always in the same order."""
        ...

    def save(self, folder: Path, *, stamp: str | None = None) -> None:
        """Write a checkpoint folder; equal weights give equal bytes."""
        ...


@dataclass(frozen=True, slots=True)
class Labelled:
    """The candidates of one problem that fit its visible pairs, with the verifier's labels.

    Attributes:
        task_id: Of the problem, for messages.
        prompt: Of the problem.
        correct: By token ids, whether a candidate generalises.
    """

    task_id: str
    prompt: str
    correct: Mapping[tuple[int, ...], bool]


@dataclass(frozen=True, slots=True)
class CriticOptions:
    """How a critic learns.

    Attributes:
        learning_rate: After the warm-up.
        num_train_epochs: Passes over the problems.
        tasks_per_batch: Problems an update.
        listwise_weight: Of the second term of the loss; 0 leaves it out.
        warmup_steps: Updates over which the learning rate rises linearly.
        max_grad_norm: Gradients of larger norm are scaled down to it.
    """

    learning_rate: float = 1.5e-3
    num_train_epochs: float = 2.0
    tasks_per_batch: int = 32
    listwise_weight: float = 1.0
    warmup_steps: int = 5
    max_grad_norm: float = 1.0


@dataclass(frozen=True, slots=True)
class CriticLoss:
    """Sums over the problems of a batch.

    Attributes:
        pointwise: Scalar with gradient, in nats: the first term.
        listwise: The second.
        num_compared: Problems with candidates of both kinds.
    """

    pointwise: Tensor
    listwise: Tensor
    num_compared: int


def train_critic(
    critic: Critic,
    problems: Sequence[Labelled],
    options: CriticOptions,
    stream: Sequence[str | int],
) -> list[dict[str, float]]:
    """Train a critic in place, and return the metrics of each update.

    Args:
        critic: To train.
        problems: Those without a candidate teach nothing and are left out.
        options: Of the training.
        stream: Names what the order of the problems is for.

    Returns:
        For each update `learning_rate`, `loss`, `pointwise` and `listwise` (in nats, means over
        the batch's problems), `num_compared` and `grad_norm` (before clipping).

    Raises:
        ValueError: No problem has a candidate.
        FloatingPointError: A loss or a gradient is not finite. The parameters are as they were
            before the update that failed.
    """
    told = [one for one in problems if one.correct]
    if not told:
        raise ValueError(
            f"none of {len(problems)} problems has a candidate that fits its visible pairs: sample "
            "more, or from a better generator"
        )
    optimiser = Optimiser(
        critic.parameters(),
        learning_rate=options.learning_rate,
        warmup_steps=options.warmup_steps,
        max_grad_norm=options.max_grad_norm,
    )
    order = batches_of(len(told), options.tasks_per_batch, options.num_train_epochs, stream)
    return [_update(critic, optimiser, [told[item] for item in batch], options) for batch in order]


@torch.no_grad()
def score(critic: Critic, pairs: Sequence[Pair], *, batch_size: int = 256) -> list[float]:
    """Return the logit of each completion; equal pairs are computed once.

    Args:
        critic: Left as it is.
        pairs: Of any number of problems.
        batch_size: Distinct pairs that go through the model together.
    """
    distinct = sorted(set(pairs))
    values: list[float] = []
    for first in range(0, len(distinct), batch_size):
        values += critic.scores(distinct[first : first + batch_size]).tolist()
    by_pair = dict(zip(distinct, values, strict=True))
    return [by_pair[pair] for pair in pairs]


def critic_loss(scores: Tensor, correct: Sequence[Sequence[bool]]) -> CriticLoss:
    """Return both terms of the loss, summed over problems.

    Args:
        scores: Float[row], the candidates of the first problem, then of the second, and so on.
        correct: For each problem, at least one flag: which of its candidates generalise.
    """
    sizes = torch.tensor([len(flags) for flags in correct])
    labels = torch.tensor([flag for flags in correct for flag in flags])
    shares = (1.0 / sizes).repeat_interleave(sizes).to(scores.dtype)
    entropies = functional.binary_cross_entropy_with_logits(
        scores, labels.to(scores.dtype), reduction="none"
    )
    inside = torch.arange(int(sizes.max())) < sizes[:, None]
    padded = scores.new_full(inside.shape, -math.inf).masked_scatter(inside, scores)
    right = torch.zeros(inside.shape, dtype=torch.bool).masked_scatter(inside, labels)
    both = right.any(1) & (inside & ~right).any(1)
    padded, right = padded[both], right[both]
    missing = padded.logsumexp(1) - padded.masked_fill(~right, -math.inf).logsumexp(1)
    return CriticLoss(
        pointwise=torch.dot(entropies, shares),
        listwise=missing.sum(),
        num_compared=int(both.sum()),
    )


def _update(
    critic: Critic, optimiser: Optimiser, problems: Sequence[Labelled], options: CriticOptions
) -> dict[str, float]:
    optimiser.zero_grad()
    learning_rate = optimiser.learning_rate
    pairs = [(one.prompt, ids) for one in problems for ids in one.correct]
    parts = critic_loss(critic.scores(pairs), [list(one.correct.values()) for one in problems])
    loss = (parts.pointwise + options.listwise_weight * parts.listwise) / len(problems)
    if not math.isfinite(loss.item()):
        tasks = ", ".join(sorted(one.task_id for one in problems))
        raise FloatingPointError(
            f"the critic's loss is {loss.item()} on {tasks}; lower the learning rate"
        )
    loss.backward()
    return {
        "learning_rate": learning_rate,
        "loss": loss.item(),
        "pointwise": parts.pointwise.item() / len(problems),
        "listwise": parts.listwise.item() / len(problems),
        "num_compared": float(parts.num_compared),
        "grad_norm": optimiser.step(),
    }
