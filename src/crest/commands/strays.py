"""Files in a folder of results that no record names."""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from crest.checksums import SUMS, DamagedFileError, read_sums
from crest.commands.result_tree import ResultTree
from crest.job_record import FOLDER

BESIDE = {FOLDER, "logs", "benchmarks"}
"""Folders of a study that hold no results, directly under that of the results."""
LEFTOVER = ".part"


@dataclass(frozen=True, slots=True)
class Strays:
    """What lies in a folder of results beside its results.

    Attributes:
        unknown: Visible files that no record names, pages named README left out.
        leftovers: Temporary files; a writer was killed, or is writing just now.
        studies: Folders below that have records of their own, not looked into.
    """

    unknown: tuple[Path, ...]
    leftovers: tuple[Path, ...]
    studies: tuple[Path, ...]


def find_strays(tree: ResultTree) -> Strays:
    """Return the files that no record of a tree names."""
    named = set(_named(tree))
    unknown, leftovers, studies = [], [], []
    for folder, names, files in os.walk(tree.folder):
        here = Path(folder)
        if here != tree.folder and FOLDER in names:
            studies.append(here)
            names.clear()
            continue
        names[:] = sorted(name for name in names if not name.startswith("."))
        paths = [here / name for name in sorted(files)]
        leftovers += [path for path in paths if path.suffix == LEFTOVER]
        if not _is_beside(tree, here):
            unknown += [path for path in paths if path not in named and _is_visible(path)]
    return Strays(tuple(unknown), tuple(leftovers), tuple(studies))


def _named(tree: ResultTree) -> Iterator[Path]:
    """Yield the files that records name, and those that checkpoints among them name."""
    for relative in tree.outputs:
        path = tree.path(relative)
        yield path
        if path.name == SUMS:
            try:
                yield from (path.parent / name for name in read_sums(path.parent))
            except (OSError, DamagedFileError):  # a fault of the checkpoint, not of its files
                yield from path.parent.glob("*")


def _is_beside(tree: ResultTree, folder: Path) -> bool:
    parts = folder.relative_to(tree.folder).parts
    return bool(parts) and parts[0] in BESIDE


def _is_visible(path: Path) -> bool:
    return not path.name.startswith((".", "README"))
