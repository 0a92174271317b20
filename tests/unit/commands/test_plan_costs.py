"""The cost of a planned job is that of its own last run, or the mean of those most like it."""

from dataclasses import replace
from pathlib import Path

import pytest

from crest.commands.plan_costs import Cost, PastRuns, Run, read_benchmark
from crest.commands.plan_jobs import PlannedJob
from crest.job_record import FileRecord, JobRecord, write_record

HEAD = "s\th:m:s\tmax_rss\tcpu_time\n"


@pytest.fixture
def results(tmp_path):
    """Return results in which two arms ran, the second at ten times the cost of the first."""
    for method, factor in (("naive", 1), ("es", 10)):
        for seed in (0, 1):
            size = 100 * factor
            finish(tmp_path, cell(method, seed), wall=factor * (seed + 1), cpu=factor, size=size)
    return tmp_path


def cell(method, seed, study="collapse", model="organism"):
    return {"study": study, "model": model, "method": method, "seed": seed, "campaign": 1}


def stem_of(settings):
    return "{study}/{model}/{method}/seed{seed}/campaign{campaign}".format(**settings)


def finish(results, settings, *, wall, cpu, size):
    spec = {"job": "run_campaign", "code": "c", "choices": {}, "config": {"settings": settings}}
    stem = stem_of(settings)
    start = FileRecord(f"{stem}/start", "linked", 5000)
    outputs = {
        "start": (start,),
        "end": (FileRecord(f"{stem}/end", f"end {stem}", size),),
        "next": (FileRecord(f"{stem}/next", f"end {stem}", size),),
    }
    record = JobRecord(spec, {"start": (start,)}, outputs)
    write_record(record, results / f"records/{stem}.json")
    path = results / f"benchmarks/{stem}.tsv"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"{HEAD}{wall}\t0:00:01\t300.0\t{cpu}\n")


def planned(results, method, seed, rule="run_campaign", **where):
    settings = cell(method, seed, **where)
    stem = stem_of(settings)
    return PlannedJob(
        rule=rule,
        wildcards={name: str(value) for name, value in settings.items()},
        inputs=(),
        outputs=(f"{results}/{stem}/steps.parquet", f"{results}/records/{stem}.json"),
        benchmark=f"{results}/benchmarks/{stem}.tsv",
        reason="",
        threads=1,
        gpus=0,
    )


def test_a_job_that_ran_costs_what_it_cost(results):
    cost = PastRuns(results).cost(planned(results, "es", 1))
    assert cost == Cost(Run(20.0, 10.0, 1000), "own", 1)


def test_another_seed_costs_the_mean_of_its_arm(results):
    cost = PastRuns(results).cost(planned(results, "es", 7))
    assert cost == Cost(Run(15.0, 10.0, 1000), "same arm", 2)


def test_another_arm_costs_the_mean_of_its_rule(results):
    cost = PastRuns(results).cost(planned(results, "grpo", 0))
    assert cost == Cost(Run(8.25, 5.5, 550), "same rule", 4)


@pytest.mark.parametrize("other", [{"study": "diagnostic"}, {"model": "organism_gemma3"}])
def test_an_arm_of_another_study_or_model_costs_what_it_costs_there(results, other):
    finish(results, cell("naive", 0, **other), wall=1000, cpu=1000, size=1)
    here = PastRuns(results).cost(planned(results, "naive", 7))
    there = PastRuns(results).cost(planned(results, "naive", 7, **other))
    assert here == Cost(Run(1.5, 1.0, 100), "same arm", 2)
    assert there == Cost(Run(1000.0, 1000.0, 1), "same arm", 1)


def test_samples_of_base_models_cost_what_those_of_the_same_model_cost(results):
    stem = "sample_base_pass_at_k/organism/seed0"
    keys = {"study": "base", "model": "organism", "method": "base", "seed": 0}
    spec = {"job": "sample_pass_at_k", "code": "c", "choices": {}, "config": {}, "keys": keys}
    write_record(JobRecord(spec, {}, {}), results / f"records/{stem}.json")
    path = results / f"benchmarks/{stem}.tsv"
    path.parent.mkdir(parents=True)
    path.write_text(f"{HEAD}3\t0:00:03\t300.0\t2\n")
    job = replace(
        planned(results, "-", 1, rule="sample_base_pass_at_k"),
        wildcards={"model": "organism", "base_seed": "1"},
    )
    assert PastRuns(results).cost(job) == Cost(Run(3.0, 2.0, 0), "same arm", 1)


def test_a_rule_that_never_ran_has_no_cost(results):
    cost = PastRuns(results).cost(planned(results, "grpo", 0, rule="train_base"))
    assert cost == Cost(None, "unknown", 0)


def test_links_to_one_checkpoint_and_to_an_input_take_no_disk(results):
    assert PastRuns(results).cost(planned(results, "naive", 0)).run.bytes == 100


def test_a_benchmark_counts_for_its_own_job_without_its_record(results):
    (results / "records/collapse/organism/es/seed1/campaign1.json").unlink()
    cost = PastRuns(results).cost(planned(results, "es", 1))
    assert cost == Cost(Run(20.0, 10.0, None), "own", 1)


@pytest.mark.parametrize(
    ("rows", "times"),
    [
        ("2.5\t0:00:02\t10\t1.5\n", (2.5, 1.5)),
        ("1.0\tx\t-\t1.0\n3.0\tx\t-\t2.0\n", (2.0, 1.5)),
        ("0.1\tx\t-\tNA\n", (0.1, 0.0)),
        ("NA\tx\t-\t-\n", None),
        ("nan\tx\t-\t-\n", None),
        ("", None),
        ("0.5\n", (0.5, 0.0)),
    ],
)
def test_a_benchmark_file_gives_the_mean_of_what_was_measured(tmp_path, rows, times):
    path = tmp_path / "a.tsv"
    path.write_text(HEAD + rows)
    assert read_benchmark(path) == times


def test_a_missing_benchmark_is_no_measurement():
    assert read_benchmark(Path("nowhere.tsv")) is None
