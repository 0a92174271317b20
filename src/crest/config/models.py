"""The configuration of models that are made from scratch, and of how they are sampled."""

from typing import Annotated

from pydantic import Field, field_validator, model_validator

from crest.components import Component, check_component
from crest.config.section import Count, Fraction, Positive, Section, Seeds
from crest.registry import Registry

ARCHITECTURES = Registry("crest.models.organism.architectures")


class CorpusConfig(Section):
    """The imperfect text that a base model is pretrained on."""

    num_pairs: Count
    wrong_primitive_min: Fraction
    wrong_primitive_max: Fraction
    print_for_return: Fraction
    no_return: Fraction
    wrong_variable: Fraction
    dropped_step: Fraction
    syntax_error: Fraction

    @model_validator(mode="after")
    def _range_is_ordered(self) -> "CorpusConfig":
        if self.wrong_primitive_min > self.wrong_primitive_max:
            raise ValueError(
                f"wrong_primitive_min {self.wrong_primitive_min} is above wrong_primitive_max "
                f"{self.wrong_primitive_max}; swap them",
            )
        return self


class PretrainingConfig(Section):
    """How a base model is made from the corpus."""

    learning_rate: Positive
    muon_learning_rate: Positive
    batch_size: Count
    num_train_epochs: Positive
    warmup_steps: Annotated[int, Field(ge=0)]
    min_learning_rate_ratio: Fraction
    weight_decay: Annotated[float, Field(ge=0)]
    prompt_loss_weight: Fraction


class ModelConfig(Section):
    """A model that is made from scratch: its architecture, and how its bases come about."""

    base_seeds: Seeds
    shape: Component
    corpus: CorpusConfig
    pretraining: PretrainingConfig

    @field_validator("shape")
    @classmethod
    def _known_shape(cls, value: Component) -> Component:
        return check_component(value, ARCHITECTURES, ("Options",))


class SamplingConfig(Section):
    """How completions are drawn, in training and in evaluation alike."""

    temperature: Positive
    max_completion_length: Count
