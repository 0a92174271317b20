"""Pretraining from scratch: next-token prediction on pairs of prompt and completion.

The matrices of the blocks are trained with Muon, everything else with AdamW. One thread and one
seed give one result, also when a run is killed and continued from its work folder.
"""

import logging
import math
import time
from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn import functional

from crest import seeds
from crest.models.organism.attention import CausalRows
from crest.models.organism.network import Organism
from crest.models.organism.policy import OrganismPolicy
from crest.models.organism.pretraining_data import TrainingBatch, TrainingText
from crest.models.organism.pretraining_optimiser import PretrainingOptimiser
from crest.models.organism.pretraining_state import load_state, save_state
from crest.models.organism.shape import Shape
from crest.models.organism.tokenizer import Tokenizer, TokenizerOptions
from crest.stopping import finish_first
from crest.work import Work

_REPORT_STEPS = 100
_SAVE_EVERY_S = 20.0
_MANY = 0.5
"""Share of weighted tokens above which leaving the others out gains nothing."""
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class PretrainingOptions:
    """How the weights are trained.

    Attributes:
        learning_rate: Peak rate of AdamW: embedding, norms and biases; with no Muon, everything.
        muon_learning_rate: Peak rate of Muon for the matrices of the blocks; 0 leaves them to
            AdamW.
        batch_size: Pairs a step.
        num_train_epochs: Passes over the pairs.
        warmup_steps: Steps over which both rates rise linearly.
        min_learning_rate_ratio: Share of the peak at which the cosine ends.
        weight_decay: Of both optimisers, on matrices alone.
        prompt_loss_weight: Weight of a prompt's token in the loss; a completion's has 1.
        init_std: Standard deviation of the initial weights.
    """

    learning_rate: float = 8e-3
    muon_learning_rate: float = 0.02
    batch_size: int = 32
    num_train_epochs: float = 1.0
    warmup_steps: int = 50
    min_learning_rate_ratio: float = 0.05
    weight_decay: float = 0.01
    prompt_loss_weight: float = 0.2
    init_std: float = 0.06


def pretrain(
    pairs: Sequence[tuple[str, str]],
    *,
    seed: int,
    shape: Shape,
    tokenizer: Tokenizer | None = None,
    tokenizer_options: TokenizerOptions | None = None,
    options: PretrainingOptions | None = None,
    work: Work | None = None,
    save_steps: int = 100,
) -> OrganismPolicy:
    """Return a policy trained from scratch.

    Progress is kept every `save_steps` steps, or every 20 seconds where these take longer, and
    when a signal stops the job.

    Args:
        pairs: Prompt and completion; the end of sequence is added here.
        seed: Of initial weights and order.
        shape: Its `vocab_size` is the most that a trained tokenizer may have; a small corpus gives
            less. A given tokenizer replaces it by its own.
        tokenizer: By default one is trained on the pairs.
        tokenizer_options: Of its training; by default the standard ones with the shape's
            `vocab_size`.
        options: By default the standard ones.
        work: Where progress is kept, and gone on from; all arguments but the next decide whose
            folder it is.
        save_steps: Steps between two writes of progress.
    """
    options = options or PretrainingOptions()
    if tokenizer is None:
        standard = TokenizerOptions(vocab_size=shape.anatomy.vocab_size)
        tokenizer = Tokenizer.train((a + b for a, b in pairs), tokenizer_options or standard)
    shape = shape.with_vocabulary(tokenizer.vocab_size)
    text = TrainingText(
        pairs,
        tokenizer,
        prompt_loss_weight=options.prompt_loss_weight,
        max_length=shape.anatomy.max_position_embeddings,
    )
    num_steps = math.ceil(options.num_train_epochs * math.ceil(len(pairs) / options.batch_size))
    plan = text.plan(num_steps, options.batch_size, seed)
    network = Organism(shape)
    generator = torch.Generator().manual_seed(seeds.derive_seed("pretraining", seed, "weights"))
    network.initialise(generator, std=options.init_std)
    optimiser = PretrainingOptimiser(
        network, weight_decay=options.weight_decay, use_muon=options.muon_learning_rate > 0
    )
    first = 0 if work is None else load_state(work, network, optimiser)
    progress = _Progress(num_steps, save_steps)
    with finish_first() as stop:
        for step in range(first, num_steps):
            loss = batch_loss(network, text.batch(plan[step]))
            loss.backward()
            factor = schedule(step, num_steps, options)
            optimiser.step(options.learning_rate * factor, options.muon_learning_rate * factor)
            progress.report(step + 1, loss)
            if work is not None and (progress.to_be_saved(step + 1) or stop.requested):
                save_state(work, step + 1, num_steps, network, optimiser)
            if stop.requested:
                break
    return OrganismPolicy(network, tokenizer)


def batch_loss(network: Organism, batch: TrainingBatch) -> Tensor:
    """Return the weighted mean of the negative log-likelihood of all tokens but the first.

    Where most tokens weigh nothing, no more of them is computed than the others need.
    """
    inputs, targets = batch.token_ids[:, :-1], batch.token_ids[:, 1:].flatten()
    num_rows, width = inputs.shape
    attend = CausalRows(num_rows, width, network.anatomy, remember=False)
    positions = torch.arange(width).repeat(num_rows)
    weights = batch.weights.flatten()
    wanted = _few_that_weigh(weights)
    if wanted is not None:
        targets, weights = targets[wanted], weights[wanted]
    hidden = network.hidden(inputs.flatten(), positions, attend, wanted)
    losses = functional.cross_entropy(network.logits(hidden), targets, reduction="none")
    return torch.dot(losses, weights) / weights.sum()


def _few_that_weigh(weights: Tensor) -> Tensor | None:
    """Return the places of weights other than 0; None if they are many."""
    places = weights.nonzero()[:, 0]
    return places if len(places) < _MANY * len(weights) else None


def schedule(step: int, num_steps: int, options: PretrainingOptions) -> float:
    """Return the share of the peak learning rate at a step, counted from 0."""
    if step < options.warmup_steps:
        return (step + 1) / options.warmup_steps
    done = (step - options.warmup_steps) / max(1, num_steps - options.warmup_steps)
    low = options.min_learning_rate_ratio
    return low + (1 - low) * 0.5 * (1 + math.cos(math.pi * done))


class _Progress:
    """Knows when to log a line, and when to save."""

    def __init__(self, num_steps: int, save_steps: int) -> None:
        self._num_steps = num_steps
        self._save_steps = save_steps
        self._start = self._saved_at = time.monotonic()

    def report(self, step: int, loss: Tensor) -> None:
        value = loss.item()
        if not math.isfinite(value):
            raise FloatingPointError(f"step {step}: the loss is {value}; lower the learning rates")
        if step % _REPORT_STEPS and step != self._num_steps:
            return
        elapsed = time.monotonic() - self._start
        log.info("step %d/%d  loss %.4f  %.1f s", step, self._num_steps, value, elapsed)

    def to_be_saved(self, step: int) -> bool:
        """Return whether to save after a step; results do not depend on it."""
        now = time.monotonic()
        due = now - self._saved_at >= _SAVE_EVERY_S
        if step % self._save_steps == 0 or step == self._num_steps or due:
            self._saved_at = now
            return True
        return False
