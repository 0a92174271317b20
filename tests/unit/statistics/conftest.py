"""Synthetic tables of a study, and every table of results made of them."""

import hypothesis
import polars as pl
import pytest
from tests.synthetic.crossover import KS, MAIN, make_crossover_tables
from tests.synthetic.further import make_further_tables
from tests.synthetic.results import USUAL, gate_tables, with_statistics
from tests.synthetic.tables import Design, make_tables

from crest.statistics.settings import Settings

hypothesis.settings.register_profile("patient", deadline=None)  # a busy machine is no failure
hypothesis.settings.load_profile("patient")

SETTINGS = Settings(
    {
        "confidence_level": 0.95,
        "num_resamples": 300,
        "seed": 0,
        "collapse_gap": 0.2,
        "reference_arm": "naive",
        "ks": (1, 2, 4, 8, 16, 32, 64),
        "crossover_ks": KS,
        "pick_budget": 8,
        "recipe": MAIN,
    }
)


@pytest.fixture(scope="session")
def settings() -> Settings:
    """Few resamples: these tests ask what an interval is of, not how sharp it is."""
    return SETTINGS


@pytest.fixture(scope="session")
def collected() -> dict[str, pl.DataFrame]:
    """Collected tables of all eight arms, of the other studies, of CARE and of the crossover."""
    further = {**make_further_tables(), **gate_tables(USUAL), **make_crossover_tables()}
    return {**make_tables(), **further}


@pytest.fixture(scope="session")
def results(collected) -> dict[str, pl.DataFrame]:
    """Collected tables and all tables of results."""
    return with_statistics(collected, SETTINGS)


@pytest.fixture(scope="session")
def demo() -> dict[str, pl.DataFrame]:
    """The smallest study: two arms, two seeds, two campaigns."""
    design = Design(methods=("naive", "es"), seeds=(0, 1), campaigns=2)
    return with_statistics(make_tables(design), SETTINGS)


@pytest.fixture(scope="session")
def jitter() -> dict[str, pl.DataFrame]:
    """A naive arm whose policy jumps about its start and goes nowhere: five seeds."""
    return with_statistics(make_tables(_alone(rise=0.0, fall=0.0)), SETTINGS)


@pytest.fixture(scope="session")
def drift() -> dict[str, pl.DataFrame]:
    """A naive arm that rises and falls under the same jumps."""
    return with_statistics(make_tables(_alone(rise=2.5, fall=4.0)), SETTINGS)


def _alone(*, rise: float, fall: float) -> Design:
    return Design(methods=("naive",), seeds=range(5), campaigns=6, rise=rise, fall=fall, jitter=0.6)
