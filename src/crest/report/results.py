"""The tables of results as readers see them: one function a table, rows of text."""

from collections.abc import Mapping
from functools import partial
from typing import Any

import polars as pl

from crest.report.formats import ABSENT, interval, number, p_value, percent, points

END = "end_pass@1"

GAP_COLUMNS = (
    {
        "rise": ("rise", points),
        "fresh_gap": ("fresh gap", points),
        "curve_gap": ("curve gap", points),
        "null_gap": ("null gap", points),
        "excess_gap": ("excess gap", points),
        "carry_over": ("carry-over", points),
    },
    {
        "shared_rise": ("shared rise", points),
        "shared_fall": ("shared fall", points),
        "select_carry_over": ("select carry-over", points),
        "peak_bias": ("peak bias", points),
    },
    {
        "collapse_rate": ("collapsed", percent),
        "curve_collapse_rate": ("on the curve", percent),
        "null_collapse_rate": ("by noise alone", percent),
        "cliff_share": ("cliff share", percent),
        "onset_step": ("onset step", partial(number, digits=1)),
        "carried_gain": ("carried gain", points),
    },
)
"""Metrics of the gaps table, for three tables, in reading order, with heading and format."""

_COUNTS = {"total_steps"}
_TITLES = {
    END: "pass@1 at the end of the chain",
    "half_gap_kept": "fresh gap minus half of the other's",
    "short_of_cure": "what the end lacks to a cure",
}


def end_rows(arms: pl.DataFrame, labels: Mapping[str, str]) -> list[dict[str, Any]]:
    """Return start, end and best pass@1 and the steps of each arm's chains."""
    rows = []
    for method in _in_order(arms, labels):
        mine = {row["metric"]: row for row in arms.filter(pl.col("method") == method).to_dicts()}
        end = mine.get(END, {})
        rows.append(
            {
                "method": method,
                "label": labels.get(method, method),
                "start": percent(_estimate(mine, "start_pass@1")),
                "end": percent(end.get("estimate")),
                "interval": interval(end, percent),
                "t_interval": interval(end, percent, "t_low", "t_high"),
                "iqm": percent(end.get("iqm")),
                "best": percent(_estimate(mine, "best_pass@1")),
                "steps": number(_estimate(mine, "total_steps"), 0),
                "n_seeds": end.get("n_seeds", ABSENT),
            }
        )
    return rows


def comparison_groups(comparisons: pl.DataFrame, labels: Mapping[str, str]) -> list[dict[str, Any]]:
    """Return the comparisons by metric, the end of the chain first."""
    metrics = comparisons["metric"].unique(maintain_order=True).to_list()
    metrics.sort(key=lambda metric: metric != END)
    return [
        {
            "metric": metric,
            "title": _words(metric),
            "rows": [
                _comparison_row(row, labels)
                for row in comparisons.filter(pl.col("metric") == metric).to_dicts()
            ],
        }
        for metric in metrics
    ]


def gap_tables(gaps: pl.DataFrame, labels: Mapping[str, str]) -> list[dict[str, Any]]:
    """Return the gaps with a row an arm and a column a metric, in as many tables as fit."""
    present = set(gaps["metric"])
    chosen = [{name: group[name] for name in group if name in present} for group in GAP_COLUMNS]
    return [_gap_table(gaps, labels, shown) for shown in chosen if shown]


def _gap_table(
    gaps: pl.DataFrame, labels: Mapping[str, str], shown: Mapping[str, tuple[str, Any]]
) -> dict[str, Any]:
    rows = []
    for method in _in_order(gaps, labels):
        mine = {row["metric"]: row for row in gaps.filter(pl.col("method") == method).to_dicts()}
        cells = [
            {
                "estimate": show(_estimate(mine, metric)),
                "interval": interval(mine.get(metric, {}), show),
            }
            for metric, (_, show) in shown.items()
        ]
        counts = [row["n_campaigns"] for metric, row in mine.items() if metric in shown]
        rows.append(
            {
                "method": method,
                "label": labels.get(method, method),
                "cells": cells,
                "n_campaigns": max(counts, default=0),
                "lacks_null": "null_gap" in shown and _estimate(mine, "null_gap") is None,
            }
        )
    return {"columns": [heading for heading, _ in shown.values()], "rows": rows}


