"""Reasons of many jobs become a few lines that name the edits."""

import json
from dataclasses import replace

from crest.commands.plan_jobs import PlannedJob
from crest.commands.plan_reasons import Reasons, first_pass

SPEC = {
    "job": "make_tasks",
    "code": "a" * 64,
    "choices": {},
    "config": {"tasks": {"seed": 0}},
    "libraries": {"numpy": "2.0"},
    "python": "3.11",
}


def job(reason):
    return PlannedJob("make_tasks", {}, (), ("results/a",), "", reason, 1, 0)


def changed(**fields):
    now = {**SPEC, **fields}
    before, after = (repr(json.dumps(spec, sort_keys=True)) for spec in (SPEC, now))
    return job(
        "Params have changed since last execution: Union of exclusive params before and now across "
        f"all output: before: {before} now: {after} "
    )


def test_each_reason_counts_its_jobs_and_what_follows_comes_last():
    jobs = [
        changed(config={"tasks": {"seed": 1}}),
        changed(config={"tasks": {"seed": 1}}, libraries={"numpy": "2.1"}),
        job("Missing output files: results/a"),
        *[job("Input files updated by another job: results/a")] * 3,
    ]
    assert Reasons().summary(jobs) == [
        ("config.tasks.seed: 0 -> 1", 2),
        ("not made yet", 1),
        ("numpy 2.0 -> 2.1", 1),
        ("reads what these make", 3),
    ]


def test_code_whose_parts_nobody_recorded_is_named_by_its_digests():
    ((reason, count),) = Reasons().summary([changed(code="b" * 64)])
    assert (reason, count) == (f"code of make_tasks: {'a' * 12} -> {'b' * 12}", 1)


def test_a_missing_output_that_a_parent_brings_about_counts_as_not_made():
    both = "Missing output files: results/b; Input files updated by another job: results/a"
    assert Reasons().summary([job(both)]) == [("not made yet", 1)]


def test_params_that_are_no_specs_are_named_in_general():
    other = job("Params have changed since last execution: before: 'x' now: 'y' ")
    assert Reasons().summary([other]) == [("its spec is another", 1)]


def chained(first):
    return [first, replace(job(READS), rule="draw_figure", inputs=("results/a",), outputs=("b",))]


READS = "Input files updated by another job: results/a"


def test_code_that_may_leave_the_bytes_as_they_were_can_run_first():
    assert first_pass(chained(changed(code="b" * 64))) == ["make_tasks"]
    assert first_pass(chained(changed(libraries={"numpy": "2.1"}))) == ["make_tasks"]


def test_other_values_and_missing_files_leave_nothing_to_run_first():
    assert first_pass(chained(changed(code="b" * 64, config={}))) == []
    assert first_pass(chained(job("Missing output files: results/a"))) == []
    assert first_pass([changed(code="b" * 64)]) == []
