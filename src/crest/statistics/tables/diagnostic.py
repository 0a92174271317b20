"""The diagnostic table: one long campaign at the collapsing and at the healthy setting.

The source's diagnostic run: a single campaign of 200 steps [note]. There are no fresh samples of
its checkpoints, so its numbers are means over blocks of steps of the select curve, and the peak is
the block where the mean curve of the other seeds is highest: neither noise nor a seed's own jitter
makes rise or fall positive.
"""

from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from crest.statistics.resampling import Resampling
from crest.statistics.scores import Scores, methods_of
from crest.statistics.settings import Settings, Tables
from crest.statistics.shared_peak import shared_peaks
from crest.statistics.sign_flip import TEST, sign_flip_p
from crest.statistics.summary import SUMMARY_SCHEMA, summarise

TABLES = ("diagnostic/steps",)
SETTINGS = ("confidence_level", "num_resamples", "seed")

BLOCK = 10
"""Steps of a block."""

TESTED = ("rise", "fall", "train_fall")

SCHEMA = {
    "method": pl.String,
    "metric": pl.String,  # start, peak, end, rise, fall, peak_step; train_peak, train_end and _fall
    "num_steps": pl.Int64,
    **SUMMARY_SCHEMA,
    "p_value": pl.Float64,  # of a mean of zero over seeds; null where zero is no null value
    "test": pl.String,
}


def compute(tables: Tables, settings: Settings) -> pl.DataFrame:
    """Return the table from the tables that it reads."""
    return diagnostic_table(tables["diagnostic/steps"], settings.resampling)


def diagnostic_table(steps: pl.DataFrame, resampling: Resampling) -> pl.DataFrame:
    """Return one row a method and metric; `SCHEMA` has the columns.

    Raises:
        ValueError: The chains of a method differ in length.
    """
    rows: list[dict[str, Any]] = []
    for method in methods_of(steps):
        mine = steps.filter(pl.col("method") == method)
        for metric, scores in _metrics(mine, method).items():
            tested = metric in TESTED
            rows.append(
                {
                    "method": method,
                    "metric": metric,
                    "num_steps": mine["step"].max(),
                    **summarise(scores, resampling, "diagnostic", method, metric),
                    "p_value": sign_flip_p(scores.per_seed) if tested and scores.seeds else None,
                    "test": TEST if tested and scores.seeds else None,
                }
            )
    return pl.DataFrame(rows, schema=SCHEMA)


def _metrics(steps: pl.DataFrame, method: str) -> dict[str, Scores]:
    select = _blocks(steps.filter(pl.col("step") > 0), "select_pass@1", method)
    train = _blocks(steps.filter(pl.col("step") > 0), "train_pass@1", method)
    start = steps.filter(pl.col("step") == 0).sort("seed")["select_pass@1"].to_numpy()
    num_steps = int(steps["step"].to_numpy().max())
    seeds = tuple(steps["seed"].unique().sort().to_list())
    found = {"start": start, "end": select[:, -1], "train_end": train[:, -1]}
    if len(seeds) > 1:
        blocks, each = shared_peaks(select), np.arange(len(seeds))
        peak, train_peak = select[each, blocks], train[each, blocks]
        found |= {
            "peak": peak,
            "rise": peak - start,
            "fall": peak - select[:, -1],
            "peak_step": np.minimum((blocks + 1) * BLOCK, num_steps).astype(float),
            "train_peak": train_peak,
            "train_fall": train_peak - train[:, -1],
        }
    return {name: Scores(seeds, (), values) for name, values in found.items()}


def _blocks(steps: pl.DataFrame, value: str, method: str) -> NDArray[np.float64]:
    """Return means over blocks of steps: float64[seed, block]."""
    means = (
        steps.with_columns(block=(pl.col("step") - 1) // BLOCK)
        .group_by("seed", "block")
        .agg(pl.col(value).mean())
        .sort("seed", "block")
    )
    num_seeds, num_blocks = means["seed"].n_unique(), means["block"].n_unique()
    if len(means) != num_seeds * num_blocks:
        raise ValueError(f"{method}: its seeds ran campaigns of other lengths; run all to the end")
    return means[value].to_numpy().reshape(num_seeds, num_blocks)
