"""Tasks on disk: one Parquet row each."""

from collections.abc import Mapping, Sequence
from dataclasses import fields
from pathlib import Path
from typing import Any

import polars as pl

from crest.storage import read_table, write_parquet
from crest.tasks.flashfill.task import Task

_SCHEMA: dict[str, Any] = {
    "task_id": pl.String,
    "level": pl.Int64,
    "program": pl.String,
    "inputs": pl.List(pl.String),
    "outputs": pl.List(pl.String),
    "irregular": pl.List(pl.Boolean),
}


def write_tasks(tasks: Sequence[Task], path: Path, *, stamp: str | None = None) -> None:
    """Write tasks atomically, in order, to a Parquet file that bears the stamp of what made it."""
    rows = [{field.name: getattr(task, field.name) for field in fields(Task)} for task in tasks]
    write_parquet(pl.DataFrame(rows, schema=_SCHEMA), path, stamp=stamp)


def read_tasks(path: Path) -> list[Task]:
    """Return the tasks that `write_tasks` wrote, in order.

    Raises:
        FileNotFoundError: No such file.
        DamagedFileError: The file is no whole table, or lacks a column.
    """
    return list(map(_task, read_table(path, list(_SCHEMA)).iter_rows(named=True)))


def _task(row: Mapping[str, Any]) -> Task:
    return Task(
        task_id=row["task_id"],
        level=row["level"],
        program=row["program"],
        inputs=tuple(row["inputs"]),
        outputs=tuple(row["outputs"]),
        irregular=tuple(row["irregular"]),
    )
