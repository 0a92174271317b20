import errno
import json
import os
import shutil
import signal
from pathlib import Path

import pytest
from tests.unit.work.entries_of_a_job import check, commit, moments, weights

from crest.checksums import DamagedFileError
from crest.stopping import Stopped, stop_signals
from crest.work import SET_ASIDE, identity_of

NUM = 5


def fill(opened, num=NUM):
    """Run a job up to its entry number `num`, excluded, and return its folder."""
    with opened() as work:
        for number in range(check(work), num):
            commit(work, number)
        return work.folder


def aside(root):
    """Return the names of what was set aside, by folder."""
    places = sorted((root.parent / SET_ASIDE).glob("*"))
    return [sorted(path.name for path in place.iterdir()) for place in places]


def test_what_was_committed_is_there_when_the_folder_is_opened_again(opened, log):
    fill(opened, 3)
    assert "resumed" not in log.text
    with opened() as work:
        assert check(work) == 3
    assert "resumed after step 2 of 9" in log.text


def test_files_to_go_on_from_are_kept_for_two_entries_only(opened):
    names = sorted(path.name for path in fill(opened).iterdir())
    assert [name for name in names if "moments" in name] == [
        "entry-00003-moments",
        "entry-00004-moments",
    ]
    assert len([name for name in names if "weights" in name]) == NUM
    assert len(names) == 2 * NUM + 3


def test_another_spec_and_other_input_bytes_have_folders_of_their_own(opened, tmp_path):
    data = tmp_path / "data"
    data.write_text("a")
    folders = []
    for spec, inputs in (("one", ()), ("two", ()), ("one", (data,))):
        with opened(spec, inputs) as work:
            folders.append(work.folder)
    data.write_text("b")
    with opened("one", (data,)) as work:
        folders.append(work.folder)
    assert len(set(folders)) == 4


def test_the_same_input_at_another_place_has_the_same_folder(opened, tmp_path):
    for name in ("here", "there"):
        (tmp_path / name).write_text("same")
    with opened("one", (tmp_path / "here",)) as one:
        commit(one, 0)
    with opened("one", (tmp_path / "there",)) as other:
        assert check(other) == 1


def test_a_folder_says_whose_it_is(opened, tmp_path):
    (tmp_path / "data").write_text("a")
    with opened("one", (tmp_path / "data",)) as work:
        identity = identity_of(work.folder)
        assert identity.spec == "one"
        assert identity.paths == (str(tmp_path / "data"),)
        assert identity.name == work.folder.name


def test_discard_leaves_nothing(opened, root):
    with opened() as work:
        commit(work, 0)
        work.discard()
        assert work.last is None
    assert list(root.iterdir()) == []


def test_a_discard_that_was_killed_half_way_is_finished_by_the_next_run(opened, root):
    folder = fill(opened)
    folder.rename(folder.with_suffix(".discarded"))
    with opened() as work:
        assert check(work) == 0
    assert [path.name for path in root.iterdir()] == [folder.name]


# Damage: what happens to a file, and how many of the five entries remain in use.


def cut(path):
    path.write_bytes(path.read_bytes()[:-7])


def flip(path):
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 4
    path.write_bytes(content)


def empty(path):
    path.write_bytes(b"")


def lengthen(path):
    path.write_bytes(path.read_bytes() + b"\n}")


def make_folder(path):
    path.unlink()
    path.mkdir()


def replace_by_the_one_before(path):
    number = int(path.name[6:11])
    earlier = path.with_name(path.name.replace(f"{number:05d}", f"{number - 1:05d}"))
    path.write_bytes(earlier.read_bytes())


DAMAGES = (cut, flip, empty, lengthen, make_folder, replace_by_the_one_before, Path.unlink)
FILES = {
    "entry-00004.json": 4,
    "entry-00004-weights": 4,
    "entry-00004-moments": 4,
    "entry-00003-moments": 5,
    "entry-00003.json": 0,
    "entry-00003-weights": 0,
    "entry-00001.json": 0,
    "entry-00001-weights": 0,
    "entry-00000-weights": 0,
}
NOTHING_BEFORE = {"entry-00000-weights", "entry-00003-moments"}
CASES = [
    (name, damage)
    for name in FILES
    for damage in DAMAGES
    if not (damage is replace_by_the_one_before and name in NOTHING_BEFORE)
]


