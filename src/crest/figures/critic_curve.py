"""What a critic gains over selectors without one, by the number of tasks that trained it."""

from collections.abc import Mapping
from typing import Any

import altair as alt
import polars as pl

from crest.figures._crossover import INTERVAL, bank_title, banks_of, interval_of
from crest.figures._inline import inline
from crest.figures._numbers import counted, from_zero
from crest.figures._panels import panel_title
from crest.figures._theme import INK, WIDE, points_axis
from crest.figures.selection import NAMES

TITLE = "The critic's gain by the size of its training"
CATEGORY = "Crossover"
CAPTION = (
    "Share of picks that generalise, critic minus a selector without one, in points, by the "
    "number of tasks whose candidates trained the critic; {budget} candidates a task, {tasks} "
    "tasks a bank, {seeds} split seeds. Bars: {interval}. Above zero the critic is worth its "
    "training; the first candidate that fits is the source's baseline, the others cost as little."
)
TABLES = ("critic_curve",)

COLOURS = {
    "first": "#777777",
    "likelihood": "#0072B2",
    "vote": "#009E73",
    "runs_everywhere": "#CC79A7",
}
SELECTORS = {"critic": "critic", "critic_vote": "critic-weighted classes"}


def data(tables: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    """Return the gains at the pick budget."""
    return (
        tables["critic_curve"]
        .filter("primary", pl.col("metric") == "gain")
        .select(
            "bank",
            "k",
            "selector",
            "reference",
            "critic_tasks",
            "estimate",
            *INTERVAL,
            "n_seeds",
            "n_tasks",
        )
        .sort("bank", "selector", "reference", "critic_tasks")
    )


def facts(frame: pl.DataFrame) -> dict[str, Any]:
    """Return the numbers of the caption."""
    return {
        "budget": counted(frame, "k"),
        "tasks": counted(frame, "n_tasks"),
        "seeds": counted(frame, "n_seeds"),
        "interval": interval_of(frame, "split seeds"),
    }


def draw(frame: pl.DataFrame, arms: Mapping[str, str]) -> alt.TopLevelMixin:
    """Return one panel a bank and critic."""
    del arms  # selectors are no arms
    domain = from_zero(frame["estimate"], frame["ci_low"], frame["ci_high"])
    panels = [
        _panel(rows, f"{bank_title(bank)}: {title}", domain)
        for bank in banks_of(frame)
        for selector, title in SELECTORS.items()
        for rows in [frame.filter(pl.col("bank") == bank, pl.col("selector") == selector)]
        if len(rows)
    ]
    return alt.concat(*panels, columns=len(SELECTORS))


def _panel(rows: pl.DataFrame, title: str, domain: list[float]) -> Any:
    known = [name for name in COLOURS if name in set(rows["reference"])]
    names = [f"over {NAMES.get(name, name)}" for name in known]
    sizes = rows["critic_tasks"].unique().sort().to_list()
    shown = rows.with_columns(
        over=pl.col("reference").replace_strict(dict(zip(known, names, strict=True)))
    ).select("over", "critic_tasks", "estimate", "ci_low", "ci_high")
    x = alt.X(
        "critic_tasks:O",
        sort=sizes,
        axis=alt.Axis(grid=False, labelAngle=0, title="tasks that train the critic"),
    )
    y = alt.Y("estimate:Q", scale=alt.Scale(domain=domain), axis=points_axis("gain in points"))
    colour = alt.Color(
        "over:N",
        scale=alt.Scale(domain=names, range=[COLOURS[name] for name in known]),
        legend=alt.Legend(title=None),
    )
    chart = alt.Chart(inline(shown)).encode(color=colour)
    zero = alt.Chart(alt.InlineData(values=[{"zero": 0}]))
    offset = alt.XOffset("over:N", sort=names, scale=alt.Scale(paddingOuter=1))
    tooltip = [
        "over:N",
        "critic_tasks:O",
        alt.Tooltip("estimate:Q", title="gain", format="+.1%"),
        alt.Tooltip("ci_low:Q", title="interval from", format="+.1%"),
        alt.Tooltip("ci_high:Q", title="to", format="+.1%"),
    ]
    return alt.layer(
        zero.mark_rule(color=INK, strokeDash=[4, 3]).encode(y="zero:Q"),
        chart.mark_line(strokeWidth=1.2).encode(x=x, y=y, xOffset=offset),
        chart.mark_rule(strokeWidth=2).encode(x=x, y="ci_low:Q", y2="ci_high:Q", xOffset=offset),
        chart.mark_point(size=45, filled=True, opacity=1).encode(
            x=x, y=y, xOffset=offset, tooltip=tooltip
        ),
    ).properties(width=WIDE // 2 - 150, height=200, title=panel_title(title))
