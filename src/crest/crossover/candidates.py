"""Candidates: a generator's programs that fit the visible pairs, and what selectors may see."""

from collections.abc import Sequence
from itertools import chain
from typing import Any

import polars as pl

from crest.config import SamplingConfig
from crest.crossover.counts import behaviour, fits
from crest.learning.kept_samples import from_samples
from crest.models.policy import Policy
from crest.records import Problem, Rollout
from crest.tasks.flashfill.verifier import verify
from crest.work import Kept

SCHEMA: dict[str, Any] = {
    "task_id": pl.String,
    "level": pl.Int64,
    "prompt": pl.String,
    "sample_id": pl.Int64,  # place among all samples of the task
    "text": pl.String,
    "token_ids": pl.List(pl.Int64),
    "log_prob": pl.Float64,  # of the whole completion
    "outputs": pl.List(pl.String),  # on the held-out inputs, null where it fails
    "correct": pl.Boolean,
}


def draw_candidates(
    policy: Policy,
    problems: Sequence[Problem],
    sampling: SamplingConfig,
    stream: Sequence[str | int],
    *,
    num_generations: int,
    num_visible: int,
    kept: Kept,
    place: str,
) -> pl.DataFrame:
    """Return one row a sample that fits the visible pairs, with the columns of `SCHEMA`.

    Args:
        policy: The generator.
        problems: Of a bank or a pool.
        sampling: Temperature and cap.
        stream: Names the samples.
        num_generations: Samples a problem.
        num_visible: Pairs that a problem shows.
        kept: What is finished already, and where the rest is kept as it is finished.
        place: Name of these problems there.
    """

    def rows(group: Sequence[Rollout]) -> list[dict[str, object]]:
        return [_row(each, num_visible) for each in group if fits(each, num_visible)]

    found = from_samples(
        policy,
        problems,
        verify,
        stream,
        rows,
        num_generations=num_generations,
        sampling=sampling,
        kept=kept,
        place=place,
    )
    return pl.DataFrame(list(chain.from_iterable(found)), schema=SCHEMA)


def _row(rollout: Rollout, num_visible: int) -> dict[str, object]:
    completion = rollout.completion
    return {
        "task_id": rollout.problem.task_id,
        "level": rollout.problem.level,
        "prompt": rollout.problem.prompt,
        "sample_id": rollout.sample_id,
        "text": completion.text,
        "token_ids": list(completion.token_ids),
        "log_prob": sum(completion.log_probs),
        "outputs": list(behaviour(rollout, num_visible)),
        "correct": rollout.verdict.passed,
    }
