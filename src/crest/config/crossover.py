"""The configuration of the crossover study: its tasks, generator, critic and STaR's recipes."""

from typing import Annotated, Literal

from pydantic import AfterValidator, Field, field_validator, model_validator

from crest.components import Component, check_component
from crest.config.collapse import PassAtKConfig
from crest.config.models import ARCHITECTURES, PretrainingConfig, SamplingConfig
from crest.config.section import (
    Count,
    Fraction,
    Name,
    Positive,
    Section,
    Seed,
    Seeds,
    distinct,
)

MAX_PARTS = 4
"""Most parts that a program may join."""

PartWeights = Annotated[
    dict[Annotated[int, Field(ge=1, le=MAX_PARTS)], Positive], Field(min_length=1)
]


class FlashfillConfig(Section):
    """The string transformations: pairs, banks, and how the inputs set traps."""

    seed: Seed
    num_pairs: Annotated[int, Field(ge=2)]
    num_visible: Count
    bank_size: Count
    easy_parts: PartWeights
    hard_parts: PartWeights
    corpus_parts: PartWeights
    irregular_tasks: Fraction
    irregular_inputs: Fraction
    irregular_visible: Fraction
    max_output_length: Count

    @model_validator(mode="after")
    def _both_kinds_of_pairs(self) -> "FlashfillConfig":
        if self.num_visible >= self.num_pairs:
            raise ValueError(
                f"num_visible {self.num_visible} of num_pairs {self.num_pairs} leaves no pair to "
                "hold out; show fewer, or ask for more pairs",
            )
        return self


class GeneratorConfig(Section):
    """The model that writes programs, made from scratch, and how it is sampled."""

    base_seeds: Seeds
    shape: Component
    corpus_size: Count
    pretraining: PretrainingConfig
    sampling: SamplingConfig

    @field_validator("shape")
    @classmethod
    def _known_shape(cls, value: Component) -> Component:
        return check_component(value, ARCHITECTURES, ("Options",))


class CriticConfig(Section):
    """How the critic learns which candidates generalise."""

    learning_rate: Positive
    num_train_epochs: Positive
    tasks_per_batch: Count
    listwise_weight: Annotated[float, Field(ge=0)]


class CandidatesConfig(Section):
    """How many candidates are drawn for a task that trains the critic."""

    num_tasks: Annotated[tuple[Count, ...], Field(min_length=1), AfterValidator(distinct)]
    num_generations: Count

    @field_validator("num_tasks")
    @classmethod
    def _ascending(cls, values: tuple[int, ...]) -> tuple[int, ...]:
        if list(values) != sorted(values):
            raise ValueError(f"{list(values)} is not ascending; the last trains the study's critic")
        return values


class SelectionConfig(Section):
    """Which of a task's candidates to trust: the split seeds, budgets and the critic."""

    split_seeds: Seeds
    budgets: Annotated[tuple[Count, ...], Field(min_length=1), AfterValidator(distinct)]
    training: CandidatesConfig
    critic: CriticConfig


class RecipeConfig(Section):
    """One recipe of self-training on own verified programs."""

    label: str
    pool: Literal["fresh", "fixed"]
    start: Literal["previous", "base"]
    verify: Literal["all", "visible"] = "all"
    num_tasks: Count
    num_generations: Count
    keep: Count
    learning_rate: Positive
    num_train_epochs: Positive
    batch_size: Count

    @model_validator(mode="after")
    def _keeps_what_it_draws(self) -> "RecipeConfig":
        if self.keep > self.num_generations:
            raise ValueError(
                f"keep {self.keep} exceeds num_generations {self.num_generations}; at most every "
                "sample can be kept",
            )
        return self


class CrossoverExtendedConfig(Section):
    """What the extended grid adds to the crossover study."""

    recipes: Annotated[tuple[Name, ...], AfterValidator(distinct)]
    trajectories: Seeds


class CrossoverConfig(Section):
    """Generator, critic and exact verifier; and pass@K of the base against the trained."""

    tasks: FlashfillConfig
    generator: GeneratorConfig
    selection: SelectionConfig
    recipe: Name
    recipes: Annotated[dict[Name, RecipeConfig], Field(min_length=1)]
    trajectories: Seeds
    rounds: Count
    pass_at_k: PassAtKConfig
    extended: CrossoverExtendedConfig

    @model_validator(mode="after")
    def _recipes_are_described(self) -> "CrossoverConfig":
        for where, name in (
            ("recipe", self.recipe),
            *((f"extended.recipes[{i}]", name) for i, name in enumerate(self.extended.recipes)),
        ):
            if name not in self.recipes:
                raise ValueError(
                    f"{where}: unknown recipe {name!r}; use one of "
                    f"{', '.join(sorted(self.recipes))} or describe it under recipes",
                )
        if self.recipe in self.extended.recipes:
            raise ValueError(
                f"extended.recipes: {self.recipe!r} is the study's own recipe; name others",
            )
        return self

    @model_validator(mode="after")
    def _pick_budget_is_measured(self) -> "CrossoverConfig":
        first = self.selection.budgets[0]
        if first not in self.pass_at_k.ks:
            raise ValueError(
                f"selection.budgets: {first}, the first, is the k of the ceiling, but "
                f"pass_at_k.ks {list(self.pass_at_k.ks)} lacks it; add it there",
            )
        return self

    @model_validator(mode="after")
    def _samples_suffice(self) -> "CrossoverConfig":
        drawn, largest = self.pass_at_k.num_generations, max(self.pass_at_k.ks)
        if drawn < 2 * largest:
            raise ValueError(
                f"pass_at_k.num_generations {drawn} is below twice the largest k {largest}; "
                "pass@K near n has a large variance, so draw at least 2 K samples",
            )
        if self.pass_at_k.num_problems > self.tasks.bank_size:
            raise ValueError(
                f"pass_at_k.num_problems {self.pass_at_k.num_problems} exceeds tasks.bank_size "
                f"{self.tasks.bank_size}; a bank has no more tasks",
            )
        return self
