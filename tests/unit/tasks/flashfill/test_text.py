import pytest
from hypothesis import given, settings
from tests.unit.tasks.flashfill.strategies import programs

from crest.tasks.flashfill.program import Chain, Constant, Program, Split, Token, Upper
from crest.tasks.flashfill.symbols import DELIMITERS
from crest.tasks.flashfill.text import ALL_STEPS, parse_program, print_program, print_step


@settings(max_examples=200, deadline=None)
@given(programs)
def test_what_is_printed_is_parsed_back(program):
    assert parse_program(print_program(program)) == program


@settings(max_examples=100, deadline=None)
@given(programs)
def test_what_is_parsed_is_printed_back(program):
    text = print_program(program)
    assert print_program(parse_program(text)) == text


def test_a_program_looks_as_documented():
    program = Program((Chain((Token("word", 1), Upper())), Constant("-"), Chain((Split("-", 2),))))
    assert print_program(program) == "x.token(word,1).upper() + '-' + x.split('-',2)"


def test_each_step_has_a_text_of_its_own():
    # 25 tokens, 40 fields, 13 x 13 spans, 24 cuts, 5 classes, 3 cases, 8 lengths, 64 + 8 + 2
    assert len(ALL_STEPS) == 25 + 40 + 169 + 24 + 5 + 3 + 8 + 64 + 8 + 2
    assert len({print_step(step) for step in ALL_STEPS}) == len(ALL_STEPS)


@pytest.mark.parametrize("delimiter", DELIMITERS)
def test_every_delimiter_can_stand_where_one_can(delimiter):
    text = f"'{delimiter}' + x.split('{delimiter}',-2).replace('{delimiter}','{delimiter}')"
    assert print_program(parse_program(text)) == text


def test_spaces_and_line_ends_around_a_program_do_not_count():
    assert parse_program("  x.upper()\n") == parse_program("x.upper()")
    assert parse_program("' '") == Program((Constant(" "),))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "no part of a program"),
        ("y", "no part of a program"),
        ("'#'", "no part of a program"),
        ("x + ", "'x \\+' is not x and its steps"),
        ("x  +  x", "is not x and its steps"),
        ("x.token(word,1", "is not x and its steps"),
        ("xx", "is not x and its steps"),
        ("x.upper", "is not x and its steps"),
        ("x.shout()", "'.shout\\(\\)' is no step of the language: the steps are .token, .split"),
        ("x.token(word,4)", "is no step of the language: such as .token\\(word,2\\)"),
        ("x.head(0)", "such as .head\\(2\\)"),
        ("x.sub(0,7)", "such as .sub"),
        ("x.split('ab',1)", "such as .split"),
        ("x + x + x + x + x", "has 5 parts: a program has at most 4"),
        ("x.token(word,1)\x00", "is not x and its steps"),
        ("x if x else x", "is not x and its steps"),
    ],
)
def test_what_is_no_program_is_refused_with_a_remedy(text, message):
    with pytest.raises(ValueError, match=message):
        parse_program(text)
