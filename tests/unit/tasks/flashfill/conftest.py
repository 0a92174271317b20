from random import Random

import pytest

from crest.config import FlashfillConfig
from crest.tasks.flashfill.banks import draw_banks


@pytest.fixture(scope="session")
def config():
    return FlashfillConfig(
        seed=0,
        num_pairs=12,
        num_visible=2,
        bank_size=25,
        easy_parts={1: 0.35, 2: 0.4, 3: 0.25},
        hard_parts={1: 0.1, 2: 0.2, 3: 0.3, 4: 0.4},
        corpus_parts={1: 0.62, 2: 0.26, 3: 0.12},
        irregular_tasks=0.8,
        irregular_inputs=0.45,
        irregular_visible=0.15,
        max_output_length=12,
    )


@pytest.fixture(scope="session")
def banks(config):
    return draw_banks(config)


@pytest.fixture
def rng():
    return Random(0)
