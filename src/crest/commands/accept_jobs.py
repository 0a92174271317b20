"""Which jobs an acceptance concerns, what stands against it, and what it makes of their records."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from crest.commands.cells import job_words
from crest.commands.comparison import HARMLESS, Kind
from crest.commands.damage import output_faults
from crest.commands.explain import change_lines
from crest.commands.result_tree import ResultTree
from crest.commands.staleness import Standing, State, standings
from crest.digest import history
from crest.file_digests import FileDigests
from crest.job_record import JobRecord
from crest.plan import Plan

ANSWERED = ("code", "libraries", "python")
SHOWS_IT = "build_report"
"""The job that is not accepted, since it runs anew to show what was."""


@dataclass(frozen=True, slots=True)
class Decision:
    """What a person decided.

    Attributes:
        why: The reason.
        by: Who.
        at: When, in UTC.
    """

    why: str
    by: str
    at: str


@dataclass(frozen=True, slots=True)
class Candidate:
    """A job whose record an acceptance may change.

    Attributes:
        path: Of the record, relative to the folder of results.
        record: As it is.
        spec: The fields of the spec that it shall have.
        changes: What differs, a line each, as the record keeps it.
        shown: The same with diffs, for a reader.
        refusal: What stands against it; empty if nothing does.
    """

    path: str
    record: JobRecord
    spec: Mapping[str, Any]
    changes: tuple[str, ...]
    shown: tuple[str, ...]
    refusal: str = ""

    @property
    def words(self) -> str:
        """The job in words."""
        return job_words(self.record.spec)


def chosen_records(tree: ResultTree, targets: Sequence[Path]) -> list[str]:
    """Return the records of targets: of files, of checkpoints, and of all that lies in folders.

    Raises:
        FileNotFoundError: No record names a target, or anything in it.
    """
    chosen: dict[str, None] = {}
    for target in targets:
        chosen |= dict.fromkeys(_below(tree, target) or [tree.maker_of(target)])
    return [path for path in chosen if tree.records[path].job != SHOWS_IT]


def candidates(tree: ResultTree, chosen: Sequence[str], plan: Plan) -> list[Candidate]:
    """Return the stale jobs among chosen records, with what stands against accepting each."""
    found = standings(tree, plan)
    digests = FileDigests()
    return [
        _candidate(tree, path, found[path], digests)
        for path in chosen
        if found[path].state is State.STALE
    ]


def latest_decision(tree: ResultTree, chosen: Sequence[str]) -> list[Candidate]:
    """Return the jobs among chosen records of which something was accepted."""
    found = []
    for path in chosen:
        record = tree.records[path]
        if record.history:
            last = record.history[-1]
            changes = tuple(last["changes"])
            spec = {**record.spec, **last["spec"]}
            found.append(Candidate(path, record, spec, changes, changes))
    return found


def accepted_records(kept: Sequence[Candidate], decision: Decision) -> dict[str, JobRecord]:
    """Return the records as accepted: the present spec, and the one before in the history."""
    records = {}
    for each in kept:
        entry = {
            "spec": {name: each.record.spec[name] for name in ANSWERED},
            "why": decision.why,
            "by": decision.by,
            "at": decision.at,
            "changes": list(each.changes),
        }
        past = (*each.record.history, entry)
        records[each.path] = replace(each.record, spec=each.spec, history=past)
    return records


def undone_records(kept: Sequence[Candidate], decision: Decision) -> dict[str, JobRecord]:
    """Return the records as they were before their last acceptance."""
    del decision  # the list of the results keeps it
    return {
        each.path: replace(each.record, spec=each.spec, history=each.record.history[:-1])
        for each in kept
    }


def _below(tree: ResultTree, target: Path) -> list[str]:
    """Return the records that lie in a folder, or name outputs that do."""
    folder = target.resolve()
    if not folder.is_dir():
        return []
    inside = folder.relative_to(tree.folder.resolve())
    return [
        path
        for path, record in tree.records.items()
        if any(
            Path(each).is_relative_to(inside)
            for each in (path, *(file.path for file in record.output_files()))
        )
    ]


def _candidate(tree: ResultTree, path: str, standing: Standing, digests: FileDigests) -> Candidate:
    record = tree.records[path]
    spec = standing.comparison.spec
    shown = tuple(change_lines(record, standing))
    refusal = _refusal(tree, record, standing, digests)
    changes = () if spec is None else tuple(_changes(record, spec, standing))
    return Candidate(path, record, spec or {}, changes, shown, refusal)


def _refusal(tree: ResultTree, record: JobRecord, standing: Standing, digests: FileDigests) -> str:
    """Return why a job's results cannot stand for what the study would make today."""
    others = [change for change in standing.changes if change.kind not in HARMLESS]
    if others:
        rest = f", and {len(others) - 1} more" if len(others) > 1 else ""
        why = "only code, libraries and Python can be accepted; snakemake makes it anew"
        return f"{others[0].kind.value} {others[0].text}{rest}; {why}"
    faults = list(output_faults(tree.folder, record, digests))
    if faults:
        return f"{faults[0].path}: {faults[0].text}"
    for file in record.input_files():
        path = tree.path(file.path)
        if path.exists() and digests.of(path) != file.sha256:
            return f"{path} holds other bytes than the job read; snakemake makes it anew"
    return ""


def _changes(record: JobRecord, spec: Mapping[str, Any], standing: Standing) -> list[str]:
    """Return what differs in lines without diffs: parts of the code by name, versions."""
    edits = history.changes(record.spec["code"], spec)
    lines = [f"{edit.symbol} {edit.kind}" for edit in edits or ()]
    return lines + [
        f"{change.kind.value} {change.text}"
        for change in standing.changes
        if change.kind is not Kind.CODE or not lines
    ]
