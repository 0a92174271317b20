"""One step of training: graded rollouts in, changed parameters and metrics out.

What is exact, and on what it rests:

- Micro-batches accumulate the gradient of the whole batch, because each row's weight in the loss
  was computed on the whole batch (`losses.row_weights`).
- Rows with advantage zero have no gradient unless a penalty compares tokens with a reference
  policy; they keep their place in the weights' denominators, and go through the model without
  gradient, once, for the entropy alone.
- The old log-probabilities are those that the model itself gives before the first update on a
  batch. In the first update they are the current ones, detached, so its ratio is exactly 1; the
  log-probabilities recorded while sampling differ by rounding (another order of summation in the
  decoder), which would count as a policy change. Later updates on the batch use the first's.
- A penalty's weight stays the same over the updates on a batch.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType

import torch
from torch import Tensor

from crest.learning.advantages import Rewards, State
from crest.learning.batches import MicroBatch, Row, merge_rows, micro_batches
from crest.learning.likelihood import entropies, token_log_probs, vocabulary_log_probs
from crest.learning.losses import LossInputs, token_sum, weighted_sum
from crest.learning.objective import Objective
from crest.learning.optimiser import Optimiser
from crest.learning.penalty import (
    NO_PENALTY,
    Penalty,
    PenaltyState,
    TokenDistributions,
    TokenTerm,
)
from crest.learning.rewards import Groups, batch_rewards
from crest.models.policy import Policy


@dataclass(frozen=True, slots=True)
class UpdateSettings:
    """What an update needs to know beside its batch.

    Attributes:
        temperature: At which the rollouts were sampled; above 0.
        max_completion_length: Cap on a completion's tokens.
        micro_batch_size: Rows that go through the model together: speed and memory, not results
            (up to rounding).
    """

    temperature: float
    max_completion_length: int
    micro_batch_size: int


@dataclass(frozen=True, slots=True)
class UpdateResult:
    """What one step did.

    Attributes:
        metrics: `learning_rate` (of the first update on the batch), `loss` (what is minimised, the
            penalty included), `penalty` (its part of the loss), `grad_norm` before clipping and
            `clip_ratio/region_mean` (means over the updates on the batch), `penalty_weight`, and
            `entropy` of the policy that sampled, in nats, mean over completion tokens.
        advantages: float64[problem, sample].
        state: The objective's state for the next step.
        penalty_state: The penalty's state for the next step.
    """

    metrics: dict[str, float]
    advantages: Rewards
    state: State
    penalty_state: PenaltyState


@dataclass(frozen=True, slots=True)
class _Loss:
    """What is minimised: an objective and a penalty, at one weight of it."""

    objective: Objective
    penalty: Penalty
    weight: float


@dataclass(frozen=True, slots=True)
class _Part:
    """A micro-batch and its log-probabilities before the first update on the batch.

    Attributes:
        micro_batch: Rows.
        old_log_probs: [row, token]; None before the first update.
    """

    micro_batch: MicroBatch
    old_log_probs: Tensor | None = None


@dataclass(frozen=True, slots=True)
class _Sums:
    """The loss of some rows, and sums over the completion tokens of their samples."""

    loss: float = 0.0
    penalty: float = 0.0
    entropy: float = 0.0
    num_clipped: float = 0.0
    divergence: float = 0.0

    def __add__(self, other: "_Sums") -> "_Sums":
        return _Sums(
            loss=self.loss + other.loss,
            penalty=self.penalty + other.penalty,
            entropy=self.entropy + other.entropy,
            num_clipped=self.num_clipped + other.num_clipped,
            divergence=self.divergence + other.divergence,
        )


def update(
    policy: Policy,
    groups: Groups,
    objective: Objective,
    optimiser: Optimiser,
    settings: UpdateSettings,
    *,
    state: State,
    step: int,
    penalty: Penalty = NO_PENALTY,
    penalty_state: PenaltyState = MappingProxyType({}),
) -> UpdateResult:
    """Improve the policy on one batch of rollouts, in place.

    Args:
        policy: Whose parameters the optimiser holds.
        groups: One sequence of rollouts a problem, all equally long.
        objective: What to maximise.
        optimiser: Of the running campaign.
        settings: Temperature, cap and micro-batches.
        state: The objective's state after the previous step; empty at first.
        step: Named in messages.
        penalty: Of the running campaign.
        penalty_state: The penalty's state after the previous step; empty at first.

    Raises:
        FloatingPointError: A loss, an entropy or a gradient is not finite. The parameters are as
            they were before the update that failed.
    """
    options = objective.options
    advantages, state = objective.advantages(batch_rewards(groups), options, state)
    rows = merge_rows(
        groups,
        advantages,
        aggregation=options.aggregation,
        max_completion_length=settings.max_completion_length,
    )
    loss = _Loss(objective, penalty, penalty.weight(penalty_state))
    moving = [row for row in rows if row.advantage != 0 or penalty.tokens is not None]
    silent = [row for row in rows if row.advantage == 0 and penalty.tokens is None]
    learning_rate = optimiser.learning_rate
    entropy = _entropy(policy, silent, settings, step)
    batches = micro_batches(policy, moving, micro_batch_size=settings.micro_batch_size)
    parts = [_Part(batch) for batch in batches]
    passes, grad_norms = [], []
    for _ in range(options.updates_per_batch):
        optimiser.zero_grad()
        sums, parts = _accumulate(policy, parts, loss, settings, step)
        grad_norms.append(optimiser.step())
        passes.append(sums)
    num_tokens = sum(row.count * len(row.token_ids) for row in rows)
    return UpdateResult(
        metrics={
            "learning_rate": learning_rate,
            "loss": _mean(sums.loss for sums in passes),
            "penalty": _mean(sums.penalty for sums in passes),
            "penalty_weight": loss.weight,
            "grad_norm": _mean(grad_norms),
            "entropy": (entropy + passes[0].entropy) / num_tokens,
            "clip_ratio/region_mean": _mean(sums.num_clipped for sums in passes) / num_tokens,
        },
        advantages=advantages,
        state=state,
        penalty_state=penalty.adapt(penalty_state, passes[0].divergence / num_tokens),
    )


def _accumulate(
    policy: Policy,
    parts: Sequence[_Part],
    loss: _Loss,
    settings: UpdateSettings,
    step: int,
) -> tuple[_Sums, list[_Part]]:
    """Add the batch's gradient to the parameters'; return sums, and parts with old log-probs."""
    total, done = _of_parameters(policy, loss, step), []
    for part in parts:
        sums, log_probs = _backward(policy, part, loss, settings.temperature, step)
        old_log_probs = log_probs if part.old_log_probs is None else part.old_log_probs
        total += sums
        done.append(replace(part, old_log_probs=old_log_probs))
    return total, done


def _of_parameters(policy: Policy, loss: _Loss, step: int) -> _Sums:
    """Add the gradient of the penalty's term of parameters to the parameters'; return its value."""
    if loss.penalty.parameters is None:
        return _Sums()
    term = loss.weight * loss.penalty.parameters(policy.parameters())
    value = term.item()
    if not math.isfinite(value):
        raise FloatingPointError(
            f"step {step}: the penalty is {value}; lower the learning rate or its weight"
        )
    term.backward()
    return _Sums(loss=value, penalty=value)


def _backward(
    policy: Policy, part: _Part, loss: _Loss, temperature: float, step: int
) -> tuple[_Sums, Tensor]:
    """Add one micro-batch's gradient to the parameters'; return its sums and log-probs."""
    batch = part.micro_batch
    everything = vocabulary_log_probs(policy.completion_logits(batch.tokens), temperature)
    log_probs = token_log_probs(everything, batch.tokens.completion_ids)
    current = log_probs.detach()
    inputs = LossInputs(
        log_probs=log_probs,
        old_log_probs=current if part.old_log_probs is None else part.old_log_probs,
        advantages=batch.advantages.to(log_probs.dtype),
        mask=batch.tokens.completion_mask.to(log_probs.dtype),
        weights=batch.weights.to(log_probs.dtype),
        counts=batch.counts.to(log_probs.dtype),
    )
    output = loss.objective.loss(inputs, loss.objective.options)
    total, sums = output.loss, _Sums(num_clipped=output.num_clipped.item())
    if loss.penalty.tokens is not None:
        divergence = _divergence(loss.penalty.tokens, everything, batch, temperature)
        term = loss.weight * weighted_sum(divergence, inputs)
        total = total + term
        divergence_sum = token_sum(divergence.detach(), inputs).item()
        sums += _Sums(penalty=term.item(), divergence=divergence_sum)
    sums += _Sums(
        loss=_finite(total, "loss", batch, step),
        entropy=_finite(token_sum(entropies(everything), inputs), "entropy", batch, step),
    )
    total.backward()
    return sums, current


def _divergence(
    tokens: TokenTerm, log_probs: Tensor, batch: MicroBatch, temperature: float
) -> Tensor:
    """Return what the term of tokens says of a micro-batch, in nats, [row, token]."""
    with torch.no_grad():
        logits = tokens.reference.completion_logits(batch.tokens)
        reference = vocabulary_log_probs(logits, temperature)
    return tokens.divergence(TokenDistributions(log_probs, reference, batch.tokens.completion_ids))


@torch.no_grad()
def _entropy(policy: Policy, rows: Sequence[Row], settings: UpdateSettings, step: int) -> float:
    """Return the sum of entropies over the completion tokens of rows that have no gradient."""
    total = 0.0
    for batch in micro_batches(policy, rows, micro_batch_size=settings.micro_batch_size):
        logits = policy.completion_logits(batch.tokens)
        entropy = entropies(vocabulary_log_probs(logits, settings.temperature))
        sums = (entropy * batch.tokens.completion_mask).sum(1) * batch.counts
        total += _finite(sums.sum(), "entropy", batch, step)
    return total


def _finite(value: Tensor, name: str, batch: MicroBatch, step: int) -> float:
    number = value.item()
    if not math.isfinite(number):
        tasks = ", ".join(sorted(set(batch.task_ids)))
        raise FloatingPointError(
            f"step {step}: {name} is {number} on rollouts of {tasks}; "
            "lower the learning rate, or look for weights or log-probabilities that overflow",
        )
    return number


def _mean(values: Iterable[float]) -> float:
    items = list(values)
    return sum(items) / len(items)
