"""The text of a dry run gives back the jobs that Snakemake listed."""

import json
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from crest.commands.plan_jobs import PlannedJob, read_dry_run

THEN = {"job": "make_tasks", "code": "old", "choices": {}, "config": {"label": 'it\'s "a": {b}'}}
NOW = {**THEN, "code": "new"}
TEXT = f"""\
Building DAG of jobs...
Job stats:
job           count
total             2

[Sat Nov 21 17:24:17 2026]
rule make_tasks:
    output: results/tasks/train.parquet, results/records/make_tasks.json
    log: results/logs/make_tasks.log
    jobid: 5
    benchmark: results/benchmarks/make_tasks.tsv
    reason: Params have changed since last execution: Union of exclusive params before and now \
across all output: before: {json.dumps(THEN, sort_keys=True)!r} now: \
{json.dumps(NOW, sort_keys=True)!r} 
    resources: tmpdir=/tmp
[Sat Nov 21 17:24:17 2026]
rule run_campaign:
    input: results/tasks/train.parquet
    output: results/collapse/organism/es/seed0/campaign1/steps.parquet
    jobid: 6
    reason: Input files updated by another job: results/tasks/train.parquet
    wildcards: study=collapse, method=es, seed=0, campaign=1
    threads: 4
    resources: tmpdir=/tmp, gpu=2
[Sat Nov 21 17:24:17 2026]
rule all:
    input: results/report.html
    jobid: 0
    reason: Input files updated by another job: results/report.html
    resources: tmpdir=/tmp
Job stats:
    (check individual jobs above for details)
    input: no part of a job
"""  # noqa: W291 - Snakemake ends a change of params with a space


def test_jobs_are_read_with_what_a_plan_needs():
    first, second = read_dry_run(TEXT)
    assert (first.rule, first.arm, first.inputs) == ("make_tasks", "-", ())
    assert first.outputs == ("results/tasks/train.parquet", "results/records/make_tasks.json")
    assert first.record == "results/records/make_tasks.json"
    assert first.benchmark == "results/benchmarks/make_tasks.tsv"
    assert (first.threads, first.gpus) == (1, 0)
    assert (second.rule, second.arm, second.record) == ("run_campaign", "es", "")
    assert second.wildcards["campaign"] == "1"
    assert (second.threads, second.gpus) == (4, 2)


def test_a_rule_that_writes_nothing_is_no_job():
    assert "all" not in {job.rule for job in read_dry_run(TEXT)}


def test_both_specs_of_a_changed_job_are_read_whatever_their_text():
    first, second = read_dry_run(TEXT)
    assert first.specs() == (THEN, NOW)
    assert second.specs() is None


def test_no_job_is_read_from_nothing_to_be_done():
    assert (
        read_dry_run("Building DAG of jobs...\nNothing to be done (all requested files ...).") == []
    )


NAMES = st.from_regex(r"[a-z][a-z0-9_]*", fullmatch=True)
PATHS = st.lists(NAMES, min_size=1, max_size=4).map("/".join)
JOBS = st.builds(
    PlannedJob,
    rule=NAMES,
    wildcards=st.dictionaries(NAMES, NAMES, max_size=3),
    inputs=st.lists(PATHS, max_size=3).map(tuple),
    outputs=st.lists(PATHS, min_size=1, max_size=3).map(tuple),
    benchmark=st.just("") | PATHS,
    reason=st.text(st.characters(codec="ascii", exclude_categories=["C"]), max_size=30).map(
        str.strip
    ),
    threads=st.integers(1, 64),
    gpus=st.integers(0, 8),
)


def printed(job):
    """Return a job as Snakemake lists it."""
    wildcards = ", ".join(f"{name}={value}" for name, value in job.wildcards.items())
    fields = {
        "input": ", ".join(job.inputs),
        "output": ", ".join(job.outputs),
        "benchmark": job.benchmark,
        "reason": job.reason,
        "wildcards": wildcards,
        "threads": str(job.threads) if job.threads > 1 else "",
        "resources": "tmpdir=/tmp" + (f", gpu={job.gpus}" if job.gpus else ""),
    }
    lines = [f"    {name}: {value}" for name, value in fields.items() if value]
    return "\n".join(["[Sat Nov 21 17:24:17 2026]", f"rule {job.rule}:", *lines])


@given(st.lists(JOBS, max_size=4), st.randoms())
def test_what_is_printed_is_read_back_in_the_order_of_the_files(jobs, random):
    made = [f"made/{place}" for place in range(len(jobs))]
    several = [
        replace(job, inputs=(*job.inputs, *made[:place]), outputs=(made[place],))
        for place, job in enumerate(jobs)
    ]
    blocks = list(map(printed, several))
    random.shuffle(blocks)
    assert read_dry_run("\n".join(blocks)) == several
