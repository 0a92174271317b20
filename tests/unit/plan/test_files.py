"""Which files jobs read, where the configuration decides it."""

import pytest
from tests.unit.plan.conftest import Study
from tests.unit.plan.every_spec import GEMMA, ORGANISM

from crest.plan import COLLECTIONS, FIGURES, GRIDS, STATISTICS, Chain, Files

NAIVE = Chain("collapse", ORGANISM, "naive", 0)
ORACLE = Chain("collapse", ORGANISM, "oracle", 0)


@pytest.fixture
def files(study: Study) -> Files:
    return Files(study())


@pytest.mark.parametrize(
    ("chain", "base"),
    [
        (NAIVE, f"models/{ORGANISM}/seed7/"),
        (Chain("collapse", ORGANISM, "naive", 1), f"models/{ORGANISM}/seed8/"),
        (Chain("collapse", ORGANISM, "naive", 2), f"models/{ORGANISM}/seed7/"),
        (Chain("pilot", GEMMA, "lr0.001", 1000), f"models/{GEMMA}/seed7/"),
        (Chain("architectures", GEMMA, "naive", 1), f"models/{GEMMA}/seed8/"),
    ],
)
def test_bases_are_dealt_out_cyclically_by_the_position_of_the_seed(
    files: Files, chain: Chain, base: str
) -> None:
    assert files.base_model(chain) == f"{base}model/SHA256SUMS"
    assert files.start_model(chain, 1) == f"{base}model/SHA256SUMS"


def test_what_is_measured_of_a_frozen_base_is_of_the_base_of_the_chains_of_its_seed(
    files: Files,
) -> None:
    found = [files.frozen_model(ORGANISM, seed) for seed in (0, 1, 2)]
    assert found == [
        files.base_model(Chain("collapse", ORGANISM, "es", seed)) for seed in (0, 1, 2)
    ]


def test_a_chain_of_no_study_is_refused(files: Files) -> None:
    with pytest.raises(KeyError):
        files.study(Chain("architectures", ORGANISM, "naive", 0))


@pytest.mark.parametrize("split", ["train", "select", "report"])
def test_the_reward_of_an_arm_chooses_the_tests_of_its_problems(files: Files, split: str) -> None:
    assert files.problems(NAIVE, split) == f"tasks/{split}.parquet"
    assert files.problems(ORACLE, split) == f"tasks/oracle/{split}.parquet"


def test_a_campaign_starts_from_what_rolled_out_of_the_one_before(files: Files) -> None:
    before = "collapse/organism/naive/seed0/campaign1"
    assert files.start_model(NAIVE, 2) == f"{before}/next/SHA256SUMS"
    assert files.history(NAIVE, 2) == [f"{before}/decision.json"]
    assert files.history(NAIVE, 1) == []


def test_earlier_checkpoints_are_read_by_controllers_alone_that_may_go_back(study: Study) -> None:
    arm = {"label": "CARE", "objective": {"kind": "reinforce"}, "learning_rate": "collapsing"}
    arms = {"cautious": {**arm, "controller": {"kind": "care"}}}
    files = Files(study(arms=arms, extended={"arms": ["cautious"]}, study={"campaigns": 3}))
    chain = Chain("collapse", ORGANISM, "cautious", 0)
    assert files.earlier(chain, 1) == []
    assert files.earlier(chain, 3) == [
        f"{chain.folder}/campaign1/next/SHA256SUMS",
        f"{chain.folder}/campaign2/next/SHA256SUMS",
    ]
    assert files.earlier(Chain("collapse", ORGANISM, "es", 0), 3) == []


def test_a_role_of_a_learning_rate_is_filled_by_the_pilot_on_the_same_model(files: Files) -> None:
    assert files.learning_rates(NAIVE) == [f"pilot/{ORGANISM}/learning_rates.json"]
    gemma = Chain("architectures", GEMMA, "naive", 0)
    assert files.learning_rates(gemma) == [f"pilot/{GEMMA}/learning_rates.json"]
    assert files.learning_rates(Chain("pilot", GEMMA, "lr0.001", 1000)) == []
    assert files.learning_rates(Chain("regime", ORGANISM, "grpo-p4-lr0.001", 2000)) == []


def test_a_cell_of_the_regime_map_is_its_arm_with_other_values(files: Files) -> None:
    arms = files.studies["regime", ORGANISM].arms
    assert list(arms) == [
        f"grpo-p{prompts}-lr{rate}" for prompts in (4, 8) for rate in ("0.001", "0.002")
    ]
    cell, arm = arms["grpo-p4-lr0.002"], files.config.arms["grpo"]
    assert (cell.prompts_per_step, cell.learning_rate) == (4, 0.002)
    assert (cell.objective, cell.controller, cell.penalty) == (
        *(arm.objective, arm.controller, arm.penalty),
    )


def test_the_diagnostic_study_is_one_long_campaign(files: Files) -> None:
    diagnostic = files.studies["diagnostic", ORGANISM]
    assert (diagnostic.campaigns, diagnostic.max_steps) == (1, 200)


def test_the_pilot_never_sees_the_split_that_reports_results(files: Files) -> None:
    splits = {(study.name, study.split) for study in files.studies.values()}
    assert splits == {
        *(("collapse", "report"), ("pilot", "select"), ("regime", "report")),
        *(("diagnostic", "report"), ("architectures", "report")),
    }


