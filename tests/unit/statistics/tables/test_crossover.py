"""pass@K, crossings, rounds, recipes and changed tasks, on tables whose truth is known."""

import numpy as np
import polars as pl
import pytest
from tests.synthetic.crossover import (
    BANKS,
    KS,
    MAIN,
    SMALL,
    sharpening,
    success_rates,
    true_curve,
)

from crest.statistics.crossing import log2_crossings
from crest.statistics.pass_at_k import pass_at_k
from crest.statistics.resampling import Resampling
from crest.statistics.tables.crossing import crossing_table
from crest.statistics.tables.crossover_pass_at_k import crossover_pass_at_k_table
from crest.statistics.tables.gained_and_lost import gained_and_lost_table
from crest.statistics.tables.recipes import recipes_table
from crest.statistics.tables.star_rounds import star_rounds_table

FEW = Resampling(num_resamples=300)
SAMPLES = "crossover/samples"


def only(table, **keys):
    rows = table.filter(*(pl.col(name) == value for name, value in keys.items()))
    return rows.row(0, named=True)


def drawn(bases, *rounds, num=128, trajectories=2, recipe=MAIN, seed=0, own_bases=1):
    """Return samples of tasks whose success rates are given: of the base, then round by round."""
    rng = np.random.default_rng(seed)
    parts = [
        _rows({**BASE_KEYS, "seed": base, "base_seed": base}, bases, num, rng)
        for base in range(own_bases)
    ]
    for trajectory in range(trajectories):
        for number, rates in enumerate(rounds, start=1):
            keys = {"method": recipe, "round": number, "seed": trajectory}
            parts.append(_rows({**keys, "base_seed": trajectory % own_bases}, rates, num, rng))
    return pl.concat(parts)


BASE_KEYS = {"method": "base", "round": 0}


def _rows(keys, rates, num, rng):
    correct = rng.binomial(num, rates)
    counts = {"num_samples": np.full_like(correct, num), "num_correct": correct}
    counts |= {"num_visible_fit": correct, "num_distinct": correct, "num_modal": correct}
    counts |= {"num_distinct_correct": correct, "num_behaviours": np.minimum(correct, 1)}
    columns = ["method", "round", "seed", "base_seed"]
    return pl.DataFrame(
        {"bank": "easy", "task_id": [f"{at:04d}" for at in range(len(rates))], **counts}
    ).select(*(pl.lit(keys[name]).alias(name) for name in columns), pl.all())


def test_a_level_is_mean_pass_at_k_and_a_gain_is_that_minus_the_own_base(results):
    table, samples = results["crossover_pass_at_k"], results[SAMPLES]
    rows = samples.filter(method=MAIN, round=2, bank="easy")
    level = only(table, method=MAIN, round=2, bank="easy", metric="pass@k", k=8)
    mine = pass_at_k(rows["num_correct"], rows["num_samples"], 8)
    assert level["estimate"] == pytest.approx(mine.mean())
    assert (level["n_seeds"], level["n_tasks"], level["n_samples"]) == (4, 40, 128)
    base = samples.filter(method="base", bank="easy")
    theirs = pass_at_k(base["num_correct"], base["num_samples"], 8)
    gain = only(table, method=MAIN, round=2, bank="easy", metric="gain", k=8)
    assert gain["estimate"] == pytest.approx(mine.mean() - theirs.mean())
    assert gain["p_value"] >= 0.125


def test_every_checkpoint_bank_and_budget_has_a_row(results):
    table = results["crossover_pass_at_k"]
    levels, gains = (table.filter(metric=metric) for metric in ("pass@k", "gain"))
    assert len(levels) == (1 + 2 * 3) * 2 * len(KS)
    assert len(gains) == 2 * 3 * 2 * len(KS)
    assert set(table.filter("main")["method"]) == {MAIN}
    assert set(table.filter("last").select("method", "round").rows()) == {
        ("base", 0),
        (MAIN, 3),
        ("keep_4", 3),
    }


def test_a_gain_has_a_narrower_interval_than_its_level_since_tasks_are_paired(results):
    table = results["crossover_pass_at_k"].filter(method=MAIN, k=1, round=3)
    widths = {row["metric"]: row["ci_high"] - row["ci_low"] for row in table.to_dicts()}
    assert widths["gain"] < 0.8 * widths["pass@k"]


