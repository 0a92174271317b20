"""An edit that changes no result reruns its own jobs alone, if they run first."""

from tests.workflow.project import RESULTS, Project

from crest.commands.plan_jobs import read_dry_run
from crest.commands.plan_reasons import first_stage

EARLY_STOP = "src/crest/control/early_stop.py"
BOOTSTRAP = "src/crest/statistics/bootstrap.py"


RENAMED = {
    EARLY_STOP: [
        ("    peak_step = history", "    step = history"),
        ("min(peak_step +", "min(step +"),
    ],
    BOOTSTRAP: [
        ("    low, high = result", "    lower, upper = result"),
        (
            "Interval(float(low), float(high), method)",
            "Interval(float(lower), float(upper), method)",
        ),
    ],
}
"""Local variables under other names: the code differs, and what it computes does not."""


def rename(project: Project, path: str) -> None:
    for old, new in RENAMED[path]:
        project.edit(path, old, new)


def run_first(project: Project) -> set[str]:
    """Run the targets that `crest plan --first` names; return the rules that it runs."""
    done = project.snakemake("--dry-run")
    stage = first_stage(read_dry_run(done.stdout + done.stderr))
    done = project.snakemake("--", *(job.record for job in stage))
    assert done.returncode == 0, done.stderr
    return {job.rule for job in stage}


def content(project: Project) -> dict[str, bytes]:
    """Return the bytes of all results; records and the report, which names code, left out."""
    results = project.folder / RESULTS
    beside = {"records", "logs", "benchmarks"}
    return {
        str(path.relative_to(results)): path.read_bytes()
        for path in results.rglob("*")
        if path.is_file() and path.relative_to(results).parts[0] not in beside
    }


def test_a_renamed_variable_of_a_controller_reruns_its_campaigns_and_nothing_after_them(
    finished_copy: Project,
) -> None:
    before = content(finished_copy)
    rename(finished_copy, EARLY_STOP)
    planned = {job.rule for job in finished_copy.planned()}
    assert {"run_campaign", "evaluate_chain", "collect_table", "build_report"} <= planned
    assert run_first(finished_copy) == {"run_campaign"}
    assert content(finished_copy) == before
    assert finished_copy.planned() == []


def test_a_renamed_variable_of_the_bootstrap_reruns_statistics_and_nothing_after_them(
    finished_copy: Project,
) -> None:
    before = content(finished_copy)
    rename(finished_copy, BOOTSTRAP)
    assert {"judge_claims", "draw_figure"} <= {job.rule for job in finished_copy.planned()}
    assert run_first(finished_copy) == {"compute_statistic"}
    assert content(finished_copy) == before
    assert finished_copy.planned() == []
