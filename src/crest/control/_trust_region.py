"""A trust region over campaigns: the budget grows on success and shrinks on failure.

The structural analogue of MORBO (arXiv:2109.10964) [ours]. There a trust region is a box in the
space of designs whose side doubles when an evaluation adds hypervolume, halves when none does for a
while, and which restarts at full size elsewhere once it is too small. Here the side is the share of
the study's budget; an evaluation is a campaign; restarting is starting from the best earlier
checkpoint.

A campaign succeeds when its end dominates more hypervolume than its start, both measured on the
same problems. MORBO compares with the whole front found so far; ours are measured on other problems
in each campaign, which would drown the comparison. Any gain is a success, but only a loss beyond
`caution` standard errors is a failure: a chain that stands still gains and loses by noise alone,
and with the same bar on both sides a quarter of its budgets would be cut.
"""

import math
from collections.abc import Sequence

from crest.control._hypervolume import hypervolume
from crest.records import CampaignCurve, Estimate

FLOOR = -0.1
"""Reference point in each capability: below nought, so that one that is nought hides no other."""


def hypervolume_gain(curve: CampaignCurve) -> Estimate:
    """Return what the end of a campaign adds to the hypervolume less what its start had alone.

    Both are taken from the front of start and end. The variance is that of the difference to first
    order, capabilities taken as independent.
    """
    start, end = curve.snapshots[0].capability, curve.snapshots[-1].capability
    names = [name for name in start if name in end]
    before, after = ([side[name] for name in names] for side in (start, end))
    reference = (FLOOR,) * len(names)
    points = [tuple(each.value for each in side) for side in (before, after)]
    front = hypervolume(points, reference)
    added = front - hypervolume(points[:1], reference)
    lost = front - hypervolume(points[1:], reference)
    return Estimate(added - lost, _box_variance(before) + _box_variance(after))


def region_after(
    outcomes: Sequence[Estimate | None], *, caution: float, smallest: float
) -> tuple[float, bool]:
    """Return the share of the budget for the next campaign, and whether the region restarts.

    Args:
        outcomes: Hypervolume gain of each campaign so far, oldest first; None where it was rejected
            and another checkpoint rolled forward, from which the region is full again.
        caution: Standard errors beyond which a loss is a failure.
        smallest: Share below which the region restarts.

    Example:
        >>> region_after([Estimate(-0.3, 0.01)], caution=2.0, smallest=0.25)
        (0.5, False)
    """
    length = 1.0
    for outcome in outcomes:
        length = 1.0 if outcome is None else _resized(length, outcome, caution)
    return length, length < smallest


def _resized(length: float, gain: Estimate, caution: float) -> float:
    if gain.value > 0:
        return min(2 * length, 1.0)
    return length / 2 if gain.value < -caution * math.sqrt(gain.variance) else length


def _box_variance(corner: Sequence[Estimate]) -> float:
    """Return the variance of the volume between the reference and one point, to first order."""
    sides = [each.value - FLOOR for each in corner]
    volume = math.prod(sides)
    return sum(
        (volume / side) ** 2 * each.variance for side, each in zip(sides, corner, strict=True)
    )
