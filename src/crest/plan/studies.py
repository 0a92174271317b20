"""Which chains there are: every study's arms, seeds and lengths, on every model it runs on."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from crest.config import ArmConfig, Config


@dataclass(frozen=True, slots=True)
class Chain:
    """One chain of campaigns.

    Attributes:
        study: collapse, pilot, regime, diagnostic or architectures.
        model: Name of its model.
        method: Name of its arm within the study.
        seed: Its seed.
    """

    study: str
    model: str
    method: str
    seed: int

    @property
    def folder(self) -> str:
        """Return where its files lie, relative to the results."""
        return f"{self.study}/{self.model}/{self.method}/seed{self.seed}"

    def campaign(self, campaign: int) -> str:
        """Return where the files of one of its campaigns lie, relative to the results."""
        return f"{self.folder}/campaign{campaign}"


@dataclass(frozen=True, slots=True)
class Study:
    """Chains of some arms on one model.

    Attributes:
        name: Of the study.
        model: That all its chains start from.
        arms: By name.
        seeds: One chain a seed and arm.
        campaigns: In a chain.
        max_steps: In a campaign, at most.
        split: Of its fresh evaluation. The pilot chooses learning rates, so it must not see the
            split that reports results.
    """

    name: str
    model: str
    arms: Mapping[str, ArmConfig]
    seeds: Sequence[int]
    campaigns: int
    max_steps: int
    split: str = "report"

    def chains(self, arms: Sequence[str] | None = None) -> Iterator[Chain]:
        """Yield the chains of some arms, or of all, arm by arm."""
        for arm in self.arms if arms is None else arms:
            for seed in self.seeds:
                yield Chain(self.name, self.model, arm, seed)

    def has(self, chain: Chain) -> bool:
        """Return whether a chain is of this study."""
        return chain.method in self.arms and chain.seed in self.seeds


def studies_of(config: Config) -> dict[tuple[str, str], Study]:
    """Return all studies of a configuration, by name and model."""
    models = (config.study.model, *config.architectures.models)
    found = [
        _collapse(config),
        *(_pilot(config, model) for model in models),
        _regime(config),
        _diagnostic(config),
        *(_architecture(config, model) for model in config.architectures.models),
    ]
    return {(study.name, study.model): study for study in found}


def pilot_methods(config: Config) -> dict[str, float]:
    """Return the learning rate of each pilot method, by its name in paths and tables."""
    return {f"lr{rate:g}": rate for rate in config.pilot.learning_rates}


def _collapse(config: Config) -> Study:
    return Study(
        name="collapse",
        model=config.study.model,
        arms=_arms(config, (*config.study.arms, *config.extended.arms)),
        seeds=config.study.seeds,
        campaigns=config.study.campaigns,
        max_steps=config.study.max_steps,
    )


def _pilot(config: Config, model: str) -> Study:
    arm = config.arms[config.pilot.arm]
    return Study(
        name="pilot",
        model=model,
        arms={
            method: arm.model_copy(update={"learning_rate": rate})
            for method, rate in pilot_methods(config).items()
        },
        seeds=config.pilot.seeds,
        campaigns=config.pilot.campaigns,
        max_steps=config.study.max_steps,
        split="select",
    )


def _regime(config: Config) -> Study:
    regime = config.regime
    arms = {
        f"{name}-p{prompts}-lr{rate:g}": config.arms[name].model_copy(
            update={"learning_rate": rate, "prompts_per_step": prompts}
        )
        for name in regime.arms
        for prompts in regime.prompts_per_step
        for rate in regime.learning_rates
    }
    return Study(
        name="regime",
        model=config.study.model,
        arms=arms,
        seeds=regime.seeds,
        campaigns=regime.campaigns,
        max_steps=config.study.max_steps,
    )


def _diagnostic(config: Config) -> Study:
    return Study(
        name="diagnostic",
        model=config.study.model,
        arms=_arms(config, config.diagnostic.arms),
        seeds=config.diagnostic.seeds,
        campaigns=1,
        max_steps=config.diagnostic.max_steps,
    )


def _architecture(config: Config, model: str) -> Study:
    return replace(
        _collapse(config),
        name="architectures",
        model=model,
        arms=_arms(config, config.architectures.arms),
        campaigns=config.architectures.campaigns,
    )


def _arms(config: Config, names: Sequence[str]) -> dict[str, ArmConfig]:
    return {name: config.arms[name] for name in names}
