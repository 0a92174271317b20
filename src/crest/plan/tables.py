"""Which tables there are, where they lie, and what they are put together from.

A table belongs to the default grid, to the extended one, which has all arms, or to both, as a file
of each. What statistics, figures and claims read decides to which.
"""

from collections.abc import Iterable, Sequence

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
}
"""Folders of collected tables: of which grid, and of which study."""

SINGLE = {
    "mutation": "tasks/mutation.parquet",
    "domains": "tasks/oracle/domains.parquet",
    "regrades": "grader/regrades.parquet",
    "simulations": "care/simulations.parquet",
}
"""Tables that one job makes for all grids."""

EXTENDED_ONLY = ("labels", "domains")


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
    if "/" in table:
        return f"{table}.parquet"
    if table == "claims":
        return f"{GRIDS[grid]}claims.parquet"
    folder = "collapse" if table in COLLECTED else "statistics"
    return f"{GRIDS[grid]}{folder}/{table}.parquet"


def in_grid(table: str, grid: str) -> bool:
    """Return whether a table can be made in a grid."""
    if grid == "extended":
        return True
    if "/" in table or table in EXTENDED_ONLY:
        return False
    if table in STATISTICS.names():
        return all(in_grid(each, grid) for each in STATISTICS.literal(table, "TABLES"))
    return True


def statistics_of(grid: str) -> list[str]:
    """Return the names of a grid's tables of results."""
    return [name for name in STATISTICS.names() if in_grid(name, grid)]


def figures_of(grid: str) -> list[str]:
    """Return the names of a grid's figures."""
    return [
        name
        for name in FIGURES.names()
        if all(in_grid(table, grid) for table in FIGURES.literal(name, "TABLES"))
    ]


def claim_tables_of(grid: str) -> list[str]:
    """Return the tables that a grid's claims read: those of them that the grid has."""
    tables = {table for key in CLAIMS.names() for table in CLAIMS.literal(key, "TABLES")}
    return sorted(table for table in tables if in_grid(table, grid))


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
