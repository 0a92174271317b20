import polars as pl
import pytest

from crest.figures import (
    campaign_shape,
    capability,
    chain_curves,
    diagnostic_run,
    end_of_chain,
    entropy_and_diversity,
    forgetting,
    gap_against_null,
    learning_rate_pilot,
    regime_map,
    repeated_evaluations,
)
from crest.figures._chain import along_chain


def curve(values, *, method="naive", seed=0, campaign=1):
    return pl.DataFrame(
        {"step": range(len(values)), "select_pass@1": values},
    ).with_columns(method=pl.lit(method), seed=seed, campaign=campaign)


def test_the_shape_of_a_campaign_starts_at_zero_and_averages_campaigns_within_a_seed():
    steps = pl.concat([curve([0.2, 0.4]), curve([0.5, 0.5], campaign=2)])
    frame = campaign_shape.data({"steps": steps})
    mean = frame.filter(kind="mean").sort("step")
    assert mean["value"].to_list() == pytest.approx([0.0, 0.1])


def test_a_step_that_one_campaign_does_not_reach_is_not_drawn():
    steps = pl.concat(
        [*(curve([0.2, 0.4, 0.9], campaign=c) for c in (1, 2)), curve([0.2, 0.4], campaign=3)]
    )
    frame = campaign_shape.data({"steps": steps})
    assert frame["step"].max() == 1


def test_an_arm_of_short_campaigns_does_not_shorten_another():
    steps = pl.concat([curve([0.2, 0.4, 0.9]), curve([0.2, 0.4], method="short")])
    ends = campaign_shape.data({"steps": steps}).group_by("method").agg(pl.col("step").max())
    assert dict(ends.iter_rows()) == {"naive": 2, "short": 1}


def test_seeds_count_alike_however_many_campaigns_they_have():
    long = [curve([0.0, 0.1], campaign=campaign) for campaign in (1, 2, 3)]
    steps = pl.concat([*long, curve([0.0, 0.5], seed=1)])
    mean = campaign_shape.data({"steps": steps}).filter(kind="mean", step=1)
    assert mean["value"].to_list() == pytest.approx([0.3])


def test_a_campaign_that_took_no_step_does_not_shorten_the_others():
    steps = pl.concat([curve([0.2, 0.4, 0.3]), curve([0.2], campaign=2)])
    frame = campaign_shape.data({"steps": steps})
    assert frame.filter(kind="mean")["value"].to_list() == pytest.approx([0.0, 0.2, 0.1])


def test_chain_curves_hold_every_monitored_step_of_every_seed(results):
    frame = chain_curves.data(results)
    assert frame.filter(kind="seed").height == results["steps"].height


def test_the_base_line_is_the_mean_start_of_all_chains(results):
    frame = end_of_chain.data(results)
    expected = results["chains"].group_by("method").agg(pl.col("start_pass@1").mean())
    base = end_of_chain.facts(frame)["base"]
    assert base == pytest.approx(expected["start_pass@1"].mean())


def test_the_three_gaps_of_every_arm_are_there_but_the_null_where_patience_stops(results):
    frame = gap_against_null.data(results)
    counts = dict(frame.group_by("method").len().iter_rows())
    assert counts.pop("es_patience") == 2
    assert list(counts.values()) == [3] * 7


def test_a_gap_without_a_value_is_left_out(results):
    gaps = results["gaps"].with_columns(
        pl.when(pl.col("metric") == "null_gap")
        .then(None)
        .otherwise(pl.col("estimate"))
        .alias("estimate")
    )
    frame = gap_against_null.data({"gaps": gaps})
    assert set(frame["metric"]) == {"fresh_gap", "curve_gap"}


def test_a_missing_null_is_explained_only_where_one_is_missing(results):
    frame = gap_against_null.data(results)
    others = frame.filter(pl.col("method") != "es_patience")
    assert gap_against_null.facts(others)["without"] == ""
    told = gap_against_null.facts(frame)["without"]
    assert told.startswith(" No diamond stands where campaigns stop by the select curve")


def test_bins_cover_the_chain_and_are_at_most_a_hundred(whole_steps):
    frame = entropy_and_diversity.data({"steps": whole_steps})
    width = frame["bin_width"][0]
    counts = frame.group_by("method", "metric").len()["len"]
    assert counts.max() <= entropy_and_diversity.MAX_BINS + 1
    assert set(frame["chain_step"] % width) == {0}


