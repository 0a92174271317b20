"""A schedule is no shorter than what it holds, and no longer than one job after another."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crest.commands.plan_schedule import Task, makespan


@st.composite
def graphs(draw):
    tasks = []
    for place in range(draw(st.integers(0, 12))):
        parents = draw(st.sets(st.integers(0, place - 1))) if place else set()
        seconds = draw(st.integers(0, 50))
        threads = draw(st.integers(1, 4))
        tasks.append(Task(seconds, threads, draw(st.integers(0, 2)), tuple(sorted(parents))))
    return tasks


@given(graphs(), st.integers(1, 4), st.none() | st.integers(1, 2))
def test_a_schedule_lies_between_its_bounds(tasks, cores, gpus):
    span = makespan(tasks, cores, gpus)
    ends = []
    for task in tasks:
        ends.append(task.wall_s + max((ends[parent] for parent in task.parents), default=0))
    work = sum(task.wall_s * min(task.threads, cores) for task in tasks)
    assert span >= max(ends, default=0)
    assert span >= work / cores - 1e-9
    assert span <= sum(task.wall_s for task in tasks)


@given(graphs())
def test_on_one_core_each_job_waits_for_the_one_before(tasks):
    assert makespan(tasks, cores=1) == sum(task.wall_s for task in tasks)


@given(graphs())
def test_with_room_for_all_only_the_longest_chain_counts(tasks):
    ends = []
    for task in tasks:
        ends.append(task.wall_s + max((ends[parent] for parent in task.parents), default=0))
    assert makespan(tasks, cores=100) == max(ends, default=0)


@pytest.mark.parametrize(("gpus", "seconds"), [(None, 5), (4, 5), (2, 10), (1, 20)])
def test_gpus_bound_what_runs_at_once(gpus, seconds):
    assert makespan([Task(5, gpus=1) for _ in range(4)], cores=8, gpus=gpus) == seconds


def test_threads_of_a_job_hold_its_cores():
    assert makespan([Task(5, threads=2), Task(5, threads=2), Task(5)], cores=3) == 10
    assert makespan([Task(5, threads=8), Task(5)], cores=2) == 10
