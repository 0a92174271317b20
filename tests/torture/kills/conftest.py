"""The tiny study, its servers, the trials of a session, and the table of what became of them."""

from collections import Counter, defaultdict
from concurrent.futures import ThreadPoolExecutor

import pytest
from tests.torture.kills.schedule import FULL, USUAL, trials
from tests.torture.kills.servers import NUM, Servers
from tests.torture.kills.study import TinyStudy
from tests.torture.kills.trial import run_trial
from tests.workflow.project import ROOT, copy_project

OUTCOMES = pytest.StashKey()


def pytest_configure(config):
    config.stash[OUTCOMES] = {}


def pytest_generate_tests(metafunc):
    if "trial" in metafunc.fixturenames:
        full = metafunc.config.getoption("torture") == "full"
        metafunc.parametrize("trial", trials(FULL if full else USUAL), ids=str)


@pytest.fixture(scope="session")
def tiny_study(tmp_path_factory):
    """The study whose jobs are killed; nothing of it has run."""
    folder = tmp_path_factory.mktemp("kills") / "project"
    folder.mkdir()
    project = copy_project(folder)
    names = sorted(path.stem for path in (ROOT / "src/crest/jobs").glob("[a-z]*.py"))
    servers = Servers(project.folder / "src", [f"crest.jobs.{name}" for name in names])
    yield TinyStudy(project, servers)
    servers.close()


@pytest.fixture(scope="session")
def chosen(request):
    """Return the trials of this session."""
    params = [getattr(item, "callspec", None) for item in request.session.items]
    return [each.params["trial"] for each in params if each and "trial" in each.params]


@pytest.fixture(scope="session")
def tried(request, chosen, tiny_study, tmp_path_factory):
    """Return the function from a trial to its outcome; this session's run two at a time."""
    folder = tmp_path_factory.mktemp("trials")
    with ThreadPoolExecutor(NUM) as pool:
        futures = {
            trial: pool.submit(run_trial, trial, tiny_study, folder / str(i))
            for i, trial in enumerate(chosen)
        }

        def result(trial):
            outcome = futures[trial].result()
            request.config.stash[OUTCOMES][trial] = outcome
            return outcome

        yield result
        for future in futures.values():
            future.cancel()


def pytest_terminal_summary(terminalreporter, config):
    outcomes = config.stash.get(OUTCOMES, {})
    if not outcomes or config.getoption("torture") != "full":
        return
    rows = defaultdict(list)
    for trial, outcome in outcomes.items():
        is_campaign = trial.job.rule == "run_campaign"
        rows[trial.job["method"] if is_campaign else trial.job.rule].append(outcome)
    rows["all"] = list(outcomes.values())
    terminalreporter.section("kills")
    terminalreporter.line(f"{'job or arm':24}" + "  ".join(_columns([])))
    for name, row in rows.items():
        cells = (f"{number:{len(head)}}" for head, number in _columns(row).items())
        terminalreporter.line(f"{name:24}" + "  ".join(cells))


def _columns(outcomes):
    """Return a row of the table, by its columns' heads."""
    kills = [kill for outcome in outcomes for kill in outcome.kills]
    signals = Counter(kill.signal.name for kill in kills)
    moments = Counter(kill.moment for kill in kills)
    return {
        "kills": len(kills),
        **{name: signals[name] for name in ("SIGKILL", "SIGTERM", "SIGINT")},
        **{f"at a {moment}": moments[moment] for moment in ("call", "time")},
        "torn": sum(each.torn for each in outcomes),
        "set aside": sum(each.set_aside for each in outcomes),
        "resumed": sum(each.resumed for each in outcomes),
        "step > 0": sum(each.resumed_later for each in outcomes),
        "files differing": sum(len(each.differing) for each in outcomes),
    }
