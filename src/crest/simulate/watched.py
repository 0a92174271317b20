"""What a monitor would see of a policy whose true pass@1 is known.

A problem of difficulty b is passed with probability sigmoid(skill - b); a policy is one number, its
skill, chosen so that the mean over all problems is its true pass@1. Every campaign watches problems
of its own. The programs that pass repeat one another: the i-th is new with probability d/(d + i),
the Chinese restaurant's rule with d = 0.6, about as diverse as the organism after a campaign.

Covers: noise of sampling and of which problems are watched, and capabilities that move together.
Does not cover: difficulties that change along a chain, diversity that moves apart from pass@1.
"""

from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from crest.records import Estimate, Snapshot

Array = NDArray[np.float64]
Counts = NDArray[np.int64]
Flags = NDArray[np.bool_]

HARD_SHARE, HARDER, SPREAD, DIVERSITY = 0.23, 1.0, 2.0, 0.6
_SKILLS = np.linspace(-12.0, 12.0, 481)


@dataclass(frozen=True, slots=True)
class Monitor:
    """How many samples are taken at each step.

    Attributes:
        num_problems: Watched in a campaign.
        num_generations: Samples a problem and step.
    """

    num_problems: int
    num_generations: int


def draw_difficulties(monitor: Monitor, rng: np.random.Generator) -> tuple[Array, Flags]:
    """Return the difficulty of each watched problem, and whether it is of the highest level."""
    hard = np.arange(monitor.num_problems) < round(HARD_SHARE * monitor.num_problems)
    return SPREAD * rng.standard_normal(monitor.num_problems) + HARDER * hard, hard


def watch(
    pass_rates: Array,
    difficulties: Array,
    hard: Flags,
    num_generations: int,
    rng: np.random.Generator,
) -> tuple[Snapshot, ...]:
    """Return what samples of the watched problems show at each step.

    Args:
        pass_rates: True pass@1 over all problems, float64[step].
        difficulties: float64[problem].
        hard: bool[problem].
        num_generations: Samples a problem and step.
        rng: Of the samples.
    """
    skills = np.interp(pass_rates, _true_rates(), _SKILLS)
    correct = rng.binomial(num_generations, _sigmoid(skills[:, None] - difficulties))
    positions = np.arange(num_generations)
    new = rng.random((*correct.shape, num_generations)) < DIVERSITY / (DIVERSITY + positions)
    distinct = (new & (positions < correct[..., None])).sum(axis=-1)
    return snapshots(correct, distinct, hard, num_generations, _entropies(pass_rates))


def snapshots(
    correct: Counts, distinct: Counts, hard: Flags, num_generations: int, entropies: Array
) -> tuple[Snapshot, ...]:
    """Return snapshots whose estimates are those of a campaign's monitor, one a step.

    Args:
        correct: Samples that pass, int64[step, problem].
        distinct: Distinct programs among them, int64[step, problem].
        hard: bool[problem].
        num_generations: Samples a problem and step.
        entropies: float64[step].
    """
    solved = 1 - (1 - (correct + 1) / (num_generations + 2)) ** num_generations
    columns = {
        "pass@1": _shares(correct, num_generations),
        "pass@k": _estimates((correct > 0).mean(axis=1), solved, 1),
        "distinct": _shares(distinct, num_generations),
    }
    if hard.any():
        columns["hard"] = _shares(correct[:, hard], num_generations)
    num_samples = correct.shape[1] * num_generations
    return tuple(
        Snapshot(
            {name: column[step] for name, column in columns.items()},
            float(entropies[step]),
            int(total),
            num_samples,
        )
        for step, total in enumerate(correct.sum(axis=1))
    )


def _shares(counts: Counts, num_generations: int) -> list[Estimate]:
    values = counts.mean(axis=1) / num_generations
    return _estimates(values, (counts + 1) / (num_generations + 2), num_generations)


def _estimates(values: Array, rates: Array, num_draws: int) -> list[Estimate]:
    variances = (rates * (1 - rates)).mean(axis=1) / (num_draws * rates.shape[1])
    return [Estimate(*pair) for pair in zip(values.tolist(), variances.tolist(), strict=True)]


def _entropies(pass_rates: Array) -> Array:
    """Return an entropy that falls as pass@1 rises, as the organism's does."""
    return 0.1 + 0.45 * (1 - pass_rates) ** 2


@cache
def _true_rates() -> Array:
    """Return pass@1 over all problems at each of `_SKILLS`, by Gauss-Hermite quadrature."""
    nodes, weights = np.polynomial.hermite_e.hermegauss(40)
    weights = weights / weights.sum()
    easy = _sigmoid(_SKILLS[:, None] - SPREAD * nodes) @ weights
    hard = _sigmoid(_SKILLS[:, None] - SPREAD * nodes - HARDER) @ weights
    return np.asarray((1 - HARD_SHARE) * easy + HARD_SHARE * hard)


def _sigmoid(values: Array) -> Array:
    return 1 / (1 + np.exp(-values))
