"""What each round of self-training brings, and what it costs in variety."""

from collections.abc import Mapping
from typing import Any

import altair as alt
import polars as pl

from crest.figures._crossover import (
    BANK_COLOURS,
    INTERVAL,
    bank_title,
    banks_of,
    fine_points_axis,
    interval_of,
)
from crest.figures._inline import inline
from crest.figures._numbers import counted, from_zero
from crest.figures._panels import panel_title
from crest.figures._theme import WIDE, percent_axis

TITLE = "Rounds of self-training: gains, and the variety that they cost"
CATEGORY = "Crossover"
CAPTION = (
    "The study's own recipe, round by round, the first point being the base; {tasks} tasks a "
    "bank, means over {seeds} trajectories with their {interval}. Ceiling: a task is solved by "
    "one of {budget} samples. Step: pass@1 minus that of the round before; steps that shrink "
    "amplify, steps that stay or grow would compound. Right programs: different ones a task among "
    "its samples. Disagreeing: tasks whose samples that fit the visible pairs behave in several "
    "ways. Concentration: of these samples, the share that behaves as most do."
)
TABLES = ("star_rounds",)

METRICS = {
    "pass@1": "pass@1",
    "ceiling": "ceiling",
    "pass@1_increment": "step of pass@1 (points)",
    "distinct_correct": "right programs a task",
    "divergence": "disagreeing tasks",
    "concentration": "concentration",
}
"""Titles of panels, in their order."""
COLUMNS = 3
COUNTED = "distinct_correct"
STEPS = "pass@1_increment"


def data(tables: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    """Return the rounds of the study's own recipe."""
    return (
        tables["star_rounds"]
        .filter(
            "main",
            pl.col("metric").is_in(list(METRICS)),
            pl.col("round").is_not_null(),
            pl.col("estimate").is_not_null(),
        )
        .select("bank", "metric", "k", "round", "estimate", *INTERVAL, "n_seeds", "n_tasks")
        .sort("metric", "bank", "round")
    )


def facts(frame: pl.DataFrame) -> dict[str, Any]:
    """Return the numbers of the caption."""
    return {
        "tasks": counted(frame, "n_tasks"),
        "seeds": counted(frame, "n_seeds"),
        "interval": interval_of(frame, "trajectories"),
        "budget": counted(frame.filter(pl.col("metric") == "ceiling"), "k"),
    }


def draw(frame: pl.DataFrame, arms: Mapping[str, str]) -> alt.TopLevelMixin:
    """Return one panel a metric, a line a bank."""
    del arms  # rounds of one recipe
    banks = banks_of(frame)
    panels = [
        _panel(rows, metric, banks)
        for metric in METRICS
        for rows in [frame.filter(pl.col("metric") == metric)]
        if len(rows)
    ]
    return alt.concat(*panels, columns=COLUMNS)


def _panel(rows: pl.DataFrame, metric: str, banks: list[str]) -> Any:
    axis = fine_points_axis if metric == STEPS else percent_axis
    y_axis = alt.Axis(title="", tickCount=5) if metric == COUNTED else axis("")
    domain = from_zero(rows["estimate"], rows["ci_low"], rows["ci_high"])
    rounds = rows["round"].unique().sort().to_list()
    x = alt.X(
        "round:Q",
        scale=alt.Scale(domain=[0, rounds[-1]]),
        axis=alt.Axis(
            values=sorted({0, *rounds}), format="d", grid=False, labelOverlap=False, title="round"
        ),
    )
    y = alt.Y("estimate:Q", scale=alt.Scale(domain=domain, nice=True), axis=y_axis)
    names = [bank_title(bank) for bank in banks]
    colour = alt.Color(
        "name:N",
        scale=alt.Scale(domain=names, range=[BANK_COLOURS.get(bank, "#555555") for bank in banks]),
        legend=alt.Legend(title=None, orient="top", symbolOpacity=1),
    )
    shown = rows.with_columns(name=pl.format("{} bank", "bank"))
    chart = alt.Chart(inline(shown.select("name", "round", "estimate", "ci_low", "ci_high")))
    form = ".2f" if metric == COUNTED else ".1%"
    tooltip = [
        "name:N",
        "round:Q",
        alt.Tooltip("estimate:Q", title=METRICS[metric], format=form),
        alt.Tooltip("ci_low:Q", title="interval from", format=form),
        alt.Tooltip("ci_high:Q", title="to", format=form),
    ]
    return alt.layer(
        chart.mark_area(opacity=0.15).encode(x=x, y="ci_low:Q", y2="ci_high:Q", color=colour),
        chart.mark_line().encode(x=x, y=y, color=colour),
        chart.mark_point(size=30, filled=True, opacity=1).encode(
            x=x, y=y, color=colour, tooltip=tooltip
        ),
    ).properties(width=WIDE // COLUMNS - 75, height=180, title=panel_title(METRICS[metric]))
