"""Problems on their whole declared domain: made by the job, read back, and judged by the grader."""

from collections.abc import Iterator
from pathlib import Path

import polars as pl
import pytest
import yaml

from crest.config import OracleConfig, TasksConfig
from crest.grading import Grader
from crest.jobs import make_oracle
from crest.records import Problem, Status, Submission
from crest.spec import make_spec
from crest.tasks.bank import problem_source, read_problems, write_problems
from crest.tasks.code import make_splits
from crest.tasks.code.behaviour import outputs
from crest.tasks.code.domain import declared_domain, on_whole_domain
from crest.tasks.code.examine import examine
from crest.tasks.code.families import FAMILIES
from crest.tasks.code.inputs import candidate_inputs
from crest.tasks.code.spec import parse_prompt

CONFIG = yaml.safe_load((Path(__file__).parents[2] / "config.yaml").read_text())
TASKS = TasksConfig.model_validate({**CONFIG["tasks"], "train": 24, "select": 8, "report": 8})
ORACLE = OracleConfig.model_validate(CONFIG["oracle"])
SPLITS = ("train", "select", "report")


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of results in which the job has run."""
    folder = tmp_path_factory.mktemp("study") / "results"
    splits = make_splits(TASKS)
    config = {"tasks": TASKS.model_dump(mode="json"), "oracle": ORACLE.model_dump(mode="json")}
    argv = ["--spec", make_spec("make_oracle", config=config)]
    argv += ["--record", str(folder / "records/make_oracle.json")]
    argv += ["--domains", str(folder / "oracle/domains.parquet")]
    for name in SPLITS:
        write_problems(getattr(splits, name), folder / f"{name}.parquet", stamp="{}")
        argv += [f"--{name}", str(folder / f"{name}.parquet")]
        argv += [f"--oracle-{name}", str(folder / f"oracle/{name}.parquet")]
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder.parent)
        make_oracle.main(argv)
    return folder


@pytest.fixture(scope="module")
def grader() -> Iterator[Grader]:
    with Grader() as grader:
        yield grader


def statuses(grader: Grader, problems: list[Problem], completions: list[str]) -> list[Status]:
    pairs = zip(problems, completions, strict=True)
    submissions = [Submission(problem_source(one, body), one.tests) for one, body in pairs]
    return [verdict.status for verdict in grader.grade(submissions)]


@pytest.mark.parametrize("split", SPLITS)
def test_the_file_holds_the_same_problems_with_tests_on_the_whole_domain(
    made: Path, split: str
) -> None:
    problems = read_problems(made / f"{split}.parquet")
    assert read_problems(made / f"oracle/{split}.parquet") == [
        on_whole_domain(one, declared_domain(FAMILIES[one.family], TASKS, ORACLE))
        for one in problems
    ]


def test_the_table_counts_the_inputs_of_every_problem(made: Path) -> None:
    domains = pl.read_parquet(made / "oracle/domains.parquet")
    whole = {
        one.task_id: one
        for name in SPLITS
        for one in read_problems(made / f"oracle/{name}.parquet")
    }
    assert domains["task_id"].to_list() == list(whole)
    assert domains["split"].to_list() == ["train"] * 24 + ["select"] * 8 + ["report"] * 8
    for row in domains.iter_rows(named=True):
        assert row["num_defined"] == len(whole[row["task_id"]].tests.calls)
        assert row["num_hidden"] == TASKS.hidden_tests < row["num_defined"] <= row["num_inputs"]
        assert row["num_inputs"] == len(declared_domain(FAMILIES[row["family"]], TASKS, ORACLE))


def test_references_pass_on_the_whole_domain(made: Path, grader: Grader) -> None:
    problems = read_problems(made / "oracle/train.parquet")
    references = [problem.reference for problem in problems]
    assert set(statuses(grader, problems, references)) == {Status.PASS}


def test_a_program_that_passes_the_hidden_tests_by_luck_fails_on_the_domain(grader: Grader) -> None:
    spec = parse_prompt("# add 4; max\ndef f(x):\n")
    inputs = candidate_inputs(spec.family, TASKS.candidate_inputs, TASKS.seed)
    problem = examine(spec, inputs, outputs(spec, inputs), num_tests=7, seed=0).problem
    whole = on_whole_domain(problem, declared_domain(spec.family, TASKS, ORACLE))
    lucky = " return max([v + 4 for v in x], key=abs)"
    assert statuses(grader, [problem, whole], [lucky, lucky]) == [Status.PASS, Status.WA]
