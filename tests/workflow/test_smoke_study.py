"""The smallest study, from nothing to its report, and what its files say of themselves."""

import json
from pathlib import Path

import polars as pl
from tests.workflow import disturbance
from tests.workflow.project import Project

from crest.job_record import read_record, record_paths
from crest.storage import read_stamp


def test_smoke_study_ends_with_a_report_that_holds_every_claim(finished_study: Project) -> None:
    results = finished_study.folder / "results/smoke"
    page = (results / "report.html").read_text()
    for row in pl.read_parquet(results / "claims.parquet").iter_rows(named=True):
        assert row["id"] in page
        assert row["verdict"] in {"reproduced", "contradicted", "inconclusive", "not run"}


def test_the_extended_grid_ends_with_a_report_of_its_own(finished_extended: Project) -> None:
    results = finished_extended.folder / "results/smoke"
    page = (results / "extended/report.html").read_text()
    claims = pl.read_parquet(results / "extended/claims.parquet")
    assert claims["id"].to_list() == pl.read_parquet(results / "claims.parquet")["id"].to_list()
    for row in claims.iter_rows(named=True):
        assert row["id"] in page
        assert "this grid has no table" not in row["note"]
    assert finished_extended.planned("--", "all", "extended") == []


def test_the_extended_grid_leaves_the_default_one_as_it_was(
    finished_study: Project, finished_extended: Project
) -> None:
    before, after = map(disturbance.results, (finished_study, finished_extended))
    assert {name for name in before if before[name] != after.get(name)} == set()
    assert len(after) > len(before)


def test_a_second_run_has_nothing_to_do(finished_study: Project) -> None:
    assert finished_study.planned() == []


def test_every_table_and_checkpoint_says_what_its_job_was_asked_for(
    finished_study: Project,
) -> None:
    results = finished_study.folder / "results/smoke"
    files = [*results.rglob("*.parquet"), *results.rglob("*.safetensors"), *_decisions(results)]
    assert len(files) > 50
    for file in files:
        stamp = read_stamp(file)
        assert stamp is not None, file
        assert json.loads(stamp)["job"], file
        assert "code" not in json.loads(stamp), file


def test_every_job_leaves_a_record_with_its_code(finished_study: Project) -> None:
    results = finished_study.folder / "results/smoke"
    records = [read_record(path) for path in record_paths(results)]
    recorded = {file.path for record in records for file in record.output_files()}
    made = {path.relative_to(results).as_posix() for path in results.rglob("*.parquet")}
    assert made <= recorded
    assert all(len(record.spec["code"]) == 64 for record in records)


def test_end_of_one_campaign_is_the_start_of_the_next(finished_study: Project) -> None:
    chain = finished_study.folder / "results/smoke/collapse/organism/naive/seed0"
    rolled = (chain / "campaign1/next/model.safetensors").read_bytes()
    assert rolled == (chain / "campaign1/end/model.safetensors").read_bytes()
    assert rolled == (chain / "campaign2/start/model.safetensors").read_bytes()


def test_splits_of_the_study_share_no_prompt(finished_study: Project) -> None:
    tasks = finished_study.folder / "results/smoke/tasks"
    prompts = [
        set(pl.read_parquet(tasks / f"{split}.parquet")["prompt"])
        for split in ("train", "select", "report")
    ]
    assert len(set.union(*prompts)) == sum(len(split) for split in prompts)


def test_work_folders_of_finished_jobs_are_gone(finished_study: Project) -> None:
    work = finished_study.folder / ".crest/work"
    assert not work.exists() or list(work.iterdir()) == []


def _decisions(results: Path) -> list[Path]:
    return sorted(results.rglob("decision.json"))
