"""One step of training: graded rollouts in, changed parameters and metrics out.

What is exact, and on what it rests:

- Micro-batches accumulate the gradient of the whole batch, because each row's weight in the loss
  was computed on the whole batch (`losses.row_weights`).
- Rows with advantage zero have no gradient unless the loss contains a reference policy; they keep
  their place in the weights' denominators, and go through the model without gradient, once, for
  the entropy alone.
- The old log-probabilities are those that the model itself gives before the first update on a
  batch. In the first update they are the current ones, detached, so its ratio is exactly 1; the
  log-probabilities recorded while sampling differ by rounding (another order of summation in the
  decoder), which would count as a policy change. Later updates on the batch use the first's.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import torch
from torch import Tensor

from crest.learning.advantages import Rewards, State
from crest.learning.batches import MicroBatch, Row, merge_rows, micro_batches
from crest.learning.likelihood import completion_log_probs, log_probs_and_entropy
from crest.learning.losses import LossInputs, token_sum
from crest.learning.objective import Objective
from crest.learning.optimiser import Optimiser
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
        metrics: `learning_rate` (of the first update on the batch), `loss`, `grad_norm` before
            clipping and `clip_ratio/region_mean` (means over the updates on the batch), and
            `entropy` of the policy that sampled, in nats, mean over completion tokens.
        advantages: float64[problem, sample].
        state: The objective's state for the next step.
        reference_kl: k3 estimate of KL(policy || reference), mean over completion tokens and over
            the updates on the batch; None when the objective has no reference.
    """

    metrics: dict[str, float]
    advantages: Rewards
    state: State
    reference_kl: float | None


@dataclass(frozen=True, slots=True)
class _Part:
    """A micro-batch and the log-probabilities that stay the same over the updates on its batch.

    Attributes:
        micro_batch: Rows.
        reference_log_probs: [row, token]; None without a reference.
        old_log_probs: [row, token]; None before the first update.
    """

    micro_batch: MicroBatch
    reference_log_probs: Tensor | None
    old_log_probs: Tensor | None = None


@dataclass(frozen=True, slots=True)
class _Sums:
    """The loss of some rows, and sums over the completion tokens of their samples."""

    loss: float = 0.0
    entropy: float = 0.0
    num_clipped: float = 0.0
    kl: float = 0.0

    def __add__(self, other: "_Sums") -> "_Sums":
        return _Sums(
            loss=self.loss + other.loss,
            entropy=self.entropy + other.entropy,
            num_clipped=self.num_clipped + other.num_clipped,
            kl=self.kl + other.kl,
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
    reference: Policy | None = None,
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
        reference: For objectives that compare with one.

    Raises:
        FloatingPointError: A loss, an entropy or a gradient is not finite. The parameters are as
            they were before the update that failed.
        ValueError: The objective needs a reference and there is none.
    """
    options = objective.options
    if options.needs_reference and reference is None:
        raise ValueError(f"step {step}: the objective has a KL term; pass the reference policy")
    advantages, state = objective.advantages(batch_rewards(groups), options, state)
    rows = merge_rows(
        groups,
        advantages,
        aggregation=options.aggregation,
        max_completion_length=settings.max_completion_length,
    )
    moving = [row for row in rows if row.advantage != 0 or options.needs_reference]
    silent = [row for row in rows if row.advantage == 0 and not options.needs_reference]
    learning_rate = optimiser.learning_rate
    entropy = _entropy(policy, silent, settings, step)
    parts = _prepare(policy, moving, settings, reference if options.needs_reference else None)
    passes, grad_norms = [], []
    for _ in range(options.updates_per_batch):
        optimiser.zero_grad()
        sums, parts = _accumulate(policy, parts, objective, settings, step)
        grad_norms.append(optimiser.step())
        passes.append(sums)
    num_tokens = sum(row.count * len(row.token_ids) for row in rows)
    return UpdateResult(
        metrics={
            "learning_rate": learning_rate,
            "loss": _mean(sums.loss for sums in passes),
            "grad_norm": _mean(grad_norms),
            "entropy": (entropy + passes[0].entropy) / num_tokens,
            "clip_ratio/region_mean": _mean(sums.num_clipped for sums in passes) / num_tokens,
        },
        advantages=advantages,
        state=state,
        reference_kl=(
            _mean(sums.kl for sums in passes) / num_tokens if options.needs_reference else None
        ),
    )


def _prepare(
    policy: Policy, rows: Sequence[Row], settings: UpdateSettings, reference: Policy | None
) -> list[_Part]:
    """Return the rows in micro-batches, with the reference's log-probabilities."""
    batches = micro_batches(policy, rows, micro_batch_size=settings.micro_batch_size)
    if reference is None:
        return [_Part(batch, reference_log_probs=None) for batch in batches]
    with torch.no_grad():
        return [
            _Part(batch, _log_probs(reference, batch, settings.temperature)) for batch in batches
        ]


def _accumulate(
    policy: Policy,
    parts: Sequence[_Part],
    objective: Objective,
    settings: UpdateSettings,
    step: int,
) -> tuple[_Sums, list[_Part]]:
    """Add the batch's gradient to the parameters'; return sums, and parts with old log-probs."""
    total, done = _Sums(), []
    for part in parts:
        sums, log_probs = _backward(policy, part, objective, settings.temperature, step)
        old_log_probs = log_probs if part.old_log_probs is None else part.old_log_probs
        total += sums
        done.append(replace(part, old_log_probs=old_log_probs))
    return total, done


def _backward(
    policy: Policy, part: _Part, objective: Objective, temperature: float, step: int
) -> tuple[_Sums, Tensor]:
    """Add one micro-batch's gradient to the parameters'; return its sums and log-probs."""
    batch = part.micro_batch
    logits = policy.completion_logits(batch.tokens)
    log_probs, entropy = log_probs_and_entropy(logits, batch.tokens.completion_ids, temperature)
    current = log_probs.detach()
    inputs = LossInputs(
        log_probs=log_probs,
        old_log_probs=current if part.old_log_probs is None else part.old_log_probs,
        reference_log_probs=part.reference_log_probs,
        advantages=batch.advantages.to(log_probs.dtype),
        mask=batch.tokens.completion_mask.to(log_probs.dtype),
        weights=batch.weights.to(log_probs.dtype),
        counts=batch.counts.to(log_probs.dtype),
    )
    output = objective.loss(inputs, objective.options)
    sums = _Sums(
        loss=_finite(output.loss, "loss", batch, step),
        entropy=_finite(token_sum(entropy, inputs), "entropy", batch, step),
        num_clipped=output.num_clipped.item(),
        kl=output.kl.item(),
    )
    output.loss.backward()
    return sums, current


@torch.no_grad()
def _entropy(policy: Policy, rows: Sequence[Row], settings: UpdateSettings, step: int) -> float:
    """Return the sum of entropies over the completion tokens of rows that have no gradient."""
    total = 0.0
    for batch in micro_batches(policy, rows, micro_batch_size=settings.micro_batch_size):
        tokens = batch.tokens
        logits = policy.completion_logits(tokens)
        _, entropy = log_probs_and_entropy(logits, tokens.completion_ids, settings.temperature)
        sums = (entropy * tokens.completion_mask).sum(1) * batch.counts
        total += _finite(sums.sum(), "entropy", batch, step)
    return total


def _log_probs(policy: Policy, batch: MicroBatch, temperature: float) -> Tensor:
    logits = policy.completion_logits(batch.tokens)
    return completion_log_probs(logits, batch.tokens.completion_ids, temperature)


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
