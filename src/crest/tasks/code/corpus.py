"""The text that a base model is pretrained on: prompts with imperfect bodies.

Disjoint from the problems it is made beside, by canonical spec and by behaviour.
"""

from collections import Counter
from collections.abc import Sequence
from typing import Any

import numpy as np

from crest import seeds
from crest.config import CorpusConfig
from crest.records import Problem
from crest.tasks.code.behaviour import outputs
from crest.tasks.code.families import FAMILIES, Family
from crest.tasks.code.faults import write_imperfect, wrong_rates
from crest.tasks.code.inputs import candidate_inputs
from crest.tasks.code.quotas import apportion
from crest.tasks.code.spec import Spec, parse_prompt, write_prompt

_PROBES = 60
_FIRST_PROBES = 8

Pair = tuple[str, str]
"""A prompt and a completion."""


def make_corpus(config: CorpusConfig, seed: int, problems: Sequence[Problem]) -> list[Pair]:
    """Return pairs of prompt and imperfect completion in random order.

    Args:
        config: Number of pairs and rates of faults.
        seed: Decides everything; another seed also means other rates per primitive.
        problems: The problems of all splits. The corpus has none of them, and gives each family
            the share that it has here.

    Raises:
        ValueError: A family has no spec beside those of the problems.
    """
    if not problems:
        raise ValueError("no problems were given: pass those of all splits, train included")
    exclusion = _Exclusion(problems, seed)
    rates = wrong_rates(config, seed)
    rng = seeds.generator("code tasks", seed, "corpus")
    shares = Counter(problem.family for problem in problems)
    pairs = [
        (
            write_prompt(spec, rng.integers(2, size=len(spec.steps)).tolist()),
            write_imperfect(spec, rates, config, rng),
        )
        for name, quota in apportion(config.num_pairs, dict(sorted(shares.items()))).items()
        for spec in _draw_specs(FAMILIES[name], quota, exclusion, rng)
    ]
    return [pairs[i] for i in rng.permutation(len(pairs))]


class _Exclusion:
    """The specs and behaviours of some problems."""

    def __init__(self, problems: Sequence[Problem], seed: int) -> None:
        self._seed = seed
        specs = [parse_prompt(problem.prompt) for problem in problems]
        self._canonical = {spec.canonical for spec in specs}
        self._first = {self._behaviour(spec, _FIRST_PROBES) for spec in specs}
        self._whole = {self._behaviour(spec, _PROBES) for spec in specs}

    def __contains__(self, spec: Spec) -> bool:
        if spec.canonical in self._canonical:
            return True
        if self._behaviour(spec, _FIRST_PROBES) not in self._first:
            return False
        return self._behaviour(spec, _PROBES) in self._whole

    def _behaviour(self, spec: Spec, num: int) -> str:
        inputs: Sequence[Any] = candidate_inputs(spec.family, _PROBES, self._seed)
        return repr(outputs(spec, inputs[:num]))


def _draw_specs(
    family: Family, num: int, exclusion: _Exclusion, rng: np.random.Generator
) -> list[Spec]:
    """Return `num` specs of the family; none occurs once more than another if they run out."""
    specs: list[Spec] = []
    for steps in family.shuffled_sequences(rng):
        if len(specs) == num:
            return specs
        spec = Spec(family, steps)
        if spec not in exclusion:
            specs.append(spec)
    if num and not specs:
        raise ValueError(
            f"the problems use every task of the family {family.name}, so none is left for the "
            "corpus: lower its weight in tasks.family_weights, or the sizes of the splits"
        )
    return [specs[i % len(specs)] for i in range(num)]
