"""How often controllers cut simulated campaigns wrongly, and miss those that regress."""

from collections.abc import Mapping
from typing import Any

import altair as alt
import polars as pl

from crest.figures._arms import label
from crest.figures._inline import inline
from crest.figures._numbers import counted, span
from crest.figures._panels import panel_title
from crest.figures._theme import WIDE, arm_axis, percent_axis

TITLE = "Simulated chains of known truth: false alarms and misses of controllers"
CATEGORY = "CARE"
CAPTION = (
    "Circle: of the campaigns that would not have regressed in full, the share that was cut or "
    "rejected. Diamond: of those that would have, the share that ran in full. Both left: a perfect "
    "gate; together at a whole: no better than dice, as for a controller that cuts nothing or at "
    "random; beyond: worse. Bars: {level} intervals over {chains} chains. None regresses in "
    "healthy and flat chains. Sporadic: any campaign may fall; persistent: falls follow falls; "
    "rebound: rises follow falls, as in the chains of the organism's naive arm. Nothing here comes "
    "from a model."
)
TABLES = ("gate_errors",)

KINDS = {"false_alarm": "false alarm", "miss": "miss"}
SCENARIOS = {
    "healthy": "healthy",
    "flat": "flat",
    "rebound": "rebound, ends scatter by {points}",
    "sporadic": "sporadic falls of {points}",
    "persistent": "persistent falls of {points}",
}
"""Titles of panels, in their order."""
ORDER = ("naive", "care", "care_strict", "care_retry", "memory", "gate", "care_vector")
COLUMNS = 3


def data(tables: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    """Return false alarms and misses of each controller in each scenario, with their intervals."""
    return (
        tables["gate_errors"]
        .filter(pl.col("metric").is_in(list(KINDS)), pl.col("estimate").is_not_null())
        .select(
            "scenario",
            "size",
            "method",
            kind=pl.col("metric").replace_strict(KINDS),
            rate="estimate",
            low="ci_low",
            high="ci_high",
            level="ci_level",
            n_chains="n_chains",
            n_campaigns="n_trials",
        )
        .sort(pl.col("scenario").replace_strict(_ranks(SCENARIOS)), "size", "method", "kind")
    )


def facts(frame: pl.DataFrame) -> dict[str, Any]:
    """Return the numbers of the caption."""
    return {"level": f"{span(frame['level'])[0]:.0%}", "chains": counted(frame, "n_chains")}


def draw(frame: pl.DataFrame, arms: Mapping[str, str]) -> alt.TopLevelMixin:
    """Return a panel a scenario, in each a row a controller."""
    cells = frame.select("scenario", "size").unique(maintain_order=True).rows()
    known = _ranks(ORDER)
    names = sorted(set(frame["method"]), key=lambda name: (known.get(name, len(known)), name))
    named = frame.with_columns(
        arm=pl.col("method").replace_strict({name: label(name, arms) for name in names})
    )
    order = [label(name, arms) for name in names]
    panels = [
        _panel(named.filter(scenario=scenario, size=size), _title(scenario, size), order)
        for scenario, size in cells
    ]
    return alt.concat(*panels, columns=COLUMNS)


def _panel(rows: pl.DataFrame, title: str, order: list[str]) -> Any:
    kinds = list(KINDS.values())
    colours = alt.Scale(domain=kinds, range=["#E69F00", "#0072B2"])
    shapes = alt.Scale(domain=kinds, range=["circle", "diamond"])
    legend = alt.Legend(title=None, orient="top")
    x = alt.X("rate:Q", scale=alt.Scale(domain=[0, 1]), axis=percent_axis("share of campaigns"))
    chart = alt.Chart(inline(rows.drop("method", "level", "scenario", "size"))).encode(
        y=alt.Y("arm:N", sort=order, title=None, axis=arm_axis(tickBand="extent")),
        yOffset=alt.YOffset("kind:N", sort=kinds, scale=alt.Scale(paddingOuter=0.6)),
        color=alt.Color("kind:N", scale=colours, legend=legend),
        tooltip=[
            alt.Tooltip("arm:N"),
            alt.Tooltip("kind:N"),
            alt.Tooltip("rate:Q", format=".0%"),
            alt.Tooltip("low:Q", title="interval from", format=".0%"),
            alt.Tooltip("high:Q", title="to", format=".0%"),
            alt.Tooltip("n_campaigns:Q", title="campaigns"),
        ],
    )
    return alt.layer(
        chart.mark_rule(strokeWidth=2.5).encode(x=alt.X("low:Q"), x2="high:Q"),
        chart.mark_point(size=60, filled=True, opacity=1).encode(
            x=x, shape=alt.Shape("kind:N", scale=shapes, legend=legend)
        ),
    ).properties(width=WIDE // COLUMNS - 130, height=24 * len(order), title=panel_title(title))


def _title(scenario: str, size: float) -> str:
    return SCENARIOS[scenario].format(points=f"{100 * size:.0f} points")


def _ranks(names: Any) -> dict[str, int]:
    return {name: rank for rank, name in enumerate(names)}
