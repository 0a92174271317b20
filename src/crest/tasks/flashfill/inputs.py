"""Draw the inputs of a task: records of one format, and records that depart from it.

A format is two to four segments (word, Word, WORD, number, mixed) and what stands between them. A
record is irregular when one thing of its format was changed: a segment more or less, a segment of
another kind, another separator. That is the trapdoor: a program that fits regular records may read
an irregular one differently from the secret program, or find nothing.
"""

from dataclasses import dataclass, replace
from functools import cache
from itertools import product
from random import Random
from typing import Literal

from crest.tasks.flashfill.symbols import DELIMITERS, DIGITS, LETTERS
from crest.tasks.flashfill.weighted import Weighted

Segment = Literal["word", "Word", "WORD", "number", "mixed"]

SEGMENTS: Weighted[Segment] = Weighted(
    {"word": 0.3, "Word": 0.2, "WORD": 0.12, "number": 0.25, "mixed": 0.13}
)
NUM_SEGMENTS = Weighted({2: 0.35, 3: 0.4, 4: 0.25})
MAX_SEGMENTS = 5
ONE_SEPARATOR = 0.6
"""Share of formats with the same separator everywhere."""
SPACED = 0.1
"""Share of separators that a space follows."""
WORD_LENGTH = Weighted({2: 0.4, 3: 0.4, 4: 0.2})
NUMBER_LENGTH = Weighted({1: 0.3, 2: 0.45, 3: 0.25})


@dataclass(frozen=True, slots=True)
class Format:
    """What a task's regular records look like.

    Attributes:
        segments: Kinds of the segments, from left to right.
        separators: What stands between them, one fewer.
    """

    segments: tuple[Segment, ...]
    separators: tuple[str, ...]


def draw_format(rng: Random) -> Format:
    """Return the format of a task."""
    num = NUM_SEGMENTS.draw(rng)
    segments = tuple([SEGMENTS.draw(rng) for _ in range(num)])
    if rng.random() < ONE_SEPARATOR:
        return Format(segments, (_draw_separator(rng),) * (num - 1))
    return Format(segments, tuple([_draw_separator(rng) for _ in range(num - 1)]))


def draw_record(form: Format, rng: Random) -> str:
    """Return a regular record of a format."""
    pieces = [draw_segment(form.segments[0], rng)]
    for separator, segment in zip(form.separators, form.segments[1:], strict=True):
        pieces += (separator, draw_segment(segment, rng))
    return "".join(pieces)


def draw_irregular(form: Format, rng: Random) -> str:
    """Return a record in which one thing of the format is changed."""
    return draw_record(_changed(form, rng), rng)


def draw_segment(kind: Segment, rng: Random) -> str:
    """Return a segment of a kind."""
    if kind == "number":
        return _draw_characters(DIGITS, NUMBER_LENGTH.draw(rng), rng)
    if kind == "mixed":
        letters = _draw_characters(LETTERS, 1 + (rng.random() < 0.5), rng)
        digits = _draw_characters(DIGITS, 1 + (rng.random() < 0.5), rng)
        return letters + digits if rng.random() < 0.7 else digits + letters
    word = _draw_characters(LETTERS, WORD_LENGTH.draw(rng), rng)
    if kind == "word":
        return word
    return word.upper() if kind == "WORD" else word.title()


def _draw_characters(alphabet: str, num: int, rng: Random) -> str:
    every = _words(alphabet, num)
    return every[int(rng.random() * len(every))]


@cache
def _words(alphabet: str, num: int) -> tuple[str, ...]:
    """Return all words of a length: to choose one of them takes one draw."""
    return tuple(map("".join, product(alphabet, repeat=num)))


def _draw_separator(rng: Random) -> str:
    delimiter = DELIMITERS[int(rng.random() * len(DELIMITERS))]
    return delimiter + " " if delimiter != " " and rng.random() < SPACED else delimiter


def _changed(form: Format, rng: Random) -> Format:
    """Return the format with one change, each kind of change as likely where it is possible."""
    changes = [_with_other_kind, _with_other_separator]
    changes += [_with_more] if len(form.segments) < MAX_SEGMENTS else []
    changes += [_with_less] if len(form.segments) > 2 else []
    return changes[int(rng.random() * len(changes))](form, rng)


def _with_other_kind(form: Format, rng: Random) -> Format:
    place = int(rng.random() * len(form.segments))
    kind = SEGMENTS.draw(rng)
    while kind == form.segments[place]:
        kind = SEGMENTS.draw(rng)
    return replace(form, segments=_put(form.segments, place, kind))


def _with_other_separator(form: Format, rng: Random) -> Format:
    place = int(rng.random() * len(form.separators))
    separator = _draw_separator(rng)
    while separator == form.separators[place]:
        separator = _draw_separator(rng)
    separators = form.separators
    return Format(form.segments, (*separators[:place], separator, *separators[place + 1 :]))


def _with_more(form: Format, rng: Random) -> Format:
    place = int(rng.random() * (len(form.segments) + 1))
    between = min(place, len(form.separators) - 1)
    separator = form.separators[between]
    kind = SEGMENTS.draw(rng)
    return Format(
        (*form.segments[:place], kind, *form.segments[place:]),
        (*form.separators[:between], separator, *form.separators[between:]),
    )


def _with_less(form: Format, rng: Random) -> Format:
    place = int(rng.random() * len(form.segments))
    between = min(place, len(form.separators) - 1)
    return Format(
        (*form.segments[:place], *form.segments[place + 1 :]),
        (*form.separators[:between], *form.separators[between + 1 :]),
    )


def _put(segments: tuple[Segment, ...], place: int, kind: Segment) -> tuple[Segment, ...]:
    return (*segments[:place], kind, *segments[place + 1 :])
