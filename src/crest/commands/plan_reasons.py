"""Why jobs would run, in few words: which edit makes how many of them stale."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from crest.commands.comparison import HARMLESS, Kind, spec_changes
from crest.commands.plan_jobs import (
    NEW_INPUT,
    NEW_SPEC,
    NOT_MADE,
    OTHER_INPUTS,
    READS_ANEW,
    PlannedJob,
)
from crest.digest import OWN_ROOT, history

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
        source: Folder that holds the package.
    """

    def __init__(self, source: Path = OWN_ROOT) -> None:
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
        spec = {"job": job, "choices": dict(chosen)}
        edits = history.changes(then, spec, root=self._source)
        named = tuple(f"{edit.symbol} {edit.kind}" for edit in edits or ())
        return named or (f"code of {job}: {then[:12]} -> {now[:12]}",)


def _own_part(reason: str) -> str:
    """Return a reason without what follows from other jobs of the plan, and without specs."""
    if READS_ANEW in reason:  # whatever is missing is made by its parents
        reason = reason.replace(READS_ANEW, "")
    return reason.partition(NEW_SPEC)[0]


def shortened(text: str, width: int = 100) -> str:
    """Return a text that fits a line."""
    return text if len(text) <= width else f"{text[: width - 4]} ..."


def first_stage(jobs: Sequence[PlannedJob]) -> list[PlannedJob]:
    """Return the jobs that start the plan, with those of the same rules that read from them alone.

    Run without the rest, they show whether their bytes differ; where they do not, nothing that
    reads them runs when Snakemake is started again.

    Args:
        jobs: The plan, in any order.
    """
    makers = {path: job.outputs for job in jobs for path in job.outputs}
    parents = {job.outputs: {makers[path] for path in job.inputs if path in makers} for job in jobs}
    rules = {job.rule for job in jobs if not parents[job.outputs]}
    stage: set[tuple[str, ...]] = set()
    waiting = [job for job in jobs if job.rule in rules]
    while found := {job.outputs for job in waiting if parents[job.outputs] <= stage} - stage:
        stage |= found
    return [job for job in waiting if job.outputs in stage]


def may_change_no_byte(stage: Sequence[PlannedJob]) -> bool:
    """Return whether nothing but code, a library or Python makes the jobs of a first stage run."""
    made = {path for job in stage for path in job.outputs}
    return all(_may_be_harmless(job) for job in stage if made.isdisjoint(job.inputs))


def _may_be_harmless(job: PlannedJob) -> bool:
    specs = job.specs()
    return specs is not None and not {change.kind for change in spec_changes(*specs)} - HARMLESS
