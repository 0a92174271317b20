"""The configuration of the collapse study: its grids, arms and campaigns."""

from typing import Annotated, Literal

from pydantic import AfterValidator, Field, field_validator, model_validator

from crest.components import Component, check_component
from crest.config.section import (
    Count,
    Fraction,
    Name,
    Names,
    Positive,
    Rates,
    Section,
    Seeds,
    distinct,
)
from crest.registry import Registry

CONTROLLERS = Registry("crest.control")
OBJECTIVES = Registry("crest.learning.objectives")
PENALTIES = Registry("crest.learning.penalties")
NO_PENALTY = Component(kind="none")


class StudyConfig(Section):
    """The grid: which arms, how many chains, how long."""

    name: Name
    model: Name
    arms: Names
    reference_arm: Name
    seeds: Seeds
    campaigns: Count
    max_steps: Count


class TrainingConfig(Section):
    """One campaign's gradient steps, whatever the objective."""

    problems_per_campaign: Count
    prompts_per_step: Count
    num_generations: Annotated[int, Field(ge=2)]
    warmup_steps: Annotated[int, Field(ge=0)]
    adam_beta1: Fraction
    adam_beta2: Fraction
    max_grad_norm: Positive
    micro_batch_size: Count

    @model_validator(mode="after")
    def _pool_holds_a_batch(self) -> "TrainingConfig":
        if self.prompts_per_step > self.problems_per_campaign:
            raise ValueError(
                f"prompts_per_step {self.prompts_per_step} exceeds problems_per_campaign "
                f"{self.problems_per_campaign}; a step draws distinct problems of the pool",
            )
        return self


class MonitorConfig(Section):
    """What is measured on the select split after every step."""

    num_problems: Count
    num_generations: Count
    kl_completions: Count


class EvaluationConfig(Section):
    """Fresh samples on the report split for the start, peak and end of every campaign."""

    num_problems: Count
    num_generations: Count


class PassAtKConfig(EvaluationConfig):
    """Many samples on the report split for base models and ends of chains."""

    ks: Annotated[tuple[Count, ...], Field(min_length=1), AfterValidator(distinct)]

    @model_validator(mode="after")
    def _enough_samples(self) -> "PassAtKConfig":
        if self.num_generations < max(self.ks):
            raise ValueError(
                f"num_generations {self.num_generations} is below the largest k {max(self.ks)}; "
                "sample at least k completions, better 2k",
            )
        return self


class PilotConfig(Section):
    """The rule, fixed before the grid runs, that chooses the two learning rates of the study."""

    arm: Name
    learning_rates: Rates
    seeds: Seeds
    campaigns: Count
    min_rise: Fraction
    min_fall: Fraction
    max_healthy_fall: Fraction

    @field_validator("learning_rates")
    @classmethod
    def _sorted(cls, values: tuple[float, ...]) -> tuple[float, ...]:
        if list(values) != sorted(values):
            raise ValueError(f"{list(values)} is not ascending; the rule reads it in that order")
        return values


class ArmConfig(Section):
    """One treatment: objective x penalty x controller x reward x data.

    `learning_rate` is a number, or the role of a learning rate that the pilot chooses.
    `prompts_per_step` takes the place of the study's. Data has one kind so far: fixed.
    """

    label: str
    objective: Component
    controller: Component
    learning_rate: Positive | Literal["collapsing", "healthy"]
    penalty: Component = NO_PENALTY
    reward: Literal["hidden_tests", "oracle"] = "hidden_tests"
    data: Literal["fixed"] = "fixed"
    prompts_per_step: Count | None = None

    @field_validator("objective")
    @classmethod
    def _known_objective(cls, value: Component) -> Component:
        return check_component(value, OBJECTIVES, ("Options", "advantages", "loss"))

    @field_validator("penalty")
    @classmethod
    def _known_penalty(cls, value: Component) -> Component:
        return check_component(value, PENALTIES, ("Options", "prepare"))

    @field_validator("controller")
    @classmethod
    def _known_controller(cls, value: Component) -> Component:
        return check_component(value, CONTROLLERS, ("RESTARTS", "Options", "plan", "select"))


class ExtendedConfig(Section):
    """What the extended grid adds to the default one, beside the studies of their own."""

    arms: Annotated[tuple[Name, ...], AfterValidator(distinct)]


class RegimeConfig(Section):
    """The map of settings in which self-training collapses: a grid of chains of its own."""

    arms: Names
    learning_rates: Rates
    prompts_per_step: Annotated[tuple[Count, ...], Field(min_length=1), AfterValidator(distinct)]
    seeds: Seeds
    campaigns: Count


class DiagnosticConfig(Section):
    """One long campaign at each of some arms' settings."""

    arms: Names
    seeds: Seeds
    max_steps: Count


class ArchitecturesConfig(Section):
    """Chains of some arms on further models."""

    models: Annotated[tuple[Name, ...], AfterValidator(distinct)]
    arms: Names
    campaigns: Count


class RefereeConfig(Section):
    """What is measured of some arms' chains beyond the study, to answer doubts."""

    arms: Names
    repeats: Annotated[int, Field(ge=2)]
    repeat_problems: Count
    repeat_generations: Count
    pool_problems: Count
    num_generations: Count
    simulated_chains: Count
