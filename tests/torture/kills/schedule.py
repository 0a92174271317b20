"""When and how each job is killed, all of it drawn from seeds."""

import random
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from signal import SIGINT, SIGKILL, SIGTERM, Signals

from tests.torture.kills.arms import ARMS, MODEL, REFEREED
from tests.workflow.project import Job

DAMAGES = ("truncated", "emptied", "flipped", "zeroed")
MOST_KILLS = 5


@dataclass(frozen=True)
class Damage:
    """What a power cut does to a file of the work folder.

    Attributes:
        kind: One of `DAMAGES`.
        file: Which: 0 is the newest, 1 the one before.
        at: Where in the file, from 0 to 1.
    """

    kind: str
    file: int
    at: float


@dataclass(frozen=True)
class Kill:
    """A kill of a running job, and what happens until it runs again.

    Attributes:
        moment: `call`: before a call that changes a file; `time`: at a time.
        at: When, as a share of what is left of the job.
        signal: What it is killed by.
        damage: Done to its work folder afterwards, if anything.
        outputs_removed: Whether its outputs are, as Snakemake does before it runs a job again.
    """

    moment: str
    at: float
    signal: Signals
    damage: Damage | None
    outputs_removed: bool

    @property
    def kind(self) -> str:
        """What the table counts it under."""
        return f"{self.signal.name[3:]} at a {self.moment}"


@dataclass(frozen=True)
class Trial:
    """A job, killed some times and then left to finish."""

    job: Job
    number: int
    kills: tuple[Kill, ...]

    def __str__(self) -> str:
        return f"{self.job}, kills {self.number}"


def trials(jobs: Sequence[tuple[Job, Iterable[int]]]) -> Iterator[Trial]:
    """Return trials of some jobs by their numbers, which draw the kills."""
    for job, numbers in jobs:
        for number in numbers:
            rng = random.Random(f"{job} {number}")
            num_kills = rng.choice((1, 2, 2, 3, 3, 4, MOST_KILLS))
            yield Trial(job, number, tuple(_kill(rng) for _ in range(num_kills)))


def _kill(rng: random.Random) -> Kill:
    damage = Damage(rng.choice(DAMAGES), rng.choice((0, 0, 1, 2)), rng.random())
    return Kill(
        moment=rng.choice(("call", "call", "time")),
        at=rng.random(),
        signal=rng.choices((SIGKILL, SIGTERM, SIGINT), (8, 2, 1))[0],
        damage=damage if rng.random() < 0.25 else None,
        outputs_removed=rng.random() < 0.5,
    )


def campaign(arm: str, number: int) -> Job:
    """Return a campaign of an arm."""
    return _of_chain("run_campaign", arm, campaign=number)


def _of_chain(rule: str, arm: str, **more: int) -> Job:
    return Job.of(rule, study="collapse", model=MODEL, method=arm, seed=0, **more)


BASE = Job.of("train_base", model=MODEL, base_seed=0)
AUDIT = Job.of("audit_grader")
STATISTIC = Job.of("compute_statistic", grid="", statistic="pass_at_k")
EVALUATION = _of_chain("evaluate_chain", REFEREED)
SAMPLES = _of_chain("sample_pass_at_k", REFEREED)
REPEATS = _of_chain("repeat_evaluations", REFEREED)
POOLS = _of_chain("evaluate_pools", REFEREED)
FROZEN = Job.of("measure_stationarity", model=MODEL, seed=0)

FULL = (
    *((campaign(arm, number), range(3)) for arm in ARMS for number in (1, 2)),
    (BASE, range(8)),
    (EVALUATION, range(6)),
    *((job, range(4)) for job in (SAMPLES, REPEATS, POOLS, FROZEN)),
    (AUDIT, range(2)),
    (STATISTIC, range(4)),
)
"""Jobs of `--torture=full`, and the numbers of their trials."""

USUAL = (
    (campaign("reinforce_fixed", 1), [7]),
    (campaign("moving_random_step", 1), [9]),
    (campaign("grpo_early_stop", 2), [2, 10]),
    (campaign("held_care", 2), [1]),
    (campaign("reinforce_memory", 1), [0]),
    (BASE, [3]),
    (EVALUATION, [5]),
)
"""Jobs of the usual run: each objective, each penalty, and each way in which a campaign can end:
all steps, a step drawn after them, fewer steps, none. Killed early, and some damaged."""
