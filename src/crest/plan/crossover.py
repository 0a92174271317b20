"""Which files the crossover study has, and which of them its jobs read. Paths from the results on.

A trajectory is one repetition of self-training by a recipe: rounds of sampling on a pool of tasks,
keeping own verified programs, and fine-tuning on them. A split seed decides which pairs of a task
are visible, and has a critic of its own. Base models are dealt out cyclically to both.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from crest.checksums import SUMS
from crest.config import CrossoverConfig

STUDY = "crossover"
BANKS = ("easy", "hard")
OF_CROSSOVER = ("samples", "harvest", "picks", "scores", "disjoint")
"""Tables that are put together over bases, trajectories and split seeds."""


@dataclass(frozen=True, slots=True)
class Trajectory:
    """One repetition of self-training.

    Attributes:
        recipe: Name of its recipe.
        seed: Its seed.
    """

    recipe: str
    seed: int

    def round(self, number: int) -> str:
        """Return where the files of a round lie, relative to the results."""
        return f"{STUDY}/star/{self.recipe}/trajectory{self.seed}/round{number}"


class CrossoverFiles:
    """Inputs of the jobs of the crossover study of one configuration."""

    def __init__(self, config: CrossoverConfig) -> None:
        self.config = config

    def banks(self) -> list[str]:
        """Return the tasks that measure, bank by bank."""
        return [f"{STUDY}/tasks/{bank}.parquet" for bank in BANKS]

    def base_of_trajectory(self, seed: int) -> int:
        """Return the seed of a trajectory's base model."""
        return self._dealt(self._trajectory_seeds(), seed)

    def base_of_split(self, seed: int) -> int:
        """Return the seed of a split seed's base model."""
        return self._dealt(list(self.config.selection.split_seeds), seed)

    def base_model(self, base_seed: int) -> str:
        """Return a base model; rules know a checkpoint by its checksums."""
        return f"{STUDY}/base/seed{base_seed}/model/{SUMS}"

    def checkpoint(self, trajectory: Trajectory, number: int) -> str:
        """Return the model that a round made; round 0 is the base."""
        if number == 0:
            return self.base_model(self.base_of_trajectory(trajectory.seed))
        return f"{trajectory.round(number)}/model/{SUMS}"

    def start(self, trajectory: Trajectory, number: int) -> str:
        """Return the model that a round fine-tunes."""
        is_base = self.config.recipes[trajectory.recipe].start == "base"
        return self.checkpoint(trajectory, 0 if is_base else number - 1)

    def pool(self, trajectory: Trajectory) -> str:
        """Return the tasks that a trajectory trains on; all recipes share them."""
        return f"{STUDY}/pools/trajectory{trajectory.seed}/tasks.parquet"

    def split_pool(self, seed: int) -> str:
        """Return the tasks that train the critics of a split seed."""
        return f"{STUDY}/pools/split{seed}/tasks.parquet"

    def split(self, seed: int) -> str:
        """Return where the files of a split seed lie."""
        return f"{STUDY}/selection/split{seed}"

    def critics(self, seed: int) -> list[str]:
        """Return the scores by all critics of a split seed, fewest training tasks first."""
        counts = self.config.selection.training.num_tasks
        return [f"{self.split(seed)}/critic{count}/scores.parquet" for count in counts]

    def pools(self) -> list[str]:
        """Return the names of all pools of tasks."""
        trajectories = [f"trajectory{seed}" for seed in self._trajectory_seeds()]
        return [*trajectories, *(f"split{seed}" for seed in self.config.selection.split_seeds)]

    def recipes(self, grid: str) -> list[str]:
        """Return the recipes of a grid."""
        more = self.config.extended.recipes if grid == "extended" else ()
        return [self.config.recipe, *more]

    def trajectories(self, grid: str) -> Iterator[Trajectory]:
        """Yield the trajectories of a grid, recipe by recipe."""
        for recipe in self.recipes(grid):
            for seed in self.seeds_of(recipe):
                yield Trajectory(recipe, seed)

    def seeds_of(self, recipe: str) -> tuple[int, ...]:
        """Return the trajectories' seeds of a recipe."""
        config = self.config
        return config.trajectories if recipe == config.recipe else config.extended.trajectories

    def has(self, trajectory: Trajectory, number: int = 1) -> bool:
        """Return whether a round is of this study."""
        known = trajectory.recipe in self.recipes("extended")
        return (
            known
            and trajectory.seed in self.seeds_of(trajectory.recipe)
            and 1 <= number <= self.config.rounds
        )

    def table_parts(self, table: str, grid: str) -> list[str]:
        """Return the files that make up a table of a grid.

        Args:
            table: One of `OF_CROSSOVER`.
            grid: default or extended.
        """
        splits = self.config.selection.split_seeds
        if table in {"picks", "scores"}:
            return [f"{self.split(seed)}/{table}.parquet" for seed in splits]
        if table == "disjoint":
            pools = [f"{STUDY}/pools/{pool}/{table}.parquet" for pool in self.pools()]
            return [*self._of_bases(table), *pools]
        rounds = [
            f"{trajectory.round(number)}/{table}.parquet"
            for trajectory in self.trajectories(grid)
            for number in range(1, self.config.rounds + 1)
        ]
        return [*self._of_bases(table), *rounds] if table == "samples" else rounds

    def _of_bases(self, table: str) -> list[str]:
        seeds = self.config.generator.base_seeds
        return [f"{STUDY}/base/seed{seed}/{table}.parquet" for seed in seeds]

    def _trajectory_seeds(self) -> list[int]:
        return list(dict.fromkeys([*self.config.trajectories, *self.config.extended.trajectories]))

    def _dealt(self, seeds: list[int], seed: int) -> int:
        bases = self.config.generator.base_seeds
        return bases[seeds.index(seed) % len(bases)]
