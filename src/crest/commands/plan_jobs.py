"""The jobs of a dry run, read from the text in which Snakemake lists them."""

import ast
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from graphlib import TopologicalSorter
from typing import Any

from crest.job_record import FOLDER
from crest.spec import parse_spec

_START = re.compile(r"^(?:local)?(?:rule|checkpoint) (\w+):$")
_FIELD = re.compile(r"^    (\w+): (.*)$")
_PARAMS = re.compile(r" before: (.*?) now: (.*?) $", re.DOTALL)

NOT_MADE = "Missing output files"
NEW_SPEC = "Params have changed"
READS_ANEW = "Input files updated by another job"
NEW_INPUT = "Updated input files"
OTHER_INPUTS = "Set of input files has changed"


@dataclass(frozen=True, slots=True)
class PlannedJob:
    """A job that Snakemake would run.

    Attributes:
        rule: Name of its rule.
        wildcards: What tells it from others of its rule.
        inputs: Paths that it reads, as the rules write them.
        outputs: Paths that it writes.
        benchmark: Where its times go; empty if they are not kept.
        reason: Why it would run, in Snakemake's words.
        threads: Cores that it takes.
        gpus: GPUs that it takes.
    """

    rule: str
    wildcards: Mapping[str, str]
    inputs: tuple[str, ...]
    outputs: tuple[str, ...]
    benchmark: str
    reason: str
    threads: int
    gpus: int

    @property
    def arm(self) -> str:
        """Name of the arm whose chain it belongs to; `-` if it serves several."""
        return self.wildcards.get("method", "-")

    @property
    def record(self) -> str:
        """Path of its record; empty if it writes none."""
        return next((path for path in self.outputs if f"/{FOLDER}/" in f"/{path}"), "")

    def specs(self) -> tuple[dict[str, Any], dict[str, Any]] | None:
        """Return its spec when it ran and its spec today, if Snakemake compared them."""
        found = _PARAMS.search(f"{self.reason} ") if NEW_SPEC in self.reason else None
        if found is None:
            return None
        before, now = (_only_spec(side) for side in found.groups())
        return (before, now) if before and now else None


def read_dry_run(text: str) -> list[PlannedJob]:
    """Return the jobs that write something, each after those whose outputs it reads.

    Args:
        text: What `snakemake --dry-run` printed. No path in it may hold a comma and a space.
    """
    jobs = (_job(rule, fields) for rule, fields in _blocks(text))
    return _in_order([job for job in jobs if job.outputs])


def _in_order(jobs: Sequence[PlannedJob]) -> list[PlannedJob]:
    """Return jobs by stage, then by name: Snakemake lists them in another order each time."""
    makers = {path: place for place, job in enumerate(jobs) for path in job.outputs}
    parents = {
        place: {makers[path] for path in job.inputs if path in makers}
        for place, job in enumerate(jobs)
    }
    sorter = TopologicalSorter(parents)
    sorter.prepare()
    ordered: list[PlannedJob] = []
    while ready := sorter.get_ready():
        stage = (jobs[place] for place in ready)
        ordered += sorted(stage, key=lambda job: (job.rule, job.outputs))
        sorter.done(*ready)
    return ordered


def _blocks(text: str) -> Iterator[tuple[str, dict[str, str]]]:
    """Yield the rule and the fields of each job."""
    rule, fields = "", dict[str, str]()
    for line in text.splitlines():
        start, field = _START.match(line), _FIELD.match(line)
        if field and rule:
            fields[field[1]] = field[2]
            continue
        if rule:
            yield rule, fields
        rule, fields = (start[1] if start else ""), {}
    if rule:
        yield rule, fields


def _job(rule: str, fields: Mapping[str, str]) -> PlannedJob:
    resources = _pairs(fields.get("resources", ""))
    return PlannedJob(
        rule=rule,
        wildcards=_pairs(fields.get("wildcards", "")),
        inputs=_listed(fields.get("input", "")),
        outputs=_listed(fields.get("output", "")),
        benchmark=fields.get("benchmark", ""),
        reason=fields.get("reason", ""),
        threads=int(fields.get("threads", "1")),
        gpus=int(resources.get("gpu", "0")),
    )


def _listed(text: str) -> tuple[str, ...]:
    return tuple(text.split(", ")) if text else ()


def _pairs(text: str) -> dict[str, str]:
    return {name: value for name, _, value in (part.partition("=") for part in _listed(text))}


def _only_spec(values: str) -> dict[str, Any] | None:
    """Return the spec of a list of parameters as Python writes them; None for anything else."""
    try:
        return parse_spec(ast.literal_eval(values))
    except (SyntaxError, TypeError, ValueError):
        return None
