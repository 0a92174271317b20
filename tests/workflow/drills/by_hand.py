"""Jobs of a finished study by hand: the command line that each had, from its record."""

import os
import subprocess
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from tests.workflow.drills.small_disk import SmallDisk
from tests.workflow.project import PRESET, RESULTS, Project

from crest.checksums import SUMS, sha256_of
from crest.job_record import FOLDER, JobRecord, read_record

PROFILE = "workflow/profiles/default"
Done = subprocess.CompletedProcess[str]


@dataclass(frozen=True)
class JobByHand:
    """A finished job that can be run again.

    Attributes:
        project: Where it ran.
        name: Of its record, below `records/` and without its suffix.
    """

    project: Project
    name: str

    @property
    def record(self) -> Path:
        """Path of the record from the project's folder."""
        return Path(RESULTS, FOLDER, f"{self.name}.json")

    @property
    def recorded(self) -> JobRecord:
        """What the record holds."""
        return read_record(self.project.folder / self.record)

    def command(self, spec: str | None = None) -> list[str]:
        """Return the job's command line, with its own spec or another."""
        recorded = self.recorded
        start = [sys.executable, "-m", f"crest.jobs.{recorded.job}"]
        options = ["--spec", spec or recorded.spec_text, "--record", str(self.record)]
        for name, files in (*recorded.inputs.items(), *recorded.outputs.items()):
            options += [f"--{name}", *(f"{RESULTS}/{file.path}" for file in files)]
        return [*start, *options]

    def forget(self, results: Path) -> list[Path]:
        """Delete what the job made from a folder of results, as Snakemake does before a job.

        Returns:
            The paths, relative to the folder.
        """
        made = [Path(file.path) for file in self.recorded.output_files()]
        whole = [results / path.parent for path in made if path.name == SUMS]
        inner = [path.relative_to(results) for folder in whole for path in folder.iterdir()]
        every = {*made, *inner, self.record.relative_to(RESULTS)}
        for path in every:
            (results / path).unlink()
        return sorted(every)


def run(project: Project, command: Iterable[str], *, disk: SmallDisk | None = None) -> Done:
    """Run a command in a project, with a small disk mounted if there is one."""
    return subprocess.run(
        [*(disk.inside(project.folder) if disk else ()), *command],
        cwd=project.folder,
        env={**os.environ, "PYTHONPATH": str(project.folder / "src")},
        capture_output=True,
        text=True,
        check=False,
    )


def snakemake(*arguments: str) -> list[str]:
    """Return the command line of a run of the smoke study; targets come first."""
    program = str(Path(sys.executable).with_name("snakemake"))
    options = ("--cores", "2", "--workflow-profile", PROFILE, "--configfile", PRESET)
    return [program, *arguments, *options]


def checksums(folder: Path) -> dict[Path, str]:
    """Return the SHA-256 of all files under a folder that jobs make, by their paths in it."""
    files = (path for path in folder.rglob("*") if path.is_file())
    named = ((path.relative_to(folder), path) for path in files)
    return {
        name: sha256_of(path)
        for name, path in named
        if name.parts[0] not in {"logs", "benchmarks", "filler"}
    }
