"""Numbers that charts and captions take from columns."""

import polars as pl


def span(values: pl.Series) -> tuple[float, float]:
    """Return the lowest and the highest number of a column that has one."""
    numbers = values.drop_nulls().to_numpy()
    return float(numbers.min()), float(numbers.max())


def from_zero(*values: pl.Series) -> list[float]:
    """Return the range of all numbers of some columns, stretched to hold zero: a scale's domain.

    A domain that is stated needs no first pass over the data in the reader's browser.
    """
    spans = [span(column) for column in values if column.drop_nulls().len()]
    return [min([0.0, *(low for low, _ in spans)]), max([0.0, *(high for _, high in spans)])]


def counted(frame: pl.DataFrame, column: str) -> str:
    """Return the numbers of a count column as words: one number, or its range."""
    low, high = span(frame[column])
    return f"{low:.0f}" if low == high else f"{low:.0f} to {high:.0f}"


_METHODS = {"bca": "BCa", "percentile": "percentile"}
_DRAWN = {"seed": "seeds", "seed, problem": "seeds and, crossed with them, problems"}


def interval_words(frame: pl.DataFrame) -> str:
    """Return what the intervals of a table are, as its own columns say.

    Args:
        frame: With ci_level, ci_method and resampled.
    """
    methods = [name for key, name in _METHODS.items() if key in frame["ci_method"].unique()]
    drawn = [words for key, words in _DRAWN.items() if key in frame["resampled"].unique()]
    level = f"{span(frame['ci_level'])[0]:.0%}"
    return (
        f"{level} {' or '.join(methods)} bootstrap interval (drawn: {' or '.join(drawn)})"
        if methods
        else "no interval, for want of seeds that differ"
    )
