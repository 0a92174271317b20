import pytest
from hypothesis import given, settings
from tests.unit.tasks.flashfill.strategies import programs

from crest.tasks.flashfill.inputs import draw_format, draw_irregular
from crest.tasks.flashfill.symbols import (
    DELIMITERS,
    DIGITS,
    LETTERS,
    PROGRAM_SYMBOLS,
    PROMPT_SYMBOLS,
    split_symbols,
)
from crest.tasks.flashfill.text import ALL_STEPS, print_program, print_step


def test_symbols_are_distinct():
    assert len(set(PROGRAM_SYMBOLS)) == len(PROGRAM_SYMBOLS)


def test_no_symbol_can_be_spelled_by_an_input():
    alphabet = set(LETTERS + LETTERS.upper() + DIGITS + DELIMITERS)
    for symbol in (*PROGRAM_SYMBOLS, *(symbol for symbol in PROMPT_SYMBOLS)):
        assert not set(symbol) <= alphabet, symbol


@settings(max_examples=100, deadline=None)
@given(programs)
def test_every_program_is_made_of_symbols(program):
    text = print_program(program)
    symbols = split_symbols(text)
    assert "".join(symbols) == text
    assert set(symbols) <= set(PROGRAM_SYMBOLS)


def test_a_step_is_at_most_three_symbols_and_each_symbol_is_used():
    cuts = [split_symbols("x" + print_step(step)) for step in ALL_STEPS]
    assert max(map(len, cuts)) == 1 + 3
    constants = {f"'{delimiter}'" for delimiter in DELIMITERS}
    used = {symbol for cut in cuts for symbol in cut}
    assert used | constants | {" + "} == set(PROGRAM_SYMBOLS)


def test_what_is_no_symbol_is_refused():
    with pytest.raises(ValueError, match="no symbol of the language"):
        split_symbols("x.foo(1)")


def test_irregular_records_hold_no_symbol_but_the_alphabet(rng):
    alphabet = set(LETTERS + LETTERS.upper() + DIGITS + DELIMITERS)
    for _ in range(50):
        assert set(draw_irregular(draw_format(rng), rng)) <= alphabet
