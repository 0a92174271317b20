import json
import os
import socket
import subprocess
import sys
import threading

import pytest

from crest.work import InUseError, in_use, lock_of, locked, open_work

SPEC = '{"job":"test"}'
HOLD = """
import sys
from pathlib import Path
from crest.work import open_work
with open_work(sys.argv[1], [], root=Path(sys.argv[2])) as work:
    print(work.folder, flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def held(root):
    """Return a process that works in the folder until its standard input ends."""
    command = [sys.executable, "-c", HOLD, SPEC, str(root)]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        process.folder = process.stdout.readline().strip()
        yield process


def test_a_second_process_is_refused_and_told_who_works_there(opened, held):
    with pytest.raises(InUseError) as refused, opened():
        pytest.fail("two processes work in one folder")
    message = str(refused.value)
    assert message.startswith(f"{held.folder}: process {held.pid} on {socket.gethostname()}")
    assert "(since 20" in message
    assert message.endswith("wait for that process, or end it")


def test_a_killed_process_leaves_no_lock(opened, held):
    held.kill()
    held.wait()
    with opened() as work:
        assert str(work.folder) == held.folder


def test_whether_a_folder_is_in_use_can_be_asked_without_disturbing_it(opened, root):
    with opened() as work:
        folder = work.folder
        assert in_use(folder)
        assert json.loads(lock_of(folder).read_text())["pid"] == os.getpid()
    assert not in_use(folder)
    assert [path.name for path in root.iterdir()] == [folder.name]


def test_asking_makes_no_files(root):
    assert not in_use(root / "nothing")
    assert not root.exists()


def test_a_lock_whose_text_is_damaged_still_holds(opened):
    with opened() as work:
        lock_of(work.folder).write_text("{")
        with (
            pytest.raises(InUseError, match="another process"),
            open_work(SPEC, [], root=work.folder.parent),
        ):
            pytest.fail("two jobs work in one folder")


def test_of_many_that_come_and_go_never_two_are_inside(tmp_path):
    inside, worst, entered = 0, 0, 0

    def visit():
        nonlocal inside, worst, entered
        for _ in range(60):
            try:
                with locked(tmp_path / "lock", tmp_path):
                    inside += 1
                    worst = max(worst, inside)
                    entered += 1
                    inside -= 1
            except InUseError:
                pass

    threads = [threading.Thread(target=visit) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert worst == 1
    assert entered >= 60
    assert not (tmp_path / "lock").exists()
