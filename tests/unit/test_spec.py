import json
import sys
from importlib.metadata import version

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crest.digest import code_digest
from crest.digest.archive import recall
from crest.spec import (
    canonical,
    check_code,
    make_spec,
    parse_spec,
    spec_digest,
)

PLAIN = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


def edited(text):
    """Return a spec as it would be had its code been another."""
    return canonical({**json.loads(text), "code": "0" * 64})


def test_a_spec_holds_all_that_decides_the_output():
    text = make_spec("make_tasks", config={"tasks": {"train": 3}}, seed=7)
    assert parse_spec(text) == {
        "job": "make_tasks",
        "config": {"tasks": {"train": 3}},
        "choices": {},
        "code": code_digest("crest.jobs.make_tasks:main"),
        "libraries": {name: version(name) for name in ("numpy", "polars", "pydantic")},
        "python": f"{sys.version_info.major}.{sys.version_info.minor}",
        "seed": 7,
    }


def test_the_libraries_of_a_spec_are_those_that_the_code_of_its_job_names():
    libraries = {
        job: set(json.loads(make_spec(job, config={}, choices=choices))["libraries"])
        for job, choices in (
            ("collect_table", {}),
            ("train_base", {}),
            ("compute_statistic", {"crest.statistics.tables": ["arms"]}),
            ("draw_figure", {"crest.figures": ["capability"]}),
        )
    }
    assert libraries["collect_table"] == {"polars"}
    assert {"torch", "tokenizers", "safetensors"} <= libraries["train_base"]
    assert "scipy" not in libraries["train_base"]
    assert libraries["compute_statistic"] == {"numpy", "polars", "scipy"}
    assert "altair" in libraries["draw_figure"]


def test_the_order_of_choices_does_not_count():
    one = make_spec("make_tasks", config={}, choices={"crest.control": ["fixed", "early_stop"]})
    two = make_spec("make_tasks", config={}, choices={"crest.control": ["early_stop", "fixed"]})
    assert one == two


def test_swapped_values_make_another_spec():
    one = make_spec("make_tasks", config={}, seed=1, campaign=2)
    two = make_spec("make_tasks", config={}, seed=2, campaign=1)
    assert spec_digest(one) != spec_digest(two)


@given(st.dictionaries(st.text(), PLAIN, max_size=4))
def test_canonical_text_survives_reading_and_ignores_the_order_of_keys(fields):
    text = canonical(fields)
    assert canonical(json.loads(text)) == text
    assert canonical(dict(reversed(fields.items()))) == text


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_a_number_that_is_not_finite_is_refused_by_its_place(value):
    with pytest.raises(ValueError, match=r"spec\.config\.rates\[1\]: .* is not finite"):
        make_spec("make_tasks", config={"rates": [1.0, value]})


@pytest.mark.parametrize(("value", "place"), [({1: 2}, "spec.x"), ({"y": {3}}, "spec.x.y")])
def test_a_value_that_is_not_plain_is_refused_by_its_place(value, place):
    with pytest.raises(TypeError, match=f"^{place}: "):
        canonical({"x": value})


def test_a_field_with_a_reserved_name_is_refused():
    with pytest.raises(ValueError, match="code are set by make_spec"):
        make_spec("make_tasks", config={}, code="mine")


def test_an_unknown_job_is_refused():
    with pytest.raises(ValueError, match=r"crest\.jobs\.make_tusks:main: no such function"):
        make_spec("make_tusks", config={})


@pytest.mark.parametrize("text", ["", "[]", "{", '{"job": "make_tasks"}', "null"])
def test_a_text_that_is_no_spec_is_refused(text):
    with pytest.raises(ValueError, match="not a spec"):
        parse_spec(text)


def test_a_job_whose_code_is_as_planned_goes_on_and_keeps_its_symbols(tmp_path):
    text = make_spec("make_tasks", config={"a": 1})
    spec = check_code(text, closures=tmp_path)
    assert spec == parse_spec(text)
    parts = recall(spec["code"], tmp_path)
    assert parts is not None
    symbols = {key.label: part.content for key, part in parts.items() if key.kind != "module"}
    assert "crest.jobs.make_tasks:main" in symbols


def test_a_job_whose_code_was_edited_since_planning_stops(tmp_path):
    text = edited(make_spec("make_tasks", config={}))
    with pytest.raises(RuntimeError, match=r"edited after the workflow was planned.*run snakemake"):
        check_code(text, closures=tmp_path)
    assert list(tmp_path.iterdir()) == []
