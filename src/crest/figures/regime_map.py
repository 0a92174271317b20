"""When does self-training collapse? A map over learning rate, objective and prompts a step."""

from collections.abc import Mapping, Sequence
from typing import Any

import altair as alt
import polars as pl

from crest.figures._inline import inline
from crest.figures._numbers import counted
from crest.figures._panels import panel_title
from crest.figures._theme import INK
from crest.statistics import regime_rules as rules

TITLE = "When does self-training collapse? Fall of pass@1 over the settings"
CATEGORY = "Regime"
CAPTION = (
    "Each cell is a setting, {seeds} seeds. Its numbers: pass@1 at the start, the peak and the "
    "end, in percent, fresh samples of the report split. Colour: fall from peak to end. Black "
    "line: the boundary, where the mean fall reaches {threshold} points. Below the numbers, where "
    "a cell falls, why: instability, where within the campaigns training reward falls at least "
    "half as far as report; over-fitting of the pool, where it falls less. A question mark: the "
    "intervals (bootstrap and Student's) do not agree that it is that one. Elsewhere: the cell "
    "stays, sags or does not rise. Left and right: prompts in a gradient step; upper and lower: "
    "{horizons}."
)
TABLES = ("regime_causes",)

WIDTH, HEIGHT = 82, 40
COLOURS = ["#FFFFFF", "#FDE9C9", "#F6A96C", "#D9542B", "#7F1D12"]
DARK = 0.17
"""Cells that fall further are written on in white."""
REACH = [0.0, 0.05, 0.10, 0.20, 0.35]
_WORDS = {
    rules.RISES_AND_STAYS: "stays",
    rules.RISES_AND_SAGS: "sags",
    rules.DOES_NOT_RISE: "does not rise",
}
_KINDS = {"reinforce": "REINFORCE", "grpo": "GRPO"}
_VARIANTS = {
    "reinforce_none": "no baseline",
    "grpo": "scaled by group",
    "grpo_batch": "scaled by batch",
    "grpo_none": "not scaled",
}


