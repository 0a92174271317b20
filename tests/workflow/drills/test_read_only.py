"""Results that cannot be written: on a read-only disk, or without the right to."""

import stat
import subprocess

import pytest
from tests.workflow.drills.by_hand import JobByHand, checksums, run, snakemake
from tests.workflow.drills.small_disk import small_disk
from tests.workflow.project import RESULTS, Project

STATISTIC = "compute_statistic/arms"
TABLE = f"{RESULTS}/statistics/arms.parquet"
ELSEWHERE = "or name another folder as `results`, and run snakemake again"
POWERLESS = ("setpriv", "--inh-caps=-all", "--bounding-set=-dac_override,-dac_read_search")


def test_a_read_only_disk_is_named_and_loses_nothing(finished_copy: Project) -> None:
    results = finished_copy.folder / RESULTS
    before, job = checksums(results), JobByHand(finished_copy, STATISTIC)
    with small_disk(results, megabytes=64) as disk:
        subprocess.run(["cp", "-a", f"{results}/.", str(disk.folder)], check=True)
        disk.make_read_only()
        failed = run(finished_copy, job.command(), disk=disk)
        assert failed.returncode == 1
        assert f"{STATISTIC} failed: {RESULTS}/statistics/" in failed.stderr
        assert f"Read-only file system; make that disk writable, {ELSEWHERE}" in failed.stderr
        assert checksums(disk.folder) == before
        disk.make_writable()
        assert run(finished_copy, job.command(), disk=disk).returncode == 0
        assert checksums(disk.folder) == before


def test_snakemake_names_a_read_only_disk(finished_copy: Project) -> None:
    results = finished_copy.folder / RESULTS
    before, job = checksums(results), JobByHand(finished_copy, STATISTIC)
    with small_disk(results, megabytes=64) as disk:
        subprocess.run(["cp", "-a", f"{results}/.", str(disk.folder)], check=True)
        job.forget(disk.folder)
        disk.make_read_only()
        failed = run(finished_copy, snakemake(TABLE), disk=disk)
        assert failed.returncode == 1
        assert "Read-only file system" in failed.stdout + failed.stderr
        disk.make_writable()
        mended = run(finished_copy, snakemake(TABLE), disk=disk)
        assert mended.returncode == 0, mended.stderr
        assert checksums(disk.folder) == before


def test_a_folder_without_the_right_to_write_is_named(finished_copy: Project) -> None:
    results = finished_copy.folder / RESULTS
    before, job = checksums(results), JobByHand(finished_copy, STATISTIC)
    folder = results / "statistics"
    folder.chmod(stat.S_IRUSR | stat.S_IXUSR)
    failed = run(finished_copy, [*without_power(finished_copy), *job.command()])
    assert failed.returncode == 1
    assert f"{STATISTIC} failed: {RESULTS}/statistics/arms.parquet: Permission denied; give yo" in (
        failed.stderr
    )
    assert ELSEWHERE in failed.stderr
    assert checksums(results) == before
    folder.chmod(stat.S_IRWXU)
    assert run(finished_copy, job.command()).returncode == 0
    assert checksums(results) == before


def without_power(project: Project) -> tuple[str, ...]:
    """Return the start of a command line that takes root's right to all files away."""
    probe = project.folder / "probe"
    probe.touch()
    probe.chmod(0)
    read = ["cat", str(probe)]
    if run(project, read).returncode:
        return ()
    if run(project, [*POWERLESS, *read]).returncode == 0:
        pytest.skip("root's right to write everywhere cannot be taken away here")
    return POWERLESS
