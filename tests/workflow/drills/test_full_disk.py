"""A disk that is full while a job writes: results, or the project's own memory in `.crest`."""

import shutil
import subprocess
from pathlib import Path

import pytest
from tests.workflow.drills.by_hand import JobByHand, checksums, run, snakemake
from tests.workflow.drills.small_disk import SmallDisk, small_disk
from tests.workflow.project import RESULTS, Project

FULL = "No space left on device; free some space on that disk, and run snakemake again"
CAMPAIGN = "collapse/organism/naive/seed0/campaign1"
FIGURE = "draw_figure/chain_curves"
CHART = f"{RESULTS}/figures/chain_curves.json"


def fill_with(disk: SmallDisk, folder: Path) -> None:
    subprocess.run(["cp", "-a", f"{folder}/.", str(disk.folder)], check=True)


@pytest.mark.parametrize(
    ("name", "free"),
    [
        (CAMPAIGN, 0),
        (CAMPAIGN, 40_000),
        ("train_base/organism/seed0", 0),
        ("make_tasks", 4096),
        ("collapse/collect_table/steps", 4096),
        ("compute_statistic/arms", 0),
        (FIGURE, 0),
        (FIGURE, 40_000),
        ("build_report", 100_000),
    ],
)
def test_results_on_a_full_disk_lose_nothing_and_space_is_all_that_is_missing(
    finished_copy: Project, name: str, free: int
) -> None:
    results = finished_copy.folder / RESULTS
    before, job = checksums(results), JobByHand(finished_copy, name)
    with small_disk(results, megabytes=64) as disk:
        fill_with(disk, results)
        own = job.forget(disk.folder)
        disk.fill(free=free)
        failed = run(finished_copy, job.command(), disk=disk)
        assert failed.returncode == 1
        assert (
            failed.stderr.splitlines()[-2]
            .partition(" ")[2]
            .startswith(f"{name} failed: {RESULTS}/")
        )
        assert FULL in failed.stderr
        assert "Traceback" not in failed.stderr
        left = checksums(disk.folder)
        assert {path: digest for path, digest in before.items() if path not in own} == {
            path: digest for path, digest in left.items() if path not in own
        }
        disk.empty()
        mended = run(finished_copy, job.command(), disk=disk)
        assert mended.returncode == 0, mended.stderr
        assert checksums(disk.folder) == before


def test_a_campaign_goes_on_after_its_last_step_once_there_is_space(
    finished_copy: Project,
) -> None:
    results = finished_copy.folder / RESULTS
    job = JobByHand(finished_copy, CAMPAIGN)
    with small_disk(results, megabytes=64) as disk:
        fill_with(disk, results)
        job.forget(disk.folder)
        disk.fill(free=0)
        failed = run(finished_copy, job.command(), disk=disk)
        assert "step 3/3" in failed.stderr
        assert list((finished_copy.folder / ".crest/work").iterdir())
        disk.empty()
        mended = run(finished_copy, job.command(), disk=disk)
        assert mended.returncode == 0, mended.stderr
        assert "step 3/3" not in mended.stderr
        assert list((finished_copy.folder / ".crest/work").iterdir()) == []


@pytest.mark.parametrize(
    ("name", "free"),
    [(CAMPAIGN, 0), (CAMPAIGN, 200_000), (CAMPAIGN, 3_000_000), ("train_base/organism/seed0", 0)],
)
def test_a_full_disk_of_work_folders_loses_nothing(
    finished_copy: Project, name: str, free: int
) -> None:
    results, crest = finished_copy.folder / RESULTS, finished_copy.folder / ".crest"
    before, job = checksums(results), JobByHand(finished_copy, name)
    command = job.command()
    job.forget(results)
    with small_disk(crest, megabytes=64) as disk:
        fill_with(disk, crest)
        disk.fill(free=free)
        failed = run(finished_copy, command, disk=disk)
        assert failed.returncode == 1, failed.stderr
        assert f"{name} failed: .crest/" in failed.stderr
        assert "Traceback" not in failed.stderr
        disk.empty()
        mended = run(finished_copy, command, disk=disk)
        assert mended.returncode == 0, mended.stderr
    assert checksums(results) == before


def test_verdicts_that_cannot_be_kept_are_named_with_what_helps(finished_copy: Project) -> None:
    crest, job = finished_copy.folder / ".crest", JobByHand(finished_copy, CAMPAIGN)
    assert run(finished_copy, job.command()).returncode == 0
    with small_disk(crest, megabytes=64) as disk:
        fill_with(disk, crest)
        for file in disk.folder.glob("verdicts.sqlite*"):
            file.unlink()
        disk.fill(free=0)
        failed = run(finished_copy, job.command(), disk=disk)
        assert failed.returncode == 1
        assert ".crest/verdicts.sqlite: verdicts cannot be kept" in failed.stderr
        assert "with free space, or make .crest a link to a folder elsewhere" in failed.stderr
        disk.empty()
        assert run(finished_copy, job.command(), disk=disk).returncode == 0


def test_snakemake_shows_the_message_and_goes_on_where_it_was(finished_copy: Project) -> None:
    results = finished_copy.folder / RESULTS
    before, job = checksums(results), JobByHand(finished_copy, FIGURE)
    with small_disk(results, megabytes=64) as disk:
        fill_with(disk, results)
        job.forget(disk.folder)
        disk.fill(free=12_000)
        failed = run(finished_copy, snakemake(CHART), disk=disk)
        shown = failed.stdout + failed.stderr
        assert failed.returncode == 1
        assert f"{FIGURE} failed: {RESULTS}/figures/chain_curves" in shown
        assert FULL in shown
        disk.empty()
        mended = run(finished_copy, snakemake(CHART), disk=disk)
        assert mended.returncode == 0, mended.stderr
        assert checksums(disk.folder) == before


def test_a_disk_without_room_for_a_log_is_named_all_the_same(finished_copy: Project) -> None:
    results = finished_copy.folder / RESULTS
    before, job = checksums(results), JobByHand(finished_copy, FIGURE)
    with small_disk(results, megabytes=64) as disk:
        fill_with(disk, results)
        job.forget(disk.folder)
        disk.fill(free=0)
        failed = run(finished_copy, snakemake(CHART), disk=disk)
        assert failed.returncode == 1
        assert f"{RESULTS}: no space left on its disk; free some, and" in failed.stderr
        disk.empty()
        mended = run(finished_copy, snakemake(CHART), disk=disk)
        assert mended.returncode == 0, mended.stderr
        assert checksums(disk.folder) == before


def test_snakemakes_own_folder_on_a_full_disk_loses_nothing(finished_copy: Project) -> None:
    results, own = finished_copy.folder / RESULTS, finished_copy.folder / ".snakemake"
    before, job = checksums(results), JobByHand(finished_copy, FIGURE)
    job.forget(results)
    with small_disk(own, megabytes=64) as disk:
        fill_with(disk, own)
        disk.fill(free=0)
        failed = run(finished_copy, snakemake(CHART), disk=disk)
        assert failed.returncode == 1
        assert "No space left on device" in failed.stdout + failed.stderr
        disk.empty()
        shutil.rmtree(disk.folder / "locks", ignore_errors=True)
        mended = run(finished_copy, snakemake(CHART), disk=disk)
        assert mended.returncode == 0, mended.stderr
    assert checksums(results) == before
    assert list((finished_copy.folder / ".crest/work").iterdir()) == []
