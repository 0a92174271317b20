"""What every selector hands in, task by task, at every budget of samples."""

from collections.abc import Mapping, Sequence
from typing import Any

import polars as pl

from crest.selection.selectors import LEARNT, Candidate, divergent, selected

SCHEMA: dict[str, Any] = {
    "bank": pl.String,
    "task_id": pl.String,
    "level": pl.Int64,
    "k": pl.Int64,  # samples drawn
    "selector": pl.String,
    "critic_tasks": pl.Int64,  # tasks that trained the critic; 0 where there is none
    "correct": pl.Float64,  # chance in [0, 1] that what is handed in generalises
    "num_visible_fit": pl.Int64,  # candidates
    "divergent": pl.Boolean,  # they disagree on a held-out input
    "any_correct": pl.Boolean,
}


def pick(
    trials: pl.DataFrame, tasks: pl.DataFrame, scores: pl.DataFrame, budgets: Sequence[int]
) -> pl.DataFrame:
    """Return one row a task, budget, selector and critic, with the columns of `SCHEMA`.

    Args:
        trials: Candidates: bank, and the columns of `candidates.SCHEMA`.
        tasks: bank, task_id, level of all tasks, those without a candidate included.
        scores: bank, task_id, sample_id, critic_tasks, score.
        budgets: Numbers of samples; a candidate counts where its `sample_id` is below.
    """
    candidates = _by_task(trials)
    by_critic = {
        critic_tasks: dict(zip(_keys(own), own["score"].to_list(), strict=True))
        for (critic_tasks,), own in scores.group_by("critic_tasks", maintain_order=True)
    }
    rows: list[dict[str, Any]] = []
    for bank, task_id, level in tasks.select("bank", "task_id", "level").iter_rows():
        for k in budgets:
            own = [each for each in candidates.get((bank, task_id), []) if each["sample_id"] < k]
            task = {"bank": bank, "task_id": task_id, "level": level, "k": k}
            rows += _of_task(task, own, by_critic)
    return pl.DataFrame(rows, schema=SCHEMA)


def _of_task(
    task: dict[str, Any],
    rows: Sequence[Mapping[str, Any]],
    by_critic: Mapping[int, Mapping[tuple[str, str, int], float]],
) -> list[dict[str, Any]]:
    correct = [row["correct"] for row in rows]
    plain = [_candidate(row, None) for row in rows]
    shared = {
        **task,
        "num_visible_fit": len(rows),
        "divergent": divergent(plain),
        "any_correct": any(correct),
    }
    found = [
        {**shared, "selector": name, "critic_tasks": 0, "correct": value}
        for name, value in selected(plain, correct, task["k"], scored=False).items()
    ]
    for critic_tasks, scores in by_critic.items():
        scored = [_candidate(row, scores[_key(row)]) for row in rows]
        values = selected(scored, correct, task["k"], scored=True)
        found += [
            {**shared, "selector": name, "critic_tasks": critic_tasks, "correct": values[name]}
            for name in LEARNT
        ]
    return found


def _by_task(trials: pl.DataFrame) -> dict[tuple[str, str], list[dict[str, Any]]]:
    """Return the candidates of each bank and task, in sampling order."""
    found: dict[tuple[str, str], list[dict[str, Any]]] = {}
    for row in trials.sort("sample_id", maintain_order=True).iter_rows(named=True):
        found.setdefault((row["bank"], row["task_id"]), []).append(row)
    return found


def _candidate(row: Mapping[str, Any], score: float | None) -> Candidate:
    return Candidate(
        text=row["text"],
        length=len(row["token_ids"]),
        log_prob=row["log_prob"],
        outputs=tuple(row["outputs"]),
        score=score,
    )


def _key(row: Mapping[str, Any]) -> tuple[str, str, int]:
    return row["bank"], row["task_id"], row["sample_id"]


def _keys(scores: pl.DataFrame) -> list[tuple[str, str, int]]:
    return list(scores.select("bank", "task_id", "sample_id").iter_rows())
