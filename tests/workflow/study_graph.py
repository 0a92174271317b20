"""Which job of the smoke study reads which, written by hand: no code of the project is asked."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from tests.workflow.project import Job

STATISTICS = {
    "arms": ("chains", "evaluation"),
    "campaigns": ("evaluation", "select"),
    "capability": ("evaluation",),
    "chains": ("evaluation", "steps"),
    "comparisons": ("chains", "campaigns", "evaluation"),
    "flips": ("regrades",),
    "gaps": ("campaigns", "evaluation"),
    "pass_at_k": ("samples",),
}
FIGURES = {
    "campaign_shape": ("steps",),
    "capability": ("capability",),
    "chain_curves": ("steps",),
    "end_of_chain": ("arms", "chains"),
    "entropy_and_diversity": ("steps",),
    "gap_against_null": ("gaps",),
    "learning_rate_pilot": ("pilot",),
    "pass_at_k": ("pass_at_k",),
}
CLAIMS = ("arms", "comparisons", "gaps")
REPORT = ("claims", *STATISTICS, "mutation", "pilot", "evaluation", "steps")

MAKERS = {
    **{table: Job.of("compute_statistic", statistic=table) for table in STATISTICS},
    **{
        table: Job.of("collect_table", table=table)
        for table in ("evaluation", "samples", "select", "steps")
    },
    "claims": Job.of("judge_claims"),
    "mutation": Job.of("make_tasks"),
    "pilot": Job.of("choose_learning_rates"),
    "regrades": Job.of("audit_grader"),
}
"""Which job makes a table."""

TASKS, PILOT, AUDIT = Job.of("make_tasks"), Job.of("choose_learning_rates"), Job.of("audit_grader")
BASE = Job.of("train_base", base_seed=0)
BASE_SAMPLES = Job.of("sample_base_pass_at_k", base_seed=0)


@dataclass(frozen=True)
class Chain:
    """One chain of campaigns: an arm's or the pilot's."""

    study: str
    method: str
    seed: int
    length: int

    @property
    def campaigns(self) -> list[Job]:
        """The chain's campaigns in order."""
        return [self._job("run_campaign", campaign=i + 1) for i in range(self.length)]

    @property
    def evaluation(self) -> Job:
        """What evaluates its checkpoints."""
        return self._job("evaluate_chain")

    @property
    def samples(self) -> Job:
        """What draws many samples of its end."""
        return self._job("sample_pass_at_k")

    def _job(self, rule: str, **more: int) -> Job:
        return Job.of(rule, study=self.study, method=self.method, seed=self.seed, **more)


@dataclass(frozen=True)
class Study:
    """The smoke study, or one that differs from it in its chains."""

    arms: tuple[str, ...] = ("naive", "es")
    seeds: tuple[int, ...] = (0, 1)
    campaigns: int = 2

    @property
    def chains(self) -> list[Chain]:
        """The chains of the arms."""
        return [
            Chain("collapse", arm, seed, self.campaigns) for arm in self.arms for seed in self.seeds
        ]

    def reads(self) -> dict[Job, set[Job]]:
        """Return which jobs each job reads from."""
        pilot = Chain("pilot", "lr0.001", 1000, 1)
        audited = Chain("collapse", "naive", self.seeds[0], self.campaigns)
        reads: dict[Job, set[Job]] = {TASKS: set(), BASE: {TASKS}, BASE_SAMPLES: {TASKS, BASE}}
        reads.update(_chain_reads(pilot))
        reads[PILOT] = {pilot.evaluation}
        for chain in self.chains:
            reads.update(_chain_reads(chain))
            reads[chain.samples] = {TASKS, chain.campaigns[-1]}
            for campaign in chain.campaigns:
                reads[campaign] |= {PILOT}
        reads[AUDIT] = {TASKS, *audited.campaigns}
        reads.update(self._table_reads())
        return reads

    def _table_reads(self) -> Iterator[tuple[Job, set[Job]]]:
        campaigns = {campaign for chain in self.chains for campaign in chain.campaigns}
        evaluations = {chain.evaluation for chain in self.chains}
        samples = {BASE_SAMPLES, *(chain.samples for chain in self.chains)}
        parts = (campaigns, campaigns, evaluations, samples)
        for table, read in zip(("steps", "select", "evaluation", "samples"), parts, strict=True):
            yield MAKERS[table], read
        for statistic, tables in STATISTICS.items():
            yield MAKERS[statistic], _makers(tables)
        for figure, tables in FIGURES.items():
            yield Job.of("draw_figure", figure=figure), _makers(tables)
        yield MAKERS["claims"], _makers(CLAIMS)
        drawn = {Job.of("draw_figure", figure=figure) for figure in FIGURES}
        yield Job.of("build_report"), {PILOT, *drawn, *_makers(REPORT)}
        yield Job.of("all"), {Job.of("build_report")}


def downstream(jobs: Iterable[Job], reads: dict[Job, set[Job]]) -> set[Job]:
    """Return the jobs, and all that read from them directly or through others."""
    found = set(jobs)
    while True:
        more = {job for job, read in reads.items() if read & found} - found
        if not more:
            return found
        found |= more


def _chain_reads(chain: Chain) -> Iterator[tuple[Job, set[Job]]]:
    before: set[Job] = set()
    for campaign in chain.campaigns:
        yield campaign, {TASKS, BASE, *before}
        before = {campaign}
    yield chain.evaluation, {TASKS, *chain.campaigns}


def _makers(tables: Iterable[str]) -> set[Job]:
    return {MAKERS[table] for table in tables}
