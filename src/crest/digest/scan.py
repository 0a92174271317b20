"""The tokens of a text that bear meaning, alike on every Python version."""

import io
import tokenize
from collections.abc import Sequence
from typing import NamedTuple

_KINDS = {tokenize.NAME, tokenize.NUMBER, tokenize.STRING, tokenize.OP, tokenize.NEWLINE}


class Token(NamedTuple):
    """One token that bears meaning.

    Attributes:
        kind: A constant of `token`; every operator is OP, a semicolon counts as NEWLINE.
        text: Its source text.
        position: Row from 1 and UTF-8 byte offset, as `ast` counts them.
    """

    kind: int
    text: str
    position: tuple[int, int]


def scan(source: str) -> list[Token]:
    """Return the tokens of a text; an f-string is one token on every Python version."""
    lines = io.StringIO(source).readlines()
    tokens: list[Token] = []
    opened: list[tuple[int, int]] = []
    for token in tokenize.generate_tokens(iter([*lines, ""]).__next__):
        name = tokenize.tok_name[token.type]
        if name.endswith("STRING_START"):
            opened.append(token.start)
        elif name.endswith("STRING_END"):
            start = opened.pop()
            if not opened:
                text = _between(lines, start, token.end)
                tokens.append(Token(tokenize.STRING, text, _bytes_position(lines, start)))
        elif not opened and token.type in _KINDS:
            kind = tokenize.NEWLINE if token.string == ";" else token.type
            tokens.append(Token(kind, token.string, _bytes_position(lines, token.start)))
    return tokens


def _between(lines: Sequence[str], start: tuple[int, int], end: tuple[int, int]) -> str:
    rows = list(lines[start[0] - 1 : end[0]])
    rows[-1] = rows[-1][: end[1]]
    rows[0] = rows[0][start[1] :]
    return "".join(rows)


def _bytes_position(lines: Sequence[str], position: tuple[int, int]) -> tuple[int, int]:
    row, column = position
    if row > len(lines) or lines[row - 1].isascii():
        return position
    return row, len(lines[row - 1][:column].encode())
