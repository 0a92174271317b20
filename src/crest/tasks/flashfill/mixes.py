"""Draw programs: which steps, how nested, how wrapped; one mix for training a base, two to use it.

The base is trained on one mix and used on another, so that what it prefers among programs that fit
is not what is right: the shift between pretraining and deployment.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from random import Random

from crest.tasks.flashfill.inputs import Format
from crest.tasks.flashfill.program import (
    After,
    AfterLast,
    All,
    Chain,
    Constant,
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
from crest.tasks.flashfill.symbols import DELIMITERS, CharClass, Position
from crest.tasks.flashfill.weighted import Weighted

OWN_DELIMITER = 0.9
"""Chance that a step's delimiter is one of the record's format; else it is any."""


@dataclass(frozen=True, slots=True)
class Mix:
    """A distribution of chains; how many parts there are is drawn elsewhere.

    Attributes:
        extractions: Weights of the first step of a chain, and of one nested in it.
        whole: Chance that a chain starts with no extraction, so that only a wrapper is left.
        nesting: Chance of a second extraction from what the first one found.
        wrapping: Chance of a step that changes what was found: case, head, replace, ...
    """

    extractions: Weighted[str]
    whole: float
    nesting: float
    wrapping: float


PRETRAINING = Mix(
    Weighted(
        {
            "sub": 0.45,
            "token": 0.17,
            "split": 0.12,
            "upto": 0.08,
            "after": 0.07,
            "afterlast": 0.05,
            "all": 0.06,
        }
    ),
    whole=0.04,
    nesting=0.08,
    wrapping=0.22,
)
"""What a base is trained on: mostly spans by position."""

DEPLOYMENT = Mix(
    Weighted(
        {
            "token": 0.37,
            "split": 0.30,
            "sub": 0.06,
            "upto": 0.08,
            "after": 0.06,
            "afterlast": 0.05,
            "all": 0.08,
        }
    ),
    whole=0.03,
    nesting=0.25,
    wrapping=0.35,
)
"""What it is used on: mostly tokens and fields, more of them nested and wrapped."""

CLASS_WEIGHTS: Weighted[CharClass] = Weighted(
    {"word": 0.38, "number": 0.24, "alnum": 0.18, "upper": 0.12, "lower": 0.08}
)
INDEX_WEIGHTS = Weighted({1: 0.34, 2: 0.26, 3: 0.1, -1: 0.2, -2: 0.1})
LENGTH_WEIGHTS = Weighted({1: 0.35, 2: 0.35, 3: 0.2, 4: 0.1})
SPAN_STARTS = Weighted({"front": 0.45, "back": 0.25, "rest": 0.15, "inner": 0.15})
WRAPPERS = Weighted(
    {
        "upper": 0.2,
        "lower": 0.15,
        "title": 0.15,
        "head": 0.16,
        "tail": 0.1,
        "delete": 0.08,
        "replace": 0.08,
        "reverse": 0.04,
        "trim": 0.04,
    }
)
PATTERNS = {
    1: Weighted({"x": 1.0}),
    2: Weighted({"xx": 0.5, "'x": 0.2, "x'": 0.3}),
    3: Weighted({"x'x": 0.6, "xxx": 0.2, "'xx": 0.1, "xx'": 0.1}),
    4: Weighted({"x'xx": 0.25, "xx'x": 0.25, "x'x'": 0.15, "'x'x": 0.15, "xxxx": 0.2}),
}
"""By number of parts: which of them are constants."""


def draw_program(mix: Mix, num_parts: int, form: Format, rng: Random) -> Program:
    """Return a program of a mix for records of a format; it may be undefined on some of them."""
    pattern = PATTERNS[num_parts].draw(rng)
    return Program(tuple([_draw_part(kind, mix, form, rng) for kind in pattern]))


def _draw_part(kind: str, mix: Mix, form: Format, rng: Random) -> Part:
    if kind == "'":
        return Constant(_any_delimiter(rng))
    return Chain(tuple(_draw_steps(mix, form, rng)))


def _draw_steps(mix: Mix, form: Format, rng: Random) -> list[Step]:
    steps: list[Step] = []
    if rng.random() >= mix.whole:
        steps.append(_EXTRACTIONS[mix.extractions.draw(rng)](form, rng))
        if rng.random() < mix.nesting:
            steps.append(_EXTRACTIONS[mix.extractions.draw(rng)](form, rng))
    if not steps or rng.random() < mix.wrapping:
        steps.append(_WRAPPERS[WRAPPERS.draw(rng)](form, rng))
    return steps


def _any_delimiter(rng: Random) -> str:
    return DELIMITERS[int(rng.random() * len(DELIMITERS))]


def _delimiter(form: Format, rng: Random) -> str:
    if rng.random() >= OWN_DELIMITER:
        return _any_delimiter(rng)
    own = form.separators[int(rng.random() * len(form.separators))]
    return own[0]


def _draw_sub(_: Format, rng: Random) -> Sub:
    """Return a span: from the front, from the back, up to the end, or from front to back."""
    where, length = SPAN_STARTS.draw(rng), LENGTH_WEIGHTS.draw(rng)
    if where == "back":
        start = -1 - int(rng.random() * 5)
        end: Position = start + length if start + length < 0 else "end"
        return Sub(start, end)
    start = int(rng.random() * (7 - length if where == "front" else 4))
    if where == "front":
        return Sub(start, start + length)
    return Sub(start, "end" if where == "rest" else -length)


def _draw_replace(form: Format, rng: Random) -> Replace:
    old = new = _delimiter(form, rng)
    while new == old:
        new = _any_delimiter(rng)
    return Replace(old, new)


Draw = Callable[[Format, Random], Step]

_EXTRACTIONS: Mapping[str, Draw] = {
    "token": lambda _, rng: Token(CLASS_WEIGHTS.draw(rng), INDEX_WEIGHTS.draw(rng)),
    "split": lambda form, rng: Split(_delimiter(form, rng), INDEX_WEIGHTS.draw(rng)),
    "sub": _draw_sub,
    "upto": lambda form, rng: UpTo(_delimiter(form, rng)),
    "after": lambda form, rng: After(_delimiter(form, rng)),
    "afterlast": lambda form, rng: AfterLast(_delimiter(form, rng)),
    "all": lambda _, rng: All(CLASS_WEIGHTS.draw(rng)),
}
_WRAPPERS: Mapping[str, Draw] = {
    "upper": lambda _form, _rng: Upper(),
    "lower": lambda _form, _rng: Lower(),
    "title": lambda _form, _rng: Title(),
    "head": lambda _, rng: Head(LENGTH_WEIGHTS.draw(rng)),
    "tail": lambda _, rng: Tail(LENGTH_WEIGHTS.draw(rng)),
    "delete": lambda form, rng: Delete(_delimiter(form, rng)),
    "replace": _draw_replace,
    "reverse": lambda _form, _rng: Reverse(),
    "trim": lambda _form, _rng: Trim(),
}
