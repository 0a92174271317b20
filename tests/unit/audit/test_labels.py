import polars as pl
import pytest

from crest.audit.labels import COUNTS, label_counts
from crest.records import Problem, Status, Verdict
from crest.testing import FunctionTests

HIDDEN = FunctionTests("f", ((1,),), (1,))
WHOLE = FunctionTests("f", ((1,), (2,)), (1, 2))


def problems(tests):
    return {name: Problem(name, "cond", 2, "def f(x):\n", "", tests) for name in ("a", "b")}


def grade(submissions):
    """Pass what says right; what says lucky, with hidden tests alone."""
    return [
        Verdict(Status.PASS if good else Status.WA, (good,))
        for each in submissions
        for good in ["right" in each.source or ("lucky" in each.source and each.tests == HIDDEN)]
    ]


def counts(rows):
    rollouts = pl.DataFrame(rows, schema=["task_id", "completion"], orient="row")
    return label_counts(rollouts, problems(HIDDEN), problems(WHOLE), grade)


def test_programs_are_counted_once_and_rollouts_as_often_as_they_are():
    table = counts([("a", "right"), ("a", "right"), ("b", "right"), ("a", "lucky"), ("a", "wrong")])
    assert table.rows() == [
        (False, False, 1, 1),
        (False, True, 0, 0),
        (True, False, 1, 1),
        (True, True, 3, 2),
    ]
    assert dict(table.schema) == COUNTS


def test_a_campaign_without_rollouts_has_counts_of_zero():
    table = counts(pl.DataFrame(schema={"task_id": pl.String, "completion": pl.String}))
    assert table["num_rollouts", "num_programs"].sum().row(0) == (0, 0)
    assert len(table) == 4


def test_the_oracle_judges_those_alone_that_pass_the_hidden_tests():
    judged = []

    def noting(submissions):
        judged.append([(each.source, each.tests) for each in submissions])
        return grade(submissions)

    rows = {"task_id": ["a", "a", "a", "b"], "completion": ["right", "wrong", "right", "lucky"]}
    label_counts(pl.DataFrame(rows), problems(HIDDEN), problems(WHOLE), noting)
    right, wrong, lucky = (f"def f(x):\n{word}" for word in ("right", "wrong", "lucky"))
    assert judged == [
        [(right, HIDDEN), (wrong, HIDDEN), (lucky, HIDDEN)],
        [(right, WHOLE), (lucky, WHOLE)],
    ]


def test_rollouts_of_other_problems_are_an_error():
    with pytest.raises(KeyError, match="elsewhere"):
        counts([("elsewhere", "right")])
