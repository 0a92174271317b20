"""Reasons of many jobs become a few lines that name the edits."""

import json
from dataclasses import replace

from crest.commands.plan_jobs import PlannedJob
from crest.commands.plan_reasons import Reasons, first_stage, may_change_no_byte

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


READS = "Input files updated by another job: results/a"


def planned(rule, output, *inputs, reason=READS):
    return replace(job(reason), rule=rule, inputs=inputs, outputs=(output,))


def test_the_first_stage_ends_where_another_rule_begins():
    plan = [
        planned("run_campaign", "c1"),
        planned("run_campaign", "c2", "c1", "tasks"),
        planned("run_campaign", "d1"),
        planned("evaluate_chain", "e", "c1", "c2"),
        planned("run_campaign", "late", "e", "d1"),
        planned("collect_table", "table", "e", "late"),
    ]
    for jobs in (plan, plan[::-1]):
        outputs = {path for each in first_stage(jobs) for path in each.outputs}
        assert outputs == {"c1", "c2", "d1"}


def test_nothing_planned_has_no_first_stage():
    assert first_stage([]) == []


def test_code_and_libraries_may_change_no_byte():
    follower = planned("make_tasks", "b", "results/a")
    assert may_change_no_byte([changed(code="b" * 64), follower])
    assert may_change_no_byte([changed(libraries={"numpy": "2.1"})])


def test_other_values_and_missing_files_do_change_bytes():
    assert not may_change_no_byte([changed(code="b" * 64, config={})])
    assert not may_change_no_byte([changed(code="b" * 64), job("Missing output files: results/c")])
