"""Results depend on nothing but code and configuration: not on cores, order, place, or kills.

One study runs in another folder, on 1 core and on 4, with its jobs in shuffled order, and is killed
in every way meanwhile. Each file must equal the one of the study that nothing disturbed. When one
does not, the message names the first jobs whose inputs were equal and whose outputs are not.
"""

import json
from collections.abc import Iterator

import pytest
from tests.workflow.disturbance import DisturbedStudy, Run, results, started
from tests.workflow.project import Job, copy_project

LOCKED = "Directory cannot be locked"


@pytest.fixture(scope="module")
def disturbed(tmp_path_factory) -> Iterator[DisturbedStudy]:
    """A study with a history; nothing of it has run."""
    folder = tmp_path_factory.mktemp("elsewhere") / "another folder"
    folder.mkdir()
    study = DisturbedStudy(copy_project(folder))
    yield study
    study.end()


@pytest.fixture(scope="module")
def runs(disturbed: DisturbedStudy) -> dict[str, Run]:
    """Run the study to its report, killed in every way on the way there."""
    runs = {"job killed": disturbed.kill_job(cores=1, seed=1)}
    orphans = disturbed.kill_snakemake(cores=4, seed=2)
    runs["after the kill of snakemake"] = disturbed.run(cores=4, seed=3)
    disturbed.unlock()
    runs["beside orphans"] = disturbed.run(cores=4, seed=4)
    disturbed.let_end(orphans)
    disturbed.kill_both(cores=4, seed=5)
    runs["after the kill of both"] = disturbed.run(cores=1, seed=6)
    disturbed.unlock()
    runs["snakemake stopped"] = disturbed.stop_snakemake(cores=1, seed=7)
    runs["to the end"] = disturbed.run(cores=4, seed=8)
    return runs


def test_a_study_killed_in_every_way_runs_to_its_end(disturbed, runs) -> None:
    assert runs["to the end"].status == 0, "\n".join([*disturbed.story, runs["to the end"].text])
    assert disturbed.project.planned() == []


def test_snakemake_fails_when_its_job_is_killed_and_when_it_is_stopped(runs) -> None:
    assert runs["job killed"].status == runs["snakemake stopped"].status == 1


@pytest.mark.parametrize("after", ["after the kill of snakemake", "after the kill of both"])
def test_a_killed_snakemake_leaves_a_lock_that_the_next_one_names(runs, after: str) -> None:
    assert runs[after].status == 1
    assert LOCKED in runs[after].text


def test_a_job_whose_orphan_still_runs_is_refused_and_names_it(runs) -> None:
    assert runs["beside orphans"].status == 1
    assert "works in it; wait for that process, or end it" in runs["beside orphans"].text


def test_cores_order_folder_and_kills_change_no_byte(disturbed, runs, finished_study) -> None:
    assert runs["to the end"].status == 0
    found, expected = results(disturbed.project), results(finished_study)
    assert "report.html" in expected
    differing = {path for path in found | expected if found.get(path) != expected.get(path)}
    assert not differing, "\n".join(
        [*sorted(differing), "which begins with", *_culprits(found, expected), *disturbed.story]
    )


def test_the_disturbed_study_ran_in_another_order(disturbed, runs, finished_study) -> None:
    assert runs["to the end"].status == 0
    one, other = (_order(started(project)) for project in (disturbed.project, finished_study))
    assert set(one) == set(other)
    assert one != other


def test_nothing_is_left_of_the_work_of_killed_jobs(disturbed, runs) -> None:
    assert runs["to the end"].status == 0
    assert list((disturbed.project.folder / ".crest/work").rglob("*")) == []


def _order(jobs: list[Job]) -> list[Job]:
    """Return the jobs that no kill came near, in the order of their last starts."""
    kept = [job for job in jobs if job.rule in {"compute_statistic", "draw_figure"}]
    return list(dict.fromkeys(reversed(kept)))


def _culprits(found: dict[str, bytes], expected: dict[str, bytes]) -> list[str]:
    """Return the records of jobs that made other outputs of the same inputs."""
    culprits = []
    for path in sorted(found.keys() & expected.keys()):
        if path.startswith("records/"):
            one, other = (json.loads(files[path]) for files in (found, expected))
            if one["inputs"] == other["inputs"] and one != other:
                culprits.append(path)
    return culprits
