import json

import altair as alt
import polars as pl
import pytest

from crest.figures._arms import _STYLES, in_order, label, style, with_labels
from crest.figures._inline import inline, packed, unpacked
from crest.figures._numbers import counted, interval_words
from crest.figures._panels import columns, panel_width


def test_an_arm_has_its_colour_whatever_else_is_drawn():
    assert style("naive") == style("naive")
    assert style("something_new") == style("something_new")


def test_no_two_known_arms_look_alike():
    looks = [(colour, tuple(dash)) for colour, dash in _STYLES.values()]
    assert len(set(looks)) == len(looks)


def test_arms_stand_in_the_order_of_the_study_others_behind():
    arms = {"naive": "Naive", "es": "ES"}
    assert in_order(["zeta", "es", "alpha", "base", "naive"], arms) == [
        "base",
        "naive",
        "es",
        "alpha",
        "zeta",
    ]


def test_an_arm_without_a_label_keeps_its_name():
    assert label("grpo_care", {}) == "grpo care"
    frame = with_labels(pl.DataFrame({"method": ["es", "base"]}), {"es": "early stopping"})
    assert frame["arm"].to_list() == ["early stopping", "base model"]


def test_inline_data_is_rounded_and_free_of_nan():
    data = inline(pl.DataFrame({"value": [0.123456, float("nan"), None]}))
    assert json.loads(data.to_dict()["values"]) == [
        {"value": 0.1235},
        {"value": None},
        {"value": None},
    ]


def test_packed_data_has_one_row_a_line():
    frame = pl.DataFrame({"arm": ["a", "a", "b"], "step": [0, 1, 0], "value": [0.1, 0.2, 0.3]})
    data, names = packed(frame, ["arm"])
    assert names == ["step", "value"]
    assert json.loads(data.to_dict()["values"]) == [
        {"arm": "a", "step": [0, 1], "value": [0.1, 0.2]},
        {"arm": "b", "step": [0], "value": [0.3]},
    ]


def test_equal_data_of_two_layers_is_stored_once_as_rows():
    frame = pl.DataFrame({"x": [1, 2]})
    layers = [alt.Chart(inline(frame)).mark_point().encode(x="x:Q") for _ in range(2)]
    chart = unpacked(alt.layer(*layers).to_dict())
    assert list(chart["datasets"].values()) == [[{"x": 1}, {"x": 2}]]


def test_a_count_is_one_number_or_a_range():
    assert counted(pl.DataFrame({"n": [5, 5]}), "n") == "5"
    assert counted(pl.DataFrame({"n": [3, 5]}), "n") == "3 to 5"


@pytest.mark.parametrize(
    ("methods", "words"),
    [
        (["bca", "percentile"], "95% BCa or percentile bootstrap interval (drawn: seeds)"),
        (["none"], "no interval, for want of seeds that differ"),
    ],
)
def test_an_interval_is_described_by_the_table_itself(methods, words):
    frame = pl.DataFrame({"ci_method": methods}).with_columns(
        ci_level=0.95, resampled=pl.lit("seed")
    )
    assert interval_words(frame) == words


@pytest.mark.parametrize("num_panels", [1, 2, 3, 8, 20])
def test_panels_side_by_side_fit_the_page(num_panels):
    assert columns(num_panels) * panel_width(num_panels) < 1000
