"""Drawing problems from a split so that every family has its share of every part."""

from collections import Counter
from collections.abc import Sequence

import numpy as np

from crest.records import Problem


def deal_evenly(problems: Sequence[Problem], rng: np.random.Generator) -> list[Problem]:
    """Return the problems in random order, each family spread evenly over it.

    The i-th of a family's n shuffled problems is put at (i + u) / n of the way, u uniform in
    [0, 1), so any slice of the result holds the families in nearly the shares of the whole.
    """
    shuffled = [problems[i] for i in rng.permutation(len(problems))]
    sizes = Counter(problem.family for problem in shuffled)
    seen: Counter[str] = Counter()
    places = []
    for problem, jitter in zip(shuffled, rng.random(len(shuffled)), strict=True):
        places.append((seen[problem.family] + jitter) / sizes[problem.family])
        seen[problem.family] += 1
    return [shuffled[i] for i in np.argsort(places, kind="stable")]
