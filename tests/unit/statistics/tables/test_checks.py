"""Tables that answer doubts: forgetting, labels, stationarity, noise of evaluations, power."""

import numpy as np
import polars as pl
import pytest
from tests.synthetic.further import SMALL, repeats_table, stationarity_table

from crest.statistics.tables.evaluation_noise import evaluation_noise_table
from crest.statistics.tables.forgetting import forgetting_table
from crest.statistics.tables.labels_agreement import labels_agreement_table
from crest.statistics.tables.pool_stationarity import pool_stationarity_table
from crest.statistics.tables.power import power_table

CHECKPOINTS = ("start", "peak", "end")


def pools(rates):
    """Return (campaign, pool) -> passing samples of 100 at start, peak and end, for two seeds."""
    rows = [
        ("naive", seed, campaign, checkpoint, pool, 100, correct)
        for seed in (0, 1)
        for (campaign, pool), counts in rates.items()
        for checkpoint, correct in zip(CHECKPOINTS, counts, strict=True)
    ]
    columns = ["method", "seed", "campaign", "checkpoint", "pool", "num_samples", "num_correct"]
    return pl.DataFrame(rows, schema=columns, orient="row")


def estimates(table):
    return dict(table.select("metric", "estimate").iter_rows())


def test_drops_are_those_of_campaigns_that_have_earlier_ones(settings):
    given = pools({(1, "own"): (10, 90, 0), (2, "own"): (20, 50, 30), (2, "earlier"): (20, 60, 50)})
    table = forgetting_table(given, settings.resampling)
    found = estimates(table)
    assert found["own_drop"] == pytest.approx(0.2)
    assert found["earlier_drop"] == pytest.approx(0.1)
    assert found["own_beyond_half"] == pytest.approx(0.15)
    assert found["forgotten"] == pytest.approx(-0.1)
    assert set(table["n_campaigns"]) == {2}


def test_earlier_pools_count_by_problem(settings):
    given = pools({(3, "own"): (0, 50, 50), (3, "earlier"): (0, 50, 50)})
    more = given.filter(pool="earlier").with_columns(
        num_samples=pl.lit(300, dtype=pl.Int64), num_correct=pl.lit(0, dtype=pl.Int64)
    )
    found = estimates(forgetting_table(pl.concat([given, more]), settings.resampling))
    assert found["earlier_peak"] == pytest.approx(50 / 400)


def test_a_checkpoint_that_was_not_evaluated_on_pools_is_named(settings):
    given = pools({(2, "own"): (0, 50, 50)})
    with pytest.raises(ValueError, match="no start on the earlier pool in pools"):
        forgetting_table(given, settings.resampling)


def test_labels_are_counted_over_all_campaigns_and_by_campaign(results):
    table = results["labels_agreement"].filter(method="naive")
    assert table["campaign"].to_list() == [None, 1, 2]
    whole = table.row(0, named=True)
    assert (whole["num_rollouts"], whole["hidden_passed"], whole["oracle_passed"]) == (
        6000,
        2400,
        2280,
    )
    assert (whole["hidden_only"], whole["oracle_only"]) == (120, 0)
    assert whole["agreement"] == pytest.approx(0.98)
    assert whole["false_pass_share"] == pytest.approx(0.05)
    assert whole["estimate"] == pytest.approx(0.05)
    assert whole["n_seeds"] == 3


def test_a_seed_that_never_passed_has_no_share_of_false_passes(results, settings):
    never = results["labels"].filter(method="naive", hidden_passed=False)
    row = labels_agreement_table(never, settings.resampling).row(0, named=True)
    assert (row["false_pass_share"], row["estimate"], row["n_seeds"]) == (None, None, 0)
    assert row["agreement"] == 1.0


def test_a_frozen_policy_on_equal_pools_shows_no_drift(results):
    slope = results["pool_stationarity"].filter(metric="slope").row(0, named=True)
    assert slope["t_low"] < 0 < slope["t_high"]
    assert results["pool_stationarity"].filter(metric="reward")["n_pools"].to_list() == [3, 3]
    assert slope["n_pools"] == 6


def test_pools_that_grow_easier_show_as_a_slope(settings):
    given = stationarity_table(SMALL, slope=0.2)
    row = pool_stationarity_table(given, settings.resampling).filter(metric="slope")
    assert row["estimate"].item() == pytest.approx(0.2, abs=0.05)


def test_the_slope_is_that_of_least_squares(settings):
    rates = [0.1, 0.5, 0.2, 0.4]
    rows = [(0, c, f"p{c}", f"t{c}", 100, round(100 * r)) for c, r in enumerate(rates, start=1)]
    columns = ["seed", "campaign", "pool_sha256", "task_id", "num_samples", "num_correct"]
    table = pool_stationarity_table(
        pl.DataFrame(rows, schema=columns, orient="row"), settings.resampling
    )
    expected = np.polyfit([1, 2, 3, 4], rates, 1)[0]
    assert table.filter(metric="slope")["estimate"].item() == pytest.approx(expected)


def test_noise_of_measuring_is_binomial_where_nothing_else_differs(settings):
    many = repeats_table(
        SMALL.__class__(seeds=range(8), campaigns=12, methods=("naive",)), ["naive"]
    )
    row = evaluation_noise_table(many, settings.resampling).row(0, named=True)
    peak, end = 0.4 * 0.6 / 100, 0.25 * 0.75 / 100
    assert row["gap_sd"] == pytest.approx(np.sqrt(peak + end), rel=0.1)
    assert row["mean_noise"] == pytest.approx(row["gap_sd"] / np.sqrt(96))
    assert row["noise_share"] > 0.9
    assert row["estimate"] == pytest.approx(0.15, abs=0.02)
    assert (row["n_campaigns"], row["n_repeats"], row["n_samples"]) == (96, 5, 100)


def test_campaigns_that_differ_are_told_from_noise(settings):
    given = repeats_table(SMALL, ["naive"]).with_columns(
        num_samples=10_000,
        num_correct=pl.when(checkpoint="peak").then(100 * pl.col("campaign")).otherwise(0)
        + pl.col("repeat"),
    )
    row = evaluation_noise_table(given, settings.resampling).row(0, named=True)
    assert row["gap_sd"] == pytest.approx(0.0)
    assert row["noise_share"] == pytest.approx(0.0, abs=1e-9)
    assert row["campaign_sd"] == pytest.approx(np.std([0.01, 0.02] * 3, ddof=1))


def test_one_evaluation_tells_nothing_of_its_noise(settings):
    once = repeats_table(SMALL, ["naive"]).filter(pl.col("repeat") == 1)
    row = evaluation_noise_table(once, settings.resampling).row(0, named=True)
    assert (row["gap_sd"], row["noise_share"]) == (None, None)


def test_power_rests_on_the_spread_of_paired_differences(results):
    row = results["power"].filter(method="es", reference="naive", metric="end_pass@1")
    chains = results["chains"].sort("seed")
    differences = (
        chains.filter(method="es")["end_pass@1"] - chains.filter(method="naive")["end_pass@1"]
    ).to_numpy()
    assert row["sd"].item() == pytest.approx(differences.std(ddof=1))
    assert row["exact_detectable"].item() is None
    assert row["smallest_p"].item() == 0.25
    assert row["t_detectable"].item() > row["resolved"].item() > 0


def test_a_pair_without_an_interval_has_no_power(results):
    bare = results["comparisons"].with_columns(t_low=pl.lit(None, dtype=pl.Float64))
    assert power_table(bare, np.random.default_rng(0)).is_empty()
