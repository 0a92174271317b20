"""What a table of results is computed with."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import polars as pl

from crest.config import StatisticsConfig
from crest.statistics.resampling import Resampling

Tables = Mapping[str, pl.DataFrame]
"""Tables by name."""


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything of the configuration that reaches a table of results.

    Attributes:
        resampling: How intervals are made.
        collapse_gap: A campaign collapsed when its gap exceeds this.
        reference_arm: The arm that the others are compared with.
        ks: Budgets of the pass@k table.
    """

    resampling: Resampling = field(default_factory=Resampling)
    collapse_gap: float = 0.2
    reference_arm: str = "naive"
    ks: tuple[int, ...] = (1, 2, 4, 8, 16, 32, 64)

    @classmethod
    def of(
        cls, statistics: StatisticsConfig, *, reference_arm: str, ks: tuple[int, ...]
    ) -> "Settings":
        """Return the settings that a validated configuration asks for."""
        resampling = Resampling(
            confidence_level=statistics.confidence_level,
            num_resamples=statistics.num_resamples,
            seed=statistics.seed,
        )
        return cls(resampling, statistics.collapse_gap, reference_arm, tuple(ks))
