"""Where each arm's chains end, against the models that they started from."""

from collections.abc import Mapping
from typing import Any

import altair as alt
import polars as pl

from crest.figures._arms import colour_scale, in_order, label, with_labels
from crest.figures._inline import inline
from crest.figures._numbers import counted, from_zero, interval_words
from crest.figures._theme import INK, WIDE, arm_axis, percent_axis

TITLE = "End of the chain: pass@1 of what rolls out of the last campaign"
CATEGORY = "Outcome"
CAPTION = (
    "pass@1 on the report split, which no method sees, from fresh samples of {tasks} problems. "
    "Large dots: mean over {seeds} seeds with its {interval}. Small dots: single seeds. "
    "Dashed: mean of the base models from which these chains start, {base:.1%}."
)
TABLES = ("arms", "chains")

METRIC = "end_pass@1"


def data(tables: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    """Return rows of the kinds `arm`, `seed` and `base`."""
    arms = (
        tables["arms"]
        .filter(pl.col("metric") == METRIC)
        .select(
            "method",
            "n_seeds",
            "n_tasks",
            "ci_low",
            "ci_high",
            "ci_level",
            "ci_method",
            "resampled",
            kind=pl.lit("arm"),
            value="estimate",
        )
    )
    chains = tables["chains"]
    seeds = chains.select("method", "seed", kind=pl.lit("seed"), value=METRIC)
    base = chains.group_by("method").agg(value=pl.col("start_pass@1").mean()).sort("method")
    base = base.with_columns(kind=pl.lit("base"))
    rows = pl.concat([arms, seeds, base], how="diagonal_relaxed")
    return rows.sort("kind", "method", "seed") if len(arms) else arms


def facts(frame: pl.DataFrame) -> dict[str, Any]:
    """Return the numbers of the caption."""
    arms = frame.filter(pl.col("kind") == "arm")
    return {
        "tasks": counted(arms, "n_tasks"),
        "seeds": counted(arms, "n_seeds"),
        "interval": interval_words(arms),
        "base": float(frame.filter(pl.col("kind") == "base")["value"].to_numpy().mean()),
    }


def draw(frame: pl.DataFrame, arms: Mapping[str, str]) -> alt.TopLevelMixin:
    """Return one row an arm."""
    methods = in_order(frame["method"].unique(), arms)
    labelled = with_labels(frame, arms)
    estimates = alt.Chart(inline(labelled.filter(pl.col("kind") == "arm").drop("seed")))
    seeds = alt.Chart(
        inline(labelled.filter(pl.col("kind") == "seed").select("arm", "seed", "value"))
    )
    start = facts(frame)["base"]
    base = alt.Chart(alt.InlineData(values=[{"value": round(start, 4)}]))
    y = alt.Y(
        "arm:N",
        sort=[label(method, arms) for method in methods],
        title=None,
        axis=arm_axis(),
    )
    colour = alt.Color("arm:N", scale=colour_scale(methods, arms), legend=None)
    tooltip = [
        alt.Tooltip("arm:N"),
        alt.Tooltip("value:Q", title="mean pass@1", format=".1%"),
        alt.Tooltip("ci_low:Q", title="interval from", format=".1%"),
        alt.Tooltip("ci_high:Q", title="to", format=".1%"),
        alt.Tooltip("ci_method:N", title="interval"),
        alt.Tooltip("n_seeds:Q", title="seeds"),
    ]
    scale = alt.Scale(domain=from_zero(frame["value"], frame["ci_high"]), nice=True)
    x = alt.X("value:Q", axis=percent_axis("pass@1 (report)"), scale=scale)
    layers = [
        base.mark_rule(strokeDash=[5, 3], color=INK).encode(
            x="value:Q", tooltip=alt.Tooltip("value:Q", title="base models", format=".1%")
        ),
        base.mark_text(align="left", baseline="bottom", dx=4, dy=-2, color=INK).encode(
            x="value:Q", y=alt.value(0), text=alt.value("base models")
        ),
        estimates.mark_rule(strokeWidth=3).encode(
            x=alt.X("ci_low:Q"), x2="ci_high:Q", y=y, color=colour, tooltip=tooltip
        ),
        seeds.mark_point(size=34, strokeWidth=1.3, opacity=0.75, filled=False).encode(
            x=x,
            y=y,
            yOffset=alt.value(13),
            color=colour,
            tooltip=["arm:N", "seed:N", alt.Tooltip("value:Q", title="pass@1", format=".1%")],
        ),
        estimates.mark_point(size=130, filled=True, opacity=1).encode(
            x=x, y=y, color=colour, tooltip=tooltip
        ),
    ]
    return alt.layer(*layers).properties(width=WIDE - 100, height=alt.Step(42))
