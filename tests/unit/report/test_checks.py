from tests.unit.report.conftest import LABELS

from crest.report.checks import MAKERS, SECTIONS, check_tables
from crest.report.formats import points


def shown(results):
    return check_tables({name: results[name] for name in MAKERS}, LABELS)


def by_name(results):
    return {table["name"]: table for tables in shown(results).values() for table in tables}


def test_every_table_has_its_place_and_a_cell_a_column(results):
    assert {name for names in SECTIONS.values() for name in names} == set(MAKERS)
    for table in by_name(results).values():
        assert table["rows"]
        assert {len(row) for row in table["rows"]} == {len(table["columns"])}
        assert table["texts"] >= 1


def test_a_table_that_a_grid_lacks_has_no_place(results):
    assert check_tables({"power": None, "forgetting": results["forgetting"].clear()}, {}) == {}


def test_power_has_a_row_a_pair_and_a_dash_where_the_exact_test_cannot(results):
    table = by_name(results)["power"]
    assert len(table["rows"]) == len(results["power"].filter(metric="end_pass@1"))
    assert {row[6] for row in table["rows"]} == {"–"}
    assert table["columns"][-1] == "seeds for 5 points"


def test_further_models_show_numbers_above_their_intervals(results):
    table = by_name(results)["architectures"]
    assert [row[1] for row in table["rows"]] == ["naive REINFORCE", "naive, healthy rate"]
    rise = results["architectures"].filter(method="naive", metric="rise")["estimate"].item()
    assert table["rows"][0][5][0] == points(rise)


def test_labels_are_shown_over_all_campaigns_alone(results):
    rows = by_name(results)["labels_agreement"]["rows"]
    assert [row[1:6] for row in rows] == [[6000, 2400, 2280, 120, 0]] * 2
    assert rows[0][6:8] == ["98.00%", "5.00%"]


def test_a_slope_is_shown_in_points_and_a_level_in_percent(results):
    rows = by_name(results)["pool_stationarity"]["rows"]
    assert [row[0] for row in rows] == [
        "campaign 1",
        "campaign 2",
        "slope, a campaign",
        "sd over campaigns",
    ]
    assert rows[0][2].endswith("%")
    assert rows[2][2][0] in "+−"
