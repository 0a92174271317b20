import dataclasses

import polars as pl
import pytest

from crest.report.cautions import cautions, smallest_p
from crest.report.cells import cell_grid, missing_cells
from crest.report.claims import claim_rows, headline
from crest.report.formats import interval, number, p_value, percent, plain, points
from crest.report.inputs import read_chart
from crest.report.results import (
    comparison_groups,
    end_rows,
    flip_table,
    gap_tables,
    mutation_rows,
    pilot_rows,
)
from crest.statistics.sign_flip import sign_flip_p

LABELS = {"naive": "Naive", "es": "ES"}


def test_numbers_have_a_real_minus_and_absent_ones_a_dash():
    assert number(-0.0421) == "−0.042"
    assert percent(0.1234) == "12.3%"
    assert points(0.05) == "+5.0"
    assert number(None) == percent(float("nan")) == points(None) == p_value(None) == "–"


def test_a_tiny_p_value_is_a_bound():
    assert p_value(0.0002) == "< 0.001"
    assert p_value(0.0625) == "0.0625"


def test_an_interval_needs_both_ends():
    assert interval({"ci_low": 0.1, "ci_high": 0.2}, percent) == "10.0% to 20.0%"
    assert interval({"ci_low": 0.1, "ci_high": None}, percent) == "–"


def test_a_component_is_shown_as_its_kind_and_options():
    assert plain({"kind": "early_stop", "margin": 3}) == "early_stop (margin 3)"
    assert plain({"kind": "fixed"}) == "fixed"
    assert plain(0.001) == "0.001"


def test_the_smallest_p_is_that_of_differences_of_one_sign():
    for num_seeds in (2, 3, 5, 8):
        assert smallest_p(num_seeds) == sign_flip_p(pl.Series([1.0] * num_seeds).to_numpy())


def test_five_seeds_are_warned_of_and_six_are_not(inputs):
    def warned(num_seeds):
        table = inputs.tables["comparisons"]
        frame = table.frame.with_columns(n_seeds=pl.lit(num_seeds))
        tables = {"comparisons": dataclasses.replace(table, frame=frame)}
        return cautions(dataclasses.replace(inputs, tables=tables), [])

    assert "cannot be below 0.0625" in warned(5)[0]
    assert warned(6) == []


def test_verdicts_made_without_a_jail_are_the_first_caution(inputs):
    def told(level):
        table = inputs.tables["steps"]
        frame = table.frame.with_columns(
            grader_level=pl.when(pl.col("step") == 2).then(pl.lit(level)).otherwise(pl.lit("A"))
        )
        tables = {**inputs.tables, "steps": dataclasses.replace(table, frame=frame)}
        return cautions(dataclasses.replace(inputs, tables=tables), ["es seed 1: campaign 2"])

    assert told("none")[0].startswith("Programs behind the tables steps ran without a jail")
    assert not any("without a jail" in text for text in told("C"))


def test_a_rule_that_was_not_met_is_said(inputs):
    choice = {"collapsing": 0.001, "healthy": 0.0005, "rule_met": False, "healthy_rule_met": True}
    told = cautions(dataclasses.replace(inputs, tables={}, choice=choice), [])
    assert len(told) == 1
    assert "collapsing learning rate was not met" in told[0]


@pytest.mark.parametrize(
    ("healthy", "words"),
    [
        (0.001, "chose 0.001 as both the collapsing and the healthy"),
        (0.002, "0.002, is higher than the collapsing one, 0.001"),
    ],
)
def test_a_healthy_rate_that_is_not_below_the_collapsing_one_is_said(inputs, healthy, words):
    choice = {"collapsing": 0.001, "healthy": healthy}
    (told,) = cautions(dataclasses.replace(inputs, tables={}, choice=choice), [])
    assert words in told


def test_a_healthy_rate_below_the_collapsing_one_needs_no_caution(inputs):
    choice = {"collapsing": 0.001, "healthy": 0.0005}
    assert cautions(dataclasses.replace(inputs, tables={}, choice=choice), []) == []


def test_an_arm_without_an_interval_is_named(inputs):
    arms = inputs.tables["arms"]
    frame = arms.frame.with_columns(ci_method=pl.lit("none")).filter(method="es")
    tables = {"arms": dataclasses.replace(arms, frame=frame)}
    (told,) = cautions(dataclasses.replace(inputs, tables=tables), [])
    assert told.startswith("No interval for es")


