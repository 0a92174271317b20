import errno
import io
import json
import os
import signal
import subprocess
import sys
import tempfile
from contextlib import suppress
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from crest.checksums import DamagedFileError
from crest.storage import (
    link_folder,
    read_json,
    read_stamp,
    read_table,
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


def test_polars_on_a_full_disk_is_named_by_the_system_and_the_path(tmp_path):
    def fill(_):
        raise pl.exceptions.ComputeError("cannot write: No space left on device (os error 28)")

    with pytest.raises(OSError, match="No space left on device") as failure:
        write_atomically(tmp_path / "table", fill)
    assert failure.value.errno == errno.ENOSPC
    assert failure.value.filename == str(tmp_path / "table")


def test_a_table_whose_bytes_do_not_fit_is_a_failure_of_the_system(tmp_path):
    frame = pl.DataFrame({"text": [str(number) * 9 for number in range(20_000)]})
    program = (
        "import resource, signal, sys; from pathlib import Path; import polars as pl\n"
        "from crest.storage import write_parquet\n"
        "frame = pl.DataFrame({'text': [str(number) * 9 for number in range(20_000)]})\n"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096))\n"
        "try: write_parquet(frame, Path(sys.argv[1]))\n"
        "except OSError as error: print(error.errno, error.filename)"
    )
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2] / "src")}
    done = subprocess.run(
        [sys.executable, "-c", program, tmp_path / "table"],
        env=environment,
        check=True,
        capture_output=True,
        text=True,
    )
    assert done.stdout == f"{errno.EFBIG} {tmp_path / 'table'}\n"
    assert list(tmp_path.iterdir()) == []
    write_parquet(frame, tmp_path / "table")
    assert read_table(tmp_path / "table").equals(frame)


@given(st.integers(0, 10_000), st.integers(1, 255))
def test_a_changed_table_is_read_or_named_and_never_a_crash(place, change):
    content = io.BytesIO()
    pl.DataFrame({"a": range(300), "b": ["x", "yy"] * 150}).write_parquet(content)
    damaged = bytearray(content.getvalue())
    damaged[place % len(damaged)] ^= change
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "table.parquet")
        path.write_bytes(damaged)
        with suppress(DamagedFileError):
            assert isinstance(read_table(path), pl.DataFrame)


@given(st.integers(0, 10_000))
def test_a_table_that_is_cut_off_is_damaged(length):
    content = io.BytesIO()
    pl.DataFrame({"a": range(300)}).write_parquet(content)
    whole = content.getvalue()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "table.parquet")
        path.write_bytes(whole[: length % len(whole)])
        with pytest.raises(DamagedFileError, match=r"table\.parquet: cannot be read .*; delete"):
            read_table(path)


def test_a_table_without_a_column_is_named_with_the_column(tmp_path):
    write_parquet(pl.DataFrame({"a": [1], "b": [2]}), tmp_path / "t.parquet")
    assert read_table(tmp_path / "t.parquet", ["b"]).columns == ["b"]
    with pytest.raises(DamagedFileError, match=r"t\.parquet: .*it has no column c, d"):
        read_table(tmp_path / "t.parquet", ["d", "a", "c"])


@pytest.mark.parametrize(
    "content",
    [b"", b"\xff" * 8, b"\xff" * 7 + b"\x7f" + b"x" * 99, (4).to_bytes(8, "little") + b"[12]"],
)
def test_damaged_weights_carry_no_stamp_but_a_message(content, tmp_path):
    (tmp_path / "model.safetensors").write_bytes(content)
    with pytest.raises(DamagedFileError, match=r"model\.safetensors: cannot be read"):
        read_stamp(tmp_path)


def test_a_damaged_decision_is_named_with_what_helps(tmp_path):
    (tmp_path / "decision.json").write_text('{"peak_step": 3')
    for read in (read_json, read_stamp):
        with pytest.raises(DamagedFileError, match=r"decision\.json: cannot be read .*; delete"):
            read(tmp_path / "decision.json")
