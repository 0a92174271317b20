import numpy as np
import pytest

from crest.tasks.code.families import FAMILIES

SMALL = [name for name in FAMILIES if name != "chain3"]


def test_the_eight_families_have_three_levels():
    assert len(FAMILIES) == 8
    assert {family.level for family in FAMILIES.values()} == {1, 2, 3}


@pytest.mark.parametrize("name", SMALL)
def test_shuffled_sequences_end_and_repeat_nothing(name):
    family = FAMILIES[name]
    found = [
        tuple(step.label for step in steps)
        for steps in family.shuffled_sequences(np.random.default_rng(0))
    ]
    assert len(found) == len(set(found)) <= family.num_sequences()


def test_a_sequence_beyond_the_last_is_refused():
    family = FAMILIES["string"]
    with pytest.raises(IndexError, match="string has no sequence of steps beyond"):
        family.sequence(family.num_sequences())


def test_no_family_admits_a_step_twice_or_one_after_a_number():
    family = FAMILIES["string"]
    steps = {step.label: step for step in family.sequence(0)}
    (upper,) = steps.values()
    length = next(
        steps[1]
        for steps in map(family.sequence, range(family.num_sequences()))
        if steps[1].label == "length"
    )
    assert not family.admits((upper, upper))
    assert family.admits((upper, length))
    assert not family.admits((length, upper))
