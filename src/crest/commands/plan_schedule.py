"""How long jobs take together on some cores, each waiting for those whose files it reads."""

import heapq
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Task:
    """A job as a schedule sees it.

    Attributes:
        wall_s: Seconds that it takes.
        threads: Cores that it takes; more than there are count as all.
        gpus: GPUs that it takes, likewise.
        parents: Places in the list of the tasks that must end before.
    """

    wall_s: float
    threads: int = 1
    gpus: int = 0
    parents: tuple[int, ...] = ()


def makespan(tasks: Sequence[Task], cores: int, gpus: int | None = None) -> float:
    """Return the seconds until the last task ends, if each starts as soon as it can.

    Tasks that could start at once do so in the order of the list, as far as cores and GPUs reach.

    Args:
        tasks: What is to run; no task waits for itself, however far around.
        cores: How many there are.
        gpus: How many there are; None if they bound nothing.

    Example:
        >>> chain = [Task(2.0), Task(3.0, parents=(0,)), Task(4.0)]
        >>> makespan(chain, cores=1), makespan(chain, cores=2)
        (9.0, 5.0)
    """
    waits = [len(set(task.parents)) for task in tasks]
    children: list[list[int]] = [[] for _ in tasks]
    for place, task in enumerate(tasks):
        for parent in set(task.parents):
            children[parent].append(place)
    ready = [place for place, waiting in enumerate(waits) if not waiting]
    running: list[tuple[float, int]] = []
    free = _Free(cores, gpus)
    now = 0.0
    while ready or running:
        ready = [place for place in ready if not _start(tasks[place], place, now, free, running)]
        now, ended = heapq.heappop(running)
        free.give_back(tasks[ended])
        for child in children[ended]:
            waits[child] -= 1
            if not waits[child]:
                ready.append(child)
    return now


class _Free:
    """Cores and GPUs that no task holds."""

    def __init__(self, cores: int, gpus: int | None) -> None:
        self._all = cores, gpus
        self._cores = cores
        self._gpus = gpus or 0

    def take(self, task: Task) -> bool:
        """Take what a task needs, if it is free."""
        cores, gpus = self._need(task)
        if cores > self._cores or gpus > self._gpus:
            return False
        self._cores -= cores
        self._gpus -= gpus
        return True

    def give_back(self, task: Task) -> None:
        cores, gpus = self._need(task)
        self._cores += cores
        self._gpus += gpus

    def _need(self, task: Task) -> tuple[int, int]:
        cores, gpus = self._all
        return min(task.threads, cores), 0 if gpus is None else min(task.gpus, gpus)


def _start(
    task: Task, place: int, now: float, free: _Free, running: list[tuple[float, int]]
) -> bool:
    """Start a task if there is room; return whether there was."""
    if not free.take(task):
        return False
    heapq.heappush(running, (now + task.wall_s, place))
    return True
