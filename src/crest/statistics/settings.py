"""What a table of results is computed with."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import polars as pl

from crest.statistics.resampling import Resampling

Tables = Mapping[str, pl.DataFrame]
"""Tables by name."""


@dataclass(frozen=True, slots=True)
class Settings:
    """What of the configuration reaches a table of results: what its module names in `SETTINGS`.

    Attributes:
        given: Values by name.
    """

    given: Mapping[str, Any]

    @property
    def resampling(self) -> Resampling:
        """How intervals are made."""
        return Resampling(
            confidence_level=self.confidence_level,
            num_resamples=self._take("num_resamples"),
            seed=self._take("seed"),
        )

    @property
    def confidence_level(self) -> float:
        """Of every interval."""
        return float(self._take("confidence_level"))

    @property
    def collapse_gap(self) -> float:
        """A campaign collapsed when its gap exceeds this."""
        return float(self._take("collapse_gap"))

    @property
    def reference_arm(self) -> str:
        """The arm that the others are compared with."""
        return str(self._take("reference_arm"))

    @property
    def ks(self) -> tuple[int, ...]:
        """Budgets of the pass@k table."""
        return tuple(self._take("ks"))

    @property
    def crossover_ks(self) -> tuple[int, ...]:
        """Budgets of the crossover study's pass@K, ascending."""
        return tuple(self._take("crossover_ks"))

    @property
    def pick_budget(self) -> int:
        """Candidates among which one is picked, in the claims about selection and ceiling."""
        return int(self._take("pick_budget"))

    @property
    def recipe(self) -> str:
        """The crossover study's own recipe of self-training: the one that claims are about."""
        return str(self._take("recipe"))

    def _take(self, name: str) -> Any:
        if name not in self.given:
            raise KeyError(f"{name}: this table was not given it; name it in its module's SETTINGS")
        return self.given[name]
