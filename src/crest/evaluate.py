"""Fresh samples of a checkpoint on a split, counted problem by problem."""

from collections.abc import Sequence

import polars as pl

from crest.config import SamplingConfig
from crest.learning.sampling import sample_rollouts
from crest.models.policy import Policy
from crest.records import Grade, Problem, Rollout
from crest.work import Kept

MAX_ROWS = 1024
"""Completions drawn together, and finished together; more take memory, fewer take time.

Fixed, since another size rounds other products of matrices, which once in a while moves a sample.
"""

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
    chunk = max(1, MAX_ROWS // num_generations)
    rows: list[dict[str, str | int]] = []
    for first in range(0, len(problems), chunk):
        name = f"{place}, problems from {first}"
        counts = kept.recall(name)
        if counts is None:
            groups = sample_rollouts(
                policy,
                problems[first : first + chunk],
                grade,
                stream,
                num_generations=num_generations,
                temperature=sampling.temperature,
                max_completion_length=sampling.max_completion_length,
            )
            counts = [_counts(group) for group in groups]
            done = first + len(counts)
            kept.put(name, counts, f"problem {done} of {len(problems)} of {place}")
        rows += counts
    return pl.DataFrame(rows, schema=COUNTS)


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