def test_tables_of_the_default_grid_have_its_arms_and_those_of_the_extended_one_all(
    files: Files,
) -> None:
    default, extended = (
        {path.split("/")[2] for path in files.table_parts(folder, "decisions")}
        for folder in ("collapse", "extended/collapse")
    )
    assert (default, extended) == ({"naive", "es"}, {"naive", "es", "oracle"})


def test_samples_hold_those_of_the_bases_that_chains_start_from(study: Study) -> None:
    parts = Files(study(study={"seeds": [0]})).table_parts("collapse", "samples")
    assert parts == [
        f"models/{ORGANISM}/seed7/samples.parquet",
        *(f"collapse/{ORGANISM}/{arm}/seed0/samples.parquet" for arm in ("naive", "es")),
    ]


@pytest.mark.parametrize("table", ["repeats", "pools"])
def test_the_referee_looks_at_some_arms_alone(files: Files, table: str) -> None:
    for folder in ("collapse", "extended/collapse"):
        assert files.table_parts(folder, table) == [
            f"collapse/{ORGANISM}/naive/seed{seed}/{table}.parquet" for seed in (0, 1, 2)
        ]


def test_the_frozen_base_is_measured_once_a_seed(files: Files) -> None:
    assert files.table_parts("extended/collapse", "stationarity") == [
        f"stationarity/{ORGANISM}/seed{seed}.parquet" for seed in (0, 1, 2)
    ]


def test_a_decision_file_holds_those_before_so_the_last_of_a_chain_is_enough(files: Files) -> None:
    parts = files.table_parts("regime", "decisions")
    assert len(parts) == 4
    assert all(path.endswith("/campaign2/decision.json") for path in parts)


@pytest.mark.parametrize(
    ("table", "default", "extended"),
    [
        ("steps", "collapse/steps", "extended/collapse/steps"),
        ("arms", "statistics/arms", "extended/statistics/arms"),
        ("claims", "claims", "extended/claims"),
        ("pilot", "pilot/organism/learning_rates", "pilot/organism/learning_rates"),
        ("mutation", "tasks/mutation", "tasks/mutation"),
        ("regrades", "grader/regrades", "grader/regrades"),
        ("simulations", "care/simulations", "care/simulations"),
    ],
)
def test_a_table_lies_in_its_grid_unless_all_share_it(
    files: Files, table: str, default: str, extended: str
) -> None:
    assert files.paths([table], "default") == [f"{default}.parquet"]
    assert files.paths([table], "extended") == [f"{extended}.parquet"]


@pytest.mark.parametrize("table", ["regime/steps", "labels", "domains", "regime", "architectures"])
def test_tables_of_further_studies_are_in_the_extended_grid_alone(files: Files, table: str) -> None:
    assert not files.grid("default").has(table)
    assert files.grid("extended").has(table)


def test_a_table_that_nothing_makes_is_refused(files: Files) -> None:
    with pytest.raises(KeyError, match="no entry 'stepz'"):
        files.grid("default").has("stepz")


def test_without_further_models_the_extended_grid_has_no_table_of_them(study: Study) -> None:
    files = Files(study(architectures={"models": []}))
    grid = files.grid("extended")
    assert not grid.has("architectures/evaluation")
    assert "architectures" not in grid.statistics()
    assert "architectures" not in grid.claim_tables()
    assert "regime" in grid.statistics()
    assert files.table_parts("architectures", "evaluation") == []


@pytest.mark.parametrize("models", [[], [GEMMA]])
@pytest.mark.parametrize("arms", [[], ["oracle"]])
@pytest.mark.parametrize("grid", GRIDS)
def test_every_table_that_is_read_has_parts(
    study: Study, grid: str, arms: list[str], models: list[str]
) -> None:
    files = Files(study(architectures={"models": models}, extended={"arms": arms}))
    has = files.grid(grid)
    entries = [(STATISTICS, name) for name in has.statistics()]
    entries += [(FIGURES, name) for name in has.figures()]
    read = {table for registry, name in entries for table in registry.literal(name, "TABLES")}
    collected = {tuple(path[:-8].rsplit("/", 1)) for path in files.paths(sorted(read), grid)}
    folders = [(folder, table) for folder, table in collected if folder in COLLECTIONS]
    assert folders
    assert all(files.table_parts(folder, table) for folder, table in folders)


@pytest.mark.parametrize("grid", GRIDS)
def test_every_figure_of_a_grid_is_in_its_report_once(files: Files, grid: str) -> None:
    figures = files.figures(grid)
    assert sorted(figures) == files.grid(grid).figures()
    assert files.charts(grid) == [f"{GRIDS[grid]}figures/{figure}.json" for figure in figures]


def test_the_audit_draws_from_the_reference_arm_or_else_from_the_first(study: Study) -> None:
    assert Files(study()).audit_rollouts() == [
        f"{NAIVE.folder}/campaign{campaign}/rollouts.parquet" for campaign in (1, 2)
    ]
    other = Files(study(study={"arms": ["es"], "seeds": [4]}, referee={"arms": ["es"]}))
    first = "collapse/organism/es/seed4/campaign1/rollouts.parquet"
    assert other.audit_rollouts()[0] == first
