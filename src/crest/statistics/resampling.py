"""How intervals are made, apart from the making: tables that draw nothing depend on this alone."""

from dataclasses import dataclass

import numpy as np

from crest import seeds


@dataclass(frozen=True, slots=True)
class Resampling:
    """How intervals are made.

    Attributes:
        confidence_level: Of every interval, bootstrap and Student's alike.
        num_resamples: Bootstrap resamples.
        seed: Named in the tables as `rng_seed`.
    """

    confidence_level: float = 0.95
    num_resamples: int = 10_000
    seed: int = 0

    def generator(self, *names: str | int) -> np.random.Generator:
        """Return the generator of one interval, so that a new row moves no other row."""
        return seeds.generator("statistics", self.seed, *names)
