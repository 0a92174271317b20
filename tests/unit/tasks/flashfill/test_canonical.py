from random import Random

import pytest
from hypothesis import given, settings
from tests.unit.tasks.flashfill.strategies import programs, texts

from crest.tasks.flashfill.canonical import canonical, canonical_text
from crest.tasks.flashfill.evaluate import compile_program, run
from crest.tasks.flashfill.inputs import draw_format
from crest.tasks.flashfill.mixes import DEPLOYMENT, PRETRAINING, draw_program
from crest.tasks.flashfill.program import Chain, Program
from crest.tasks.flashfill.signature import probes, signature
from crest.tasks.flashfill.text import ALL_STEPS, parse_program, print_program


@settings(max_examples=500, deadline=None)
@given(programs, texts)
def test_a_normal_form_behaves_alike_also_where_it_raises(program, text):
    form = canonical(program)
    assert run(compile_program(form), [text]) == run(compile_program(program), [text])


def test_the_normal_forms_of_all_pairs_of_steps_behave_alike():
    rng = Random(0)
    inputs = [*probes()[:6], "", " ", " aB ", "a-b", "Ab1", "12", "-a", "aB1cD eF-gH 2"]
    for first in ALL_STEPS:
        for second in rng.sample(ALL_STEPS, 40):
            program = Program((Chain((first, second)),))
            form = canonical(program)
            assert run(compile_program(form), inputs) == run(compile_program(program), inputs), (
                print_program(program),
                print_program(form),
            )


@settings(max_examples=200, deadline=None)
@given(programs)
def test_a_normal_form_is_its_own_and_a_program(program):
    form = canonical(program)
    assert canonical(form) == form
    assert parse_program(canonical_text(program)) == form


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("x.head(2)", "x.sub(0,2)"),
        ("x.tail(3)", "x.sub(-3,end)"),
        ("x.split('-',1)", "x.upto('-')"),
        ("x.split('-',-1)", "x.afterlast('-')"),
        ("x.upper().lower()", "x.lower()"),
        ("x.upper().title()", "x.title()"),
        ("x.upper().head(2)", "x.head(2).upper()"),
        ("x.title().split('-',2)", "x.split('-',2).title()"),
        ("x.title().sub(0,3)", "x.sub(0,3).title()"),
        ("x.upper().token(upper,2)", "x.token(word,2).upper()"),
        ("x.lower().all(lower)", "x.all(word).lower()"),
        ("x.token(number,1).upper()", "x.token(number,1)"),
        ("x.token(upper,1).upper()", "x.token(upper,1)"),
        ("x.all(lower).lower().lower()", "x.all(lower)"),
        ("x.token(word,2).token(alnum,-1)", "x.token(word,2)"),
        ("x.token(alnum,1).trim()", "x.token(alnum,1)"),
        ("x.all(number).all(alnum)", "x.all(number)"),
        ("x.token(word,1).all(alnum)", "x.token(word,1).all(word)"),
        ("x.reverse().reverse()", "x"),
        ("x.reverse().head(2)", "x.tail(2).reverse()"),
        ("x.trim().trim().upper()", "x.upper().trim()"),
        ("'-' + x.head(1).upper()", "'-' + x.upper().sub(0,1)"),
    ],
)
def test_equal_programs_have_one_normal_form(one, other):
    assert canonical_text(parse_program(one)) == canonical_text(parse_program(other))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("x.title().sub(1,3)", "x.sub(1,3).title()"),  # `Abc`: `bc` against `Bc`
        ("x.title().delete('-')", "x.delete('-').title()"),  # `a-b`: `AB` against `Ab`
        ("x.title().reverse()", "x.reverse().title()"),
        ("x.upper().token(lower,1)", "x.token(lower,1).upper()"),  # the first always raises
        ("x.delete('-').delete('-')", "x.delete('-')"),  # the first always raises
        ("x.sub(0,2).sub(0,1)", "x.sub(0,1)"),  # `a`
        ("x.split('-',2).token(word,1)", "x.split('-',2)"),
        ("x.split('-',2).token(alnum,1)", "x.split('-',2).all(alnum)"),
        ("x.upto('-')", "x.after('-')"),
        ("x", "x.sub(0,end)"),  # the empty text
    ],
)
def test_programs_that_differ_somewhere_keep_different_forms(one, other):
    assert canonical_text(parse_program(one)) != canonical_text(parse_program(other))


def test_drawn_programs_of_one_form_have_one_behaviour():
    rng = Random(1)
    behaviours = {}
    for number in range(3000):
        mix = (PRETRAINING, DEPLOYMENT)[number % 2]
        program = draw_program(mix, 1, draw_format(rng), rng)
        behaviours.setdefault(canonical_text(program), {})[print_program(program)] = program
    alike = [list(found.values()) for found in behaviours.values() if len(found) > 1]
    assert len(alike) > 20
    for same in alike:
        assert len({signature(compile_program(program)) for program in same}) == 1
