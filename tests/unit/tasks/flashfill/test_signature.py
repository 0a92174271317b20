from crest.tasks.flashfill.evaluate import compile_program
from crest.tasks.flashfill.signature import PREFIX, Behaviours, probes, signature
from crest.tasks.flashfill.symbols import DELIMITERS
from crest.tasks.flashfill.text import ALL_STEPS, parse_program, print_step


def function(text):
    return compile_program(parse_program(text))


def test_the_first_probes_hold_every_delimiter_twice():
    for probe in probes()[:PREFIX]:
        assert all(probe.count(delimiter) == 2 for delimiter in DELIMITERS)


def test_probes_are_distinct():
    assert len(set(probes())) == len(probes())


def test_equal_programs_have_one_signature_and_others_do_not():
    assert signature(function("x.head(2)")) == signature(function("x.sub(0,2)"))
    assert signature(function("x.sub(0,2).sub(0,1)")) == signature(function("x.sub(0,1).head(1)"))
    assert signature(function("x.token(word,1)")) != signature(function("x.token(lower,1)"))


def test_steps_that_differ_are_told_apart():
    # Spans that run backward never have a value; a delimiter replaced by itself changes nothing;
    # `x.upto(d)` is the first field, `x.afterlast(d)` the last, head and tail are spans.
    behaviours = {signature(function(f"x{print_step(step)}")) for step in ALL_STEPS}
    # 169 spans: 28 + 15 + 6 that run backward or stand are one behaviour, as are those that no
    # probe is short enough to reach.
    assert len(behaviours) > 25 + 40 + 8 + 5 + 3 + 56 + 8 + 2 + 60


def test_nearly_every_step_has_a_value_on_a_probe():
    undefined = [
        print_step(step)
        for step in ALL_STEPS
        if not any(value is not None for value in signature(function(f"x{print_step(step)}")))
    ]
    assert all(text.startswith(".sub(") for text in undefined)


def test_a_set_of_behaviours_holds_what_behaves_alike():
    behaviours = Behaviours()
    behaviours.add(function("x.head(2)"))
    behaviours.add(function("x.sub(0,2)"))
    behaviours.add(function("x.token(word,1)"))
    assert len(behaviours) == 2
    assert function("x.sub(0,2).trim().upper().lower()") not in behaviours
    assert function("x.token(word,1).token(word,-1)") in behaviours


def test_behaviours_that_differ_behind_the_prefix_are_told_apart():
    # Rich probes are long, so a program that only short texts undo behaves alike on all of them.
    behaviours = Behaviours()
    behaviours.add(function("x.sub(0,6).head(1)"))
    other = function("x.head(1)")
    assert signature(other)[:PREFIX] == signature(function("x.sub(0,6).head(1)"))[:PREFIX]
    assert other not in behaviours
