"""How far campaigns fall from their peak, beside what noise alone would show."""

from collections.abc import Mapping
from typing import Any

import altair as alt
import polars as pl

from crest.figures._arms import in_order, label, with_labels
from crest.figures._inline import inline
from crest.figures._numbers import counted, from_zero, interval_words
from crest.figures._theme import WIDE, arm_axis, points_axis

TITLE = "Peak-to-end gap of a campaign, against the gap of a policy that never changes"
CATEGORY = "Collapse"
CAPTION = (
    "Gap = pass@1 at the peak minus pass@1 at the end of a campaign, in percentage points, "
    "mean over the {campaigns} campaigns of an arm. Circle: peak chosen on the select split, peak "
    "and end evaluated again on the report split with fresh samples. Square: read off the "
    "select curve itself, which the choice of a maximum among noisy points inflates. Diamond: the "
    "same reading on a policy that never changes with the same evaluation noise. "
    "Over {seeds} seeds, each with its campaigns kept together, {interval}.{without}"
)
TABLES = ("gaps",)

KINDS = {
    "fresh_gap": "fresh samples (report)",
    "curve_gap": "select curve",
    "null_gap": "flat policy (null)",
}
_WITHOUT_NULL = (
    " No diamond stands where campaigns stop by the select curve itself: the reading on a policy "
    "that never changes is made for campaigns of a fixed length."
)
_COLOURS = ["#0072B2", "#E69F00", "#777777"]


def data(tables: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    """Return the three gaps of each arm with their intervals."""
    columns = ["method", "metric", "estimate", "ci_low", "ci_high", "ci_method"]
    return (
        tables["gaps"]
        .filter(pl.col("metric").is_in(list(KINDS)), pl.col("estimate").is_not_null())
        .select(*columns, "ci_level", "resampled", "n_seeds", "n_campaigns")
        .sort("method", "metric")
    )


def facts(frame: pl.DataFrame) -> dict[str, Any]:
    """Return the numbers of the caption."""
    fresh = interval_words(frame.filter(pl.col("metric") == "fresh_gap"))
    complete = set(frame["method"]) == set(frame.filter(pl.col("metric") == "null_gap")["method"])
    return {
        "campaigns": counted(frame, "n_campaigns"),
        "seeds": counted(frame, "n_seeds"),
        "interval": f"circles have a {fresh}; the other two are no means over problems, so that "
        "theirs draws seeds alone",
        "without": "" if complete else _WITHOUT_NULL,
    }


def draw(frame: pl.DataFrame, arms: Mapping[str, str]) -> alt.TopLevelMixin:
    """Return one row an arm with its three gaps below one another."""
    methods = in_order(frame["method"].unique(), arms)
    labelled = with_labels(frame, arms).with_columns(kind=pl.col("metric").replace_strict(KINDS))
    kinds = list(KINDS.values())
    colour = alt.Color("kind:N", scale=alt.Scale(domain=kinds, range=_COLOURS), title="gap from")
    shape = alt.Shape(
        "kind:N",
        scale=alt.Scale(domain=kinds, range=["circle", "square", "diamond"]),
        title="gap from",
    )
    y = alt.Y(
        "arm:N",
        sort=[label(method, arms) for method in methods],
        title=None,
        axis=arm_axis(tickBand="extent"),
        scale=alt.Scale(paddingInner=0.05),
    )
    offset = alt.YOffset("kind:N", sort=kinds, scale=alt.Scale(paddingOuter=0.5))
    reach = from_zero(frame["estimate"], frame["ci_low"], frame["ci_high"])
    axis = points_axis("peak minus end, percentage points of pass@1")
    scale = alt.Scale(domain=reach, nice=True)
    chart = alt.Chart(inline(labelled)).encode(
        y=y,
        yOffset=offset,
        color=colour,
        tooltip=[
            alt.Tooltip("arm:N"),
            alt.Tooltip("kind:N", title="gap from"),
            alt.Tooltip("estimate:Q", format="+.1%"),
            alt.Tooltip("ci_low:Q", title="interval from", format="+.1%"),
            alt.Tooltip("ci_high:Q", title="to", format="+.1%"),
            alt.Tooltip("n_seeds:Q", title="seeds"),
            alt.Tooltip("n_campaigns:Q", title="campaigns"),
        ],
    )
    zero = alt.Chart(alt.InlineData(values=[{"estimate": 0}])).mark_rule(color="#555555")
    return alt.layer(
        zero.encode(x="estimate:Q"),
        chart.mark_rule(strokeWidth=2.5).encode(
            x=alt.X("ci_low:Q", axis=axis, scale=scale), x2="ci_high:Q"
        ),
        chart.mark_point(size=75, filled=True, opacity=1).encode(
            x=alt.X("estimate:Q", axis=axis, scale=scale), shape=shape
        ),
    ).properties(width=WIDE - 200, height=alt.Step(15))
