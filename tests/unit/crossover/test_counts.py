import pytest
from tests.unit.crossover.conftest import (
    ALSO_GENERALISES,
    FAILS,
    GENERALISES,
    NO_PROGRAM,
    NUM_VISIBLE,
)

from crest.crossover.counts import SCHEMA, behaviour, count_programs


def test_counts_of_a_mixed_group_are_those_counted_by_hand(rollouts):
    group = rollouts(
        GENERALISES, GENERALISES, ALSO_GENERALISES, "x.sub(0,2)", "x.head(2)", FAILS, NO_PROGRAM
    )
    row = count_programs(group, NUM_VISIBLE)
    assert list(row) == list(SCHEMA)
    assert row["num_samples"] == 7
    assert row["num_distinct"] == 6
    assert row["num_visible_fit"] == 5
    assert row["num_correct"] == 5
    assert row["num_distinct_correct"] == 4


def test_programs_that_differ_on_held_out_inputs_are_two_behaviours(rollouts):
    group = rollouts(GENERALISES, GENERALISES, "x.split('-',1).tail(2).upper().lower() + ''")
    assert count_programs(group, NUM_VISIBLE)["num_behaviours"] == 1
    other = rollouts(GENERALISES, GENERALISES, "x.token(word,1).head(2)", "x.sub(-5,-3)")
    row = count_programs(other, NUM_VISIBLE)
    assert row["num_visible_fit"] == 4
    assert row["num_behaviours"] == 2  # the last fails on "fg-h", which has four characters
    assert row["num_modal"] == 3
    assert row["num_correct"] == 3


def test_without_a_fitting_sample_there_is_no_behaviour(rollouts):
    row = count_programs(rollouts(FAILS, NO_PROGRAM), NUM_VISIBLE)
    assert (row["num_behaviours"], row["num_modal"], row["num_visible_fit"]) == (0, 0, 0)


def test_a_behaviour_is_the_outputs_on_held_out_inputs_alone(rollouts):
    (rollout,) = rollouts("x.sub(-5,-3)")
    assert behaviour(rollout, NUM_VISIBLE) == (None, "ab")  # "mn-ab,cd" ends in "ab,cd"


def test_what_is_no_program_has_no_behaviour(rollouts):
    (rollout,) = rollouts(NO_PROGRAM)
    with pytest.raises(ValueError, match="is no program"):
        behaviour(rollout, NUM_VISIBLE)
