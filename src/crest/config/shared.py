"""The configuration of what all studies share: grading, statistics, the machine."""

from typing import Annotated, Literal

from pydantic import Field

from crest.config.section import Count, Fraction, Positive, Section, Seed


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
