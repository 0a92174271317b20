"""How the pilot's chains rise and fall at each learning rate, and which rates it chose."""

from collections.abc import Mapping
from typing import Any

import altair as alt
import polars as pl

from crest.figures._inline import inline
from crest.figures._numbers import from_zero
from crest.figures._theme import INK, WIDE, percent_axis

TITLE = "Pilot: start, peak and end of a chain at each learning rate"
CATEGORY = "Regime"
CAPTION = (
    "pass@1 on the select split from fresh samples at {rates} learning rates: first, highest "
    "and last checkpoint of the pilot's chains, means over its seeds. Pilot chains use seeds of "
    "their own, but start from the study's base models. "
    "Vertical lines: the rates that the rule written before the grid ran chose ({chosen}). "
    "No interval is drawn: the pilot is for choosing, not for concluding."
)
TABLES = ("pilot",)

POINTS = ("start", "peak", "end")


def data(tables: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    """Return the pilot's table."""
    pilot = tables["pilot"]
    role = pl.col("role") if "role" in pilot.columns else pl.lit(None, dtype=pl.String)
    return pilot.select(
        "learning_rate", *POINTS, "rise", "fall", "chosen", role=role.fill_null("")
    ).sort("learning_rate", "role")


def facts(frame: pl.DataFrame) -> dict[str, Any]:
    """Return the numbers of the caption."""
    chosen = frame.filter(pl.col("chosen").cast(pl.Boolean))
    named = [f"{row['role'] or 'chosen'} {row['learning_rate']:g}" for row in chosen.to_dicts()]
    return {
        "rates": frame["learning_rate"].n_unique(),
        "chosen": ", ".join(named) if named else "none",
    }


def draw(frame: pl.DataFrame, arms: Mapping[str, str]) -> alt.TopLevelMixin:
    """Return the three points of a chain over the learning rate."""
    del arms  # the pilot has one arm
    long = frame.unique(["learning_rate"], maintain_order=True).unpivot(
        list(POINTS), index=["learning_rate", "rise", "fall"], variable_name="point"
    )
    rates = sorted(frame["learning_rate"].unique())
    low, high = rates[0] / 1.15, rates[-1] * 1.15
    x = alt.X(
        "learning_rate:Q",
        scale=alt.Scale(type="log", domain=[low, high], nice=False),
        axis=alt.Axis(values=rates, format="~g", grid=False, title="learning rate (log scale)"),
    )
    chart = alt.Chart(inline(long)).encode(
        x=x,
        y=alt.Y(
            "value:Q",
            scale=alt.Scale(domain=from_zero(long["value"]), nice=True),
            axis=percent_axis("pass@1 (select)"),
        ),
        color=alt.Color(
            "point:N",
            scale=alt.Scale(domain=list(POINTS), range=["#777777", "#009E73", "#D55E00"]),
            title="at the chain's",
        ),
        tooltip=[
            alt.Tooltip("learning_rate:Q", title="learning rate", format="~g"),
            alt.Tooltip("point:N"),
            alt.Tooltip("value:Q", title="pass@1", format=".1%"),
            alt.Tooltip("rise:Q", title="rise", format="+.1%"),
            alt.Tooltip("fall:Q", title="fall", format="+.1%"),
        ],
    )
    chosen = alt.Chart(inline(frame.filter(pl.col("chosen").cast(pl.Boolean))))
    rules = chosen.mark_rule(color=INK, strokeDash=[4, 3]).encode(x=x)
    names = chosen.mark_text(align="left", baseline="top", dx=5, fontSize=12, color=INK).encode(
        x=x, y=alt.value(2), text="role:N"
    )
    return alt.layer(
        rules,
        chart.mark_line(strokeWidth=1.5),
        chart.mark_point(size=70, filled=True, opacity=1),
        names,
    ).properties(width=WIDE - 160, height=260)
