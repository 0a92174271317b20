"""The transfer gate: how far the last campaign fell from its peak decides how long the next runs.

The definition of CARE v2 [ours] on r = end over peak: reuse from .8, adapt from .5, pilot below.
"""

from enum import StrEnum


class Verdict(StrEnum):
    """What is made of a campaign before it runs."""

    REUSE = "reuse"
    """It runs in full."""
    ADAPT = "adapt"
    """It runs shorter."""
    PILOT = "pilot"
    """It runs shortest."""
    REJECT = "reject"
    """It takes no step, and an earlier checkpoint rolls forward."""


BUDGETED = (Verdict.REUSE, Verdict.ADAPT, Verdict.PILOT)
"""The verdicts that run, from the largest budget to the smallest."""


def transfer_verdict(
    ratio: float, *, reuse_ratio: float, adapt_ratio: float, tightening: float = 0.0
) -> Verdict:
    """Return the verdict on a ratio of end over peak.

    Args:
        ratio: r of the last campaign that took steps.
        reuse_ratio: From which the next reuses.
        adapt_ratio: From which it adapts.
        tightening: Added to both.
    """
    if ratio >= reuse_ratio + tightening:
        return Verdict.REUSE
    return Verdict.ADAPT if ratio >= adapt_ratio + tightening else Verdict.PILOT


def steps_of(verdict: Verdict, budgets: tuple[float, float, float], max_steps: int) -> int:
    """Return the budget of a verdict that runs: its share of the study's, at least one step.

    Example:
        >>> [steps_of(verdict, (1.0, 0.75, 0.5), 20) for verdict in BUDGETED]
        [20, 15, 10]
    """
    return share_of(budgets[BUDGETED.index(verdict)], max_steps)


def share_of(share: float, max_steps: int) -> int:
    """Return a share of the study's budget in whole steps, at least one."""
    return max(1, round(share * max_steps))
