"""Drawing problems family by family, none of them twice by spec or by behaviour."""

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Any

from crest import seeds
from crest.config import TasksConfig
from crest.tasks.code.behaviour import outputs
from crest.tasks.code.examine import Examined, Rejection, examine, find_fault
from crest.tasks.code.families import FAMILIES, Family
from crest.tasks.code.inputs import candidate_inputs
from crest.tasks.code.quotas import apportion
from crest.tasks.code.spec import Spec


class Drawing:
    """Problems without end, as far as the families reach.

    Attributes:
        rejected: How many specs were drawn and turned down, by reason.
    """

    rejected: Counter[Rejection]

    def __init__(self, config: TasksConfig) -> None:
        self._config = config
        self._specs: set[str] = set()
        self._behaviours: set[str] = set()
        self.rejected = Counter()
        self._streams = {
            name: self._stream(FAMILIES[name])
            for name, weight in config.family_weights.items()
            if weight > 0
        }

    def take(self, num: int) -> list[Examined]:
        """Return `num` further problems, the families in proportion to their weights.

        A family that has no more gives way to the others.

        Raises:
            ValueError: All families together hold too few.
        """
        taken: list[Examined] = []
        while len(taken) < num and self._streams:
            weights = {name: self._config.family_weights[name] for name in self._streams}
            for name, quota in apportion(num - len(taken), weights).items():
                found = list(islice(self._streams[name], quota))
                taken.extend(found)
                if len(found) < quota:
                    del self._streams[name]
        if len(taken) < num:
            raise ValueError(
                f"the families {', '.join(self._config.family_weights)} hold only "
                f"{len(self._behaviours)} different problems: lower tasks.train, tasks.select or "
                "tasks.report, or give weight to further families"
            )
        return taken

    def _stream(self, family: Family) -> Iterator[Examined]:
        config = self._config
        inputs = candidate_inputs(family, config.candidate_inputs, config.seed)
        rng = seeds.generator("code tasks", config.seed, "order", family.name)
        for steps in family.shuffled_sequences(rng):
            spec = Spec(family, steps)
            expected = outputs(spec, inputs)
            if fault := self._find_fault(spec, inputs, expected):
                self.rejected[fault] += 1
                continue
            self._specs.add(spec.canonical)
            self._behaviours.add(repr(expected))
            yield examine(spec, inputs, expected, num_tests=config.hidden_tests, seed=config.seed)

    def _find_fault(
        self, spec: Spec, inputs: Sequence[Any], expected: Sequence[Any]
    ) -> Rejection | None:
        if spec.canonical in self._specs:
            return Rejection.SAME_SPEC
        if repr(expected) in self._behaviours:
            return Rejection.SAME_BEHAVIOUR
        return find_fault(spec, inputs, expected)
