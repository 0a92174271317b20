"""Files that are either whole or absent, and that carry the spec that made them.

Covers: a kill at any moment leaves the old file or the new one. Does not cover: a disk that
acknowledges an fsync and then forgets it.
"""

import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import polars as pl

SPEC_KEY = "crest_spec"


def write_atomically(path: Path, write: Callable[[Path], None]) -> None:
    """Let `write` fill a temporary file beside `path`, then move it into place."""
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        write(temporary)
        _sync(temporary)
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)
    _sync(path.parent)


def write_text(text: str, path: Path) -> None:
    """Write a text file atomically."""
    write_bytes(text.encode(), path)


def write_bytes(content: bytes, path: Path) -> None:
    """Write a file atomically."""
    write_atomically(path, lambda temporary: _fill(temporary, content))


def write_json(value: dict[str, Any], path: Path, *, spec: str | None = None) -> None:
    """Write a JSON object atomically, with the spec under the key `spec`."""
    stamped = value if spec is None else {**value, "spec": json.loads(spec)}
    write_text(json.dumps(stamped, indent=1, sort_keys=True, allow_nan=False) + "\n", path)


def read_json(path: Path) -> Any:
    """Return the value of a JSON file."""
    return json.loads(path.read_text())


def write_parquet(frame: pl.DataFrame, path: Path, *, spec: str | None = None) -> None:
    """Write a table atomically, with the spec in the file's metadata."""
    metadata = None if spec is None else {SPEC_KEY: spec}
    write_atomically(
        path,
        lambda temporary: frame.write_parquet(temporary, compression="zstd", metadata=metadata),
    )


def read_spec(path: Path) -> str | None:
    """Return the spec stamped into a Parquet, JSON or safetensors file or checkpoint folder.

    Raises:
        FileNotFoundError: No such file, or a folder that is no checkpoint.
        ValueError: The file's kind carries no stamp, or its content is damaged.
    """
    if path.is_dir():
        if not (path / "model.safetensors").exists():
            raise FileNotFoundError(f"{path}: no checkpoint; name a file, or a folder of weights")
        return read_spec(path / "model.safetensors")
    if path.suffix not in _STAMPS:
        raise ValueError(f"{path}: only {', '.join(_STAMPS)} and checkpoint folders carry a spec")
    try:
        return _STAMPS[path.suffix](path)
    except FileNotFoundError:
        raise
    except (OSError, ValueError, pl.exceptions.PolarsError) as error:
        raise ValueError(f"{path}: cannot be read ({error}); delete it and run again") from None


def _json_stamp(value: Any) -> Any:
    """Return the spec of a JSON object; a chart's `spec` is its own, so its stamp lies deeper."""
    if not isinstance(value, dict):
        return None
    if "usermeta" in value:
        return value["usermeta"].get("crest", {}).get("spec")
    return value.get("spec")


def _parquet_spec(path: Path) -> str | None:
    return pl.read_parquet_metadata(path).get(SPEC_KEY)


def _json_spec(path: Path) -> str | None:
    spec = _json_stamp(read_json(path))
    return None if spec is None else json.dumps(spec, sort_keys=True, separators=(",", ":"))


def _safetensors_spec(path: Path) -> str | None:
    with path.open("rb") as file:
        header = json.loads(file.read(int.from_bytes(file.read(8), "little")))
    spec = header.get("__metadata__", {}).get(SPEC_KEY)
    return None if spec is None else str(spec)


_STAMPS: dict[str, Callable[[Path], str | None]] = {
    ".parquet": _parquet_spec,
    ".json": _json_spec,
    ".safetensors": _safetensors_spec,
}


def link_folder(source: Path, target: Path) -> None:
    """Make `target` a copy of a folder of files by hard links, or by copies across disks."""
    if target.exists():
        shutil.rmtree(target)
    target.mkdir(parents=True)
    for file in sorted(source.iterdir()):
        if file.name.startswith("."):
            continue
        try:
            os.link(file, target / file.name)
        except OSError:
            shutil.copy2(file, target / file.name)


def _fill(path: Path, content: bytes) -> None:
    path.write_bytes(content)


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
