"""An evaluation that is killed at any of its chunks: what is finished stays, and nothing moves."""

from collections.abc import Sequence
from pathlib import Path

import polars as pl
import pytest
from tests.integration.test_campaign import fresh_policy

from crest.config import SamplingConfig
from crest.evaluate import evaluate
from crest.learning import kept_samples
from crest.models.organism.policy import OrganismPolicy
from crest.records import Problem, Status, Submission, Verdict
from crest.testing import FunctionTests
from crest.work import Kept, open_work

TESTS = FunctionTests("f", ((1,),), (1,))
PROBLEMS = [Problem(f"task{i}", f"family{i % 2}", 1, f"# say {i}\n", "a", TESTS) for i in range(11)]
CHUNKS, PLACES = 4, ("start", "end")


class Killed(BaseException):
    """Stands for a kill."""


@pytest.fixture(autouse=True)
def small_chunks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a chunk hold three problems of four samples."""
    monkeypatch.setattr(kept_samples, "MAX_ROWS", 12)


@pytest.fixture(scope="module")
def policy() -> OrganismPolicy:
    return fresh_policy()


def run(
    policy: OrganismPolicy, root: Path, *, kill_at: int | None = None, every_s: float = 0.0
) -> tuple[pl.DataFrame, int]:
    """Return the counts at two places, and how many chunks were graded for them."""
    graded = 0

    def grade(submissions: Sequence[Submission]) -> list[Verdict]:
        nonlocal graded
        if graded == kill_at:
            raise Killed
        graded += 1
        passed = [len(each.source) % 2 == 0 for each in submissions]
        return [Verdict(Status.PASS if good else Status.WA, (good,), "C") for good in passed]

    with open_work("evaluation", [], root=root) as work, Kept(work, every_s=every_s) as kept:
        tables = [
            evaluate(
                policy,
                PROBLEMS,
                grade,
                ("fresh", place),
                num_generations=4,
                sampling=SamplingConfig(temperature=1.0, max_completion_length=8),
                kept=kept,
                place=place,
            )
            for place in PLACES
        ]
        return pl.concat(tables), graded


@pytest.mark.parametrize("every_s", [0.0, 1000.0])
@pytest.mark.parametrize("kill_at", range(CHUNKS * len(PLACES)))
def test_a_killed_evaluation_equals_an_uninterrupted_one(
    policy: OrganismPolicy, tmp_path: Path, kill_at: int, every_s: float
) -> None:
    whole, num_chunks = run(policy, tmp_path / "whole")
    assert num_chunks == CHUNKS * len(PLACES)
    with pytest.raises(Killed):
        run(policy, tmp_path / "killed", kill_at=kill_at, every_s=every_s)
    resumed, rest = run(policy, tmp_path / "killed")
    assert resumed.equals(whole)
    assert rest == num_chunks - kill_at


def test_places_have_counts_of_their_own(policy: OrganismPolicy, tmp_path: Path) -> None:
    counts, _ = run(policy, tmp_path / "whole")
    start, end = counts[: len(PROBLEMS)], counts[len(PROBLEMS) :]
    assert start["task_id"].equals(end["task_id"])
    assert not start.equals(end)
