"""The trusted end of a zygote: start it, hand it jobs, read its reports.

A report comes from the zygote, which never runs a program; a result comes from the program and is
only bytes. What goes wrong on the grader's side raises `SandboxError`.
"""

import contextlib
import errno
import json
import marshal
import os
import select
import signal
import struct
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from crest.closing import Closing
from crest.failures import MendableError
from crest.grading.bubblewrap import PLACE, bubblewrap, interpreter, wrapping
from crest.grading.idle import LOOK_S, IdleWatch, find_zygote
from crest.grading.level import NAMES, Isolation, SandboxLevel
from crest.grading.limits import GradingLimits

STAGE = Path(__file__).resolve().parent / "inside" / "stage.py"
REPORT = struct.Struct("=BiQQ")
ENDED, CPU_KILL, WALL_KILL, FAULT, IDLE_KILL, CROWD_KILL = range(6)
SHORTAGES = (
    *map(os.strerror, (errno.EAGAIN, errno.ENOMEM, errno.EMFILE, errno.ENFILE)),
    "MemoryError",
)
START_S, ANSWER_S, END_S = 30.0, 5.0, 5.0
KILL_FACTOR = 1.1  # a program is stopped beyond the grey zone around the CPU limit
ENVIRONMENT = {
    "PATH": os.defpath,
    "HOME": "/",
    "TZ": "UTC",
    "LC_ALL": "C.UTF-8",
    "PYTHONUTF8": "1",
    "PYTHONHASHSEED": "0",
    "PYTHONDONTWRITEBYTECODE": "1",
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "MALLOC_ARENA_MAX": "1",
}


class SandboxError(MendableError, RuntimeError):
    """The grader itself failed, or the machine cannot hold programs safely.

    Never a verdict: a reward of zero would train on our own faults.
    """


class UnavailableError(SandboxError):
    """This machine lacks a protection that a level is made of."""