@pytest.mark.parametrize("bank", BANKS)
def test_the_crossing_of_known_success_rates_is_found(bank, results):
    base, trained = (
        true_curve(success_rates(bank, SMALL.num_tasks, sharpened=share), KS)
        for share in (0.0, sharpening(MAIN, 3))
    )
    truth = float(2 ** log2_crossings(trained - base, KS))
    row = only(results["crossing"], method=MAIN, round=3, bank=bank, resampled="seed, problem")
    assert row["state"] == "crosses"
    assert row["crossing_k"] == pytest.approx(truth, rel=0.4)
    assert row["ci_low"] < truth < row["ci_high"]
    assert row["probability"] > 0.8
    assert (row["n_seeds"], row["n_bases"], row["seed"]) == (4, 2, None)


def test_trajectories_have_rows_of_their_own_and_the_mean_curve_counts_those_that_cross(results):
    rows = results["crossing"].filter(method=MAIN, round=3, bank="easy")
    alone = rows.filter(pl.col("seed").is_not_null())
    assert alone["seed"].to_list() == [0, 1, 2, 3]
    assert set(alone["resampled"]) == {"problem"}
    crossing = alone["crossing_k"].is_not_null().sum()
    assert rows.filter(pl.col("seed").is_null())["n_crossing"].item() == crossing


def test_a_trajectorys_row_is_what_it_would_have_alone(results):
    whole = results["crossing"].filter(method=MAIN, bank="hard", seed=2)
    alone = results[SAMPLES].filter((pl.col("method") == "base") | (pl.col("seed") == 2))
    table = crossing_table(alone, KS, FEW, recipe=MAIN)
    by_itself = table.filter(method=MAIN, bank="hard").filter(pl.col("seed").is_null())
    for name in ("crossing_k", "interval", "probability", "p_never_leads"):
        assert whole[name].to_list() == by_itself[name].to_list()


def test_a_model_that_is_better_everywhere_is_never_overtaken():
    samples = drawn(np.full(30, 0.05), np.full(30, 0.3))
    table = crossing_table(samples, (1, 2, 4), FEW, recipe=MAIN)
    assert set(table["n_crossing"]) == {0}
    row = only(table, resampled="seed, problem")
    assert (row["state"], row["crossing_k"]) == ("leads throughout", None)
    assert (row["probability"], row["p_leads_throughout"]) == (0, 1)
    assert row["interval"] == "beyond 4"


def test_a_model_that_is_worse_everywhere_never_leads():
    samples = drawn(np.full(30, 0.3), np.full(30, 0.05))
    row = only(crossing_table(samples, (1, 2, 4), FEW, recipe=MAIN), resampled="seed, problem")
    assert (row["state"], row["p_never_leads"], row["ci_low"]) == ("never leads", 1, None)
    assert row["interval"] == "below 1"


def test_rounds_are_levels_and_moves_that_belong_together(results):
    table = results["star_rounds"].filter(method=MAIN, bank="hard")
    for name in ("pass@1", "ceiling"):
        level = {number: only(table, metric=name, round=number) for number in range(4)}
        total = 0.0
        for number in range(1, 4):
            step = only(table, metric=f"{name}_increment", round=number)["estimate"]
            before = level[number - 1]["estimate"]
            assert step == pytest.approx(level[number]["estimate"] - before)
            total += step
            gain = only(table, metric=f"{name}_gain", round=number)["estimate"]
            assert gain == pytest.approx(total)
    assert only(table, metric="ceiling", round=0)["k"] == 8


def test_deceleration_is_the_first_step_minus_the_mean_of_the_later_ones(results):
    table = results["star_rounds"].filter(method=MAIN, bank="easy")
    steps = [
        only(table, metric="pass@1_increment", round=number)["estimate"] for number in (1, 2, 3)
    ]
    found = only(table, metric="pass@1_deceleration")
    assert found["estimate"] == pytest.approx(steps[0] - (steps[1] + steps[2]) / 2)
    assert only(table, metric="pass@1_later")["estimate"] == pytest.approx(np.mean(steps[1:]))
    assert found["ci_low"] > 0
    assert (found["round"], found["seeds_better"]) == (None, 4)


def test_equal_steps_do_not_decelerate():
    rates = np.random.default_rng(1).uniform(0.1, 0.5, 200)
    samples = drawn(rates, rates + 0.1, rates + 0.2, rates + 0.3, trajectories=4)
    table = star_rounds_table(samples, harvest(), FEW, pick_budget=8, recipe=MAIN)
    row = only(table, metric="pass@1_deceleration")
    assert row["ci_low"] < 0 < row["ci_high"]
    assert only(table, metric="pass@1_later")["estimate"] == pytest.approx(0.1, abs=0.01)


