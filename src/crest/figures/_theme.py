"""One look for all figures: light background, one typeface, thin grids, readable sizes."""

from typing import Any

import altair as alt

FONT = "Liberation Sans, Arial, Helvetica, sans-serif"
INK, FAINT = "#222222", "#E4E4E4"
WIDE = 940
"""Width of a figure's plotting area in pixels, where it has one panel."""

CONFIG: dict[str, Any] = {
    "background": "#FFFFFF",
    "font": FONT,
    "padding": 8,
    "view": {"stroke": None, "continuousWidth": WIDE, "continuousHeight": 300},
    "title": {
        "anchor": "start",
        "color": INK,
        "fontSize": 16,
        "fontWeight": 600,
        "offset": 14,
        "subtitleColor": "#555555",
        "subtitleFontSize": 12,
    },
    "axis": {
        "domainColor": "#888888",
        "gridColor": FAINT,
        "labelColor": INK,
        "labelFlush": False,
        "labelFontSize": 12,
        "labelOverlap": "greedy",
        "tickColor": "#888888",
        "titleColor": INK,
        "titleFontSize": 12,
        "titleFontWeight": "normal",
        "titlePadding": 8,
    },
    "legend": {
        "labelFontSize": 12,
        "labelLimit": 220,
        "symbolStrokeWidth": 2.5,
        "symbolSize": 110,
        "titleFontSize": 12,
        "titleFontWeight": "normal",
    },
    "line": {"strokeWidth": 2.2, "strokeCap": "butt"},
    "concat": {"spacing": 22},
}


def themed(chart: alt.TopLevelMixin, title: str) -> alt.TopLevelMixin:
    """Return the chart with the title and the look that all figures share."""
    return chart.properties(title=title).configure(**CONFIG)  # type: ignore[attr-defined]


def percent_axis(title: str, **options: Any) -> alt.Axis:
    """Return an axis that prints shares as percent."""
    return alt.Axis(title=title, format=".0%", tickCount=5, **options)


def points_axis(title: str, **options: Any) -> alt.Axis:
    """Return an axis that prints differences of shares as percentage points."""
    return alt.Axis(
        title=title,
        labelExpr="datum.value == 0 ? '0' : format(datum.value * 100, '+.0f')",
        tickCount=6,
        **options,
    )


def line_legend(**options: Any) -> alt.Legend:
    """Return a legend of arms whose keys are pieces of their lines."""
    return alt.Legend(
        title=None, symbolType="stroke", symbolSize=320, symbolStrokeWidth=2.5, **options
    )


def arm_axis(**options: Any) -> alt.Axis:
    """Return the axis of figures with a row an arm."""
    return alt.Axis(
        domain=False,
        grid=True,
        labelFontSize=13,
        labelLimit=220,
        labelPadding=10,
        ticks=False,
        **options,
    )
