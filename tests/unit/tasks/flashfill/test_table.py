import pytest

from crest.checksums import DamagedFileError
from crest.storage import write_parquet
from crest.tasks.flashfill.table import read_tasks, write_tasks


def test_tasks_go_to_disk_and_back(banks, tmp_path):
    write_tasks(banks.hard, tmp_path / "hard.parquet", stamp="a stamp")
    assert tuple(read_tasks(tmp_path / "hard.parquet")) == banks.hard


def test_no_tasks_are_a_table_too(tmp_path):
    write_tasks([], tmp_path / "none.parquet")
    assert read_tasks(tmp_path / "none.parquet") == []


def test_a_table_without_a_column_is_refused(tmp_path):
    import polars as pl

    write_parquet(pl.DataFrame({"task_id": ["a"]}), tmp_path / "bad.parquet")
    with pytest.raises(DamagedFileError, match="level"):
        read_tasks(tmp_path / "bad.parquet")
