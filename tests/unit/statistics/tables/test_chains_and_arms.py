import polars as pl
import pytest

from crest.statistics.tables import arms, chains


def fresh(collected, method, seed, campaign, checkpoint):
    rows = collected["evaluation"].filter(
        method=method, seed=seed, campaign=campaign, checkpoint=checkpoint
    )
    return (rows["num_correct"] / rows["num_samples"]).mean()


def test_a_chain_begins_at_its_first_start_and_ends_at_what_rolls_out(results, collected):
    for row in results["chains"].iter_rows(named=True):
        key = (collected, row["method"], row["seed"])
        assert row["start_pass@1"] == pytest.approx(fresh(*key, 1, "start"))
        assert row["end_pass@1"] == pytest.approx(fresh(*key, 3, "next"))
        assert row["n_campaigns"] == 3


def test_the_best_value_of_a_chain_is_its_highest_checkpoint(results, collected):
    row = results["chains"].filter(method="naive", seed=1).row(0, named=True)
    values = [
        fresh(collected, "naive", 1, campaign, checkpoint)
        for campaign in (1, 2, 3)
        for checkpoint in ("start", "peak", "end", "next")
    ]
    assert row["best_pass@1"] == pytest.approx(max(values))


def test_steps_are_those_that_were_run(results):
    steps = results["chains"].select("method", "total_steps").unique().sort("method")
    fixed = steps.filter(pl.col("method").is_in(["naive", "short"]))
    assert fixed.rows() == [("naive", 30), ("short", 15)]


def test_a_chain_without_steps_is_named(collected):
    steps = collected["steps"].filter(pl.col("method") != "es")
    with pytest.raises(ValueError, match="es seed 0 has no steps"):
        chains.chains_table(collected["evaluation"], steps)


def test_an_arm_is_the_mean_of_its_chains(results):
    means = results["chains"].group_by("method").agg(pl.col("end_pass@1", "total_steps").mean())
    for method, end, steps in means.rows():
        rows = {row["metric"]: row for row in results["arms"].filter(method=method).to_dicts()}
        assert rows["end_pass@1"]["estimate"] == pytest.approx(end)
        assert rows["total_steps"]["estimate"] == pytest.approx(steps)
        gain = rows["end_pass@1"]["estimate"] - rows["start_pass@1"]["estimate"]
        assert rows["gain"]["estimate"] == pytest.approx(gain)


def test_rows_say_what_their_intervals_rest_on(results):
    row = results["arms"].filter(method="naive", metric="end_pass@1").row(0, named=True)
    assert (row["n_seeds"], row["n_tasks"], row["resampled"]) == (3, 24, "seed, problem")
    assert (row["n_resamples"], row["rng_seed"], row["ci_level"]) == (300, 0, 0.95)
    row = results["arms"].filter(method="naive", metric="total_steps").row(0, named=True)
    assert (row["n_tasks"], row["resampled"], row["ci_method"]) == (0, "seed", "constant")
    assert row["ci_low"] == row["ci_high"] == row["t_low"] == row["iqm"] == 30


def test_an_arm_keeps_its_interval_when_another_arm_leaves_the_study(results, settings):
    def without(name):
        return results[name].filter(pl.col("method") != "es")

    alone = arms.arms_table(without("chains"), without("evaluation"), settings.resampling)
    assert alone.equals(without("arms"))


def test_two_equal_runs_give_equal_tables_whatever_the_order_of_rows(results, settings):
    shuffled = results["evaluation"].sample(fraction=1, shuffle=True, seed=0)
    again = arms.arms_table(results["chains"], shuffled, settings.resampling)
    key = ["method", "metric"]
    assert again.sort(key).equals(results["arms"].sort(key))
