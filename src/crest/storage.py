"""Files that are either whole or absent, and that carry a stamp: what their job was asked for.

Covers: a kill at any moment leaves the old file or the new one; what a killed writer left beside
it goes with the next write. Does not cover: a disk that acknowledges an fsync and then forgets it.
"""

import fcntl
import io
import json
import os
import re
import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from glob import escape as glob_escape
from pathlib import Path
from typing import Any

import polars as pl

from crest.checksums import SUMS, DamagedFileError, format_sums, how_to_remake

STAMP_KEY = "crest_stamp"
_UNREADABLE = (ValueError, pl.exceptions.PolarsError, pl.exceptions.PanicException)


def write_atomically(path: Path, write: Callable[[Path], None]) -> None:
    """Let `write` fill a temporary file beside `path`, then move it into place."""
    path.parent.mkdir(parents=True, exist_ok=True)
    _sweep(path)
    with naming(path), _temporary_beside(path) as temporary:
        write(temporary)
        _sync(temporary)
        temporary.replace(path)
    _sync(path.parent)


@contextmanager
def naming(path: Path) -> Iterator[None]:
    """Make any failure of the system inside the block an `OSError` that names a path.

    Libraries written in Rust put the system's number into the text of errors of their own.
    """
    try:
        yield
    except OSError as error:
        raise OSError(error.errno, error.strerror or str(error), str(path)) from error
    except Exception as error:
        found = re.search(r"\(os error (\d+)\)", str(error))
        if found is None:
            raise
        number = int(found[1])
        raise OSError(number, os.strerror(number), str(path)) from error


@contextmanager
def _temporary_beside(path: Path) -> Iterator[Path]:
    """Yield a new file that this process holds locked; it is gone afterwards unless renamed."""
    temporary = path.with_name(f".{path.name}.{os.getpid()}.part")
    with temporary.open("wb") as file:
        with suppress(OSError):  # some file systems have no locks
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        try:
            yield temporary
        finally:
            temporary.unlink(missing_ok=True)


def _sweep(path: Path) -> None:
    """Remove temporary files that killed writers of a path left; a live writer's is locked."""
    for left in path.parent.glob(f".{glob_escape(path.name)}.*.part"):
        with suppress(OSError), left.open("rb") as file:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            left.unlink()


def write_text(text: str, path: Path) -> None:
    """Write a text file atomically."""
    write_bytes(text.encode(), path)


def write_bytes(content: bytes, path: Path) -> None:
    """Write a file atomically."""
    write_atomically(path, lambda temporary: _fill(temporary, content))


def write_json(value: dict[str, Any], path: Path, *, stamp: str | None = None) -> None:
    """Write a JSON object atomically, with the stamp under the key `stamp`."""
    stamped = value if stamp is None else {**value, "stamp": json.loads(stamp)}
    write_text(json.dumps(stamped, indent=1, sort_keys=True, allow_nan=False) + "\n", path)


def read_json(path: Path) -> Any:
    """Return the value of a JSON file.

    Raises:
        FileNotFoundError: No such file.
        DamagedFileError: The file holds no JSON.
    """
    with _readable(path):
        return json.loads(path.read_text(encoding="utf-8"))


def write_parquet(frame: pl.DataFrame, path: Path, *, stamp: str | None = None) -> None:
    """Write a table atomically, with the stamp in the file's metadata."""
    metadata = None if stamp is None else {STAMP_KEY: stamp}
    write_atomically(path, lambda temporary: fill_parquet(frame, temporary, metadata=metadata))


def fill_parquet(
    frame: pl.DataFrame, path: Path, *, metadata: dict[str, str] | None = None
) -> None:
    """Write a table as a Parquet file, by way of memory.

    Polars, when it writes to a full disk, says that the Parquet is out of specification.
    """
    content = io.BytesIO()
    frame.write_parquet(content, compression="zstd", metadata=metadata)
    _fill(path, content.getvalue())


