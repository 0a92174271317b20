"""A normal form of programs: equal normal forms behave alike on every text of ASCII.

Sound, not complete: programs that behave alike may keep different forms (`signature.py` compares
what they do). A rule never adds or removes an input on which the program raises. The rules: one
name for steps that are the same (`head(k)` is `sub(0,k)`, the first field is `upto`); the last
change of case wins, and moves behind what it commutes with; a step that cannot change what the
steps before it leave goes; a class of characters becomes the first one that means the same there.
"""

from dataclasses import dataclass, replace

from crest.tasks.flashfill.program import (
    AfterLast,
    All,
    Chain,
    Delete,
    Head,
    Lower,
    Part,
    Program,
    Replace,
    Reverse,
    Split,
    Step,
    Sub,
    Tail,
    Title,
    Token,
    Trim,
    Upper,
    UpTo,
)
from crest.tasks.flashfill.symbols import CLASSES, POSITIONS, CharClass, Position
from crest.tasks.flashfill.text import print_program

_CONTENTS: dict[CharClass, frozenset[str]] = {
    "word": frozenset("Aa"),
    "number": frozenset("0"),
    "alnum": frozenset("Aa0"),
    "upper": frozenset("A"),
    "lower": frozenset("a"),
}
"""Classes by kinds of characters: `A` capital, `a` small, `0` digit."""
_REST = "?"
_ANYTHING = frozenset("Aa0 -.,/_:@") | {_REST}


@dataclass(frozen=True, slots=True)
class _Known:
    """What is known of a text: kinds of characters that it may hold, and that it holds some."""

    kinds: frozenset[str] = _ANYTHING
    filled: bool = False


def canonical_text(program: Program) -> str:
    """Return the text of a program's normal form."""
    return print_program(canonical(program))


def canonical(program: Program) -> Program:
    """Return a program's normal form, which is a program and its own normal form."""
    return Program(tuple([_canonical_part(part) for part in program.parts]))


def _canonical_part(part: Part) -> Part:
    if not isinstance(part, Chain):
        return part
    steps, before = [_renamed(step) for step in part.steps], None
    while steps != before:
        before = steps
        steps = _reordered(_reduced(steps))
    return Chain(tuple(steps))


def _renamed(step: Step) -> Step:
    match step:
        case Head(length):
            return Sub(0, length)
        case Tail(length):
            return Sub(-length, "end")
        case Split(delimiter, 1):
            return UpTo(delimiter)
        case Split(delimiter, -1):
            return AfterLast(delimiter)
    return step


def _reordered(steps: list[Step]) -> list[Step]:
    """Return the steps after one pass over neighbours."""
    done: list[Step] = []
    for step in steps:
        if done:
            done[-1:] = _pair(done[-1], step)
        else:
            done.append(step)
    return done


def _pair(first: Step, second: Step) -> tuple[Step, ...]:
    """Return what two neighbours become."""
    match first, second:
        case (Upper() | Lower() | Title(), _):
            return _after_case(first, second)
        case (Reverse(), Reverse()):
            return ()
        case (Trim(), Trim()):
            return (first,)
        case (Reverse(), Sub(start, end)):
            return _sub_before_reverse(start, end)
    return (first, second)


def _after_case(case_of: Step, step: Step) -> tuple[Step, ...]:
    """Return what a change of case and the step behind it become."""
    match case_of, step:
        case (_, Upper() | Lower() | Title()):
            return (step,)
        case (Upper(), Token("upper") | All("upper")) | (Lower(), Token("lower") | All("lower")):
            return (_of_letters(step), case_of)
        case (_, Token("lower" | "upper") | All("lower" | "upper")):
            return (case_of, step)
        case (Title(), All() | Delete() | Reverse() | Tail()):
            return (case_of, step)
        case (Title(), Sub(start)) if start != 0:
            return (case_of, step)
    return (step, case_of)


def _of_letters(step: Step) -> Step:
    return replace(step, kind="word") if isinstance(step, Token | All) else step


def _sub_before_reverse(start: Position, end: Position) -> tuple[Step, ...]:
    """Return a span of the reversed text as the reverse of a span, if positions can say it."""
    mirrored = [_mirrored(end), _mirrored(start)]
    if all(place in POSITIONS for place in mirrored):
        return (Sub(*mirrored), Reverse())
    return (Reverse(), Sub(start, end))


def _mirrored(place: Position) -> Position:
    if place == "end":
        return 0
    return -place if place else "end"


def _reduced(steps: list[Step]) -> list[Step]:
    """Return the steps without those that change nothing, classes by their first equal."""
    known, kept = _Known(), []
    for step in steps:
        named = _with_first_class(step, known)
        if not _changes_nothing(named, known):
            kept.append(named)
            known = _after(named, known)
    return kept


def _with_first_class(step: Step, known: _Known) -> Step:
    if not isinstance(step, Token | All):
        return step
    meant = _CONTENTS[step.kind] & known.kinds
    return replace(
        step, kind=next(kind for kind in CLASSES if _CONTENTS[kind] & known.kinds == meant)
    )


def _changes_nothing(step: Step, known: _Known) -> bool:
    match step:
        case Upper():
            return "a" not in known.kinds
        case Lower():
            return "A" not in known.kinds
        case Title():
            return known.kinds.isdisjoint("Aa")
        case Trim():
            return " " not in known.kinds
        case Token(kind, 1 | -1) | All(kind):
            return known.filled and known.kinds <= _CONTENTS[kind]
    return False


def _after(step: Step, known: _Known) -> _Known:
    """Return what is known of a text after a step."""
    kinds, filled = known.kinds, False
    match step:
        case Token(kind) | All(kind):
            kinds, filled = kinds & _CONTENTS[kind], True
        case Split(delimiter) | UpTo(delimiter) | AfterLast(delimiter) | Delete(delimiter):
            kinds = kinds - {delimiter}
        case Replace(old, new):
            kinds, filled = (kinds - {old}) | {new}, True
        case Upper():
            kinds, filled = kinds - {"a"} | {"A"}, known.filled
        case Lower():
            kinds, filled = kinds - {"A"} | {"a"}, known.filled
        case Title():
            kinds, filled = kinds | {"A", "a"}, known.filled
        case Sub():
            filled = True
        case Reverse():
            filled = known.filled
    return _Known(kinds, filled=filled)
