import numpy as np
import polars as pl
import pytest

from crest.statistics.holm import holm
from crest.statistics.sign_flip import sign_flip_p
from crest.statistics.tables.comparisons import HIGHER_IS_BETTER, comparisons_table
from crest.statistics.tables.gaps import TESTED, gaps_table


def per_seed(campaigns, method, column):
    rows = campaigns.filter(method=method).group_by("seed").agg(pl.col(column).mean())
    return rows.sort("seed")[column].to_numpy()


def test_a_gap_is_the_mean_over_campaigns_then_seeds(results):
    for metric in ("fresh_gap", "curve_gap", "null_gap", "excess_gap", "carry_over"):
        row = results["gaps"].filter(method="grpo", metric=metric).row(0, named=True)
        values = per_seed(results["campaigns"], "grpo", metric)
        assert row["estimate"] == pytest.approx(values.mean())
        assert (row["n_seeds"], row["n_campaigns"]) == (3, 9)
        if metric in TESTED:
            assert row["p_value"] == pytest.approx(sign_flip_p(values))
        else:
            assert row["p_value"] is None


def test_the_collapse_rate_is_the_share_of_campaigns(results):
    row = results["gaps"].filter(method="naive", metric="collapse_rate").row(0, named=True)
    collapsed = results["campaigns"].filter(method="naive")["collapsed"]
    assert row["estimate"] == pytest.approx(collapsed.mean())


def test_campaigns_without_a_drop_do_not_enter_the_cliff_share(results):
    campaigns = results["campaigns"].filter(method="healthy")
    row = results["gaps"].filter(method="healthy", metric="cliff_share").row(0, named=True)
    assert row["n_campaigns"] == len(campaigns) - campaigns["cliff_share"].null_count()


def test_an_arm_that_never_drops_has_an_empty_row(results, settings):
    never = results["campaigns"].with_columns(cliff_share=pl.lit(None, dtype=pl.Float64))
    gaps = gaps_table(never, results["evaluation"], settings.resampling)
    row = gaps.filter(method="naive", metric="cliff_share").row(0, named=True)
    assert (row["estimate"], row["ci_low"], row["n_seeds"], row["n_campaigns"]) == (
        None,
        None,
        0,
        0,
    )


def test_effects_are_paired_by_seed(results):
    chains = results["chains"].sort("seed")
    for method in ("es", "short"):
        row = comparison(results["comparisons"], method, "naive", "end_pass@1")
        differences = (
            chains.filter(method=method)["end_pass@1"] - chains.filter(method="naive")["end_pass@1"]
        ).to_numpy()
        assert row["effect"] == pytest.approx(differences.mean())
        assert row["p_value"] == pytest.approx(sign_flip_p(differences))
        assert row["seeds_better"] == (differences > 0).sum()


def test_arms_are_compared_with_the_reference_combinations_with_parts_and_es_with_controls(results):
    pairs = set(results["comparisons"].select("method", "reference").unique().rows())
    others = set(results["chains"]["method"]) - {"naive"}
    combinations = {("grpo_es", "es"), ("grpo_es", "grpo")}
    controls = {("es", "random_step"), ("es", "short")}
    patience = {("es_patience", "random_step"), ("es_patience", "es")}
    assert pairs == {(arm, "naive") for arm in others} | combinations | controls | patience


@pytest.mark.parametrize("metric", ["end_pass@1", "fresh_gap", "half_gap_kept"])
def test_holm_counts_all_pairs_in_one_metric(results, metric):
    family = results["comparisons"].filter(metric=metric)
    assert len(family) == 13
    np.testing.assert_allclose(family["p_holm"], holm(family["p_value"].to_numpy()))


def test_the_best_value_of_a_chain_is_described_and_not_tested(results):
    best = results["comparisons"].filter(metric="best_pass@1")
    assert best["effect"].null_count() == 0
    for column in ("p_value", "test", "p_holm"):
        assert best[column].null_count() == len(best) == 13


def test_less_of_a_gap_is_better(results):
    assert not HIGHER_IS_BETTER["fresh_gap"]
    row = comparison(results["comparisons"], "healthy", "naive", "fresh_gap")
    assert row["effect"] < 0
    assert (row["seeds_better"], row["probability_of_improvement"]) == (3, 1.0)


def test_the_kept_half_of_the_gap_is_measured_against_half_of_the_reference(results):
    mine = per_seed(results["campaigns"], "grpo", "fresh_gap")
    other = per_seed(results["campaigns"], "naive", "fresh_gap")
    row = comparison(results["comparisons"], "grpo", "naive", "half_gap_kept")
    assert row["effect"] == pytest.approx((mine - 0.5 * other).mean())
    assert row["seeds_better"] is None


def test_only_shared_seeds_are_compared(results, settings):
    def kept(name):
        return results[name].filter((pl.col("method") != "es") | (pl.col("seed") > 0))

    table = compare(kept, settings)
    row = comparison(table, "es", "naive", "end_pass@1")
    assert row["n_seeds"] == 2
    assert comparison(table, "grpo", "naive", "end_pass@1")["n_seeds"] == 3


def test_arms_without_a_shared_seed_have_no_row(results, settings):
    def kept(name):
        return results[name].filter((pl.col("method") == "es") == (pl.col("seed") > 0))

    table = compare(kept, settings)
    assert not len(table.filter(method="es"))
    assert comparison(table, "grpo", "naive", "end_pass@1")["ci_method"] == "none"


def test_one_arm_alone_makes_an_empty_table_of_the_same_columns(results, settings):
    def kept(name):
        return results[name].filter(pl.col("method") == "naive")

    table = compare(kept, settings)
    assert not len(table)
    assert table.schema == results["comparisons"].schema


def compare(kept, settings):
    names = ("chains", "campaigns", "evaluation")
    return comparisons_table(*map(kept, names), settings.resampling)


def comparison(table, method, reference, metric):
    rows = table.filter(method=method, reference=reference, metric=metric)
    assert len(rows) == 1
    return rows.row(0, named=True)
