"""Jobs whose code changed under them, that have no safe place for programs, or that have a bug."""

from pathlib import Path

from tests.workflow.drills.by_hand import JobByHand, checksums, run, snakemake
from tests.workflow.project import RESULTS, Project

from crest.spec import canonical

STATISTIC = "compute_statistic/arms"
MODULE = "src/crest/statistics/tables/arms.py"


def test_code_edited_between_plan_and_start_is_refused_and_a_new_run_mends_it(
    finished_copy: Project,
) -> None:
    results, job = finished_copy.folder / RESULTS, JobByHand(finished_copy, STATISTIC)
    before, command = checksums(results), job.command()
    module = finished_copy.folder / MODULE
    module.write_text(module.read_text() + "\n\ndef added() -> int:\n    return 1\n\n\nadded()\n")
    failed = run(finished_copy, command)
    assert failed.returncode == 1
    (line,) = [line for line in failed.stderr.splitlines() if " failed: " in line]
    assert f"{STATISTIC} failed: compute_statistic: its code was edited after the" in line
    assert line.endswith("run snakemake again")
    assert "Traceback" not in failed.stderr
    assert checksums(results) == before
    done = run(finished_copy, snakemake(f"{RESULTS}/statistics/arms.parquet"))
    assert done.returncode == 0, done.stderr
    after = checksums(results)
    assert {path for path in before if after[path] != before[path]} == {
        Path("records/compute_statistic/arms.json")
    }


def test_a_machine_without_a_safe_place_for_programs_is_told_in_one_line(
    finished_copy: Project,
) -> None:
    results = finished_copy.folder / RESULTS
    job = JobByHand(finished_copy, "sample_base_pass_at_k/organism/seed0")
    before, spec = checksums(results), dict(job.recorded.spec)
    spec["config"]["grading"]["isolation"] = "bubblewrap"
    command = job.command(canonical(spec))
    failed = run(finished_copy, ["env", "PATH=/nowhere", *command])
    assert failed.returncode == 1
    (line,) = [line for line in failed.stderr.splitlines() if " failed: " in line]
    assert "sample_base_pass_at_k/organism/seed0 failed: no safe place to run programs. " in line
    assert "Ways out: " in line
    assert "Traceback" not in failed.stderr
    assert checksums(results) == before


def test_a_bug_shows_its_traceback(finished_copy: Project) -> None:
    module = finished_copy.folder / MODULE
    text = module.read_text()
    start = text.index("def compute(")
    body = text.index('"""\n', text.index('"""', start) + 3) + 4
    module.write_text(text[:body] + "    raise KeyError('a bug')\n" + text[body:])
    failed = run(finished_copy, snakemake(f"{RESULTS}/statistics/arms.parquet"))
    shown = failed.stdout + failed.stderr
    assert failed.returncode == 1
    assert "Traceback (most recent call last)" in shown
    assert "KeyError: 'a bug'" in shown
    assert f"{STATISTIC} failed" not in shown
