"""Small multiples, and the gestures that all interactive figures share."""

from collections.abc import Sequence
from typing import Any

import altair as alt

from crest.figures._theme import WIDE

COLUMNS = 4
GAP = 62
"""Pixels between two plotting areas: the right one's axis, its labels and some air."""


def columns(num_panels: int) -> int:
    """Return how many panels stand side by side."""
    return min(num_panels, COLUMNS)


def panel_width(num_panels: int, total: int = WIDE) -> int:
    """Return the width of one panel's plotting area in pixels."""
    side_by_side = columns(num_panels)
    return (total - (side_by_side - 1) * GAP) // side_by_side


def grid(panels: Sequence[Any]) -> alt.ConcatChart:
    """Return the panels in rows, read like text."""
    return alt.concat(*panels, columns=columns(len(panels)))


def panel_title(text: str) -> alt.TitleParams:
    """Return the heading of one panel."""
    return alt.TitleParams(text, fontSize=12, fontWeight=600, offset=6, anchor="start")


def arm_picker() -> alt.Parameter:
    """Return the selection that a click on a legend entry makes; shift adds, double-click ends."""
    return alt.selection_point(name="picked", fields=["arm"], bind="legend")


def zoom_x() -> alt.Parameter:
    """Return the gesture that moves (drag) and zooms (shift and wheel) along x.

    The wheel alone still scrolls the page.
    """
    return alt.selection_interval(
        name="zoom",
        bind="scales",
        encodings=["x"],
        zoom="wheel![event.shiftKey]",
    )
