"""The regime table: how high each setting rises and how far it falls, in one campaign and a chain.

Fresh pass@1 on the report split. The peak of a chain is the peak of that campaign whose select
curve is highest, seed by seed, so that, as within a campaign, other samples choose a checkpoint
than measure it. Training reward is the share of rollouts that pass, over the few steps whose
policies lie around a campaign's peak and over its last steps, means over the campaigns in which the
chain fell: from that of its peak to the last. Campaigns have pools of their own, so that training
reward is not compared across them.
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
TRAIN = ("campaign_fall", "train_peak", "train_end", "train_fall", "train_beyond_half")
"""Within the campaigns in which the chain fell: the fall from peak to end on report; the share of
rollouts that pass around the peak and at the end, the first minus the second, and that minus half
of the campaigns' fall: above zero, training falls along with report (see `regime_rules`)."""

TESTED = ("rise", "fall", "campaign_fall", "train_fall", "train_beyond_half")

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
    fresh, train = _fresh(rates, _peaks(steps, "seed")), _within_campaigns(rates, steps)
    return {name: problem_scores(fresh, name) for name in FRESH} | {
        name: seed_scores(train, name) for name in TRAIN
    }


def _fresh(rates: pl.DataFrame, peaks: pl.DataFrame) -> pl.DataFrame:
    """Return start, peak and end of each chain and what follows from them, by seed and problem."""
    highest = rates.join(peaks, on=["seed", "campaign"]).select("seed", "task_id", "peak")
    last = rates.filter(pl.col("campaign") == pl.col("campaign").max())
    return (
        last.drop("peak")
        .join(highest, on=["seed", "task_id"])
        .select(
            "seed",
            "task_id",
            "peak",
            "end",
            start="first_start",
            rise=pl.col("peak") - pl.col("first_start"),
            fall=pl.col("peak") - pl.col("end"),
        )
    )


def _within_campaigns(rates: pl.DataFrame, steps: pl.DataFrame) -> pl.DataFrame:
    """Return what report and training lose within the campaigns in which a chain fell, by seed."""
    campaign = ["seed", "campaign"]
    falls = rates.group_by(campaign).agg(campaign_fall=(pl.col("peak") - pl.col("end")).mean())
    first = _peaks(steps, "seed").select("seed", first_falling="campaign")
    fell = _training(steps).join(falls, on=campaign).join(first, on="seed")
    fell = fell.filter(pl.col("campaign") >= pl.col("first_falling"))
    return (
        fell.group_by("seed")
        .agg(pl.col("campaign_fall", "train_peak", "train_end").mean())
        .with_columns(train_fall=pl.col("train_peak") - pl.col("train_end"))
        .with_columns(train_beyond_half=pl.col("train_fall") - pl.col("campaign_fall") / 2)
    )


def _peaks(steps: pl.DataFrame, *unit: str) -> pl.DataFrame:
    """Return where the select curve of each unit, chain or campaign, is highest, the first such."""
    highest = pl.col("select_pass@1") == pl.col("select_pass@1").max().over(*unit)
    return (
        steps.sort("seed", "campaign", "step")
        .filter(highest)
        .unique(unit, keep="first", maintain_order=True)
        .select("seed", "campaign", peak_step="step")
    )


def _training(steps: pl.DataFrame) -> pl.DataFrame:
    """Return training reward around the peak and at the end of each campaign.

    The row of a step holds the rollouts that the policy before its update wrote. Policies after the
    peak that count as the end do not count as the peak.
    """
    unit = ["seed", "campaign"]
    peaks, policy = _peaks(steps, *unit), pl.col("step") - 1
    rollouts = steps.filter(pl.col("step") > 0).join(peaks, on=unit)
    newest, after = policy.max().over(unit), policy > pl.col("peak_step")
    ending = (policy > newest - WINDOW) & (after | (policy == newest))
    near = (policy - pl.col("peak_step")).abs() <= WINDOW // 2
    return rollouts.group_by(unit).agg(
        train_peak=pl.col("train_pass@1").filter(near & ~(ending & after)).mean(),
        train_end=pl.col("train_pass@1").filter(ending).mean(),
    )
