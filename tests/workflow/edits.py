"""An edit of the project, and the jobs that it can change: written by hand, beside each other."""

import shutil
import subprocess
from collections.abc import Callable
from dataclasses import dataclass, field

from tests.workflow.project import EXTENDED, RESULTS, Job, Project, copy_project
from tests.workflow.study_graph import Study, downstream

Change = Callable[[Project], object]
Choice = Callable[[Job], bool]


def nothing(job: Job) -> bool:
    """Choose no job."""
    del job
    return False


@dataclass(frozen=True)
class Edit:
    """An edit and what it makes stale.

    Attributes:
        name: What is edited.
        change: Makes the edit in a copy of the project with a finished study.
        stale: Chooses the jobs whose own code, values or libraries it can change; those that read
            from them follow.
        errs: Chooses further jobs that are rerun though the edit cannot change them.
        why: Why these cannot be told apart; empty where the plan is exact.
        study: The study as it is after the edit.
        extended: Whether its extended grid has run before it, and is planned after it.
    """

    name: str
    change: Change
    stale: Choice = nothing
    errs: Choice = nothing
    why: str = ""
    study: Study = field(default_factory=Study)
    extended: bool = False

    def __str__(self) -> str:
        return self.name

    @property
    def targets(self) -> tuple[str, ...]:
        """What Snakemake is asked for."""
        return EXTENDED if self.extended else ()

    def true_jobs(self) -> set[Job]:
        """Return the jobs that the edit can change, and all that read from them."""
        return self._closed(self.stale)

    def expected_jobs(self) -> set[Job]:
        """Return the true jobs, and those that cannot be told apart from them."""
        return self._closed(lambda job: self.stale(job) or self.errs(job))

    def _closed(self, choice: Choice) -> set[Job]:
        reads = self.study.reads_extended() if self.extended else self.study.reads()
        return downstream((job for job in reads if choice(job)), reads)


def rule(*names: str, **wildcards: set[str]) -> Choice:
    """Choose the jobs of some rules, all or those whose wildcards have one of some values."""
    return lambda job: (
        job.rule in names and all(job[key] in values for key, values in wildcards.items())
    )


def either(*choices: Choice) -> Choice:
    """Choose what one of several choices chooses."""
    return lambda job: any(choice(job) for choice in choices)


def replace(path: str, old: str, new: str) -> Change:
    """Replace the one occurrence of a text in a file."""
    return lambda project: project.edit(path, old, new)


def append(path: str, text: str) -> Change:
    """Put text at the end of a file, or make a file."""

    def change(project: Project) -> None:
        with (project.folder / path).open("a") as file:
            file.write(text)

    return change


def together(*changes: Change) -> Change:
    """Make several changes, one after the other."""

    def change(project: Project) -> None:
        for each in changes:
            each(project)

    return change


def move(old: str, new: str) -> Change:
    """Give a file another name."""
    return lambda project: (project.folder / old).rename(project.folder / new)


def install(name: str, version: str) -> Change:
    """Let a library seem to have another version."""

    def change(project: Project) -> None:
        folder = project.libraries / f"{name}-{version}.dist-info"
        folder.mkdir(parents=True)
        (folder / "METADATA").write_text(
            f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n"
        )

    return change


def run(project: Project) -> None:
    """Do what is to be done, so that only what follows counts as an edit."""
    project.run()
    assert project.planned() == []


def look(project: Project) -> None:
    """Plan in between, without running."""
    assert project.planned() != []


def touch_tables(project: Project) -> None:
    """Make every table as new as can be, each with the bytes that it had."""
    for path in sorted((project.folder / RESULTS).rglob("*.parquet")):
        path.touch()


def clone(project: Project) -> None:
    """Put the results, copied by `cp -r`, into a fresh copy of the project."""
    aside = project.folder.with_name(f"{project.folder.name}-results")
    subprocess.run(["cp", "-r", str(project.folder / "results"), str(aside)], check=True)
    shutil.rmtree(project.folder)
    project.folder.mkdir()
    copy_project(project.folder)
    aside.rename(project.folder / "results")
