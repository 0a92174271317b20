"""What jobs leave of their code: each part's hash, what it leads to, and every text once.

A closure is kept under its digest, a text under its checksum, so jobs that run at one time write
the same bytes or nothing. A text that does not fit its checksum is taken as not kept.
"""

import hashlib
import json
import os
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from crest.digest.closure import Closure
from crest.digest.pieces import Key, Piece
from crest.storage import write_text

_FORM = 2
_TEXTS = "texts"


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of code as it is or was.

    Attributes:
        key: Its name.
        content: SHA-256 of what stands in it, places and what its names mean left out.
        checksum: SHA-256 of the file that it lies in.
        links: The parts that it leads to, in the order of its text.
    """

    key: Key
    content: str
    checksum: str
    links: tuple[Key, ...]


Parts = dict[Key, Part]


def parts_of(closure: Closure) -> Parts:
    """Return the parts of a closure by their names."""
    keys = [piece.key for piece in closure.pieces]
    return {
        piece.key: part_of(piece, tuple(keys[number] for number in links))
        for piece, links in zip(closure.pieces, closure.links, strict=True)
    }


def part_of(piece: Piece, links: tuple[Key, ...] = ()) -> Part:
    """Return a piece as a part."""
    return Part(piece.key, piece.content, piece.checksum, links)


def keep(closure: Closure, texts: Mapping[str, bytes], folder: Path) -> None:
    """Keep a closure and the texts that it lies in; what is kept already is left.

    Args:
        closure: What a job can reach.
        texts: Files by checksum.
        folder: Where closures are kept.
    """
    (folder / _TEXTS).mkdir(parents=True, exist_ok=True)
    for checksum, content in texts.items():
        _keep_text(content, folder / _TEXTS / checksum)
    path = folder / f"{closure.digest}.json"
    if not path.exists():
        write_text(_encoded(closure), path)


def recall(code: str, folder: Path) -> Parts | None:
    """Return the parts of the closure with a digest, None if it was not kept whole."""
    try:
        kept = json.loads((folder / f"{code}.json").read_text())
        if not isinstance(kept, dict) or kept.get("form") != _FORM:
            return None
        keys = [Key(*row[:3]) for row in kept["parts"]]
        rows = zip(keys, kept["parts"], strict=True)
        return {
            key: Part(key, row[3], row[4], tuple(keys[number] for number in row[5]))
            for key, row in rows
        }
    except (OSError, ValueError, LookupError, TypeError):
        return None


def recall_text(checksum: str, folder: Path) -> bytes | None:
    """Return a file's bytes by checksum, None if they were not kept whole."""
    with suppress(OSError):
        content = (folder / _TEXTS / checksum).read_bytes()
        if hashlib.sha256(content).hexdigest() == checksum:
            return content
    return None


def _encoded(closure: Closure) -> str:
    rows = [
        [*piece.key, piece.content, piece.checksum, links]
        for piece, links in zip(closure.pieces, closure.links, strict=True)
    ]
    lines = ",\n".join(json.dumps(row, separators=(",", ":")) for row in rows)
    return f'{{"form":{_FORM},"parts":[\n{lines}\n]}}\n'


def _keep_text(content: bytes, path: Path) -> None:
    """Write a text unless it is there; none is waited for to reach the disk."""
    with suppress(OSError):
        if path.stat().st_size == len(content):
            return
    temporary = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        temporary.write_bytes(content)
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)
