import fcntl
import hashlib
import json
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

from crest.cli import main
from crest.job_record import read_record
from crest.spec import CLOSURES, canonical
from crest.work import ROOT, lock_of, locked, open_work

ES = "study collapse, model organism, arm es"
CAMPAIGN = "collapse/organism/es/seed0/campaign1"
INPUTS = ("tasks/train.parquet", "tasks/select.parquet")
DAY_S = 86_400


@pytest.fixture
def clean(capsys):
    """Run `crest clean`, and return its exit status and the lines that it printed."""

    def run(*words):
        status = main(["clean", *map(str, words)])
        return status, capsys.readouterr().out.splitlines()

    return run


@pytest.fixture
def leave_work(study):
    """Leave the work folder of a killed campaign whose spec has some other fields."""

    def leave(**fields):
        spec = canonical({**read_record(study.record(CAMPAIGN)).spec, **fields})
        with open_work(spec, [study.folder / path for path in INPUTS]) as work:
            work.commit("step 0 of 3", {}, files={"a": lambda path: path.write_bytes(b"x" * 9000)})
        return work.folder

    return leave


def test_work_that_a_job_can_go_on_from_is_kept(leave_work, clean):
    folder = leave_work()
    status, lines = clean("--stale")
    assert status == 0
    assert folder.is_dir()
    words = f"run_campaign, {ES}, seed 0, campaign 1 can go on from it"
    assert lines == [f"kept {folder}: {words}", "Nothing to clean."]


STALE = [
    ({"code": "5" * 64}, "its code was edited since"),
    ({"libraries": {"torch": "0.1"}}, "library torch 0.1 -> "),
    ({"python": "2.7"}, "python 2.7 -> "),
    ({"job": "make_tea"}, "gone crest.jobs.make_tea:main: no such function"),
]


@pytest.mark.parametrize(("fields", "words"), STALE)
def test_work_of_code_that_is_no_more_is_listed_and_removed(leave_work, clean, fields, words):
    folder = leave_work(**fields)
    for flags in ((), ("--stale", "--dry-run"), ("--dry-run",)):
        status, lines = clean(*flags)
        assert status == 0
        assert lines[0].startswith(f"work folder {folder}: ")
        assert words in lines[0]
        assert lines[-1] == "Nothing was removed; crest clean --stale removes it."
        assert folder.is_dir()
    status, lines = clean("--stale")
    assert status == 0
    assert not any(ROOT.iterdir())
    assert lines[-2:] == ["1 work folder: 0.0 MB", "Removed 1 work folder: 0.0 MB"]


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (Path.unlink, "is gone"),
        (lambda path: path.write_text("other"), "holds other bytes now"),
    ],
)
def test_work_whose_inputs_are_no_more_is_removed(study, leave_work, clean, spoil, words):
    folder = leave_work()
    spoil(study.folder / INPUTS[1])
    _, lines = clean("--stale")
    assert f"{study.folder / INPUTS[1]}, which it read, {words}" in lines[0]
    assert not folder.exists()


@pytest.mark.parametrize("spoil", [Path.unlink, lambda path: path.write_text("{")])
def test_work_of_an_unknown_job_is_removed(leave_work, clean, spoil):
    folder = leave_work()
    spoil(folder / "work.json")
    _, lines = clean("--stale")
    assert "its work.json is missing or damaged" in lines[0]
    assert not folder.exists()


def test_work_in_which_a_live_process_works_is_kept_whatever_it_is(leave_work, clean):
    folder = leave_work(code="5" * 64)
    program = (
        "import sys\nfrom pathlib import Path\nfrom crest.work import lock_of, locked\n"
        "folder = Path(sys.argv[1])\n"
        "with locked(lock_of(folder), folder):\n"
        "    print('locked', flush=True)\n    sys.stdin.read()"
    )
    command = [sys.executable, "-c", program, str(folder)]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as other:
        assert other.stdout.readline() == "locked\n"
        status, lines = clean("--stale")
        other.stdin.close()
    assert status == 0
    assert folder.is_dir()
    assert lines[0].endswith("campaign 1 works in it")
    assert clean("--stale")[1][-1] == "Removed 1 work folder: 0.0 MB"


def test_work_that_a_job_enters_meanwhile_is_left_and_said(leave_work, clean, monkeypatch):
    folder = leave_work(code="5" * 64)
    monkeypatch.setattr("crest.commands.rubbish.in_use", lambda _: False)
    with locked(lock_of(folder), folder):
        status, lines = clean("--stale")
    assert status == 1
    assert folder.is_dir()
    assert lines[-2].startswith(f"left {folder}: ")
    assert f"process {os.getpid()}" in lines[-2]
    assert lines[-1] == "Removed nothing: 0.0 MB"


def test_what_a_killed_removal_left_is_removed(leave_work, clean):
    folder = leave_work()
    discarded = folder.rename(folder.with_suffix(".discarded"))
    clean("--stale")
    assert not discarded.exists()


