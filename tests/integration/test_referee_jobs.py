"""The jobs that answer doubts about chains, on a tiny chain: what they write, how they resume."""

import shutil
from collections.abc import Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, replace
from importlib import import_module
from pathlib import Path
from typing import Any

import polars as pl
import pytest
import torch
from tests.integration.test_campaign import fresh_policy

from crest.campaigns.problems import training_pool
from crest.checksums import SUMS
from crest.models.organism.policy import OrganismPolicy
from crest.records import Problem, Status, Submission, Verdict
from crest.spec import make_spec
from crest.storage import link_folder, write_parquet
from crest.tasks.bank import write_problems
from crest.tasks.problem_set import problem_set_sha256
from crest.testing import FunctionTests

RESULTS = Path("results")
CHAIN = RESULTS / "collapse/organism/naive/seed3"
KEYS = {"study": "collapse", "model": "organism", "method": "naive", "seed": 3}
TESTS = FunctionTests("f", ((1,),), (1,))
WHOLE = FunctionTests("f", ((1,), (2,)), (1, 2))
TRAIN = [Problem(f"task{i}", f"family{i % 2}", 1, f"# say {i}\n", "a", TESTS) for i in range(20)]
REPORT = [Problem(f"new{i}", f"family{i % 2}", 1, f"# tell {i}\n", "a", TESTS) for i in range(6)]
SIZE, CAMPAIGNS = 5, 3
NAMES = ("start", "peak", "end")
CHECKPOINTS = [
    CHAIN / f"campaign{campaign}" / name / SUMS
    for campaign in range(1, CAMPAIGNS + 1)
    for name in NAMES
]
ROLLOUTS = [CHAIN / f"campaign{campaign}/rollouts.parquet" for campaign in (1, 2, 3)]
SAMPLING = {"sampling": {"temperature": 1.0, "max_completion_length": 8}}

FILES: Mapping[str, tuple[dict[str, Path | list[Path]], str]] = {
    "measure_stationarity": (
        {"train": RESULTS / "tasks/train.parquet", "model": CHECKPOINTS[0]},
        "stationarity",
    ),
    "repeat_evaluations": (
        {"problems": RESULTS / "tasks/report.parquet", "checkpoints": CHECKPOINTS},
        "repeats",
    ),
    "evaluate_pools": (
        {"train": RESULTS / "tasks/train.parquet", "checkpoints": CHECKPOINTS},
        "pools",
    ),
    "compare_labels": (
        {
            "hidden": RESULTS / "tasks/train.parquet",
            "oracle": RESULTS / "tasks/oracle/train.parquet",
            "rollouts": ROLLOUTS,
        },
        "labels",
    ),
}
"""The inputs of each job, and the name of its output."""

CONFIG: Mapping[str, dict[str, Any]] = {
    "measure_stationarity": {
        **SAMPLING,
        "budget": {"num_generations": 4},
        "problems_per_campaign": SIZE,
        "campaigns": 5,
    },
    "repeat_evaluations": {
        **SAMPLING,
        "budget": {"num_problems": 4, "num_generations": 8, "repeats": 3},
    },
    "evaluate_pools": {
        **SAMPLING,
        "budget": {"num_problems": 4, "num_generations": 2},
        "problems_per_campaign": SIZE,
    },
    "compare_labels": {"grading": {}, "threads": 1},
}


class Killed(BaseException):
    """Stands for a kill."""


class FakeGrader:
    """Passes programs of even length; is killed at the batch of a given number."""

    def __init__(self, kill_at: int | None) -> None:
        self.batches = 0
        self._kill_at = kill_at

    def grade(self, submissions: Sequence[Submission]) -> list[Verdict]:
        if self.batches == self._kill_at:
            raise Killed
        self.batches += 1
        passed = [len(each.source) % (2 * each.tests.num_tests) == 0 for each in submissions]
        return [Verdict(Status.PASS if good else Status.WA, (good,), "C") for good in passed]


