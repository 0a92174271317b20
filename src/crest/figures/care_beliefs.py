"""What controllers foresaw of each campaign, what came, and how many steps they granted."""

from collections.abc import Mapping
from typing import Any

import altair as alt
import polars as pl

from crest.figures._arms import in_order, label, style
from crest.figures._inline import inline
from crest.figures._numbers import from_zero
from crest.figures._panels import panel_title
from crest.figures._theme import WIDE, points_axis

TITLE = "What was foreseen of each campaign, what came, and what was granted"
CATEGORY = "CARE"
CAPTION = (
    "Left: change of pass@1 from start to end of a campaign on the select split. Dots: measured, "
    "one a seed; none where no step was taken. Band: where the posterior expected the measurement "
    "({level}), and line: the change it expected, both means over seeds, before the campaign ran. "
    "Arms without a posterior have no band.{coverage} Right: gradient steps granted to each "
    "campaign of each seed; a rejected campaign, in the darkest colour, takes none, and an earlier "
    "checkpoint rolls forward from it. A ring marks a campaign after a bad surprise, for which the "
    "gate's thresholds are tightened. Arms are shown whose controllers hold beliefs or grant "
    "different budgets."
)
TABLES = ("beliefs",)

BUDGETS = ["#882255", "#DDAA33", "#44AA99"]
"""From nothing over a half to the whole budget."""


def data(tables: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    """Return one row a campaign of the arms that are shown: pass@1 and the budget.

    Where no arm holds beliefs or grants different budgets, all are.
    """
    rows = (
        tables["beliefs"]
        .filter(pl.col("capability") == "pass@1")
        .sort("method", "seed", "campaign")
    )
    varies = (pl.col("num_steps").n_unique() > 1).over("method")
    believes = pl.col("verdict").is_not_null().any().over("method")
    shown = rows.filter(varies | believes)
    whole = rows["num_steps"].max()
    return (shown if len(shown) else rows).select(
        *("method", "seed", "campaign", "num_steps", "steps_run", "verdict", "ratio"),
        *("plan_reason", "predicted", "p_regress", "ci_low", "ci_high", "ci_level", "observed"),
        "inside",
        surprised=pl.col("surprised").fill_null(value=False),
        share=pl.col("num_steps") / whole,
    )


def facts(frame: pl.DataFrame) -> dict[str, Any]:
    """Return the numbers of the caption."""
    judged = frame["inside"].drop_nulls()
    coverage = f" The bands hold {judged.sum()} of {len(judged)} measured changes."
    return {
        "level": f"{frame['ci_level'].to_numpy()[0]:.0%} of measurements",
        "coverage": coverage if len(judged) else "",
    }


def draw(frame: pl.DataFrame, arms: Mapping[str, str]) -> alt.TopLevelMixin:
    """Return a row of two panels an arm."""
    rows = [
        alt.hconcat(
            _changes(frame, method, label(method, arms)), _budgets(frame, method), spacing=30
        )
        for method in in_order(frame["method"].unique(), arms)
    ]
    return alt.vconcat(*rows).resolve_scale(color="independent")


def _changes(frame: pl.DataFrame, method: str, name: str) -> Any:
    mine, colour = frame.filter(method=method), style(method)[0]
    domain = from_zero(frame["observed"], frame["ci_low"], frame["ci_high"])
    axis = points_axis("change of pass@1, points")
    y = alt.Y("value:Q", scale=alt.Scale(domain=domain, nice=True), axis=axis)
    zero = alt.Chart(alt.InlineData(values=[{"value": 0}])).mark_rule(color="#888888")
    columns = ["campaign", "seed", "predicted", "p_regress", "steps_run"]
    ran = mine.drop_nulls("observed").select(*columns, value="observed")
    tooltip = [
        alt.Tooltip("seed:Q"),
        alt.Tooltip("campaign:Q"),
        alt.Tooltip("value:Q", title="measured", format="+.1%"),
        alt.Tooltip("predicted:Q", title="expected", format="+.1%"),
        alt.Tooltip("p_regress:Q", title="chance of a regression", format=".0%"),
        alt.Tooltip("steps_run:Q", title="steps"),
    ]
    x = _campaign_axis(frame)
    dots = alt.Chart(inline(ran)).mark_point(color=colour, size=26, filled=True, opacity=0.75)
    return alt.layer(
        zero.encode(y=y), *_foreseen(mine, colour, x, y), dots.encode(x=x, y=y, tooltip=tooltip)
    ).properties(width=WIDE // 2 - 40, height=_height(frame), title=panel_title(name))


def _foreseen(mine: pl.DataFrame, colour: str, x: alt.X, y: alt.Y) -> list[Any]:
    """Return band and line of what was foreseen, if anything was."""
    band = (
        mine.drop_nulls("predicted")
        .group_by("campaign")
        .agg(pl.col("ci_low", "ci_high").mean(), value=pl.col("predicted").mean())
        .sort("campaign")
    )
    if not len(band):
        return []
    chart = alt.Chart(inline(band))
    return [
        chart.mark_area(color=colour, opacity=0.18).encode(
            x=x, y=alt.Y("ci_low:Q"), y2="ci_high:Q"
        ),
        chart.mark_line(color=colour, strokeWidth=1.8).encode(x=x, y=y),
    ]


def _budgets(frame: pl.DataFrame, method: str) -> Any:
    mine = frame.filter(method=method)
    columns = ["seed", "campaign", "num_steps", "share", "verdict", "ratio", "plan_reason"]
    tiles = alt.Chart(inline(mine.select(*columns, "surprised")))
    x = alt.X("campaign:O", title="campaign", axis=alt.Axis(labelAngle=0, ticks=False))
    y = alt.Y("seed:O", title="seed", axis=alt.Axis(ticks=False, domain=False))
    colour = alt.Color("share:Q", scale=alt.Scale(domain=[0, 0.5, 1], range=BUDGETS), legend=None)
    tooltip = [
        alt.Tooltip("seed:Q"),
        alt.Tooltip("campaign:Q"),
        alt.Tooltip("num_steps:Q", title="steps granted"),
        alt.Tooltip("ratio:Q", title="end over peak before", format=".2f"),
        alt.Tooltip("plan_reason:N", title="why"),
    ]
    ink = alt.when(alt.datum.share == 0).then(alt.value("#FFFFFF")).otherwise(alt.value("#222222"))
    ringed = tiles.transform_filter("datum.surprised")
    return alt.layer(
        tiles.mark_rect(stroke="#FFFFFF", strokeWidth=2).encode(
            x=x, y=y, color=colour, tooltip=tooltip
        ),
        ringed.mark_point(shape="circle", size=330, strokeWidth=1.2).encode(x=x, y=y, color=ink),
        tiles.mark_text(fontSize=11).encode(x=x, y=y, text="num_steps:Q", color=ink),
    ).properties(width=WIDE // 2 - 60, height=_height(frame))


def _campaign_axis(frame: pl.DataFrame) -> alt.X:
    last = int(frame["campaign"].to_numpy().max())
    return alt.X(
        "campaign:Q",
        title="campaign",
        scale=alt.Scale(domain=[0.5, last + 0.5], nice=False),
        axis=alt.Axis(values=list(range(1, last + 1)), format="d", grid=False),
    )


def _height(frame: pl.DataFrame) -> int:
    """Return a height that gives every seed a tile of 24 pixels, within reason."""
    return min(max(24 * frame["seed"].n_unique(), 110), 360)
