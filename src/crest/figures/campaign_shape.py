"""The shape of one campaign: does pass@1 rise, and does it fall again before the end?"""

from collections.abc import Mapping
from typing import Any

import altair as alt
import polars as pl

from crest.figures._arms import in_order, label, style, with_labels
from crest.figures._inline import inline, packed
from crest.figures._numbers import counted, span
from crest.figures._panels import grid, panel_title, panel_width
from crest.figures._theme import points_axis

TITLE = "Shape of a campaign: change of pass@1 since its start"
CATEGORY = "Collapse"
CAPTION = (
    "pass@1 on the select split minus its value before the campaign's first step, in percentage "
    "points; n = {campaigns} campaigns x {seeds} seeds an arm. Thick: mean over seeds of each "
    "chain's mean over its campaigns. Thin: single seeds. Shaded: lowest to highest seed; nothing "
    "was resampled. Lines end with the arm's shortest campaign, so that every step is a mean over "
    "all of its campaigns; campaigns that took no step are left out."
)
TABLES = ("steps",)

VALUE = "select_pass@1"


def data(tables: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    """Return rows of the kinds `seed` and `mean`, one an arm and step of a campaign."""
    took_steps = pl.col("step").max().over("method", "seed", "campaign") > 0
    steps = tables["steps"].filter(took_steps).sort("method", "seed", "campaign", "step")
    change = pl.col(VALUE) - pl.col(VALUE).first().over("method", "seed", "campaign")
    rows = steps.select("method", "seed", "campaign", "step", change=change)
    reached = rows.group_by("method", "step").agg(n_campaigns=pl.len())
    by_all = pl.col("n_campaigns") == pl.col("n_campaigns").max().over("method")
    seeds = (
        rows.join(reached.filter(by_all), on=["method", "step"])
        .group_by("method", "seed", "step")
        .agg(pl.col("change").mean(), n_campaigns=pl.len())
        .sort("method", "seed", "step")
    )
    means = (
        seeds.group_by("method", "step")
        .agg(
            value=pl.col("change").mean(),
            low=pl.col("change").min(),
            high=pl.col("change").max(),
            n_seeds=pl.len(),
            n_campaigns=pl.col("n_campaigns").sum(),
        )
        .sort("method", "step")
    )
    return pl.concat(
        [
            seeds.rename({"change": "value"}).with_columns(kind=pl.lit("seed")),
            means.with_columns(kind=pl.lit("mean")),
        ],
        how="diagonal_relaxed",
    )


def facts(frame: pl.DataFrame) -> dict[str, Any]:
    """Return the numbers of the caption."""
    starts = frame.filter((pl.col("kind") == "seed") & (pl.col("step") == 0))
    means = frame.filter((pl.col("kind") == "mean") & (pl.col("step") == 0))
    return {"campaigns": counted(starts, "n_campaigns"), "seeds": counted(means, "n_seeds")}


def draw(frame: pl.DataFrame, arms: Mapping[str, str]) -> alt.TopLevelMixin:
    """Return one panel an arm on common axes."""
    methods = in_order(frame["method"].unique(), arms)
    labelled = with_labels(frame, arms)
    return grid([_panel(labelled, method, len(methods), arms) for method in methods])


def _panel(rows: pl.DataFrame, method: str, num_panels: int, arms: Mapping[str, str]) -> Any:
    name, colour = label(method, arms), style(method)[0]
    x = alt.X(
        "step:Q",
        title="step of the campaign",
        scale=alt.Scale(domain=[0, span(rows["step"])[1]], nice=False),
        axis=alt.Axis(tickMinStep=1, tickCount=5, grid=False),
    )
    limits = list(span(rows["value"]))
    y = alt.Y("value:Q", axis=points_axis(""), scale=alt.Scale(domain=limits, nice=True))
    means = rows.filter(pl.col("kind") == "mean")
    mean = alt.Chart(
        inline(means.select("arm", "step", "value", "low", "high", "n_seeds", "n_campaigns"))
    ).transform_filter(alt.datum.arm == name)
    values, names = packed(
        rows.filter(pl.col("kind") == "seed").select("arm", "seed", "step", "value"),
        ["arm", "seed"],
    )
    seeds = alt.Chart(values).transform_filter(alt.datum.arm == name).transform_flatten(names)
    zero = alt.Chart(alt.InlineData(values=[{"value": 0}])).mark_rule(color="#888888")
    tooltip = [
        alt.Tooltip("arm:N"),
        alt.Tooltip("step:Q"),
        alt.Tooltip("value:Q", title="mean change", format="+.1%"),
        alt.Tooltip("low:Q", title="lowest seed", format="+.1%"),
        alt.Tooltip("high:Q", title="highest seed", format="+.1%"),
        alt.Tooltip("n_campaigns:Q", title="campaigns"),
        alt.Tooltip("n_seeds:Q", title="seeds"),
    ]
    width = panel_width(num_panels)
    return alt.layer(
        zero.encode(y="value:Q"),
        mean.mark_area(color=colour, opacity=0.18).encode(x=x, y="low:Q", y2="high:Q"),
        seeds.mark_line(color=colour, strokeWidth=0.8, opacity=0.55).encode(
            x=x, y=y, detail="seed:N", tooltip=["arm:N", "seed:N"]
        ),
        mean.mark_line(color=colour).encode(x=x, y=y),
        mean.mark_point(color=colour, size=40, opacity=0).encode(x=x, y=y, tooltip=tooltip),
    ).properties(width=width, height=round(0.8 * min(width, 260)), title=panel_title(name))
