"""Is the fall forgetting? pass@1 on the campaign's own pool against earlier pools."""

from collections.abc import Mapping
from typing import Any

import altair as alt
import polars as pl

from crest.figures._arms import in_order, label, with_labels
from crest.figures._inline import inline
from crest.figures._numbers import counted, from_zero, interval_words
from crest.figures._panels import panel_title
from crest.figures._theme import percent_axis, points_axis

TITLE = "Is the fall forgetting? The campaign's own problems against earlier ones"
CATEGORY = "Checks"
CAPTION = (
    "Fresh samples of each campaign's start, peak and end on the problems that it trains on (own) "
    "and on the problems of the campaigns before it (earlier); means over the {campaigns} "
    "campaigns that have earlier ones and {seeds} seeds, with their {interval}. Right: what is "
    "lost from peak to end on each, and how much more is lost on earlier problems. Forgetting "
    "would spare the own problems and lose the earlier ones."
)
TABLES = ("forgetting",)

POOLS = {"own": "the campaign's own problems", "earlier": "problems of earlier campaigns"}
_COLOURS = ["#0072B2", "#E69F00"]
_CHECKPOINTS = ["start", "peak", "end"]
_DROPS = {
    "own_drop": "lost on own problems",
    "earlier_drop": "lost on earlier problems",
    "forgotten": "lost more on earlier ones",
}


def data(tables: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    """Return levels by pool and checkpoint, and drops, with intervals."""
    columns = ["method", "metric", "n_campaigns", "n_seeds", "estimate", "ci_low", "ci_high"]
    levels = [f"{pool}_{checkpoint}" for pool in POOLS for checkpoint in _CHECKPOINTS]
    return (
        tables["forgetting"]
        .filter(pl.col("metric").is_in([*levels, *_DROPS]), pl.col("estimate").is_not_null())
        .select(*columns, "ci_level", "ci_method", "resampled")
        .sort("method", "metric")
    )


def facts(frame: pl.DataFrame) -> dict[str, Any]:
    """Return the numbers of the caption."""
    return {
        "campaigns": counted(frame, "n_campaigns"),
        "seeds": counted(frame, "n_seeds"),
        "interval": interval_words(frame),
    }


def draw(frame: pl.DataFrame, arms: Mapping[str, str]) -> alt.TopLevelMixin:
    """Return for each arm its levels beside its drops."""
    labelled = with_labels(frame, arms)
    levels = labelled.filter(~pl.col("metric").is_in(list(_DROPS))).with_columns(
        pool=pl.col("metric").str.extract(r"^([a-z]+)_").replace_strict(POOLS),
        checkpoint=pl.col("metric").str.extract(r"_([a-z]+)$"),
    )
    levels = levels.with_columns(x=_place())
    drops = labelled.filter(pl.col("metric").is_in(list(_DROPS))).with_columns(
        drop=pl.col("metric").replace_strict(_DROPS, default=None)
    )
    rows = [
        alt.hconcat(
            _levels(levels.filter(method=method), levels, label(method, arms)),
            _drops(drops.filter(method=method), drops),
            spacing=40,
        ).resolve_scale(color="independent")
        for method in in_order(frame["method"].unique(), arms)
    ]
    return alt.vconcat(*rows)


def _place() -> pl.Expr:
    """Return where a checkpoint stands, the two pools a little apart."""
    places = {name: float(place) for place, name in enumerate(_CHECKPOINTS)}
    aside = dict(zip(POOLS.values(), (-0.02, 0.02), strict=True))
    return pl.col("checkpoint").replace_strict(places) + pl.col("pool").replace_strict(aside)


def _levels(rows: pl.DataFrame, whole: pl.DataFrame, title: str) -> Any:
    axis = alt.Axis(
        title="checkpoint of the campaign",
        values=[0, 1, 2],
        labelExpr=f"{_CHECKPOINTS}[datum.value]",
        grid=False,
    )
    x = alt.X("x:Q", axis=axis, scale=alt.Scale(domain=[-0.3, 2.3], nice=False))
    scale = alt.Scale(domain=from_zero(whole["estimate"], whole["ci_high"]), nice=True)
    y = alt.Y("estimate:Q", scale=scale, axis=percent_axis("pass@1"))
    pools = list(POOLS.values())
    colour = alt.Color(
        "pool:N",
        scale=alt.Scale(domain=pools, range=_COLOURS),
        legend=alt.Legend(title=None, orient="top", labelLimit=300),
    )
    chart = alt.Chart(inline(rows)).encode(x=x, color=colour)
    tooltip = [
        alt.Tooltip("arm:N"),
        alt.Tooltip("pool:N"),
        alt.Tooltip("checkpoint:N"),
        alt.Tooltip("estimate:Q", title="pass@1", format=".1%"),
        alt.Tooltip("ci_low:Q", title="interval from", format=".1%"),
        alt.Tooltip("ci_high:Q", title="to", format=".1%"),
    ]
    return alt.layer(
        chart.mark_line(strokeWidth=1.8).encode(y=y),
        chart.mark_rule(strokeWidth=2).encode(y="ci_low:Q", y2="ci_high:Q"),
        chart.mark_point(size=75, filled=True, opacity=1).encode(y=y, tooltip=tooltip),
    ).properties(width=400, height=230, title=panel_title(title))


def _drops(rows: pl.DataFrame, whole: pl.DataFrame) -> Any:
    reach = from_zero(whole["estimate"], whole["ci_low"], whole["ci_high"])
    axis = points_axis("percentage points of pass@1")
    x = alt.X("estimate:Q", axis=axis, scale=alt.Scale(domain=reach, nice=True))
    names = list(_DROPS.values())
    y = alt.Y(
        "drop:N",
        sort=names,
        title=None,
        axis=alt.Axis(domain=False, ticks=False, grid=True, labelLimit=220, labelPadding=8),
    )
    colour = alt.Color(
        "drop:N", scale=alt.Scale(domain=names, range=[*_COLOURS, "#555555"]), legend=None
    )
    chart = alt.Chart(inline(rows)).encode(y=y, color=colour)
    zero = alt.Chart(alt.InlineData(values=[{"estimate": 0}])).mark_rule(color="#555555")
    tooltip = [
        alt.Tooltip("drop:N"),
        alt.Tooltip("estimate:Q", title="mean", format="+.1%"),
        alt.Tooltip("ci_low:Q", title="interval from", format="+.1%"),
        alt.Tooltip("ci_high:Q", title="to", format="+.1%"),
    ]
    return alt.layer(
        zero.encode(x="estimate:Q"),
        chart.mark_rule(strokeWidth=2.5).encode(x="ci_low:Q", x2="ci_high:Q"),
        chart.mark_point(size=95, filled=True, opacity=1).encode(x=x, tooltip=tooltip),
    ).properties(width=290, height=120, title=panel_title("from peak to end"))
