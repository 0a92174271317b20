import dataclasses
import math
import os
import subprocess
import sys
from pathlib import Path

import pytest

import crest
from crest.grading import GradingLimits, SandboxLevel, VerdictCache
from crest.grading.cache import CacheError, submission_keys
from crest.records import Status, Submission, Verdict
from crest.testing import FunctionTests, ProgramTests, ReplayTests, TextRule, ValueRule

SUBMISSION = Submission("def f(x): return x", FunctionTests("f", ((1,), (2,)), (1, 2)))
LEVEL = SandboxLevel("A", 7, ("pid",), fixed_addresses=True)
LIMITS = GradingLimits()
RIGHT = Verdict(Status.PASS, (True, True))
WRONG = Verdict(Status.WA, (True, False))


@pytest.fixture
def path(tmp_path):
    return tmp_path / "folder" / "verdicts.sqlite"


@pytest.fixture
def cache(path):
    cache = VerdictCache(path)
    yield cache
    cache.close()


def key(submission=SUBMISSION, limits=LIMITS, level=LEVEL):
    return submission_keys([submission], limits, level)[0]


def test_a_stored_verdict_comes_back_whole(cache):
    cache.store({b"1": RIGHT, b"2": WRONG})
    assert cache.look_up([b"1", b"2", b"3"]) == {b"1": RIGHT, b"2": WRONG}


def test_thousands_of_keys_are_looked_up_at_once(cache):
    keys = [str(number).encode() for number in range(3000)]
    cache.store(dict.fromkeys(keys, WRONG))
    assert len(cache.look_up([*keys, b"unknown"])) == 3000


def test_the_first_verdict_stays(cache):
    cache.store({b"1": RIGHT})
    cache.store({b"1": WRONG})
    assert cache.look_up([b"1"]) == {b"1": RIGHT}


def test_verdicts_outlive_the_object(cache, path):
    cache.store({b"1": WRONG})
    again = VerdictCache(path)
    assert again.look_up([b"1"]) == {b"1": WRONG}
    again.close()


def test_the_file_may_be_deleted_while_it_is_open(cache, path):
    cache.store({b"1": WRONG})
    path.unlink()
    cache.store({b"2": RIGHT})
    assert cache.look_up([b"2"]) == {b"2": RIGHT}


def test_the_file_and_its_companions_may_be_deleted_while_open(cache, path):
    cache.store({b"1": WRONG})
    for file in path.parent.iterdir():
        file.unlink()
    cache.store({b"2": RIGHT})
    assert cache.look_up([b"2"]) == {b"2": RIGHT}
    again = VerdictCache(path)
    again.store({b"3": RIGHT})
    assert again.look_up([b"3"]) == {b"3": RIGHT}
    again.close()


def test_a_file_of_another_kind_is_named_with_a_remedy(path):
    path.parent.mkdir()
    path.write_text("no database" * 1000)
    with pytest.raises(RuntimeError, match=r"verdicts\.sqlite is no verdict cache.*delete it"):
        VerdictCache(path)


@pytest.mark.parametrize("act", [lambda c: c.look_up([b"999"]), lambda c: c.store({b"x": RIGHT})])
def test_a_file_that_is_damaged_within_is_named_when_it_is_met(path, act):
    cache = VerdictCache(path)
    cache.store({str(number).encode(): RIGHT for number in range(5000)})
    cache.close()
    content = path.read_bytes()
    path.write_bytes(content[:4096] + b"\xa5" * (len(content) - 4096))
    damaged = VerdictCache(path)
    with pytest.raises(CacheError, match=r"is no verdict cache.*delete it.*nothing is lost"):
        act(damaged)
    damaged.close()


def test_a_file_that_cannot_be_opened_is_named_with_a_way_out(path):
    path.mkdir(parents=True)
    with pytest.raises(CacheError, match=r"verdicts cannot be kept \(unable to open.*make .* link"):
        VerdictCache(path)


SOURCES = {**os.environ, "PYTHONPATH": str(Path(crest.__file__).parents[1])}
WRITER = """
import sys
from pathlib import Path
from crest.grading import VerdictCache
from crest.records import Status, Verdict
from crest.testing import FunctionTests, ProgramTests, ReplayTests, TextRule, ValueRule
cache = VerdictCache(Path(sys.argv[1]))
for number in range(200):
    cache.store({f"{sys.argv[2]} {number}".encode(): Verdict(Status.PASS, (True,))})
"""


def test_processes_share_the_file(cache, path):
    names = ("a", "b", "c")
    writers = [
        subprocess.Popen([sys.executable, "-c", WRITER, str(path), name], env=SOURCES)
        for name in names
    ]
    assert [writer.wait() for writer in writers] == [0, 0, 0]
    keys = [f"{name} {number}".encode() for name in names for number in range(200)]
    assert set(cache.look_up(keys)) == set(keys)


def test_equal_submissions_have_equal_keys():
    shared = [1]
    one = Submission("s", FunctionTests("f", ((shared,), (shared,)), ({"a", "b", "c"}, math.nan)))
    two = Submission("s", FunctionTests("f", (([1],), ([1],)), ({"c", "b", "a"}, math.nan)))
    assert key(one) == key(two)


@pytest.mark.parametrize(
    "change",
    [
        {"entry": "g"},
        {"calls": ((1,), (3,))},
        {"calls": ((True,), (2,))},
        {"expected": (1, 3)},
        {"expected": (1.0, 2)},
        {"rule": ValueRule(strict=True)},
        {"rule": ValueRule(atol=0.1)},
        {"checker": "def check(*a): return True"},
    ],
)
def test_another_test_has_another_key(change):
    tests = dataclasses.replace(SUBMISSION.tests, **change)
    assert key(dataclasses.replace(SUBMISSION, tests=tests)) != key()


def test_another_program_has_another_key():
    assert key(dataclasses.replace(SUBMISSION, source="def f(x): return y")) != key()


def test_tests_of_another_kind_have_another_key():
    program = ProgramTests(("1",), ("2",))
    kinds = [
        program,
        ProgramTests(("1",), ("2",), TextRule("tokens")),
        ProgramTests(("1",), ("2",), any_exit_status=True),
        ProgramTests(("1",), ("2",), checker="def check(*a): return True"),
        ReplayTests("f", ((1,),), "def check(candidate): pass"),
    ]
    assert len({key(Submission("s", each)) for each in kinds}) == len(kinds)


def test_other_limits_and_levels_have_other_keys():
    keys = {
        key(),
        key(limits=GradingLimits(cpu_s=1)),
        key(limits=GradingLimits(wall_s=25)),
        key(level=dataclasses.replace(LEVEL, name="C")),
        key(level=dataclasses.replace(LEVEL, namespaces=())),
    }
    assert len(keys) == 5


def test_values_that_are_no_builtins_are_refused():
    tests = FunctionTests("f", ((1,), (2,)), (object(), 1))
    with pytest.raises(ValueError, match="are not plain: use builtins"):
        key(Submission("s", tests))
