"""A scheduler that starts whatever can start in an order of its own: the study's is no matter."""

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from snakemake_interface_scheduler_plugins.base import SchedulerBase
from snakemake_interface_scheduler_plugins.settings import SchedulerSettingsBase


@dataclass
class SchedulerSettings(SchedulerSettingsBase):
    """What the command line sets."""

    seed: int = field(default=0, metadata={"help": "Draws the order of jobs.", "type": int})


class Scheduler(SchedulerBase):
    """Takes jobs in random order, as long as they fit."""

    def __post_init__(self) -> None:
        self._rng = random.Random(self.settings.seed)

    def select_jobs(
        self,
        selectable_jobs: Sequence[Any],
        remaining_jobs: Sequence[Any],  # noqa: ARG002 (the interface's)
        available_resources: Mapping[str, int | str],
        input_sizes: Mapping[Any, int],  # noqa: ARG002 (the interface's)
    ) -> list[Any]:
        """Return jobs that fit into what is available."""
        free = {name: size for name, size in available_resources.items() if isinstance(size, int)}
        jobs = sorted(selectable_jobs, key=lambda job: str(sorted(map(str, job.output))))
        self._rng.shuffle(jobs)
        chosen = []
        for job in jobs:
            needs = {name: job.scheduler_resources.get(name, 0) for name in free}
            if all(needs[name] <= free[name] for name in free):
                chosen.append(job)
                free = {name: free[name] - needs[name] for name in free}
        return chosen