DIGEST_FILES = ("inside/*.py",)
"""Programs that start as files, so that the code digest of a job cannot follow them by imports."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """How one program's process ended, and what it left behind.

    Attributes:
        ending: `ENDED` by itself, by a `CPU_KILL` or `WALL_KILL` of the zygote, or by an
            `IDLE_KILL` from here, because it slept as long as its CPU limit, or a `CROWD_KILL`,
            because it had too many threads.
        exit_code: Exit status, or minus the signal that ended it.
        cpu_s: CPU time in user and system mode.
        peak_bytes: Largest resident memory.
        printed: What is on descriptor 1, cut off at the output limit.
        result: What is on descriptor 4, likewise; bytes as the program pleased to leave them.
    """

    ending: int
    exit_code: int
    cpu_s: float
    peak_bytes: int
    printed: bytes
    result: bytes


class Sandbox(Closing):
    """One zygote and the descriptors that lead to it; use as a context manager.

    Args:
        limits: What each program may use.
        isolation: Which level of protection: `landlock`, `bubblewrap` or `strict`.

    Raises:
        UnavailableError: This machine lacks a protection that the level is made of.
    """

    def __init__(self, limits: GradingLimits, isolation: Isolation = "landlock") -> None:
        refuse_other_systems(sys.platform)
        self.limits = limits
        self.isolation = isolation
        self._wrapping = _wrapping() if isolation == "bubblewrap" else []
        self.closed = False
        self._busy = False
        self._memories = [
            os.memfd_create(name) for name in ("stdin", "stdout", "job", "result", "errors")
        ]
        self._process, self._command, self._report = self._start()
        try:
            self.level = self._greeting()
            self._zygote = find_zygote(self._process.pid)
        except SandboxError:
            self.close()
            raise

    def run(self, job: Sequence[Any], stdin: bytes = b"") -> Outcome:
        """Run a job in a process of its own.

        Args:
            job: Name of a runner of `inside/zygote.py` and its arguments, plain values.
            stdin: What the process can read from descriptor 0.

        Raises:
            SandboxError: The zygote died, gave no answer, or failed before the program began.
        """
        written = marshal.dumps(tuple(job), 2)
        self._reset(written, stdin)
        self._busy = True
        try:
            os.write(self._command, len(written).to_bytes(8, "little"))
        except BrokenPipeError:
            raise SandboxError(
                "the zygote is gone: see the kernel's log for what ended it"
            ) from None
        with IdleWatch(self._zygote, self.limits.cpu_s) as watch:
            report = self._read(REPORT.size, self.limits.wall_limit_s + ANSWER_S, watch.look)
        self._busy = False
        ending, status, cpu_ns, peak_bytes = REPORT.unpack(report)
        if watch.killed and (ending, status) == (ENDED, signal.SIGKILL):
            ending = CROWD_KILL if watch.crowded else IDLE_KILL
        if ending == FAULT:
            raise SandboxError("the jail of a child could not be closed: see the kernel's log")
        return Outcome(
            ending=ending,
            exit_code=os.waitstatus_to_exitcode(status),
            cpu_s=cpu_ns / 1e9,
            peak_bytes=peak_bytes,
            printed=os.pread(self._memories[1], self.limits.output_bytes, 0),
            result=os.pread(self._memories[3], self.limits.output_bytes, 0),
        )

    def stay_on(self, core: int) -> None:
        """Keep the zygote and the programs to one core, if the system lets us."""
        if self._zygote is not None:
            with contextlib.suppress(OSError):
                os.sched_setaffinity(self._zygote, {core})

    def close(self) -> None:
        """End the zygote and whatever runs below it; once is enough."""
        if self.closed:
            return
        self.closed = True
        if self._busy:
            self._process.kill()
        os.close(self._command)
        try:
            self._process.wait(END_S)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        os.close(self._report)
        for memory in self._memories:
            os.close(memory)

    def _start(self) -> tuple[subprocess.Popen[bytes], int, int]:
        command_read, command_write = os.pipe()
        report_read, report_write = os.pipe()
        stdin, stdout, job, result, errors = self._memories
        passed = (job, result, command_read, report_write)
        arguments = [*map(str, passed), json.dumps(self._settings())]
        process = subprocess.Popen(  # noqa: S603 (our own file)
            [sys.executable, "-S", "-P", "-B", str(STAGE), *arguments],
            stdin=stdin,
            stdout=stdout,
            stderr=errors,
            pass_fds=passed,
            env=ENVIRONMENT,
            process_group=0,
        )
        os.close(command_read)
        os.close(report_write)
        return process, command_write, report_read

    def _settings(self) -> dict[str, Any]:
        return {
            "kill_cpu_s": self.limits.cpu_s * KILL_FACTOR,
            "wall_s": self.limits.wall_limit_s,
            "address_space_bytes": self.limits.address_space_bytes,
            "output_bytes": self.limits.output_bytes,
            "isolation": self.isolation,
            "wrapping": self._wrapping,
            "interpreter": interpreter() if self._wrapping else sys.executable,
            "program": f"{PLACE if self._wrapping else STAGE.parent}/zygote.py",
        }

    def _greeting(self) -> SandboxLevel:
        line = b""
        try:
            while not line.endswith(b"\n"):
                line += self._read(1, START_S)
        except SandboxError as error:
            if self._process.poll() is None:
                raise
            raise _why_none(str(error)) from error
        greeting = json.loads(line)
        os.ftruncate(self._memories[4], 0)
        if "missing" in greeting:
            raise _why_none(greeting["missing"])
        greeting["namespaces"] = tuple(greeting["namespaces"])
        return SandboxLevel(NAMES[self.isolation], **greeting)

    def _reset(self, job: bytes, stdin: bytes) -> None:
        for memory in self._memories[:4]:
            os.ftruncate(memory, 0)
            os.lseek(memory, 0, os.SEEK_SET)
        _write_whole(self._memories[0], stdin)
        _write_whole(self._memories[2], job)

    def _read(self, size: int, timeout_s: float, look: Callable[[], None] = lambda: None) -> bytes:
        poll = select.poll()
        poll.register(self._report, select.POLLIN)
        end = time.monotonic() + timeout_s
        while not poll.poll(LOOK_S * 1000):
            if time.monotonic() > end:
                raise SandboxError(f"the zygote gave no answer within {timeout_s:g} s")
            look()
        data = os.read(self._report, size)
        if len(data) < size:
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._process.wait(END_S)
            last_words = os.pread(self._memories[4], 10_000, 0).decode(errors="replace")
            raise SandboxError(
                f"the zygote ended with exit code {self._process.poll()}: "
                f"{last_words.strip() or 'the kernel log tells what ended it'}"
            )
        return data


def _why_none(reason: str) -> SandboxError:
    """Tell a machine that is short of something for the moment from one that lacks a protection.

    Only for want of a protection may another level be taken.
    """
    if any(shortage in reason for shortage in SHORTAGES):
        return SandboxError(f"the machine is short of processes, files or memory: {reason}")
    return UnavailableError(reason)


def _write_whole(memory: int, data: bytes) -> None:
    written = 0
    while written < len(data):
        written += os.pwrite(memory, data[written:], written)


def refuse_other_systems(platform: str) -> None:
    """Refuse to grade where there is no seccomp.

    Raises:
        UnavailableError: The system is not Linux.
    """
    if platform != "linux":
        raise UnavailableError(f"programs are held by seccomp, a part of Linux; this is {platform}")


def _wrapping() -> list[str]:
    program = bubblewrap()
    if program is None:
        raise UnavailableError("no program bwrap on the PATH: install the package bubblewrap")
    return wrapping(program, STAGE.parent)
