"""The spec of every rule's jobs: all that decides their output and is no input file."""

from collections.abc import Mapping, Sequence
from typing import Any

from crest.config import ARCHITECTURES, CONTROLLERS, OBJECTIVES, PENALTIES, Config, TrainingConfig
from crest.plan.crossover_specs import CrossoverPlan
from crest.plan.files import Files
from crest.plan.plain import plain_spec
from crest.plan.studies import Chain, pilot_methods
from crest.plan.tables import CLAIMS, FIGURES, STATISTICS

BASE = "base"
"""The study and the method of many samples of a base model."""

FROZEN = "frozen"
"""The method of what is measured of a base model along the pools of a chain."""


class Plan:
    """Specs of every rule for one configuration, and the files that its jobs read.

    Attributes:
        config: The configuration.
        results: Folder of all products.
        files: Inputs, from the results on.
        crossover: Specs of the crossover study.
    """

    def __init__(self, config: Config) -> None:
        self.config = config
        self.results = config.results
        self.files = Files(config)
        self.crossover = CrossoverPlan(config, self.files.crossover)

    # Jobs that make problems and models.

    def make_tasks(self) -> str:
        """Return the spec of the problems."""
        return self._spec("make_tasks", {"tasks": self.config.tasks})

    def make_oracle(self) -> str:
        """Return the spec of the problems under tests of their whole input domain."""
        config = {"tasks": self.config.tasks, "oracle": self.config.oracle}
        return self._spec("make_oracle", config)

    def train_base(self, model: str, base_seed: int) -> str:
        """Return the spec of one base model."""
        made = self.config.models[model]
        config = {
            "shape": made.shape,
            "corpus": made.corpus,
            "pretraining": made.pretraining,
            "threads": self.config.runtime.threads,
        }
        choices = self._architecture(model)
        return self._spec("train_base", config, choices, model=model, seed=base_seed)

    # Jobs that train or sample.

    def run_campaign(self, chain: Chain, campaign: int) -> str:
        """Return the spec of one campaign."""
        config, study = self.config, self.files.study(chain)
        arm = study.arms[chain.method]
        settings = {
            **_keys(chain),
            "campaign": campaign,
            "max_steps": study.max_steps,
            "objective": arm.objective,
            "penalty": arm.penalty,
            "controller": arm.controller,
            "sampling": config.sampling,
            "training": self._training(arm.prompts_per_step),
            "monitor": config.monitor,
        }
        return self._spec(
            "run_campaign",
            {
                **self._execution(),
                "learning_rate": arm.learning_rate,
                "reward": arm.reward,
                "settings": settings,
            },
            {
                **self._architecture(chain.model),
                OBJECTIVES.package: [arm.objective.kind],
                PENALTIES.package: [arm.penalty.kind],
                CONTROLLERS.package: [arm.controller.kind],
            },
        )

    def evaluate_chain(self, chain: Chain) -> str:
        """Return the spec of a chain's evaluation."""
        split = self.files.study(chain).split
        return self._sampling("evaluate_chain", chain, self.config.evaluation, split=split)

    def sample_pass_at_k(self, chain: Chain) -> str:
        """Return the spec of the many samples of a chain's end, or of a base model's."""
        budget = self.config.pass_at_k.model_dump(exclude={"ks"})
        return self._sampling("sample_pass_at_k", chain, budget, split="report")

    def sample_base_pass_at_k(self, model: str, base_seed: int) -> str:
        """Return the spec of the many samples of a base model."""
        return self.sample_pass_at_k(Chain(BASE, model, BASE, base_seed))

    def audit_grader(self) -> str:
        """Return the spec of the grader's audit."""
        config = {"grading": self.config.grading, "audit": self.config.audit}
        return self._spec("audit_grader", config)

    # Jobs that answer doubts about chains.

    def repeat_evaluations(self, chain: Chain) -> str:
        """Return the spec of a chain's repeated evaluation."""
        referee = self.config.referee
        budget = {
            "num_problems": referee.repeat_problems,
            "num_generations": referee.repeat_generations,
            "repeats": referee.repeats,
        }
        return self._sampling("repeat_evaluations", chain, budget, split="report")

    def evaluate_pools(self, chain: Chain) -> str:
        """Return the spec of a chain's evaluation on the pools that it trained on."""
        referee = self.config.referee
        budget = {
            "num_problems": referee.pool_problems,
            "num_generations": referee.num_generations,
        }
        return self._sampling("evaluate_pools", chain, budget, split="train", **self._pools())

    def measure_stationarity(self, model: str, seed: int) -> str:
        """Return the spec of a frozen policy's rewards on the pools of a chain seed."""
        chain = Chain("collapse", model, FROZEN, seed)
        budget = {"num_generations": self.config.referee.num_generations}
        more = {**self._pools(), "campaigns": self.config.study.campaigns}
        return self._sampling("measure_stationarity", chain, budget, split="train", **more)

    def compare_labels(self, chain: Chain) -> str:
        """Return the spec of the comparison of a chain's rewards with exact labels."""
        return self._spec("compare_labels", {"grading": self.config.grading}, keys=_keys(chain))

    def simulate_gate(self) -> str:
        """Return the spec of simulated chains with known truth."""
        config = {
            "seed": self.config.statistics.seed,
            "num_chains": self.config.referee.simulated_chains,
            "monitor": self.config.monitor,
            "campaigns": self.config.study.campaigns,
            "max_steps": self.config.study.max_steps,
        }
        return self._spec("simulate_gate", config)

    # Jobs that read tables.

    def choose_learning_rates(self, model: str) -> str:
        """Return the spec of the pilot's rule."""
        config = {"pilot": self.config.pilot, "learning_rates": pilot_methods(self.config)}
        return self._spec("choose_learning_rates", config, model=model)

    def collect_table(self, collection: str, table: str) -> str:
        """Return the spec of one table over all arms and seeds."""
        job = "collect_decisions" if table == "decisions" else "collect_table"
        return self._spec(job, {}, collection=collection, table=table)

    def compute_statistic(self, statistic: str, grid: str) -> str:
        """Return the spec of one table of results."""
        settings = {
            **self.config.statistics.model_dump(),
            "reference_arm": self.config.study.reference_arm,
            "ks": self.config.pass_at_k.ks,
            "crossover_ks": self.config.crossover.pass_at_k.ks,
            "recipe": self.config.crossover.recipe,
            "pick_budget": self.config.crossover.selection.budgets[0],
        }
        config = {name: settings[name] for name in STATISTICS.literal(statistic, "SETTINGS")}
        return self._spec(
            "compute_statistic",
            config,
            {STATISTICS.package: [statistic]},
            grid=grid,
            tables=STATISTICS.literal(statistic, "TABLES"),
        )

    def judge_claims(self, grid: str) -> str:
        """Return the spec of the claims table."""
        choices = {CLAIMS.package: CLAIMS.names()}
        tables = self.files.grid(grid).claim_tables()
        return self._spec("judge_claims", {}, choices, grid=grid, tables=tables)

    def draw_figure(self, figure: str, grid: str) -> str:
        """Return the spec of one figure."""
        arms, recipes = self.config.arms, self.config.crossover.recipes
        labels = [
            *([name, arms[name].label] for name in self.files.arms(grid)),
            *([name, recipes[name].label] for name in self.files.crossover.recipes(grid)),
        ]
        return self._spec(
            "draw_figure",
            {"arms": labels},
            {FIGURES.package: [figure]},
            grid=grid,
            tables=FIGURES.literal(figure, "TABLES"),
        )

    def build_report(self, grid: str) -> str:
        """Return the spec of a grid's report."""
        names, figures = self.files.arms(grid), self.files.figures(grid)
        study = self.config.study.model_copy(update={"arms": tuple(names)})
        arms = {name: self.config.arms[name] for name in names}
        thresholds = {"collapse_gap": self.config.statistics.collapse_gap}
        return self._spec(
            "build_report",
            {"study": study, "arms": arms, "statistics": thresholds},
            {FIGURES.package: figures},
            grid=grid,
            figures=figures,
            tables=self.files.report_tables(grid),
        )

    # Parts.

    def _training(self, prompts_per_step: int | None) -> TrainingConfig:
        training = self.config.training
        if prompts_per_step is None:
            return training
        return training.model_copy(update={"prompts_per_step": prompts_per_step})

    def _execution(self) -> dict[str, Any]:
        return {"grading": self.config.grading, "threads": self.config.runtime.threads}

    def _pools(self) -> dict[str, Any]:
        return {"problems_per_campaign": self.config.training.problems_per_campaign}

    def _architecture(self, model: str) -> dict[str, list[str]]:
        return {ARCHITECTURES.package: [self.config.models[model].shape.kind]}

    def _sampling(self, job: str, chain: Chain, budget: Any, *, split: str, **more: Any) -> str:
        config = {
            **self._execution(),
            "sampling": self.config.sampling,
            "budget": budget,
            **more,
        }
        choices = self._architecture(chain.model)
        return self._spec(job, config, choices, keys=_keys(chain), split=split)

    def _spec(
        self,
        job: str,
        config: Mapping[str, Any],
        choices: Mapping[str, Sequence[str]] | None = None,
        **fields: Any,
    ) -> str:
        return plain_spec(job, config, choices, **fields)


def _keys(chain: Chain) -> dict[str, str | int]:
    return {
        "study": chain.study,
        "model": chain.model,
        "method": chain.method,
        "seed": chain.seed,
    }
