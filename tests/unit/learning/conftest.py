"""A policy small enough to differentiate by hand: one distribution over three tokens.

Token 0 ends a completion, tokens 1 and 2 write "a" and "b". The logits are the parameters,
whatever the prompt and the position.
"""

from collections.abc import Sequence

import numpy as np
import pytest
import torch
from torch import Tensor, nn

from crest.learning.penalty import PenaltyContext
from crest.models.policy import TokenBatch
from crest.records import Completion, Problem, Rollout, Status, Verdict
from crest.seeds import uniforms
from crest.testing import FunctionTests

END = 0
LETTERS = "_ab"


class ThreeTokens(nn.Module):
    """The policy softmax(theta), which counts the rows that it was asked about."""

    def __init__(self, theta: Sequence[float] = (0.0, 0.0, 0.0)) -> None:
        super().__init__()
        self.theta = nn.Parameter(torch.tensor(theta, dtype=torch.float64))
        self.rows_seen = 0

    def generate(
        self,
        prompts: Sequence[str],
        row_seeds: Sequence[Sequence[int]],
        *,
        temperature: float,
        max_completion_length: int,
    ) -> list[list[Completion]]:
        probs = (self.theta.detach() / temperature).softmax(-1).numpy()
        return [
            [_draw(probs, seed, max_completion_length) for seed in seeds]
            for _, seeds in zip(prompts, row_seeds, strict=True)
        ]

    def encode_batch(self, pairs: Sequence[tuple[str, tuple[int, ...]]]) -> TokenBatch:
        lengths = torch.tensor([len(ids) for _, ids in pairs])
        prompt_lengths = torch.tensor([len(prompt) for prompt, _ in pairs])
        completion_ids = torch.zeros(len(pairs), int(lengths.max()), dtype=torch.long)
        positions = int((lengths + prompt_lengths).max())
        input_ids = torch.zeros(len(pairs), positions, dtype=torch.long)
        for row, (prompt, ids) in enumerate(pairs):
            completion_ids[row, : len(ids)] = torch.tensor(ids)
            input_ids[row, len(prompt) : len(prompt) + len(ids)] = torch.tensor(ids)
        mask = torch.arange(completion_ids.shape[1])[None, :] < lengths[:, None]
        return TokenBatch(input_ids, prompt_lengths, completion_ids, mask)

    def completion_logits(self, batch: TokenBatch) -> Tensor:
        self.rows_seen += batch.num_rows
        return self.theta.expand(*batch.completion_ids.shape, 3)


def _draw(probs: np.ndarray, seed: int, max_completion_length: int) -> Completion:
    draws = uniforms(np.array([seed], dtype=np.uint64), max_completion_length)[0]
    ids = np.minimum(np.searchsorted(probs.cumsum(), draws, side="right"), 2).tolist()
    stopped = END in ids
    return make_completion(ids[: ids.index(END) + 1] if stopped else ids, probs)


def make_completion(token_ids: Sequence[int], probs: np.ndarray | None = None) -> Completion:
    ids = tuple(token_ids)
    chosen = np.full(3, 1 / 3) if probs is None else probs
    return Completion(
        token_ids=ids,
        text="".join(LETTERS[i] for i in ids if i != END),
        log_probs=tuple(float(np.log(chosen[i])) for i in ids),
        finish_reason="stop" if ids[-1] == END else "length",
    )


def make_problem(task_id: str = "task") -> Problem:
    return Problem(
        task_id=task_id,
        family="toy",
        level=1,
        prompt=f"{task_id}:",
        reference="a",
        tests=FunctionTests("f", ((1,),), (1,)),
    )


def make_group(task_id: str, samples: Sequence[tuple[Sequence[int], bool]]) -> list[Rollout]:
    return [
        Rollout(
            problem=make_problem(task_id),
            sample_id=sample_id,
            completion=make_completion(ids),
            verdict=Verdict(Status.PASS if passed else Status.WA, (passed,)),
        )
        for sample_id, (ids, passed) in enumerate(samples)
    ]


@pytest.fixture
def three_tokens() -> type[ThreeTokens]:
    return ThreeTokens


@pytest.fixture
def group():
    """Make a group from (token ids, passed) pairs."""
    return make_group


@pytest.fixture
def problem():
    return make_problem


@pytest.fixture
def context():
    """Make what a penalty sees when a campaign starts."""

    def make(start, base=None, *, num_problems=0, temperature=1.0):
        return PenaltyContext(
            start=start,
            base=start if base is None else base,
            problems=[make_problem(f"earlier{index}") for index in range(num_problems)],
            stream=("penalty", 0, 2),
            temperature=temperature,
            max_completion_length=4,
        )

    return make
