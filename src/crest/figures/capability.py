"""What became of each family of problems: base against the end of the chain."""

from collections.abc import Mapping
from typing import Any

import altair as alt
import polars as pl

from crest.figures._arms import BASE_COLOUR, in_order, label, style, with_labels
from crest.figures._inline import inline
from crest.figures._numbers import counted, interval_words
from crest.figures._panels import columns, grid, panel_title
from crest.figures._theme import WIDE, percent_axis

TITLE = "pass@1 by family of problems: base model and end of the chain"
CATEGORY = "Capability"
CAPTION = (
    "pass@1 on the report split by family, in brackets its level of difficulty; {tasks} problems "
    "a family, mean over {seeds} seeds. Open black: base models. Filled: end of the arm's chains, "
    "with a {interval}. The line joins the two."
)
TABLES = ("capability",)


def data(tables: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    """Return each family at the base and at the end of the chain."""
    columns = ["method", "checkpoint", "family", "level", "n_seeds", "n_tasks", "estimate"]
    return (
        tables["capability"]
        .filter(pl.col("checkpoint").is_in(["base", "end"]))
        .select(*columns, "ci_low", "ci_high", "ci_level", "ci_method", "resampled")
        .sort("level", "family", "method", "checkpoint")
    )


def facts(frame: pl.DataFrame) -> dict[str, Any]:
    """Return the numbers of the caption."""
    return {
        "tasks": counted(frame, "n_tasks"),
        "seeds": counted(frame, "n_seeds"),
        "interval": interval_words(frame.filter(pl.col("checkpoint") == "end")),
    }


def draw(frame: pl.DataFrame, arms: Mapping[str, str]) -> alt.TopLevelMixin:
    """Return one panel an arm, a row a family."""
    methods = in_order(frame.filter(pl.col("checkpoint") == "end")["method"].unique(), arms)
    rows = with_labels(frame, arms).with_columns(
        family=pl.format("{} ({})", pl.col("family").str.replace_all("_", " "), pl.col("level"))
    )
    families = rows["family"].unique(maintain_order=True).to_list()
    beside = columns(len(methods))
    panels = [
        _panel(rows, method, families, arms, first=index % beside == 0, beside=beside)
        for index, method in enumerate(methods)
    ]
    return grid(panels).resolve_scale(y="independent")


def _panel(
    rows: pl.DataFrame,
    method: str,
    families: list[str],
    arms: Mapping[str, str],
    *,
    first: bool,
    beside: int,
) -> Any:
    colour = style(method)[0]
    axis = alt.Axis(
        domain=False, ticks=False, grid=True, labels=first, labelPadding=9, labelLimit=160
    )
    y = alt.Y("family:N", sort=families, title=None, axis=axis)
    x = alt.X(
        "estimate:Q",
        scale=alt.Scale(domain=[0, 1]),
        axis=percent_axis("", values=[0, 0.25, 0.5, 0.75, 1]),
    )
    ours = rows.filter(pl.col("method").is_in([method, "base"]))
    pair = ours.pivot("checkpoint", index="family", values="estimate", aggregate_function="first")
    tooltip = [
        alt.Tooltip("arm:N"),
        alt.Tooltip("family:N"),
        alt.Tooltip("checkpoint:N"),
        alt.Tooltip("estimate:Q", title="pass@1", format=".1%"),
        alt.Tooltip("ci_low:Q", title="interval from", format=".1%"),
        alt.Tooltip("ci_high:Q", title="to", format=".1%"),
        alt.Tooltip("n_tasks:Q", title="problems"),
    ]
    end = alt.Chart(inline(ours.filter(pl.col("checkpoint") == "end")))
    base = alt.Chart(inline(ours.filter(pl.col("checkpoint") == "base")))
    return alt.layer(
        alt.Chart(inline(pair)).mark_rule(color="#BBBBBB").encode(y=y, x="base:Q", x2="end:Q"),
        end.mark_rule(color=colour, strokeWidth=2.2).encode(y=y, x="ci_low:Q", x2="ci_high:Q"),
        base.mark_point(color=BASE_COLOUR, size=45, filled=False).encode(y=y, x=x, tooltip=tooltip),
        end.mark_point(color=colour, size=60, filled=True, opacity=1).encode(
            y=y, x=x, tooltip=tooltip
        ),
    ).properties(
        width=(WIDE - 130) // beside - 24,
        height=alt.Step(20),
        title=panel_title(label(method, arms)),
    )
