"""The study's configuration: every key typed, unknown keys refused, all before any job starts.

`config.yaml` documents each key beside its value; the classes here say what a value may be. A job
never reads the configuration: it gets its slice inside its spec.
"""

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    ValidationError,
    field_validator,
    model_validator,
)

from crest.components import Component, check_component
from crest.config_faults import fault_lines
from crest.registry import Registry

ARCHITECTURES = Registry("crest.models.organism.architectures")
CONTROLLERS = Registry("crest.control")
OBJECTIVES = Registry("crest.learning.objectives")
PENALTIES = Registry("crest.learning.penalties")
NO_PENALTY = Component(kind="none")

Fraction = Annotated[float, Field(ge=0, le=1)]
Positive = Annotated[float, Field(gt=0, allow_inf_nan=False)]
Count = Annotated[int, Field(ge=1)]
Seed = Annotated[int, Field(ge=0)]
Name = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]
Word = Annotated[str, Field(pattern=r"^[A-Za-z]+$")]


def _distinct(values: tuple[Any, ...]) -> tuple[Any, ...]:
    repeated = sorted({value for value in values if values.count(value) > 1})
    if repeated:
        raise ValueError(f"{repeated[0]!r} is listed twice; list each value once")
    return values


def _distinct_in_names(rates: tuple[float, ...]) -> tuple[float, ...]:
    names = [f"{rate:g}" for rate in rates]
    repeated = sorted({name for name in names if names.count(name) > 1})
    if repeated:
        raise ValueError(
            f"two rates are called {repeated[0]} in paths and tables, which hold six digits of "
            "them; choose rates that differ by more",
        )
    return rates


FAMILIES = (
    "map_reduce",
    "filter_reduce",
    "order_slice",
    "string",
    "filter_map",
    "pairwise",
    "cond",
    "chain3",
)


def _known_family(name: str) -> str:
    if name not in FAMILIES:
        raise ValueError(f"unknown family {name!r}; use {', '.join(FAMILIES)}")
    return name


Family = Annotated[str, AfterValidator(_known_family)]
Names = Annotated[tuple[Name, ...], Field(min_length=1), AfterValidator(_distinct)]
Rates = Annotated[
    tuple[Positive, ...],
    Field(min_length=1),
    AfterValidator(_distinct),
    AfterValidator(_distinct_in_names),
]
Seeds = Annotated[tuple[Seed, ...], Field(min_length=1), AfterValidator(_distinct)]


class Section(BaseModel):
    """A part of the configuration: immutable, and closed to unknown keys."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=False)


class StudyConfig(Section):
    """The grid: which arms, how many chains, how long."""

    name: Name
    model: Name
    arms: Names
    reference_arm: Name
    seeds: Seeds
    campaigns: Count
    max_steps: Count


class TasksConfig(Section):
    """The programming problems and their splits."""

    seed: Seed
    train: Count
    select: Count
    report: Count
    hidden_tests: Count
    candidate_inputs: Count
    family_weights: dict[Family, Positive]

    @model_validator(mode="after")
    def _tests_are_chosen(self) -> "TasksConfig":
        if self.hidden_tests > self.candidate_inputs // 2:
            raise ValueError(
                f"hidden_tests {self.hidden_tests} of {self.candidate_inputs} candidate_inputs "
                "leaves no choice; ask for at most half of them",
            )
        return self


class OracleConfig(Section):
    """The finite set of inputs on which the oracle compares a program with the reference."""

    short_items: Annotated[tuple[int, ...], AfterValidator(_distinct)]
    short_words: Annotated[tuple[Word, ...], AfterValidator(_distinct)]
    longest_short: Annotated[int, Field(ge=1, le=4)]
    drawn_inputs: Count


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

    ks: Annotated[tuple[Count, ...], Field(min_length=1), AfterValidator(_distinct)]

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

    arms: Annotated[tuple[Name, ...], AfterValidator(_distinct)]


class RegimeConfig(Section):
    """The map of settings in which self-training collapses: a grid of chains of its own."""

    arms: Names
    learning_rates: Rates
    prompts_per_step: Annotated[tuple[Count, ...], Field(min_length=1), AfterValidator(_distinct)]
    seeds: Seeds
    campaigns: Count


class DiagnosticConfig(Section):
    """One long campaign at each of some arms' settings."""

    arms: Names
    seeds: Seeds
    max_steps: Count


class ArchitecturesConfig(Section):
    """Chains of some arms on further models."""

    models: Annotated[tuple[Name, ...], AfterValidator(_distinct)]
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


class GradingConfig(Section):
    """What holds programs, and the limits of one program's run."""

    isolation: Literal["auto", "landlock", "bubblewrap", "strict", "none"]
    cpu_s: Positive
    wall_s: Positive
    memory_mib: Annotated[int, Field(ge=32)]
    address_space_mib: Annotated[int, Field(ge=64)]
    output_mib: Count


class AuditConfig(Section):
    """How often a sample of graded rollouts is judged again, and under which load."""

    num_programs: Count
    repeats: Count
    oversubscription: Count


class StatisticsConfig(Section):
    """How intervals and verdicts are made."""

    seed: Seed
    num_resamples: Annotated[int, Field(ge=100)]
    confidence_level: Annotated[float, Field(gt=0.5, lt=1)]
    collapse_gap: Fraction


class RuntimeConfig(Section):
    """How a job uses its machine; part of every spec that trains or samples."""

    threads: Count


