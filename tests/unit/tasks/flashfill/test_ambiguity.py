import pytest

from crest.tasks.flashfill.ambiguity import measure_ambiguity
from crest.tasks.flashfill.enumeration import all_chains
from crest.tasks.flashfill.evaluate import compile_program, run
from crest.tasks.flashfill.program import Program


@pytest.fixture(scope="module")
def functions():
    return [compile_program(Program((chain,))) for chain in all_chains(1)]


def test_the_rivals_of_one_step_are_among_those_counted(functions):
    inputs, outputs = ("ab-cd", "ef-gh", "i-jk"), ("ab", "ef", "i")
    fitting = [f for f in functions if run(f, inputs[:2]) == outputs[:2]]
    right = [f for f in fitting if run(f, inputs[2:]) == outputs[2:]]
    # By hand: tokens 1 and -2 of word, alnum and lower, fields 1 and -2, upto, head(2), and the
    # spans from 0 or -5 to 2 or -3; of the spans and head(2), only sub(0,-3) finds `i`.
    assert len(fitting) == 6 + 2 + 1 + 1 + 4
    assert len(right) == 6 + 2 + 1 + 1
    found = measure_ambiguity(inputs, outputs, 2)
    assert found.num_fitting > len(fitting)
    assert len(right) < found.num_generalising <= found.num_defined < found.num_fitting
    assert found.num_behaviours > 2
    assert not found.unique


def test_pairs_that_decide_the_rest_are_unique():
    found = measure_ambiguity(("a1", "b2", "a1"), ("a1", "b2", "a1"), 2)
    assert found.unique
    assert found.num_fitting == found.num_defined == found.num_generalising > 1


def test_no_visible_pair_is_refused():
    with pytest.raises(ValueError, match="num_visible is 0"):
        measure_ambiguity(("a",), ("a",), 0)
