"""Synthetic tables at three sizes."""

import pytest
from tests.synthetic.results import DEMO, make_results
from tests.synthetic.tables import Design, make_tables


@pytest.fixture(scope="session")
def results():
    """All eight arms, three seeds, three campaigns."""
    return make_results()


@pytest.fixture(scope="session")
def demo():
    """The smallest study: two arms, two seeds, two campaigns."""
    return make_results(DEMO)


@pytest.fixture(scope="session")
def whole_steps():
    """The steps of a study of full size: eight arms, five seeds, ten campaigns of twenty steps."""
    design = Design(seeds=range(5), campaigns=10, max_steps=20, num_problems=8, num_select=8)
    return make_tables(design)["steps"]
