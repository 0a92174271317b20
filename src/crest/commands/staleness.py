"""Which recorded jobs are fresh, which are stale, and which only read what a stale one makes."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import PurePosixPath

from crest.checksums import SUMS
from crest.commands.comparison import Change, Comparison, Kind, compare_specs
from crest.commands.gathering import expected_inputs
from crest.commands.result_tree import ResultTree
from crest.file_digests import FileDigests
from crest.job_record import FileRecord, JobRecord
from crest.plan import Plan


class State(StrEnum):
    """What Snakemake would do with a finished job."""

    FRESH = "fresh"
    """Nothing: its spec and what it read are those of today."""
    STALE = "stale"
    """Run it again: its code, values, versions or inputs are others now."""
    WAITING = "waiting"
    """It is as it should be, but reads what a stale job makes; equal bytes would leave it so."""
    OUTSIDE = "outside"
    """Nothing: the study, as configured now, has no such cell."""


@dataclass(frozen=True, slots=True)
class Standing:
    """How a recorded job stands today.

    Attributes:
        state: In a word.
        comparison: Its spec beside the present one.
        changes: All that differs, of the spec and of what it read.
        parents: Records of the jobs that made what it read, sorted.
        is_after_stale: Whether a job before it, at any distance, is stale.
    """

    state: State
    comparison: Comparison
    changes: tuple[Change, ...]
    parents: tuple[str, ...]
    is_after_stale: bool = False


def standings(
    tree: ResultTree, plan: Plan | None, names: Iterable[str] | None = None
) -> dict[str, Standing]:
    """Return how recorded jobs stand, by the path of the record.

    Args:
        tree: The results.
        plan: The study; None leaves the values of the configuration out.
        names: Records of the jobs, with those of all jobs before them; None for all.
    """
    digests = FileDigests()
    chosen = tree.records if names is None else names
    own = {name: _standing_alone(tree, name, plan, digests) for name in chosen}
    after = _downstream(own)
    return {name: _placed(each) if name in after else each for name, each in own.items()}


def _placed(standing: Standing) -> Standing:
    """Return how a job stands that is after a stale one."""
    state = State.WAITING if standing.state is State.FRESH else standing.state
    return replace(standing, state=state, is_after_stale=True)


def root_causes(found: Mapping[str, Standing], name: str) -> dict[str, tuple[str, ...]]:
    """Return the stale jobs upstream of a job that have no stale job upstream of them.

    Returns:
        For each, by its record, the records on a shortest way to it, itself included.
    """
    causes: dict[str, tuple[str, ...]] = {}
    ways: dict[str, tuple[str, ...]] = {name: ()}
    queue = [name]
    for each in queue:
        for parent in found[each].parents:
            if parent not in ways and parent in found:
                ways[parent] = (*ways[each], parent)
                queue.append(parent)
                if found[parent].state is State.STALE and not found[parent].is_after_stale:
                    causes[parent] = ways[parent]
    return causes


def shown_path(path: str) -> str:
    """Return a recorded path as people name it: a checkpoint by its folder.

    Example:
        >>> shown_path("models/organism/seed0/model/SHA256SUMS")
        'models/organism/seed0/model'
    """
    pure = PurePosixPath(path)
    return str(pure.parent) if pure.name == SUMS else path


def _standing_alone(
    tree: ResultTree, name: str, plan: Plan | None, digests: FileDigests
) -> Standing:
    """Return how a job stands by itself, whatever is stale before it."""
    record = tree.records[name]
    comparison = compare_specs(record.spec, plan)
    files = record.input_files()
    inputs = [change for file in files for change in _input_changes(tree, file, digests)]
    if plan and comparison.spec:
        inputs += _set_changes(record, expected_inputs(plan, comparison.spec, tree.folder))
    parents = sorted({tree.makers[file.path] for file in files if file.path in tree.makers})
    changes = (*comparison.changes, *inputs)
    if comparison.spec is None and not comparison.changes:
        return Standing(State.OUTSIDE, comparison, (), tuple(parents))
    state = State.STALE if changes else State.FRESH
    return Standing(state, comparison, changes, tuple(parents))


def _input_changes(tree: ResultTree, file: FileRecord, digests: FileDigests) -> Iterator[Change]:
    """Yield how an input differs from what the job read; of a job's output its record tells."""
    made = tree.outputs.get(file.path)
    if made is not None:
        if made.sha256 != file.sha256:
            shown = shown_path(file.path)
            yield Change(Kind.INPUT, f"{shown} was made anew since, with other bytes")
        return
    path, shown = tree.path(file.path), shown_path(file.path)
    if not path.exists():
        yield Change(Kind.INPUT, f"{shown} is missing")
    elif digests.of(path) != file.sha256:
        yield Change(Kind.INPUT, f"{shown} holds other bytes than those that were read")


def _set_changes(record: JobRecord, expected: Mapping[str, Sequence[str]]) -> Iterator[Change]:
    """Yield which files the study now hands to the job, or no longer does."""
    for option, paths in expected.items():
        read = {file.path for file in record.inputs.get(option, ())}
        for path in sorted(set(paths) - read):
            yield Change(Kind.INPUT, f"{shown_path(path)} is to be read as well now")
        for path in sorted(read - set(paths)):
            yield Change(Kind.INPUT, f"{shown_path(path)} is no longer to be read")


def _downstream(own: Mapping[str, Standing]) -> set[str]:
    """Return the records of all jobs that read, at any distance, what a stale job makes."""
    children: dict[str, list[str]] = {}
    for name, each in own.items():
        for parent in each.parents:
            children.setdefault(parent, []).append(name)
    reached: set[str] = set()
    pending = [name for name, each in own.items() if each.state is State.STALE]
    while pending:
        for child in children.get(pending.pop(), ()):
            if child not in reached:
                reached.add(child)
                pending.append(child)
    return reached
