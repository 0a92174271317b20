"""The configuration of the programming problems."""

from typing import Annotated

from pydantic import AfterValidator, Field, model_validator

from crest.config.section import Count, Positive, Section, Seed, Word, distinct

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

    short_items: Annotated[tuple[int, ...], AfterValidator(distinct)]
    short_words: Annotated[tuple[Word, ...], AfterValidator(distinct)]
    longest_short: Annotated[int, Field(ge=1, le=4)]
    drawn_inputs: Count