def test_cells_are_counted_against_the_configured_grid():
    study = {"arms": ["naive", "es"], "seeds": [0, 1], "campaigns": 3}
    present = [("naive", s, c) for s in (0, 1) for c in (1, 2, 3)] + [("es", 0, 1), ("es", 0, 3)]
    campaigns = pl.DataFrame(present, schema=["method", "seed", "campaign"], orient="row")
    grid = cell_grid(campaigns, study)
    assert missing_cells(grid) == ["es seed 0: campaign 2", "es seed 1: campaign 1-3"]
    assert [cell["present"] for cell in grid[0]["cells"]] == [3, 3]


def test_without_a_campaigns_table_every_cell_is_missing():
    grid = cell_grid(None, {"arms": ["naive"], "seeds": [0], "campaigns": 2})
    assert missing_cells(grid) == ["naive seed 0: campaign 1-2"]


def test_claims_are_sorted_by_letter_and_number(results):
    claims = pl.concat([results["claims"].head(1)] * 3).with_columns(
        id=pl.Series(["A10", "B1", "A2"])
    )
    assert [row["id"] for row in claim_rows(claims, {})] == ["A2", "A10", "B1"]


def test_the_headline_counts_every_claim_once(results):
    groups = headline(results["claims"])
    assert sum(len(group["ids"]) for group in groups) == len(results["claims"])


def test_an_unknown_verdict_is_refused(results):
    claims = results["claims"].with_columns(verdict=pl.lit("maybe"))
    with pytest.raises(ValueError, match="has the verdict 'maybe'; use reproduced, contradicted"):
        claim_rows(claims, {})


def test_arms_stand_in_the_order_of_the_study(results):
    methods = [row["method"] for row in end_rows(results["arms"], LABELS)]
    assert methods[:2] == ["naive", "es"]
    assert methods[2:] == sorted(methods[2:])


def test_comparisons_start_with_the_end_of_the_chain(results):
    groups = comparison_groups(results["comparisons"], LABELS)
    assert groups[0]["metric"] == "end_pass@1"
    shown = sum(len(group["rows"]) for group in groups)
    assert shown == len(results["comparisons"])


def test_steps_are_compared_in_steps_and_not_in_points(results):
    groups = {g["metric"]: g for g in comparison_groups(results["comparisons"], LABELS)}
    effects = results["comparisons"].filter(metric="total_steps")["effect"].to_list()
    shown = [row["effect"] for row in groups["total_steps"]["rows"]]
    assert shown == [number(effect, 1) for effect in effects]


def test_gaps_have_a_row_an_arm_and_a_cell_a_metric(results):
    for table in gap_tables(results["gaps"], LABELS):
        assert len(table["rows"]) == 8
        assert {len(row["cells"]) for row in table["rows"]} == {len(table["columns"])}


def test_the_mutation_score_is_killed_over_all(results):
    rows = mutation_rows(results["mutation"])
    assert rows[-1]["family"] == "all families"
    assert rows[-1]["score"] == percent(29 / 30)
    assert [row["family"] for row in rows[:-1]] == ["string", "cond"]


def test_flips_have_a_row_a_status_with_the_sum_last_and_cells_a_load(results):
    table = flip_table(results["flips"])
    assert table["loads"] == ["machine idle", "4 busy processes a core"]
    assert table["level"] == "95%"
    assert [row["status"] for row in table["rows"]][-1] == "all statuses"
    assert [cell["regrades"] for cell in table["rows"][-1]["cells"]] == [120, 120]
    assert [cell["back_stops"] for cell in table["rows"][-1]["cells"]] == [0, 2]


def test_flips_are_a_caution_and_their_absence_is_none(inputs):
    def warned(flips):
        table = inputs.tables["flips"]
        frame = table.frame.with_columns(flips=pl.when(pl.col("busy_per_core") == 4).then(flips))
        tables = {"flips": dataclasses.replace(table, frame=frame.fill_null(0))}
        return cautions(dataclasses.replace(inputs, tables=tables), [])

    assert warned(0) == []
    assert warned(3)[0].startswith("The grader gave another verdict in 3 of 240 re-grades")


def test_the_pilot_is_sorted_by_learning_rate(results):
    rows = pilot_rows(results["pilot"].reverse())
    assert [row["learning_rate"] for row in rows] == ["0.0005", "0.001", "0.002"]
    assert rows[1]["role"] == "collapsing"


def test_a_chart_of_another_maker_is_refused(tmp_path):
    (tmp_path / "other.json").write_text('{"mark": "bar"}')
    with pytest.raises(ValueError, match="draw the figure again"):
        read_chart(tmp_path / "other.json", tmp_path / "report.html")
