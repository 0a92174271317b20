import polars as pl
import pytest

from crest.statistics.tables.regime import regime_table
from crest.statistics.tables.regime_boundaries import regime_boundaries_table
from crest.statistics.tables.regime_causes import regime_causes_table

CELL = "grpo-p16-lr0.001"
FELL = ((0.2, 0.6, 0.5), (0.5, 0.9, 0.4), (0.4, 0.5, 0.2))


def evaluation(values):
    """Return fresh rates of one problem: (seed, campaign) -> start, peak, end of 100 samples."""
    rows = [
        (CELL, seed, campaign, checkpoint, "t", "string", 1, 100, round(100 * rate))
        for (seed, campaign), (start, peak, end) in values.items()
        for checkpoint, rate in (("start", start), ("peak", peak), ("end", end), ("next", end))
    ]
    columns = ["method", "seed", "campaign", "checkpoint", "task_id", "family", "level"]
    return pl.DataFrame(rows, schema=[*columns, "num_samples", "num_correct"], orient="row")


def steps(curves, train):
    """Return select curves and training rewards by (seed, campaign)."""
    rows = [
        (CELL, seed, campaign, step, value, reward)
        for (seed, campaign), curve in curves.items()
        for step, (value, reward) in enumerate(
            zip(curve, [None, *train[seed, campaign]], strict=True)
        )
    ]
    columns = ["method", "seed", "campaign", "step", "select_pass@1", "train_pass@1"]
    return pl.DataFrame(rows, schema=columns, orient="row")


@pytest.fixture
def table(settings):
    fresh = {
        (0, 1): (0.2, 0.5, 0.4),
        (0, 2): (0.4, 0.6, 0.1),
        (1, 1): (0.2, 0.7, 0.3),
        (1, 2): (0.3, 0.3, 0.1),
    }
    curves = {
        (0, 1): [0.2, 0.4, 0.5, 0.4],
        (0, 2): [0.4, 0.6, 0.3, 0.1],  # seed 0 is highest in campaign 2, step 1
        (1, 1): [0.2, 0.3, 0.8, 0.3],  # seed 1 in campaign 1, step 2
        (1, 2): [0.3, 0.3, 0.2, 0.1],
    }
    train = {key: [0.5, 0.6, 0.1] for key in curves}
    made = regime_table(evaluation(fresh), steps(curves, train), settings.resampling)
    return made.select("campaigns", "metric", "estimate", "n_seeds", "p_value")


def value(table, campaigns, metric):
    return table.filter(campaigns=campaigns, metric=metric)["estimate"].item()


def test_one_campaign_is_measured_at_its_own_peak(table):
    assert value(table, 1, "start") == pytest.approx(0.2)
    assert value(table, 1, "peak") == pytest.approx((0.5 + 0.7) / 2)
    assert value(table, 1, "rise") == pytest.approx((0.3 + 0.5) / 2)
    assert value(table, 1, "fall") == pytest.approx((0.1 + 0.4) / 2)


def test_a_chain_is_measured_at_the_campaign_that_select_finds_highest(table):
    assert value(table, 2, "start") == pytest.approx(0.2)
    assert value(table, 2, "peak") == pytest.approx((0.6 + 0.7) / 2)
    assert value(table, 2, "end") == pytest.approx(0.1)
    assert value(table, 2, "fall") == pytest.approx((0.5 + 0.6) / 2)


def test_training_reward_is_that_of_policies_around_the_peak_and_of_the_last_ones(table):
    # Peaks of campaign 1 at step 2 of 3: policies 1 and 2 around them, policy 2 the last to write.
    assert value(table, 1, "train_peak") == pytest.approx((0.6 + 0.1) / 2)
    assert value(table, 1, "train_end") == pytest.approx(0.1)
    assert value(table, 1, "train_fall") == pytest.approx(0.25)
    assert value(table, 1, "train_beyond_half") == pytest.approx(0.25 - 0.5 * 0.25)


