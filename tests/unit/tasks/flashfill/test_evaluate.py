from itertools import groupby

import pytest
from hypothesis import given, settings
from tests.unit.tasks.flashfill.strategies import programs, texts

from crest.tasks.flashfill.evaluate import (
    MAX_OUTPUT,
    MAX_STEPS,
    EvaluationError,
    compile_program,
    evaluate,
    run,
)
from crest.tasks.flashfill.program import All, Chain, Head, Program, Sub, Tail, Token
from crest.tasks.flashfill.symbols import CLASSES, INDICES, LENGTHS, POSITIONS
from crest.tasks.flashfill.text import ALL_STEPS, parse_program

MEMBERS = {
    "word": lambda c: c.isalpha(),
    "number": lambda c: c.isdigit(),
    "alnum": lambda c: c.isalnum(),
    "upper": lambda c: c.isupper(),
    "lower": lambda c: c.islower(),
}


def value(program, text):
    """Return a program's value, None where it raises."""
    return run(compile_program(parse_program(program)), [text])[0]


@pytest.mark.parametrize(
    ("program", "text", "expected"),
    [
        ("x", "a-b", "a-b"),
        ("x.token(word,2)", "ab1cD-e", "cD"),
        ("x.token(word,-1)", "ab1cD-e", "e"),
        ("x.token(word,3)", "ab cd", None),
        ("x.token(word,-2)", "ab", None),
        ("x.token(number,2)", "a12b345", "345"),
        ("x.token(alnum,1)", "-a1_b", "a1"),
        ("x.token(upper,1)", "abCDe", "CD"),
        ("x.token(lower,-1)", "abCDe", "e"),
        ("x.split('-',2)", "a-b-c", "b"),
        ("x.split('-',2)", "a--c", ""),
        ("x.split('-',-2)", "a-b-c", "b"),
        ("x.split('-',1)", "abc", None),
        ("x.split('-',3)", "a-b", None),
        ("x.sub(0,2)", "abc", "ab"),
        ("x.sub(1,end)", "abc", "bc"),
        ("x.sub(-2,end)", "abc", "bc"),
        ("x.sub(-3,-1)", "abcd", "bc"),
        ("x.sub(0,3)", "ab", None),
        ("x.sub(-3,end)", "ab", None),
        ("x.sub(2,end)", "ab", None),
        ("x.sub(2,1)", "abc", None),
        ("x.sub(end,end)", "abc", None),
        ("x.upto(':')", "a:b:c", "a"),
        ("x.upto(':')", ":b", ""),
        ("x.upto(':')", "ab", None),
        ("x.after(':')", "a:b:c", "b:c"),
        ("x.after(':')", "ab", None),
        ("x.afterlast(':')", "a:b:c", "c"),
        ("x.afterlast(':')", "ab", None),
        ("x.all(number)", "a1-23", "123"),
        ("x.all(upper)", "abc", None),
        ("x.upper()", "aB1", "AB1"),
        ("x.lower()", "aB1", "ab1"),
        ("x.title()", "aB1cD eF", "Ab1Cd Ef"),
        ("x.head(2)", "abc", "ab"),
        ("x.head(4)", "abc", None),
        ("x.tail(2)", "abc", "bc"),
        ("x.tail(4)", "abc", None),
        ("x.replace('-','_')", "a-b-", "a_b_"),
        ("x.replace('-','_')", "ab", None),
        ("x.delete('-')", "a-b-", "ab"),
        ("x.delete('-')", "ab", None),
        ("x.reverse()", "abc", "cba"),
        ("x.trim()", "  a b ", "a b"),
        ("x.trim()", "a", "a"),
        ("x.token(word,1).upper() + '-' + x.split('-',2)", "ab-cd", "AB-cd"),
        ("x.token(word,-1).head(2).title() + x.token(number,1)", "k9 abc", "Ab9"),
        ("x + '.' + x + ' '", "a", "a.a "),
        ("'-' + x.token(number,1)", "abc", None),
        ("x.upper()", "", ""),
        ("x.head(1)", "", None),
    ],
)
def test_a_program_has_the_value_derived_by_hand(program, text, expected):
    assert value(program, text) == expected


