"""The whole configuration: every key typed, unknown keys refused, all before any job starts.

`config.yaml` documents each key beside its value; the classes here say what a value may be. A job
never reads the configuration: it gets its slice inside its spec.
"""

from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import Field, ValidationError, model_validator

from crest.config.collapse import (
    ArchitecturesConfig,
    ArmConfig,
    DiagnosticConfig,
    EvaluationConfig,
    ExtendedConfig,
    MonitorConfig,
    PassAtKConfig,
    PilotConfig,
    RefereeConfig,
    RegimeConfig,
    StudyConfig,
    TrainingConfig,
)
from crest.config.crossover import CrossoverConfig
from crest.config.models import ModelConfig, SamplingConfig
from crest.config.section import Name, Section
from crest.config.shared import AuditConfig, GradingConfig, RuntimeConfig, StatisticsConfig
from crest.config.tasks import OracleConfig, TasksConfig
from crest.config_faults import fault_lines


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
    crossover: CrossoverConfig
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
