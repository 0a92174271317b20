from collections import Counter
from itertools import pairwise

import pytest

from crest.tasks.flashfill.inputs import draw_format
from crest.tasks.flashfill.mixes import DEPLOYMENT, PATTERNS, PRETRAINING, draw_program
from crest.tasks.flashfill.program import Chain, Constant, Split, Sub, Token
from crest.tasks.flashfill.text import parse_program, print_program


def chains(mix, rng, num=2000):
    programs = [draw_program(mix, 1, draw_format(rng), rng) for _ in range(num)]
    return [program.parts[0] for program in programs]


@pytest.mark.parametrize("num_parts", PATTERNS)
def test_a_program_has_as_many_parts_as_asked_for_and_computes_something(num_parts, rng):
    for _ in range(200):
        program = draw_program(DEPLOYMENT, num_parts, draw_format(rng), rng)
        assert len(program.parts) == num_parts
        assert any(isinstance(part, Chain) for part in program.parts)
        assert parse_program(print_program(program)) == program


def test_no_two_constants_are_neighbours(rng):
    for _ in range(300):
        parts = draw_program(PRETRAINING, 4, draw_format(rng), rng).parts
        pairs = pairwise(parts)
        assert not any(isinstance(a, Constant) and isinstance(b, Constant) for a, b in pairs)


def test_the_base_sees_spans_and_is_used_on_tokens_and_fields(rng):
    shares = {}
    for mix in (PRETRAINING, DEPLOYMENT):
        first = Counter(type(chain.steps[0]) for chain in chains(mix, rng))
        shares[mix] = {kind: first[kind] / 2000 for kind in (Sub, Token, Split)}
    assert shares[PRETRAINING][Sub] == pytest.approx(0.45 * 0.96, abs=0.04)
    assert shares[DEPLOYMENT][Sub] == pytest.approx(0.06 * 0.97, abs=0.02)
    assert shares[DEPLOYMENT][Token] == pytest.approx(0.37 * 0.97, abs=0.04)
    assert shares[DEPLOYMENT][Split] == pytest.approx(0.30 * 0.97, abs=0.04)


@pytest.mark.parametrize("mix", [PRETRAINING, DEPLOYMENT])
def test_chains_are_as_long_as_nesting_and_wrapping_say(mix, rng):
    lengths = [len(chain.steps) for chain in chains(mix, rng)]
    expected = mix.whole + (1 - mix.whole) * (1 + mix.nesting + mix.wrapping)
    assert sum(lengths) / len(lengths) == pytest.approx(expected, abs=0.06)
