"""The evaluation_noise table: how far a campaign's gap moves when it is only measured again.

Peak and end of every campaign are evaluated several times with new samples of the same problems.
What varies between evaluations of one checkpoint is noise of the measurement; the rest of what
varies between campaigns is the campaigns'.
"""

from typing import Any

import numpy as np
import polars as pl

from crest.statistics.resampling import Resampling
from crest.statistics.scores import methods_of, seed_scores
from crest.statistics.settings import Settings, Tables
from crest.statistics.summary import SUMMARY_SCHEMA, summarise

TABLES = ("repeats",)
SETTINGS = ("confidence_level", "num_resamples", "seed")

SCHEMA = {
    "method": pl.String,
    "n_campaigns": pl.Int64,  # over all seeds
    "n_repeats": pl.Int64,  # evaluations of a checkpoint
    "n_samples": pl.Int64,  # of one evaluation, over all of its problems
    "checkpoint_sd": pl.Float64,  # sd between evaluations of one checkpoint's pass@1
    "gap_sd": pl.Float64,  # sd between evaluations of one campaign's gap
    "campaign_sd": pl.Float64,  # sd between campaigns of the gap, without that noise
    "noise_share": pl.Float64,  # of the variance of single gaps, the share that is noise
    "mean_noise": pl.Float64,  # what the noise moves the mean gap by, evaluated once: its sd
    **SUMMARY_SCHEMA,  # of the gap: mean over evaluations and campaigns, then over seeds
}
_CAMPAIGN = ["method", "seed", "campaign"]


def compute(tables: Tables, settings: Settings) -> pl.DataFrame:
    """Return the table from the tables that it reads."""
    return evaluation_noise_table(tables["repeats"], settings.resampling)


def evaluation_noise_table(repeats: pl.DataFrame, resampling: Resampling) -> pl.DataFrame:
    """Return one row a method; `SCHEMA` has the columns.

    Args:
        repeats: Passing samples a campaign, checkpoint and repeat.
        resampling: How intervals are made.
    """
    gaps = campaign_gaps(repeats)
    rows = []
    for method in methods_of(gaps):
        mine = gaps.filter(pl.col("method") == method)
        rows.append(
            {
                "method": method,
                **_noise(mine),
                "n_samples": int(repeats.filter(pl.col("method") == method)["num_samples"].max()),  # type: ignore[arg-type]
                **summarise(seed_scores(mine, "gap"), resampling, "evaluation_noise", method),
            }
        )
    return pl.DataFrame(rows, schema=SCHEMA)


def campaign_gaps(repeats: pl.DataFrame) -> pl.DataFrame:
    """Return one row a campaign: mean and variance over repeats of its gap and of its checkpoints.

    Columns: method, seed, campaign, gap, gap_variance, checkpoint_variance, n_repeats. Campaigns
    whose peak is their end, which measure one checkpoint, count like others.
    """
    rates = repeats.group_by([*_CAMPAIGN, "repeat", "checkpoint"], maintain_order=True).agg(
        rate=pl.col("num_correct").sum() / pl.col("num_samples").sum()
    )
    wide = rates.pivot(
        on="checkpoint", index=[*_CAMPAIGN, "repeat"], values="rate", maintain_order=True
    )
    checkpoints = rates.group_by([*_CAMPAIGN, "checkpoint"]).agg(variance=pl.col("rate").var())
    noise = checkpoints.group_by(_CAMPAIGN).agg(checkpoint_variance=pl.col("variance").mean())
    gap = pl.col("peak") - pl.col("end")
    gaps = wide.group_by(_CAMPAIGN, maintain_order=True).agg(
        gap=gap.mean(), gap_variance=gap.var(), n_repeats=pl.len()
    )
    return gaps.join(noise, on=_CAMPAIGN, maintain_order="left")


def _noise(gaps: pl.DataFrame) -> dict[str, Any]:
    """Return the spread of gaps, parted into that of measuring and that of campaigns."""
    num, repeats = len(gaps), int(gaps["n_repeats"].min())  # type: ignore[arg-type]
    row: dict[str, Any] = {"n_campaigns": num, "n_repeats": repeats}
    if repeats < 2:
        return row
    noise = float(gaps["gap_variance"].to_numpy().mean())
    row |= {
        "checkpoint_sd": float(np.sqrt(gaps["checkpoint_variance"].to_numpy().mean())),
        "gap_sd": float(np.sqrt(noise)),
        "mean_noise": float(np.sqrt(noise / num)),
    }
    if num < 2:
        return row
    between = max(0.0, float(gaps["gap"].to_numpy().var(ddof=1)) - noise / repeats)
    whole = between + noise
    return row | {
        "campaign_sd": float(np.sqrt(between)),
        "noise_share": noise / whole if whole > 0 else None,
    }
