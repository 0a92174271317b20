"""Programs that do not compile, found many at a time."""

import signal
from dataclasses import replace

import pytest

from crest.grading import Grader, GradingLimits, SandboxError
from crest.grading.sandbox import CPU_KILL
from crest.grading.slot import Slot
from crest.grading.syntax import FEWEST, MOST_CHARACTERS, find_malformed
from crest.records import Status, Submission, Verdict
from crest.testing import FunctionTests, ProgramTests, ReplayTests

LIMITS = GradingLimits(cpu_s=1, wall_s=10)
RIGHT = [f"def f(x):\n    return x + {number}\n" for number in range(FEWEST)]
MALFORMED = [
    "def f(x) return x\n",
    "def f(x:\n",
    "return 1\n",
    "def f(x):\n        y = 2\n\treturn y\n",
    "def f(x):\nreturn x\n",
    "x = 'a\n",
    "for x in y:\n    def f(): nonlocal x\n",
    "é = = 1\n",
    f"x = {'(' * 300}\n",
]
DOUBTFUL = [
    "x = '\ud800'\n",
    f"x = {'-' * 350}1\n",
    "1 / 0\n",
    "# nothing\n",
    "x = 9 ** 99\n",
]
TESTS = (
    FunctionTests("f", ((1,), (2,)), (1, 2)),
    FunctionTests("f", ((1,), (2,)), (1, 2), checker="def check(a, b, c): return True"),
    ProgramTests(("1\n", "2\n"), ("1\n", "2\n")),
    ReplayTests("f", ((1,),), "def check(f): assert f(1) == 1"),
)


@pytest.fixture(scope="module")
def slot():
    slot = Slot(LIMITS)
    yield slot
    slot.close()


@pytest.fixture(scope="module")
def grader():
    with Grader(LIMITS) as grader:
        yield grader


def test_those_that_break_the_rules_of_the_language_are_found(slot):
    assert find_malformed([*MALFORMED, *RIGHT, *DOUBTFUL], slot) == set(MALFORMED)


@pytest.mark.parametrize("tests", TESTS, ids=lambda tests: type(tests).__name__)
def test_verdicts_are_those_of_programs_judged_one_by_one(grader, tests):
    batch = [Submission(source, tests) for source in (*MALFORMED, *RIGHT, *DOUBTFUL)]
    together = list(grader.results(batch))
    alone = [next(grader.results([each])) for each in batch]
    assert together == alone
    assert [each.status for each in alone[: len(MALFORMED)]] == [Status.CE] * len(MALFORMED)


def test_without_a_jail_the_verdict_is_the_same():
    batch = [Submission(source, TESTS[0]) for source in (*MALFORMED, *RIGHT)]
    with Grader(LIMITS, isolation="none") as grader:
        found = list(grader.results(batch))[: len(MALFORMED)]
    assert found == [Verdict(Status.CE, (False, False), "none")] * len(MALFORMED)


def test_workers_find_what_one_finds(grader):
    batch = [Submission(source, TESTS[0]) for source in (*MALFORMED, *RIGHT) * 2]
    with Grader(LIMITS, workers=2) as both:
        assert both.grade(batch) == grader.grade(batch)


def test_a_few_programs_are_not_worth_a_process(slot, monkeypatch):
    monkeypatch.setattr(slot, "run", None)
    assert find_malformed(MALFORMED[: FEWEST - 1] * 3, slot) == set()


def test_a_long_program_is_judged_by_itself(slot):
    malformed = "x = = 1\n"
    long = f"{malformed}{'#' * MOST_CHARACTERS}"
    assert find_malformed([long, malformed, *RIGHT], slot) == {malformed}


@pytest.mark.parametrize(
    "change",
    [
        {"ending": CPU_KILL},
        {"exit_code": -signal.SIGSEGV},
        {"cpu_s": 0.51 * LIMITS.cpu_s},
        {"peak_bytes": LIMITS.memory_bytes // 2 + 1},
        {"printed": b"C"},
        {"result": b"C\n" * (FEWEST - 1)},
        {"result": b"C\n" * (FEWEST + 1)},
        {"result": b"C\n" * FEWEST + b"C"},
    ],
    ids=str,
)
def test_nothing_is_found_where_the_process_did_not_end_in_order(slot, monkeypatch, change):
    batch = [f"{number} =\n" for number in range(FEWEST)]
    outcome = slot.run(("syntax", tuple(batch)))
    monkeypatch.setattr(slot, "run", lambda _job: replace(outcome, **change))
    assert find_malformed(batch, slot) == set()
    monkeypatch.setattr(slot, "run", lambda _job: outcome)
    assert find_malformed(batch, slot) == set(batch)


def test_nothing_is_found_where_the_jail_breaks(slot, monkeypatch):
    def fail(_job):
        raise SandboxError

    monkeypatch.setattr(slot, "run", fail)
    assert find_malformed(MALFORMED, slot) == set()


def test_no_program_is_run(slot):
    forged = "import os\nos.write(4, b'C\\n' * 99)\nos._exit(0)\n"
    assert find_malformed([*MALFORMED, *RIGHT, forged], slot) == set(MALFORMED)
