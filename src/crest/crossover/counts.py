"""What is counted of many samples of one task, beyond those that are right."""

from collections import Counter
from collections.abc import Sequence

import polars as pl

from crest.records import Rollout
from crest.tasks.flashfill.verifier import candidate_outputs
from crest.testing import FunctionTests

SCHEMA = {
    "task_id": pl.String,
    "level": pl.Int64,  # parts of the secret program
    "num_samples": pl.Int64,
    "num_correct": pl.Int64,  # right on all pairs
    "num_visible_fit": pl.Int64,  # right on the visible pairs
    "num_distinct": pl.Int64,  # distinct texts
    "num_distinct_correct": pl.Int64,
    "num_behaviours": pl.Int64,  # distinct outputs on the held-out inputs, of those that fit
    "num_modal": pl.Int64,  # samples that fit with the most frequent of these outputs
}


def count_programs(group: Sequence[Rollout], num_visible: int) -> dict[str, str | int]:
    """Return the row of one task, with the columns of `SCHEMA`.

    Args:
        group: All its samples.
        num_visible: Pairs that it shows, the first of its tests.
    """
    fitting = [each for each in group if fits(each, num_visible)]
    behaviours = Counter(behaviour(each, num_visible) for each in fitting)
    correct = [each.completion.text for each in group if each.verdict.passed]
    return {
        "task_id": group[0].problem.task_id,
        "level": group[0].problem.level,
        "num_samples": len(group),
        "num_correct": len(correct),
        "num_visible_fit": len(fitting),
        "num_distinct": len({each.completion.text for each in group}),
        "num_distinct_correct": len(set(correct)),
        "num_behaviours": len(behaviours),
        "num_modal": max(behaviours.values(), default=0),
    }


def fits(rollout: Rollout, num_visible: int) -> bool:
    """Return whether a sample is right on the visible pairs."""
    return all(rollout.verdict.passed_tests[:num_visible])


def behaviour(rollout: Rollout, num_visible: int) -> tuple[str | None, ...]:
    """Return what a sample gives on the held-out inputs, None where it fails.

    Raises:
        ValueError: It is no program, or its problem is no string transformation.
    """
    tests = rollout.problem.tests
    if not isinstance(tests, FunctionTests):
        raise ValueError(f"{rollout.problem.task_id} is no string transformation")  # noqa: TRY004
    held_out = [call[0] for call in tests.calls[num_visible:]]
    outputs = candidate_outputs(rollout.completion.text, held_out)
    if outputs is None:
        raise ValueError(f"{rollout.completion.text!r} is no program, so it fits no pair")
    return outputs
