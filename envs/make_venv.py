"""Make `.venv` from requirements.lock: by one process at a time, and afresh if it was cut off.

Runs with nothing but Python's standard library, as `python envs/make_venv.py .venv`.
"""

import fcntl
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import IO

SOURCES = (Path("requirements.lock"), Path("pyproject.toml"))
PIP = ("-m", "pip", "install", "--quiet", "--disable-pip-version-check")
UNFINISHED = "unfinished\n"


def main(venv: Path) -> None:
    """Make the environment, unless it is there and as young as what it is made from."""
    with Path(f"{venv}.lock").open("a+", encoding="utf-8") as lock:
        _take(lock, venv)
        if not _is_ready(venv):
            _make(venv, afresh=_content(lock) == UNFINISHED, lock=lock)


def _take(lock: IO[str], venv: Path) -> None:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        _say(f"another make is making {venv}: waiting for it")
        fcntl.flock(lock, fcntl.LOCK_EX)


def _is_ready(venv: Path) -> bool:
    ready = venv / ".ready"
    return ready.exists() and ready.stat().st_mtime_ns >= _youngest()


def _youngest() -> int:
    return max(path.stat().st_mtime_ns for path in SOURCES)


def _make(venv: Path, *, afresh: bool, lock: IO[str]) -> None:
    if afresh:
        _say(f"{venv} is half made, by a make that was cut off: starting afresh")
    _write(lock, UNFINISHED)
    (venv / ".ready").unlink(missing_ok=True)
    python = venv / "bin" / "python"
    try:
        _run(sys.executable, "-m", "venv", *(["--clear"] if afresh else []), venv)
        _run(python, *PIP, "-r", SOURCES[0])
        _run(python, *PIP, "--no-deps", "--no-build-isolation", "-e", ".")
    except subprocess.CalledProcessError as error:
        sys.exit(f"{venv} is half made: see above what failed ({error.returncode}); run make again")
    now = max(time.time_ns(), _youngest())  # a clock that was put back leaves sources of the future
    (venv / ".ready").touch()
    os.utime(venv / ".ready", ns=(now, now))
    _write(lock, "")


def _run(*command: str | Path) -> None:
    subprocess.run(command, check=True)  # noqa: S603 (our own words)


def _say(line: str) -> None:
    sys.stderr.write(f"{line}\n")
    sys.stderr.flush()


def _content(lock: IO[str]) -> str:
    lock.seek(0)
    return lock.read()


def _write(lock: IO[str], text: str) -> None:
    lock.truncate(0)
    lock.write(text)
    lock.flush()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
