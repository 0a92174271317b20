"""Tasks as problems: which pairs are shown is decided here, by a split seed."""

from collections.abc import Mapping, Sequence
from typing import Any

from crest.records import Problem
from crest.tasks.flashfill.problem import make_problem
from crest.tasks.flashfill.task import Task


def problems_of(tasks: Sequence[Task], split_seed: int, config: Mapping[str, Any]) -> list[Problem]:
    """Return the problems of tasks under one split seed, in order.

    Args:
        tasks: Of a bank or a pool.
        split_seed: Draws the visible pairs.
        config: A job's, with `num_visible` and `irregular_visible`.
    """
    return [
        make_problem(
            task,
            split_seed,
            num_visible=config["num_visible"],
            irregular_visible=config["irregular_visible"],
        )
        for task in tasks
    ]
