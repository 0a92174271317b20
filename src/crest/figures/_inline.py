"""Tables as data inside a chart: small, rounded, and without values that JSON lacks."""

import altair as alt
import polars as pl
from polars import selectors

DIGITS = 4


def inline(frame: pl.DataFrame) -> alt.InlineData:
    """Return the rows as data of a chart, floats rounded, NaN as null.

    A pass@1 has at most four digits worth printing; more would only make the page larger.
    """
    return alt.InlineData(values=_rounded(frame).to_dicts())


def packed(
    frame: pl.DataFrame, keys: list[str]
) -> tuple[alt.InlineData, list[str | alt.FieldName]]:
    """Return one row a group with the other columns as lists, and the names of those columns.

    A line of 200 points then names its columns once. `transform_flatten` with the returned names
    unpacks it in the reader's browser.
    """
    values: list[str | alt.FieldName] = [name for name in frame.columns if name not in keys]
    groups = _rounded(frame).group_by(keys, maintain_order=True).agg(pl.exclude(keys))
    return alt.InlineData(values=groups.to_dicts()), values


def _rounded(frame: pl.DataFrame) -> pl.DataFrame:
    return frame.with_columns(selectors.float().fill_nan(None).round_sig_figs(DIGITS))
