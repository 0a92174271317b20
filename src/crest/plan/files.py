"""Which files a job reads, where that depends on the configuration. Paths from the results on.

The workflow's rules and the questions about results ask here, so that both have one answer.
"""

from collections.abc import Sequence

from crest.checksums import SUMS
from crest.config import Config
from crest.plan.crossover import STUDY as CROSSOVER
from crest.plan.crossover import CrossoverFiles
from crest.plan.studies import Chain, Study, studies_of
from crest.plan.tables import (
    COLLECTIONS,
    FIGURES,
    GRIDS,
    OF_REFEREED_CHAINS,
    STATISTICS,
    Grid,
    checkpoints_of,
    parts_of_chains,
    table_path,
)
from crest.registry import Registry

CONTROLLERS = Registry("crest.control")
EVALUATED = ("start", "peak", "end", "next")
REFEREED = ("start", "peak", "end")

FIRST_FIGURES = (
    "chain_curves",
    "end_of_chain",
    "gap_against_null",
    "campaign_shape",
    "entropy_and_diversity",
    "pass_at_k",
    "capability",
    "regime_map",
    "diagnostic_run",
    "care_beliefs",
    "gate_errors",
    "forgetting",
    "learning_rate_pilot",
    "pass_at_k_crossover",
    "crossing",
    "star_rounds",
    "gained_and_lost",
    "selection",
    "critic_curve",
    "critic_calibration",
)
"""Order of the figures in the report; figures not named here follow."""


