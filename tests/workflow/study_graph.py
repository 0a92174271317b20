"""Which job of the smoke study reads which, written by hand: no code of the project is asked."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain as together

from tests.workflow import crossover_graph as crossover
from tests.workflow.project import Job

STATISTICS = {
    **crossover.STATISTICS,
    "arms": ("chains", "evaluation"),
    "beliefs": ("decisions",),
    "campaigns": ("evaluation", "select"),
    "capability": ("evaluation",),
    "chains": ("evaluation", "steps"),
    "comparisons": ("chains", "campaigns", "evaluation"),
    "evaluation_noise": ("repeats",),
    "flips": ("regrades",),
    "forgetting": ("pools",),
    "gaps": ("campaigns", "evaluation"),
    "gate_errors": ("simulations",),
    "pass_at_k": ("samples",),
    "pool_stationarity": ("stationarity",),
    "power": ("comparisons",),
}
FURTHER_STATISTICS = {
    "architectures": ("architectures/evaluation", "architectures/select"),
    "diagnostic": ("diagnostic/steps",),
    "labels_agreement": ("labels",),
    "regime": ("regime/evaluation", "regime/steps"),
    "regime_boundaries": ("regime_causes",),
    "regime_causes": ("regime",),
}
"""Statistics of the extended grid alone."""

FIGURES = {
    **crossover.FIGURES,
    "campaign_shape": ("steps",),
    "capability": ("capability",),
    "care_beliefs": ("beliefs",),
    "chain_curves": ("steps",),
    "end_of_chain": ("arms", "chains"),
    "entropy_and_diversity": ("steps",),
    "forgetting": ("forgetting",),
    "gap_against_null": ("gaps",),
    "gate_errors": ("gate_errors",),
    "learning_rate_pilot": ("pilot",),
    "pass_at_k": ("pass_at_k",),
    "repeated_evaluations": ("repeats",),
}
FURTHER_FIGURES = {
    "diagnostic_run": ("diagnostic/steps",),
    "regime_map": ("regime_causes",),
}
CLAIMS = ("arms", "comparisons", "forgetting", "gaps", *crossover.CLAIMS)
FURTHER_CLAIMS = ("architectures", "labels_agreement")
REPORTED = ("claims", "mutation", "pilot", "evaluation", "steps", *crossover.REPORTED)

COLLECTED = (
    *("steps", "select", "evaluation", "samples", "decisions"),
    *("repeats", "pools", "stationarity"),
)
FURTHER_COLLECTED = ("labels",)

TASKS, ORACLE, AUDIT = Job.of("make_tasks"), Job.of("make_oracle"), Job.of("audit_grader")
SIMULATIONS = Job.of("simulate_gate")
ORGANISM, GEMMA = "organism", "organism_gemma3"
BASE_SAMPLES = Job.of("sample_base_pass_at_k", model=ORGANISM, base_seed=0)
ALONE = {"mutation": TASKS, "regrades": AUDIT, "simulations": SIMULATIONS}
"""Tables that one job makes for all grids."""


def base(model: str) -> Job:
    """Return the job that makes the one base of a model."""
    return Job.of("train_base", model=model, base_seed=0)


def pilot(model: str) -> Job:
    """Return the job that chooses the learning rates of a model."""
    return Job.of("choose_learning_rates", model=model)


@dataclass(frozen=True)
class Chain:
    """One chain of campaigns: an arm's or the pilot's."""

    study: str
    model: str
    method: str
    seed: int
    length: int

    @property
    def campaigns(self) -> list[Job]:
        """The chain's campaigns in order."""
        return [self.job("run_campaign", campaign=i + 1) for i in range(self.length)]

    @property
    def evaluation(self) -> Job:
        """What evaluates its checkpoints."""
        return self.job("evaluate_chain")

    @property
    def tasks(self) -> Job:
        """What makes the problems with the tests that reward it."""
        return ORACLE if self.method == "oracle" else TASKS

    def job(self, rule: str, **more: int) -> Job:
        """Return a job of the chain."""
        return Job.of(
            rule, study=self.study, model=self.model, method=self.method, seed=self.seed, **more
        )

    def reads(self, *, piloted: bool) -> Iterator[tuple[Job, set[Job]]]:
        """Yield its campaigns, each with what it reads."""
        before: set[Job] = {pilot(self.model)} if piloted else set()
        for campaign in self.campaigns:
            yield campaign, {self.tasks, base(self.model), *before}
            before = {campaign, *(before - set(self.campaigns))}


