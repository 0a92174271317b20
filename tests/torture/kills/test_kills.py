"""Jobs killed at any moment and run again end with the bytes of jobs that nothing interrupted.

Real command lines of a tiny study run in a process each, one job at a time, and are killed at
moments drawn from a seed: between two calls that change files, or after some time. `pytest
tests/torture/kills --torture=full` kills every kind of arm and prints a table.
"""

import pytest
from tests.torture.kills.arms import ARMS
from tests.torture.kills.schedule import FULL, USUAL, trials

from crest.registry import Registry

REGISTRIES = {
    "objective": "crest.learning.objectives",
    "penalty": "crest.learning.penalties",
    "controller": "crest.control",
}


def test_a_killed_job_ends_with_the_bytes_of_an_uninterrupted_one(trial, tried) -> None:
    outcome = tried(trial)
    assert not outcome.faults, "\n".join(outcome.faults)
    assert not outcome.differing, f"after {outcome.kills}"


def killed(part: str, jobs) -> set[str]:
    """Return the kinds of a part of all arms of which a campaign is killed."""
    methods = {job["method"] for job, _ in jobs if job.rule == "run_campaign"}
    return {ARMS[method].get(part, {"kind": "none"})["kind"] for method in methods}


@pytest.mark.parametrize("part", REGISTRIES)
def test_every_objective_penalty_and_controller_is_killed(part: str) -> None:
    assert killed(part, FULL) == set(Registry(REGISTRIES[part]).names())


@pytest.mark.parametrize("part", ["objective", "penalty"])
def test_the_usual_run_kills_every_objective_and_penalty(part: str) -> None:
    assert killed(part, USUAL) == set(Registry(REGISTRIES[part]).names())


def test_100_kills_of_campaigns_come_before_their_end_and_10_in_the_usual_run(
    chosen, tried, request
) -> None:
    is_full = request.config.getoption("torture") == "full"
    if chosen != list(trials(FULL if is_full else USUAL)):
        pytest.skip("this session runs some of the trials")
    campaigns = [trial for trial in chosen if trial.job.rule == "run_campaign"]
    assert sum(len(tried(trial).kills) for trial in campaigns) >= (100 if is_full else 10)
