"""The regime_causes table: the phase of each setting, and why it falls where it falls."""

from typing import Any

import polars as pl

from crest.statistics.regime_cells import COLUMNS
from crest.statistics.regime_rules import NONE, cause, phase
from crest.statistics.settings import Settings, Tables

TABLES = ("regime",)
SETTINGS = ()

KEYS = ["method", *COLUMNS, "campaigns"]
MEANS = ("start", "peak", "end", "rise", "fall", "campaign_fall", "train_fall")

SCHEMA = {
    "method": pl.String,
    **COLUMNS,
    "campaigns": pl.Int64,  # 1, or the length of the chain
    "n_seeds": pl.Int64,
    **dict.fromkeys(MEANS, pl.Float64),  # means over seeds, as in the regime table
    "fall_low": pl.Float64,  # the wider end of both intervals of the fall
    "fall_high": pl.Float64,
    "rise_sure": pl.Boolean,  # both intervals of the rise lie above zero
    "fall_sure": pl.Boolean,  # both intervals of the fall lie above zero
    "phase": pl.String,  # by the rules of regime_rules, as the cause
    "cause": pl.String,
    "cause_sure": pl.Boolean,  # both intervals agree on the side of the border between causes
}


def compute(tables: Tables, settings: Settings) -> pl.DataFrame:
    """Return the table from the tables that it reads."""
    del settings  # it needs none
    return regime_causes_table(tables["regime"])


def regime_causes_table(regime: pl.DataFrame) -> pl.DataFrame:
    """Return one row a cell and horizon; `SCHEMA` has the columns."""
    rows = [
        _row(dict(zip(KEYS, key, strict=True)), {row["metric"]: row for row in cell.to_dicts()})
        for key, cell in regime.group_by(KEYS, maintain_order=True)
    ]
    return pl.DataFrame(rows, schema=SCHEMA)


def _row(keys: dict[str, Any], metrics: dict[str, dict[str, Any]]) -> dict[str, Any]:
    means = {name: metrics[name]["estimate"] for name in MEANS}
    fall, why = metrics["fall"], cause(means["fall"], means["campaign_fall"], means["train_fall"])
    return {
        **keys,
        "n_seeds": fall["n_seeds"],
        **means,
        "fall_low": None if fall["t_low"] is None else min(fall["ci_low"], fall["t_low"]),
        "fall_high": None if fall["t_high"] is None else max(fall["ci_high"], fall["t_high"]),
        "rise_sure": _side(metrics["rise"]) == 1,
        "fall_sure": _side(fall) == 1,
        "phase": phase(means["rise"], means["fall"]),
        "cause": why,
        "cause_sure": why != NONE and _side(metrics["train_beyond_half"]) != 0,
    }


def _side(row: dict[str, Any]) -> int:
    """Return 1 where both intervals lie above zero, -1 where both lie below, else 0."""
    if row["ci_low"] is None or row["t_low"] is None:
        return 0
    above = min(row["ci_low"], row["t_low"]) > 0
    return int(above) - int(max(row["ci_high"], row["t_high"]) < 0)
