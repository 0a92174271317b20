"""A tiny study of real jobs: their command lines as Snakemake prints them, and what they make.

A job runs, uninterrupted, when something first needs what it makes.
"""

import json
import re
import shlex
import shutil
import threading
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import yaml
from tests.torture.kills.arms import OVERLAY
from tests.torture.kills.server import Request
from tests.torture.kills.servers import Server, Servers
from tests.workflow.project import Job, Project, parse_jobs

from crest.checksums import SUMS

CLOSURES = ".crest/closures"
LIMIT_S = 300.0


@dataclass(frozen=True)
class Command:
    """A job as the workflow runs it.

    Attributes:
        job: Its rule and wildcards.
        module: Its module.
        arguments: Its command line.
        inputs: Files that it reads; a checkpoint stands under its checksums.
        outputs: Files that it writes, likewise.
    """

    job: Job
    module: str
    arguments: tuple[str, ...]
    inputs: tuple[str, ...]
    outputs: tuple[str, ...]


@dataclass(frozen=True)
class Uninterrupted:
    """What a job took that nothing interrupted: time, and calls that change files."""

    seconds: float
    calls: int


class TinyStudy:
    """The study, run in a copy of the project.

    Args:
        project: The copy, without products.
        servers: Run its jobs.
    """

    def __init__(self, project: Project, servers: Servers) -> None:
        self.servers = servers
        self.folder = project.folder
        self.commands = {command.job: command for command in _commands(project)}
        self._maker = {
            path: command.job for command in self.commands.values() for path in command.outputs
        }
        self._locks: dict[Job, threading.Lock] = defaultdict(threading.Lock)
        self._finished: dict[Job, Uninterrupted] = {}

    def finish(self, job: Job, server: Server) -> Uninterrupted:
        """Run a job and those that it needs, unless they have run."""
        with self._locks[job]:
            if job not in self._finished:
                for path in sorted(self.commands[job].inputs):
                    self.finish(self._maker[path], server)
                self._finished[job] = self._run(self.commands[job], server)
            return self._finished[job]

    def copy_inputs(self, job: Job, folder: Path) -> None:
        """Put what a job reads into another folder."""
        for path in self.files(self.commands[job].inputs):
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(self.folder / path, folder / path)
        shutil.copytree(self.folder / CLOSURES, folder / CLOSURES)

    def files(self, paths: Iterable[str]) -> list[str]:
        """Return the files that paths of a rule stand for: with checksums, the checkpoint's."""
        return sorted(
            str(file.relative_to(self.folder))
            for path in paths
            for file in (
                (self.folder / path).parent.iterdir()
                if path.endswith(f"/{SUMS}")
                else [self.folder / path]
            )
        )

    def _run(self, command: Command, server: Server) -> Uninterrupted:
        name = "-".join(str(command.job).split())
        log, took = (self.folder.parent / f"{name}.{kind}" for kind in ("log", "json"))
        request = Request(
            command.module,
            list(command.arguments),
            str(self.folder),
            str(log),
            str(took),
            limit_s=LIMIT_S,
        )
        end = server.run(request)
        assert end.status == 0, f"{command.job}: {log.read_text()[-4000:]}"
        return Uninterrupted(**json.loads(took.read_text()))


def _commands(project: Project) -> list[Command]:
    """Return all jobs of the study, as a dry run prints them."""
    overlay = project.folder / "kills.yaml"
    overlay.write_text(yaml.safe_dump(OVERLAY))
    done = project.snakemake("--dry-run", "--printshellcmds", preset=str(overlay))
    assert done.returncode == 0, done.stdout + done.stderr
    commands = []
    for block in re.split(r"\n(?=rule \w+:)", done.stdout + done.stderr):
        line = re.search(r"^Shell command: python -m (\S+) (.*) > \S+ 2>&1$", block, re.MULTILINE)
        if line is not None:
            (planned,) = parse_jobs(block)
            arguments = tuple(shlex.split(line[2]))
            files = planned.inputs, planned.outputs
            commands.append(Command(planned.job, line[1], arguments, *files))
    return commands
