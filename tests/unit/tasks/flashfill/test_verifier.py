import pytest
from hypothesis import given, settings, strategies

from crest.records import Status, Submission
from crest.tasks.flashfill.verifier import Outcome, candidate_outputs, outcome, verify
from crest.testing import FunctionTests, ProgramTests

# Two visible pairs, then three held out; the secret program is x.token(word,1).
INPUTS = ("ab-cd", "ef-gh", "ijk-l", "m-n", "1-op")
OUTPUTS = ("ab", "ef", "ijk", "m", "op")
TESTS = FunctionTests("x", tuple((text,) for text in INPUTS), OUTPUTS)


def judge(text):
    return verify([Submission(text, TESTS)])[0]


@pytest.mark.parametrize(
    ("text", "status", "flags", "expected"),
    [
        ("x.token(word,1)", Status.PASS, "11111", Outcome.GENERALISES),
        ("x.upto('-')", Status.WA, "11110", Outcome.VISIBLE_FIT),
        ("x.head(2)", Status.WA, "11000", Outcome.VISIBLE_FIT),
        ("x.sub(0,2).all(lower)", Status.EXC, "11010", Outcome.VISIBLE_FIT),
        ("x.split('-',1).head(2)", Status.EXC, "11000", Outcome.VISIBLE_FIT),
        ("x.token(word,2)", Status.EXC, "00000", Outcome.ERROR),
        ("x", Status.WA, "00000", Outcome.WRONG),
        ("x.split('-',1).upper()", Status.WA, "00000", Outcome.WRONG),
        ("x.split('@',1)", Status.EXC, "00000", Outcome.ERROR),
        ("x.nothing()", Status.CE, "00000", Outcome.ERROR),
        ("x" + ".trim()" * 40, Status.EXC, "00000", Outcome.ERROR),
        ("", Status.NOCODE, "00000", Outcome.ERROR),
        (" \n", Status.NOCODE, "00000", Outcome.ERROR),
    ],
)
def test_a_candidate_gets_the_verdict_derived_by_hand(text, status, flags, expected):
    verdict = judge(text)
    assert verdict.status is status
    assert "".join("01"[flag] for flag in verdict.passed_tests) == flags
    assert outcome(verdict, 2) is expected


def test_verdicts_come_in_the_order_of_the_submissions():
    verdicts = verify([Submission(text, TESTS) for text in ("x", "x.token(word,1)", "?")])
    assert [verdict.status for verdict in verdicts] == [Status.WA, Status.PASS, Status.CE]


@settings(max_examples=200, deadline=None)
@given(strategies.text(max_size=40) | strategies.text("x.upto('-)+ head2", max_size=40))
def test_no_text_stops_the_verifier(text):
    verdict = judge(text)
    assert verdict.passed == all(verdict.passed_tests)
    assert len(verdict.passed_tests) == len(INPUTS)


def test_the_outputs_of_a_candidate_are_seen_where_it_runs():
    assert candidate_outputs("x.token(word,2)", INPUTS) == ("cd", "gh", "l", "n", None)
    assert candidate_outputs("no program", INPUTS) is None


@pytest.mark.parametrize(
    "tests", [ProgramTests(("a",), ("a",)), FunctionTests("f", (("a",),), ("a",))]
)
def test_tests_of_another_family_are_refused(tests):
    with pytest.raises(ValueError, match="not what a string transformation is tested by"):
        verify([Submission("x", tests)])