def test_metrics_of_rollouts_stand_at_the_policy_that_wrote_them():
    campaign = pl.DataFrame(
        {
            "step": [0, 1, 2],
            "entropy": [None, 3.0, 2.0],
            "kl": [None, 0.0, 0.1],
            "kl_base": [None, 0.0, 0.2],
            "select_distinct": [0.9, 0.8, 0.7],
        }
    ).with_columns(method=pl.lit("naive"), seed=0, campaign=1)
    frame = entropy_and_diversity.data({"steps": campaign})
    values = {
        metric: dict(frame.filter(metric=metric).select("chain_step", "value").iter_rows())
        for metric in entropy_and_diversity.METRICS
    }
    assert values["entropy"] == {0: 3.0, 1: 2.0}
    assert values["kl"] == {0: 0.0, 1: 0.1}
    assert values["kl_base"] == {0: 0.0, 1: 0.2}
    assert values["select_distinct"] == {0: 0.9, 1: 0.8, 2: 0.7}


def test_every_rollout_is_counted_across_a_border_of_campaigns(results):
    steps = results["steps"].filter(pl.col("campaign") <= 2, method="naive", seed=0)
    moved = entropy_and_diversity._by_policy(along_chain(steps))
    assert moved["entropy"].drop_nulls().to_list() == (
        along_chain(steps)["entropy"].drop_nulls().to_list()
    )
    ends = pl.col("step") == pl.col("step").max().over("campaign")
    assert moved.filter(ends)["entropy"].null_count() == 2


def test_capability_compares_base_and_end_alone(results):
    assert set(capability.data(results)["checkpoint"]) == {"base", "end"}


def test_the_pilot_names_the_rates_that_were_chosen(results):
    facts = learning_rate_pilot.facts(learning_rate_pilot.data(results))
    assert facts == {"rates": 3, "chosen": "healthy 0.0005, collapsing 0.001"}


def cells(*rows):
    columns = ["objective", "learning_rate", "fall"]
    return pl.DataFrame(rows, schema=columns, orient="row")


def test_the_boundary_runs_between_cells_that_fall_and_cells_that_do_not():
    falls = cells(("a", 1.0, 0.0), ("a", 2.0, 0.3), ("b", 1.0, 0.0), ("b", 2.0, 0.05))
    edges = regime_map.boundary(falls, ["a", "b"], [1.0, 2.0])
    assert edges == [{"x": 1, "x2": 1, "y": 0, "y2": 1}, {"x": 1, "x2": 2, "y": 1, "y2": 1}]
    assert regime_map.boundary(falls.filter(pl.col("fall") < 0.1), ["a", "b"], [1.0, 2.0]) == []


def test_a_missing_cell_is_no_boundary():
    falls = cells(("a", 1.0, 0.0), ("a", 3.0, 0.3))
    assert regime_map.boundary(falls, ["a"], [1.0, 2.0, 3.0]) == []


def test_a_cell_of_the_map_tells_why_it_falls_and_whether_that_is_sure():
    row = {"start": 0.181, "peak": 0.384, "end": 0.199, "phase": "rises and falls"}
    assert regime_map._numbers(row) == "18\u2009→\u200938\u2009→\u200920"
    assert regime_map._words({**row, "cause": "instability", "cause_sure": True}) == "instability"
    unsure = {**row, "cause": "over-fitting", "cause_sure": False}
    assert regime_map._words(unsure) == "over-fitting ?"
    stays = {**row, "cause": "none", "cause_sure": False, "phase": "rises and stays"}
    assert regime_map._words(stays) == "stays"


def test_the_map_has_every_cell_and_horizon(results):
    frame = regime_map.data(results)
    assert len(frame) == 2 * 12
    assert regime_map.facts(frame)["horizons"] == "one campaign and chain of 2 campaigns"


def test_training_reward_of_the_long_run_is_averaged_within_a_seed():
    steps = pl.DataFrame({"step": [0, 1, 2, 3], "train_pass@1": [None, 0.2, 0.4, 0.6]})
    steps = steps.with_columns(
        pl.lit("naive").alias("method"),
        pl.lit(0).alias("seed"),
        pl.lit(0.5).alias("select_pass@1"),
        pl.lit(1.0).alias("entropy"),
        pl.lit(0.0).alias("kl_base"),
    )
    frame = diagnostic_run.data({"diagnostic/steps": steps})
    train = frame.filter(kind="mean", metric="train_pass@1")
    assert train["value"].to_list() == pytest.approx([0.2, 0.3, 0.4])


def test_repeated_evaluations_are_sorted_by_the_mean_gap(results):
    frame = repeated_evaluations.data(results).filter(method="naive")
    means = frame.unique("rank").sort("rank")["mean"]
    assert means.is_sorted()
    assert len(means) == 6
    assert repeated_evaluations.facts(frame) == {"repeats": "5", "samples": "100"}


def test_forgetting_shows_levels_and_drops_of_both_pools(results):
    frame = forgetting.data(results).filter(method="naive")
    assert len(frame) == 9
    assert forgetting.facts(frame)["campaigns"] == "3"
