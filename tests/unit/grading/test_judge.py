import math

import pytest

from crest.grading.inside.encoder import encode
from crest.grading.judge import AnswerKey, judge
from crest.grading.limits import GradingLimits
from crest.grading.sandbox import CPU_KILL, ENDED, WALL_KILL, Outcome
from crest.records import Status

LIMITS = GradingLimits(cpu_s=1, memory_mib=100, output_mib=1)


def outcome(result=b"R1\nR2\n", *, ending=ENDED, exit_code=0, cpu_s=0.1, peak=1, printed=0):
    return Outcome(ending, exit_code, cpu_s, peak, printed, result)


def status_of(*arguments, **options):
    return judge(outcome(*arguments, **options), AnswerKey([1, 2]), LIMITS).status


def test_right_outputs_pass():
    verdict = judge(outcome(), AnswerKey([1, 2]), LIMITS)
    assert verdict.status is Status.PASS
    assert verdict.passed_tests == (True, True)


@pytest.mark.parametrize(
    ("result", "status"),
    [
        (b"R1\nR3\n", Status.WA),
        (b"R1\n", Status.WA),
        (b"", Status.WA),
        (b"R1\nN\n", Status.WA),
        (b"R1\nX\n", Status.EXC),
        (b"X\nR3\n", Status.EXC),
        (b"R3\nX\n", Status.WA),
        (b"M\nR2\n", Status.MLE),
        (b"O\nR2\n", Status.OLE),
        (b"C\n", Status.CE),
        (b"L\n", Status.LOAD),
        (b"PASS\nPASS\n", Status.WA),
    ],
)
def test_the_first_failed_call_decides(result, status):
    assert status_of(result) is status


@pytest.mark.parametrize(
    ("options", "status"),
    [
        ({"ending": CPU_KILL, "exit_code": -9}, Status.TLE),
        ({"ending": WALL_KILL, "exit_code": -9}, Status.WALL),
        ({"cpu_s": 1.01}, Status.TLE),
        ({"exit_code": -24}, Status.TLE),
        ({"exit_code": -11}, Status.SIG),
        ({"exit_code": 1}, Status.EXC),
        ({"peak": 101 << 20}, Status.MLE),
        ({"printed": 1 << 20}, Status.OLE),
    ],
)
def test_right_outputs_do_not_pass_beyond_a_limit(options, status):
    verdict = judge(outcome(**options), AnswerKey([1, 2]), LIMITS)
    assert verdict.status is status
    assert verdict.passed_tests == (True, True)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (int(1e300), 1e300),
        (1e300, int(1e300)),
        (int(1.7976931348623157e308), 1.7976931348623157e308),
        (True, 1),
        ([()] * 1000, [[]] * 1000),
        ([int(1e300)] * 1000, [1e300] * 1000),
        ({1.0: (True,)}, {1: [1]}),
        (math.nan, math.nan),
    ],
)
def test_equal_values_pass_however_long_their_encoding(value, expected):
    assert AnswerKey([expected]).right(0, encode(value).encode("ascii"))


def test_an_output_far_longer_than_the_expected_one_is_not_even_decoded():
    assert not AnswerKey([1]).right(0, b"1" + b" " * 10_000)
    assert AnswerKey([1]).right(0, b"1" + b" " * 1_000)
