"""Files in a folder of results that no record names."""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from crest.checksums import SUMS, DamagedFileError, read_sums
from crest.commands.result_tree import ResultTree, is_given
from crest.job_record import FOLDER

BESIDE = {FOLDER, "logs", "benchmarks"}
"""Folders of a study that hold no results, directly under that of the results."""
LEFTOVER = ".part"
WEIGHTS = ".safetensors"


@dataclass(frozen=True, slots=True)
class Strays:
    """What lies in a folder of results beside its results.

    Attributes:
        unknown: Visible files that no record names, pages named README left out; of a checkpoint,
            its `SHA256SUMS`.
        halves: Folders of weights without `SHA256SUMS`.
        leftovers: Temporary files; a writer was killed, or is writing just now.
        studies: Folders below that have records of their own, not looked into.
    """

    unknown: tuple[Path, ...]
    halves: tuple[Path, ...]
    leftovers: tuple[Path, ...]
    studies: tuple[Path, ...]


def find_strays(tree: ResultTree) -> Strays:
    """Return the files that no record of a tree names."""
    named = set(_named(tree))
    unknown, halves, leftovers, studies = [], [], [], []
    for folder, names, files in os.walk(tree.folder):
        here = f"{folder}/".removeprefix(f"{tree.folder}/")
        if here and FOLDER in names:
            studies.append(tree.path(here))
            names.clear()
            continue
        names[:] = sorted(name for name in names if not name.startswith("."))
        paths = [here + name for name in sorted(files)]
        leftovers += [tree.path(path) for path in paths if path.endswith(LEFTOVER)]
        if SUMS in files and here + SUMS not in named:
            unknown.append(here + SUMS)  # stands for all of the checkpoint
        elif SUMS not in files and any(name.endswith(WEIGHTS) for name in files):
            halves.append(tree.path(here))
        elif here.partition("/")[0] not in BESIDE:
            unknown += [path for path in paths if path not in named and not is_given(path)]
    found = (tree.path(path) for path in unknown)
    return Strays(
        tuple(filter(_is_visible, found)), tuple(halves), tuple(leftovers), tuple(studies)
    )


def _named(tree: ResultTree) -> Iterator[str]:
    """Yield the files that records name, and those that checkpoints among them name."""
    for path in tree.outputs:
        yield path
        folder, _, name = path.rpartition("/")
        if name == SUMS:
            try:
                yield from (f"{folder}/{each}" for each in read_sums(tree.path(folder)))
            except (OSError, DamagedFileError):  # a fault of the checkpoint, not of its files
                yield from (f"{folder}/{each.name}" for each in tree.path(folder).glob("*"))


def _is_visible(path: Path) -> bool:
    return not path.name.startswith((".", "README"))
