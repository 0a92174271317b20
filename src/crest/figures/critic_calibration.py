"""Whether the critic's scores mean what they say."""

from collections.abc import Mapping
from typing import Any

import altair as alt
import polars as pl

from crest.figures._crossover import (
    BANK_COLOURS,
    INTERVAL,
    bank_title,
    banks_of,
    interval_of,
    shares,
)
from crest.figures._inline import inline
from crest.figures._numbers import counted
from crest.figures._panels import panel_title
from crest.figures._theme import percent_axis

TITLE = "Calibration of the critic: how often candidates of a score are right"
CATEGORY = "Crossover"
CAPTION = (
    "Candidates that fit the visible pairs, {candidates} a bank over {seeds} split seeds, by the "
    "probability that the critic gives them. Dots: share that generalises, larger for more "
    "candidates, with its {interval}. On the grey line a critic is calibrated. {numbers}"
)
TABLES = ("critic_calibration",)

SCALARS = ("auc_within", "auc_within_log_prob", "ece", "ece_null")


def data(tables: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    """Return the bins of the critic trained on most tasks, and its numbers over all of them."""
    return (
        tables["critic_calibration"]
        .filter("primary", pl.col("metric").is_in(["observed", *SCALARS]))
        .select(
            "bank", "metric", "bin", "predicted", "n_candidates", "estimate", *INTERVAL, "n_seeds"
        )
        .sort("bank", "metric", "bin")
    )


def facts(frame: pl.DataFrame) -> dict[str, Any]:
    """Return the numbers of the caption."""
    bins = frame.filter(pl.col("metric") == "observed")
    totals = bins.group_by("bank").agg(pl.col("n_candidates").sum())
    return {
        "candidates": counted(totals, "n_candidates"),
        "seeds": counted(bins, "n_seeds"),
        "interval": interval_of(bins, "split seeds"),
        "numbers": " ".join(_told(frame, bank) for bank in banks_of(frame)),
    }


def draw(frame: pl.DataFrame, arms: Mapping[str, str]) -> alt.TopLevelMixin:
    """Return one panel a bank."""
    del arms  # critics are no arms
    bins = frame.filter(pl.col("metric") == "observed")
    return alt.hconcat(
        *(_panel(bins.filter(pl.col("bank") == bank), bank) for bank in banks_of(bins))
    )


def _panel(rows: pl.DataFrame, bank: str) -> Any:
    shown = rows.select("predicted", "estimate", "ci_low", "ci_high", "n_candidates")
    chart = alt.Chart(inline(shown))
    line = alt.Chart(alt.InlineData(values=[{"at": 0}, {"at": 1}]))
    colour = BANK_COLOURS.get(bank, "#555555")
    scale = alt.Scale(domain=[0, 1])
    x = alt.X("predicted:Q", scale=scale, axis=percent_axis("probability given by the critic"))
    y = alt.Y("estimate:Q", scale=scale, axis=percent_axis("share that generalises"))
    return alt.layer(
        line.mark_line(color="#AAAAAA", strokeWidth=1.5).encode(x="at:Q", y="at:Q"),
        chart.mark_rule(color=colour, strokeWidth=2).encode(x=x, y="ci_low:Q", y2="ci_high:Q"),
        chart.mark_point(color=colour, filled=True, opacity=1).encode(
            x=x,
            y=y,
            size=alt.Size("n_candidates:Q", scale=alt.Scale(range=[25, 220]), legend=None),
            tooltip=shares("right", "estimate", "predicted:Q", "n_candidates:Q"),
        ),
    ).properties(width=300, height=300, title=panel_title(bank_title(bank)))


def _told(frame: pl.DataFrame, bank: str) -> str:
    """Return how well the scores order candidates of a task, and how far they are off."""
    rows = frame.filter(pl.col("bank") == bank, pl.col("metric").is_in(list(SCALARS)))
    numbers = dict(rows.drop_nulls("estimate").select("metric", "estimate").iter_rows())
    words = {
        "auc_within": "a right candidate scores above a wrong one of its task with probability",
        "auc_within_log_prob": "by the generator's own likelihood with",
        "ece": "calibration error",
        "ece_null": "of a calibrated critic with as many candidates",
    }
    parts = [f"{words[name]} {numbers[name]:.3f}" for name in words if name in numbers]
    return f"{bank_title(bank).capitalize()}: {', '.join(parts)}."
