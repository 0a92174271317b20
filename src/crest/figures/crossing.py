"""K* by round of the study's own recipe, and by recipe."""

from collections.abc import Mapping
from typing import Any

import altair as alt
import polars as pl

from crest.figures._arms import label
from crest.figures._crossover import BANK_COLOURS, bank_title, banks_of
from crest.figures._inline import inline
from crest.figures._numbers import counted, span
from crest.figures._panels import panel_title
from crest.figures._theme import WIDE, arm_axis

TITLE = "K*: the budget at which the base overtakes the trained model"
CATEGORY = "Crossover"
CAPTION = (
    "First K, interpolated in its logarithm, at which the base is level or ahead after the "
    "trained model led. Large: mean curve of {seeds} trajectories, with its {level} percentile "
    "bootstrap interval (trajectories and, crossed with them, tasks, drawn with their own base); "
    "the number is the share of draws with a crossing. Small: single trajectories. Triangle to "
    "the right: the lead lasts to the largest K that was measured, {largest}. Triangle to the "
    "left: the trained model never leads. All rounds of the study's own recipe, the last round of "
    "others."
)
TABLES = ("crossing",)

SHAPES = {
    "crosses": "circle",
    "leads throughout": "triangle-right",
    "never leads": "triangle-left",
}


def data(tables: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    """Return K* with its ends put to the edges where they lie beyond the budgets."""
    rows = tables["crossing"].filter(pl.col("main") | pl.col("last"))
    edges = {"leads throughout": pl.col("largest_k").cast(pl.Float64), "never leads": pl.lit(1.0)}
    at = pl.col("crossing_k")
    for state, edge in edges.items():
        at = pl.when(pl.col("state") == state).then(edge).otherwise(at)
    beyond = pl.col("interval").str
    largest = pl.col("largest_k").cast(pl.Float64)
    return rows.select(
        pl.col("method").alias("recipe"),
        "main",
        "round",
        "bank",
        "seed",
        "state",
        "probability",
        "interval",
        "largest_k",
        "n_seeds",
        "ci_level",
        at.alias("at"),
        low=pl.col("ci_low").fill_null(
            pl.when(beyond.starts_with("beyond")).then(largest).otherwise(1.0)
        ),
        high=pl.col("ci_high").fill_null(
            pl.when(beyond.contains(r"beyond \d+$")).then(largest).otherwise(1.0)
        ),
    ).sort(pl.col("main").not_(), "recipe", "round", "bank", "seed", nulls_last=False)


def facts(frame: pl.DataFrame) -> dict[str, Any]:
    """Return the numbers of the caption."""
    return {
        "seeds": counted(frame.filter(pl.col("seed").is_null()), "n_seeds"),
        "level": f"{span(frame['ci_level'])[0]:.0%}",
        "largest": counted(frame, "largest_k"),
    }


def draw(frame: pl.DataFrame, arms: Mapping[str, str]) -> alt.TopLevelMixin:
    """Return one panel a bank, in it a row a recipe and round."""
    names = {name: label(name, arms) for name in frame["recipe"].unique()}
    named = frame.with_columns(
        row=pl.format("{}, round {}", pl.col("recipe").replace_strict(names), "round")
    )
    order = named["row"].unique(maintain_order=True).to_list()
    banks = banks_of(frame)
    return alt.hconcat(
        *(_panel(named.filter(pl.col("bank") == bank), bank, order) for bank in banks)
    )


def _panel(rows: pl.DataFrame, bank: str, order: list[str]) -> Any:
    largest = int(rows["largest_k"].max())  # type: ignore[arg-type]
    ks = [2**power for power in range(largest.bit_length())]
    x = alt.X(
        "at:Q",
        scale=alt.Scale(type="log", base=2, domain=[1, largest]),
        axis=alt.Axis(values=ks, format="d", title="K*"),
    )
    y = alt.Y("row:N", sort=order, title=None, axis=arm_axis())
    shape = alt.Shape(
        "state:N", scale=alt.Scale(domain=list(SHAPES), range=list(SHAPES.values())), legend=None
    )
    colour = BANK_COLOURS.get(bank, "#555555")
    mean = alt.Chart(inline(rows.filter(pl.col("seed").is_null()).drop("seed", "ci_level", "main")))
    single = alt.Chart(
        inline(rows.filter(pl.col("seed").is_not_null()).select("row", "seed", "at", "state"))
    )
    tooltip = [
        alt.Tooltip("row:N"),
        alt.Tooltip("at:Q", title="K*", format=".1f"),
        alt.Tooltip("state:N"),
        alt.Tooltip("interval:N"),
        alt.Tooltip("probability:Q", title="P(crossing)", format=".0%"),
    ]
    layers = [
        mean.mark_rule(strokeWidth=2.5, color=colour).encode(x=alt.X("low:Q"), x2="high:Q", y=y),
        single.mark_point(size=26, opacity=0.7, filled=False, color=colour).encode(
            x=x, y=y, yOffset=alt.value(11), shape=shape, tooltip=["row:N", "seed:N", "state:N"]
        ),
        mean.mark_point(size=95, filled=True, opacity=1, color=colour).encode(
            x=x, y=y, shape=shape, tooltip=tooltip
        ),
        mean.mark_text(align="left", dx=4, color="#555555").encode(
            x=alt.value(WIDE // 2 - 160), y=y, text=alt.Text("probability:Q", format=".0%")
        ),
    ]
    return alt.layer(*layers).properties(
        width=WIDE // 2 - 160, height=alt.Step(32), title=panel_title(bank_title(bank))
    )
