"""The cells of the regime map: an objective, prompts a step and a learning rate, by method name."""

import re
from dataclasses import dataclass

import polars as pl

_NAME = re.compile(r"(?P<objective>[a-z_]+)-p(?P<prompts>\d+)-lr(?P<rate>[0-9.e+-]+)")

COLUMNS = {
    "objective": pl.String,  # the objective with its baseline or its scaling
    "prompts_per_step": pl.Int64,
    "learning_rate": pl.Float64,
}


@dataclass(frozen=True, slots=True)
class RegimeCell:
    """One setting of the map; its attributes are the columns of tables."""

    objective: str
    prompts_per_step: int
    learning_rate: float


def parse_cell(method: str) -> RegimeCell:
    """Return the setting that a method of the study `regime` names.

    Raises:
        ValueError: The name is no such setting.

    Example:
        >>> parse_cell("grpo-p16-lr0.001")
        RegimeCell(objective='grpo', prompts_per_step=16, learning_rate=0.001)
    """
    found = _NAME.fullmatch(method)
    if not found:
        raise ValueError(
            f"{method!r} is no cell of the regime map; "
            "name it {objective}-p{prompts a step}-lr{learning rate}"
        )
    return RegimeCell(found["objective"], int(found["prompts"]), float(found["rate"]))
