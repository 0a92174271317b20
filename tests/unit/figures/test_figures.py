import json
import string
import xml.etree.ElementTree as ET
from functools import cache

import polars as pl
import pytest
import vl_convert
from tests.synthetic.results import LABELS

from crest import storage
from crest.figures._save import SUFFIXES, chart_spec, save_figure
from crest.registry import Registry

FIGURES = Registry("crest.figures")
FROM_STEPS = [name for name in FIGURES.names() if FIGURES.literal(name, "TABLES") == ("steps",)]
SPEC = '{"job":"draw_figure"}'


def read_by(name, tables):
    return {table: tables[table] for table in FIGURES[name].TABLES}


def drawn(name, tables, arms=LABELS):
    figure = FIGURES[name]
    return chart_spec(name, figure, figure.data(read_by(name, tables)), arms, SPEC)


@pytest.fixture(scope="module")
def charts(results):
    """Return every figure of the usual study, drawn once."""
    return {name: drawn(name, results) for name in FIGURES.names()}


def test_the_figures_of_the_report_are_there():
    assert FIGURES.names() == [
        "campaign_shape",
        "capability",
        "care_beliefs",
        "chain_curves",
        "critic_calibration",
        "critic_curve",
        "crossing",
        "diagnostic_run",
        "end_of_chain",
        "entropy_and_diversity",
        "forgetting",
        "gained_and_lost",
        "gap_against_null",
        "gate_errors",
        "learning_rate_pilot",
        "pass_at_k",
        "pass_at_k_crossover",
        "regime_map",
        "repeated_evaluations",
        "selection",
        "star_rounds",
    ]


def marks(node):
    """Return how many marks lie in the plotting areas: no axes, legends or titles."""
    if isinstance(node, list):
        return sum(marks(item) for item in node)
    items = node.get("items", [])
    if node.get("marktype") == "group" or "marktype" not in node:
        return marks(items)
    drawn_from_data = node.get("role") == "mark" and node["marktype"] != "text"
    return len(items) if drawn_from_data else 0


@pytest.mark.parametrize("name", FIGURES.names())
def test_every_figure_draws_marks_for_all_its_data(name, charts):
    chart = charts[name]
    assert all(chart["datasets"].values())
    scene = vl_convert.vegalite_to_scenegraph(json.dumps(chart))
    assert marks(scene["scenegraph"]) >= len(LABELS)


@pytest.fixture(scope="module")
def saved(demo, tmp_path_factory):
    """Return what saves a figure of the smallest study twice, once a module, as two folders."""

    @cache
    def folders(name):
        made = [tmp_path_factory.mktemp(name) for _ in range(2)]
        for folder in made:
            tables = read_by(name, demo)
            save_figure(name, FIGURES[name], tables, folder, arms=LABELS, stamp=SPEC)
        return made

    return folders


@pytest.mark.parametrize("name", FIGURES.names())
def test_a_saved_figure_has_marks_and_its_data_beside_it(name, demo, saved):
    folder = saved(name)[0]
    picture = ET.fromstring((folder / f"{name}.svg").read_text())  # noqa: S314 (our own file)
    classes = " ".join(each.get("class", "") for each in picture.iter())
    assert any(f"mark-{kind}" in classes for kind in ("line", "symbol", "rect"))
    assert (folder / f"{name}.png").read_bytes().startswith(b"\x89PNG")
    data = pl.read_parquet(folder / f"{name}.parquet")
    assert data.equals(FIGURES[name].data(read_by(name, demo)))
    assert storage.read_stamp(folder / f"{name}.parquet") == SPEC


@pytest.mark.parametrize("name", FIGURES.names())
def test_a_figure_says_what_it_shows_and_every_number_is_filled_in(name, charts):
    about = charts[name]["usermeta"]["crest"]
    assert about["title"] == FIGURES[name].TITLE
    assert about["stamp"] == json.loads(SPEC)
    assert not set("{}") & set(about["caption"])
    assert "nan" not in about["caption"].split()


@pytest.mark.parametrize("name", FIGURES.names())
def test_a_caption_types_no_count_of_seeds_or_problems(name):
    template = FIGURES[name].CAPTION
    literal = "".join(text for text, *_ in string.Formatter().parse(template))
    words = literal.replace("pass@1", "").replace("k = 1", "").replace("pass@k", "")
    assert not any(character.isdigit() for character in words)


@pytest.mark.parametrize("name", FIGURES.names())
def test_a_study_of_two_arms_seeds_and_campaigns_gives_equal_bytes_twice(name, saved):
    first, second = saved(name)
    files = {path.name for path in first.iterdir()}
    assert files == {f"{name}{suffix}" for suffix in SUFFIXES}
    for suffix in SUFFIXES:
        one, two = (folder / f"{name}{suffix}" for folder in (first, second))
        assert one.read_bytes() == two.read_bytes(), suffix


@pytest.mark.parametrize("name", FIGURES.names())
def test_shuffled_rows_give_the_same_figure(name, results, charts):
    shuffled = {
        key: table.sample(fraction=1, shuffle=True, seed=1) for key, table in results.items()
    }
    assert drawn(name, shuffled) == charts[name]


@pytest.mark.parametrize("name", FROM_STEPS)
def test_a_study_of_full_size_stays_below_500_kilobytes(name, whole_steps):
    assert len(json.dumps(drawn(name, {"steps": whole_steps}))) < 500_000


@pytest.mark.parametrize("name", FIGURES.names())
def test_labels_of_the_study_are_what_readers_see(name, demo):
    chart = json.dumps(drawn(name, demo, {"naive": "THE NAIVE ARM", "es": "THE ES ARM"}))
    assert ("THE NAIVE ARM" in chart) == (
        "method" in FIGURES[name].data(read_by(name, demo)).columns
    )


def test_a_missing_table_is_named(results, tmp_path):
    with pytest.raises(ValueError, match="end_of_chain lacks the table chains"):
        save_figure(
            "end_of_chain",
            FIGURES["end_of_chain"],
            {"arms": results["arms"]},
            tmp_path,
            arms=LABELS,
        )


def test_an_empty_table_is_refused_and_nothing_is_written(results, tmp_path):
    with pytest.raises(ValueError, match="has nothing to show"):
        save_figure(
            "gap_against_null",
            FIGURES["gap_against_null"],
            {"gaps": results["gaps"].clear()},
            tmp_path,
            arms=LABELS,
        )
    assert not list(tmp_path.iterdir())


def test_values_that_are_not_numbers_become_gaps_in_a_line(results):
    steps = results["steps"].with_columns(
        pl.when(pl.col("step") == 2)
        .then(float("nan"))
        .otherwise(pl.col("entropy"))
        .alias("entropy")
    )
    text = json.dumps(drawn("entropy_and_diversity", {"steps": steps}), allow_nan=False)
    assert "null" in text