def save(policy: OrganismPolicy, path: Path, shift: float) -> None:
    with torch.no_grad():
        next(iter(policy.parameters())).add_(shift)
    policy.save(path.parent, stamp="{}")


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with problems, rollouts and checkpoints, of which some are equal."""
    torch.set_num_threads(1)
    folder = tmp_path_factory.mktemp("prepared")
    for name, problems in (
        ("train", TRAIN),
        ("report", REPORT),
        ("oracle/train", [replace(problem, tests=WHOLE) for problem in TRAIN]),
    ):
        write_problems(problems, folder / RESULTS / f"tasks/{name}.parquet", stamp="{}")
    paths = [folder / path for path in CHECKPOINTS]
    for number in (0, 1, 2, 4):  # the first campaign, and the peak of the second
        save(fresh_policy(), paths[number], 0.1 * number)
    for twin, of in ((3, 2), (5, 4), (6, 5), (7, 5), (8, 5)):
        link_folder(paths[of].parent, paths[twin].parent)
    for number, path in enumerate(ROLLOUTS):
        write_parquet(_rollouts(number), folder / path, stamp="{}")
    return folder


def _rollouts(number: int) -> pl.DataFrame:
    """Return rollouts of a campaign; the first one took no step."""
    rows = [("task0", "a" * length) for length in range(4) for _ in range(number * (length + 1))]
    schema = {"task_id": pl.String, "completion": pl.String}
    return pl.DataFrame(rows, schema=schema, orient="row")


@dataclass(frozen=True, slots=True)
class Done:
    """What a job wrote, and how many batches it graded."""

    table: pl.DataFrame
    content: bytes
    batches: int


def run(job: str, kill_at: int | None = None) -> Done:
    """Run a job in the present folder."""
    module, grader = import_module(f"crest.jobs.{job}"), FakeGrader(kill_at)
    opener = "remembering_grader" if job == "compare_labels" else "execution"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, opener, lambda _: nullcontext(grader))
        module.main(arguments(job))
    path = RESULTS / "table.parquet"
    return Done(pl.read_parquet(path), path.read_bytes(), grader.batches)


@pytest.fixture(scope="module")
def done(prepared: Path, tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, Done]:
    """Return what each job wrote that nothing disturbed."""
    folder = shutil.copytree(prepared, tmp_path_factory.mktemp("whole") / "study")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        return {job: run(job) for job in FILES}


def arguments(job: str) -> list[str]:
    inputs, output = FILES[job]
    spec = make_spec(job, config=CONFIG[job], keys=KEYS)
    argv = ["--spec", spec, "--record", str(RESULTS / f"records/{job}.json")]
    argv += [f"--{output}", str(RESULTS / "table.parquet")]
    for name, paths in inputs.items():
        argv += [f"--{name}", *map(str, paths if isinstance(paths, list) else [paths])]
    return argv


def test_a_frozen_policy_is_measured_on_every_pool_of_its_chain(done: Mapping[str, Done]) -> None:
    table = done["measure_stationarity"].table
    assert table.columns[:6] == [*sorted(KEYS), "campaign", "pool_sha256"]
    assert table["num_samples"].to_list() == [4] * 5 * SIZE
    assert 0 < table["num_correct"].sum() < table["num_samples"].sum()
    for campaign in range(1, 6):
        pool = training_pool(TRAIN, seed=3, campaign=campaign, num_problems=SIZE)
        rows = table.filter(pl.col("campaign") == campaign)
        assert rows["task_id"].to_list() == [problem.task_id for problem in pool]
        assert rows["pool_sha256"].unique().to_list() == [problem_set_sha256(pool)]


def test_a_pool_that_comes_again_has_its_digest_and_fresh_samples(done: Mapping[str, Done]) -> None:
    table = done["measure_stationarity"].table
    first, again = (table.filter(pl.col("campaign") == campaign) for campaign in (1, 5))
    assert first["pool_sha256"].equals(again["pool_sha256"])
    assert first["task_id"].equals(again["task_id"])
    assert not first["num_correct"].equals(again["num_correct"])


def test_repeats_differ_and_equal_weights_share_theirs(done: Mapping[str, Done]) -> None:
    table = done["repeat_evaluations"].table
    assert done["repeat_evaluations"].batches == 4 * 3  # different weights, three times each
    assert table.columns == [
        *(*sorted(KEYS), "campaign", "checkpoint", "repeat"),
        *("num_problems", "num_samples", "num_correct"),
    ]
    assert table["num_problems"].unique().to_list() == [4]
    assert table["num_samples"].unique().to_list() == [32]
    assert table["repeat"].to_list() == [1, 2, 3] * len(CHECKPOINTS)
    assert table["checkpoint"].to_list() == [name for name in NAMES for _ in range(3)] * CAMPAIGNS
    correct = table["num_correct"].to_list()
    counts = [correct[i : i + 3] for i in range(0, len(correct), 3)]
    assert counts[2] == counts[3]  # what ended the first campaign starts the second
    assert counts[4] == counts[5] == counts[8]
    assert any(len(set(three)) > 1 for three in counts)


def test_checkpoints_meet_their_own_pool_and_as_many_problems_of_those_before(
    done: Mapping[str, Done],
) -> None:
    table = done["evaluate_pools"].table
    assert done["evaluate_pools"].batches == 3 + 2 + 1  # different weights of each campaign
    pools = {
        number: {
            one.task_id for one in training_pool(TRAIN, seed=3, campaign=number, num_problems=5)
        }
        for number in (1, 2, 3)
    }
    for row in table.iter_rows(named=True):
        assert row["task_id"] in pools[row["pool_campaign"]]
        assert (row["pool"] == "own") == (row["pool_campaign"] == row["campaign"])
        assert row["pool_campaign"] <= row["campaign"]
        assert (row["num_problems"], row["num_samples"]) == (1, 2)
    sizes = table.group_by("campaign", "checkpoint", "pool").agg(pl.col("num_problems").sum())
    assert sizes.filter(pl.col("campaign") == 1)["pool"].unique().to_list() == ["own"]
    assert sizes["num_problems"].unique().to_list() == [4]
    assert len(sizes) == 3 + 6 + 6


def test_all_checkpoints_of_a_campaign_meet_the_same_problems(done: Mapping[str, Done]) -> None:
    table = done["evaluate_pools"].table
    for campaign in (1, 2, 3):
        rows = table.filter(pl.col("campaign") == campaign)
        start, peak, end = (rows.filter(pl.col("checkpoint") == name) for name in NAMES)
        columns = ["pool", "pool_campaign", "task_id"]
        assert start[columns].equals(peak[columns])
        assert start[columns].equals(end[columns])


def test_labels_are_counted_campaign_by_campaign(done: Mapping[str, Done]) -> None:
    table = done["compare_labels"].table
    assert table.columns[: len(KEYS)] == sorted(KEYS)
    # Sources have 8 to 11 letters; even ones pass the hidden tests, multiples of 4 all tests.
    assert table.select(pl.exclude(*KEYS)).rows() == [
        row
        for campaign, number in ((1, 0), (2, 1), (3, 2))
        for row in (
            (campaign, False, False, 6 * number, 2 if number else 0),
            (campaign, False, True, 0, 0),
            (campaign, True, False, 3 * number, 1 if number else 0),
            (campaign, True, True, 1 * number, 1 if number else 0),
        )
    ]


@pytest.mark.parametrize("job", FILES)
def test_a_killed_job_goes_on_to_the_same_bytes(
    done: Mapping[str, Done],
    prepared: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    job: str,
) -> None:
    monkeypatch.chdir(shutil.copytree(prepared, tmp_path / "study"))
    with pytest.raises(Killed):
        run(job, kill_at=done[job].batches - 2)
    assert not (RESULTS / "table.parquet").exists()
    resumed = run(job)
    assert resumed.batches == 2
    assert resumed.content == done[job].content
