"""pass@k of base models and of what the chains end with: sharper, or also narrower?"""

from collections.abc import Mapping
from typing import Any

import altair as alt
import polars as pl

from crest.figures._arms import BASE, BASE_COLOUR, in_order, label, style, with_labels
from crest.figures._inline import inline
from crest.figures._numbers import counted, interval_words
from crest.figures._panels import grid, panel_title, panel_width
from crest.figures._theme import percent_axis

TITLE = "pass@k at the end of the chain, against the base models"
CATEGORY = "Capability"
CAPTION = (
    "Share of problems solved by at least one of k samples (unbiased estimate from {samples} "
    "samples a problem), {tasks} problems of the report split. Dotted black: base models. "
    "Coloured: end of the arm's chains, {seeds} seeds. Shaded: {interval}. An arm above the "
    "base at k = 1 and below it at large k finds the same solutions "
    "more often, and fewer of them."
)
TABLES = ("pass_at_k",)


def data(tables: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    """Return pass@k of each arm and of the base, with intervals."""
    columns = ["method", "k", "n_samples", "n_tasks", "n_seeds", "estimate", "ci_low", "ci_high"]
    intervals = ["ci_level", "ci_method", "resampled"]
    return tables["pass_at_k"].select(*columns, *intervals).sort("method", "k")


def facts(frame: pl.DataFrame) -> dict[str, Any]:
    """Return the numbers of the caption."""
    names = {"samples": "n_samples", "tasks": "n_tasks", "seeds": "n_seeds"}
    counts = {key: counted(frame, column) for key, column in names.items()}
    return {**counts, "interval": interval_words(frame)}


def draw(frame: pl.DataFrame, arms: Mapping[str, str]) -> alt.TopLevelMixin:
    """Return one panel an arm, the base in each."""
    methods = [method for method in in_order(frame["method"].unique(), arms) if method != BASE]
    labelled = with_labels(frame, arms)
    return grid([_panel(labelled, method, len(methods), arms) for method in methods])


def _panel(rows: pl.DataFrame, method: str, num_panels: int, arms: Mapping[str, str]) -> Any:
    width = panel_width(num_panels)
    return alt.layer(
        *_curve(rows, BASE, arms),
        *_curve(rows, method, arms),
    ).properties(
        width=width,
        height=round(0.8 * min(width, 260)),
        title=panel_title(label(method, arms)),
    )


def _curve(rows: pl.DataFrame, method: str, arms: Mapping[str, str]) -> list[alt.Chart]:
    colour = BASE_COLOUR if method == BASE else style(method)[0]
    dash = [2, 2] if method == BASE else [1, 0]
    ks = sorted(rows["k"].unique())
    x = alt.X(
        "k:Q",
        scale=alt.Scale(type="log", base=2, domain=[ks[0], ks[-1]]),
        axis=alt.Axis(values=ks, title="k", format="d", grid=False),
    )
    y = alt.Y("estimate:Q", scale=alt.Scale(domain=[0, 1]), axis=percent_axis(""))
    chart = alt.Chart(inline(rows)).transform_filter(alt.datum.arm == label(method, arms))
    tooltip = [
        alt.Tooltip("arm:N"),
        alt.Tooltip("k:Q"),
        alt.Tooltip("estimate:Q", title="pass@k", format=".1%"),
        alt.Tooltip("ci_low:Q", title="interval from", format=".1%"),
        alt.Tooltip("ci_high:Q", title="to", format=".1%"),
    ]
    return [
        chart.mark_area(color=colour, opacity=0.15).encode(x=x, y="ci_low:Q", y2="ci_high:Q"),
        chart.mark_line(color=colour, strokeDash=dash).encode(x=x, y=y),
        chart.mark_point(color=colour, size=26, filled=True, opacity=1).encode(
            x=x, y=y, tooltip=tooltip
        ),
    ]
