import polars as pl
import pytest

from crest.statistics.cubes import cube, ragged

ROWS = pl.DataFrame(
    {
        "seed": [1, 0, 0, 1],
        "task_id": ["a", "b", "a", "b"],
        "x": [1.0, 2.0, None, 4.0],
        "y": [True, False, True, True],
        "n": [0, 5, 6, 7],
    }
)


def test_rows_become_an_array_in_the_order_of_seeds_and_tasks():
    found = cube(ROWS, ["x", "y"], {"y": "n"})
    assert (found.seeds, found.tasks) == ((0, 1), ("a", "b"))
    assert found.values[..., 0].tolist() == [[0, 2], [1, 4]]
    assert found.values[..., 1].tolist() == [[1, 0], [1, 1]]
    assert found.counts[..., 0].tolist() == [[0, 1], [1, 1]]
    assert found.counts[..., 1].tolist() == [[6, 5], [0, 7]]


def test_missing_and_double_rows_are_refused():
    for wrong in (ROWS.head(3), pl.concat([ROWS.head(3), ROWS.head(1)])):
        with pytest.raises(ValueError, match="2 seeds and 2 tasks make"):
            cube(wrong, ["x"])


def test_places_without_a_row_do_not_count():
    found = ragged(ROWS.tail(1), ([0, 1], ["a", "b"]), ["x"], "n")
    assert found.counts[..., 0].tolist() == [[0, 0], [0, 7]]
    assert found.per_seed[1, 0] == 4
