"""How many programs fit what a task shows, and how many of them are right: the trapdoor, counted.

Only chains of at most two steps are listed, so this is a lower bound on the rivals, and says
something of tasks of one part alone.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from crest.tasks.flashfill.enumeration import fitting_chains
from crest.tasks.flashfill.evaluate import compile_program, run
from crest.tasks.flashfill.program import Program


@dataclass(frozen=True, slots=True)
class Ambiguity:
    """The programs that fit the visible pairs, and what they do on the held-out inputs.

    Attributes:
        num_fitting: Programs with the visible outputs.
        num_defined: Of them, those that have a value on every held-out input.
        num_generalising: Of them, those with the held-out outputs.
        num_behaviours: Different values on the held-out inputs.
    """

    num_fitting: int
    num_defined: int
    num_generalising: int
    num_behaviours: int

    @property
    def unique(self) -> bool:
        """Return whether the visible pairs decide what the held-out outputs are."""
        return self.num_behaviours == 1


def measure_ambiguity(inputs: Sequence[str], outputs: Sequence[str], num_visible: int) -> Ambiguity:
    """Return how well the first pairs of a task determine the others.

    Args:
        inputs: Of all pairs, the visible ones first.
        outputs: Of all pairs.
        num_visible: How many are shown, at least one.

    Raises:
        ValueError: No pair is shown.
    """
    if num_visible < 1:
        raise ValueError(f"num_visible is {num_visible}: every program fits no pairs; show one")
    wanted = tuple(outputs[num_visible:])
    behaviours = [
        run(compile_program(Program((chain,))), inputs[num_visible:])
        for chain in fitting_chains(inputs[:num_visible], outputs[:num_visible])
    ]
    return Ambiguity(
        num_fitting=len(behaviours),
        num_defined=sum(None not in values for values in behaviours),
        num_generalising=behaviours.count(wanted),
        num_behaviours=len(set(behaviours)),
    )
