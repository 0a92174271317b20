import json

import polars as pl
import pytest
from tests.synthetic.decisions import decisions_table

from crest.figures import care_beliefs
from crest.statistics.tables.beliefs import beliefs_table


def figure_data(*methods, seeds=(0, 1, 2), campaigns=6):
    decisions = decisions_table(methods, seeds, campaigns=campaigns, max_steps=20)
    return care_beliefs.data({"beliefs": beliefs_table(decisions, 0.95)})


@pytest.fixture(scope="module")
def frame():
    return figure_data("naive", "es", "care", "gate")


def test_arms_are_shown_that_hold_beliefs_or_grant_different_budgets(frame):
    assert set(frame["method"]) == {"es", "care", "gate"}


def test_a_study_of_fixed_budgets_shows_them_all():
    assert set(figure_data("naive", "healthy", seeds=(0,), campaigns=2)["method"]) == {
        "naive",
        "healthy",
    }


def test_a_share_is_of_the_whole_budget(frame):
    assert frame["share"].max() == 1
    assert (frame["share"] * 20).to_list() == pytest.approx(frame["num_steps"].to_list())


def test_the_caption_counts_the_changes_inside_their_band(frame):
    facts = care_beliefs.facts(frame)
    care = frame.filter(method="care").drop_nulls("observed")
    inside = sum(care["ci_low"] <= care["observed"]) - sum(care["observed"] > care["ci_high"])
    assert f"hold {inside} of {len(care)} measured" in facts["coverage"]
    assert facts["level"] == "95% of measurements"


def test_without_a_posterior_no_band_is_drawn_and_none_is_counted():
    frame = figure_data("es", "gate", seeds=(0, 1))
    assert care_beliefs.facts(frame)["coverage"] == ""
    assert "ci_low" not in json.dumps(care_beliefs.draw(frame, {}).to_dict())


def test_a_row_a_campaign_is_drawn_for_pass_at_1_alone(frame):
    keys = ["method", "seed", "campaign"]
    assert frame.select(keys).is_unique().all()
    assert frame.filter(pl.col("steps_run") == 0)["observed"].null_count() == len(
        frame.filter(pl.col("steps_run") == 0)
    )
