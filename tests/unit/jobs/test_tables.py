import polars as pl

from crest.jobs._tables import with_keys


def test_keys_stand_in_front_and_are_the_same_in_every_row() -> None:
    table = with_keys(pl.DataFrame({"count": [3, 4]}), {"method": "naive", "seed": 0})
    assert table.columns == ["method", "seed", "count"]
    assert table.rows() == [("naive", 0, 3), ("naive", 0, 4)]


def test_a_table_without_rows_keeps_its_columns() -> None:
    table = with_keys(pl.DataFrame(schema={"count": pl.Int64}), {"seed": 0})
    assert table.columns == ["seed", "count"]
    assert table.is_empty()
