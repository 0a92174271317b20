"""Why jobs would run, in few words: which edit makes how many of them stale."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from crest.commands.comparison import Kind, spec_changes
from crest.commands.plan_jobs import (
    NEW_INPUT,
    NEW_SPEC,
    NOT_MADE,
    OTHER_INPUTS,
    READS_ANEW,
    PlannedJob,
)
from crest.digest import code_closure
from crest.spec import entry_of, recorded_symbols

OF_ITSELF = "reads what these make"
_WORDS = {
    NOT_MADE: "not made yet",
    NEW_INPUT: "a file that it read has other bytes",
    OTHER_INPUTS: "reads other files than before",
    "Forced execution": "forced, or never seen to end",
    "Code has changed": "text of its rule edited",
    "Software environment": "software environment edited",
}


class Reasons:
    """Reasons of planned jobs, with the code as it is under some folder.

    Args:
        source: Folder that holds the package; None for the code that runs.
    """

    def __init__(self, source: Path | None = None) -> None:
        self._source = source
        self._edits = cache(self._edits_of)

    def summary(self, jobs: Sequence[PlannedJob]) -> list[tuple[str, int]]:
        """Return each reason with the number of jobs that it makes stale, most jobs first."""
        counts = Counter(reason for job in jobs for reason in set(self._of(job)))
        waiting = counts.pop(OF_ITSELF, 0)
        found = sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))
        return [*found, (OF_ITSELF, waiting)] if waiting else found

    def _of(self, job: PlannedJob) -> list[str]:
        found = [words for start, words in _WORDS.items() if start in _own_part(job.reason)]
        if NEW_SPEC in job.reason:
            specs = job.specs()
            found += self._spec_reasons(*specs) if specs else ["its spec is another"]
        return found or [OF_ITSELF]

    def _spec_reasons(self, then: Mapping[str, Any], now: Mapping[str, Any]) -> Iterator[str]:
        for change in spec_changes(then, now):
            if change.kind is Kind.CODE:
                chosen = tuple(sorted((key, tuple(names)) for key, names in now["choices"].items()))
                yield from self._edits(then["code"], now["code"], str(now["job"]), chosen)
            elif change.kind is Kind.PYTHON:
                yield f"Python {change.text}"
            else:
                yield change.text

    def _edits_of(
        self, then: str, now: str, job: str, chosen: tuple[tuple[str, tuple[str, ...]], ...]
    ) -> tuple[str, ...]:
        """Return which parts of a job's code were edited; its digests where that is not known."""
        before = recorded_symbols(then)
        if before is None:
            return (f"code of {job}: {then[:12]} -> {now[:12]}",)
        root = {} if self._source is None else {"root": self._source}
        after = dict(code_closure(entry_of(job), dict(chosen), **root).symbols)
        words = {
            **dict.fromkeys(before.keys() - after.keys(), "removed"),
            **dict.fromkeys(after.keys() - before.keys(), "added"),
            **{
                name: "edited"
                for name in before.keys() & after.keys()
                if before[name] != after[name]
            },
        }
        return tuple(f"{name} {words[name]}" for name in sorted(words))


def _own_part(reason: str) -> str:
    """Return a reason without what follows from other jobs of the plan, and without specs."""
    if READS_ANEW in reason:  # whatever is missing is made by its parents
        reason = reason.replace(READS_ANEW, "")
    return reason.partition(NEW_SPEC)[0]


def shortened(text: str, width: int = 100) -> str:
    """Return a text that fits a line."""
    return text if len(text) <= width else f"{text[: width - 4]} ..."
