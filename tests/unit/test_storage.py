import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import polars as pl
import pytest

from crest.storage import (
    link_folder,
    read_json,
    read_stamp,
    write_atomically,
    write_json,
    write_parquet,
    write_text,
)

SPEC = '{"code":"c","job":"j","seed":1}'


def write_safetensors(path, spec):
    """Write a file without tensors in the format's own layout."""
    header = json.dumps({"__metadata__": {"crest_stamp": spec}} if spec else {}).encode()
    path.write_bytes(len(header).to_bytes(8, "little") + header)


def test_a_table_comes_back_with_its_spec(tmp_path):
    frame = pl.DataFrame({"step": [0, 1], "reward": [0.5, None]})
    path = tmp_path / "new" / "steps.parquet"
    write_parquet(frame, path, stamp=SPEC)
    assert pl.read_parquet(path).equals(frame)
    assert read_stamp(path) == SPEC


def test_equal_tables_are_equal_bytes(tmp_path):
    frame = pl.DataFrame({"step": list(range(1000))})
    for name in ("a.parquet", "b.parquet"):
        write_parquet(frame, tmp_path / name, stamp=SPEC)
    assert (tmp_path / "a.parquet").read_bytes() == (tmp_path / "b.parquet").read_bytes()


def test_a_decision_comes_back_with_its_spec(tmp_path):
    path = tmp_path / "decision.json"
    write_json({"peak_step": 3}, path, stamp=SPEC)
    assert read_json(path) == {"peak_step": 3, "stamp": json.loads(SPEC)}
    assert read_stamp(path) == SPEC


def test_a_value_that_is_not_finite_is_not_written(tmp_path):
    with pytest.raises(ValueError, match="not JSON compliant"):
        write_json({"pass": float("nan")}, tmp_path / "decision.json")
    assert list(tmp_path.iterdir()) == []


def test_weights_and_their_folder_carry_a_spec(tmp_path):
    write_safetensors(tmp_path / "model.safetensors", SPEC)
    assert read_stamp(tmp_path / "model.safetensors") == SPEC
    assert read_stamp(tmp_path) == SPEC


def test_files_without_a_stamp_have_no_spec(tmp_path):
    write_parquet(pl.DataFrame({"a": [1]}), tmp_path / "a.parquet")
    write_json({"a": 1}, tmp_path / "a.json")
    write_text("[1, 2]", tmp_path / "list.json")
    write_safetensors(tmp_path / "a.safetensors", None)
    assert [read_stamp(path) for path in sorted(tmp_path.iterdir())] == [None] * 4


def test_a_kind_of_file_that_carries_no_stamp_is_refused(tmp_path):
    with pytest.raises(ValueError, match="carry a stamp"):
        read_stamp(tmp_path / "figure.svg")


def test_a_failed_write_leaves_the_old_file_and_nothing_else(tmp_path):
    path = tmp_path / "state"
    write_text("old", path)

    def fail(temporary):
        temporary.write_text("half")
        raise OSError("disk full")

    with pytest.raises(OSError, match="disk full"):
        write_atomically(path, fail)
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]


def test_a_kill_in_the_middle_of_a_write_leaves_the_old_file(tmp_path):
    path = tmp_path / "state"
    write_text("old", path)
    program = (
        "import os, signal, sys; from pathlib import Path; from crest.storage import *\n"
        "def write(part): part.write_text('half'); os.kill(os.getpid(), signal.SIGKILL)\n"
        "write_atomically(Path(sys.argv[1]), write)"
    )
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2] / "src")}
    done = subprocess.run([sys.executable, "-c", program, path], env=environment, check=False)
    assert done.returncode == -signal.SIGKILL
    assert path.read_text() == "old"


def test_a_linked_folder_has_the_same_files_and_hidden_ones_stay_behind(tmp_path):
    source, target = tmp_path / "start", tmp_path / "chain" / "next"
    source.mkdir()
    (source / "config.json").write_text("{}")
    (source / ".lock").write_text("")
    link_folder(source, target)
    assert [path.name for path in target.iterdir()] == ["config.json"]
    assert (target / "config.json").samefile(source / "config.json")


def test_linking_replaces_what_was_there(tmp_path):
    source, target = tmp_path / "a", tmp_path / "b"
    for folder, name in ((source, "new"), (target, "old")):
        folder.mkdir()
        (folder / name).write_text("")
    link_folder(source, target)
    assert [path.name for path in target.iterdir()] == ["new"]
