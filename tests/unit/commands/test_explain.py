import contextlib

from crest.cli import main
from crest.commands.explain import compare
from crest.digest import code_closure
from crest.storage import write_json


def test_a_file_of_the_present_code_is_current(results, capsys):
    assert main(["explain", str(results / "train.parquet")]) == 0
    out = capsys.readouterr().out
    assert "train.parquet: current" in out
    assert "job make_tasks" in out
    assert "numpy was 0.0.1, is " in out


def test_a_stale_file_without_a_record_says_that_the_edit_is_unknown(results, capsys):
    assert main(["explain", str(results / "stale.parquet")]) == 1
    out = capsys.readouterr().out
    assert "stale.parquet: stale" in out
    assert "What changed is unknown" in out


def test_a_file_of_a_job_that_is_gone_says_so(results, capsys):
    assert main(["explain", str(results / "gone.json")]) == 1
    assert "crest.jobs.make_tea:main: no such function" in capsys.readouterr().out


def test_a_file_without_a_spec_says_so(results, capsys):
    assert main(["explain", str(results / "chart.json")]) == 1
    assert "carries no spec" in capsys.readouterr().out


def test_a_missing_file_is_an_error_in_one_line(tmp_path, capsys):
    assert main(["explain", str(tmp_path / "none.parquet")]) == 2
    assert capsys.readouterr().err.count("\n") == 1


def test_comparing_closures_names_every_symbol_that_differs():
    then = {"m:kept": "1", "m:edited": "2", "m:deleted": "3"}
    now = {"m:kept": "1", "m:edited": "4", "m:new": "5"}
    assert compare(then, now) == ["  removed m:deleted", "  changed m:edited", "  added   m:new"]


def test_a_stale_file_with_a_record_names_the_edited_symbols(results, capsys):
    closure = code_closure("crest.jobs.make_tasks:main").symbols
    old = {**closure, "crest.jobs.make_tasks:main": "0"}
    write_json(old, results.parent / ".crest" / "closures" / f"{'5' * 64}.json")
    with contextlib.chdir(results.parent):
        assert main(["explain", "results/stale.parquet"]) == 1
    assert "  changed crest.jobs.make_tasks:main\n" in capsys.readouterr().out
