"""Fresh samples of a checkpoint on a split, counted problem by problem."""

from collections.abc import Sequence

import polars as pl

from crest.config import SamplingConfig
from crest.learning.kept_samples import from_samples
from crest.models.policy import Policy
from crest.records import Grade, Problem, Rollout
from crest.work import Kept

COUNTS = {
    "task_id": pl.String,
    "family": pl.String,
    "level": pl.Int64,
    "num_samples": pl.Int64,
    "num_correct": pl.Int64,
    "num_distinct": pl.Int64,
    "num_distinct_correct": pl.Int64,
    "grader_level": pl.String,
}


def evaluate(
    policy: Policy,
    problems: Sequence[Problem],
    grade: Grade,
    stream: Sequence[str | int],
    *,
    num_generations: int,
    sampling: SamplingConfig,
    kept: Kept,
    place: str,
) -> pl.DataFrame:
    """Return one row a problem: samples drawn, passed, distinct, and distinct among the passed.

    Args:
        policy: The checkpoint.
        problems: Of one split.
        grade: Judges programs.
        stream: Names the samples. Checkpoints that share it share their noise, so that their
            difference is measured more sharply than either.
        num_generations: Samples a problem.
        sampling: Temperature and cap.
        kept: What is finished already, and where the rest is kept as it is finished.
        place: Name of the checkpoint there; no two evaluations of a job share it.
    """
    rows = from_samples(
        policy,
        problems,
        grade,
        stream,
        _counts,
        num_generations=num_generations,
        sampling=sampling,
        kept=kept,
        place=place,
    )
    return pl.DataFrame(list(rows), schema=COUNTS)


def _counts(group: Sequence[Rollout]) -> dict[str, str | int]:
    problem = group[0].problem
    passed = [rollout.completion.text for rollout in group if rollout.verdict.passed]
    return {
        "task_id": problem.task_id,
        "family": problem.family,
        "level": problem.level,
        "num_samples": len(group),
        "num_correct": len(passed),
        "num_distinct": len({rollout.completion.text for rollout in group}),
        "num_distinct_correct": len(set(passed)),
        "grader_level": group[0].verdict.level,
    }
