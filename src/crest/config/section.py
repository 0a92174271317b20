"""What a value of the configuration may be, and the shape of each of its parts."""

from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

Fraction = Annotated[float, Field(ge=0, le=1)]
Positive = Annotated[float, Field(gt=0, allow_inf_nan=False)]
Count = Annotated[int, Field(ge=1)]
Seed = Annotated[int, Field(ge=0)]
Name = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]
Word = Annotated[str, Field(pattern=r"^[A-Za-z]+$")]


def distinct(values: tuple[Any, ...]) -> tuple[Any, ...]:
    """Refuse a value that is listed twice."""
    repeated = sorted({value for value in values if values.count(value) > 1})
    if repeated:
        raise ValueError(f"{repeated[0]!r} is listed twice; list each value once")
    return values


def distinct_in_names(rates: tuple[float, ...]) -> tuple[float, ...]:
    """Refuse rates that paths and tables would call by one name."""
    names = [f"{rate:g}" for rate in rates]
    repeated = sorted({name for name in names if names.count(name) > 1})
    if repeated:
        raise ValueError(
            f"two rates are called {repeated[0]} in paths and tables, which hold six digits of "
            "them; choose rates that differ by more",
        )
    return rates


Names = Annotated[tuple[Name, ...], Field(min_length=1), AfterValidator(distinct)]
Rates = Annotated[
    tuple[Positive, ...],
    Field(min_length=1),
    AfterValidator(distinct),
    AfterValidator(distinct_in_names),
]
Seeds = Annotated[tuple[Seed, ...], Field(min_length=1), AfterValidator(distinct)]


class Section(BaseModel):
    """A part of the configuration: immutable, and closed to unknown keys."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=False)
