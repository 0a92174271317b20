from itertools import islice

import pytest

from crest import seeds
from crest.config import CorpusConfig, TasksConfig
from crest.tasks.code import make_splits
from crest.tasks.code.families import FAMILIES
from crest.tasks.code.spec import Spec


@pytest.fixture(scope="session")
def tasks_config():
    return TasksConfig(
        seed=0,
        train=160,
        select=40,
        report=40,
        hidden_tests=7,
        candidate_inputs=60,
        family_weights=dict.fromkeys(FAMILIES, 1.0),
    )


@pytest.fixture(scope="session")
def corpus_config():
    return CorpusConfig(
        num_pairs=6000,
        wrong_primitive_min=0.05,
        wrong_primitive_max=0.55,
        print_for_return=0.30,
        no_return=0.12,
        wrong_variable=0.08,
        dropped_step=0.05,
        syntax_error=0.04,
    )


@pytest.fixture(scope="session")
def faultless_config(corpus_config):
    names = [name for name in CorpusConfig.model_fields if name != "num_pairs"]
    return corpus_config.model_copy(update=dict.fromkeys(names, 0.0))


@pytest.fixture(scope="session")
def splits(tasks_config):
    return make_splits(tasks_config)


@pytest.fixture(scope="session")
def problems(splits):
    return [*splits.train, *splits.select, *splits.report]


@pytest.fixture(scope="session")
def some_specs():
    """Forty random specs of each family, sensible as problems or not."""
    rng = seeds.generator("test", 0)
    return [
        Spec(family, steps)
        for family in FAMILIES.values()
        for steps in islice(family.shuffled_sequences(rng), 40)
    ]
