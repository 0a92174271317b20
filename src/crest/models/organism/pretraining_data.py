"""Pairs of prompt and completion as batches of rows of nearly equal length."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from crest import seeds
from crest.models.organism.tokenizer import Tokenizer

_BATCHES_PER_POOL = 32
"""Rows are sorted by length inside pools of this many batches, drawn at random."""


@dataclass(frozen=True, slots=True)
class TrainingBatch:
    """Rows of text and what each of their tokens weighs.

    Attributes:
        token_ids: Long[row, position]. Prompt, completion, end of sequence, padding.
        weights: Float[row, position - 1]. Weight in the loss of each token but the first.
    """

    token_ids: Tensor
    weights: Tensor


class TrainingText:
    """A tokenised corpus."""

    def __init__(
        self,
        pairs: Sequence[tuple[str, str]],
        tokenizer: Tokenizer,
        *,
        prompt_loss_weight: float,
        max_length: int,
    ) -> None:
        """Tokenise the pairs.

        Raises:
            ValueError: A pair is longer than the network's positions.
        """
        prompts = tokenizer.encode_all([prompt for prompt, _ in pairs])
        completions = tokenizer.encode_all([completion for _, completion in pairs])
        end = (tokenizer.eos_id,)
        self._rows = [
            (*prompt, *completion, *end)
            for prompt, completion in zip(prompts, completions, strict=True)
        ]
        self._prompt_lengths = np.array([len(prompt) for prompt in prompts])
        self._lengths = np.array([len(row) for row in self._rows])
        self._pad_id = tokenizer.pad_id
        self._prompt_loss_weight = prompt_loss_weight
        longest = int(self._lengths.argmax())
        if self._lengths[longest] > max_length:
            raise ValueError(
                f"the pair {pairs[longest]!r} takes {self._lengths[longest]} tokens, but the "
                f"network has {max_length} positions: raise max_position_embeddings"
            )

    def plan(self, num_steps: int, batch_size: int, seed: int) -> list[np.ndarray]:
        """Return for each step the numbers of its rows; every epoch has an order of its own."""
        steps: list[np.ndarray] = []
        epoch = 0
        while len(steps) < num_steps:
            steps.extend(self._epoch(batch_size, seeds.generator("pretraining", seed, epoch)))
            epoch += 1
        return steps[:num_steps]

    def batch(self, rows: np.ndarray) -> TrainingBatch:
        """Return the rows as tensors."""
        lengths, prompt_lengths = self._lengths[rows], self._prompt_lengths[rows]
        width = int(lengths.max())
        token_ids = np.full((len(rows), width), self._pad_id, dtype=np.int64)
        for line, row in enumerate(rows):
            token_ids[line, : lengths[line]] = self._rows[row]
        targets = np.arange(1, width)
        weights = np.where(targets < prompt_lengths[:, None], self._prompt_loss_weight, 1.0)
        weights[targets >= lengths[:, None]] = 0.0
        return TrainingBatch(
            torch.from_numpy(token_ids), torch.from_numpy(weights.astype(np.float32))
        )

    def _epoch(self, batch_size: int, generator: np.random.Generator) -> Iterator[np.ndarray]:
        order = generator.permutation(len(self._rows))
        pool = batch_size * _BATCHES_PER_POOL
        batches = []
        for start in range(0, len(order), pool):
            rows = order[start : start + pool]
            rows = rows[np.argsort(self._lengths[rows], kind="stable")]
            batches += [rows[at : at + batch_size] for at in range(0, len(rows), batch_size)]
        return (batches[number] for number in generator.permutation(len(batches)))
