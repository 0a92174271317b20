"""The ways in which a text of the pretraining corpus is wrong.

Text from the web is imperfect in what it computes and in form. Both matter here: a model that
imitates the corpus fails by imitated noise, which training on verified output can remove.
"""

import re
from collections.abc import Mapping, Sequence

import numpy as np

from crest import seeds
from crest.config import CorpusConfig
from crest.tasks.code.families import PRIMITIVES
from crest.tasks.code.primitive import Step
from crest.tasks.code.program import Ending, write_body
from crest.tasks.code.spec import Spec

NESTED = 0.25
"""Share of texts written as one expression where that is possible."""
_BRACKETS = "()[]"


def wrong_rates(config: CorpusConfig, seed: int) -> dict[str, float]:
    """Return for each primitive, by name, how often the corpus gets it wrong."""
    low, high = config.wrong_primitive_min, config.wrong_primitive_max
    return {
        one.name: seeds.generator("code tasks", seed, "wrong rate", one.name).uniform(low, high)
        for one in PRIMITIVES
    }


def write_imperfect(
    spec: Spec, rates: Mapping[str, float], config: CorpusConfig, rng: np.random.Generator
) -> str:
    """Return a body for the spec with faults at the configured rates.

    Faults are independent of one another, except that a text which prints its result does not
    also forget to return it.
    """
    codes = [_write_step(step, rates, rng) for step in spec.steps]
    layout, end, drop, rename, unbalance = rng.random(5)
    conditional = spec.family.conditional
    if drop < config.dropped_step:
        codes = drop_step(codes, conditional=conditional, rng=rng)
        conditional = False
    ending = Ending.RETURN
    if end < config.print_for_return:
        ending = Ending.PRINT
    elif end < config.print_for_return + config.no_return:
        ending = Ending.NOTHING
    text = write_body(codes, conditional=conditional, nested=layout < NESTED, ending=ending)
    if rename < config.wrong_variable:
        text = use_wrong_variable(text, rng)
    if unbalance < config.syntax_error:
        text = drop_bracket(text, rng)
    return text


def drop_step(codes: Sequence[str], *, conditional: bool, rng: np.random.Generator) -> list[str]:
    """Return the codes without one step; of a conditional, one of its branches alone."""
    if conditional:
        return [codes[int(rng.integers(1, 3))]]
    dropped = rng.integers(len(codes))
    return [code for i, code in enumerate(codes) if i != dropped]


def use_wrong_variable(text: str, rng: np.random.Generator) -> str:
    """Return the text with one `x`, assigned or read, replaced by `y`."""
    places = [match.start() for match in re.finditer(r"\bx\b", text)]
    place = places[rng.integers(len(places))]
    return f"{text[:place]}y{text[place + 1 :]}"


def drop_bracket(text: str, rng: np.random.Generator) -> str:
    """Return the text without one of its brackets, or with one too many if it has none."""
    places = [i for i, letter in enumerate(text) if letter in _BRACKETS]
    if not places:
        return f"{text})"
    place = places[rng.integers(len(places))]
    return text[:place] + text[place + 1 :]


def _write_step(step: Step, rates: Mapping[str, float], rng: np.random.Generator) -> str:
    if rng.random() < rates[step.primitive.name]:
        return step.mutants[rng.integers(len(step.mutants))]
    return step.code
