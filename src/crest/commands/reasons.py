"""Why jobs are stale, in few words, alike for jobs that share their reasons."""

from collections.abc import Iterable, Mapping, Sequence
from functools import cache

from crest.commands.comparison import Change, Kind
from crest.commands.result_tree import ResultTree
from crest.commands.staleness import Standing
from crest.digest import history
from crest.job_record import JobRecord
from crest.spec import canonical, parse_spec


def shared_reasons(
    tree: ResultTree, found: Mapping[str, Standing], names: Iterable[str]
) -> dict[tuple[str, str], list[str]]:
    """Return stale jobs by their rule and their reasons.

    Args:
        tree: The results.
        found: How the jobs stand.
        names: Records of the stale ones.
    """
    groups: dict[tuple[str, str], list[str]] = {}
    for name in names:
        record = tree.records[name]
        groups.setdefault((record.job, short_reasons(record, found[name])), []).append(name)
    return groups


def short_reasons(record: JobRecord, standing: Standing) -> str:
    """Return the reasons of a stale job in few words."""
    texts = []
    for kind in Kind:
        changes = [change for change in standing.changes if change.kind is kind]
        if changes:
            texts.append(_one_reason(kind, changes, record, standing))
    return "; ".join(texts)


def _one_reason(
    kind: Kind, changes: Sequence[Change], record: JobRecord, standing: Standing
) -> str:
    if kind is Kind.INPUT:
        return f"{len(changes)} inputs are others" if len(changes) > 1 else "an input is another"
    names = [change.text for change in changes]
    if kind is Kind.CODE:
        spec = standing.comparison.spec or record.spec
        wanted = canonical({"job": spec["job"], "choices": spec["choices"], "code": spec["code"]})
        names = _edits(record.spec["code"], wanted) or names
    more = f" and {len(names) - 1} more" if len(names) > 1 else ""
    return f"{kind.value} {names[0]}{more}"


@cache
def _edits(then: str, now: str) -> list[str]:
    """Return which parts of a job's code were edited; nothing where that is not known."""
    return [f"{edit.symbol} {edit.kind}" for edit in history.changes(then, parse_spec(now)) or ()]
