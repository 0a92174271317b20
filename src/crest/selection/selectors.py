"""Selectors: which of the candidates that fit the visible pairs is handed in.

A selector sees candidates in the order in which they were sampled, and nothing of the hidden
outputs. Each but `random` chooses one; wherever several are equally good it is the earliest.
`one_sample` and `oracle` are no selectors: what one sample gives without looking at any pair, and
what a selector that knows the hidden outputs would give.
"""

import math
from collections import defaultdict
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType


@dataclass(frozen=True, slots=True)
class Candidate:
    """A sampled program that fits the visible pairs.

    Attributes:
        text: The program.
        length: Tokens of the program.
        log_prob: Natural log-probability of the whole completion under the generator.
        outputs: What it gives on each held-out input; None where it fails.
        score: The critic's logit that it generalises; None where there is no critic.
    """

    text: str
    length: int
    log_prob: float
    outputs: tuple[str | None, ...]
    score: float | None = None


Selector = Callable[[Sequence[Candidate]], Sequence[float]]
"""Candidates of one problem, at least one -> the chance of each to be handed in."""


def first(candidates: Sequence[Candidate]) -> list[float]:
    """Choose the earliest."""
    return _only(0, candidates)


def random(candidates: Sequence[Candidate]) -> list[float]:
    """Choose by lot."""
    return [1.0 / len(candidates)] * len(candidates)


def majority(candidates: Sequence[Candidate]) -> list[float]:
    """Choose the most frequent program text."""
    return _heaviest([one.text for one in candidates], [1.0] * len(candidates))


def vote(candidates: Sequence[Candidate]) -> list[float]:
    """Choose from the largest class of candidates that agree on all held-out inputs.

    Failing on an input is an output like any other, so programs that fail alike vote alike.
    """
    return _heaviest([one.outputs for one in candidates], [1.0] * len(candidates))


def likelihood(candidates: Sequence[Candidate]) -> list[float]:
    """Choose the one that the generator finds likeliest."""
    return _largest([one.log_prob for one in candidates])


def runs_everywhere(candidates: Sequence[Candidate]) -> list[float]:
    """Choose the earliest that fails on no held-out input; the earliest of all if none does."""
    return _largest([float(None not in one.outputs) for one in candidates])


def shortest(candidates: Sequence[Candidate]) -> list[float]:
    """Choose the one with the fewest tokens."""
    return _largest([-float(one.length) for one in candidates])


def critic(candidates: Sequence[Candidate]) -> list[float]:
    """Choose the one that the critic scores highest."""
    return _largest(scores(candidates))


def critic_vote(candidates: Sequence[Candidate]) -> list[float]:
    """Choose from the class with the largest sum of the critic's probabilities.

    A class holds the candidates that agree on all held-out inputs.
    """
    weights = [0.5 + 0.5 * math.tanh(0.5 * score) for score in scores(candidates)]
    return _heaviest([one.outputs for one in candidates], weights)


FREE: Mapping[str, Selector] = MappingProxyType(
    {
        "first": first,
        "random": random,
        "majority": majority,
        "vote": vote,
        "likelihood": likelihood,
        "runs_everywhere": runs_everywhere,
        "shortest": shortest,
    }
)
"""Selectors that need nothing learnt, by name."""

LEARNT: Mapping[str, Selector] = MappingProxyType({"critic": critic, "critic_vote": critic_vote})
"""Selectors that need a critic's scores, by name."""

SELECTORS = (*FREE, *LEARNT, "one_sample", "oracle")
"""Names of all that `selected` reports."""


def selected(
    candidates: Sequence[Candidate], correct: Sequence[bool], num_samples: int, *, scored: bool
) -> dict[str, float]:
    """Return by selector the chance in [0, 1] that what it hands in generalises.

    A problem without a candidate is lost to every selector.

    Args:
        candidates: The samples of one problem that fit its visible pairs, in sampling order.
        correct: Whether each generalises, in the same order.
        num_samples: Samples drawn, those that do not fit included; at least 1.
        scored: Whether the candidates have scores; without them the learnt selectors are left out.

    Raises:
        ValueError: There are more candidates than samples, or more or fewer flags than candidates,
            or a score is missing.
    """
    if not len(candidates) == len(correct) <= num_samples or num_samples < 1:
        raise ValueError(
            f"{len(candidates)} candidates and {len(correct)} flags of {num_samples} samples: "
            "give one flag a candidate, and count all samples"
        )
    selectors = {**FREE, **LEARNT} if scored else FREE
    chances = {
        name: _expected(choose(candidates), correct) if candidates else 0.0
        for name, choose in selectors.items()
    }
    one_sample = sum(correct) / num_samples
    return {**chances, "one_sample": one_sample, "oracle": float(any(correct))}


def divergent(candidates: Sequence[Candidate]) -> bool:
    """Return whether candidates disagree on a held-out input."""
    return len({one.outputs for one in candidates}) > 1


def scores(candidates: Sequence[Candidate]) -> list[float]:
    """Return the critic's scores.

    Raises:
        ValueError: A candidate has none.
    """
    found = [one.score for one in candidates if one.score is not None]
    if len(found) < len(candidates):
        raise ValueError(
            f"{len(candidates) - len(found)} of {len(candidates)} candidates have no score: "
            "score them with a critic first"
        )
    return found


def _expected(chances: Sequence[float], correct: Sequence[bool]) -> float:
    return math.fsum(chance for chance, right in zip(chances, correct, strict=True) if right)


def _only(chosen: int, candidates: Sequence[object]) -> list[float]:
    return [float(place == chosen) for place in range(len(candidates))]


def _largest(values: Sequence[float]) -> list[float]:
    return _only(values.index(max(values)), values)


def _heaviest(classes: Sequence[Hashable], weights: Sequence[float]) -> list[float]:
    """Choose the earliest member of the class with the largest sum of weights."""
    members = defaultdict(list)
    for kind, weight in zip(classes, weights, strict=True):
        members[kind].append(weight)
    totals = {kind: math.fsum(own) for kind, own in members.items()}
    return _largest([totals[kind] for kind in classes])