@pytest.mark.parametrize(("name", "damage"), CASES)
def test_torn_files_are_set_aside_and_never_used(opened, root, log, name, damage):
    folder, left = fill(opened), FILES[name]
    damage(folder / name)
    with opened() as work:
        assert check(work) == left
    fill(opened)
    with opened() as work:
        assert check(work) == NUM
    lost_quietly = damage is Path.unlink and name == "entry-00004.json"  # as if it never was
    if left == NUM or lost_quietly:
        assert aside(root) == []
        return
    assert len(aside(root)) == 1
    assert name.partition("-")[2][:5] in log.text
    assert "set aside" in log.text
    if left == 0:
        assert "work.json" in aside(root)[0]


def test_a_job_without_transient_files_goes_on_from_any_whole_entry(opened, root, log):
    with opened() as work:
        for number in range(NUM):
            work.commit(f"piece {number}", {"number": number})
        folder = work.folder
    cut(folder / "entry-00002.json")
    with opened() as work:
        assert [entry.values for entry in work.entries] == [{"number": 0}, {"number": 1}]
    assert aside(root) == [["entry-00002.json", "entry-00003.json", "entry-00004.json"]]
    assert "resumed after piece 1" in log.text


def test_files_of_another_folder_are_not_taken_for_ones_own(opened):
    fill(opened)
    with opened("another") as other:
        for number in range(NUM):
            commit(other, number)
        folder = other.folder
    mine = fill(opened)
    for path in folder.glob("entry-*"):
        shutil.copy(path, mine / path.name)
    with opened() as work:
        assert check(work) == 0


def break_name(folder):
    path = folder / "work.json"
    path.write_text(path.read_text().replace("test", "tost"))


def remove_name(folder):
    (folder / "work.json").unlink()


def cut_name(folder):
    cut(folder / "work.json")


def make_file(folder):
    shutil.rmtree(folder)
    folder.write_text("no folder")


@pytest.mark.parametrize("damage", [break_name, remove_name, cut_name, make_file])
def test_a_foreign_folder_is_set_aside_as_a_whole(opened, root, log, damage):
    folder = fill(opened)
    damage(folder)
    with opened() as work:
        assert check(work) == 0
        commit(work, 0)
    assert len(list((root.parent / SET_ASIDE).iterdir())) == 1
    assert "set aside as" in log.text
    with opened() as work:
        assert check(work) == 1


def test_what_is_set_aside_twice_lies_in_two_places(opened, root):
    for _ in range(2):
        remove_name(fill(opened))
    fill(opened)
    assert len(aside(root)) == 2


def test_a_folder_that_was_just_made_when_its_job_was_killed_is_used(opened, log):
    folder = fill(opened, 0)
    (folder / "work.json").rename(folder / ".work.json.123.part")
    fill(opened)
    assert "set aside" not in log.text
    assert list(folder.glob(".*")) == []


def test_a_file_that_changes_while_the_job_runs_is_refused(opened):
    with opened() as work:
        commit(work, 0)
        flip(work.folder / "entry-00000-weights")
        with pytest.raises(DamagedFileError, match="run again"):
            work.path(0, "weights")


def test_values_are_given_back_as_json_would_when_they_were_not_yet_read_back(opened):
    with opened() as work:
        entry = work.commit("one", {"pair": (1, 2.5)})
    assert entry.values == {"pair": [1, 2.5]}


def test_a_value_that_is_not_finite_is_refused_and_leaves_nothing(opened):
    with opened() as work:
        with pytest.raises(ValueError, match="JSON"):
            work.commit("one", {"loss": float("nan")})
        assert work.last is None


# A disk that is full, and kills at every operation on files.


def full_disk(path):
    path.write_bytes(b"half of i")
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(path))


def test_a_full_disk_leaves_what_was_committed_and_nothing_else(opened):
    with opened() as work:
        commit(work, 0)
        before = sorted(work.folder.iterdir())
        with pytest.raises(OSError, match="No space"):
            work.commit(
                "step 1 of 9",
                {},
                files={"weights": lambda path: path.write_bytes(weights(1))},
                transient={"moments": full_disk},
            )
        assert sorted(work.folder.iterdir()) == before
        commit(work, 1)
    with opened() as work:
        assert check(work) == 2


OPERATIONS = ("replace", "rename", "fsync", "unlink", "mkdir")


class Killed(BaseException):
    """Stands for a kill."""


