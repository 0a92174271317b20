"""S-expressions, the syntax of SMT-LIB and SyGuS files: nested lists of atoms and texts.

Covers comments from `;` to the end of a line, texts in quotes in which `""` is a quote, and symbols
between bars. Does not cover: checks that commands are known or well-typed.
"""

import re
from dataclasses import dataclass

_TOKEN = re.compile(r'\s+|;[^\n]*|(?P<quoted>"(?:[^"]|"")*")|(?P<word>[()]|\|[^|]*\||[^\s()";|]+)')


@dataclass(frozen=True, slots=True)
class Text:
    """What stands in quotes, as opposed to an atom of the same letters."""

    value: str


Expression = str | Text | list["Expression"]


def parse_expressions(source: str) -> list[Expression]:
    """Return the expressions of a file.

    Raises:
        ValueError: Brackets or quotes do not match; says in which line.

    Example:
        >>> parse_expressions('(= (f "a") x) ; end')
        [['=', ['f', Text(value='a')], 'x']]
    """
    open_lists: list[list[Expression]] = [[]]
    place = 0
    while place < len(source):
        match = _TOKEN.match(source, place)
        if match is None:
            raise ValueError(f"line {_line(source, place)}: a quote or bar is never closed")
        _take(match, open_lists, source)
        place = match.end()
    if len(open_lists) > 1:
        raise ValueError(f"line {_line(source, place)}: {len(open_lists) - 1} brackets stay open")
    return open_lists[0]


def _take(match: re.Match[str], open_lists: list[list[Expression]], source: str) -> None:
    quoted, word = match["quoted"], match["word"]
    if quoted is not None:
        open_lists[-1].append(Text(quoted[1:-1].replace('""', '"')))
    elif word == "(":
        inner: list[Expression] = []
        open_lists[-1].append(inner)
        open_lists.append(inner)
    elif word == ")":
        if len(open_lists) == 1:
            line = _line(source, match.start())
            raise ValueError(f"line {line}: a bracket closes that none opens")
        open_lists.pop()
    elif word is not None:
        open_lists[-1].append(word)


def _line(source: str, place: int) -> int:
    return source.count("\n", 0, place) + 1
