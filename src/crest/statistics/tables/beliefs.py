"""The beliefs table: what controllers foresaw of each campaign, what they granted, what came."""

import json
from collections.abc import Iterator
from statistics import NormalDist
from typing import Any

import polars as pl

from crest.records import CAPABILITIES
from crest.statistics.settings import Settings, Tables

TABLES = ("decisions",)
SETTINGS = ("confidence_level",)

DECIDED = {
    "method": pl.String,
    "seed": pl.Int64,
    "campaign": pl.Int64,
    "num_steps": pl.Int64,
    "steps_run": pl.Int64,
    "roll_forward_campaign": pl.Int64,
    "learning_rate_scale": pl.Float64,
    "plan_reason": pl.String,
}
SCHEMA = {
    **DECIDED,
    "verdict": pl.String,  # reuse, adapt, pilot or reject; null where the controller gives none
    "ratio": pl.Float64,  # end over peak of the last campaign that took steps, shrunk
    "reuse_ratio": pl.Float64,  # the gate's thresholds at the time
    "adapt_ratio": pl.Float64,
    "tightening": pl.Float64,  # how far the last surprises have raised them
    "surprised": pl.Boolean,  # whether the last campaign was a bad surprise
    "region": pl.Float64,  # the trust region's share of the budget
    "capability": pl.String,
    "predicted": pl.Float64,  # change, at the budget granted; at the smallest, if rejected
    "sd": pl.Float64,  # of the true change
    "p_regress": pl.Float64,  # that the true change is a fall beyond the margin
    "ci_low": pl.Float64,  # of the change that will be measured
    "ci_high": pl.Float64,
    "ci_level": pl.Float64,
    "observed": pl.Float64,  # end minus start, as measured; null where no step was taken
    "inside": pl.Boolean,  # whether it lies in that interval
}
_GATE = ("verdict", "ratio", "reuse_ratio", "adapt_ratio", "tightening", "surprised", "region")


def compute(tables: Tables, settings: Settings) -> pl.DataFrame:
    """Return the table from the tables that it reads."""
    return beliefs_table(tables["decisions"], settings.confidence_level)


def beliefs_table(decisions: pl.DataFrame, confidence_level: float) -> pl.DataFrame:
    """Return one row a campaign and measured capability; `SCHEMA` has the columns.

    Every arm has its rows, that readers may compare what came; what a controller does not believe
    is null.

    Args:
        decisions: One row a campaign, with beliefs as JSON.
        confidence_level: Of the intervals of what is foreseen.
    """
    reach = NormalDist().inv_cdf((1 + confidence_level) / 2)
    rows = [
        row | {"ci_level": confidence_level}
        for decision in decisions.sort("method", "seed", "campaign").iter_rows(named=True)
        for row in _rows(decision, reach)
    ]
    return pl.DataFrame(rows, schema=SCHEMA)


def _rows(decision: dict[str, Any], reach: float) -> Iterator[dict[str, Any]]:
    beliefs = json.loads(decision["beliefs"])
    shared = {name: decision[name] for name in DECIDED} | {
        name: beliefs.get(name) for name in _GATE
    }
    for capability in CAPABILITIES:
        start, end = (decision[f"{when}_{capability}"] for when in ("start", "end"))
        if start is not None:
            observed = end - start if decision["steps_run"] else None
            foreseen = beliefs.get("changes", {}).get(capability)
            yield {
                **shared,
                "capability": capability,
                "observed": observed,
                **(_foreseen(foreseen, observed, reach) if foreseen else {}),
            }


def _foreseen(change: dict[str, float], observed: float | None, reach: float) -> dict[str, Any]:
    low, high = (change["mean"] + sign * reach * change["measured_sd"] for sign in (-1, 1))
    return {
        "predicted": change["mean"],
        "sd": change["sd"],
        "p_regress": change["p_regress"],
        "ci_low": low,
        "ci_high": high,
        "inside": None if observed is None else low <= observed <= high,
    }
