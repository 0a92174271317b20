"""The jobs behind a job, down to the base models and the tasks, and alike ones as one group."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from crest.commands.cells import cell_of
from crest.commands.result_tree import ResultTree, is_given
from crest.commands.staleness import shown_path
from crest.job_record import FileRecord, JobRecord
from crest.spec import canonical

_TELLS_APART = ("job", "choices", "code", "libraries", "python")
GATHERED = {"method", "seed", "campaign"}
"""Parts of a cell in which jobs of one group may differ."""


@dataclass(frozen=True, slots=True)
class Group:
    """Jobs of one rule and one code, one after the other or side by side.

    Attributes:
        members: Paths of their records.
        parents: Keys of the groups that made what they read and that no other parent leads to.
    """

    members: tuple[str, ...]
    parents: tuple[str, ...]


def ancestors(tree: ResultTree, name: str) -> list[str]:
    """Return the record of a job and of all jobs before it, nearest first."""
    found = {name: None}
    queue = [name]
    for each in queue:
        for parent in _parents(tree, tree.records[each]):
            if parent not in found:
                found[parent] = None
                queue.append(parent)
    return queue


def group_key(record: JobRecord) -> str:
    """Return what a job has in common with those that are shown as one with it."""
    shared = {name: record.spec.get(name) for name in _TELLS_APART}
    cell = {name: value for name, value in cell_of(record.spec).items() if name not in GATHERED}
    return canonical({**shared, **cell})


def groups_of(tree: ResultTree, names: Sequence[str]) -> dict[str, Group]:
    """Return jobs and all before them in groups, by key, in the order of their first members."""
    keys = {name: group_key(tree.records[name]) for name in names}
    members: dict[str, list[str]] = {}
    above: dict[str, set[str]] = {}
    for name, key in keys.items():
        members.setdefault(key, []).append(name)
        parents = {keys[parent] for parent in _parents(tree, tree.records[name])}
        above.setdefault(key, set()).update(parents - {key})
    return {
        key: Group(tuple(each), tuple(_direct(above, key, members)))
        for key, each in members.items()
    }


def broken_links(tree: ResultTree, names: Iterable[str]) -> list[str]:
    """Return where what jobs read is not what its parent's record says that it made."""
    readers: dict[str, list[str]] = {}
    for name in names:
        for file in tree.records[name].input_files():
            problem = _problem(tree, file)
            if problem and name not in readers.setdefault(problem, []):
                readers[problem].append(name)
    return [f"{problem}; read by {_some(each)}" for problem, each in readers.items()]


def _problem(tree: ResultTree, file: FileRecord) -> str:
    """Return how an input is not what its parent made; nothing if it is."""
    made, path = tree.outputs.get(file.path), shown_path(file.path)
    if made is None:
        return "" if is_given(file.path) else f"{path}: no record says what made it"
    if made.sha256 == file.sha256:
        return ""
    return (
        f"{path}: it was read with the digest {file.sha256[:8]}, and {tree.makers[file.path]} made "
        f"{made.sha256[:8]}"
    )


def _some(names: Sequence[str]) -> str:
    """Return one name, and how many more there are."""
    return names[0] if len(names) == 1 else f"{names[0]} and {len(names) - 1} more"


def seeds_of(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return the seeds among values by dotted path."""
    return {path: value for path, value in values.items() if path.rpartition(".")[2] == "seed"}


def _parents(tree: ResultTree, record: JobRecord) -> list[str]:
    makers = (tree.makers.get(file.path) for file in record.input_files())
    return list(dict.fromkeys(maker for maker in makers if maker is not None))


def _direct(
    above: Mapping[str, set[str]], key: str, order: Mapping[str, Sequence[str]]
) -> Iterator[str]:
    """Yield the parents of a group to which none of its other parents leads."""
    reached: set[str] = set()
    for parent in above[key]:
        reached |= _all_above(above, parent) - {parent}
    yield from (parent for parent in order if parent in above[key] - reached)


def _all_above(above: Mapping[str, set[str]], key: str) -> set[str]:
    seen = {key}
    pending = [key]
    while pending:
        for parent in above.get(pending.pop(), ()):
            if parent not in seen:
                seen.add(parent)
                pending.append(parent)
    return seen
