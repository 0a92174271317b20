"""The rules of the regime map, fixed beforehand: phases, causes and the boundary [ours].

*Phase* of a cell, from means over seeds, with the thresholds that the pilot has by default: it
rises when the rise is at least .05, falls when the fall is at least .10, and stays when the fall is
below .03.

*Cause* of a fall. Training reward stands for what the policy does on the pool that it trains on,
the report split for problems that it never sees. Where the pool is over-fitted, reward stays while
report falls; where training is unstable, both fall. Every campaign has a pool of its own, so both
are compared within campaigns, from their peaks to their ends, over the campaigns in which the chain
fell: from that of its peak to the last. The border is half of the fall: `instability` where
training reward loses at least half of what report loses there, `over-fitting` where it loses less,
`none` where the chain does not fall.

*Boundary* along the learning rate: between the largest rate below the first that falls, and that
one; a single number between the two is where the fall, linear in the logarithm of the rate, crosses
.10.
"""

from collections.abc import Sequence
from math import exp, log

MIN_RISE = 0.05
MIN_FALL = 0.10
MAX_HEALTHY_FALL = 0.03
_ROUNDING = 1e-9

RISES_AND_FALLS = "rises and falls"
ONLY_FALLS = "only falls"
RISES_AND_STAYS = "rises and stays"
RISES_AND_SAGS = "rises and sags"
DOES_NOT_RISE = "does not rise"
PHASES = (RISES_AND_STAYS, RISES_AND_SAGS, RISES_AND_FALLS, ONLY_FALLS, DOES_NOT_RISE)

INSTABILITY, OVER_FITTING, NONE = "instability", "over-fitting", "none"


def phase(rise: float, fall: float) -> str:
    """Return what the chains of a cell do; rise and fall are means over seeds, in pass@1.

    Example:
        >>> phase(0.20, 0.18), phase(0.0, 0.0)
        ('rises and falls', 'does not rise')
    """
    rises = rise >= MIN_RISE - _ROUNDING
    if falls(fall):
        return RISES_AND_FALLS if rises else ONLY_FALLS
    if not rises:
        return DOES_NOT_RISE
    return RISES_AND_STAYS if fall < MAX_HEALTHY_FALL - _ROUNDING else RISES_AND_SAGS


def falls(fall: float) -> bool:
    """Return whether a fall counts as one."""
    return fall >= MIN_FALL - _ROUNDING


def cause(fall: float, campaign_fall: float, train_fall: float) -> str:
    """Return why a cell falls, from means over seeds.

    Args:
        fall: Of the chain, on report.
        campaign_fall: On report within the campaigns in which it fell.
        train_fall: Of training reward within the same campaigns.

    Example:
        >>> cause(0.2, 0.1, 0.09), cause(0.2, 0.1, -0.05), cause(0.02, 0.1, 0.1)
        ('instability', 'over-fitting', 'none')
    """
    if not falls(fall):
        return NONE
    return INSTABILITY if train_fall >= campaign_fall / 2 - _ROUNDING else OVER_FITTING


def crossing(rates: Sequence[float], drops: Sequence[float]) -> tuple[float, float, float] | None:
    """Return where the fall first reaches .10: the rate below, the crossing and the rate above.

    Args:
        rates: Learning rates, ascending.
        drops: The mean fall at each.

    Returns:
        None where no rate falls, or the lowest does already.
    """
    above = next((index for index, fall in enumerate(drops) if falls(fall)), 0)
    if above == 0:
        return None
    low, high = rates[above - 1], rates[above]
    share = (MIN_FALL - drops[above - 1]) / (drops[above] - drops[above - 1])
    return low, exp(log(low) + share * (log(high) - log(low))), high
