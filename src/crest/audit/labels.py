"""Two labels of the same rollouts: do hidden tests and the whole declared domain agree?"""

from collections.abc import Mapping

import polars as pl

from crest.records import Grade, Problem, Submission
from crest.tasks.bank import problem_source

PROGRAM = ("task_id", "completion")
LABELS = ("hidden_passed", "oracle_passed")
COUNTS = {
    "hidden_passed": pl.Boolean,
    "oracle_passed": pl.Boolean,
    "num_rollouts": pl.Int64,
    "num_programs": pl.Int64,  # distinct pairs of problem and completion
}
Problems = Mapping[str, Problem]
"""Problems by `task_id`."""


def label_counts(
    rollouts: pl.DataFrame, hidden: Problems, oracle: Problems, grade: Grade
) -> pl.DataFrame:
    """Return how many rollouts, and how many distinct programs, got each pair of labels.

    Both labels are judged now, whichever of them the rollouts were rewarded by. A program that
    fails a hidden test fails the oracle, whose tests hold that one, so it is not run again.

    Args:
        rollouts: Columns task_id and completion; others are ignored.
        hidden: The problems with their hidden tests.
        oracle: The same problems with the whole declared domain as their tests.
        grade: Judges programs.

    Returns:
        Four rows, one for each pair of `hidden_passed` and `oracle_passed`, with `num_rollouts`
        and `num_programs`.

    Raises:
        KeyError: A rollout's problem is not there.
    """
    programs = rollouts.group_by(PROGRAM).len("num_rollouts").sort(PROGRAM)
    hidden_passed = _flags("hidden_passed", programs, hidden, grade)
    passing = programs.filter(hidden_passed)
    oracle_passed = passing.select(*PROGRAM, _flags("oracle_passed", passing, oracle, grade))
    judged = programs.with_columns(hidden_passed).join(oracle_passed, on=PROGRAM, how="left")
    labelled = judged.with_columns(pl.col("oracle_passed").fill_null(value=False))
    counts = labelled.group_by(LABELS).agg(
        pl.col("num_rollouts").sum().cast(pl.Int64), pl.len().cast(pl.Int64).alias("num_programs")
    )
    return _pairs().join(counts, on=LABELS, how="left").fill_null(0).sort(LABELS).select(*COUNTS)


def _flags(name: str, programs: pl.DataFrame, problems: Problems, grade: Grade) -> pl.Series:
    """Return whether each program passes the tests of its problem."""
    pairs = programs.select(PROGRAM).iter_rows()
    submissions = [_submission(problems[task_id], completion) for task_id, completion in pairs]
    passed = [verdict.passed for verdict in grade(submissions)]
    return pl.Series(name, passed, dtype=pl.Boolean)


def _submission(problem: Problem, completion: str) -> Submission:
    return Submission(problem_source(problem, completion), problem.tests)


def _pairs() -> pl.DataFrame:
    values = [(hidden, oracle) for hidden in (False, True) for oracle in (False, True)]
    return pl.DataFrame(values, schema=dict.fromkeys(LABELS, pl.Boolean), orient="row")
