"""An edit reruns what it can change, and nothing else: each edit's plan against the true jobs.

`pytest tests/workflow/test_staleness.py --edit-table` prints the edits with what they rerun.
"""

import pytest
from tests.workflow import edits_code, edits_config, edits_extended, edits_project
from tests.workflow.edits import Edit
from tests.workflow.project import EXTENDED, Project, reads_by_job
from tests.workflow.study_graph import Study

EDITS = (
    *edits_code.EDITS,
    *edits_config.EDITS,
    *edits_project.EDITS,
    *edits_extended.EDITS,
)


def test_the_study_has_the_jobs_and_inputs_that_are_written_here_by_hand(
    finished_study: Project,
) -> None:
    assert reads_by_job(finished_study.plan("--forceall")) == Study().reads()


def test_so_has_its_extended_grid(finished_extended: Project) -> None:
    assert reads_by_job(finished_extended.plan("--forceall", *EXTENDED)) == (
        Study().reads_extended()
    )


@pytest.mark.parametrize("edit", EDITS, ids=str)
def test_an_edit_plans_the_jobs_that_it_can_change(edit: Edit, edited) -> None:
    planned = edited(edit)
    unplanned, needless = edit.expected_jobs() - planned, planned - edit.expected_jobs()
    assert not unplanned, f"stale, but not planned: {_words(unplanned)}"
    assert not needless, f"planned, but not stale: {_words(needless)}"


def test_every_edit_has_a_name_of_its_own_and_says_where_it_errs() -> None:
    assert len({edit.name for edit in EDITS}) == len(EDITS)
    for edit in EDITS:
        assert bool(edit.why) == (edit.expected_jobs() != edit.true_jobs()), edit


def _words(jobs) -> str:
    return ", ".join(sorted(map(str, jobs)))
