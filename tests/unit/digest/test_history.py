"""Edits are told part by part: what changed is shown, what only moved is not."""

import pytest

from crest.digest import code_closure, code_pieces, code_texts
from crest.digest import history as module
from crest.digest.archive import keep, recall

ENTRY = "toy.jobs.work:main"
SPEC = {"job": "work", "choices": {}}
A = "LIMIT = 3\n\ndef helper(x):\n    # old\n    return base(x) + LIMIT\n\ndef base(x): return x\n"


@pytest.fixture
def project(toy, tmp_path, monkeypatch):
    """A job whose code was kept, and a function that tells what changed since."""
    monkeypatch.setattr(module, "entry_of", lambda job: f"toy.jobs.{job}:main")
    toy.write("jobs/__init__.py", "")
    toy.write("jobs/work.py", "from toy.a import helper\ndef main(): return helper(1)\n")
    toy.write("a.py", A)
    toy.folder = tmp_path / "kept"
    closure = code_closure(ENTRY, root=tmp_path)
    keys = [piece.key for piece in closure.pieces]
    keep(closure, code_texts(ENTRY, keys, root=tmp_path), toy.folder)
    toy.code = closure.digest
    toy.changes = lambda: module.changes(toy.code, SPEC, closures=toy.folder, root=tmp_path)
    return toy


def told(project):
    return [(change.symbol, change.kind) for change in project.changes()]


def test_nothing_is_told_of_code_that_stood_still(project):
    project.edit("a.py", "# old", "# new")
    project.edit("a.py", "LIMIT = 3\n", "'''Doc.'''\nLIMIT = (\n    3\n)\n")
    assert project.changes() == []


def test_without_a_record_nothing_is_known(project):
    assert module.changes("0" * 64, SPEC, closures=project.folder, root=project.root) is None


def test_a_damaged_record_is_no_record(project):
    path = project.folder / f"{project.code}.json"
    path.write_text(path.read_text()[:100])
    assert project.changes() is None


def test_an_edit_is_shown_as_a_diff_of_the_function_alone(project):
    project.edit("a.py", "base(x) + LIMIT", "base(x) - LIMIT")
    (change,) = project.changes()
    assert (change.symbol, change.kind) == ("toy.a:helper", "changed")
    assert change.diff == (
        "@@ -1,3 +1,3 @@",
        " def helper(x):",
        "     # old",
        "-    return base(x) + LIMIT",
        "+    return base(x) - LIMIT",
    )


def test_what_came_and_what_went_is_told(project):
    project.edit("a.py", "base(x) + LIMIT", "other(x) + LIMIT")
    project.edit("a.py", "def base(x): return x", "@abs\ndef other(x): return 2 * x")
    found = project.changes()
    assert told(project) == [
        ("toy.a:base", "removed"),
        ("toy.a:helper", "changed"),
        ("toy.a:other", "added"),
    ]
    assert found[0].diff[1:] == ("-def base(x): return x",)
    assert found[2].diff[1:] == ("+@abs", "+def other(x): return 2 * x")


def test_a_move_alone_is_no_change(project):
    project.write("b.py", A)
    project.edit("jobs/work.py", "toy.a", "toy.b")
    assert project.changes() == []


def test_a_move_beside_an_edit_is_not_told(project):
    project.write("b.py", A)
    project.edit("jobs/work.py", "toy.a", "toy.b")
    project.edit("jobs/work.py", "helper(1)", "helper(2)")
    assert told(project) == [("toy.jobs.work:main", "changed")]


def test_a_part_that_was_moved_and_edited_is_compared_with_itself(project):
    project.write("b.py", A.replace("+ LIMIT", "- LIMIT"))
    project.edit("jobs/work.py", "toy.a", "toy.b")
    (change,) = project.changes()
    assert (change.symbol, change.kind) == ("toy.b:helper", "moved")
    assert "-    return base(x) + LIMIT" in change.diff


