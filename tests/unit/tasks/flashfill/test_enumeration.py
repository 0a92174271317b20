from itertools import product

import pytest

from crest.tasks.flashfill.enumeration import all_chains, explain, fitting_chains, pieces_of
from crest.tasks.flashfill.evaluate import compile_program, run
from crest.tasks.flashfill.program import Chain, Constant, Program
from crest.tasks.flashfill.text import ALL_STEPS, parse_program, print_program

INPUTS = ("ab-cd", "E f-gh")
OUTPUTS = ("cd-a", "gh-E")


@pytest.fixture(scope="module")
def values():
    """Return what every chain of at most two steps does on the inputs, by running it."""
    found = {}
    for chain in all_chains(2):
        found[chain] = run(compile_program(Program((chain,))), INPUTS)
    return found


def test_all_chains_of_two_steps_are_there_once(values):
    num = len(ALL_STEPS)
    assert len(values) == 1 + num + num**2


def test_fitting_chains_are_those_of_running_every_one(values):
    for outputs in (("ab", "E f"), ("dc", "hg"), ("A", "E"), ("zz", "zz")):
        brute = {chain for chain, each in values.items() if each == outputs}
        assert set(fitting_chains(INPUTS, outputs)) == brute
    assert brute == set()


def test_pieces_are_the_values_of_every_chain_that_lie_in_the_outputs(values):
    brute = {
        each
        for each in values.values()
        if None not in each
        and any(each)
        and all(value in output for value, output in zip(each, OUTPUTS, strict=True))
    }
    pieces = pieces_of(INPUTS, OUTPUTS)
    assert set(pieces) == brute | {("-", "-")}
    for each, part in pieces.items():
        assert run(compile_program(Program((part,))), INPUTS) == each


def test_an_explanation_has_the_fewest_parts_that_an_exhaustive_search_finds():
    pieces = pieces_of(INPUTS, OUTPUTS)
    joined = {
        num: any(
            tuple(map("".join, zip(*parts, strict=True))) == OUTPUTS
            for parts in product(pieces, repeat=num)
        )
        for num in (1, 2)
    }
    found = explain(INPUTS, OUTPUTS, 4)
    assert run(compile_program(found), INPUTS) == OUTPUTS
    fewest = 1 if joined[1] else 2 if joined[2] else 3
    assert len(found.parts) == fewest
    assert explain(INPUTS, OUTPUTS, fewest - 1) is None


@pytest.mark.parametrize(
    ("program", "fewest"),
    [
        ("x.token(word,1)", 1),
        ("x.sub(0,1) + x.sub(1,3)", 1),  # is x.sub(0,3)
        ("x.token(word,1) + '@'", 2),
        ("x.token(word,2) + ':' + x.token(word,1).upper()", 3),
        ("'@' + x.token(word,2) + ':' + x.token(word,1).upper()", 4),
        ("x.split('-',2) + x.split('-',2)", 2),
    ],
)
def test_a_program_is_explained_by_as_few_parts_as_derived_by_hand(program, fewest):
    inputs = ("ab-cde", "fg-h", "ij-kmn", "c-ab")
    outputs = run(compile_program(parse_program(program)), inputs)
    if None in outputs:  # the span needs three characters
        inputs, outputs = inputs[:3], outputs[:3]
    assert len(explain(inputs, outputs, 4).parts) == fewest
    assert explain(inputs, outputs, fewest - 1) is None


def test_no_steps_and_constants_are_parts_too():
    assert explain(("a", "b"), ("a", "b"), 1) == Program((Chain(),))
    assert explain(("a", "b"), ("-", "-"), 1) == Program((Constant("-"),))


def test_outputs_that_no_program_has_are_not_explained():
    assert explain(("a", "b"), ("zz", "q"), 4) is None


def test_the_simplest_of_equal_parts_is_given():
    assert print_program(explain(("ab-c", "d-e"), ("ab", "d"), 1)) == "x.token(word,1)"


def test_no_pairs_are_refused():
    with pytest.raises(ValueError, match="no pairs"):
        explain((), (), 1)