def test_a_single_round_has_no_later_ones():
    rates = np.full(20, 0.3)
    table = star_rounds_table(drawn(rates, rates), harvest(), FEW, pick_budget=8, recipe=MAIN)
    moves = {metric for metric in table["metric"] if metric.startswith("pass@1_")}
    assert moves == {"pass@1_increment", "pass@1_gain", "pass@1_mean_gain"}


def harvest():
    columns = {"method": [MAIN] * 4, "round": [1] * 4, "seed": [0, 0, 1, 1]}
    counts = {"num_samples": [8] * 4, "num_correct": [0, 4, 2, 2], "num_kept": [0, 1, 1, 1]}
    return pl.DataFrame({**columns, **counts})


def test_a_harvest_counts_what_was_kept_and_what_was_solved():
    rates = np.full(20, 0.3)
    table = star_rounds_table(
        drawn(rates, rates), harvest(), FEW, pick_budget=8, recipe=MAIN
    ).filter(bank="pool")
    values = dict(table.select("metric", "estimate").iter_rows())
    assert values == {"kept": 1.5, "solved": 0.75, "pool_pass@1": 0.25}


def test_concentration_is_a_mean_over_the_tasks_that_a_sample_fits():
    samples = drawn(np.array([0.0, 0.5, 0.5]), np.array([0.0, 0.5, 0.5])).with_columns(
        num_visible_fit=pl.Series([0, 10, 20] * 3),
        num_modal=pl.Series([0, 10, 5] * 3),
        num_behaviours=pl.Series([0, 1, 4] * 3),
    )
    table = star_rounds_table(samples, harvest(), FEW, pick_budget=8, recipe=MAIN)
    values = {
        metric: only(table, metric=metric, round=1)["estimate"]
        for metric in ("concentration", "behaviours", "divergence")
    }
    expected = {"concentration": (1 + 0.25) / 2, "behaviours": 2.5, "divergence": 1 / 3}
    assert values == pytest.approx(expected)


def test_shares_of_tasks_add_up_to_one_and_their_parts_to_the_gain(results):
    table = results["gained_and_lost"].filter(method=MAIN, bank="easy")
    gains = results["crossover_pass_at_k"].filter(method=MAIN, bank="easy", metric="gain", round=3)
    for by in ("change", "base"):
        rows = table.filter(by=by)
        assert rows.filter(metric="share")["estimate"].sum() == pytest.approx(1)
    for k in (1, 64):
        parts = table.filter(by="change", metric="part", k=k)["estimate"].sum()
        assert parts == pytest.approx(only(gains, k=k)["estimate"])


def test_tasks_that_rise_and_fall_are_told_by_what_the_base_solved():
    before = np.array([0.0] * 3 + [0.1] * 5 + [0.5] * 4 + [0.3] * 2 + [1.0] * 6)
    after = np.array([0.4] * 3 + [0.6] * 5 + [0.1] * 4 + [0.0] * 2 + [1.0] * 6)
    solved_once = (pl.col("method") == "base") & (pl.col("task_id") == "0003")
    samples = drawn(before, after).with_columns(
        num_correct=pl.when(solved_once).then(1).otherwise("num_correct")
    )
    table = gained_and_lost_table(samples, (1, 2), FEW, recipe=MAIN)
    shares = table.filter(by="change", metric="share")
    assert dict(shares.select("group", "estimate").iter_rows()) == pytest.approx(
        {"gained": 5 / 20, "gained new": 3 / 20, "lost": 4 / 20, "lost all": 2 / 20, "same": 6 / 20}
    )
    new = only(table, by="change", group="gained new", metric="part", k=1)["estimate"]
    assert new == pytest.approx(0.4 * 3 / 20, abs=0.02)


def test_tasks_grouped_by_one_half_of_the_base_do_not_regress_to_the_mean():
    rates = np.random.default_rng(3).beta(0.4, 1.5, 600)
    table = gained_and_lost_table(
        drawn(rates, rates, trajectories=4, own_bases=4), (1, 16, 32, 48), FEW, recipe=MAIN
    )
    parts = table.filter(by="base", metric="part")
    assert set(parts["k"]) == {1, 32}  # of half the samples, 64
    for row in parts.to_dicts():
        reach = row["ci_high"] - row["ci_low"]
        assert abs(row["estimate"]) < max(reach, 1e-9), row["group"]


