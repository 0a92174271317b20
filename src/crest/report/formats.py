"""Numbers as text: the same number looks the same in every table."""

import math
from collections.abc import Mapping
from typing import Any

ABSENT = "–"
MINUS = "−"


def number(value: float | None, digits: int = 3) -> str:
    """Return a number with fixed decimals.

    Example:
        >>> number(-0.0421), number(None)
        ('−0.042', '–')
    """
    return ABSENT if _absent(value) else _signed(f"{value:.{digits}f}")


def percent(value: float | None) -> str:
    """Return a share as percent.

    Example:
        >>> percent(0.1234)
        '12.3%'
    """
    return ABSENT if _absent(value) else _signed(f"{value:.1%}")


def points(value: float | None) -> str:
    """Return a difference of shares in percentage points, with its sign.

    Example:
        >>> points(0.1234), points(-0.05)
        ('+12.3', '−5.0')
    """
    return ABSENT if _absent(value) or value is None else _signed(f"{value * 100:+.1f}")


def p_value(value: float | None) -> str:
    """Return a p-value; tiny ones as a bound.

    Example:
        >>> p_value(0.0625), p_value(0.00002)
        ('0.0625', '< 0.001')
    """
    if _absent(value) or value is None:
        return ABSENT
    return "< 0.001" if value < 0.001 else f"{value:.4g}"


def interval(row: Mapping[str, Any], show: Any, low: str = "ci_low", high: str = "ci_high") -> str:
    """Return an interval as text, or a dash where there is none."""
    if _absent(row.get(low)) or _absent(row.get(high)):
        return ABSENT
    return f"{show(row[low])} to {show(row[high])}"


def plain(value: Any) -> str:
    """Return a setting as short text: a component as its kind and options."""
    if isinstance(value, Mapping):
        options = ", ".join(f"{key} {plain(item)}" for key, item in value.items() if key != "kind")
        kind = str(value.get("kind", ""))
        return f"{kind} ({options})" if kind and options else kind or options
    if isinstance(value, float):
        return f"{value:g}"
    if isinstance(value, list | tuple):
        return ", ".join(plain(item) for item in value)
    return ABSENT if value is None else str(value)


def _absent(value: float | None) -> bool:
    return value is None or (isinstance(value, float) and math.isnan(value))


def _signed(text: str) -> str:
    return text.replace("-", MINUS)
