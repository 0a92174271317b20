"""Numbers that charts and captions take from columns."""

import polars as pl


def span(values: pl.Series) -> tuple[float, float]:
    """Return the lowest and the highest number of a column that has one."""
    numbers = values.drop_nulls().to_numpy()
    return float(numbers.min()), float(numbers.max())


def counted(frame: pl.DataFrame, column: str) -> str:
    """Return the numbers of a count column as words: one number, or its range."""
    low, high = span(frame[column])
    return f"{low:.0f}" if low == high else f"{low:.0f} to {high:.0f}"
