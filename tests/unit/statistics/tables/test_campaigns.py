import numpy as np
import polars as pl
import pytest

from crest.statistics.tables.campaigns import SCHEMA, campaigns_table

SELECT = "select_pass@1"


def test_every_campaign_has_its_row_and_every_column_its_type(results):
    campaigns = results["campaigns"]
    assert dict(campaigns.schema) == SCHEMA
    assert len(campaigns) == 8 * 3 * 3
    campaigns = campaigns.filter(pl.col("method") != "es_patience")
    may_be_absent = ("cliff_share", "onset_step", "shared_rise", "shared_fall", "select_carry_over")
    assert campaigns.drop(may_be_absent).null_count().sum_horizontal().item() == 0


def test_gaps_are_what_their_names_say(results, collected):
    row = results["campaigns"].filter(method="naive", seed=0, campaign=1).row(0, named=True)
    curve = (
        collected["steps"].filter(method="naive", seed=0, campaign=1).sort("step")["select_pass@1"]
    )
    assert row["curve_gap"] == pytest.approx(curve.max() - curve[-1])
    assert row["peak_step"] == curve.arg_max()
    assert row["num_steps"] == len(curve) - 1
    assert row["fresh_gap"] == pytest.approx(row["peak"] - row["end"])
    assert row["rise"] == pytest.approx(row["peak"] - row["start"])
    assert row["excess_gap"] == pytest.approx(row["curve_gap"] - row["null_gap"])
    assert row["peak_bias"] == pytest.approx(row["curve_gap"] - row["fresh_gap"])


def test_carry_over_is_zero_where_the_end_rolls_forward_and_the_fresh_gap_where_the_peak_does(
    results,
):
    campaigns = results["campaigns"]
    assert campaigns.filter(method="naive")["carry_over"].abs().max() == 0
    stopped = campaigns.filter(method="es")
    assert (stopped["carry_over"] - stopped["fresh_gap"]).abs().max() < 1e-12


def test_carried_gain_of_a_last_campaign_is_the_gain_of_its_chain(results):
    last = results["campaigns"].filter(campaign=3).join(results["chains"], on=["method", "seed"])
    gain = last["end_pass@1"] - last["start_pass@1"]
    assert (last["carried_gain"] - gain).abs().max() < 1e-12


def test_a_campaign_that_took_no_step_has_no_gap_and_none_by_noise(collected):
    rejected = (pl.col("campaign") == 2) & (pl.col("method") == "naive") & (pl.col("seed") == 0)
    select = collected["select"].filter(~rejected | (pl.col("step") == 0))
    evaluation = collected["evaluation"].filter(method="naive", seed=0)
    start = evaluation.filter(campaign=2, checkpoint="start")
    moved = [
        start.with_columns(checkpoint=pl.lit(name)) for name in ("start", "peak", "end", "next")
    ]
    table = campaigns_table(
        pl.concat([evaluation.filter(pl.col("campaign") != 2), *moved]),
        select.filter(method="naive", seed=0),
        collapse_gap=0.2,
    )
    row = table.filter(campaign=2).row(0, named=True)
    assert (row["num_steps"], row["peak_step"]) == (0, 0)
    for name in ("rise", "fresh_gap", "curve_gap", "null_gap", "null_collapse_rate"):
        assert row[name] == pytest.approx(0.0, abs=1e-12), name
    assert (row["cliff_share"], row["onset_step"]) == (None, None)


def test_carry_over_on_select_is_the_next_start_minus_this_end(results, collected):
    curve = collected["steps"].filter(method="grpo", seed=1).sort("campaign", "step")
    first, last = (
        curve.group_by("campaign", maintain_order=True).agg(value)["select_pass@1"]
        for value in (pl.col("select_pass@1").first(), pl.col("select_pass@1").last())
    )
    found = results["campaigns"].filter(method="grpo", seed=1).sort("campaign")
    assert found["select_carry_over"].to_list() == [
        pytest.approx(first[1] - last[0]),
        pytest.approx(first[2] - last[1]),
        None,
    ]


def test_shared_moves_are_taken_at_the_peak_of_the_other_seeds(results, collected):
    curves = np.stack(
        [
            collected["steps"].filter(method="naive", seed=seed, campaign=2).sort("step")[SELECT]
            for seed in (0, 1, 2)
        ]
    )
    peak = curves[1:].mean(axis=0).argmax()
    row = results["campaigns"].filter(method="naive", seed=0, campaign=2).row(0, named=True)
    assert row["shared_rise"] == pytest.approx(curves[0, peak] - curves[0, 0])
    assert row["shared_fall"] == pytest.approx(curves[0, peak] - curves[0, -1])


