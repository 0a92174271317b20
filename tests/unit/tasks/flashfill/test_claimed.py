from crest.tasks.flashfill.claimed import Claimed
from crest.tasks.flashfill.evaluate import compile_program
from crest.tasks.flashfill.task import Task
from crest.tasks.flashfill.text import parse_program


def test_a_program_is_claimed_with_all_that_are_written_or_behave_alike():
    claimed = Claimed.by([Task("t", 1, "x.sub(0,3)", ("abcd",), ("abc",), (False,))])
    alike = parse_program("x.sub(0,1) + x.sub(1,3)")  # another form, the same behaviour
    assert not claimed.has_form(alike)
    assert claimed.has_behaviour(compile_program(alike))
    other = parse_program("x.sub(0,2)")
    assert not claimed.has_form(other)
    assert not claimed.has_behaviour(compile_program(other))
    assert not claimed.has_form(parse_program("x.head(2)"))
    assert Claimed.by([]).has_form(other) is False


def test_a_form_is_found_under_another_spelling():
    claimed = Claimed()
    program = parse_program("x.head(2).upper()")
    claimed.add(program, compile_program(program))
    assert claimed.has_form(parse_program("x.upper().sub(0,2)"))
