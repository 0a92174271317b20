import json

import polars as pl
import pytest
from scipy import stats
from tests.synthetic.decisions import decisions_table

from crest.records import CAPABILITIES
from crest.statistics.tables.beliefs import SCHEMA, beliefs_table


@pytest.fixture(scope="module")
def decisions():
    """Fragile chains under four controllers, some of whose campaigns are rejected."""
    return decisions_table(("care", "es", "gate", "memory"), (0, 1, 2), campaigns=8, max_steps=20)


@pytest.fixture(scope="module")
def beliefs(decisions):
    return beliefs_table(decisions, 0.9)


def test_every_campaign_and_capability_has_a_row(decisions, beliefs):
    assert beliefs.schema == SCHEMA
    assert beliefs.height == decisions.height * len(CAPABILITIES)
    keys = ["method", "seed", "campaign", "capability"]
    assert beliefs.select(keys).is_unique().all()


def test_what_came_is_end_minus_start_and_nothing_where_no_step_was_taken(decisions, beliefs):
    joined = beliefs.filter(capability="hard").join(decisions, on=["method", "seed", "campaign"])
    ran = joined.filter(pl.col("steps_run") > 0)
    expected = (ran["end_hard"] - ran["start_hard"]).to_list()
    assert ran["observed"].to_list() == pytest.approx(expected)
    idle = joined.filter(pl.col("steps_run") == 0)
    assert len(idle)
    assert idle["observed"].null_count() == idle["inside"].null_count() == len(idle)
    assert set(idle["verdict"]) == {"reject"}


def test_an_interval_is_that_of_a_normal_measurement(decisions, beliefs):
    row = beliefs.filter(method="care", campaign=3, capability="pass@1").row(0, named=True)
    decision = decisions.filter(method="care", seed=row["seed"], campaign=3).row(0, named=True)
    change = json.loads(decision["beliefs"])["changes"]["pass@1"]
    expected = stats.norm.interval(0.9, change["mean"], change["measured_sd"])
    assert (row["ci_low"], row["ci_high"]) == pytest.approx(expected)
    assert (row["predicted"], row["sd"]) == (change["mean"], change["sd"])
    assert row["inside"] is (row["ci_low"] <= row["observed"] <= row["ci_high"])


def test_a_controller_without_a_posterior_foresees_nothing(beliefs):
    for method, verdict in (("es", False), ("gate", True)):
        mine = beliefs.filter(method=method)
        assert mine["predicted"].null_count() == mine["inside"].null_count() == len(mine)
        assert mine["observed"].null_count() == 0
        assert (mine["verdict"].null_count() == 0) is verdict


def test_a_capability_that_was_not_measured_has_no_row(decisions):
    blind = decisions.with_columns(
        pl.lit(None, dtype=pl.Float64).alias(f"{when}_hard") for when in ("start", "end")
    )
    assert set(beliefs_table(blind, 0.9)["capability"]) == set(CAPABILITIES) - {"hard"}


def test_the_order_of_rows_does_not_matter(decisions, beliefs):
    shuffled = decisions.sample(fraction=1, shuffle=True, seed=1)
    assert beliefs_table(shuffled, 0.9).equals(beliefs)
