"""pass@K of the base and of each round of self-training: who is ahead at which budget."""

from collections.abc import Mapping
from typing import Any

import altair as alt
import polars as pl

from crest.figures._arms import BASE, BASE_COLOUR
from crest.figures._crossover import (
    INTERVAL,
    bank_title,
    banks_of,
    budget_axis,
    interval_of,
    shares,
)
from crest.figures._inline import inline
from crest.figures._numbers import counted
from crest.figures._panels import panel_title
from crest.figures._theme import INK, WIDE, line_legend, percent_axis

TITLE = "pass@K: the trained model against the model that it came from"
CATEGORY = "Crossover"
CAPTION = (
    "Share of {tasks} tasks a bank solved by at least one of K samples (unbiased estimate from "
    "{samples} samples a task), on banks that no training saw. Dotted black: base models. "
    "Coloured: rounds of the study's own recipe, {seeds} trajectories. Shaded, for the base and "
    "the last round: {interval}. Vertical: K*, where the base overtakes the last round "
    "({crossings})."
)
TABLES = ("crossover_pass_at_k", "crossing")

ROUND_COLOURS = ("#C6DBEF", "#9ECAE1", "#6BAED6", "#4292C6", "#2171B5", "#08306B")


def data(tables: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    """Return rows of the kinds `curve` and `crossing`."""
    curves = tables["crossover_pass_at_k"]
    own = curves.filter(
        (pl.col("method") == BASE) | pl.col("main"), pl.col("metric") == "pass@k"
    ).select(
        "bank",
        "round",
        "last",
        "k",
        "estimate",
        *INTERVAL,
        "n_seeds",
        "n_tasks",
        "n_samples",
        kind=pl.lit("curve"),
    )
    crossings = tables["crossing"].filter(pl.col("main"), pl.col("last"), pl.col("seed").is_null())
    where = crossings.select(
        "bank",
        "round",
        "last",
        "state",
        "crossing_k",
        "interval",
        "probability",
        kind=pl.lit("crossing"),
    )
    if own["round"].max() in (None, 0):
        return own.clear()
    return pl.concat([own, where], how="diagonal").sort("kind", "bank", "round", "k")


def facts(frame: pl.DataFrame) -> dict[str, Any]:
    """Return the numbers of the caption."""
    curves = frame.filter(pl.col("kind") == "curve")
    return {
        "tasks": counted(curves, "n_tasks"),
        "samples": counted(curves, "n_samples"),
        "seeds": counted(curves.filter(pl.col("round") > 0), "n_seeds"),
        "interval": interval_of(curves, "trajectories"),
        "crossings": "; ".join(
            f"{row['bank']}: {_crossing(row)}"
            for row in frame.filter(pl.col("kind") == "crossing").to_dicts()
        ),
    }


def draw(frame: pl.DataFrame, arms: Mapping[str, str]) -> alt.TopLevelMixin:
    """Return one panel a bank."""
    del arms  # rounds of one recipe
    named = frame.with_columns(
        model=pl.when(pl.col("round") == 0)
        .then(pl.lit("base"))
        .otherwise(pl.format("round {}", "round"))
    )
    return alt.hconcat(
        *(_panel(named.filter(pl.col("bank") == bank), bank) for bank in banks_of(frame))
    )


def _panel(rows: pl.DataFrame, bank: str) -> Any:
    curves = rows.filter(pl.col("kind") == "curve").sort("round", "k")
    names = curves["model"].unique(maintain_order=True).to_list()
    colours = [BASE_COLOUR, *_shades(len(names) - 1)]
    x = budget_axis(curves["k"].unique().sort().to_list(), "K")
    y = alt.Y("estimate:Q", scale=alt.Scale(domain=[0, 1]), axis=percent_axis("pass@K"))
    colour = alt.Color(
        "model:N", scale=alt.Scale(domain=names, range=colours), legend=line_legend(symbolOpacity=1)
    )
    dash = alt.condition(alt.datum.model == "base", alt.value([2, 2]), alt.value([1, 0]))
    chart = alt.Chart(inline(curves.select("model", "last", "k", "estimate", "ci_low", "ci_high")))
    layers = [
        chart.transform_filter((alt.datum.last == True) | (alt.datum.model == "base"))  # noqa: E712
        .mark_area(opacity=0.15)
        .encode(x=x, y="ci_low:Q", y2="ci_high:Q", color=colour),
        chart.mark_line(strokeWidth=2).encode(x=x, y=y, color=colour, strokeDash=dash),
        chart.mark_point(size=22, filled=True, opacity=1).encode(
            x=x, y=y, color=colour, tooltip=shares("pass@K", "estimate", "model:N", "k:Q")
        ),
        *_crossings(rows),
    ]
    return alt.layer(*layers).properties(
        width=WIDE // 2 - 60, height=300, title=panel_title(bank_title(bank))
    )


def _crossings(rows: pl.DataFrame) -> list[alt.Chart]:
    found = rows.filter(pl.col("kind") == "crossing").drop_nulls("crossing_k")
    if found.is_empty():
        return []
    told = found.with_columns(
        text=pl.format("K* {}", pl.col("crossing_k").round(1)), k="crossing_k"
    ).select("k", "text", "interval", "probability")
    chart = alt.Chart(inline(told))
    rule = chart.mark_rule(color=INK, strokeDash=[4, 3]).encode(
        x="k:Q",
        tooltip=["text:N", "interval:N", alt.Tooltip("probability:Q", title="P(crossing)")],
    )
    text = chart.mark_text(align="left", baseline="top", dx=5, color=INK).encode(
        x="k:Q", y=alt.value(4), text="text:N"
    )
    return [rule, text]


def _crossing(row: dict[str, Any]) -> str:
    budget = row["state"] if row["crossing_k"] is None else f"{row['crossing_k']:.1f}"
    return f"{budget}, interval {row['interval']}, in {row['probability']:.0%} of draws"


def _shades(num: int) -> list[str]:
    """Return colours from light to dark, the last always the darkest."""
    if num <= len(ROUND_COLOURS):
        return list(ROUND_COLOURS[len(ROUND_COLOURS) - num :])
    steps = [round(at * (len(ROUND_COLOURS) - 1) / (num - 1)) for at in range(num)]
    return [ROUND_COLOURS[step] for step in steps]
