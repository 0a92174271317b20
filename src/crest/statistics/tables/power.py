"""The power table: the smallest difference between two arms that the study's seeds could show."""

from typing import Any

import numpy as np
import polars as pl
from scipy import stats

from crest.statistics.margin import SMALLEST_GAIN
from crest.statistics.power import POWER, detectable_by_flips, detectable_by_t, seeds_needed
from crest.statistics.settings import Settings, Tables
from crest.statistics.sign_flip import smallest_p

TABLES = ("comparisons",)
SETTINGS = ("confidence_level", "num_resamples", "seed")

METRICS = ("end_pass@1", "fresh_gap", "rise", "carried_gain")

SCHEMA = {
    "method": pl.String,
    "reference": pl.String,
    "metric": pl.String,
    "n_seeds": pl.Int64,
    "sd": pl.Float64,  # of the paired differences over seeds; itself uncertain with few of them
    "resolved": pl.Float64,  # half of Student's interval: what would have lain outside zero here
    "t_detectable": pl.Float64,  # smallest difference that Student's t shows with `power`
    "exact_detectable": pl.Float64,  # the same of the sign-flip test; null where it never can
    "smallest_p": pl.Float64,  # of the sign-flip test with so many seeds
    "margin": pl.Float64,  # the smallest difference that matters
    "seeds_for_margin": pl.Int64,  # seeds with which t shows it; null above 200
    "power": pl.Float64,
    "ci_level": pl.Float64,
}


def compute(tables: Tables, settings: Settings) -> pl.DataFrame:
    """Return the table from the tables that it reads."""
    rng = settings.resampling.generator("power")
    return power_table(tables["comparisons"], rng)


def power_table(comparisons: pl.DataFrame, rng: np.random.Generator) -> pl.DataFrame:
    """Return one row a pair and metric; `SCHEMA` has the columns.

    Args:
        comparisons: From `comparisons_table`; rows without Student's interval have no row here.
        rng: Of the simulation behind `exact_detectable`.
    """
    kept = comparisons.filter(pl.col("metric").is_in(METRICS)).drop_nulls(["t_low", "t_high"])
    sizes = kept.select("n_seeds", "ci_level").unique(maintain_order=True).sort("n_seeds")
    flips = {(num, level): detectable_by_flips(num, level, rng) for num, level in sizes.rows()}
    rows = [_row(row, flips[row["n_seeds"], row["ci_level"]]) for row in kept.to_dicts()]
    return pl.DataFrame(rows, schema=SCHEMA)


def _row(row: dict[str, Any], flips: float | None) -> dict[str, Any]:
    num, level = row["n_seeds"], row["ci_level"]
    resolved = (row["t_high"] - row["t_low"]) / 2
    spread = float(resolved * np.sqrt(num) / stats.t.ppf((1 + level) / 2, num - 1))
    return {
        **{name: row[name] for name in ("method", "reference", "metric", "n_seeds", "ci_level")},
        "sd": spread,
        "resolved": resolved,
        "t_detectable": detectable_by_t(num, level) * spread,
        "exact_detectable": None if flips is None else flips * spread,
        "smallest_p": smallest_p(num),
        "margin": SMALLEST_GAIN,
        "seeds_for_margin": seeds_needed(spread, SMALLEST_GAIN, level),
        "power": POWER,
    }
