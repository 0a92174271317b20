import pytest

from crest.cli import main
from crest.tasks.flashfill.table import read_tasks

FUNCTION = "(synth-fun f ((name String)) String)\n"


def write(folder, name, pairs, function=FUNCTION):
    lines = [f'(constraint (= (f "{given}") "{wanted}"))' for given, wanted in pairs]
    (folder / name).write_text(function + "\n".join(lines))


@pytest.fixture
def problems(tmp_path):
    write(tmp_path, "first.sl", [("ab-c", "ab"), ("d-ef", "d"), ("ghi-j", "ghi")])
    write(tmp_path, "short.sl", [("ab-c", "ab")])
    write(tmp_path, "two.sl", [], "(synth-fun f ((a String) (b String)) String)")
    return tmp_path


def test_a_folder_becomes_a_table_with_a_count_of_what_was_not_taken(problems, tmp_path, capsys):
    output = tmp_path / "tasks.parquet"
    assert main(["tasks", "sygus", str(problems), "--output", str(output)]) == 0
    out = capsys.readouterr().out
    assert out.splitlines() == [
        "taken             1",
        "not one input     1",
        "too few examples  1",
        f"{output}: 1 tasks",
    ]
    assert [task.task_id for task in read_tasks(output)] == ["sygus-first"]


def test_refused_problems_are_shown_on_request(problems, tmp_path, capsys):
    output = tmp_path / "tasks.parquet"
    assert main(["tasks", "sygus", str(problems), "--output", str(output), "--show-refused"]) == 0
    assert "short: too few examples: 1 of 3" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("source", "options", "message"),
    [
        ("none.sl", (), "no .sl file there"),
        ("short.sl", (), "holds no problem that is taken\ntaken             0"),
        ("first.sl", ("--min-pairs", "1"), "--min-pairs is 1 and --max-pairs 12: ask for at least"),
        ("first.sl", ("--max-pairs", "2"), "--min-pairs is 3 and --max-pairs 2"),
        ("first.sl", ("--output", "tasks.csv"), "name a file that ends in .parquet"),
    ],
)
def test_what_cannot_be_done_is_told_and_writes_nothing(problems, source, options, message, capsys):
    output = problems / "tasks.parquet"
    words = ["tasks", "sygus", str(problems / source), "--output", str(output), *options]
    assert main(words) == 2
    assert message in capsys.readouterr().err
    assert not output.exists()
