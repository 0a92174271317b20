"""Synthetic tables of a study, and every table of results made of them."""

import hypothesis
import polars as pl
import pytest
from tests.synthetic.tables import Design, make_tables

from crest.registry import Registry
from crest.statistics.settings import Settings

hypothesis.settings.register_profile("patient", deadline=None)  # a busy machine is no failure
hypothesis.settings.load_profile("patient")

ORDER = ("chains", "campaigns", "arms", "gaps", "comparisons", "pass_at_k", "capability")
SETTINGS = Settings(
    {
        "confidence_level": 0.95,
        "num_resamples": 300,
        "seed": 0,
        "collapse_gap": 0.2,
        "reference_arm": "naive",
        "ks": (1, 2, 4, 8, 16, 32, 64),
    }
)


@pytest.fixture(scope="session")
def settings() -> Settings:
    """Few resamples: these tests ask what an interval is of, not how sharp it is."""
    return SETTINGS


@pytest.fixture(scope="session")
def collected() -> dict[str, pl.DataFrame]:
    """Collected tables of all eight arms."""
    return make_tables()


@pytest.fixture(scope="session")
def results(collected) -> dict[str, pl.DataFrame]:
    """Collected tables and all tables of results."""
    return with_results(collected)


@pytest.fixture(scope="session")
def demo() -> dict[str, pl.DataFrame]:
    """The smallest study: two arms, two seeds, two campaigns."""
    return with_results(make_tables(Design(methods=("naive", "es"), seeds=(0, 1), campaigns=2)))


@pytest.fixture(scope="session")
def jitter() -> dict[str, pl.DataFrame]:
    """A naive arm whose policy jumps about its start and goes nowhere: five seeds."""
    return with_results(make_tables(_alone(rise=0.0, fall=0.0)))


@pytest.fixture(scope="session")
def drift() -> dict[str, pl.DataFrame]:
    """A naive arm that rises and falls under the same jumps."""
    return with_results(make_tables(_alone(rise=2.5, fall=4.0)))


def _alone(*, rise: float, fall: float) -> Design:
    return Design(methods=("naive",), seeds=range(5), campaigns=6, rise=rise, fall=fall, jitter=0.6)


def with_results(collected: dict[str, pl.DataFrame]) -> dict[str, pl.DataFrame]:
    tables = dict(collected)
    registry = Registry("crest.statistics.tables")
    for name in ORDER:
        read = {table: tables[table] for table in registry.literal(name, "TABLES")}
        tables[name] = registry[name].compute(read, SETTINGS)
    return tables
