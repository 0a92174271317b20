"""Programs of the string language as typed trees.

    program := part (" + " part)*        the parts' values joined; 1 to 4 parts
    part    := constant | "x" step*      one delimiter, or the input after some steps
    step    := one of the classes below

A step takes a text and returns a text. **What is not there raises**: a token, field, character,
delimiter or position that the text lacks, a length that it does not reach. Nothing is clamped.
Letters are those of ASCII. The language is ours, after RobustFill (arXiv:1703.07469) [ours].
"""

from dataclasses import dataclass

from crest.tasks.flashfill.symbols import CharClass, Position


@dataclass(frozen=True, slots=True)
class Token:
    """`.token(C,i)`: the i-th maximal run of a class, from 1, or from the end if negative."""

    kind: CharClass
    index: int


@dataclass(frozen=True, slots=True)
class Split:
    """`.split('d',i)`: the i-th field between delimiters, which may be empty; needs one `d`."""

    delimiter: str
    index: int


@dataclass(frozen=True, slots=True)
class Sub:
    """`.sub(a,b)`: the characters between two positions; there must be at least one."""

    start: Position
    end: Position


@dataclass(frozen=True, slots=True)
class UpTo:
    """`.upto('d')`: what stands before the first delimiter; needs one."""

    delimiter: str


@dataclass(frozen=True, slots=True)
class After:
    """`.after('d')`: what stands behind the first delimiter; needs one."""

    delimiter: str


@dataclass(frozen=True, slots=True)
class AfterLast:
    """`.afterlast('d')`: what stands behind the last delimiter; needs one."""

    delimiter: str


@dataclass(frozen=True, slots=True)
class All:
    """`.all(C)`: every character of a class, in order; needs one."""

    kind: CharClass


@dataclass(frozen=True, slots=True)
class Upper:
    """`.upper()`: all letters capital."""


@dataclass(frozen=True, slots=True)
class Lower:
    """`.lower()`: all letters small."""


@dataclass(frozen=True, slots=True)
class Title:
    """`.title()`: the first letter of each run of letters capital, the others small."""


@dataclass(frozen=True, slots=True)
class Head:
    """`.head(k)`: the first k characters; needs as many."""

    length: int


@dataclass(frozen=True, slots=True)
class Tail:
    """`.tail(k)`: the last k characters; needs as many."""

    length: int


@dataclass(frozen=True, slots=True)
class Replace:
    """`.replace('d','e')`: each `d` becomes `e`; needs one `d`."""

    old: str
    new: str


@dataclass(frozen=True, slots=True)
class Delete:
    """`.delete('d')`: the text without any `d`; needs one."""

    delimiter: str


@dataclass(frozen=True, slots=True)
class Reverse:
    """`.reverse()`: the characters from last to first."""


@dataclass(frozen=True, slots=True)
class Trim:
    """`.trim()`: the text without spaces at both ends; there need be none."""


Step = (
    Token
    | Split
    | Sub
    | UpTo
    | After
    | AfterLast
    | All
    | Upper
    | Lower
    | Title
    | Head
    | Tail
    | Replace
    | Delete
    | Reverse
    | Trim
)


@dataclass(frozen=True, slots=True)
class Constant:
    """A delimiter that stands for itself."""

    delimiter: str


@dataclass(frozen=True, slots=True)
class Chain:
    """The input after some steps; without any, the input itself."""

    steps: tuple[Step, ...] = ()


Part = Constant | Chain


@dataclass(frozen=True, slots=True)
class Program:
    """Parts whose values are joined."""

    parts: tuple[Part, ...]

    @property
    def num_steps(self) -> int:
        """Return the number of steps of all parts."""
        return sum(len(part.steps) for part in self.parts if isinstance(part, Chain))
