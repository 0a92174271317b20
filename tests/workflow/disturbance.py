"""A study that is killed in every way while it runs, on 1 core and on 4, in shuffled order."""

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from tests.workflow.project import PRESET, RESULTS, Job, Project, parse_jobs

LIBRARIES = Path(__file__).with_name("libraries")
PATIENCE_S = 600.0


@dataclass(frozen=True)
class Run:
    """A run of Snakemake that has ended."""

    status: int
    text: str


class DisturbedStudy:
    """A study in a copy of the project, run piece by piece.

    Attributes:
        project: The copy.
        story: What was done to it, for the message of a test that fails.
    """

    def __init__(self, project: Project) -> None:
        self.project = project
        self.story: list[str] = []
        shutil.copytree(LIBRARIES, project.libraries)

    def run(self, *, cores: int, seed: int) -> Run:
        """Run Snakemake to its end."""
        with self.running(cores=cores, seed=seed) as snakemake:
            snakemake.wait()
        return self._ended(snakemake)

    def unlock(self) -> None:
        """Do as Snakemake says after a kill."""
        done = self.project.snakemake("--unlock")
        assert done.returncode == 0, done.stdout + done.stderr
        self._tell("unlocked")

    @contextmanager
    def running(self, *, cores: int, seed: int) -> Iterator[subprocess.Popen]:
        """Run Snakemake during the block, in a group of processes of its own."""
        command = [
            *(str(Path(sys.executable).with_name("snakemake")), "--cores", str(cores)),
            *("--workflow-profile", "workflow/profiles/default", "--configfile", PRESET),
            *("--scheduler", "shuffled", "--scheduler-shuffled-seed", str(seed)),
        ]
        self._tell(f"started with {cores} cores and order {seed}")
        with self._log.open("w") as log:
            snakemake = subprocess.Popen(
                command,
                cwd=self.project.folder,
                env={**os.environ, "PYTHONPATH": str(self.project.libraries)},
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
            try:
                yield snakemake
            finally:
                if snakemake.poll() is None:
                    os.killpg(snakemake.pid, signal.SIGKILL)
                snakemake.wait()

    def jobs(self, name: str) -> dict[int, str]:
        """Return the processes that run a kind of job here, and what they are told."""
        found = {}
        for process in Path("/proc").glob("[0-9]*"):
            with suppress(OSError):
                words = (process / "cmdline").read_bytes().decode().split("\0")
                here = (process / "cwd").resolve() == self.project.folder.resolve()
                if here and words[1:3] == ["-m", f"crest.jobs.{name}"]:
                    found[int(process.name)] = words[words.index("--record") + 1]
        return found

    def kill_job(self, cores: int, seed: int) -> Run:
        """Kill a campaign under way, and let Snakemake end by itself."""
        with self.running(cores=cores, seed=seed) as snakemake:
            (process, record), *_ = self._campaigns(1, snakemake).items()
            os.kill(process, signal.SIGKILL)
            self._tell(f"killed the job of {record}")
            snakemake.wait()
        return self._ended(snakemake)

    def kill_snakemake(self, cores: int, seed: int) -> dict[int, str]:
        """Kill Snakemake alone while campaigns are under way; return these, which are slow now."""
        with self.running(cores=cores, seed=seed) as snakemake:
            campaigns = self._campaigns(2, snakemake)
            for process in campaigns:
                os.kill(process, signal.SIGSTOP)
            snakemake.kill()
            snakemake.wait()
            self._tell(f"killed snakemake, but not its jobs: {', '.join(campaigns.values())}")
        return campaigns

    def let_end(self, orphans: Iterable[int]) -> None:
        """Let jobs that outlived their Snakemake end by themselves."""
        for process in orphans:
            os.kill(process, signal.SIGCONT)
        until = time.monotonic() + PATIENCE_S
        while set(orphans) & set(self.jobs("run_campaign")):
            assert time.monotonic() < until, f"{orphans} live on"
            time.sleep(0.02)
        self._tell("let the jobs of the killed snakemake end")

    def kill_both(self, cores: int, seed: int) -> None:
        """Kill Snakemake and all its jobs while campaigns are under way."""
        with self.running(cores=cores, seed=seed) as snakemake:
            campaigns = self._campaigns(1, snakemake)
            os.killpg(snakemake.pid, signal.SIGKILL)
            self._tell(f"killed snakemake and its jobs: {', '.join(campaigns.values())}")

    def stop_snakemake(self, cores: int, seed: int) -> Run:
        """Send SIGTERM to Snakemake while jobs are under way."""
        with self.running(cores=cores, seed=seed) as snakemake:
            self._campaigns(1, snakemake)
            snakemake.terminate()
            self._tell("sent SIGTERM to snakemake")
            snakemake.wait()
        return self._ended(snakemake)

    def end(self) -> None:
        """End what still runs, after a test that failed."""
        for process in self.jobs("run_campaign"):
            with suppress(ProcessLookupError):
                os.kill(process, signal.SIGKILL)

    @property
    def _log(self) -> Path:
        return self.project.folder / "snakemake.log"

    def _campaigns(self, least: int, snakemake: subprocess.Popen) -> dict[int, str]:
        """Return the campaigns under way, once there are so many with a finished step."""

        def found() -> dict[int, str]:
            running = self.jobs("run_campaign")
            work = self.project.folder / ".crest/work"
            steps = [path for path in work.glob("*/*") if path.suffix != ".part"]
            begun = {path.parent for path in steps if path.name.endswith(".safetensors")}
            return running if min(len(running), len(begun)) >= least else {}

        return _wait(found, snakemake, self._log)

    def _ended(self, snakemake: subprocess.Popen) -> Run:
        self._tell(f"snakemake ended with {snakemake.returncode}")
        return Run(snakemake.returncode, self._log.read_text())

    def _tell(self, what: str) -> None:
        self.story.append(f"{time.strftime('%H:%M:%S')} {what}")


def _wait(found: Callable[[], dict], snakemake: subprocess.Popen, log: Path) -> dict:
    until = time.monotonic() + PATIENCE_S
    while time.monotonic() < until and snakemake.poll() is None:
        if value := found():
            return value
        time.sleep(0.02)
    raise AssertionError(f"nothing to kill came up\n{log.read_text()[-4000:]}")


def started(project: Project) -> list[Job]:
    """Return the jobs that were started in a copy, by all its runs, in order."""
    logs = sorted((project.folder / ".snakemake/log").glob("*.snakemake.log"))
    return [planned.job for log in logs for planned in parse_jobs(log.read_text())]


def results(project: Project) -> dict[str, bytes]:
    """Return the bytes of all results: files that hold no time of day, and nothing measured."""
    folder = project.folder / RESULTS
    files = [path for path in folder.rglob("*") if path.is_file()]
    named = {path.relative_to(folder).as_posix(): path for path in files}
    apart = ("logs/", "benchmarks/")
    return {name: path.read_bytes() for name, path in named.items() if not name.startswith(apart)}
