"""Would another evaluation have found the same gap? Each campaign's gap, measured several times."""

from collections.abc import Mapping
from typing import Any

import altair as alt
import polars as pl

from crest.figures._arms import in_order, label, style, with_labels
from crest.figures._inline import inline
from crest.figures._numbers import counted, from_zero
from crest.figures._panels import panel_title
from crest.figures._theme import WIDE, points_axis

TITLE = "Would another evaluation find the same gap? Every campaign, evaluated again"
CATEGORY = "Checks"
CAPTION = (
    "Gap of each campaign (pass@1 at its peak minus at its end), in {repeats} evaluations with "
    "fresh samples, {samples} samples of each checkpoint in each. A column is a campaign, sorted "
    "by its mean gap. Small dots: single evaluations; large: their mean. Line: mean of all. The "
    "height of a column of dots is noise of the measurement; the slope of the large ones is what "
    "differs between campaigns, and noise of their means."
)
TABLES = ("repeats",)

_CAMPAIGN = ["method", "seed", "campaign"]


def data(tables: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    """Return one row a campaign and evaluation: its gap, the campaign's mean, and its rank."""
    rates = (
        tables["repeats"]
        .group_by(*_CAMPAIGN, "repeat", "checkpoint")
        .agg(
            rate=pl.col("num_correct").sum() / pl.col("num_samples").sum(),
            n=pl.col("num_samples").sum(),
        )
    )
    samples = rates.group_by(_CAMPAIGN).agg(n_samples=pl.col("n").max())
    wide = rates.pivot(on="checkpoint", index=[*_CAMPAIGN, "repeat"], values="rate")
    gaps = wide.select(*_CAMPAIGN, "repeat", gap=pl.col("peak") - pl.col("end"))
    means = gaps.group_by(_CAMPAIGN).agg(mean=pl.col("gap").mean(), n_repeats=pl.len())
    ranked = means.sort("method", "mean", "seed", "campaign").with_columns(
        rank=pl.int_range(1, pl.len() + 1).over("method")
    )
    return (
        gaps.join(ranked, on=_CAMPAIGN).join(samples, on=_CAMPAIGN).sort("method", "rank", "repeat")
    )


def facts(frame: pl.DataFrame) -> dict[str, Any]:
    """Return the numbers of the caption."""
    return {"repeats": counted(frame, "n_repeats"), "samples": counted(frame, "n_samples")}


def draw(frame: pl.DataFrame, arms: Mapping[str, str]) -> alt.TopLevelMixin:
    """Return one panel an arm."""
    labelled = with_labels(frame, arms)
    return alt.vconcat(
        *(_panel(labelled, method, arms) for method in in_order(frame["method"].unique(), arms))
    )


def _panel(rows: pl.DataFrame, method: str, arms: Mapping[str, str]) -> Any:
    mine, colour = rows.filter(method=method), style(method)[0]
    num = int(mine["rank"].to_numpy().max())
    x = alt.X(
        "rank:Q",
        title="campaigns of all seeds, sorted by their mean gap",
        scale=alt.Scale(domain=[0, num + 1], nice=False),
        axis=alt.Axis(grid=False, ticks=False, labels=False),
    )
    scale = alt.Scale(domain=from_zero(rows["gap"]), nice=True)
    y = alt.Y("gap:Q", scale=scale, axis=points_axis("peak minus end, points"))
    chart = alt.Chart(inline(mine.select("rank", "seed", "campaign", "repeat", "gap", "mean")))
    means = alt.Chart(inline(mine.select("rank", "mean").unique().sort("rank")))
    whole = alt.Chart(alt.InlineData(values=[{"gap": round(mine["mean"].to_numpy().mean(), 4)}]))
    zero = alt.Chart(alt.InlineData(values=[{"gap": 0}])).mark_rule(color="#888888")
    tooltip = [
        alt.Tooltip("seed:Q"),
        alt.Tooltip("campaign:Q"),
        alt.Tooltip("gap:Q", format="+.1%"),
        alt.Tooltip("mean:Q", title="mean of its evaluations", format="+.1%"),
    ]
    return alt.layer(
        zero.encode(y="gap:Q"),
        whole.mark_rule(color=colour, strokeDash=[5, 3]).encode(y="gap:Q"),
        chart.mark_point(color=colour, size=22, opacity=0.6, strokeWidth=1.1).encode(
            x=x, y=y, tooltip=tooltip
        ),
        means.mark_point(color=colour, size=55, filled=True, opacity=1).encode(
            x=x, y=alt.Y("mean:Q", scale=scale)
        ),
    ).properties(width=WIDE - 60, height=230, title=panel_title(label(method, arms)))
