import polars as pl
import pytest

from crest.figures import gate_errors


@pytest.fixture(scope="module")
def frame(results):
    return gate_errors.data(results)


def test_false_alarms_and_misses_are_drawn_where_there_are_trials(results, frame):
    table = results["gate_errors"].filter(pl.col("metric").is_in(["false_alarm", "miss"]))
    assert len(frame) == len(table) - table["estimate"].null_count()
    assert set(frame.filter(scenario="healthy")["kind"]) == {"false alarm"}


def test_panels_stand_in_the_order_of_their_titles_and_by_size(frame):
    cells = frame.select("scenario", "size").unique(maintain_order=True).rows()
    ranks = [(list(gate_errors.SCENARIOS).index(scenario), size) for scenario, size in cells]
    assert ranks == sorted(ranks)
    panels = gate_errors.draw(frame, {}).to_dict()["concat"]
    assert [panel["title"]["text"] for panel in panels][-1] == "persistent falls of 30 points"


def test_the_caption_counts_the_chains(frame):
    assert gate_errors.facts(frame) == {"level": "95%", "chains": "3"}
