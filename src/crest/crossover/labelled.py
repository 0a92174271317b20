"""Candidates as a critic sees them."""

from collections.abc import Collection

import polars as pl

from crest.selection.critic import Labelled, Pair


def labelled(candidates: pl.DataFrame, task_ids: Collection[str]) -> list[Labelled]:
    """Return the labelled candidates of those of some tasks that have any, in the tasks' order.

    Args:
        candidates: With the columns of `candidates.SCHEMA`.
        task_ids: Of the tasks to learn from.
    """
    found: dict[str, Labelled] = {}
    correct: dict[str, dict[tuple[int, ...], bool]] = {}
    wanted = candidates.filter(pl.col("task_id").is_in(list(task_ids)))
    for row in wanted.iter_rows(named=True):
        task_id = row["task_id"]
        own = correct.setdefault(task_id, {})
        own[tuple(row["token_ids"])] = row["correct"]
        found.setdefault(task_id, Labelled(task_id, row["prompt"], own))
    return [found[task_id] for task_id in task_ids if task_id in found]


def pairs_of(candidates: pl.DataFrame) -> list[Pair]:
    """Return each candidate's prompt and token ids, in order."""
    columns = candidates.select("prompt", "token_ids")
    return [(prompt, tuple(ids)) for prompt, ids in columns.iter_rows()]
