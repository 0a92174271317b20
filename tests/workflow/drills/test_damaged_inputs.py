"""Inputs that do not hold what was written: found before any work, and before anything goes."""

import os
import re
import shutil
from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest
from tests.workflow.drills.by_hand import JobByHand, checksums, run, snakemake
from tests.workflow.project import RESULTS, Project

TABLE = Path("collapse/steps.parquet")
READER = "draw_figure/chain_curves"
CHART = f"{RESULTS}/figures/chain_curves.json"


def cut_off(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:3000])


def empty(path: Path) -> None:
    path.write_bytes(b"")


def flip_a_bit(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 3] ^= 1
    path.write_bytes(content)


def fill_with_noise(path: Path) -> None:
    path.write_bytes(bytes(range(256)) * 20)


def drop_a_column(path: Path) -> None:
    pl.read_parquet(path).drop("step").write_parquet(path)


@pytest.mark.parametrize("damage", [cut_off, empty, flip_a_bit, fill_with_noise, drop_a_column])
def test_a_damaged_table_stops_its_reader_by_the_record_of_its_maker(
    finished_copy: Project, damage: Callable[[Path], None]
) -> None:
    results, job = finished_copy.folder / RESULTS, JobByHand(finished_copy, READER)
    before, command = checksums(results), job.command()
    damage(results / TABLE)
    failed = run(finished_copy, command)
    assert failed.returncode == 1
    assert (
        f"{READER} failed: {RESULTS}/{TABLE} does not hold the bytes that its job wrote, by"
        " records/collapse/collect_table/steps.json; put them back, or delete"
    ) in failed.stderr
    assert "Traceback" not in failed.stderr
    assert {**checksums(results), TABLE: before[TABLE]} == before


@pytest.mark.parametrize(
    ("damage", "why"),
    [
        (cut_off, "cannot be read (parquet: File out of specification"),
        (empty, "cannot be read (parquet: File out of specification"),
        (fill_with_noise, "cannot be read (parquet: File out of specification"),
        (drop_a_column, "it has no column prompt"),
    ],
)
def test_a_damaged_table_without_a_record_is_named_with_what_is_wrong(
    finished_copy: Project, damage: Callable[[Path], None], why: str
) -> None:
    results = finished_copy.folder / RESULTS
    job = JobByHand(finished_copy, "sample_base_pass_at_k/organism/seed0")
    problems = results / "tasks/report.parquet"
    command = job.command()
    (results / "records/make_tasks.json").unlink()
    if damage is drop_a_column:
        pl.read_parquet(problems).drop("prompt").write_parquet(problems)
    else:
        damage(problems)
    failed = run(finished_copy, command)
    assert failed.returncode == 1
    assert f"failed: {RESULTS}/tasks/report.parquet: cannot be read" in failed.stderr
    assert why in failed.stderr
    assert "Traceback" not in failed.stderr.replace("panicked", "")


def test_snakemake_deletes_nothing_over_a_damaged_table_and_its_remedy_makes_one_job_run(
    finished_copy: Project,
) -> None:
    results = finished_copy.folder / RESULTS
    before = checksums(results)
    cut_off(results / TABLE)
    failed = run(finished_copy, snakemake())
    assert failed.returncode == 1
    shown = failed.stdout + failed.stderr
    assert f"{RESULTS}/{TABLE} does not hold the bytes that its job wrote" in shown
    assert f"delete {RESULTS}/{TABLE}, run snakemake with that path as its first arg" in shown
    assert {**checksums(results), TABLE: before[TABLE]} == before
    (results / TABLE).unlink()
    alone = run(finished_copy, snakemake(f"{RESULTS}/{TABLE}"))
    assert alone.returncode == 0, alone.stderr
    assert re.search(r"^total +1$", alone.stdout + alone.stderr, re.MULTILINE)
    assert checksums(results) == before
    assert finished_copy.planned() == []


def test_a_flipped_bit_that_left_the_time_alone_stops_the_job_that_reads_it(
    finished_copy: Project,
) -> None:
    results, job = finished_copy.folder / RESULTS, JobByHand(finished_copy, READER)
    before = checksums(results)
    job.forget(results)
    then = (results / TABLE).stat()
    flip_a_bit(results / TABLE)
    os.utime(results / TABLE, ns=(then.st_atime_ns, then.st_mtime_ns))
    failed = run(finished_copy, snakemake(CHART))
    assert failed.returncode == 1
    shown = failed.stdout + failed.stderr
    assert f"{READER} failed: {RESULTS}/{TABLE} does not hold the bytes" in shown
    (results / TABLE).unlink()
    assert run(finished_copy, snakemake(f"{RESULTS}/{TABLE}")).returncode == 0
    assert run(finished_copy, snakemake(CHART)).returncode == 0
    assert checksums(results) == before


def test_a_decision_that_is_no_json_is_named(finished_copy: Project) -> None:
    results = finished_copy.folder / RESULTS
    job = JobByHand(finished_copy, "collapse/organism/es/seed0/campaign2")
    decision = results / "collapse/organism/es/seed0/campaign1/decision.json"
    command = job.command()
    shutil.rmtree(results / "records")
    cut_off(decision)
    decision.write_text(decision.read_text()[:100])
    failed = run(finished_copy, command)
    assert failed.returncode == 1
    assert "campaign1/decision.json: cannot be read" in failed.stderr
    assert "Traceback" not in failed.stderr
