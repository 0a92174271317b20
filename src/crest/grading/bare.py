"""No jail: a subprocess a program under resource limits, for one's own code alone.

Covers: honest programs on every Unix, with the verdicts that the jailed levels give them; CPU
time, address space (not on macOS), size of files, wall time, core dumps.
Does not cover: anything that a program means to do. It reads and writes what the user may, opens
sockets, and may leave processes behind in sessions of their own; one that was killed from outside
counts as one that killed itself. One that waits for ever is ended by the wall clock alone.
"""

import contextlib
import json
import marshal
import os
import select
import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory, TemporaryFile
from typing import IO, Any, NamedTuple

from crest.closing import Closing
from crest.grading.limits import GradingLimits
from crest.grading.sandbox import (
    ANSWER_S,
    ENVIRONMENT,
    KILL_FACTOR,
    REPORT,
    Outcome,
    SandboxError,
    SandboxLevel,
)

CHILD = Path(__file__).parent / "inside" / "bare_child.py"
DIGEST_FILES = ("inside/bare_child.py",)
NO_JAIL = SandboxLevel("none", landlock=0, namespaces=(), fixed_addresses=False)


class _Files(NamedTuple):
    """What a program reads and writes, and what its watcher does."""

    stdin: IO[bytes]
    stdout: IO[bytes]
    job: IO[bytes]
    result: IO[bytes]
    errors: IO[bytes]


class BareSandbox(Closing):
    """Runs programs without a jail; use as a context manager."""

    def __init__(self, limits: GradingLimits) -> None:
        self.limits = limits
        self.level = NO_JAIL
        self.closed = False

    def run(self, job: Sequence[Any], stdin: bytes = b"") -> Outcome:
        """Run a job in an interpreter of its own, in a folder that is removed afterwards.

        Args:
            job: Name of a runner of `inside/jobs.py` and its arguments, plain values.
            stdin: What the process can read from descriptor 0.

        Raises:
            SandboxError: The process that watches over the program ended without a report.
        """
        with _workplace() as (folder, files):
            _fill(files.stdin, stdin)
            _fill(files.job, marshal.dumps(tuple(job), 2))
            report_read, report_write = os.pipe()
            with os.fdopen(report_read, "rb", buffering=0) as reports:
                process = self._start(folder, files, report_write)
                report = self._report(process, reports, files.errors)
            ending, status, cpu_ns, peak_bytes = REPORT.unpack(report)
            return Outcome(
                ending=ending,
                exit_code=os.waitstatus_to_exitcode(status),
                cpu_s=cpu_ns / 1e9,
                peak_bytes=peak_bytes,
                printed=os.pread(files.stdout.fileno(), self.limits.output_bytes, 0),
                result=os.pread(files.result.fileno(), self.limits.output_bytes, 0),
            )

    def stay_on(self, core: int) -> None:
        """Leave the choice to the kernel: each program starts in a process of its own."""

    def close(self) -> None:
        """Mark it as closed; between jobs it holds nothing."""
        self.closed = True

    def _start(self, folder: str, files: _Files, report: int) -> subprocess.Popen[bytes]:
        """Start the process that watches over the program, and close our copy of its report."""
        passed = (files.job.fileno(), files.result.fileno(), report)
        arguments = [*map(str, passed), json.dumps(self._settings())]
        try:
            return subprocess.Popen(  # noqa: S603 (our own file)
                [sys.executable, "-S", "-P", "-B", str(CHILD), *arguments],
                stdin=files.stdin,
                stdout=files.stdout,
                stderr=files.errors,
                pass_fds=passed,
                cwd=folder,
                env=ENVIRONMENT,
                process_group=0,
            )
        finally:
            os.close(report)

    def _settings(self) -> dict[str, Any]:
        return {
            "cpu_s": self.limits.cpu_s,
            "kill_cpu_s": self.limits.cpu_s * KILL_FACTOR,
            "wall_s": self.limits.wall_limit_s,
            "address_space_bytes": self.limits.address_space_bytes,
            "output_bytes": self.limits.output_bytes,
        }

    def _report(
        self, process: subprocess.Popen[bytes], reports: IO[bytes], errors: IO[bytes]
    ) -> bytes:
        """Return the report, once the process and all in its group have ended."""
        try:
            poll = select.poll()
            poll.register(reports, select.POLLIN)
            answered = poll.poll(1000 * (self.limits.wall_limit_s + ANSWER_S))
            report = reports.read(REPORT.size) if answered else b""
        finally:
            _end_group(process)
        if len(report) < REPORT.size:
            last_words = os.pread(errors.fileno(), 10_000, 0).decode(errors="replace").strip()
            raise SandboxError(
                "the process that watches over a program gave no report and ended with exit code "
                f"{process.returncode}: {last_words or 'the program may have killed it'}"
            )
        return report


@contextmanager
def _workplace() -> Iterator[tuple[str, _Files]]:
    """Yield a fresh folder and files that are gone afterwards."""
    with ExitStack() as stack:
        folder = TemporaryDirectory(prefix="crest-", ignore_cleanup_errors=True)
        yield (
            stack.enter_context(folder),
            _Files(*(stack.enter_context(TemporaryFile(buffering=0)) for _ in range(5))),
        )


def _fill(file: IO[bytes], data: bytes) -> None:
    file.write(data)
    file.seek(0)


def _end_group(process: subprocess.Popen[bytes]) -> None:
    """Kill a process and all that stayed in its group."""
    with contextlib.suppress(ProcessLookupError, PermissionError):  # macOS refuses for dead ones
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
