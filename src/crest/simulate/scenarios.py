"""Scenarios: what would happen to each campaign of a chain if it ran in full.

The truth is drawn before any controller decides. Rates, sizes and shapes are ours; levels are those
of the organism: pass@1 starts at 17%, healthy chains settle at about 75%, fragile ones move about
45% (five seeds of ten campaigns at the healthy and at the collapsing learning rate).
"""

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

BASE, CEILING, FLOOR, PLATEAU = 0.17, 0.75, 0.03, 0.45
"""pass@1 of the base, of a chain that only ever rises, of a ruined one, of one that moves about."""


JITTER = 0.025
"""Standard deviation of true pass@1 about its trend from step to step: end over peak of healthy
chains then has the organism's median, .94, and pass@1 of a campaign changes by 3 points about its
mean."""


class Kind(StrEnum):
    """How a chain's campaigns go."""

    HEALTHY = "healthy"
    """None regresses, and pass@1 rises to the ceiling."""
    FLAT = "flat"
    """None regresses, and pass@1 stays where the base is."""
    SPORADIC = "sporadic"
    """Each regresses with the same chance, whatever the one before did."""
    PERSISTENT = "persistent"
    """One that follows a regression regresses much more often: what a transfer gate relies on."""
    REBOUND = "rebound"
    """Ends scatter about a level, so that a rise follows a fall: as the organism's naive chains."""


@dataclass(frozen=True, slots=True)
class Scenario:
    """One kind of chain.

    Attributes:
        kind: How its campaigns go.
        size: Fall of pass@1 in a campaign that regresses; for `rebound`, standard deviation of the
            ends. 0 for `healthy` and `flat`.
        rate: Chance that a campaign regresses after one that did not.
        rate_again: Chance after one that did.
    """

    kind: Kind
    size: float
    rate: float = 0.0
    rate_again: float = 0.0


SCENARIOS = (
    Scenario(Kind.HEALTHY, 0.0),
    Scenario(Kind.FLAT, 0.0),
    *(Scenario(Kind.SPORADIC, size, 0.3, 0.3) for size in (0.1, 0.2, 0.3)),
    *(Scenario(Kind.PERSISTENT, size, 0.15, 0.85) for size in (0.1, 0.2, 0.3)),
    Scenario(Kind.REBOUND, 0.1),
)


@dataclass(frozen=True, slots=True)
class Fate:
    """What a full campaign would do to pass@1, whichever checkpoint it starts from.

    Attributes:
        fall: How far it ends below its start; None if it does not fall by a fixed size.
        level: Where it ends, whatever its start; None if it does not end at a fixed level. With
            neither it rises as a healthy campaign.
        moves: Whether it rises before it ends; if not, it stays at its start.
    """

    fall: float | None = None
    level: float | None = None
    moves: bool = True


def draw_fates(scenario: Scenario, num_campaigns: int, rng: np.random.Generator) -> list[Fate]:
    """Return the fate of each campaign; the first, from the base, rises unless all are flat."""
    if scenario.kind is Kind.FLAT:
        return [Fate(moves=False)] * num_campaigns
    fates = [Fate()]
    for _ in range(num_campaigns - 1):
        fates.append(_next_fate(scenario, fates[-1], rng))
    return fates


def true_curve(fate: Fate, start: float, max_steps: int) -> NDArray[np.float64]:
    """Return true pass@1 before and after each step of a full campaign: float64[step].

    A healthy campaign closes the distance to the ceiling by a constant share a step, nine tenths in
    a full one. Any other rises like it for a quarter of its steps, by three points at least, and
    then moves in a straight line to its end.
    """
    steps = np.arange(max_steps + 1)
    if not fate.moves:
        return np.full(max_steps + 1, start)
    healthy = np.maximum(CEILING - (CEILING - start) * 0.1 ** (steps / max_steps), start)
    end = fate.level if fate.fall is None else start - fate.fall
    if end is None:
        return healthy
    turn = max(1, max_steps // 4)
    peak = max(float(healthy[turn]), start + 0.03)
    return np.interp(steps, [0, turn, max_steps], [start, peak, max(end, FLOOR)])


def jittered(curve: NDArray[np.float64], rng: np.random.Generator) -> NDArray[np.float64]:
    """Return a course whose every step but the start is a little better or worse than its trend.

    Weights jump about from step to step, and a peak is the luckiest of them. Jumps are normal, cut
    at two standard deviations, so that none is a regression by itself.
    """
    jumps = JITTER * np.clip(rng.standard_normal(len(curve)), -2.0, 2.0)
    jumps[0] = 0.0
    return np.clip(curve + jumps, FLOOR / 2, 1 - FLOOR / 2)


def _next_fate(scenario: Scenario, before: Fate, rng: np.random.Generator) -> Fate:
    if scenario.kind is Kind.REBOUND:
        level = PLATEAU + scenario.size * rng.standard_normal()
        return Fate(level=float(np.clip(level, FLOOR, CEILING)))
    rate = scenario.rate if before.fall is None else scenario.rate_again
    return Fate(fall=scenario.size if rng.random() < rate else None)
