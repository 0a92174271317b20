import polars as pl
import pytest

from crest.statistics.pilot import choose_learning_rates

RULE = {"min_rise": 0.05, "min_fall": 0.10, "max_healthy_fall": 0.03}
FALLS = {"lr0.001": 0.001, "lr0.002": 0.002, "lr0.004": 0.004}


def chain(method, positions, seed=0):
    """Return the evaluation of a chain: percent passed at each position, campaign by campaign."""
    names = ("start", "peak", "end", "next")
    rows = [
        (method, seed, index // 4 + 1, names[index % 4], "t", 100, percent)
        for index, percent in enumerate(positions)
    ]
    columns = ["method", "seed", "campaign", "checkpoint", "task_id", "num_samples", "num_correct"]
    return pl.DataFrame(rows, schema=columns, orient="row")


def choose(rates, *chains):
    return choose_learning_rates(pl.concat(chains), rates, **RULE)


STAYS = (20, 40, 39, 39, 39, 45, 44, 44)
SLIDES = (20, 40, 36, 36, 36, 38, 35, 35)
FALLS_LATE = (20, 38, 34, 34, 34, 40, 28, 28)
CRASHES = (20, 30, 9, 9, 9, 12, 2, 2)
NEVER_RISES = (20, 23, 5, 5, 5, 5, 1, 1)


def test_the_smallest_rate_that_rises_and_falls_collapses_and_the_largest_that_stays_is_healthy():
    found = choose(
        FALLS, chain("lr0.001", STAYS), chain("lr0.002", FALLS_LATE), chain("lr0.004", CRASHES)
    )
    assert (found["collapsing"], found["rule_met"]) == (0.002, True)
    assert (found["healthy"], found["healthy_rule_met"]) == (0.001, True)


def test_the_table_measures_from_the_first_start_over_the_highest_position_to_the_last():
    found = choose({"lr0.001": 0.001}, chain("lr0.001", FALLS_LATE))
    (row,) = found["table"]
    assert row["start"], row["end"] == (0.20, 0.28)
    assert row["peak"] == pytest.approx(0.40)
    assert row["rise"] == pytest.approx(0.20)
    assert row["fall"] == pytest.approx(0.12)


def test_noise_is_averaged_over_seeds_before_the_peak_is_taken():
    early = chain("lr0.001", (20, 40, 20, 20, 20, 20, 20, 20), seed=0)
    late = chain("lr0.001", (20, 20, 20, 20, 20, 40, 20, 20), seed=1)
    (row,) = choose({"lr0.001": 0.001}, early, late)["table"]
    assert row["peak"] == pytest.approx(0.30)
    assert row["n_seeds"] == 2


def test_where_none_falls_enough_the_largest_fall_among_those_that_rise_is_taken_and_said():
    found = choose(
        FALLS, chain("lr0.001", STAYS), chain("lr0.002", SLIDES), chain("lr0.004", NEVER_RISES)
    )
    assert (found["collapsing"], found["rule_met"]) == (0.002, False)


def test_where_none_stays_the_smallest_fall_among_those_that_rise_is_taken_and_said():
    found = choose(
        FALLS, chain("lr0.001", CRASHES), chain("lr0.002", SLIDES), chain("lr0.004", NEVER_RISES)
    )
    assert (found["healthy"], found["healthy_rule_met"]) == (0.002, False)
    assert (found["collapsing"], found["rule_met"]) == (0.001, True)


def test_a_rise_and_a_fall_of_exactly_the_minimum_meet_the_rule():
    found = choose({"lr0.001": 0.001}, chain("lr0.001", (20, 25, 15, 15)))
    assert found["rule_met"]


def test_a_fall_of_exactly_the_healthy_maximum_is_too_much():
    found = choose({"lr0.001": 0.001}, chain("lr0.001", (20, 30, 27, 27)))
    assert not found["healthy_rule_met"]


def test_rates_are_read_in_ascending_order_whatever_the_order_given():
    rates = {"lr0.004": 0.004, "lr0.001": 0.001}
    found = choose(rates, chain("lr0.004", CRASHES), chain("lr0.001", CRASHES))
    assert found["collapsing"] == 0.001
    assert [row["learning_rate"] for row in found["table"]] == [0.001, 0.004]


def test_the_table_marks_what_was_chosen_and_for_what():
    found = choose(
        FALLS, chain("lr0.001", STAYS), chain("lr0.002", CRASHES), chain("lr0.004", CRASHES)
    )
    roles = [(row["chosen"], row["role"]) for row in found["table"]]
    assert roles == [(True, "healthy"), (True, "collapsing"), (False, None)]
    (row,) = choose({"lr0.001": 0.001}, chain("lr0.001", CRASHES))["table"]
    assert row["role"] == "collapsing, healthy"


def test_where_none_rises_the_error_names_the_best_and_what_to_change():
    with pytest.raises(ValueError, match=r"the best, 0\.001, rises by 0\.030.*learning_rates"):
        choose({"lr0.001": 0.001}, chain("lr0.001", NEVER_RISES))


def test_a_rate_without_chains_and_chains_of_different_length_are_refused():
    with pytest.raises(ValueError, match=r"pilot lr0\.001 has no evaluation"):
        choose({"lr0.001": 0.001}, chain("lr0.002", STAYS))
    with pytest.raises(ValueError, match="not evaluated at the same checkpoints"):
        choose({"lr0.001": 0.001}, chain("lr0.001", STAYS), chain("lr0.001", STAYS[:4], seed=1))
