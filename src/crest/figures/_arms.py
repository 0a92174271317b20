"""How an arm looks in every figure: its colour, its dash and its label.

The colours are those of Okabe and Ito and of Paul Tol's muted scheme, which readers with a colour
vision deficiency can tell apart; arms of one family share a hue and differ in their dashes. A
colour belongs to an arm's name, so that leaving an arm out does not recolour the others.
"""

import hashlib
from collections.abc import Iterable, Mapping

import altair as alt
import polars as pl

BASE = "base"
BASE_COLOUR = "#000000"
SOLID, LONG, SHORT = [1, 0], [6, 3], [2, 2]

_STYLES: dict[str, tuple[str, list[int]]] = {
    BASE: (BASE_COLOUR, SHORT),
    "naive": ("#D55E00", SOLID),
    "oracle": ("#D55E00", LONG),
    "healthy": ("#009E73", SOLID),
    "refresh": ("#009E73", LONG),
    "kl": ("#CC79A7", SOLID),
    "kl_base": ("#CC79A7", LONG),
    "adaptive_kl": ("#CC79A7", SHORT),
    "ewc": ("#882255", SOLID),
    "ewc_style": ("#882255", LONG),
    "ewc_strong": ("#882255", SHORT),
    "memory": ("#332288", LONG),
    "gate": ("#332288", SHORT),
    "care": ("#332288", SOLID),
    "care_strict": ("#6699CC", LONG),
    "care_healthy": ("#117733", SOLID),
    "care_v1": ("#AA4499", SHORT),
    "care_vector": ("#AA4499", LONG),
    "care_es": ("#AA4499", SOLID),
    "es": ("#E69F00", SOLID),
    "es_patience": ("#E69F00", SHORT),
    "grpo": ("#0072B2", SOLID),
    "grpo_2": ("#0072B2", SHORT),
    "grpo_es": ("#56B4E9", SOLID),
    "grpo_care": ("#56B4E9", LONG),
    "grpo_care_es": ("#56B4E9", SHORT),
    "short": ("#999933", LONG),
    "random_step": ("#777777", SOLID),
}
_OTHER_COLOURS = ("#44AA99", "#661100", "#6699CC", "#888888", "#117733", "#DDCC77")


def style(method: str) -> tuple[str, list[int]]:
    """Return the colour and dash pattern of an arm; the same for a name in every figure."""
    if method in _STYLES:
        return _STYLES[method]
    digest = hashlib.sha256(method.encode()).digest()
    return _OTHER_COLOURS[digest[0] % len(_OTHER_COLOURS)], (SOLID, LONG, SHORT)[digest[1] % 3]


def label(method: str, arms: Mapping[str, str]) -> str:
    """Return the name that readers see."""
    if method == BASE:
        return "base model"
    return arms.get(method, method.replace("_", " "))


def in_order(methods: Iterable[str], arms: Mapping[str, str]) -> list[str]:
    """Return the methods in the study's order, others behind in the order of the alphabet."""
    ranks = {method: rank for rank, method in enumerate((BASE, *arms))}
    return sorted(set(methods), key=lambda method: (ranks.get(method, len(ranks)), method))


def with_labels(frame: pl.DataFrame, arms: Mapping[str, str]) -> pl.DataFrame:
    """Add the column `arm`, the label of the column `method`."""
    labels = {method: label(method, arms) for method in frame["method"].unique()}
    return frame.with_columns(arm=pl.col("method").replace_strict(labels, return_dtype=pl.String))


def colour_scale(methods: list[str], arms: Mapping[str, str]) -> alt.Scale:
    """Return the scale from labels to colours."""
    return alt.Scale(
        domain=[label(method, arms) for method in methods],
        range=[style(method)[0] for method in methods],
    )


def dash_scale(methods: list[str], arms: Mapping[str, str]) -> alt.Scale:
    """Return the scale from labels to dash patterns."""
    return alt.Scale(
        domain=[label(method, arms) for method in methods],
        range=[style(method)[1] for method in methods],
    )