class Disk:
    """Lets so many operations on files happen, then fails one, or all that follow."""

    def __init__(self, monkeypatch, allowed, error, *, dead):
        self.left = allowed
        self.error = error
        self.dead = dead
        self.failed = False
        for name in OPERATIONS:
            monkeypatch.setattr(os, name, self.counted(getattr(os, name)))

    def counted(self, operation):
        def run(*args, **kwargs):
            if self.failed and self.dead:
                raise self.error
            if not self.failed:
                self.left -= 1
                if self.left < 0:
                    self.failed = True
                    raise self.error
            return operation(*args, **kwargs)

        return run


FEW = 3  # entries with which every kind of operation has come up


def run_until_failure(opened, disk):
    """Return how many entries were there when the disk failed, or None if it did not."""
    done = 0
    try:
        with opened() as work:
            done = len(work.entries)
            for number in range(done, FEW):
                commit(work, number)
                done = number + 1
    except (Killed, OSError):
        pass
    return done if disk.failed else None


def test_a_kill_at_any_operation_leaves_whole_entries_and_costs_none(opened, root, monkeypatch):
    for allowed in range(1000):
        with monkeypatch.context() as patched:
            disk = Disk(patched, allowed, Killed(), dead=True)
            done = run_until_failure(opened, disk)
        with opened() as work:
            assert done is None or done <= check(work) <= done + 1
        fill(opened, FEW)
        with opened() as work:
            assert check(work) == FEW
            assert not list(work.folder.glob(".*"))
            work.discard()
        assert not (root.parent / SET_ASIDE).exists()
        if done is None:
            assert allowed > 20
            return
    pytest.fail("the job never came to its end")


def test_an_error_of_the_disk_at_any_operation_leaves_whole_entries(opened, root, monkeypatch):
    for allowed in range(1000):
        with monkeypatch.context() as patched:
            disk = Disk(patched, allowed, OSError(errno.ENOSPC, "No space"), dead=False)
            done = run_until_failure(opened, disk)
        with opened() as work:
            assert done is None or done <= check(work) <= done + 1
            for number in range(len(work.entries), FEW):
                commit(work, number)
            assert check(work) == FEW
            work.discard()
        assert not (root.parent / SET_ASIDE).exists()
        if done is None:
            return
    pytest.fail("the job never came to its end")


def test_a_kill_while_torn_entries_are_set_aside_costs_no_whole_entry(opened, monkeypatch):
    for allowed in range(100):
        folder = fill(opened, FEW)
        cut(folder / "entry-00002-moments")
        with monkeypatch.context() as patched:
            disk = Disk(patched, allowed, Killed(), dead=True)
            run_until_failure(opened, disk)
        with opened() as work:
            assert check(work) >= FEW - 1
        fill(opened, FEW)
        with opened() as work:
            assert check(work) == FEW
            work.discard()
        if not disk.failed:
            return
    pytest.fail("the job never came to its end")


# Signals.


def test_a_signal_during_a_commit_waits_until_it_is_whole(opened):
    def stop_and_write(path):
        os.kill(os.getpid(), signal.SIGTERM)
        path.write_bytes(weights(1))

    def run():
        with stop_signals(), opened() as work:
            commit(work, 0)
            work.commit(
                "step 1 of 9",
                {"curve": [0.0]},
                files={"weights": stop_and_write},
                transient={"moments": lambda path: path.write_bytes(moments(1))},
            )
            pytest.fail("the signal was lost")

    with pytest.raises(Stopped) as stopped:
        run()
    assert stopped.value.reached == "step 1 of 9"
    with opened() as work:
        assert check(work) == 2


def test_the_log_says_after_which_step_a_signal_stopped_the_job(opened, log):
    def run():
        with stop_signals(), opened() as work:
            commit(work, 0)
            os.kill(os.getpid(), signal.SIGTERM)

    with pytest.raises(SystemExit) as stopped:
        run()
    assert stopped.value.code == 143
    assert "stopped by SIGTERM after step 0 of 9; run again to go on from there" in log.text


def test_the_folder_of_another_version_of_the_entries_is_not_read(opened):
    folder = fill(opened)
    for path in folder.glob("entry-*.json"):
        marker = json.loads(path.read_text())
        del marker["check"]
        path.write_text(json.dumps(marker))
    with opened() as work:
        assert check(work) == 0
