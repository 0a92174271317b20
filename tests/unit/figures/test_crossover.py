import polars as pl
import pytest
from tests.synthetic.crossover import MAIN

from crest.figures import (
    critic_calibration,
    critic_curve,
    crossing,
    gained_and_lost,
    pass_at_k_crossover,
    selection,
    star_rounds,
)
from crest.figures._crossover import banks_of, interval_of


def crossings(*rows):
    columns = ["method", "main", "last", "state", "crossing_k", "ci_low", "ci_high", "interval"]
    return pl.DataFrame(rows, schema=columns, orient="row").with_columns(
        round=1,
        bank=pl.lit("easy"),
        seed=pl.lit(None, dtype=pl.Int64),
        probability=0.5,
        largest_k=64,
        n_seeds=4,
        ci_level=0.95,
    )


def test_what_lies_beyond_the_budgets_is_drawn_at_their_edge():
    table = crossings(
        ("a", True, True, "crosses", 20.0, 9.0, None, "9.0 to beyond 64"),
        ("b", False, True, "leads throughout", None, None, None, "beyond 64"),
        ("c", False, True, "never leads", None, None, 3.0, "below 1 to 3.0"),
        ("d", False, False, "crosses", 5.0, 4.0, 6.0, "4.0 to 6.0"),
    )
    frame = crossing.data({"crossing": table})
    found = frame.select("recipe", "low", "at", "high").rows()
    assert found == [("a", 9, 20, 64), ("b", 64, 64, 64), ("c", 1, 1, 3)]


def test_all_rounds_of_the_own_recipe_are_drawn_and_the_last_of_others(results):
    frame = crossing.data(results).filter(pl.col("seed").is_null(), bank="easy")
    assert frame.select("recipe", "round").rows() == [
        (MAIN, 1),
        (MAIN, 2),
        (MAIN, 3),
        ("keep_4", 3),
    ]


def test_the_curves_are_of_the_base_and_the_own_recipe(results):
    frame = pass_at_k_crossover.data(results)
    curves = frame.filter(kind="curve")
    assert len(curves) == 2 * 4 * 7
    assert len(frame.filter(kind="crossing")) == 2
    told = pass_at_k_crossover.facts(frame)
    assert told["crossings"].startswith("easy: ")
    assert told["seeds"] == "4"
    assert "trajectories" in told["interval"]
    assert "seeds" not in told["interval"]


def test_selectors_stand_at_the_pick_budget_with_the_best_trained_critic(results):
    frame = selection.data(results)
    assert len(frame) == 2 * 2 * 11
    assert selection.facts(frame)["budget"] == "8"
    assert selection.facts(frame)["trained"] == 1000
    one = frame.filter(bank="easy", subset="all")["selector"].to_list()
    assert (one[0], one[-1]) == ("one_sample", "oracle")


def test_the_critics_gains_are_those_of_the_curve(results):
    frame = critic_curve.data(results)
    assert len(frame) == 2 * 2 * 4 * 2
    table = results["critic_curve"].filter("primary", metric="gain")
    assert frame["estimate"].sum() == pytest.approx(table["estimate"].sum())


def test_the_caption_of_calibration_has_the_order_and_error_of_each_bank(results):
    told = critic_calibration.facts(critic_calibration.data(results))["numbers"]
    rows = results["critic_calibration"].filter("primary", bank="hard", metric="ece")
    assert f"calibration error {rows['estimate'].item():.3f}" in told
    assert told.count("Easy bank:") == told.count("Hard bank:") == 1


def test_rounds_have_levels_from_the_base_on_and_steps_from_the_first_round_on(results):
    frame = star_rounds.data(results)
    rounds = dict(frame.group_by("metric").agg(pl.col("round").unique().sort()).iter_rows())
    assert rounds["pass@1"] == [0, 1, 2, 3]
    assert rounds["pass@1_increment"] == [1, 2, 3]
    assert set(rounds) == set(star_rounds.METRICS)


def test_groups_of_tasks_carry_their_share(results):
    frame = gained_and_lost.data(results).filter(bank="easy", k=1)
    assert frame.group_by("by").agg(pl.col("share").sum())["share"].to_list() == pytest.approx(
        [1, 1]
    )
    assert frame.filter(by="base")["group"].to_list() == list(gained_and_lost.GROUPS["base"])


def test_banks_stand_from_easy_to_hard_and_others_behind():
    frame = pl.DataFrame({"bank": ["report", "hard", "easy"]})
    assert banks_of(frame) == ["easy", "hard", "report"]


def test_an_interval_is_described_in_the_words_of_the_study():
    frame = pl.DataFrame({"ci_method": ["bca"], "ci_level": [0.95], "resampled": ["seed, problem"]})
    expected = "95% BCa bootstrap interval (drawn: split seeds and, crossed with them, tasks)"
    assert interval_of(frame, "split seeds") == expected