def test_training_is_compared_within_the_campaigns_in_which_the_chain_fell(settings):
    fresh = {(seed, c): rates for seed in (0, 1) for c, rates in enumerate(FELL, start=1)}
    curves = {key: [0.1, 0.9 - 0.2 * key[1], 0.1, 0.1, 0.1] for key in fresh}
    # Pools of later campaigns are harder; within each, training loses nothing after campaign 1.
    rewards = {1: [0.9, 0.9, 0.1, 0.1], 2: [0.5] * 4, 3: [0.3] * 4}
    train = {key: rewards[key[1]] for key in fresh}
    highest = curves | {(seed, 2): [0.1, 0.95, 0.1, 0.1, 0.1] for seed in (0, 1)}
    made = regime_table(evaluation(fresh), steps(highest, train), settings.resampling)
    assert value(made, 3, "fall") == pytest.approx(0.9 - 0.2)
    assert value(made, 3, "campaign_fall") == pytest.approx((0.5 + 0.3) / 2)
    assert value(made, 3, "train_fall") == pytest.approx(0.0)
    assert value(made, 3, "train_peak") == pytest.approx(0.4)


def test_the_row_of_a_step_counts_for_the_policy_before_it(settings):
    curve = [0.1] * 20 + [0.9] + [0.1] * 20  # the peak is at step 20 of 40
    train = [0.0] * 19 + [1.0] * 3 + [0.0] * 18  # rows 20 to 22: policies 19 to 21
    fresh = {(seed, 1): (0.1, 0.9, 0.1) for seed in (0, 1)}
    made = regime_table(
        evaluation(fresh),
        steps(dict.fromkeys(fresh, curve), dict.fromkeys(fresh, train)),
        settings.resampling,
    )
    assert value(made, 1, "train_peak") == 1.0
    assert value(made, 1, "train_end") == 0.0


def test_what_counts_as_the_end_does_not_count_as_the_peak(settings):
    curve, train = [0.1, 0.2, 0.9, 0.1, 0.1], [0.0, 0.6, 0.8, 0.1]  # the peak is at step 2 of 4
    fresh = {(seed, 1): (0.1, 0.9, 0.1) for seed in (0, 1)}
    made = regime_table(
        evaluation(fresh),
        steps(dict.fromkeys(fresh, curve), dict.fromkeys(fresh, train)),
        settings.resampling,
    )
    assert value(made, 1, "train_peak") == pytest.approx(0.7)  # policies 1 and 2
    assert value(made, 1, "train_end") == pytest.approx(0.1)  # policy 3 alone


def test_numbers_that_may_be_zero_are_tested_and_levels_are_not(table):
    tested = set(table.drop_nulls("p_value")["metric"])
    assert tested == {"rise", "fall", "campaign_fall", "train_fall", "train_beyond_half"}


def test_cells_of_a_made_up_study_fall_for_the_cause_that_they_were_made_to(results):
    causes = results["regime_causes"].filter(campaigns=1)
    healthy = causes.filter(pl.col("learning_rate") == 0.0005)
    assert set(healthy["cause"]) == {"none"}
    steep = causes.filter(pl.col("learning_rate") == 0.002, objective="reinforce_batch_mean")
    found = dict(steep.select("prompts_per_step", "cause").iter_rows())
    assert found == {
        4: "over-fitting",
        16: "instability",
    }


def test_intervals_of_a_cause_are_the_wider_of_both(results):
    cell = results["regime"].filter(metric="fall").row(0, named=True)
    row = results["regime_causes"].filter(method=cell["method"], campaigns=cell["campaigns"])
    assert row["fall_low"].item() == min(cell["ci_low"], cell["t_low"])
    assert row["fall_high"].item() == max(cell["ci_high"], cell["t_high"])


def test_a_single_seed_is_sure_of_nothing(results):
    alone = results["regime"].with_columns(
        pl.lit(None, dtype=pl.Float64).alias(name)
        for name in ("ci_low", "ci_high", "t_low", "t_high")
    )
    causes = regime_causes_table(alone)
    assert not causes.select(pl.any_horizontal("rise_sure", "fall_sure", "cause_sure").any()).item()
    assert causes["fall_low"].null_count() == len(causes)


def test_boundaries_name_the_rates_on_both_sides(results):
    causes = pl.DataFrame(
        {
            "objective": ["grpo"] * 3,
            "prompts_per_step": [16] * 3,
            "campaigns": [1] * 3,
            "learning_rate": [0.004, 0.001, 0.002],
            "fall": [0.4, 0.0, 0.2],
        }
    )
    row = regime_boundaries_table(causes).row(0, named=True)
    assert (row["below"], row["above"]) == (0.001, 0.002)
    assert 0.001 < row["boundary"] < 0.002
    assert (row["n_rates"], row["n_falling"]) == (3, 2)
    assert (row["lowest_rate"], row["highest_rate"]) == (0.001, 0.004)
    assert len(results["regime_boundaries"]) == 2 * 2 * 2