def read_table(path: Path, columns: Sequence[str] | None = None) -> pl.DataFrame:
    """Return a table.

    Args:
        path: A Parquet file.
        columns: Those to read, which it must have; None reads all.

    Raises:
        FileNotFoundError: No such file.
        DamagedFileError: The file is no whole Parquet file, or lacks a column.
    """
    with _readable(path):
        content = path.read_bytes()
        missing = sorted(set(columns or ()) - set(pl.read_parquet_schema(io.BytesIO(content))))
        if missing:
            raise ValueError(f"it has no column {', '.join(missing)}")
        return pl.read_parquet(io.BytesIO(content), columns=None if columns is None else [*columns])


@contextmanager
def _readable(path: Path) -> Iterator[None]:
    """Make any failure to understand a file's content one that names the file."""
    try:
        yield
    except OSError:
        raise
    except _UNREADABLE as error:
        raise _damaged(path, error) from None


def read_stamp(path: Path) -> str | None:
    """Return the stamp of a Parquet, JSON or safetensors file, or of a checkpoint folder.

    Raises:
        FileNotFoundError: No such file, or a folder that is no checkpoint.
        ValueError: The file's kind carries no stamp.
        DamagedFileError: Its content is damaged.
    """
    if path.is_dir():
        weights = sorted(path.glob("*.safetensors"))
        if not weights:
            raise FileNotFoundError(f"{path}: no checkpoint; name a file, or a folder of weights")
        return read_stamp(weights[0])
    if path.suffix not in _STAMPS:
        raise ValueError(f"{path}: only {', '.join(_STAMPS)} and checkpoint folders carry a stamp")
    with _readable(path):
        return _STAMPS[path.suffix](path)


def _damaged(path: Path, error: BaseException) -> DamagedFileError:
    why = str(error).partition("\n")[0]
    return DamagedFileError(f"{path}: cannot be read ({why}); {how_to_remake(path)}")


def _json_stamp(value: Any) -> Any:
    """Return the stamp of a JSON object; a chart's lies deeper, where its format allows it."""
    if not isinstance(value, dict):
        return None
    if "usermeta" in value:
        return value["usermeta"].get("crest", {}).get("stamp")
    return value.get("stamp")


def _stamp_of_parquet(path: Path) -> str | None:
    return pl.read_parquet_metadata(path).get(STAMP_KEY)


def _stamp_of_json(path: Path) -> str | None:
    stamp = _json_stamp(json.loads(path.read_text()))
    return None if stamp is None else json.dumps(stamp, sort_keys=True, separators=(",", ":"))


def _stamp_of_safetensors(path: Path) -> str | None:
    with path.open("rb") as file:
        length = int.from_bytes(file.read(8), "little")
        if length > path.stat().st_size:
            raise ValueError("it ends within its header")
        header = json.loads(file.read(length))
    if not isinstance(header, dict):
        raise ValueError("its header is no object")  # noqa: TRY004 (of a file, not of a caller)
    stamp = header.get("__metadata__", {}).get(STAMP_KEY)
    return None if stamp is None else str(stamp)


_STAMPS: dict[str, Callable[[Path], str | None]] = {
    ".parquet": _stamp_of_parquet,
    ".json": _stamp_of_json,
    ".safetensors": _stamp_of_safetensors,
}


def empty_folder(folder: Path) -> None:
    """Make a folder without files; a checkpoint in it ceases to be one before any file goes."""
    (folder / SUMS).unlink(missing_ok=True)
    if folder.exists():
        shutil.rmtree(folder)
    folder.mkdir(parents=True)


def write_sums(folder: Path) -> None:
    """Write the `SHA256SUMS` of a checkpoint folder whose other files are there."""
    write_text(format_sums(folder), folder / SUMS)


def link_folder(source: Path, target: Path) -> None:
    """Make `target` a copy of a checkpoint folder by hard links, or by copies across disks.

    Its `SHA256SUMS` is a file of its own, since Snakemake sets the times of a job's outputs, which
    links share.
    """
    empty_folder(target)
    for file in sorted(source.iterdir()):
        if not file.name.startswith(".") and file.name != SUMS:
            _link(file, target / file.name)
    if (source / SUMS).exists():
        write_bytes((source / SUMS).read_bytes(), target / SUMS)


def _link(source: Path, target: Path) -> None:
    try:
        os.link(source, target)
    except OSError:
        shutil.copy2(source, target)


def _fill(path: Path, content: bytes) -> None:
    path.write_bytes(content)


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
