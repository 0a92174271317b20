"""A copy of the project that tests may edit and run, and the jobs that a run would do."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
PARTS = ("Snakefile", "config.yaml", "workflow", "envs", "src")
PRESET = "workflow/presets/smoke.yaml"
RESULTS = "results/smoke"
EXTENDED = ("--", "extended")
"""What Snakemake is asked for to make the extended grid."""


@dataclass(frozen=True)
class Project:
    """A copy of the project that tests may edit."""

    folder: Path

    @property
    def libraries(self) -> Path:
        """A folder that comes before the installed libraries; empty unless a test fills it."""
        return self.folder / "libraries"

    def snakemake(self, *arguments: str, preset: str = PRESET) -> subprocess.CompletedProcess:
        """Run Snakemake in the copy with a preset laid over its configuration."""
        command = [
            *(str(Path(sys.executable).with_name("snakemake")), "--cores", "2"),
            *("--workflow-profile", "workflow/profiles/default", "--configfile", preset),
            *arguments,
        ]
        return subprocess.run(
            command,
            cwd=self.folder,
            env={**os.environ, "PYTHONPATH": str(self.libraries)},
            capture_output=True,
            text=True,
            check=False,
        )

    def planned(self, *arguments: str, preset: str = PRESET) -> list["Job"]:
        """Return the jobs that a run would do now."""
        return [planned.job for planned in self.plan(*arguments, preset=preset)]

    def plan(self, *arguments: str, preset: str = PRESET) -> list["PlannedJob"]:
        """Return the jobs that a run would do now, with the files that they read and write."""
        done = self.snakemake("--dry-run", *arguments, preset=preset)
        assert done.returncode == 0, done.stdout + done.stderr
        return parse_jobs(done.stdout + done.stderr)

    def run(self, *arguments: str) -> None:
        """Do what is to be done."""
        done = self.snakemake(*arguments)
        assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-8000:]

    def edit(self, path: str, old: str, new: str) -> None:
        """Replace one occurrence of a text in a file of the copy."""
        file = self.folder / path
        text = file.read_text()
        assert text.count(old) == 1, f"{path} holds {old!r} {text.count(old)} times"
        file.write_text(text.replace(old, new))


@dataclass(frozen=True)
class Job:
    """A job of the study: its rule and wildcards."""

    rule: str
    wildcards: frozenset[tuple[str, str]] = frozenset()

    @classmethod
    def of(cls, rule: str, **wildcards: str | int) -> "Job":
        """Return a job by its rule and wildcards."""
        return cls(rule, frozenset((name, str(value)) for name, value in wildcards.items()))

    def __getitem__(self, name: str) -> str | None:
        return dict(self.wildcards).get(name)

    def __str__(self) -> str:
        return " ".join([self.rule, *(f"{name}={value}" for name, value in sorted(self.wildcards))])


@dataclass(frozen=True)
class PlannedJob:
    """A job with the files that it reads and writes, sorted; one may be read in two roles."""

    job: Job
    inputs: tuple[str, ...]
    outputs: tuple[str, ...]


def parse_jobs(text: str) -> list[PlannedJob]:
    """Return the jobs that a dry run's output lists."""
    jobs = []
    for block in re.split(r"\n(?=(?:local)?rule \w+:)", text):
        rule = re.match(r"(?:local)?rule (\w+):", block)
        if rule is not None:
            pairs = (pair.partition("=") for pair in _listed(block, "wildcards"))
            wildcards = frozenset((name, value) for name, _, value in pairs)
            inputs, outputs = (tuple(sorted(_listed(block, name))) for name in ("input", "output"))
            jobs.append(PlannedJob(Job(rule.group(1), wildcards), inputs, outputs))
    return jobs


def _listed(block: str, name: str) -> list[str]:
    line = re.search(rf"^    {name}: (.*)$", block, re.MULTILINE)
    return line.group(1).split(", ") if line else []


def reads_by_job(jobs: Iterable[PlannedJob]) -> dict[Job, set[Job]]:
    """Return which jobs each job reads from, by the files that they write."""
    listed = list(jobs)
    maker = {file: planned.job for planned in listed for file in planned.outputs}
    return {planned.job: {maker[file] for file in planned.inputs} for planned in listed}


NOT_COPIED = shutil.ignore_patterns("*.egg-info", "*.pyc.*", "*.part")
"""What is no part of the project, and files that another process is writing."""


def copy_project(folder: Path) -> Project:
    """Copy what a study needs, without products.

    Bytecode, and the facts that digests keep beside it, come along: both are checked against the
    texts, and to make them anew takes longer than a dry run.
    """
    for part in PARTS:
        source = ROOT / part
        if source.is_dir():
            shutil.copytree(source, folder / part, ignore=NOT_COPIED)
        else:
            shutil.copy2(source, folder / part)
    return Project(folder)
