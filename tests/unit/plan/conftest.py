"""A study that has a chain of every kind, as small as can be."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from crest.config import Config, load_config

ROOT = Path(__file__).parents[3]

SMALL: dict[str, dict[str, Any]] = {
    "study": {"arms": ["naive", "es"], "seeds": [0, 1, 2], "campaigns": 2},
    "extended": {"arms": ["oracle"]},
    "pilot": {"learning_rates": [0.001, 0.002], "seeds": [1000], "campaigns": 1},
    "regime": {
        "arms": ["grpo"],
        "learning_rates": [0.001, 0.002],
        "prompts_per_step": [4, 8],
        "seeds": [2000],
        "campaigns": 2,
    },
    "diagnostic": {"arms": ["naive"], "seeds": [3000]},
    "architectures": {"models": ["organism_gemma3"], "arms": ["naive"], "campaigns": 1},
    "referee": {"arms": ["naive"]},
    "crossover": {
        "trajectories": [0, 1],
        "rounds": 2,
        "extended": {"recipes": ["from_base"], "trajectories": [0]},
    },
}
MODELS = ("organism", "organism_gemma3")

Study = Callable[..., Config]


@pytest.fixture
def study() -> Study:
    """Return the function to the small study, some values changed: `study(pilot={"arm": "es"})`."""

    def build(**changes: dict[str, Any]) -> Config:
        config = yaml.safe_load((ROOT / "config.yaml").read_text())
        for model in MODELS:
            config["models"][model]["base_seeds"] = [7, 8]
        config["crossover"]["generator"]["base_seeds"] = [7, 8]
        config["crossover"]["selection"]["split_seeds"] = [0, 1, 2]
        config["crossover"]["selection"]["training"]["num_tasks"] = [10, 20]
        for section in SMALL.keys() | changes.keys():
            config[section] |= SMALL.get(section, {}) | changes.get(section, {})
        return load_config(config)

    return build
