"""A job of a finished study by hand: the command line that its rule gave it, from its record."""

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from tests.workflow.project import RESULTS, Project

from crest.job_record import FOLDER, JobRecord, read_record


@dataclass(frozen=True)
class JobByHand:
    """A finished job that can be run again.

    Attributes:
        project: Where it ran.
        stem: Of its record, below `records/`.
    """

    project: Project
    stem: str

    @property
    def record(self) -> Path:
        """Path of the record from the project's folder."""
        return Path(RESULTS, FOLDER, f"{self.stem}.json")

    @property
    def recorded(self) -> JobRecord:
        """What the record holds."""
        return read_record(self.project.folder / self.record)

    def command(self) -> list[str]:
        """Return the job's command line."""
        recorded = self.recorded
        start = [sys.executable, "-m", f"crest.jobs.{recorded.job}"]
        options = ["--spec", recorded.spec_text, "--record", str(self.record)]
        for name, files in (*recorded.inputs.items(), *recorded.outputs.items()):
            options += [f"--{name}", *(f"{RESULTS}/{file.path}" for file in files)]
        return [*start, *options]

    def run(self) -> subprocess.CompletedProcess[str]:
        """Run the job; its log is standard error."""
        return run(self.project, self.command())


def run(project: Project, command: list[str]) -> subprocess.CompletedProcess[str]:
    """Run a job's command line in a project."""
    environment = {**os.environ, "PYTHONPATH": str(project.folder / "src")}
    return subprocess.run(
        command,
        cwd=project.folder,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
