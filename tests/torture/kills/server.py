"""Runs jobs, each in a fork of a process that has imported them all, and kills them when asked to.

Usage: server.py MODULE... A request is a line of JSON, as `Request` describes it; the answer is a
line of JSON, as `End` does. What a killed job leaves running becomes a child of the server.
"""

import contextlib
import ctypes
import importlib
import json
import os
import select
import signal
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

PR_SET_CHILD_SUBREAPER = 36
CLOSURES = "/.crest/closures"
WATCHED = ("os.rename", "os.remove", "os.mkdir", "os.rmdir", "os.link")


@dataclass(frozen=True)
class Request:
    """A job to run.

    Attributes:
        module: Its module.
        arguments: Its command line.
        folder: Where it runs, alone; only calls on files below it count.
        log: What it prints, beside `folder`.
        took: Where the number of its calls goes, and its time in seconds, if it ends by itself.
        signal: Sent to it, if `at_call` or `after_s` comes before its end.
        at_call: Number of the call that changes a file, counted from 1, before which it is sent.
        after_s: Time from the start of the job to the signal.
        limit_s: A job that lives for longer, or for longer than this after `after_s`, is stuck.
    """

    module: str
    arguments: list[str]
    folder: str
    log: str
    took: str
    signal: int = 0
    at_call: int = 0
    after_s: float = 0.0
    limit_s: float = 120.0


@dataclass(frozen=True)
class End:
    """How a job ended.

    Attributes:
        status: Its exit status, or minus the number of the signal that ended it.
        stuck: Whether it had to be ended at the limit.
    """

    status: int
    stuck: bool


class Calls:
    """Counts the calls of this process that change files below a folder, or make them durable.

    Args:
        folder: The folder.
        act: Called before each call, with the calls' number so far, this one included.
    """

    def __init__(self, folder: str, act: Callable[[int], None]) -> None:
        self.number = 0
        self._pid = os.getpid()
        self._folder = folder
        self._act = act
        fsync = os.fsync

        def counted(file: int) -> None:
            if self._matters(Path(f"/proc/self/fd/{file}").readlink()):
                self._count()
            fsync(file)

        os.fsync = counted
        sys.addaudithook(self._hear)

    def _hear(self, event: str, arguments: tuple[Any, ...]) -> None:
        changes = event in WATCHED or (event == "open" and _writes(arguments))
        if changes and self._matters(arguments[0]):
            self._count()

    def _count(self) -> None:
        if os.getpid() == self._pid:  # a fork of the job hears its own calls
            self.number += 1
            self._act(self.number)

    def _matters(self, path: Any) -> bool:
        """Return whether a file is one of the job's own, not one that the first job alone makes."""
        if isinstance(path, int):
            return False
        text = str(Path(self._folder) / os.fsdecode(path))
        return text.startswith(f"{self._folder}/") and CLOSURES not in text


def _writes(arguments: tuple[Any, ...]) -> bool:
    return bool(arguments[2] & (os.O_WRONLY | os.O_RDWR | os.O_CREAT))


def serve(modules: list[str]) -> None:
    """Answer requests until they end; in the fork that is a job, run the job instead."""
    for module in modules:
        importlib.import_module(module)
    if threading.active_count() > 1:
        raise RuntimeError("an import started a thread, which no fork would have")
    ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1)
    _answer({"ready": os.getpid()})
    for line in sys.stdin:
        asked = json.loads(line)
        if "orphans_within_s" in asked:
            _answer({"orphans": _orphans(asked["orphans_within_s"])})
            continue
        request = Request(**asked)
        job = os.fork()
        if not job:
            _become(request)
            return
        _answer(asdict(_supervise(job, request)))


def _answer(value: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(value) + "\n")
    sys.stdout.flush()


def _supervise(job: int, request: Request) -> End:
    """Wait for a job, and send it the signal when its time comes."""
    stuck = False
    descriptor = os.pidfd_open(job)
    try:
        if request.after_s and not _ended(descriptor, request.after_s):
            os.kill(job, request.signal)
        if not _ended(descriptor, request.limit_s):
            stuck = True
            os.kill(job, signal.SIGKILL)
        _, status = os.waitpid(job, 0)
    finally:
        os.close(descriptor)
    return End(os.waitstatus_to_exitcode(status), stuck)


def _ended(descriptor: int, within_s: float) -> bool:
    poll = select.poll()
    poll.register(descriptor, select.POLLIN)
    return bool(poll.poll(within_s * 1000))


def _orphans(within_s: float) -> list[str]:
    """Return the names of processes that ended jobs left, once they had time to end."""
    until = time.monotonic() + within_s
    with contextlib.suppress(ChildProcessError):
        while True:
            while os.waitpid(-1, os.WNOHANG) != (0, 0):
                pass
            if time.monotonic() > until:
                return _names_of_children()
            time.sleep(0.01)
    return []


def _names_of_children() -> list[str]:
    children = Path(f"/proc/{os.getpid()}/task/{os.getpid()}/children").read_text().split()
    return [f"{pid} {Path(f'/proc/{pid}/comm').read_text().strip()}" for pid in children]


def _become(request: Request) -> None:
    """Be a job from here on."""
    log = os.open(request.log, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
    nothing = os.open(os.devnull, os.O_RDONLY)
    for descriptor, source in ((0, nothing), (1, log), (2, log)):
        os.dup2(source, descriptor)
    os.chdir(request.folder)
    sys.argv = [request.module, *request.arguments]
    signal.signal(signal.SIGINT, signal.default_int_handler)

    def act(number: int) -> None:
        if number == request.at_call:
            os.kill(os.getpid(), request.signal)

    began = time.monotonic()
    calls = Calls(request.folder, act)
    importlib.import_module(request.module).main(request.arguments)
    took = {"calls": calls.number, "seconds": time.monotonic() - began}
    Path(request.took).write_text(json.dumps(took))


if __name__ == "__main__":
    serve(sys.argv[1:])
