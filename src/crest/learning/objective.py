"""An objective ready for use: a file of `crest.learning.objectives` together with its options."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from crest.learning.advantages import Rewards, State
from crest.learning.losses import LossInputs, LossOutput
from crest.learning.options import ObjectiveOptions
from crest.registry import Registry

OBJECTIVES = Registry("crest.learning.objectives")


@dataclass(frozen=True, slots=True)
class Objective:
    """What one step maximises.

    Attributes:
        options: Validated options.
        advantages: Rewards float64[problem, sample] in {0, 1}, options, and the state of the
            previous step; returns advantages of the same shape, and the state for the next step.
        loss: Inputs of some rows, and options; returns their share of the batch's loss.
    """

    options: ObjectiveOptions
    advantages: Callable[[Rewards, Any, State], tuple[Rewards, State]]
    loss: Callable[[LossInputs, Any], LossOutput]


def load_objective(kind: str, options: Mapping[str, Any]) -> Objective:
    """Return the objective of a kind, with its options validated.

    Raises:
        KeyError: There is no such kind.
        pydantic.ValidationError: An option is unknown or out of range.
    """
    module = OBJECTIVES[kind]
    validated = module.Options.model_validate(dict(options))
    return Objective(options=validated, advantages=module.advantages, loss=module.loss)
