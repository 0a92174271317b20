"""Tables as data inside a chart: small, rounded, and without values that JSON lacks.

Altair copies what a chart holds dozens of times. So the rows travel as one JSON text, which it
passes on as it is, and `unpacked` turns the texts of a finished chart into rows again.
"""

import json
from typing import Any

import altair as alt
import polars as pl
from polars import selectors

DIGITS = 4


def inline(frame: pl.DataFrame) -> alt.InlineData:
    """Return the rows as data of a chart, floats rounded, NaN as null.

    A pass@1 has at most four digits worth printing; more would only make the page larger.
    """
    return _data(_rounded(frame))


def packed(
    frame: pl.DataFrame, keys: list[str]
) -> tuple[alt.InlineData, list[str | alt.FieldName]]:
    """Return one row a group with the other columns as lists, and the names of those columns.

    A line of 200 points then names its columns once. `transform_flatten` with the returned names
    unpacks it in the reader's browser.
    """
    values: list[str | alt.FieldName] = [name for name in frame.columns if name not in keys]
    groups = _rounded(frame).group_by(keys, maintain_order=True).agg(pl.exclude(keys))
    return _data(groups), values


def unpacked(chart: dict[str, Any]) -> dict[str, Any]:
    """Return a chart whose `datasets`, which Altair gathers and names, are rows and no texts."""
    datasets = chart.get("datasets", {})
    rows = {
        name: json.loads(data) if isinstance(data, str) else data for name, data in datasets.items()
    }
    return {**chart, "datasets": rows}


def _data(frame: pl.DataFrame) -> alt.InlineData:
    return alt.InlineData(values=json.dumps(frame.to_dicts(), allow_nan=False))


def _rounded(frame: pl.DataFrame) -> pl.DataFrame:
    return frame.with_columns(selectors.float().fill_nan(None).round_sig_figs(DIGITS))
