"""What an edit of the code did to a job, part by part, with a short diff of each.

Jobs leave a record of their code. Where it is gone, nothing can be said of what changed since.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from crest.spec import CLOSURES, present_closure, recorded_symbols

Kind = Literal["changed", "added", "removed", "moved"]


@dataclass(frozen=True, slots=True)
class Change:
    """What became of one function, class, constant or file.

    Attributes:
        symbol: Its readable name, `module:name`.
        kind: What happened to it.
        diff: Lines of a short unified diff of its own text, oldest first; may be empty.
    """

    symbol: str
    kind: Kind
    diff: tuple[str, ...] = ()


def changes(
    then_code: str, spec: Mapping[str, Any], *, closures: Path = CLOSURES
) -> list[Change] | None:
    """Return how the code of a job differs from what it was, sorted by symbol.

    Args:
        then_code: The code digest that the spec had then.
        spec: Fields of a spec of the job: `job` and `choices` are read.
        closures: Where jobs leave the records of their code.

    Returns:
        Empty where the code is the same, None where no job here left a record of the old code.
    """
    then = recorded_symbols(then_code, closures=closures)
    if then is None:
        return None
    now = dict(present_closure(spec).symbols)
    found = [Change(one, "changed") for one in then.keys() & now.keys() if then[one] != now[one]]
    found += [Change(one, "added") for one in now.keys() - then.keys()]
    found += [Change(one, "removed") for one in then.keys() - now.keys()]
    return sorted(found, key=lambda change: change.symbol)
