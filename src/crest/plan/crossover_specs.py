"""The specs of the crossover study's jobs."""

from collections.abc import Mapping
from typing import Any

from crest.config import ARCHITECTURES, Config, RecipeConfig
from crest.plan.crossover import STUDY, CrossoverFiles, Trajectory
from crest.plan.plain import plain_spec

MODEL = "generator"
"""Name of the study's model in tables."""

BASE = "base"
"""The method of what is measured of a base model."""


class CrossoverPlan:
    """Specs of every rule of the crossover study for one configuration.

    Attributes:
        config: The whole configuration.
        files: Inputs of the study's jobs.
    """

    def __init__(self, config: Config, files: CrossoverFiles) -> None:
        self.config = config
        self.files = files
        self._study = config.crossover

    def make_banks(self) -> str:
        """Return the spec of the banks of tasks."""
        return plain_spec("make_banks", {"tasks": self._study.tasks})

    def make_pool(self, pool: str) -> str:
        """Return the spec of one pool of tasks: of a trajectory, or of a split seed.

        Raises:
            ValueError: There is no such pool.
        """
        if pool not in self.files.pools():
            raise ValueError(f"unknown pool {pool!r}; there are {', '.join(self.files.pools())}")
        is_split = pool.startswith("split")
        size = self._critic_tasks() if is_split else self._trajectory_tasks()
        return plain_spec("make_pool", {"tasks": self._study.tasks, "size": size}, pool=pool)

    def train_generator(self, base_seed: int) -> str:
        """Return the spec of one base model."""
        generator = self._study.generator
        config = {
            "tasks": self._study.tasks,
            "shape": generator.shape,
            "corpus_size": generator.corpus_size,
            "pretraining": generator.pretraining,
            "threads": self.config.runtime.threads,
        }
        return plain_spec("train_generator", config, self._architecture(), seed=base_seed)

    def sample_base(self, base_seed: int) -> str:
        """Return the spec of the many samples of a base model on the banks."""
        keys = self._keys(BASE, base_seed, base_seed)
        return self._sampling("sample_banks", keys={**keys, "round": 0})

    def sample_round(self, trajectory: Trajectory, number: int) -> str:
        """Return the spec of the many samples of a round's model on the banks."""
        keys = self._trajectory_keys(trajectory)
        return self._sampling("sample_banks", keys={**keys, "round": number})

    def run_round(self, trajectory: Trajectory, number: int) -> str:
        """Return the spec of one round of self-training."""
        recipe = self._study.recipes[trajectory.recipe]
        keys = self._trajectory_keys(trajectory)
        config = {"recipe": _without_label(recipe), "split_seed": self._split_seed()}
        return self._learning("run_round", config, keys={**keys, "round": number})

    def draw_candidates(self, split_seed: int) -> str:
        """Return the spec of the candidates that train and try a split seed's critics."""
        selection = self._study.selection
        config = {
            "num_tasks": self._critic_tasks(),
            "num_generations": selection.training.num_generations,
            "num_trials": max(selection.budgets),
            "split_seed": split_seed,
        }
        return self._learning("draw_candidates", config, keys=self._split_keys(split_seed))

    def train_critic(self, split_seed: int, num_tasks: int) -> str:
        """Return the spec of one critic."""
        config = {
            "critic": self._study.selection.critic,
            "threads": self.config.runtime.threads,
        }
        keys = self._split_keys(split_seed)
        return plain_spec(
            "train_critic", config, self._architecture(), keys=keys, num_tasks=num_tasks
        )

    def pick_candidates(self, split_seed: int) -> str:
        """Return the spec of what every selector picks."""
        selection = self._study.selection
        config = {"budgets": selection.budgets}
        return plain_spec("pick_candidates", config, keys=self._split_keys(split_seed))

    # Parts.

    def _critic_tasks(self) -> int:
        return max(self._study.selection.training.num_tasks)

    def _trajectory_tasks(self) -> int:
        names = self.files.recipes("extended")
        return self._study.rounds * max(self._study.recipes[name].num_tasks for name in names)

    def _architecture(self) -> dict[str, list[str]]:
        return {ARCHITECTURES.package: [self._study.generator.shape.kind]}

    def _keys(self, method: str, seed: int, base_seed: int) -> dict[str, str | int]:
        return {
            "study": STUDY,
            "model": MODEL,
            "method": method,
            "seed": seed,
            "base_seed": base_seed,
        }

    def _trajectory_keys(self, trajectory: Trajectory) -> dict[str, str | int]:
        base_seed = self.files.base_of_trajectory(trajectory.seed)
        return self._keys(trajectory.recipe, trajectory.seed, base_seed)

    def _split_keys(self, split_seed: int) -> dict[str, str | int]:
        return self._keys("selection", split_seed, self.files.base_of_split(split_seed))

    def _sampling(self, job: str, **fields: Any) -> str:
        budget = self._study.pass_at_k.model_dump(exclude={"ks"})
        return self._learning(job, {"budget": budget, "split_seed": self._split_seed()}, **fields)

    def _split_seed(self) -> int:
        return self._study.selection.split_seeds[0]

    def _learning(self, job: str, config: Mapping[str, Any], **fields: Any) -> str:
        whole = {
            "num_visible": self._study.tasks.num_visible,
            "irregular_visible": self._study.tasks.irregular_visible,
            "sampling": self._study.generator.sampling,
            "threads": self.config.runtime.threads,
            **config,
        }
        return plain_spec(job, whole, self._architecture(), **fields)


def _without_label(recipe: RecipeConfig) -> dict[str, Any]:
    return recipe.model_dump(exclude={"label"})