def mutation_rows(mutation: pl.DataFrame) -> list[dict[str, Any]]:
    """Return the share of near-miss programs that the hidden tests reject, by family and in all."""
    counts = [
        pl.len().alias("problems"),
        pl.col("num_mutants", "num_killed", "num_equivalent_on_candidates").sum(),
    ]
    families = mutation.group_by("level", "family").agg(counts).sort("level", "family").to_dicts()
    total = {"level": "", "family": "all families", **mutation.select(counts).to_dicts()[0]}
    return [
        {**row, "score": percent(row["num_killed"] / row["num_mutants"])}
        for row in (*families, total)
        if row["num_mutants"]
    ]


def flip_table(flips: pl.DataFrame) -> dict[str, Any]:
    """Return how often verdicts flipped: a row a status, the sum last, and columns a load."""
    loads = flips["busy_per_core"].unique().sort().to_list()
    found = {(row["busy_per_core"], row["status"]): row for row in flips.to_dicts()}
    statuses = flips["status"].unique(maintain_order=True).to_list()
    return {
        "loads": [_load(busy_per_core) for busy_per_core in loads],
        "level": percent(flips["ci_level"][0]).replace(".0%", "%"),
        "rows": [
            {
                "status": "all statuses" if status == "all" else status,
                "programs": found[loads[0], status]["n_programs"],
                "cells": [_flip_cell(found[load, status]) for load in loads],
            }
            for status in statuses
        ],
    }


def _load(busy_per_core: int) -> str:
    return f"{busy_per_core} busy processes a core" if busy_per_core else "machine idle"


def _flip_cell(row: Mapping[str, Any]) -> dict[str, Any]:
    bound = row["upper_bound"]
    return {
        "regrades": row["regrades"],
        "flips": row["flips"],
        "back_stops": row["back_stops"],
        "bound": ABSENT if bound is None else f"{bound:.2g}",
    }


def pilot_rows(pilot: pl.DataFrame) -> list[dict[str, Any]]:
    """Return the pilot's chains by learning rate."""
    return [
        {
            "learning_rate": f"{row['learning_rate']:g}",
            "n_seeds": row.get("n_seeds", ABSENT),
            **{name: percent(row[name]) for name in ("start", "peak", "end")},
            **{name: points(row[name]) for name in ("rise", "fall")},
            "role": row.get("role") or "",
        }
        for row in pilot.sort("learning_rate").to_dicts()
    ]


def _comparison_row(row: dict[str, Any], labels: Mapping[str, str]) -> dict[str, Any]:
    show = _counts if row["metric"] in _COUNTS else points
    better = row.get("seeds_better")
    return {
        "method": labels.get(row["method"], row["method"]),
        "reference": labels.get(row["reference"], row["reference"]),
        "effect": show(row["effect"]),
        "interval": interval(row, show),
        "t_interval": interval(row, show, "t_low", "t_high"),
        "p_value": p_value(row["p_value"]),
        "p_holm": p_value(row["p_holm"]),
        "better": ABSENT if better is None else f"{better} of {row['n_seeds']}",
        "improvement": percent(row.get("probability_of_improvement")),
    }


def _counts(value: float | None) -> str:
    return number(value, 1)


def _estimate(rows: Mapping[str, Mapping[str, Any]], metric: str) -> float | None:
    return rows.get(metric, {}).get("estimate")


def _in_order(frame: pl.DataFrame, labels: Mapping[str, str]) -> list[str]:
    ranks = {method: rank for rank, method in enumerate(labels)}
    methods = frame["method"].unique().to_list()
    return sorted(methods, key=lambda method: (ranks.get(method, len(ranks)), method))


def _words(metric: str) -> str:
    return _TITLES.get(metric, metric.replace("_", " "))
