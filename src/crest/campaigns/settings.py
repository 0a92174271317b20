"""All that decides one campaign, apart from its input files."""

from crest.components import Component
from crest.config import MonitorConfig, SamplingConfig, Section, TrainingConfig


class CampaignSettings(Section):
    """One cell of the grid.

    Attributes:
        study: `collapse`, or another of the configuration's studies, such as `pilot`.
        model: Name of the model family.
        method: The arm's name in the tables.
        seed: Seed of the chain. Arms share it, so they meet the same problems (paired design).
        campaign: Position in the chain, from 1.
        max_steps: Largest budget that a controller may give.
    """

    study: str
    model: str
    method: str
    seed: int
    campaign: int
    max_steps: int
    objective: Component
    penalty: Component
    controller: Component
    sampling: SamplingConfig
    training: TrainingConfig
    monitor: MonitorConfig

    def keys(self) -> dict[str, str | int]:
        """Return the key columns of every row that this campaign writes."""
        return {
            "study": self.study,
            "model": self.model,
            "method": self.method,
            "seed": self.seed,
            "campaign": self.campaign,
        }