class Files:
    """Inputs of the jobs of one configuration."""

    def __init__(self, config: Config) -> None:
        self.config = config
        self.studies = studies_of(config)
        self.crossover = CrossoverFiles(config.crossover)

    def study(self, chain: Chain) -> Study:
        """Return the study of a chain.

        Raises:
            KeyError: There is no such study on the chain's model.
        """
        return self.studies[chain.study, chain.model]

    def base_seed(self, chain: Chain) -> int:
        """Return the seed of a chain's base model: bases are dealt out cyclically."""
        seeds = list(self.study(chain).seeds)
        bases = self.config.models[chain.model].base_seeds
        return bases[seeds.index(chain.seed) % len(bases)]

    def base_model(self, chain: Chain) -> str:
        """Return the base model of a chain; rules know a checkpoint by its checksums."""
        return f"models/{chain.model}/seed{self.base_seed(chain)}/model/{SUMS}"

    def frozen_model(self, model: str, seed: int) -> str:
        """Return the base model of the study's chains of a seed."""
        chains = self.studies["collapse", model].chains()
        return self.base_model(next(chain for chain in chains if chain.seed == seed))

    def problems(self, chain: Chain, split: str) -> str:
        """Return a split's problems, with the tests that reward and judge the chain's arm."""
        reward = self.study(chain).arms[chain.method].reward
        folder = "tasks/oracle" if reward == "oracle" else "tasks"
        return f"{folder}/{split}.parquet"

    def start_model(self, chain: Chain, campaign: int) -> str:
        """Return the checkpoint that a campaign starts from: rolled forward, or the base."""
        if campaign == 1:
            return self.base_model(chain)
        return f"{chain.campaign(campaign - 1)}/next/{SUMS}"

    def history(self, chain: Chain, campaign: int) -> list[str]:
        """Return the decision file of the campaign before, if there is one."""
        return [] if campaign == 1 else [f"{chain.campaign(campaign - 1)}/decision.json"]

    def earlier(self, chain: Chain, campaign: int) -> list[str]:
        """Return what rolled out of all campaigns before, for controllers that may go back."""
        kind = self.study(chain).arms[chain.method].controller.kind
        if not CONTROLLERS.literal(kind, "RESTARTS"):
            return []
        return checkpoints_of(chain, campaign - 1, ("next",), SUMS)

    def learning_rates(self, chain: Chain) -> list[str]:
        """Return the pilot's choice where the arm's learning rate is one of its roles."""
        rate = self.study(chain).arms[chain.method].learning_rate
        return [f"pilot/{chain.model}/learning_rates.json"] if isinstance(rate, str) else []

    def checkpoints(self, chain: Chain, names: Sequence[str] = EVALUATED) -> list[str]:
        """Return the checkpoints of a chain, campaign by campaign."""
        return checkpoints_of(chain, self.study(chain).campaigns, names, SUMS)

    def decision(self, chain: Chain) -> str:
        """Return the decision file of a chain's last campaign; it holds those before."""
        return f"{chain.campaign(self.study(chain).campaigns)}/decision.json"

    def chain_end(self, chain: Chain) -> str:
        """Return the checkpoint that rolls out of a chain."""
        return f"{chain.campaign(self.study(chain).campaigns)}/next/{SUMS}"

    def rollouts(self, chain: Chain) -> list[str]:
        """Return the rollouts of a chain, campaign by campaign."""
        campaigns = range(1, self.study(chain).campaigns + 1)
        return [f"{chain.campaign(campaign)}/rollouts.parquet" for campaign in campaigns]

    def audit_rollouts(self) -> list[str]:
        """Return the rollouts among which the grader's audit draws programs."""
        study = self.config.study
        arm = study.reference_arm if study.reference_arm in study.arms else study.arms[0]
        return self.rollouts(Chain("collapse", study.model, arm, study.seeds[0]))

    def pilot_evaluations(self, model: str) -> list[str]:
        """Return the evaluations of all pilot chains of a model."""
        return [
            f"{chain.folder}/evaluation.parquet" for chain in self.studies["pilot", model].chains()
        ]

    def grid(self, grid: str) -> Grid:
        """Return what can be made in a grid."""
        studied = {CROSSOVER, *(study.name for study in self.studies.values())}
        folders = (folder for folder, (_, study) in COLLECTIONS.items() if study in studied)
        return Grid(grid, frozenset(folders))

    def arms(self, grid: str) -> list[str]:
        """Return the arms of a grid, in the order of tables and figures."""
        more = self.config.extended.arms if grid == "extended" else ()
        return [*self.config.study.arms, *more]

    def table_parts(self, collection: str, table: str) -> list[str]:
        """Return the files that make up a collected table.

        Args:
            collection: Folder of collected tables: collapse, extended/collapse, regime, ...
            table: Its name.
        """
        grid, name = COLLECTIONS[collection]
        if name == CROSSOVER:
            return self.crossover.table_parts(table, grid)
        studies = [study for study in self.studies.values() if study.name == name]
        found: list[str] = []
        for study in studies:
            arms = self._collected_arms(table, study, grid)
            if table == "samples":
                found += self._base_samples(study)
            found += parts_of_chains(table, study, arms)
        return found

    def statistic_tables(self, statistic: str, grid: str) -> list[str]:
        """Return the input files of one table of results."""
        return self.paths(STATISTICS.literal(statistic, "TABLES"), grid)

    def claim_tables(self, grid: str) -> list[str]:
        """Return the input files of the claims table."""
        return self.paths(self.grid(grid).claim_tables(), grid)

    def figure_tables(self, figure: str, grid: str) -> list[str]:
        """Return the input files of one figure."""
        return self.paths(FIGURES.literal(figure, "TABLES"), grid)

    def figures(self, grid: str) -> list[str]:
        """Return the names of a grid's figures, in the order of the report."""
        found = self.grid(grid).figures()
        named = [figure for figure in FIRST_FIGURES if figure in found]
        return named + [figure for figure in found if figure not in named]

    def charts(self, grid: str) -> list[str]:
        """Return the figures' files that a grid's report embeds."""
        return [f"{GRIDS[grid]}figures/{figure}.json" for figure in self.figures(grid)]

    def report_tables(self, grid: str) -> list[str]:
        """Return the names of the tables that a grid's report prints."""
        more = ("mutation", "pilot", "evaluation", "steps", "crossover/disjoint")
        return ["claims", *self.grid(grid).statistics(), *more]

    def paths(self, tables: Sequence[str], grid: str) -> list[str]:
        """Return where tables lie."""
        return [table_path(table, grid, self.config.study.model) for table in tables]

    def _collected_arms(self, table: str, study: Study, grid: str) -> list[str]:
        arms = self.arms(grid) if study.name == "collapse" else list(study.arms)
        if table in OF_REFEREED_CHAINS:
            return [arm for arm in arms if arm in self.config.referee.arms]
        return arms

    def _base_samples(self, study: Study) -> list[str]:
        arm = next(iter(study.arms))
        used = {self.base_seed(chain) for chain in study.chains([arm])}
        return [f"models/{study.model}/seed{seed}/samples.parquet" for seed in sorted(used)]
