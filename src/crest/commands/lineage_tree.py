"""The tree of what made a result, as lines of text."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from crest.commands.ancestry import GATHERED, Group, seeds_of
from crest.commands.cells import cell_of, cell_words
from crest.commands.comparison import values_of
from crest.commands.result_tree import ResultTree
from crest.job_record import JobRecord

SHOWN_WORDS = 4
"""Names of one kind, such as arms, that are listed before they are only counted."""


class Drawing:
    """Draws a tree of groups; a group that has been drawn is only named again."""

    def __init__(
        self, tree: ResultTree, groups: Mapping[str, Group], depth: int | None, *, full: bool
    ) -> None:
        self.tree = tree
        self.groups = groups
        self.depth = depth
        self.full = full
        self._drawn: set[str] = set()

    def lines(self, root: str) -> Iterator[str]:
        """Yield the lines of a group and of all that is above it."""
        yield from self._branch(root, "", is_last=True, level=1)

    def _branch(self, key: str, indent: str, *, is_last: bool, level: int) -> Iterator[str]:
        group = self.groups[key]
        records = [self.tree.records[name] for name in group.members]
        below = indent + ("   " if is_last else "│  ")
        mark = "└─ " if is_last else "├─ "
        again = key in self._drawn
        if again:
            yield f"{indent}{mark}{', '.join(_reference(records))}, see above"
            return
        yield f"{indent}{mark}{group_words(records)}"
        self._drawn.add(key)
        if self.full:
            bar = "│  " if group.parents else "   "
            yield from (f"{below}{bar}  {line}" for line in _values(records))
        if self.depth is not None and level >= self.depth and group.parents:
            yield f"{below}└─ ... made of more (--depth {self.depth})"
            return
        for number, parent in enumerate(group.parents, 1):
            last = number == len(group.parents)
            yield from self._branch(parent, below, is_last=last, level=level + 1)


def group_words(records: Sequence[JobRecord]) -> str:
    """Return a group of jobs in words: rule, how many, cells, seeds, code."""
    values = _gathered(cell_of(record.spec) for record in records)
    other = _gathered(_other_seeds(record) for record in records)
    parts = [f"{'arm' if name == 'method' else name} {_listed(each)}" for name, each in values]
    parts += [f"{path} {_listed(each)}" for path, each in other]
    return ", ".join([_heading(records), *parts])


def _reference(records: Sequence[JobRecord]) -> list[str]:
    """Return the words that tell a group from the others of its rule."""
    cell = {name: each for name, each in cell_of(records[0].spec).items() if name not in GATHERED}
    return [_heading(records), *cell_words(cell)]


def _heading(records: Sequence[JobRecord]) -> str:
    count = f" x{len(records)}" if len(records) > 1 else ""
    return f"{records[0].job}{count} {records[0].spec['code'][:8]}"


def _other_seeds(record: JobRecord) -> dict[str, Any]:
    """Return seeds of the configuration that the cell does not name."""
    seeds = seeds_of(values_of(record.spec))
    cell = {"seed", "keys.seed", "config.settings.seed"}
    return {path.removeprefix("config."): seeds[path] for path in seeds if path not in cell}


def _gathered(cells: Iterable[Mapping[str, Any]]) -> list[tuple[str, list[Any]]]:
    """Return the distinct values of each name, sorted."""
    values: dict[str, set[Any]] = {}
    for cell in cells:
        for name, value in cell.items():
            values.setdefault(name, set()).add(value)
    return [(name, sorted(each)) for name, each in values.items()]


def _listed(values: Sequence[Any]) -> str:
    """Return values in short: numbers as ranges, many words by their count.

    Example:
        >>> _listed([0, 1, 2, 5]), _listed(["es", "grpo"])
        ('0-2 5', 'es grpo')
    """
    if all(isinstance(value, int) for value in values):
        return " ".join(_ranges(values))
    if len(values) > SHOWN_WORDS:
        return f"{' '.join(map(str, values[:SHOWN_WORDS]))} and {len(values) - SHOWN_WORDS} more"
    return " ".join(map(str, values))


def _ranges(values: Sequence[int]) -> Iterator[str]:
    """Yield runs of sorted whole numbers."""
    start = 0
    for end in range(1, len(values) + 1):
        if end == len(values) or values[end] != values[end - 1] + 1:
            run = values[start:end]
            yield str(run[0]) if len(run) == 1 else f"{run[0]}-{run[-1]}"
            start = end


def _values(records: Sequence[JobRecord]) -> Iterator[str]:
    """Yield versions, and values of the configuration; one that differs shows all it has."""
    spec = records[0].spec
    libraries = [f"{name} {version}" for name, version in spec.get("libraries", {}).items()]
    yield ", ".join([f"python {spec.get('python')}", *libraries])
    each = [values_of(record.spec) for record in records]
    for path in sorted({path for values in each for path in values}):
        if path == "job":
            continue
        found = [json.dumps(values[path]) for values in each if path in values]
        yield f"{path}: {' | '.join(dict.fromkeys(found))}"
