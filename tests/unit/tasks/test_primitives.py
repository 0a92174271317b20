from collections import Counter
from itertools import permutations

import pytest

from crest.tasks.code.behaviour import RAISED, run
from crest.tasks.code.families import FAMILIES, PRIMITIVES
from crest.tasks.code.inputs import candidate_inputs
from crest.tasks.code.primitive import Kind, steps_of

STEPS = steps_of(PRIMITIVES)
LISTS = candidate_inputs(FAMILIES["cond"], 200, 0)
TEXTS = candidate_inputs(FAMILIES["string"], 200, 0)


def inputs_of(step):
    return TEXTS if step.primitive.kind is Kind.STRING else LISTS


def test_no_two_steps_share_a_label_or_a_wording():
    for texts in ([step.label for step in STEPS], [w for step in STEPS for w in step.wordings]):
        assert [text for text, count in Counter(texts).items() if count > 1] == []


def test_names_hold_no_digit_and_wordings_no_separator():
    for step in STEPS:
        assert not any(letter.isdigit() or letter == "." for letter in step.primitive.name)
        for wording in step.wordings:
            assert "; " not in wording
            assert not wording.startswith(("if ", "else "))


@pytest.mark.parametrize("step", STEPS, ids=lambda step: step.label)
def test_every_near_miss_is_wrong_on_some_input(step):
    right = run([step.code], inputs_of(step))
    assert any(value is not RAISED for value in right)
    for mutant in step.mutants:
        assert run([mutant], inputs_of(step)) != right


def test_steps_that_are_said_to_commute_do():
    lists = [step for step in STEPS if step.primitive.kind in FAMILIES["chain3"].forms[0][0]]
    pairs = [(a, b) for a, b in permutations(lists, 2) if a.commutes(b)]
    assert len(pairs) > 1000
    for first, second in pairs:
        codes = first.code, second.code
        assert run(codes, LISTS[:20]) == run(codes[::-1], LISTS[:20]), codes


def test_candidate_inputs_are_different_and_a_prefix_of_longer_ones():
    assert len(set(TEXTS)) == len(TEXTS)
    assert candidate_inputs(FAMILIES["string"], 20, 0) == TEXTS[:20]
    assert candidate_inputs(FAMILIES["string"], 20, 1) != TEXTS[:20]