def test_what_was_set_aside_is_removed(study, clean):
    aside = ROOT.parent / "set-aside"
    (aside / "abc-1").mkdir(parents=True)
    (aside / "abc-1/entry-00000.json").write_text("torn")
    _, lines = clean("--stale")
    assert lines[0].startswith(f"set-aside folder {aside}/abc-1: ")
    assert list(aside.iterdir()) == []
    assert study.folder.is_dir()


def test_leftovers_of_killed_writers_are_removed_and_those_of_live_ones_are_not(study, clean):
    dead = study.folder / "tasks/.train.parquet.77.part"
    alive = study.folder / "records/.make_tasks.json.78.part"
    for path in (dead, alive):
        path.write_bytes(b"x" * 2_000_000)
    before = {path for path in study.folder.rglob("*") if path.is_file()}
    with alive.open("r+b") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        status, lines = clean("--stale")
    assert status == 0
    assert lines[-1] == "Removed 1 leftover: 2.0 MB"
    after = {path for path in study.folder.rglob("*") if path.is_file()}
    assert before - after == {dead}


def keep_code(code, text, *, age_days=2):
    """Keep code under a digest as jobs do, and return the files."""
    checksum = hashlib.sha256(text.encode()).hexdigest()
    parts = [["name", "m", "f", "0" * 64, checksum, []]]
    files = {
        CLOSURES / f"{code}.json": json.dumps({"form": 2, "parts": parts}),
        CLOSURES / f"{checksum}.seen": code,
        CLOSURES / "texts" / checksum: text,
    }
    for path, content in files.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content)
        os.utime(path, (time.time(), time.time() - age_days * DAY_S))
    return set(files)


def test_kept_code_goes_unless_a_result_or_work_needs_it_or_a_job_may(study, leave_work, clean):
    result = read_record(study.record("make_tasks")).spec["code"]
    work = json.loads(json.loads((leave_work() / "work.json").read_text())["spec"])["code"]
    accepted, old, young = "a" * 64, "b" * 64, "c" * 64
    record = json.loads(study.record("make_tasks").read_text())
    record["history"] = [{"spec": {**record["spec"], "code": accepted}, "why": "harmless"}]
    study.record("make_tasks").write_text(json.dumps(record))
    for code in (result, work, accepted):
        keep_code(code, code)
    keep_code(young, young, age_days=0)
    before = set(CLOSURES.rglob("*"))
    gone = keep_code(old, old)
    _, lines = clean("--stale")
    assert lines[-1] == "Removed 1 archive of code: 0.0 MB"
    assert f"archive of code {CLOSURES}: 3 files on code that made none" in lines[0]
    assert set(CLOSURES.rglob("*")) == before
    assert not any(path.exists() for path in gone)


def test_a_further_folder_keeps_its_code_and_loses_its_leftovers(study, clean, tmp_path):
    copied = shutil.copytree(study.folder, tmp_path / "copy")
    (copied / ".a.77.part").write_text("half")
    needed = keep_code(read_record(study.record("make_tasks")).spec["code"], "text")
    shutil.rmtree(study.folder)
    _, lines = clean("--stale", copied)
    assert lines[-1] == "Removed 1 leftover: 0.0 MB"
    assert all(path.exists() for path in needed)
    assert clean("--stale")[1][-1] == "Removed 1 archive of code: 0.0 MB"


def test_a_text_that_needed_code_shares_with_old_code_stays(study, clean):
    shared = keep_code(read_record(study.record("make_tasks")).spec["code"], "shared")
    gone = keep_code("b" * 64, "shared") - shared
    for path in CLOSURES.glob("*.seen"):
        path.unlink()
    clean("--stale")
    assert not any(path.exists() for path in gone)
    assert {path.name for path in CLOSURES.rglob("*") if path.is_file()} == {
        path.name for path in shared if path.suffix != ".seen"
    }


@pytest.mark.usefixtures("study")
def test_nothing_else_is_touched(clean):
    def everything():
        return {path: path.stat().st_mtime_ns for path in Path().rglob("*") if path.is_file()}

    Path(".crest").mkdir()
    Path(".crest/verdicts.sqlite").write_text("verdicts")
    before = everything()
    status, lines = clean("--stale")
    assert (status, lines) == (0, ["Nothing to clean."])
    assert everything() == before


def test_long_lists_begin_with_the_largest(study, clean):
    for number in range(25):
        (study.folder / f".a.{number:02}.part").write_bytes(b"x" * 1000 * number)
    _, lines = clean()
    assert ".a.24.part" in lines[0]
    assert lines[20].strip() == "and 5 smaller ones; --full lists all"
    assert len(clean("--full")[1]) == 27


def test_a_folder_that_is_not_there_is_an_error(study, capsys):
    assert main(["clean", str(study.folder / "none")]) == 2
    assert "no such folder" in capsys.readouterr().err


def test_outside_a_project_there_is_nothing_to_clean(tmp_path, clean, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert clean("--stale") == (0, ["Nothing to clean."])
