"""How often each selector's pick generalises, on all tasks and where candidates disagree."""

from collections.abc import Mapping
from typing import Any

import altair as alt
import polars as pl

from crest.figures._crossover import INTERVAL, bank_title, banks_of, interval_of, ranked, shares
from crest.figures._inline import inline
from crest.figures._numbers import counted
from crest.figures._panels import panel_title
from crest.figures._theme import WIDE, arm_axis, percent_axis

TITLE = "Selectors: how often the pick generalises"
CATEGORY = "Crossover"
CAPTION = (
    "Share of tasks whose picked program is right on the held-out inputs, {budget} candidates a "
    "task, {tasks} tasks a bank, {seeds} split seeds. Left: all tasks. Right: tasks whose "
    "candidates that fit the visible pairs disagree on held-out inputs ({divergent}); elsewhere "
    "all selectors are right together or wrong together, by construction. Grey: a sample drawn "
    "blindly, and the best pick that there is. Blue: selectors that need no critic. Orange: those "
    "with a critic trained on {trained} tasks. Bars: {interval}. Selectors share tasks and "
    "candidates, so that differences are surer than bars that overlap suggest."
)
TABLES = ("selection",)

KINDS = {
    "bound": ("one_sample", "oracle"),
    "free": ("first", "random", "shortest", "majority", "likelihood", "runs_everywhere", "vote"),
    "critic": ("critic", "critic_vote"),
}
COLOURS = {"bound": "#777777", "free": "#0072B2", "critic": "#D55E00"}
ORDER = ("one_sample", *KINDS["free"], *KINDS["critic"], "oracle")
NAMES = {
    "one_sample": "one sample",
    "first": "first that fits",
    "random": "random that fits",
    "majority": "most frequent program",
    "vote": "largest behaviour class",
    "likelihood": "most likely",
    "runs_everywhere": "first that runs everywhere",
    "critic_vote": "critic-weighted classes",
}
SUBSETS = {"all": "all tasks", "divergent": "candidates disagree"}


def data(tables: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    """Return each selector at the pick budget, on all tasks and on those that diverge."""
    kinds = {name: kind for kind, names in KINDS.items() for name in names}
    ranks = ranked(ORDER)
    return (
        tables["selection"]
        .filter("primary", pl.col("subset").is_in(list(SUBSETS)), pl.col("estimate").is_not_null())
        .select(
            "bank",
            "k",
            "subset",
            "tasks_share",
            "selector",
            "critic_tasks",
            "estimate",
            *INTERVAL,
            "n_seeds",
            "n_tasks",
            kind=pl.col("selector").replace_strict(kinds, default="free"),
        )
        .sort("bank", "subset", pl.col("selector").replace_strict(ranks, default=len(ranks)))
    )


def facts(frame: pl.DataFrame) -> dict[str, Any]:
    """Return the numbers of the caption."""
    apart = frame.filter(pl.col("subset") == "divergent").unique("bank").sort("bank")
    return {
        "budget": counted(frame, "k"),
        "tasks": counted(frame, "n_tasks"),
        "seeds": counted(frame, "n_seeds"),
        "divergent": ", ".join(
            f"{row['bank']} bank {row['tasks_share']:.0%}" for row in apart.to_dicts()
        )
        or "none",
        "trained": frame["critic_tasks"].max(),
        "interval": interval_of(frame, "split seeds"),
    }


def draw(frame: pl.DataFrame, arms: Mapping[str, str]) -> alt.TopLevelMixin:
    """Return one panel a bank and subset of tasks, in it a row a selector."""
    del arms  # selectors are no arms
    names = {name: NAMES.get(name, name.replace("_", " ")) for name in frame["selector"].unique()}
    named = frame.with_columns(name=pl.col("selector").replace_strict(names))
    order = [names[name] for name in ORDER if name in names]
    panels = [
        _panel(rows, f"{bank_title(bank)}: {title}", order)
        for bank in banks_of(frame)
        for subset, title in SUBSETS.items()
        for rows in [named.filter(pl.col("bank") == bank, pl.col("subset") == subset)]
        if len(rows)
    ]
    return alt.concat(*panels, columns=len(SUBSETS))


def _panel(rows: pl.DataFrame, title: str, order: list[str]) -> Any:
    shown = rows.select("name", "kind", "estimate", "ci_low", "ci_high")
    colour = alt.Color(
        "kind:N", scale=alt.Scale(domain=list(COLOURS), range=list(COLOURS.values())), legend=None
    )
    chart = alt.Chart(inline(shown)).encode(
        y=alt.Y("name:N", sort=order, title=None, axis=arm_axis()), color=colour
    )
    x = alt.X(
        "estimate:Q",
        scale=alt.Scale(domain=[0, 1]),
        axis=percent_axis("picks that generalise"),
    )
    return alt.layer(
        chart.mark_rule(strokeWidth=2.5).encode(x=alt.X("ci_low:Q"), x2="ci_high:Q"),
        chart.mark_point(size=70, filled=True, opacity=1).encode(
            x=x, tooltip=shares("right", "estimate", "name:N")
        ),
    ).properties(width=WIDE // 2 - 200, height=alt.Step(22), title=panel_title(title))
