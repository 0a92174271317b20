"""The rows that a campaign writes, as tables with one fixed schema each."""

from collections.abc import Mapping, Sequence

import polars as pl

from crest.learning.advantages import Rewards
from crest.records import Rollout

KEYS = {
    "study": pl.String,
    "model": pl.String,
    "method": pl.String,
    "seed": pl.Int64,
    "campaign": pl.Int64,
    "step": pl.Int64,
}
MEASURES = (
    "learning_rate",
    "loss",
    "reward",
    "reward_std",
    "frac_reward_zero_std",
    "entropy",
    "kl",
    "kl_base",
    "grad_norm",
    "clip_ratio/region_mean",
    "penalty",
    "penalty_weight",
    "completions/mean_length",
    "completions/min_length",
    "completions/max_length",
    "completions/clipped_ratio",
    "eos_at_0",
    "distinct_completions",
    "num_tokens",
    "train_pass@1",
    "select_pass@1",
    "select_distinct",
)
LEVEL = {"grader_level": pl.String}
"""Name of the level of the grader's jail at which programs ran."""

STEPS = KEYS | dict.fromkeys(MEASURES, pl.Float64) | LEVEL
SELECT = KEYS | {
    "task_id": pl.String,
    "family": pl.String,
    "num_samples": pl.Int64,
    "num_correct": pl.Int64,
    **LEVEL,
}
ROLLOUTS = KEYS | {
    "task_id": pl.String,
    "sample_id": pl.Int64,
    "completion": pl.String,
    "n_tokens": pl.Int64,
    "finish_reason": pl.String,
    "status": pl.String,
    **LEVEL,
    "reward": pl.Float64,
    "advantage": pl.Float64,
}
TABLES = {"steps": STEPS, "select": SELECT, "rollouts": ROLLOUTS}
"""Every table of a campaign and its columns."""

Keys = Mapping[str, str | int]
Groups = Sequence[Sequence[Rollout]]


def step_table(keys: Keys, metrics: Mapping[str, float], groups: Groups) -> pl.DataFrame:
    """Return one row of a campaign's curve; what was not measured at this step is null.

    Args:
        keys: Values of the key columns.
        metrics: Measured values by name.
        groups: Graded samples behind them.

    Raises:
        KeyError: A metric has no column.
    """
    unknown = sorted(set(metrics) - set(MEASURES))
    if unknown:
        raise KeyError(
            f"metrics without a column in steps.parquet: {unknown}; add them to MEASURES"
        )
    row = {**dict.fromkeys(MEASURES), **keys, **metrics, "grader_level": _level(groups[0])}
    return pl.DataFrame([row], schema=STEPS)


def select_table(keys: Keys, groups: Groups) -> pl.DataFrame:
    """Return, for each problem watched, how many of its samples pass."""
    rows = [
        {
            **keys,
            "task_id": group[0].problem.task_id,
            "family": group[0].problem.family,
            "num_samples": len(group),
            "num_correct": sum(rollout.verdict.passed for rollout in group),
            "grader_level": _level(group),
        }
        for group in groups
    ]
    return pl.DataFrame(rows, schema=SELECT)


def rollout_table(keys: Keys, groups: Groups, advantages: Rewards) -> pl.DataFrame:
    """Return one row for each sample that a step trained on."""
    rows = [
        {
            **keys,
            "task_id": rollout.problem.task_id,
            "sample_id": rollout.sample_id,
            "completion": rollout.completion.text,
            "n_tokens": len(rollout.completion.token_ids),
            "finish_reason": rollout.completion.finish_reason,
            "status": rollout.verdict.status.value,
            "grader_level": rollout.verdict.level,
            "reward": float(rollout.verdict.passed),
            "advantage": float(advantages[index, rollout.sample_id]),
        }
        for index, group in enumerate(groups)
        for rollout in group
    ]
    return pl.DataFrame(rows, schema=ROLLOUTS)


def _level(group: Sequence[Rollout]) -> str:
    """Return the level at which a group was judged: a grader has one."""
    return group[0].verdict.level
