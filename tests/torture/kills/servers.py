"""Two running servers, one a core, and what they say of the jobs that they run."""

import json
import os
import queue
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any

from tests.torture.kills.server import End, Request

NUM = 2
SCRIPT = Path(__file__).with_name("server.py")


class Server:
    """A process that runs one job at a time.

    Args:
        source: Folder of the package whose jobs it runs.
        modules: The jobs' modules.
    """

    def __init__(self, source: Path, modules: Sequence[str]) -> None:
        self._process = subprocess.Popen(
            [sys.executable, str(SCRIPT), *modules],
            env={**os.environ, "PYTHONPATH": str(source), "OMP_NUM_THREADS": "1"},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self._ready = False

    def run(self, request: Request) -> End:
        """Run a job."""
        return End(**self._ask(asdict(request)))

    def orphans(self, within_s: float) -> list[str]:
        """Return the processes that outlive the jobs which started them by a time."""
        return list(self._ask({"orphans_within_s": within_s})["orphans"])

    def close(self) -> None:
        """End the server."""
        self._process.stdin.close()
        self._process.wait()
        self._process.stdout.close()

    def _ask(self, value: dict[str, Any]) -> dict[str, Any]:
        if not self._ready:
            self._ready = bool(self._read())  # the jobs are imported
        self._process.stdin.write(json.dumps(value) + "\n")
        self._process.stdin.flush()
        return self._read()

    def _read(self) -> dict[str, Any]:
        line = self._process.stdout.readline()
        if not line:
            raise RuntimeError("the server that runs the jobs has ended; its message is above")
        return dict(json.loads(line))


class Servers:
    """Servers for as many threads."""

    def __init__(self, source: Path, modules: Sequence[str]) -> None:
        self._all = [Server(source, modules) for _ in range(NUM)]
        self._idle: queue.SimpleQueue[Server] = queue.SimpleQueue()
        for server in self._all:
            self._idle.put(server)

    @contextmanager
    def one(self) -> Iterator[Server]:
        """Yield a server to this thread alone, once one is idle."""
        server = self._idle.get()
        try:
            yield server
        finally:
            self._idle.put(server)

    def close(self) -> None:
        """End the servers."""
        for server in self._all:
            server.close()