def test_seeds_that_ran_different_numbers_of_steps_share_no_peak(results):
    lengths = pl.col("num_steps").n_unique().over("method", "campaign")
    campaigns = results["campaigns"].with_columns(lengths=lengths)
    absent = campaigns["shared_rise"].is_null()
    assert (absent == (campaigns["lengths"] > 1)).all()
    assert absent.any()
    assert (campaigns["shared_fall"].is_null() == absent).all()


def test_a_seed_alone_shares_no_peak(collected):
    alone = (collected[name].filter(pl.col("seed") == 0) for name in ("evaluation", "select"))
    campaigns = campaigns_table(*alone, collapse_gap=0.2)
    assert campaigns["shared_rise"].null_count() == len(campaigns)


def test_a_collapse_is_a_gap_above_the_threshold(collected):
    for threshold in (0.05, 0.2):
        table = campaigns_table(
            collected["evaluation"], collected["select"], collapse_gap=threshold
        )
        assert (table["collapsed"] == (table["fresh_gap"] > threshold)).all()
        assert (table["curve_collapsed"] == (table["curve_gap"] > threshold)).all()
        assert 0 < table["collapsed"].mean() < 1


def test_campaigns_that_patience_stops_have_no_null_gap_and_all_else(results):
    campaigns = results["campaigns"].filter(method="es_patience")
    for column in ("null_gap", "null_gap_high", "null_collapse_rate", "excess_gap"):
        assert campaigns[column].null_count() == len(campaigns)
    assert campaigns["curve_gap"].null_count() == campaigns["fresh_gap"].null_count() == 0
    row = results["gaps"].filter(method="es_patience", metric="null_gap").row(0, named=True)
    assert (row["estimate"], row["n_seeds"], row["n_campaigns"]) == (None, 0, 0)


def test_a_policy_that_never_changes_shows_the_null_gap_and_no_fresh_gap():
    campaigns = flat_campaigns(num=150)
    noise = campaigns["curve_gap"].std() / np.sqrt(len(campaigns))
    assert campaigns["excess_gap"].mean() == pytest.approx(0, abs=4 * noise)
    assert campaigns["curve_gap"].mean() > 0.05
    assert campaigns["fresh_gap"].mean() == pytest.approx(0, abs=0.01)
    assert campaigns["fresh_gap"].std() == pytest.approx(
        campaigns["null_fresh_sd"].mean(), rel=0.15
    )
    beyond = (campaigns["curve_gap"] > campaigns["null_gap_high"]).mean()
    assert beyond == pytest.approx(0.05, abs=0.05)


@pytest.mark.parametrize("change", ["step", "curve"])
def test_an_evaluation_of_other_campaigns_is_refused(collected, change):
    evaluation, select = collected["evaluation"], collected["select"]
    if change == "step":
        wrong = pl.when(pl.col("checkpoint") == "peak").then(0).otherwise(pl.col("step"))
        evaluation = evaluation.with_columns(step=wrong)
    else:
        select = select.filter(pl.col("step") < 3)
    with pytest.raises(ValueError, match="do not fit a select curve"):
        campaigns_table(evaluation, select, collapse_gap=0.2)


def test_a_campaign_without_a_curve_is_refused(collected):
    select = collected["select"].filter(pl.col("campaign") < 3)
    with pytest.raises(ValueError, match="has no select curve"):
        campaigns_table(collected["evaluation"], select, collapse_gap=0.2)


def test_steps_monitored_on_different_problems_are_refused(collected):
    select = collected["select"].slice(1)
    with pytest.raises(ValueError, match="monitor every step alike"):
        campaigns_table(collected["evaluation"], select, collapse_gap=0.2)


def flat_campaigns(num):
    """Return the campaigns table of one policy evaluated again and again: 20 steps, 32 x 4."""
    rng = np.random.default_rng(0)
    rates = rng.beta(0.6, 1.4, 32)
    tasks = [f"t{index:02d}" for index in range(32)]
    select, evaluation = [], []
    for campaign in range(1, num + 1):
        counts = rng.binomial(4, rates, (21, 32))
        peak = int(counts.sum(axis=1).argmax())
        for step, row in enumerate(counts):
            select.append(_rows(campaign, tasks, row).with_columns(step=pl.lit(step)))
        for checkpoint, step in (("start", 0), ("peak", peak), ("end", 20), ("next", 20)):
            evaluation.append(
                _rows(campaign, tasks, rng.binomial(4, rates)).with_columns(
                    step=pl.lit(step), checkpoint=pl.lit(checkpoint)
                )
            )
    return campaigns_table(pl.concat(evaluation), pl.concat(select), collapse_gap=0.2)


def _rows(campaign, tasks, num_correct):
    return pl.DataFrame({"task_id": tasks, "num_correct": num_correct}).with_columns(
        method=pl.lit("flat"),
        seed=pl.lit(0),
        campaign=pl.lit(campaign),
        family=pl.lit("string"),
        level=pl.lit(1),
        num_samples=pl.lit(4),
    )
