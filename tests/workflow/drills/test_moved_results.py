"""Results, or the whole project, at another path."""

from pathlib import Path

from tests.workflow.drills.by_hand import checksums, run, snakemake
from tests.workflow.project import PRESET, RESULTS, Project

from crest.job_record import read_record, record_paths


def holds_text(folder: Path, text: str) -> list[Path]:
    files = (path for path in folder.rglob("*") if path.is_file())
    return [path for path in files if text.encode() in path.read_bytes()]


def test_a_moved_project_is_fresh(finished_copy: Project, tmp_path: Path) -> None:
    moved = tmp_path / "elsewhere"
    finished_copy.folder.rename(moved)
    try:
        assert Project(moved).planned() == []
    finally:
        moved.rename(finished_copy.folder)


def test_no_result_and_no_record_names_the_place_where_it_was_made(
    finished_copy: Project, finished_study: Project
) -> None:
    results = finished_copy.folder / RESULTS
    for part in (finished_study.folder, "results/smoke"):
        found = [path.relative_to(results) for path in holds_text(results, str(part))]
        assert [path for path in found if path.parts[0] not in {"logs", "benchmarks"}] == []


def test_results_under_another_name_are_adopted_and_nothing_runs(finished_copy: Project) -> None:
    results = finished_copy.folder / RESULTS
    before = checksums(results)
    results.rename(finished_copy.folder / "results/moved")
    preset = finished_copy.folder / PRESET
    preset.write_text(
        preset.read_text().replace("results: results/smoke", "results: results/moved")
    )
    shown = run(finished_copy, snakemake("--dry-run"))
    assert "Nothing to be done" in shown.stdout + shown.stderr
    moved = finished_copy.folder / "results/moved"
    assert checksums(moved) == before
    done = run(finished_copy, snakemake())
    assert done.returncode == 0, done.stderr
    assert checksums(moved) == before
    assert not results.exists()


def test_records_name_files_below_the_results(finished_study: Project) -> None:
    for path in record_paths(finished_study.folder / RESULTS):
        record = read_record(path)
        for file in (*record.input_files(), *record.output_files()):
            assert not Path(file.path).is_absolute()
            assert ".." not in Path(file.path).parts
