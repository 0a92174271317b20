"""`make` killed while it makes `.venv`, run twice at a time, and without a network."""

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.workflow.project import ROOT

OF_MAKE = {"MAKEFLAGS", "MAKELEVEL", "MFLAGS"}  # set where make runs the tests

PYTHON = f"""#!/bin/sh
# Stands in for Python: makes an environment of one script, and installs by writing a file.
case "$1$2" in
-c*) exec {sys.executable} "$@" ;;
-mvenv)
    for last; do :; done
    if [ "$3" = --clear ]; then rm -rf "$last"; fi
    mkdir -p "$last/bin" && cp "$0" "$last/bin/python" && echo "venv $$" >> made ;;
-mpip)
    echo "pip $$" >> made
    if [ -e no-network ]; then echo "no network" >&2; exit 3; fi
    echo half > "$(dirname "$0")/../half"
    while [ -e hold ]; do sleep 0.02; done
    rm -f "$(dirname "$0")/../half" ;;
*) exec {sys.executable} -c "import runpy, sys
sys.executable, *sys.argv = sys.argv[1:]
runpy.run_path(sys.argv[0], run_name='__main__')" "$0" "$@" ;;
esac
"""


@pytest.fixture
def checkout(tmp_path: Path) -> Iterator[Path]:
    """A bare checkout with a Python whose pip waits as long as there is a file `hold`."""
    for name in ("Makefile", "requirements.lock", "pyproject.toml"):
        shutil.copy2(ROOT / name, tmp_path)
    (tmp_path / "envs").mkdir()
    shutil.copy2(ROOT / "envs/make_venv.py", tmp_path / "envs")
    python = tmp_path / "python"
    python.write_text(PYTHON)
    python.chmod(0o755)
    yield tmp_path
    (tmp_path / "hold").unlink(missing_ok=True)


def start_make(checkout: Path) -> subprocess.Popen[str]:
    return subprocess.Popen(
        ["make", "PYTHON=./python", ".venv/.ready"],
        cwd=checkout,
        env={key: value for key, value in os.environ.items() if key not in OF_MAKE},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )


def make(checkout: Path) -> tuple[int, str]:
    process = start_make(checkout)
    output, _ = process.communicate(timeout=120)
    return process.returncode, output


def wait_for(path: Path) -> None:
    while not path.exists():
        time.sleep(0.02)


def calls(checkout: Path) -> list[str]:
    """Return what the Python was asked for, in order."""
    return [line.split()[0] for line in (checkout / "made").read_text().splitlines()]


def test_a_killed_make_leaves_an_environment_that_the_next_make_makes_afresh(
    checkout: Path,
) -> None:
    (checkout / "hold").touch()
    process = start_make(checkout)
    wait_for(checkout / ".venv/half")
    os.killpg(process.pid, signal.SIGKILL)
    process.communicate()
    assert not (checkout / ".venv/.ready").exists()
    (checkout / "hold").unlink()
    status, output = make(checkout)
    assert status == 0, output
    assert ".venv is half made, by a make that was cut off: starting afresh" in output
    assert not (checkout / ".venv/half").exists()
    assert calls(checkout) == ["venv", "pip", "venv", "pip", "pip"]


def test_a_second_make_waits_for_the_first_and_makes_nothing(checkout: Path) -> None:
    (checkout / "hold").touch()
    first = start_make(checkout)
    wait_for(checkout / ".venv/half")
    second = start_make(checkout)
    assert second.stdout is not None
    assert second.stdout.readline() == "another make is making .venv: waiting for it\n"
    (checkout / "hold").unlink()
    for process in (first, second):
        output, _ = process.communicate(timeout=120)
        assert process.returncode == 0, output
    assert calls(checkout) == ["venv", "pip", "pip"]


def test_an_install_that_fails_says_so_and_the_next_make_mends_it(checkout: Path) -> None:
    (checkout / "no-network").touch()
    status, output = make(checkout)
    assert status != 0
    assert "no network\n.venv is half made: see above what failed (3); run make again" in output
    assert not (checkout / ".venv/.ready").exists()
    (checkout / "no-network").unlink()
    status, output = make(checkout)
    assert status == 0, output
    assert (checkout / ".venv/.ready").exists()


def test_a_new_lock_file_changes_the_environment_in_place(checkout: Path) -> None:
    assert make(checkout)[0] == 0
    (checkout / ".venv/of-the-user").touch()
    os.utime(checkout / "requirements.lock", (time.time() + 3600, time.time() + 3600))
    status, output = make(checkout)
    assert status == 0, output
    assert "afresh" not in output
    assert (checkout / ".venv/of-the-user").exists()
    assert make(checkout)[0] == 0
    assert calls(checkout) == ["venv", "pip", "pip"] * 2
