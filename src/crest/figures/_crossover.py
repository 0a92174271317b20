"""What the figures of the crossover study share: banks, budgets, intervals."""

from collections.abc import Iterable, Sequence
from typing import Any

import altair as alt
import polars as pl

from crest.figures._numbers import interval_words

BANK_COLOURS = {"easy": "#0072B2", "hard": "#D55E00"}
INTERVAL = ("ci_low", "ci_high", "ci_level", "ci_method", "resampled")
"""Columns that an interval is drawn and described from."""


def banks_of(frame: pl.DataFrame) -> list[str]:
    """Return the banks of a table, the easy one first."""
    known = list(BANK_COLOURS)
    found = set(frame["bank"])
    return [*(bank for bank in known if bank in found), *sorted(found - set(known))]


def bank_title(bank: str) -> str:
    """Return how a bank is called in a panel's heading."""
    return f"{bank} bank"


def budget_axis(ks: Sequence[int], title: str) -> alt.X:
    """Return the x channel of budgets: log2, a tick each, from the column `k`."""
    return alt.X(
        "k:Q",
        scale=alt.Scale(type="log", base=2, domain=[ks[0], ks[-1]]),
        axis=alt.Axis(values=list(ks), title=title, format="d", grid=False),
    )


def fine_points_axis(title: str) -> alt.Axis:
    """Return an axis of differences of shares in percentage points, with decimals where needed."""
    words = "datum.value == 0 ? '0' : format(datum.value * 100, '+.2~r')"
    return alt.Axis(title=title, labelExpr=words, tickCount=6)


def interval_of(frame: pl.DataFrame, unit: str) -> str:
    """Return what intervals of a table are, with seeds called by what they are in this study."""
    words = interval_words(frame)
    return words.replace("seeds", unit).replace("problems", "tasks")


def shares(title: str, field: str, *extra: str) -> list[alt.Tooltip]:
    """Return the lines of a tooltip: further fields, a share and its interval."""
    return [
        *(alt.Tooltip(each) for each in extra),
        alt.Tooltip(f"{field}:Q", title=title, format=".1%"),
        alt.Tooltip("ci_low:Q", title="interval from", format=".1%"),
        alt.Tooltip("ci_high:Q", title="to", format=".1%"),
    ]


def ranked(names: Iterable[Any]) -> dict[Any, int]:
    """Return the place of each name, to sort by."""
    return {name: rank for rank, name in enumerate(names)}