def data(tables: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    """Return one row a cell and horizon."""
    order = ["campaigns", "prompts_per_step", "objective", "learning_rate"]
    return tables["regime_causes"].drop("method").sort(order)


def facts(frame: pl.DataFrame) -> dict[str, Any]:
    """Return the numbers of the caption."""
    horizons = [_horizon(number) for number in sorted(frame["campaigns"].unique())]
    return {
        "seeds": counted(frame, "n_seeds"),
        "threshold": f"{100 * rules.MIN_FALL:.0f}",
        "horizons": " and ".join(horizons),
    }


def draw(frame: pl.DataFrame, arms: Mapping[str, str]) -> alt.TopLevelMixin:
    """Return one map a number of prompts and a length of chain."""
    del arms  # cells are no arms
    objectives = sorted(frame["objective"].unique(), key=_rank)
    rates = sorted(frame["learning_rate"].unique())
    prompts = sorted(frame["prompts_per_step"].unique())
    rows = [
        alt.hconcat(
            *(
                _map(
                    frame.filter(prompts_per_step=num, campaigns=campaigns),
                    objectives,
                    rates,
                    title=f"{_horizon(campaigns)}, {num} prompts a step",
                    first=num == prompts[0],
                )
                for num in prompts
            ),
            spacing=26,
        )
        for campaigns in sorted(frame["campaigns"].unique())
    ]
    return alt.vconcat(*rows, spacing=26)


def boundary(cells: pl.DataFrame, objectives: Sequence[str], rates: Sequence[float]) -> list[Any]:
    """Return the edges between cells that fall and cells that do not, in cell units.

    Args:
        cells: Of one map.
        objectives: Its rows, from above.
        rates: Its columns.

    Returns:
        Dictionaries with x, y, x2 and y2.
    """
    falls = {
        (objectives.index(row["objective"]), rates.index(row["learning_rate"])): rules.falls(
            row["fall"]
        )
        for row in cells.to_dicts()
    }
    edges = []
    for (y, x), here in sorted(falls.items()):
        if falls.get((y, x + 1), here) != here:
            edges.append({"x": x + 1, "x2": x + 1, "y": y, "y2": y + 1})
        if falls.get((y + 1, x), here) != here:
            edges.append({"x": x, "x2": x + 1, "y": y + 1, "y2": y + 1})
    return edges


def _map(
    cells: pl.DataFrame,
    objectives: Sequence[str],
    rates: Sequence[float],
    *,
    title: str,
    first: bool,
) -> Any:
    x, y = _axis_x(rates), _axis_y(objectives, labels=first)
    placed = cells.with_columns(
        pl.col("learning_rate").replace_strict(_positions(rates)).alias("x"),
        pl.col("objective").replace_strict(_positions(objectives)).alias("y"),
        pl.Series("numbers", [_numbers(row) for row in cells.to_dicts()], dtype=pl.String),
        pl.Series("words", [_words(row) for row in cells.to_dicts()], dtype=pl.String),
        ink=pl.when(pl.col("fall") > DARK).then(pl.lit("white")).otherwise(pl.lit(INK)),
        name=pl.col("objective").replace_strict({name: _label(name) for name in objectives}),
    ).with_columns(x2=pl.col("x") + 1, y2=pl.col("y") + 1)
    chart = alt.Chart(inline(placed))
    rect = chart.mark_rect(stroke="#DDDDDD", strokeWidth=1).encode(
        x=x, x2="x2:Q", y=y, y2="y2:Q", color=_colour(), tooltip=_tooltip()
    )
    middle = chart.transform_calculate(cx="datum.x + 0.5", cy="datum.y + 0.5")
    ink = alt.Color("ink:N", scale=None)
    numbers = middle.mark_text(fontSize=10.5, dy=-7, fontWeight="bold").encode(
        x="cx:Q", y="cy:Q", text="numbers:N", color=ink
    )
    words = middle.mark_text(fontSize=10, dy=8).encode(
        x="cx:Q", y="cy:Q", text="words:N", color=ink
    )
    layers = [rect, numbers, words]
    edges = boundary(cells, objectives, rates)
    if edges:
        line = alt.Chart(alt.InlineData(values=edges))
        layers.append(
            line.mark_rule(color="black", strokeWidth=3.5, strokeCap="round").encode(
                x="x:Q", x2="x2:Q", y="y:Q", y2="y2:Q"
            )
        )
    size = {"width": WIDTH * len(rates), "height": HEIGHT * len(objectives)}
    return alt.layer(*layers).properties(**size, title=panel_title(title))


def _axis_x(rates: Sequence[float]) -> alt.X:
    names = [f"{rate:g}" for rate in rates]
    axis = alt.Axis(
        title="learning rate",
        values=[position + 0.5 for position in range(len(rates))],
        labelExpr=f"{names}[floor(datum.value)]",
        grid=False,
        ticks=False,
        domain=False,
    )
    return alt.X("x:Q", axis=axis, scale=alt.Scale(domain=[0, len(rates)], nice=False))


def _axis_y(objectives: Sequence[str], *, labels: bool) -> alt.Y:
    names = [_label(name) for name in objectives]
    axis = alt.Axis(
        title=None,
        values=[position + 0.5 for position in range(len(objectives))],
        labelExpr=f"{names}[floor(datum.value)]",
        labels=labels,
        labelLimit=220,
        grid=False,
        ticks=False,
        domain=False,
    )
    scale = alt.Scale(domain=[0, len(objectives)], reverse=True, nice=False)
    return alt.Y("y:Q", axis=axis, scale=scale)


def _colour() -> alt.Color:
    legend = alt.Legend(
        title="fall from peak to end, points of pass@1",
        titleLimit=300,
        orient="bottom",
        labelExpr="format(100 * datum.value, '.0f')",
        values=REACH,
        gradientLength=320,
        direction="horizontal",
    )
    scale = alt.Scale(domain=REACH, range=COLOURS, clamp=True)
    return alt.Color("fall:Q", scale=scale, legend=legend)


def _tooltip() -> list[alt.Tooltip]:
    shares = [alt.Tooltip(f"{name}:Q", format=".1%") for name in ("start", "peak", "end")]
    return [
        alt.Tooltip("name:N", title="objective"),
        alt.Tooltip("prompts_per_step:Q", title="prompts a step"),
        alt.Tooltip("learning_rate:Q", title="learning rate", format="~g"),
        *shares,
        alt.Tooltip("fall:Q", format="+.1%"),
        alt.Tooltip("fall_low:Q", title="fall from (wider interval)", format="+.1%"),
        alt.Tooltip("fall_high:Q", title="to", format="+.1%"),
        alt.Tooltip("campaign_fall:Q", title="fall within campaigns", format="+.1%"),
        alt.Tooltip("train_fall:Q", title="fall of training reward there", format="+.1%"),
        alt.Tooltip("phase:N"),
        alt.Tooltip("cause:N"),
        alt.Tooltip("n_seeds:Q", title="seeds"),
    ]


def _numbers(row: Mapping[str, Any]) -> str:
    """Return start, peak and end in whole percent."""
    return "\u2009→\u2009".join(f"{100 * row[name]:.0f}" for name in ("start", "peak", "end"))


def _words(row: Mapping[str, Any]) -> str:
    """Return why a cell falls, with a question mark where that is unsure, or what else it does."""
    if row["cause"] == rules.NONE:
        return _WORDS[row["phase"]]
    return str(row["cause"]) + ("" if row["cause_sure"] else " ?")


def _positions(values: Sequence[Any]) -> dict[Any, int]:
    return {value: position for position, value in enumerate(values)}


def _rank(objective: str) -> tuple[bool, bool, str]:
    """Return what sorts REINFORCE above GRPO, and what has no baseline or scale first."""
    return not objective.startswith("reinforce"), not objective.endswith("none"), objective


def _label(objective: str) -> str:
    kind, _, variant = objective.partition("_")
    words = _VARIANTS.get(objective, variant.replace("_", " "))
    return f"{_KINDS.get(kind, kind)}, {words}" if words else _KINDS.get(kind, kind)


def _horizon(campaigns: int) -> str:
    return "one campaign" if campaigns == 1 else f"chain of {campaigns} campaigns"
