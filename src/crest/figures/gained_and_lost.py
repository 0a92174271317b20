"""On which tasks self-training gains and loses: those that the base solves often, or seldom."""

from collections.abc import Mapping
from typing import Any

import altair as alt
import polars as pl

from crest.figures._crossover import (
    INTERVAL,
    bank_title,
    banks_of,
    fine_points_axis,
    interval_of,
    ranked,
)
from crest.figures._inline import inline
from crest.figures._numbers import counted, from_zero
from crest.figures._panels import panel_title
from crest.figures._theme import INK, WIDE, arm_axis

TITLE = "Gained and lost: what groups of tasks add to the change from base to last round"
CATEGORY = "Crossover"
CAPTION = (
    "Points that each group of tasks adds to the change of pass@k, base to last round of the "
    "study's own recipe; groups of a panel add up to the whole change. {tasks} tasks a bank, "
    "{seeds} trajectories; bars: {interval}. In brackets the share of tasks. Above: by how often "
    "the base solves a task, told from one half of its samples and compared with the other; a "
    "bound of each group is {bounds}. Below: by whether pass@1 changed beyond noise (Fisher's "
    "exact test, false discovery rate controlled); new: no sample of the base solved it; wholly: "
    "no sample of the last round does."
)
TABLES = ("gained_and_lost",)

GROUPS = {
    "base": {
        "never": "never solved",
        "seldom": "seldom solved",
        "often": "often solved",
        "mostly": "mostly solved",
    },
    "change": {
        "gained": "gained",
        "gained new": "gained, new",
        "lost": "lost",
        "lost all": "lost wholly",
        "same": "same",
    },
}
HEADINGS = {
    "base": "by how often the base solves a task",
    "change": "by whether a task changed",
}
COLOURS = ("#0072B2", "#D55E00")


def data(tables: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    """Return parts of each group at both budgets, with its share of tasks."""
    rows = tables["gained_and_lost"].filter("main")
    keys = ["bank", "by", "group"]
    shares = rows.filter(pl.col("metric") == "share").select(*keys, share="estimate")
    order = ranked(name for names in GROUPS.values() for name in names)
    return (
        rows.filter(pl.col("metric") == "part")
        .join(shares, on=keys, maintain_order="left")
        .select(*keys, "k", "share", "estimate", *INTERVAL, "n_seeds", "n_tasks")
        .sort("bank", "by", pl.col("group").replace_strict(order), "k")
    )


def facts(frame: pl.DataFrame) -> dict[str, Any]:
    """Return the numbers of the caption."""
    return {
        "tasks": counted(frame, "n_tasks"),
        "seeds": counted(frame, "n_seeds"),
        "interval": interval_of(frame, "trajectories"),
        "bounds": "none, a sixteenth, a half, all of its samples",
    }


def draw(frame: pl.DataFrame, arms: Mapping[str, str]) -> alt.TopLevelMixin:
    """Return one panel a bank and way to group tasks."""
    del arms  # one recipe
    panels = [
        _panel(rows, f"{bank_title(bank)}: {HEADINGS[by]}", GROUPS[by])
        for by in GROUPS
        for bank in banks_of(frame)
        for rows in [frame.filter(pl.col("bank") == bank, pl.col("by") == by)]
    ]
    return alt.concat(*panels, columns=len(banks_of(frame))).resolve_scale(color="independent")


def _panel(rows: pl.DataFrame, title: str, names: Mapping[str, str]) -> Any:
    budgets = [f"pass@{k}" for k in rows["k"].unique().sort()]
    shown = rows.with_columns(
        budget=pl.format("pass@{}", "k"),
        name=pl.format(
            "{} ({}%)",
            pl.col("group").replace_strict(dict(names)),
            (100 * pl.col("share")).round(0).cast(pl.Int64),
        ),
    )
    order = shown["name"].unique(maintain_order=True).to_list()
    domain = from_zero(rows["estimate"], rows["ci_low"], rows["ci_high"])
    chart = alt.Chart(
        inline(shown.select("name", "budget", "estimate", "ci_low", "ci_high"))
    ).encode(
        y=alt.Y("name:N", sort=order, title=None, axis=arm_axis(tickBand="extent")),
        yOffset=alt.YOffset("budget:N", sort=budgets, scale=alt.Scale(paddingOuter=0.6)),
        color=alt.Color(
            "budget:N",
            scale=alt.Scale(domain=budgets, range=list(COLOURS[: len(budgets)])),
            legend=alt.Legend(title=None, orient="top"),
        ),
        tooltip=[
            "name:N",
            "budget:N",
            alt.Tooltip("estimate:Q", title="part", format="+.2%"),
            alt.Tooltip("ci_low:Q", title="interval from", format="+.2%"),
            alt.Tooltip("ci_high:Q", title="to", format="+.2%"),
        ],
    )
    zero = alt.Chart(alt.InlineData(values=[{"zero": 0}]))
    x = alt.X(
        "estimate:Q", scale=alt.Scale(domain=domain, nice=True), axis=fine_points_axis("points")
    )
    return alt.layer(
        zero.mark_rule(color=INK, strokeDash=[4, 3]).encode(x="zero:Q"),
        chart.mark_rule(strokeWidth=2.5).encode(x=alt.X("ci_low:Q"), x2="ci_high:Q"),
        chart.mark_point(size=55, filled=True, opacity=1).encode(x=x),
    ).properties(width=WIDE // 2 - 170, height=28 * len(order), title=panel_title(title))
