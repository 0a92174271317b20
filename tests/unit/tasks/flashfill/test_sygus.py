import re

import pytest

from crest.tasks.flashfill.evaluate import compile_program, run
from crest.tasks.flashfill.problem import make_problem
from crest.tasks.flashfill.sygus import (
    Reason,
    find_files,
    import_files,
    read_examples,
)
from crest.tasks.flashfill.text import parse_program

FUNCTION = """\
; cars and their makers
(set-logic SLIA)
(synth-fun f ((car String)) String
    ((Start String (ntString))
     (ntString String (car " " (str.++ ntString ntString)))))
(declare-var car String)
"""
EXAMPLES = {"Fiat500": "Fiat", "Mini3": "Mini", "Audi80 GT": "Audi"}


def source(examples, function=FUNCTION):
    lines = [f'(constraint (= (f "{given}") "{wanted}"))' for given, wanted in examples]
    return "\n".join([function, *lines, "(check-synth)"])


def taken(folder, text, **bounds):
    (folder / "one.sl").write_text(text)
    bounds = {"min_pairs": 3, "max_pairs": 12, **bounds}
    return import_files([folder / "one.sl"], **bounds)


def test_examples_are_read_in_their_order():
    assert read_examples(source(EXAMPLES.items())) == EXAMPLES
    assert list(read_examples(source(EXAMPLES.items()))) == list(EXAMPLES)


def test_an_example_may_be_written_the_other_way_round():
    swapped = FUNCTION + '(constraint (= "a" (f "a-b")))'
    assert read_examples(swapped) == {"a-b": "a"}


def test_a_problem_that_the_language_can_express_becomes_a_task(tmp_path):
    imported = taken(tmp_path, source(EXAMPLES.items()))
    (task,) = imported.tasks
    assert imported.refusals == ()
    assert (task.task_id, task.level) == ("sygus-one", 1)
    assert task.program == "x.token(word,1)"
    assert dict(zip(task.inputs, task.outputs, strict=True)) == EXAMPLES
    assert not any(task.irregular)
    problem = make_problem(task, 0, num_visible=2, irregular_visible=0.15)
    assert problem.prompt.count(" > ") == 2


def test_a_program_meets_all_examples_and_the_task_keeps_the_first(tmp_path):
    # The first three fit x.head(2), too; the fourth does not.
    pairs = [("ab-c", "ab"), ("de-f", "de"), ("gh-i", "gh"), ("jkl-m", "jkl"), ("ab-c", "ab")]
    (task,) = taken(tmp_path, source(pairs), max_pairs=3).tasks
    assert task.inputs == ("ab-c", "de-f", "gh-i")
    everywhere = run(compile_program(parse_program(task.program)), [given for given, _ in pairs])
    assert everywhere == tuple(wanted for _, wanted in pairs)


def test_parts_and_constants_are_found(tmp_path):
    pairs = [("Ada Byron", "A.B."), ("Emmy Noether", "E.N."), ("Mary K Somer", "M.S.")]
    (task,) = taken(tmp_path, source(pairs)).tasks
    assert task.level == len(parse_program(task.program).parts) == 4


@pytest.mark.parametrize(
    ("text", "reason", "detail"),
    [
        ("(a", Reason.DAMAGED, "line 1: 1 brackets stay open"),
        ("(synth-fun f)", Reason.DAMAGED, "lacks its inputs"),
        ("(check-synth)", Reason.FUNCTIONS, "asks for 0"),
        (FUNCTION + FUNCTION, Reason.FUNCTIONS, "asks for 2"),
        ("(synth-fun f ((a String) (b String)) String)", Reason.INPUTS, "takes 2"),
        ("(synth-fun f () String)", Reason.INPUTS, "takes 0"),
        ("(synth-fun f ((a Int)) String)", Reason.TYPES, r"from \(a Int\) to String"),
        ("(synth-fun f ((a String)) Int)", Reason.TYPES, r"from \(a String\) to Int"),
        (FUNCTION + "(constraint (> (f car) 1))", Reason.CONSTRAINTS, r"\(f car\)"),
        (FUNCTION + '(constraint (= (g "a") "b"))', Reason.CONSTRAINTS, r"\(g \"a\"\)"),
        (source([("a", "b"), ("a", "c")]), Reason.CONTRADICTION, "'a' gives 'b' and 'c'"),
        (source([("a", "b"), ("b", "c")]), Reason.FEW, "2 of 3"),
        (FUNCTION, Reason.FEW, "0 of 3"),
        (source([("é", "e"), ("a", "b"), ("c", "d")]), Reason.CHARACTERS, "'é'"),
        (source([("a", "b"), ("b", "(b"), ("c", "d")]), Reason.NO_PROGRAM, "'a' to 'b'"),
    ],
)
def test_what_is_not_taken_has_its_reason(text, reason, detail, tmp_path):
    imported = taken(tmp_path, text)
    assert imported.tasks == ()
    (refusal,) = imported.refusals
    assert refusal.reason is reason
    assert refusal.detail.startswith(f"{reason.value}: ")
    assert re.search(detail, refusal.detail)


def test_bytes_that_are_no_text_are_damage(tmp_path):
    (tmp_path / "one.sl").write_bytes(b"\xff\xfe")
    imported = import_files([tmp_path / "one.sl"], min_pairs=3, max_pairs=12)
    assert imported.counts == {"taken": 0, Reason.DAMAGED.value: 1}


def test_what_was_and_was_not_taken_is_counted(tmp_path):
    (tmp_path / "below").mkdir()
    (tmp_path / "b.sl").write_text(source(EXAMPLES.items()))
    (tmp_path / "a.sl").write_text(source([("a", "b")]))
    (tmp_path / "below" / "c.sl").write_text("(check-synth)")
    (tmp_path / "notes.txt").write_text("no problem")
    imported = import_files(find_files(tmp_path), min_pairs=3, max_pairs=12)
    assert imported.counts == {"taken": 1, "not one function": 1, "too few examples": 1}
    assert [refusal.name for refusal in imported.refusals] == ["a", "c"]


def test_files_that_are_not_there_are_named(tmp_path):
    for path in (tmp_path, tmp_path / "none.sl"):
        with pytest.raises(FileNotFoundError, match=r"no .sl file there; name a SyGuS file"):
            find_files(path)


def test_two_files_of_one_name_are_refused(tmp_path):
    (tmp_path / "below").mkdir()
    for path in (tmp_path / "a.sl", tmp_path / "below" / "a.sl"):
        path.write_text(source(EXAMPLES.items()))
    with pytest.raises(ValueError, match="have one name"):
        import_files(find_files(tmp_path), min_pairs=3, max_pairs=12)
