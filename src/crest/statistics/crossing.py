"""K*: the budget of samples at which the base model overtakes the model trained from it.

With few samples a task the trained model leads, since it finds what it knows more often; with many
the base may lead, since it knows more. K* is the first K at which the base is level or ahead after
the trained model led, interpolated linearly in log2 K between the budgets that were measured [ours;
the source names budgets on both sides of it and no K* [note]].
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from crest.statistics.bands import quantiles

Array = NDArray[np.float64]

NEVER_LEADS, CROSSES, LEADS_THROUGHOUT = "never leads", "crosses", "leads throughout"
_DECIMALS = 12


@dataclass(frozen=True, slots=True)
class Spread:
    """K* over draws.

    Attributes:
        low: Lower end of the percentile interval; None where it is no budget measured.
        high: Upper end, likewise.
        words: The interval in words: an end below the smallest budget or beyond the largest one
            is said to be so.
        crosses: Share of draws with a crossing.
        leads_throughout: Share in which the trained model led and was not overtaken.
        never_leads: Share in which the trained model never led.
    """

    low: float | None
    high: float | None
    words: str
    crosses: float
    leads_throughout: float
    never_leads: float


def log2_crossings(gains: Array, ks: Sequence[int]) -> Array:
    """Return log2 K* of each curve: -inf where it never leads, inf where it is not overtaken.

    Args:
        gains: float64[..., k], pass@K of the trained model minus that of its base.
        ks: Budgets, ascending.

    Example:
        >>> 2 ** log2_crossings(np.array([0.1, 0.1, -0.1]), [1, 4, 16])
        np.float64(8.0)
    """
    rounded = np.round(gains, _DECIMALS)
    ahead = rounded > 0
    led = np.logical_or.accumulate(ahead, axis=-1)
    overtaken = led & ~ahead
    first = overtaken.argmax(axis=-1)
    logs = np.log2(np.asarray(ks, dtype=np.float64))
    before = np.maximum(first - 1, 0)
    high = np.take_along_axis(rounded, before[..., None], axis=-1)[..., 0]
    low = np.take_along_axis(rounded, first[..., None], axis=-1)[..., 0]
    drop = np.where(high > low, high - low, 1.0)
    crossed = logs[before] + high / drop * (logs[first] - logs[before])
    open_end = np.where(led[..., -1], np.inf, -np.inf)
    return np.where(overtaken.any(axis=-1), crossed, open_end)


def state(log2_crossing: float) -> str:
    """Return which of the three a curve does."""
    if np.isfinite(log2_crossing):
        return CROSSES
    return LEADS_THROUGHOUT if log2_crossing > 0 else NEVER_LEADS


def budget(log2_crossing: float) -> float | None:
    """Return K*, or None where there is no crossing."""
    return float(2**log2_crossing) if np.isfinite(log2_crossing) else None


def spread(log2_drawn: Array, ks: Sequence[int], confidence_level: float) -> Spread:
    """Return what draws of log2 K* say: interval and shares."""
    tail = (1 - confidence_level) / 2
    low, high = quantiles(np.sort(log2_drawn), [tail, 1 - tail])
    return Spread(
        low=budget(low),
        high=budget(high),
        words=_words(low, high, ks),
        crosses=float(np.isfinite(log2_drawn).mean()),
        leads_throughout=float(np.isposinf(log2_drawn).mean()),
        never_leads=float(np.isneginf(log2_drawn).mean()),
    )


def _words(low: float, high: float, ks: Sequence[int]) -> str:
    if low == high and np.isinf(low):
        return _end(low, ks)
    return f"{_end(low, ks)} to {_end(high, ks)}"


def _end(log2_crossing: float, ks: Sequence[int]) -> str:
    if np.isfinite(log2_crossing):
        return f"{2**log2_crossing:.1f}"
    return f"beyond {ks[-1]}" if log2_crossing > 0 else f"below {ks[0]}"
