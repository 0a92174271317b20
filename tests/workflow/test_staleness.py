"""An edit reruns what depends on it, and nothing else: edits on a copy against planned jobs."""

from tests.workflow.project import Job, Project

ANALYSIS = {"compute_statistic", "judge_claims", "draw_figure", "build_report", "all"}
BOOTSTRAP = "src/crest/statistics/bootstrap.py"
EARLY_STOP = "src/crest/control/early_stop.py"


def rules(jobs: list[Job]) -> set[str]:
    return {job.rule for job in jobs}


def test_a_comment_and_a_docstring_rerun_nothing(finished_copy: Project) -> None:
    for path in (BOOTSTRAP, EARLY_STOP, "src/crest/campaigns/run.py"):
        file = finished_copy.folder / path
        head, docstring, rest = file.read_text().split('"""', 2)
        file.write_text(f'{head}"""Another first line.\n\n{docstring}"""\n# A comment.\n{rest}')
    assert finished_copy.planned() == []


def test_editing_the_bootstrap_reruns_statistics_figures_and_report_only(
    finished_copy: Project,
) -> None:
    append_to_function(finished_copy, BOOTSTRAP)
    jobs = finished_copy.planned()
    assert {"compute_statistic", "judge_claims", "draw_figure", "build_report"} <= rules(jobs)
    assert rules(jobs) <= ANALYSIS
    statistics = {job["statistic"] for job in jobs if job.rule == "compute_statistic"}
    assert {"arms", "comparisons", "gaps"} <= statistics
    assert "chains" not in statistics


def test_editing_the_early_stop_controller_reruns_its_arms_and_what_follows_from_them(
    finished_copy: Project,
) -> None:
    append_to_function(finished_copy, EARLY_STOP)
    jobs = finished_copy.planned()
    chains = [job for job in jobs if job["method"] is not None]
    assert {job["method"] for job in chains} == {"es"}
    assert {job["study"] for job in chains} == {"collapse"}
    campaigns = {(job["seed"], job["campaign"]) for job in jobs if job.rule == "run_campaign"}
    assert campaigns == {(seed, campaign) for seed in "01" for campaign in "12"}
    never = {"make_tasks", "train_base", "choose_learning_rates", "sample_base_pass_at_k"}
    assert rules(jobs) & never == set()
    assert {"evaluate_chain", "sample_pass_at_k", "collect_table", "build_report"} <= rules(jobs)


def test_undoing_an_edit_leaves_nothing_to_do(finished_copy: Project) -> None:
    file = finished_copy.folder / BOOTSTRAP
    before = file.read_text()
    append_to_function(finished_copy, BOOTSTRAP)
    file.write_text(before)
    assert finished_copy.planned() == []


def append_to_function(project: Project, path: str) -> None:
    """Give every function of a file one more default argument: code changes, behaviour not."""
    file = project.folder / path
    text = file.read_text()
    edited = text.replace("\n    return ", "\n    edited = True\n    return ")
    assert edited != text
    file.write_text(edited)