def test_a_name_that_means_another_like_named_part_is_told_at_its_user(project):
    project.write("b.py", "def base(x): return -x\n")
    project.write("a.py", A.replace("def base(x): return x", "from toy.b import base"))
    assert told(project) == [("toy.b:base", "moved")]
    project.write("a.py", A.replace("base(x) +", "(base)(x) +"))
    assert told(project) == [("toy.a:helper", "changed")]


def test_swapped_meanings_are_told_at_the_user(project):
    project.write("b.py", "from toy.a import f as g, g as f\ndef both(): return f(g())\n")
    project.write("a.py", "def f(): return 1\ndef g(): return 2\n")
    project.write("jobs/work.py", "from toy.b import both\ndef main(): return both()\n")
    closure = code_closure(ENTRY, root=project.root)
    keep(closure, {}, project.folder)
    project.code = closure.digest
    project.edit("b.py", "import f as g, g as f", "import f, g")
    (change,) = project.changes()
    assert (change.symbol, change.kind) == ("toy.b:both", "changed")
    assert change.diff == ("-uses toy.a:g", "+uses toy.a:f", "-uses toy.a:f", "+uses toy.a:g")


def test_a_job_that_is_gone_is_told_with_its_own_text(project):
    (project.root / "toy/jobs/work.py").unlink()
    (change,) = project.changes()
    assert (change.symbol, change.kind) == ("toy.jobs.work:main", "removed")
    assert change.diff[1:] == ("-def main(): return helper(1)",)


def test_texts_that_were_not_kept_leave_the_diff_empty(project):
    for path in (project.folder / "texts").iterdir():
        path.write_bytes(b"torn")
    project.edit("a.py", "base(x) + LIMIT", "base(x) - LIMIT")
    (change,) = project.changes()
    assert (change.symbol, change.diff) == ("toy.a:helper", ())


def test_a_torn_text_is_kept_anew(project):
    (path, *_) = (project.folder / "texts").iterdir()
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) // 2])
    closure = code_closure(ENTRY, root=project.root)
    keys = [piece.key for piece in closure.pieces]
    keep(closure, code_texts(ENTRY, keys, root=project.root), project.folder)
    assert path.read_bytes() == whole


def test_what_is_kept_is_not_written_again(project):
    before = {path: path.stat().st_mtime_ns for path in project.folder.rglob("*.*")}
    closure = code_closure(ENTRY, root=project.root)
    keys = [piece.key for piece in closure.pieces]
    keep(closure, code_texts(ENTRY, keys, root=project.root), project.folder)
    assert {path: path.stat().st_mtime_ns for path in project.folder.rglob("*.*")} == before


def test_parts_survive_being_kept(project):
    parts = recall(project.code, project.folder)
    assert {key.label for key in parts} == {
        "toy.a:LIMIT",
        "toy.a:base",
        "toy.a:helper",
        "toy.jobs.work:main",
    }
    helper = next(part for key, part in parts.items() if key.name == "helper")
    assert [key.name for key in helper.links] == ["base", "LIMIT"]
    present = code_pieces(ENTRY, parts, root=project.root)
    assert {key: piece.content for key, piece in present.items()} == {
        key: part.content for key, part in parts.items()
    }


def test_a_named_file_is_shown_by_its_lines(project):
    project.write("page.html", "<p>\n<b>\n")
    project.edit("a.py", "LIMIT = 3", "DIGEST_FILES = ('page.html',)\nLIMIT = 3")
    closure = code_closure(ENTRY, root=project.root)
    keys = [piece.key for piece in closure.pieces]
    keep(closure, code_texts(ENTRY, keys, root=project.root), project.folder)
    project.code = closure.digest
    project.write("page.html", "<p>\n<i>\n")
    (change,) = project.changes()
    assert change.symbol == "toy.a:page.html"
    assert change.diff[1:] == (" <p>", "-<b>", "+<i>")
