"""Graders for hostile programs, and a count of the processes they leave."""

import time
from pathlib import Path

import pytest

from crest.grading import Grader, GradingLimits
from crest.records import Submission

HOSTILE_LIMITS = GradingLimits(
    cpu_s=0.5, wall_s=2.0, memory_mib=96, address_space_mib=128, output_mib=2
)


@pytest.fixture(scope="session")
def patient_grader():
    """The default limits: for programs that must pass."""
    with Grader() as grader:
        yield grader


@pytest.fixture(scope="session")
def hostile_grader():
    """Tight limits: for programs that must fail."""
    with Grader(HOSTILE_LIMITS) as grader:
        yield grader


@pytest.fixture(scope="session")
def grade_one():
    def grade(grader, source, calls, expected):
        return grader.grade([Submission(source, "f", calls, expected)])[0]

    return grade


@pytest.fixture(scope="session")
def descendants():
    """Return the function from a process to the numbers of all that live below it."""
    return lambda root: _below(root, _parents())


@pytest.fixture(scope="session")
def wait_until():
    """Return a function that waits for a condition, and tells whether it came true."""

    def wait(condition, limit_s=10.0):
        end = time.monotonic() + limit_s
        while not condition() and time.monotonic() < end:
            time.sleep(0.02)
        return condition()

    return wait


def _parents():
    parents = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        parents[int(stat.parent.name)] = int(fields[1])
    return parents


def _below(root, parents):
    children = {child for child, parent in parents.items() if parent == root}
    return children.union(*(_below(child, parents) for child in children))