class Config(Section):
    """The whole study."""

    results: Annotated[str, Field(min_length=1)]
    study: StudyConfig
    tasks: TasksConfig
    oracle: OracleConfig
    models: Annotated[dict[Name, ModelConfig], Field(min_length=1)]
    sampling: SamplingConfig
    training: TrainingConfig
    monitor: MonitorConfig
    evaluation: EvaluationConfig
    pass_at_k: PassAtKConfig
    pilot: PilotConfig
    arms: dict[Name, ArmConfig]
    referee: RefereeConfig
    extended: ExtendedConfig
    regime: RegimeConfig
    diagnostic: DiagnosticConfig
    architectures: ArchitecturesConfig
    grading: GradingConfig
    audit: AuditConfig
    statistics: StatisticsConfig
    runtime: RuntimeConfig

    @model_validator(mode="after")
    def _names_exist(self) -> "Config":
        named = (
            *_items("study.arms", self.study.arms),
            ("study.reference_arm", self.study.reference_arm),
            ("pilot.arm", self.pilot.arm),
            *_items("referee.arms", self.referee.arms),
            *_items("extended.arms", self.extended.arms),
            *_items("regime.arms", self.regime.arms),
            *_items("diagnostic.arms", self.diagnostic.arms),
            *_items("architectures.arms", self.architectures.arms),
        )
        for where, name in named:
            _check_name(where, "arm", name, self.arms)
        models = (
            ("study.model", self.study.model),
            *_items("architectures.models", self.architectures.models),
        )
        for where, name in models:
            _check_name(where, "model", name, self.models)
        return self

    @model_validator(mode="after")
    def _grids_do_not_overlap(self) -> "Config":
        twice = [arm for arm in self.extended.arms if arm in self.study.arms]
        if twice:
            raise ValueError(
                f"extended.arms: {twice[0]!r} is in study.arms already, and the extended grid has "
                "all of these; name it once",
            )
        if self.study.model in self.architectures.models:
            raise ValueError(
                f"architectures.models: {self.study.model!r} is the study's own model; name others",
            )
        return self

    @model_validator(mode="after")
    def _every_grid_is_refereed(self) -> "Config":
        if not set(self.referee.arms) & set(self.study.arms):
            raise ValueError(
                f"referee.arms: none of {', '.join(self.referee.arms)} is in study.arms, so the "
                "default grid would have no chain to measure again; name one that is",
            )
        return self

    @model_validator(mode="after")
    def _splits_suffice(self) -> "Config":
        needs = (
            ("training.problems_per_campaign", self.training.problems_per_campaign, "train"),
            ("monitor.num_problems", self.monitor.num_problems, "select"),
            ("evaluation.num_problems", self.evaluation.num_problems, "report"),
            ("evaluation.num_problems", self.evaluation.num_problems, "select"),
            ("pass_at_k.num_problems", self.pass_at_k.num_problems, "report"),
            ("referee.repeat_problems", self.referee.repeat_problems, "report"),
        )
        for key, value, split in needs:
            size = getattr(self.tasks, split)
            if value > size:
                raise ValueError(f"{key}: {value} problems, but tasks.{split} makes only {size}")
        return self

    @model_validator(mode="after")
    def _pools_suffice(self) -> "Config":
        asked, pool = self.referee.pool_problems, self.training.problems_per_campaign
        if asked > pool:
            raise ValueError(
                f"referee.pool_problems: {asked} problems, but training.problems_per_campaign is "
                f"{pool}; ask for at most a whole pool",
            )
        if self.oracle.drawn_inputs < self.tasks.candidate_inputs:
            raise ValueError(
                f"oracle.drawn_inputs: {self.oracle.drawn_inputs} inputs, but "
                f"tasks.candidate_inputs is {self.tasks.candidate_inputs}, all of which the domain "
                "holds; ask for at least as many",
            )
        return self

    @model_validator(mode="after")
    def _steps_fit_the_pool(self) -> "Config":
        pool = self.training.problems_per_campaign
        prompts = (
            *((f"arms.{name}", arm.prompts_per_step or 1) for name, arm in self.arms.items()),
            *(("regime", count) for count in self.regime.prompts_per_step),
        )
        for where, count in prompts:
            if count > pool:
                raise ValueError(
                    f"{where}.prompts_per_step: {count} problems, but "
                    f"training.problems_per_campaign is {pool}; a step draws distinct problems",
                )
        return self

    @model_validator(mode="after")
    def _pilot_uses_seeds_of_its_own(self) -> "Config":
        used = {*self.study.seeds, *self.regime.seeds, *self.diagnostic.seeds}
        shared = sorted(set(self.pilot.seeds) & used)
        if shared:
            raise ValueError(
                f"pilot.seeds: {shared} are seeds of results too; what chooses the learning rate "
                "must not be a result, so give the pilot other seeds",
            )
        return self


def _items(where: str, names: tuple[str, ...]) -> list[tuple[str, str]]:
    return [(f"{where}[{index}]", name) for index, name in enumerate(names)]


def _check_name(where: str, what: str, name: str, known: Mapping[str, Any]) -> None:
    if name not in known:
        raise ValueError(
            f"{where}: unknown {what} {name!r}; use one of {', '.join(sorted(known))} "
            f"or describe it under {what}s",
        )


class ConfigError(ValueError):
    """The configuration is wrong; the message lists each fault with its path and remedy."""


def load_config(raw: Mapping[str, Any]) -> Config:
    """Return the validated configuration.

    Raises:
        ConfigError: With one line a fault: dotted path, what is wrong, the value.
    """
    try:
        return Config.model_validate(dict(raw))
    except ValidationError as error:
        faults = "\n".join(f"  {line}" for line in fault_lines(error))
        raise ConfigError(f"the configuration cannot be used:\n{faults}") from None
