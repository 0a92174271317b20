"""The questions about results, asked of a study whose extended grid has run."""

import contextlib
import shutil

import pytest
from tests.unit.commands.conftest import ROOT, SMOKE
from tests.unit.commands.study_tree import StudyTree

from crest import storage
from crest.cli import main
from crest.commands.result_tree import read_tree
from crest.commands.staleness import State, standings
from crest.commands.study import study_of


@pytest.fixture(scope="module")
def extended(tmp_path_factory):
    """A project whose smoke study has run to the report of its extended grid."""
    project = tmp_path_factory.mktemp("extended")
    shutil.copy(ROOT / "config.yaml", project)
    shutil.copytree(ROOT / "workflow/presets", project / "workflow/presets")
    with contextlib.chdir(project), pytest.MonkeyPatch.context() as patch:
        patch.setattr(storage, "_sync", lambda _: None)
        StudyTree(study_of(SMOKE, ()), SMOKE).build("extended")
    return project


@pytest.fixture
def here(extended, tmp_path):
    """A copy of the project without its results, which are read where they are."""
    shutil.copy(extended / "config.yaml", tmp_path)
    shutil.copytree(extended / "workflow", tmp_path / "workflow")
    with contextlib.chdir(tmp_path):
        yield tmp_path


def stale(extended, *, other=()):
    """Return the stale and the left-out jobs of the extended study, by how they stand."""
    tree = read_tree(extended / SMOKE)
    found = standings(tree, study_of(SMOKE, other))
    return {
        state: {tree.records[name].job for name, each in found.items() if each.state is state}
        for state in (State.STALE, State.OUTSIDE)
    }


def overlay(here, text):
    path = here / "overlay.yaml"
    path.write_text(text)
    return here / "workflow/presets/smoke.yaml", path


@pytest.mark.usefixtures("here")
def test_a_finished_extended_grid_is_well(extended, capsys):
    words = ("--configfile", "workflow/presets/smoke.yaml")
    assert main(["verify", str(extended / SMOKE), *words]) == 0
    assert "All well" in capsys.readouterr().out


@pytest.mark.usefixtures("here")
def test_its_report_goes_back_to_every_job_but_those_of_the_default_grid(extended, capsys):
    assert main(["lineage", str(extended / SMOKE / "extended/report.html")]) == 0
    out = capsys.readouterr().out
    for job in ("make_oracle", "compare_labels", "measure_stationarity", "simulate_gate"):
        assert f"─ {job}" in out
    records = len(list((extended / SMOKE / "records").rglob("*.json")))
    assert f"{records} jobs, " in out


@pytest.mark.parametrize(
    ("text", "jobs"),
    [
        ("oracle: {longest_short: 2}", {"make_oracle"}),
        ("referee: {repeats: 3}", {"repeat_evaluations"}),
        ("diagnostic: {max_steps: 5}", {"run_campaign"}),
        (
            "models: {organism: {base_seeds: [1]}}",
            {"run_campaign", "measure_stationarity", "collect_table"},
        ),
        (
            "arms: {es: {reward: oracle}}",
            {"run_campaign", "evaluate_chain", "sample_pass_at_k", "build_report"},
        ),
    ],
)
def test_what_a_change_makes_stale_by_itself(extended, here, text, jobs):
    found = stale(extended, other=overlay(here, text))
    assert found[State.STALE] == jobs


@pytest.mark.parametrize(
    ("text", "stale_jobs", "outside"),
    [
        (
            "extended: {arms: []}",
            {"collect_table", "collect_decisions", "draw_figure", "build_report"},
            {
                *("run_campaign", "evaluate_chain", "sample_pass_at_k", "compare_labels"),
            },
        ),
        (
            "architectures: {models: []}",
            {"judge_claims", "build_report"},
            {
                *("run_campaign", "evaluate_chain", "train_base", "choose_learning_rates"),
                *("collect_table", "compute_statistic"),
            },
        ),
    ],
)
def test_what_leaves_the_grid_is_outside_of_it(extended, here, text, stale_jobs, outside):
    found = stale(extended, other=overlay(here, text))
    assert found == {State.STALE: stale_jobs, State.OUTSIDE: outside}