@settings(max_examples=200, deadline=None)
@given(texts)
def test_tokens_and_classes_are_those_of_a_scan_by_characters(text):
    for kind in CLASSES:
        runs = ["".join(run) for inside, run in groupby(text, MEMBERS[kind]) if inside]
        kept = "".join(filter(MEMBERS[kind], text))
        assert one(All(kind), text) == (kept or None)
        for index in INDICES:
            place = index - 1 if index > 0 else len(runs) + index
            there = 0 <= place < len(runs)
            assert one(Token(kind, index), text) == (runs[place] if there else None)


@settings(max_examples=100, deadline=None)
@given(texts)
def test_spans_are_python_slices_where_nothing_is_clamped(text):
    places = {p: len(text) if p == "end" else p + (p < 0) * len(text) for p in POSITIONS}
    for start, first in places.items():
        for end, last in places.items():
            there = 0 <= first < last <= len(text)
            assert one(Sub(start, end), text) == (text[first:last] if there else None)
    for length in LENGTHS:
        there = length <= len(text)
        assert one(Head(length), text) == (text[:length] if there else None)
        assert one(Tail(length), text) == (text[-length:] if there else None)


@settings(max_examples=200, deadline=None)
@given(programs, texts)
def test_a_program_returns_a_text_or_raises_the_one_error(program, text):
    try:
        assert isinstance(evaluate(program, text), str)
    except EvaluationError:
        assert run(compile_program(program), [text]) == (None,)


@settings(max_examples=100, deadline=None)
@given(programs, texts)
def test_a_program_is_its_parts_joined_and_raises_where_one_does(program, text):
    parts = run_each([Program((part,)) for part in program.parts], text)
    expected = None if None in parts else "".join(parts)
    assert run(compile_program(program), [text]) == (expected,)


@settings(max_examples=100, deadline=None)
@given(programs, texts)
def test_a_chain_is_its_steps_in_turn(program, text):
    for part in program.parts:
        if isinstance(part, Chain):
            current = text
            for step in part.steps:
                current = None if current is None else one(step, current)
            assert run(compile_program(Program((part,))), [text]) == (current,)


def test_too_many_steps_raise_on_every_input():
    longest = parse_program("x" + ".reverse()" * MAX_STEPS)
    assert evaluate(longest, "ab") == "ab"
    beyond = parse_program("x" + ".reverse()" * MAX_STEPS + " + x.reverse()")
    with pytest.raises(EvaluationError, match=f"{MAX_STEPS + 1} steps, over {MAX_STEPS}"):
        evaluate(beyond, "ab")


def test_too_long_a_value_raises():
    program = parse_program("x + x")
    assert len(evaluate(program, "a" * (MAX_OUTPUT // 2))) == MAX_OUTPUT
    with pytest.raises(EvaluationError, match=f"{MAX_OUTPUT + 2} characters, over {MAX_OUTPUT}"):
        evaluate(program, "a" * (MAX_OUTPUT // 2 + 1))


def test_what_is_not_there_is_told():
    with pytest.raises(EvaluationError, match="no ':'"):
        evaluate(parse_program("x.delete(':')"), "ab")
    with pytest.raises(EvaluationError, match="no characters from 0 to 4"):
        evaluate(parse_program("x.head(4)"), "abc")


def test_every_step_but_backward_spans_has_a_value_somewhere():
    text = "Ab-12.Cd,34/Ef_56:g@h A1 b-c.d,e/f_g:h@i B2 "
    never = [step for step in ALL_STEPS if one(step, text) is None and one(step, "abcde") is None]
    assert all(isinstance(step, Sub) for step in never)
    assert len(never) < len(POSITIONS) ** 2 / 2


def one(step, text):
    return run(compile_program(Program((Chain((step,)),))), [text])[0]


def run_each(programs, text):
    return [run(compile_program(program), [text])[0] for program in programs]
