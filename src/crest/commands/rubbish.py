"""What jobs left behind that no job will use again, and its removal."""

import os
import shutil
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from crest.commands.cells import job_words
from crest.commands.comparison import Kind, compare_specs
from crest.commands.result_tree import read_tree
from crest.commands.strays import LEFTOVER
from crest.digest.archive import recall
from crest.failures import MendableError
from crest.file_digests import FileDigests
from crest.job_record import FOLDER
from crest.spec import CLOSURES, parse_spec
from crest.work import ROOT, SET_ASIDE, Identity, identity_of, in_use, lock_of, locked
from crest.work.lock import is_held

YOUNG_S = 86_400.0
"""What is kept of code stays this long at least: the job that needs it may still be running."""
DISCARDED = ".discarded"


@dataclass(frozen=True, slots=True)
class Item:
    """Something that can go.

    Attributes:
        kind: What it is.
        path: Where it lies.
        why: Whose it was, and why nothing can use it.
        size: In bytes.
        files: What of the path goes; nothing means all.
    """

    kind: Literal["work folder", "set-aside folder", "leftover", "archive of code"]
    path: Path
    why: str
    size: int
    files: tuple[Path, ...] = ()


@dataclass(frozen=True, slots=True)
class Kept:
    """A work folder that stays.

    Attributes:
        path: Where it lies.
        why: Whose it is.
        code: The code digest that its job needs; nothing if it is not known.
    """

    path: Path
    why: str
    code: str

    def __str__(self) -> str:
        return f"{self.path}: {self.why}"


def work_folders() -> tuple[list[Item], list[Kept]]:
    """Return the work folders that no job can go on from, and those that stay."""
    items: list[Item] = []
    kept: list[Kept] = []
    digests = FileDigests()
    for folder in sorted(path for path in ROOT.glob("*") if path.is_dir()):
        identity = _identity(folder)
        words, code = _owner(identity)
        if folder.suffix == DISCARDED:
            items.append(Item("work folder", folder, "its job is finished", size_of(folder)))
        elif in_use(folder):
            kept.append(Kept(folder, f"{words} works in it", code))
        elif why := _useless(identity, digests):
            items.append(Item("work folder", folder, f"{words}: {why}", size_of(folder)))
        else:
            kept.append(Kept(folder, f"{words} can go on from it", code))
    return items, kept


def set_aside() -> Iterator[Item]:
    """Yield what jobs set aside as torn or foreign."""
    for path in sorted((ROOT.parent / SET_ASIDE).glob("*")):
        yield Item("set-aside folder", path, "it was not as its job had left it", size_of(path))


def leftovers(folders: Sequence[Path]) -> Iterator[Item]:
    """Yield temporary files of killed writers in folders of results."""
    seen: set[Path] = set()
    for folder in folders:
        for path in sorted(folder.rglob(f".*{LEFTOVER}")):
            if path.resolve() not in seen and path.is_file() and not is_held(path):
                seen.add(path.resolve())
                yield Item("leftover", path, "its writer was killed", size_of(path))


def old_code(folders: Sequence[Path], kept: Sequence[Kept]) -> Iterator[Item]:
    """Yield what is kept of code that no record of results and no work folder refers to."""
    needed = {each.code for each in kept}
    for folder in folders:
        needed |= _codes(folder)
    texts = {part.checksum for code in needed for part in (recall(code, CLOSURES) or {}).values()}
    oldest = time.time() - YOUNG_S
    files = tuple(
        path
        for path in sorted(CLOSURES.rglob("*"))
        if path.is_file() and path.stat().st_mtime < oldest and _code_of(path) not in needed | texts
    )
    if files:
        why = f"{len(files)} files on code that made none of the results"
        yield Item("archive of code", CLOSURES, why, sum(map(size_of, files)), files)


def _code_of(path: Path) -> str:
    """Return the digest of the code, or the checksum of the text, that a kept file is about."""
    return path.read_text() if path.suffix == ".seen" else path.stem


def remove(item: Item) -> str:
    """Remove something, and return why that was impossible; nothing if it is gone."""
    try:
        if item.kind == "work folder":
            _remove_work(item.path)
        elif item.path.is_dir() and not item.files:
            shutil.rmtree(item.path)
        else:
            for path in item.files or (item.path,):
                path.unlink(missing_ok=True)
    except MendableError as error:
        return str(error)
    except OSError as error:
        return f"{error.strerror}; give yourself the right to it"
    return ""


def size_of(path: Path) -> int:
    """Return the bytes of a file, or of all files below a folder."""
    if not path.is_dir():
        return path.lstat().st_size
    found = (Path(folder) / name for folder, _, names in os.walk(path) for name in names)
    return sum(file.lstat().st_size for file in found)


def _remove_work(folder: Path) -> None:
    """Remove a work folder, unless a job has begun to work in it; a kill leaves no half of it."""
    own = folder.with_suffix("")
    with locked(lock_of(own), own):
        gone = folder if folder.suffix == DISCARDED else folder.rename(own.with_suffix(DISCARDED))
        shutil.rmtree(gone)


def _identity(folder: Path) -> Identity | None:
    try:
        identity = identity_of(folder)
        parse_spec(identity.spec)
    except (OSError, ValueError):
        return None
    return identity


def _owner(identity: Identity | None) -> tuple[str, str]:
    """Return the job of a work folder in words, and its code digest."""
    if identity is None:
        return "an unknown job", ""
    spec = parse_spec(identity.spec)
    return job_words(spec), str(spec["code"])


def _useless(identity: Identity | None, digests: FileDigests) -> str:
    """Return why no job can go on from a work folder; nothing if one can."""
    if identity is None:
        return "its work.json is missing or damaged"
    for change in compare_specs(parse_spec(identity.spec), None).changes:
        if change.kind is Kind.CODE:
            return "its code was edited since"
        return f"{change.kind.value} {change.text}"
    for text, digest in zip(identity.paths, identity.inputs, strict=True):
        path = Path(text)
        if not path.is_file():
            return f"{path}, which it read, is gone"
        if digests.of(path) != digest:
            return f"{path}, which it read, holds other bytes now"
    return ""


def _codes(folder: Path) -> set[str]:
    """Return the code digests that the records of a folder of results name."""
    if not (folder / FOLDER).is_dir():
        return set()
    records = read_tree(folder).records.values()
    specs = [record.spec for record in records]
    specs += [entry["spec"] for record in records for entry in record.history if "spec" in entry]
    return {str(spec["code"]) for spec in specs}
