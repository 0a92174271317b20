"""A task: a secret program, and its outputs on inputs of which some are irregular."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Task:
    """Input/output pairs of one program; which of them are shown, a split seed decides later.

    Attributes:
        task_id: Unique over all banks, pools and the corpus.
        level: Number of parts of the secret program.
        program: Its text; never shown to a model that is measured on the task.
        inputs: Distinct texts.
        outputs: The program's value on each.
        irregular: Whether each input departs from the format of the task's others.
    """

    task_id: str
    level: int
    program: str
    inputs: tuple[str, ...]
    outputs: tuple[str, ...]
    irregular: tuple[bool, ...]

    def __post_init__(self) -> None:
        if not len(self.inputs) == len(self.outputs) == len(self.irregular):
            raise ValueError(
                f"{self.task_id} has {len(self.inputs)} inputs, {len(self.outputs)} outputs and "
                f"{len(self.irregular)} flags: give one output and one flag to each input"
            )
