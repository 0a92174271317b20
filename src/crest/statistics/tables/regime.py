"""The regime table: how high each setting rises and how far it falls, in one campaign and a chain.

Fresh pass@1 on the report split. The peak of a chain is the peak of that campaign whose select
curve is highest, seed by seed, so that, as within a campaign, other samples choose a checkpoint
than measure it. Training reward is the share of rollouts that pass, over the few steps whose
policies lie around that peak and over the last steps of the chain; each has noise of its own, as
neither chose it. The pools of a chain's campaigns differ, so over a chain their difficulty adds to
that noise.
"""

from typing import Any

import polars as pl

from crest.statistics.fresh import fresh_rates
from crest.statistics.regime_cells import COLUMNS, parse_cell
from crest.statistics.resampling import Resampling
from crest.statistics.scores import Scores, methods_of, problem_scores, seed_scores
from crest.statistics.settings import Settings, Tables
from crest.statistics.sign_flip import TEST, sign_flip_p
from crest.statistics.summary import SUMMARY_SCHEMA, summarise

TABLES = ("regime/evaluation", "regime/steps")
SETTINGS = ("confidence_level", "num_resamples", "seed")

WINDOW = 3
"""Steps over which training reward is averaged: one has few rollouts, many would miss a late fall.

The last policy has no rollouts of its own, so that training lags behind report by a step."""

FRESH = ("start", "peak", "end", "rise", "fall")
TRAIN = ("train_peak", "train_end", "train_fall", "train_beyond_half")
"""Share of rollouts that pass around the peak and at the end, the first minus the second, and that
minus half of the fall: above zero, training falls along with report (see `regime_rules`)."""

TESTED = ("rise", "fall", "train_fall", "train_beyond_half")

SCHEMA = {
    "method": pl.String,
    **COLUMNS,
    "campaigns": pl.Int64,  # 1, or the length of the chain
    "metric": pl.String,
    **SUMMARY_SCHEMA,
    "p_value": pl.Float64,  # of a mean of zero over seeds; null where zero is no null value
    "test": pl.String,
}


def compute(tables: Tables, settings: Settings) -> pl.DataFrame:
    """Return the table from the tables that it reads."""
    return regime_table(tables["regime/evaluation"], tables["regime/steps"], settings.resampling)


def regime_table(
    evaluation: pl.DataFrame, steps: pl.DataFrame, resampling: Resampling
) -> pl.DataFrame:
    """Return one row a cell, horizon (one campaign, the chain) and metric; see `SCHEMA`.

    Args:
        evaluation: Fresh samples of the cells' chains.
        steps: Steps of the same chains.
        resampling: How intervals are made.
    """
    rates = fresh_rates(evaluation)
    rows: list[dict[str, Any]] = []
    for method in methods_of(rates):
        mine = rates.filter(pl.col("method") == method)
        run = steps.filter(pl.col("method") == method)
        for campaigns in sorted({1, int(mine["campaign"].to_numpy().max())}):
            metrics = _metrics(_until(mine, campaigns), _until(run, campaigns))
            names = ("regime", method, campaigns)
            rows += [
                _row(method, campaigns, metric, summarise(scores, resampling, *names, metric))
                | _test(metric, scores)
                for metric, scores in metrics.items()
            ]
    return pl.DataFrame(rows, schema=SCHEMA)


def _until(frame: pl.DataFrame, campaigns: int) -> pl.DataFrame:
    return frame.filter(pl.col("campaign") <= campaigns)


def _row(method: str, campaigns: int, metric: str, summary: dict[str, Any]) -> dict[str, Any]:
    cell = parse_cell(method)
    setting = {name: getattr(cell, name) for name in COLUMNS}
    return {"method": method, **setting, "campaigns": campaigns, "metric": metric, **summary}


def _test(metric: str, scores: Scores) -> dict[str, Any]:
    tested = metric in TESTED and len(scores.seeds) > 0
    return {
        "p_value": sign_flip_p(scores.per_seed) if tested else None,
        "test": TEST if tested else None,
    }


def _metrics(rates: pl.DataFrame, steps: pl.DataFrame) -> dict[str, Scores]:
    """Return the metrics of one cell and horizon."""
    peaks = _peaks(steps)
    last = rates["campaign"].max()
    highest = rates.join(peaks, on=["seed", "campaign"]).select("seed", "task_id", "peak")
    ends = rates.filter(pl.col("campaign") == last).select("seed", "task_id", "first_start", "end")
    fresh = ends.join(highest, on=["seed", "task_id"]).select(
        "seed",
        "task_id",
        "peak",
        "end",
        start="first_start",
        rise=pl.col("peak") - pl.col("first_start"),
        fall=pl.col("peak") - pl.col("end"),
    )
    falls = fresh.group_by("seed").agg(pl.col("fall").mean())
    train = _training(steps, peaks).join(falls, on="seed")
    train = train.with_columns(train_beyond_half=pl.col("train_fall") - pl.col("fall") / 2)
    return {name: problem_scores(fresh, name) for name in FRESH} | {
        name: seed_scores(train, name) for name in TRAIN
    }


def _peaks(steps: pl.DataFrame) -> pl.DataFrame:
    """Return the campaign and step at which each seed's select curve is highest, the first such."""
    order = ["seed", "campaign", "step"]
    highest = pl.col("select_pass@1") == pl.col("select_pass@1").max().over("seed")
    return (
        steps.sort(order)
        .filter(highest)
        .unique("seed", keep="first", maintain_order=True)
        .select("seed", "campaign", peak_step="step")
    )


def _training(steps: pl.DataFrame, peaks: pl.DataFrame) -> pl.DataFrame:
    """Return training reward around the peak and at the end of the chain, a row a seed.

    The row of a step holds the rollouts that the policy before its update wrote. Policies after the
    peak that count as the end do not count as the peak.
    """
    peaks = peaks.rename({"campaign": "peak_campaign"})
    rollouts = steps.filter(pl.col("step") > 0).join(peaks, on="seed")
    policy, at_peak = pl.col("step") - 1, pl.col("campaign") == pl.col("peak_campaign")
    last = rollouts.filter(pl.col("campaign") == pl.col("campaign").max().over("seed"))
    last = last.filter(policy > policy.max().over("seed") - WINDOW)
    newest = policy == policy.max().over("seed")
    after = ~at_peak | (policy > pl.col("peak_step"))
    ends = last.filter(after | newest)
    near = at_peak & ((policy - pl.col("peak_step")).abs() <= WINDOW // 2)
    around = rollouts.filter(near).join(
        ends.filter(after), on=["seed", "campaign", "step"], how="anti"
    )
    return (
        around.group_by("seed")
        .agg(train_peak=pl.col("train_pass@1").mean())
        .join(ends.group_by("seed").agg(train_end=pl.col("train_pass@1").mean()), on="seed")
        .with_columns(train_fall=pl.col("train_peak") - pl.col("train_end"))
    )