@dataclass(frozen=True)
class Grid:
    """Tables, figures and the report of one grid.

    Attributes:
        folder: Value of the wildcard in the paths of its files.
        chains: Of its arms.
        further: Chains of studies of their own, by the study.
    """

    folder: str
    chains: tuple[Chain, ...]
    further: dict[str, tuple[Chain, ...]]

    @property
    def statistics(self) -> dict[str, tuple[str, ...]]:
        """Its tables of results, with what they read."""
        return STATISTICS | self._of_further(FURTHER_STATISTICS)

    @property
    def figures(self) -> dict[str, tuple[str, ...]]:
        """Its figures, with what they read."""
        return FIGURES | self._of_further(FURTHER_FIGURES)

    def maker(self, table: str) -> Job:
        """Return the job that makes a table."""
        study, _, name = table.rpartition("/")
        if study or table in (*COLLECTED, *FURTHER_COLLECTED):
            return self._collector(study, name)
        if table in ALONE:
            return ALONE[table]
        if table == "pilot":
            return pilot(ORGANISM)
        if table == "claims":
            return Job.of("judge_claims", grid=self.folder)
        return Job.of("compute_statistic", grid=self.folder, statistic=table)

    def _collector(self, study: str, name: str) -> Job:
        """Return the job that puts a table of a study together: by default of collapse."""
        of_grid = study in {"", "crossover"}
        collection = f"{self.folder}{study or 'collapse'}" if of_grid else study
        if name == "decisions":
            return Job.of("collect_decisions", collection=collection)
        return Job.of("collect_table", collection=collection, table=name)

    def makers(self, tables: Iterable[str]) -> set[Job]:
        """Return the jobs that make some tables."""
        return set(map(self.maker, tables))

    @property
    def report(self) -> Job:
        """What builds its report."""
        return Job.of("build_report", grid=self.folder)

    def reads(self) -> Iterator[tuple[Job, set[Job]]]:
        """Yield all that is made of its chains' tables, each with what it reads."""
        for table in COLLECTED:
            yield self.maker(table), _parts(table, self.chains)
        yield from crossover.reads(self.folder)
        for table in crossover.COLLECTED:
            yield self.maker(f"crossover/{table}"), crossover.parts(table, self.folder)
        if self.further:
            yield self.maker("labels"), _parts("labels", self.chains)
        for statistic, tables in self.statistics.items():
            yield self.maker(statistic), self.makers(tables)
            for table in tables:
                study, _, name = table.rpartition("/")
                if study in self.further:
                    yield self.maker(table), _parts(name, self.further[study])
        for figure, tables in self.figures.items():
            yield self._figure(figure), self.makers(tables)
        further = set(FURTHER_CLAIMS) & set(self.statistics)
        yield self.maker("claims"), self.makers((*CLAIMS, *further))
        drawn = map(self._figure, self.figures)
        yield self.report, {pilot(ORGANISM), *drawn, *self.makers((*REPORTED, *self.statistics))}

    def _of_further(self, entries: dict[str, tuple[str, ...]]) -> dict[str, tuple[str, ...]]:
        """Return what reads tables of further studies, of those that there are."""
        return {
            name: tables
            for name, tables in entries.items()
            if self.further
            and {table.rpartition("/")[0] for table in tables} <= {"", *self.further}
        }

    def _figure(self, name: str) -> Job:
        return Job.of("draw_figure", grid=self.folder, figure=name)


