import math

import pytest

from crest.campaigns.snapshot import snapshot_from_json, snapshot_to_json, take_snapshot
from crest.records import Completion, Problem, Rollout, Status, Verdict
from crest.testing import FunctionTests

TESTS = FunctionTests("f", ((1,),), (1,))


def group(task: str, level: int, *answers: tuple[str, bool]) -> list[Rollout]:
    problem = Problem(task, "family", level, "# say\n", "a", TESTS)
    return [
        Rollout(
            problem,
            number,
            Completion((1, 2), text, (math.log(0.5), math.log(0.25)), "stop"),
            Verdict(Status.PASS if passed else Status.WA, (passed,)),
        )
        for number, (text, passed) in enumerate(answers)
    ]


EASY = group("easy", 1, ("a", True), ("a", True), ("b", True), ("c", False))
HARD = group("hard", 3, ("a", False), ("b", False), ("c", False), ("d", False))


def test_capabilities_are_shares_of_the_watched_problems() -> None:
    capability = take_snapshot([EASY, HARD]).capability
    assert capability["pass@1"].value == pytest.approx(3 / 8)
    assert capability["pass@k"].value == pytest.approx(1 / 2)
    assert capability["distinct"].value == pytest.approx((2 / 4 + 0) / 2)
    assert capability["hard"].value == 0.0


def test_variances_are_binomial_at_shrunk_rates() -> None:
    capability = take_snapshot([EASY, HARD]).capability
    easy, hard = 4 / 6, 1 / 6
    expected = (easy * (1 - easy) + hard * (1 - hard)) / 4 / 4
    assert capability["pass@1"].variance == pytest.approx(expected)
    assert capability["hard"].variance == pytest.approx(hard * (1 - hard) / 4)
    solved = [1 - (1 - easy) ** 4, 1 - (1 - hard) ** 4]
    assert capability["pass@k"].variance == pytest.approx(sum(q * (1 - q) for q in solved) / 4)


def test_without_hard_problems_that_capability_is_absent() -> None:
    assert "hard" not in take_snapshot([EASY]).capability


def test_entropy_is_the_mean_surprise_of_the_sampled_tokens() -> None:
    assert take_snapshot([EASY, HARD]).entropy == pytest.approx(1.5 * math.log(2))


def test_a_snapshot_reads_back_from_json() -> None:
    snapshot = take_snapshot([EASY, HARD])
    assert snapshot_from_json(snapshot_to_json(snapshot)) == snapshot
