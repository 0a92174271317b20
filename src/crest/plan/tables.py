"""Which tables there are, where they lie, and what they are put together from.

A table belongs to the default grid, to the extended one, which has all arms, or to both, as a file
of each. What statistics, figures and claims read decides to which.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from crest.plan.crossover import OF_CROSSOVER
from crest.plan.crossover import STUDY as CROSSOVER
from crest.plan.studies import Chain, Study
from crest.registry import Registry

CLAIMS = Registry("crest.statistics.claims")
FIGURES = Registry("crest.figures")
STATISTICS = Registry("crest.statistics.tables")

GRIDS = {"default": "", "extended": "extended/"}
"""Where the results of each grid lie, relative to the results."""

OF_CAMPAIGNS = ("steps", "select")
OF_CHAINS = ("evaluation", "samples", "decisions", "labels")
OF_REFEREED_CHAINS = ("repeats", "pools")
OF_SEEDS = ("stationarity",)
COLLECTED = (*OF_CAMPAIGNS, *OF_CHAINS, *OF_REFEREED_CHAINS, *OF_SEEDS)
"""Tables that exist for campaigns, chains or seeds, and are put together over all of them."""

COLLECTIONS = {
    "collapse": ("default", "collapse"),
    "extended/collapse": ("extended", "collapse"),
    "regime": ("extended", "regime"),
    "diagnostic": ("extended", "diagnostic"),
    "architectures": ("extended", "architectures"),
    CROSSOVER: ("default", CROSSOVER),
    f"extended/{CROSSOVER}": ("extended", CROSSOVER),
}
"""Folders of collected tables: of which grid, and of which study."""

SINGLE = {
    "mutation": "tasks/mutation.parquet",
    "domains": "tasks/oracle/domains.parquet",
    "regrades": "grader/regrades.parquet",
    "simulations": "care/simulations.parquet",
}
"""Tables that one job makes for all grids."""

OTHERS = ("pilot", "claims")
EXTENDED_ONLY = ("labels", "domains")


def collected_tables(collection: str) -> tuple[str, ...]:
    """Return the names of the tables in a folder of collected tables; none if there is no such."""
    if collection not in COLLECTIONS:
        return ()
    return OF_CROSSOVER if COLLECTIONS[collection][1] == CROSSOVER else COLLECTED


def table_path(table: str, grid: str, model: str) -> str:
    """Return where a table lies, relative to the results.

    Args:
        table: As statistics and figures name it.
        grid: default or extended.
        model: Of the study: the pilot has a table for each.
    """
    if table == "pilot":
        return f"pilot/{model}/learning_rates.parquet"
    if table in SINGLE:
        return SINGLE[table]
    if table.startswith(f"{CROSSOVER}/"):
        return f"{GRIDS[grid]}{table}.parquet"
    if "/" in table:
        return f"{table}.parquet"
    if table == "claims":
        return f"{GRIDS[grid]}claims.parquet"
    folder = "collapse" if table in COLLECTED else "statistics"
    return f"{GRIDS[grid]}{folder}/{table}.parquet"


@dataclass(frozen=True, slots=True)
class Grid:
    """What can be made in one of the grids of a configuration.

    Attributes:
        name: default or extended.
        collections: Folders of collected tables for which the configuration has chains.
    """

    name: str
    collections: frozenset[str]

    def has(self, table: str) -> bool:
        """Return whether a table can be made.

        Raises:
            KeyError: There is no such table.
        """
        is_extended = self.name == "extended"
        if table.startswith(f"{CROSSOVER}/"):
            return table.removeprefix(f"{CROSSOVER}/") in OF_CROSSOVER
        if "/" in table:
            return is_extended and table.rpartition("/")[0] in self.collections
        if table in EXTENDED_ONLY:
            return is_extended
        if table in (*COLLECTED, *SINGLE, *OTHERS):
            return True
        return self.has_entry(STATISTICS, table)

    def has_entry(self, registry: Registry, name: str) -> bool:
        """Return whether all tables of a statistic or a figure can be made.

        Raises:
            KeyError: The registry has no such entry.
        """
        return all(map(self.has, registry.literal(name, "TABLES")))

    def statistics(self) -> list[str]:
        """Return the names of its tables of results."""
        return [name for name in STATISTICS.names() if self.has_entry(STATISTICS, name)]

    def figures(self) -> list[str]:
        """Return the names of its figures."""
        return [name for name in FIGURES.names() if self.has_entry(FIGURES, name)]

    def claim_tables(self) -> list[str]:
        """Return the tables that its claims read: those of them that it has."""
        tables = {table for key in CLAIMS.names() for table in CLAIMS.literal(key, "TABLES")}
        return sorted(filter(self.has, tables))


def parts_of_chains(table: str, study: Study, arms: Sequence[str]) -> list[str]:
    """Return the files of one kind of all chains of some arms, relative to the results.

    Args:
        table: One of steps, select, evaluation, samples, decisions, labels, repeats, pools,
            stationarity.
        study: Of the chains.
        arms: Arms of it.
    """
    if table in OF_SEEDS:
        return [f"{table}/{study.model}/seed{seed}.parquet" for seed in study.seeds]
    chains = list(study.chains(arms))
    if table in OF_CAMPAIGNS:
        return [
            f"{chain.campaign(campaign)}/{table}.parquet"
            for chain in chains
            for campaign in range(1, study.campaigns + 1)
        ]
    if table == "decisions":
        return [f"{chain.campaign(study.campaigns)}/decision.json" for chain in chains]
    return [f"{chain.folder}/{table}.parquet" for chain in chains]


def checkpoints_of(chain: Chain, campaigns: int, names: Iterable[str], file: str) -> list[str]:
    """Return a file of the checkpoints of a chain, campaign by campaign.

    Args:
        chain: The chain.
        campaigns: Its length.
        names: Checkpoints of each campaign: start, peak, end, next.
        file: In their folders.
    """
    return [
        f"{chain.campaign(campaign)}/{name}/{file}"
        for campaign in range(1, campaigns + 1)
        for name in names
    ]
