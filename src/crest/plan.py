"""The study as a graph: for every rule its spec, and for gathering rules their inputs.

The workflow's rules call nothing else of the package, so what a job depends on is decided here
and can be tested without Snakemake.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from crest.config import ArmConfig, Config
from crest.registry import Registry
from crest.spec import make_spec

FIGURES = Registry("crest.figures")
STATISTICS = Registry("crest.statistics.tables")
CLAIMS = Registry("crest.statistics.claims")

JOBS_OF_ONE_CELL = (
    *("make_tasks", "audit_grader", "choose_learning_rates", "judge_claims"),
    "build_report",
)
COLLECTED = ("steps", "select", "evaluation", "samples")
"""Tables that exist for every chain or campaign and are put together over all of them."""

FIRST_FIGURES = (
    "chain_curves",
    "end_of_chain",
    "gap_against_null",
    "campaign_shape",
    "entropy_and_diversity",
    "pass_at_k",
    "capability",
    "learning_rate_pilot",
)
"""Order of the figures in the report; figures not named here follow."""


class Plan:
    """Specs and inputs of every rule for one configuration."""

    def __init__(self, config: Config) -> None:
        self.config = config
        self.results = config.results

    # Which chains there are.

    def base_seed(self, study: str, seed: int) -> int:
        """Return the base model's seed for a chain: bases are dealt out cyclically."""
        seeds = self._study_seeds(study)
        bases = self.config.model.base_seeds
        return bases[seeds.index(seed) % len(bases)] if seed in seeds else bases[0]

    def campaigns(self, study: str) -> int:
        """Return the length of a study's chains."""
        return self.config.pilot.campaigns if study == "pilot" else self.config.study.campaigns

    def uses_pilot(self, study: str, method: str) -> bool:
        """Return whether an arm's learning rate is chosen by the pilot."""
        return study != "pilot" and isinstance(self._arm(study, method).learning_rate, str)

    def evaluation_split(self, study: str) -> str:
        """Return the split of a study's fresh evaluation.

        The pilot chooses learning rates, so it must not see the split that reports results.
        """
        return "select" if study == "pilot" else "report"

    def pilot_methods(self) -> dict[str, float]:
        """Return the learning rate of each pilot method, by its name in paths and tables."""
        return {f"lr{rate:g}": rate for rate in self.config.pilot.learning_rates}

    # Specs of the rules that train or sample.

    def make_tasks(self) -> str:
        """Return the spec of the problems."""
        return self._spec("make_tasks", {"tasks": self.config.tasks})

    def train_base(self, base_seed: int) -> str:
        """Return the spec of one base model."""
        model = self.config.model
        config = {
            "shape": model.shape,
            "corpus": model.corpus,
            "pretraining": model.pretraining,
            "threads": self.config.runtime.threads,
        }
        return self._spec("train_base", config, seed=base_seed)

    def run_campaign(self, study: str, method: str, seed: int, campaign: int) -> str:
        """Return the spec of one campaign."""
        config = self.config
        arm = self._arm(study, method)
        settings = {
            "study": study,
            "model": config.model.name,
            "method": method,
            "seed": seed,
            "campaign": campaign,
            "max_steps": config.study.max_steps,
            "objective": arm.objective,
            "controller": arm.controller,
            "sampling": config.sampling,
            "training": config.training,
            "monitor": config.monitor,
        }
        return self._spec(
            "run_campaign",
            {**self._execution(), "learning_rate": arm.learning_rate, "settings": settings},
            choices={
                "crest.learning.objectives": [arm.objective.kind],
                "crest.control": [arm.controller.kind],
            },
        )

    def evaluate_chain(self, study: str, method: str, seed: int) -> str:
        """Return the spec of a chain's evaluation."""
        return self._sampling_spec(
            "evaluate_chain",
            self.config.evaluation,
            split=self.evaluation_split(study),
            study=study,
            method=method,
            seed=seed,
        )

    def sample_pass_at_k(self, study: str, method: str, seed: int) -> str:
        """Return the spec of the many samples behind pass@k."""
        budget = self.config.pass_at_k
        return self._sampling_spec(
            "sample_pass_at_k",
            budget.model_dump(exclude={"ks"}),
            split="report",
            study=study,
            method=method,
            seed=seed,
        )

    def audit_rollouts(self) -> list[str]:
        """Return the rollouts among which the grader's audit draws programs."""
        study = self.config.study
        arm = study.reference_arm if study.reference_arm in study.arms else study.arms[0]
        chain = f"{self.results}/collapse/{arm}/seed{study.seeds[0]}"
        return [
            f"{chain}/campaign{campaign}/rollouts.parquet"
            for campaign in range(1, study.campaigns + 1)
        ]

    def audit_grader(self) -> str:
        """Return the spec of the grader's audit."""
        config = {"grading": self.config.grading, "audit": self.config.audit}
        return self._spec("audit_grader", config)

    # Specs and inputs of the rules that read tables.

    def pilot_evaluations(self) -> list[str]:
        """Return the evaluation files of all pilot chains."""
        return [
            f"{self.results}/pilot/{method}/seed{seed}/evaluation.parquet"
            for method in self.pilot_methods()
            for seed in self.config.pilot.seeds
        ]

    def choose_learning_rates(self) -> str:
        """Return the spec of the pilot's rule."""
        config = {"pilot": self.config.pilot, "learning_rates": self.pilot_methods()}
        return self._spec("choose_learning_rates", config)

    def collect_table(self, table: str) -> str:
        """Return the spec of one table over all arms and seeds."""
        return self._spec("collect_table", {}, table=table)

    def table_parts(self, table: str) -> list[str]:
        """Return the files that make up a collected table."""
        study = self.config.study
        chains = [
            f"{self.results}/collapse/{arm}/seed{seed}"
            for arm in study.arms
            for seed in study.seeds
        ]
        if table == "evaluation":
            return [f"{chain}/evaluation.parquet" for chain in chains]
        if table == "samples":
            bases = f"{self.results}/models/{self.config.model.name}"
            used = sorted({self.base_seed("collapse", seed) for seed in study.seeds})
            return [f"{bases}/seed{seed}/samples.parquet" for seed in used] + [
                f"{chain}/samples.parquet" for chain in chains
            ]
        return [
            f"{chain}/campaign{campaign}/{table}.parquet"
            for chain in chains
            for campaign in range(1, study.campaigns + 1)
        ]

    def compute_statistic(self, statistic: str) -> str:
        """Return the spec of one statistics table."""
        settings = {
            **self.config.statistics.model_dump(),
            "reference_arm": self.config.study.reference_arm,
            "ks": self.config.pass_at_k.ks,
        }
        config = {name: settings[name] for name in STATISTICS.literal(statistic, "SETTINGS")}
        return self._spec(
            "compute_statistic",
            config,
            choices={STATISTICS.package: [statistic]},
            tables=STATISTICS.literal(statistic, "TABLES"),
        )

    def statistic_tables(self, statistic: str) -> list[str]:
        """Return the input files of one statistics table."""
        return self._paths(STATISTICS.literal(statistic, "TABLES"))

    def judge_claims(self) -> str:
        """Return the spec of the claims table."""
        return self._spec(
            "judge_claims",
            {},
            choices={CLAIMS.package: CLAIMS.names()},
            tables=self._claim_table_names(),
        )

    def claim_tables(self) -> list[str]:
        """Return the input files of the claims table."""
        return self._paths(self._claim_table_names())

    def draw_figure(self, figure: str) -> str:
        """Return the spec of one figure."""
        return self._spec(
            "draw_figure",
            {"arms": self._labels()},
            choices={FIGURES.package: [figure]},
            tables=FIGURES.literal(figure, "TABLES"),
        )

    def figure_tables(self, figure: str) -> list[str]:
        """Return the input files of one figure."""
        return self._paths(FIGURES.literal(figure, "TABLES"))

    def report_figures(self) -> list[str]:
        """Return the chart files that the report embeds."""
        return [f"{self.results}/figures/{figure}.json" for figure in self._figures()]

    def report_tables(self) -> list[str]:
        """Return the tables that the report prints."""
        return self._paths(self._report_table_names())

    def build_report(self) -> str:
        """Return the spec of the report."""
        study = self.config.study
        arms = {name: self.config.arms[name] for name in study.arms}
        thresholds = {"collapse_gap": self.config.statistics.collapse_gap}
        return self._spec(
            "build_report",
            {"study": study, "arms": arms, "statistics": thresholds},
            choices={FIGURES.package: self._figures()},
            figures=self._figures(),
            tables=self._report_table_names(),
        )

    # What today's study makes of an earlier spec.

    def present(self, spec: Mapping[str, Any]) -> str | None:
        """Return the spec that today's config and code give to the cell of an earlier spec.

        Returns:
            None if the study has no such cell any more.
        """
        job = spec["job"]
        if job in JOBS_OF_ONE_CELL:
            return str(getattr(self, job)())
        present = {
            "train_base": self._present_base,
            "run_campaign": self._present_campaign,
            "evaluate_chain": self._present_chain,
            "sample_pass_at_k": self._present_chain,
            "collect_table": self._present_table,
            "compute_statistic": self._present_statistic,
            "draw_figure": self._present_figure,
        }
        return present[job](spec) if job in present else None

    def _present_base(self, spec: Mapping[str, Any]) -> str | None:
        used = {self.base_seed(study, seed) for study, seed in self._chain_seeds()}
        return self.train_base(spec["seed"]) if spec["seed"] in used else None

    def _present_campaign(self, spec: Mapping[str, Any]) -> str | None:
        cell = spec["config"]["settings"]
        chain = cell["study"], cell["method"], cell["seed"]
        if not self._has_chain(*chain) or cell["campaign"] > self.campaigns(cell["study"]):
            return None
        return self.run_campaign(*chain, cell["campaign"])

    def _present_chain(self, spec: Mapping[str, Any]) -> str | None:
        chain = tuple(spec["keys"][name] for name in ("study", "method", "seed"))
        bases = {self.base_seed("collapse", seed) for seed in self.config.study.seeds}
        is_base = chain[0] == "base" and chain[2] in bases
        known = is_base or self._has_chain(*chain)
        return str(getattr(self, spec["job"])(*chain)) if known else None

    def _present_table(self, spec: Mapping[str, Any]) -> str | None:
        return self.collect_table(spec["table"]) if spec["table"] in COLLECTED else None

    def _present_statistic(self, spec: Mapping[str, Any]) -> str | None:
        (name,) = spec["choices"][STATISTICS.package]
        return self.compute_statistic(name) if name in STATISTICS.names() else None

    def _present_figure(self, spec: Mapping[str, Any]) -> str | None:
        (name,) = spec["choices"][FIGURES.package]
        return self.draw_figure(name) if name in FIGURES.names() else None

    def _has_chain(self, study: str, method: str, seed: int) -> bool:
        methods = self.pilot_methods() if study == "pilot" else self.config.study.arms
        return method in methods and (study, seed) in self._chain_seeds()

    def _chain_seeds(self) -> list[tuple[str, int]]:
        studies = ("collapse", "pilot")
        return [(study, seed) for study in studies for seed in self._study_seeds(study)]

    # Parts.

    def _figures(self) -> list[str]:
        named = [figure for figure in FIRST_FIGURES if figure in FIGURES.names()]
        return named + [figure for figure in FIGURES.names() if figure not in named]

    def _study_seeds(self, study: str) -> tuple[int, ...]:
        return self.config.pilot.seeds if study == "pilot" else self.config.study.seeds

    def _arm(self, study: str, method: str) -> ArmConfig:
        if study != "pilot":
            return self.config.arms[method]
        arm = self.config.arms[self.config.pilot.arm]
        return arm.model_copy(update={"learning_rate": self.pilot_methods()[method]})

    def _execution(self) -> dict[str, Any]:
        return {"grading": self.config.grading, "threads": self.config.runtime.threads}

    def _sampling_spec(self, job: str, budget: Any, *, split: str, **chain: Any) -> str:
        config = {**self._execution(), "sampling": self.config.sampling, "budget": budget}
        keys = {"study": chain["study"], "model": self.config.model.name, **chain}
        return self._spec(job, config, keys=keys, split=split)

    def _labels(self) -> list[list[str]]:
        """Return the arms' names and labels in the study's order, which figures keep."""
        return [[name, self.config.arms[name].label] for name in self.config.study.arms]

    def _claim_table_names(self) -> list[str]:
        return sorted({table for key in CLAIMS.names() for table in CLAIMS.literal(key, "TABLES")})

    def _report_table_names(self) -> list[str]:
        return ["claims", *STATISTICS.names(), "mutation", "pilot", "evaluation", "steps"]

    def _paths(self, tables: Iterable[str]) -> list[str]:
        return [f"{self.results}/{_table_path(table)}" for table in tables]

    def _spec(
        self,
        job: str,
        config: Mapping[str, Any],
        choices: Mapping[str, Sequence[str]] | None = None,
        **fields: Any,
    ) -> str:
        return make_spec(
            job,
            config=_plain(config),
            choices=choices or {},
            **_plain(fields),
        )


def _table_path(table: str) -> str:
    named = {
        "claims": "claims.parquet",
        "mutation": "tasks/mutation.parquet",
        "pilot": "pilot/learning_rates.parquet",
        "regrades": "grader/regrades.parquet",
    }
    if table in named:
        return named[table]
    folder = "collapse" if table in COLLECTED else "statistics"
    return f"{folder}/{table}.parquet"


def _plain(value: Any) -> Any:
    """Return the value with models as dictionaries and tuples as lists."""
    if hasattr(value, "model_dump"):
        return value.model_dump(mode="json")
    if isinstance(value, Mapping):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    return value
