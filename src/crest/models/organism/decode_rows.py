"""The rows of a chunk being sampled: what they start from, their luck, and what becomes of them."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from crest import seeds


@dataclass(frozen=True, slots=True)
class Sampled:
    """What one row produced.

    Attributes:
        token_ids: The end-of-sequence token included when it was sampled.
        log_probs: Of each token, at the sampling temperature.
    """

    token_ids: list[int]
    log_probs: list[float]


@dataclass(frozen=True, slots=True)
class Row:
    """A row to decode: which prompt, and which place in the caller's order."""

    prompt: tuple[int, ...]
    place: int
    seed: int


def draws_of(rows: Sequence[Row], num: int) -> Tensor:
    """Return Float[row, token], uniform in [0, 1)."""
    row_seeds = np.array([row.seed for row in rows], dtype=np.uint64)
    draws = seeds.uniforms(row_seeds, num).astype(np.float32)
    return torch.from_numpy(draws).clamp_(max=1 - 2**-24)


def collect(token_ids: Tensor, log_probs: Tensor, eos_id: int) -> list[Sampled]:
    """Cut each row after its first end-of-sequence token."""
    ended = (token_ids == eos_id).numpy()
    lengths = np.where(ended.any(1), ended.argmax(1) + 1, ended.shape[1]).tolist()
    return [
        Sampled(ids[:length], chosen[:length])
        for ids, chosen, length in zip(token_ids.tolist(), log_probs.tolist(), lengths, strict=True)
    ]