def test_the_two_halves_of_a_base_are_its_samples():
    rates = np.array([0.0] * 5 + [1.0] * 5)
    table = gained_and_lost_table(drawn(rates, rates), (1, 4), FEW, recipe=MAIN)
    shares = dict(table.filter(by="base", metric="share").select("group", "estimate").iter_rows())
    assert shares == {"never": 0.5, "seldom": 0, "often": 0, "mostly": 0.5}
    assert set(table.filter(metric="part")["estimate"]) == {0}


def recipe_samples(**others):
    """Return samples of the study's own recipe and of others, on the same trajectories."""
    odds = np.random.default_rng(4).normal(-2.0, 2.0, 80)
    base = 1 / (1 + np.exp(-odds))

    def trained(shift):
        return 1 / (1 + np.exp(-(shift + 1.5 * odds)))

    own = drawn(base, trained(1.5))
    parts = [
        drawn(base, trained(shift), recipe=name, seed=seed).filter(pl.col("method") != "base")
        for name, (shift, seed) in others.items()
    ]
    return pl.concat([own, *parts])


def test_a_recipe_that_narrows_more_crosses_earlier():
    samples = recipe_samples(narrower=(0.6, 5), alike=(1.5, 6))
    table = recipes_table(samples, KS, FEW, pick_budget=8, recipe=MAIN)
    own, narrower, alike = (only(table, method=name) for name in (MAIN, "narrower", "alike"))
    assert (own["main"], own["log2_shift"], own["p_lower"]) == (True, 0, 0.5)
    assert (own["shift_low"], own["shift_high"]) == (0, 0)
    assert narrower["shift_high"] < 0
    assert narrower["p_lower"] > 0.99
    assert alike["shift_low"] < 0 < alike["shift_high"]
    assert narrower["log2_shift"] == pytest.approx(
        np.log2(narrower["crossing_k"] / own["crossing_k"])
    )


def test_a_shift_is_between_the_trajectories_that_both_recipes_ran():
    samples = recipe_samples(alike=(1.5, 6)).filter(
        (pl.col("method") != "alike") | (pl.col("seed") == 1)
    )
    row = only(recipes_table(samples, KS, FEW, pick_budget=8, recipe=MAIN), method="alike")
    alone = only(crossing_table(samples, KS, FEW, recipe=MAIN), method=MAIN, seed=1)
    assert (row["n_seeds"], row["n_shared"]) == (1, 1)
    expected = np.log2(row["crossing_k"] / alone["crossing_k"])
    assert row["log2_shift"] == pytest.approx(expected)
    elsewhere = samples.with_columns(
        seed=pl.when(pl.col("method") == "alike").then(7).otherwise("seed")
    )
    row = only(recipes_table(elsewhere, KS, FEW, pick_budget=8, recipe=MAIN), method="alike")
    assert (row["n_shared"], row["log2_shift"]) == (0, None)


def test_a_recipes_row_is_its_last_crossing_and_its_gains(results):
    row = only(results["recipes"], method="keep_4", bank="hard")
    crossing = only(
        results["crossing"], method="keep_4", bank="hard", last=True, resampled="seed, problem"
    )
    for name in ("crossing_k", "ci_low", "ci_high", "interval", "probability"):
        assert row[name] == crossing[name]
    gains = results["crossover_pass_at_k"].filter(
        method="keep_4", bank="hard", last=True, metric="gain"
    )
    for name, k in (("gain_first", 1), ("gain_budget", 8), ("gain_largest", 64)):
        known = only(gains, k=k)
        found = (row[name], row[f"{name}_low"], row[f"{name}_high"])
        assert found == pytest.approx((known["estimate"], known["ci_low"], known["ci_high"]))


def test_a_pick_budget_that_is_no_budget_is_refused(results):
    with pytest.raises(ValueError, match="pick budget 5 is none of the budgets"):
        recipes_table(results[SAMPLES], KS, FEW, pick_budget=5, recipe=MAIN)


def test_without_the_studys_own_recipe_there_is_no_shift(results):
    others = results[SAMPLES].filter(pl.col("method") != MAIN)
    table = recipes_table(others, KS, FEW, pick_budget=8, recipe=MAIN)
    assert table["log2_shift"].null_count() == len(table)
    assert not table["main"].any()


def test_one_trajectory_has_numbers_and_no_interval_over_trajectories():
    rates = success_rates("easy", 30)
    samples = drawn(rates, rates, trajectories=1)
    table = crossover_pass_at_k_table(samples, (1, 4), FEW, recipe=MAIN)
    assert set(table["ci_method"]) == {"none"}
    crossings = crossing_table(samples, (1, 4), FEW, recipe=MAIN)
    assert crossings["resampled"].to_list() == ["problem", "problem"]