@dataclass(frozen=True)
class Study:
    """The smoke study, or one that differs from it in its chains."""

    arms: tuple[str, ...] = ("naive", "es")
    seeds: tuple[int, ...] = (0, 1)
    campaigns: int = 2
    further_arms: tuple[str, ...] = ("oracle",)
    has_further_models: bool = True

    def chains(self, *arms: str) -> tuple[Chain, ...]:
        """Return the chains of some arms."""
        return tuple(
            Chain("collapse", ORGANISM, arm, seed, self.campaigns)
            for arm in arms
            for seed in self.seeds
        )

    def reads(self) -> dict[Job, set[Job]]:
        """Return which jobs each job reads from, down to the report."""
        grid = Grid("", self.chains(*self.arms), {})
        return dict(
            together(
                self._shared(),
                _model(ORGANISM),
                self._of_chains(grid.chains),
                grid.reads(),
                [(Job.of("all"), {grid.report})],
            )
        )

    def reads_extended(self) -> dict[Job, set[Job]]:
        """Return which jobs each job reads from, down to the report of the extended grid."""
        regime = Chain("regime", ORGANISM, "reinforce_none-p4-lr0.001", 2000, 1)
        diagnostic = Chain("diagnostic", ORGANISM, "naive", 3000, 1)
        further = {"regime": (regime,), "diagnostic": (diagnostic,)}
        models: tuple[Chain, ...] = ()
        if self.has_further_models:
            models = tuple(Chain("architectures", GEMMA, "naive", seed, 1) for seed in self.seeds)
            further["architectures"] = models
        grid = Grid("extended/", self.chains(*self.arms, *self.further_arms), further)
        return dict(
            together(
                self._shared(),
                [(ORACLE, {TASKS})],
                _model(ORGANISM),
                _model(GEMMA) if models else (),
                self._of_chains(grid.chains),
                *(_labels(chain) for chain in grid.chains),
                *(chain.reads(piloted=True) for chain in (diagnostic, *models)),
                regime.reads(piloted=False),
                *map(_evaluation, (regime, *models)),
                grid.reads(),
                [(Job.of("extended"), {grid.report})],
            )
        )

    def _shared(self) -> Iterator[tuple[Job, set[Job]]]:
        """Yield what both grids have once, or once a seed."""
        audited = Chain("collapse", ORGANISM, "naive", self.seeds[0], self.campaigns)
        yield TASKS, set()
        yield SIMULATIONS, set()
        yield BASE_SAMPLES, {TASKS, base(ORGANISM)}
        yield AUDIT, {TASKS, *audited.campaigns}
        for seed in self.seeds:
            yield _stationarity(seed), {TASKS, base(ORGANISM)}

    def _of_chains(self, chains: Iterable[Chain]) -> Iterator[tuple[Job, set[Job]]]:
        for chain in chains:
            yield from chain.reads(piloted=True)
            yield from _evaluation(chain)
            yield chain.job("sample_pass_at_k"), {chain.tasks, chain.campaigns[-1]}
            if chain.method == "naive":
                yield chain.job("repeat_evaluations"), {chain.tasks, *chain.campaigns}
                yield chain.job("evaluate_pools"), {chain.tasks, *chain.campaigns}


def downstream(jobs: Iterable[Job], reads: dict[Job, set[Job]]) -> set[Job]:
    """Return the jobs, and all that read from them directly or through others."""
    found = set(jobs)
    while True:
        more = {job for job, read in reads.items() if read & found} - found
        if not more:
            return found
        found |= more


def _model(name: str) -> Iterator[tuple[Job, set[Job]]]:
    """Yield what makes a model, and its pilot."""
    piloted = Chain("pilot", name, "lr0.001", 1000, 1)
    yield base(name), {TASKS}
    yield from piloted.reads(piloted=False)
    yield from _evaluation(piloted)
    yield pilot(name), {piloted.evaluation}


def _evaluation(chain: Chain) -> Iterator[tuple[Job, set[Job]]]:
    yield chain.evaluation, {chain.tasks, *chain.campaigns}


def _labels(chain: Chain) -> Iterator[tuple[Job, set[Job]]]:
    yield chain.job("compare_labels"), {TASKS, ORACLE, *chain.campaigns}


def _stationarity(seed: int) -> Job:
    return Job.of("measure_stationarity", model=ORGANISM, seed=seed)


def _parts(table: str, chains: Iterable[Chain]) -> set[Job]:
    """Return the jobs that make the parts of a collected table."""
    listed = list(chains)
    refereed = [chain for chain in listed if chain.method == "naive"]
    campaigns = {campaign for chain in listed for campaign in chain.campaigns}
    return {
        "steps": campaigns,
        "select": campaigns,
        "decisions": {chain.campaigns[-1] for chain in listed},
        "evaluation": {chain.evaluation for chain in listed},
        "samples": {BASE_SAMPLES, *(chain.job("sample_pass_at_k") for chain in listed)},
        "labels": {chain.job("compare_labels") for chain in listed},
        "repeats": {chain.job("repeat_evaluations") for chain in refereed},
        "pools": {chain.job("evaluate_pools") for chain in refereed},
        "stationarity": {_stationarity(chain.seed) for chain in listed},
    }[table]
