"""Source text as canonical tokens: what a formatter may change is gone.

Dropped: comments, docstrings and other statements without effect, blank lines, indentation width,
line joints, semicolons, quote style, string joints, trailing commas, the parentheses that
formatters put around a whole right-hand side, condition or import list. Kept: every name, number,
operator and string value, and the nesting of statements. Redundant parentheses elsewhere count
as an edit, as does the name of a local variable.

Equal on every Python from 3.11: blocks come from statement positions, f-strings from their text.
"""

import ast
import io
import keyword
import tokenize
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from crest.digest.blocks import blocks_in
from crest.digest.strings import canonical_strings

_KINDS = {tokenize.NAME, tokenize.NUMBER, tokenize.STRING, tokenize.OP, tokenize.NEWLINE}
_CLOSERS = {")": "(", "]": "[", "}": "{"}
_SOFT_KEYWORDS = {"match", "case", "type"}
_ASSIGNMENTS = {f"{operator}=" for operator in ("", *"+-*/%@&|^", "//", "**", ">>", "<<")}
_CONDITIONS = {"if", "elif", "while", "with"}
_SEPARATOR, _OPEN_BLOCK, _CLOSE_BLOCK = "\u00b6", "\u21e5", "\u21e4"


@dataclass(frozen=True, slots=True)
class Token:
    """One token that bears meaning.

    Attributes:
        kind: A constant of `token`; every operator is OP, a semicolon counts as NEWLINE.
        text: Its source text.
        position: Row from 1 and UTF-8 byte offset, as `ast` counts them.
    """

    kind: int
    text: str
    position: tuple[int, int]


class TokenisedSource:
    """The canonical tokens of a file, statement by statement."""

    def __init__(self, source: str, tree: ast.Module) -> None:
        self._source = source
        self._tree = tree

    def statement(self, statement: ast.stmt) -> list[str]:
        """Return the canonical tokens of a top-level statement, decorators included."""
        start, end = self._start(statement), self._end(statement)
        return _join_strings(self._laid_out(start, end))

    @cached_property
    def _tokens(self) -> list[Token]:
        return scan(self._source)

    @cached_property
    def _positions(self) -> list[tuple[int, int]]:
        return [token.position for token in self._tokens]

    @cached_property
    def _dropped(self) -> set[int]:
        dropped = droppable(self._tokens)
        idle = (node for block in blocks_in(self._tree) for node in block if _is_idle(node))
        for node in idle:
            dropped.update(range(self._start(node), self._end(node)))
        return dropped

    @cached_property
    def _layout(self) -> tuple[set[int], Counter[int], Counter[int]]:
        """Return where statements start, and how many blocks open and close at a token."""
        starts: set[int] = set()
        opens: Counter[int] = Counter()
        closes: Counter[int] = Counter()
        inner = (block for node in self._tree.body for block in blocks_in(node))
        for block in inner:
            opens[self._start(block[0])] += 1
            closes[self._end(block[-1])] += 1
            starts.update(self._start(node) for node in block if not _is_idle(node))
        return starts, opens, closes

    def _start(self, statement: ast.stmt) -> int:
        decorators = getattr(statement, "decorator_list", [])
        first = decorators[0] if decorators else statement
        index = bisect_left(self._positions, (first.lineno, first.col_offset))
        while decorators and self._tokens[index].text != "@":
            index -= 1
        return index

    def _end(self, statement: ast.stmt) -> int:
        row, column = statement.end_lineno or 0, statement.end_col_offset or 0
        return bisect_left(self._positions, (row, column))

    def _laid_out(self, start: int, end: int) -> Iterator[Token]:
        starts, opens, closes = self._layout
        for index in range(start, end + 1):
            position = (0, 0)
            if index > start:
                yield from [Token(tokenize.OP, _CLOSE_BLOCK, position)] * closes[index]
            if index == end:
                return
            if index > start:
                yield from [Token(tokenize.OP, _OPEN_BLOCK, position)] * opens[index]
                if index in starts:
                    yield Token(tokenize.OP, _SEPARATOR, position)
            token = self._tokens[index]
            if index not in self._dropped and token.kind != tokenize.NEWLINE:
                yield token


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
            position = _bytes_position(lines, token.start)
            tokens.append(Token(kind, token.string, position))
    return tokens


def droppable(tokens: Sequence[Token]) -> set[int]:
    """Return the indices of commas and brackets that a formatter adds or removes."""
    dropped: set[int] = set()
    line_start = 0
    stack: list[tuple[int, int, int]] = []
    commas = 0
    for index, token in enumerate(tokens):
        if token.kind == tokenize.NEWLINE:
            line_start = index + 1
        elif token.kind != tokenize.OP:
            continue
        elif token.text in _CLOSERS.values():
            stack.append((index, commas, line_start))
            commas = 0
        elif token.text in _CLOSERS:
            start, outer_commas, first = stack.pop()
            dropped |= _droppable_pair(tokens, start, index, commas, first)
            commas = outer_commas
        elif token.text == ",":
            commas += 1
    return dropped


def _droppable_pair(
    tokens: Sequence[Token], start: int, end: int, commas: int, line_start: int
) -> set[int]:
    """Return what may go of one pair of brackets: a trailing comma, the pair itself."""
    imports = start > 0 and tokens[start - 1].text == "import"
    follows_value = _follows_value(tokens, start, line_start)
    makes_tuple = {"(": not follows_value, "[": follows_value, "{": False}[tokens[start].text]
    dropped: set[int] = set()
    if tokens[end - 1].text == "," and (imports or commas > 1 or not makes_tuple):
        dropped.add(end - 1)
    if tokens[start].text == "(" and (imports or _is_redundant(tokens, start, end, line_start)):
        dropped |= {start, end}
    return dropped


def _follows_value(tokens: Sequence[Token], start: int, line_start: int) -> bool:
    """Return whether a bracket calls, subscripts or declares what stands before it."""
    if start in (0, line_start):
        return False
    before = tokens[start - 1]
    if before.kind == tokenize.NAME:
        soft = before.text in _SOFT_KEYWORDS and start - 1 == line_start
        return not soft and not keyword.iskeyword(before.text)
    return before.kind == tokenize.STRING or before.text in _CLOSERS


def _is_redundant(tokens: Sequence[Token], start: int, end: int, line_start: int) -> bool:
    if start == line_start:
        return False
    before = tokens[start - 1].text
    after = tokens[end + 1] if end + 1 < len(tokens) else None
    if after is None or after.kind == tokenize.NEWLINE:
        return end > start + 1 and (before == "return" or before in _ASSIGNMENTS)
    if before in _CONDITIONS and start - 1 == line_start:
        return after.text == ":"
    return end == start + 1 and start > 1 and tokens[start - 2].text == "class"


def _join_strings(tokens: Iterator[Token]) -> list[str]:
    """Return the tokens' texts, each run of string literals as one."""
    texts: list[str] = []
    run: list[str] = []
    for token in tokens:
        if token.kind == tokenize.STRING:
            run.append(token.text)
            continue
        if run:
            texts.append(canonical_strings(run, _canonical_expression))
            run = []
        texts.append(token.text.lower() if token.kind == tokenize.NUMBER else token.text)
    return [*texts, canonical_strings(run, _canonical_expression)] if run else texts


def _canonical_expression(source: str) -> str:
    tokens = scan(f"({source}\n)")
    dropped = droppable(tokens) | {0}
    kept = (token for index, token in enumerate(tokens) if index not in dropped)
    texts = _join_strings(token for token in kept if token.kind != tokenize.NEWLINE)
    return " ".join(texts[:-1])


def _is_idle(statement: ast.stmt) -> bool:
    """Return whether a statement does nothing: `pass`, a docstring, any other constant."""
    lone = isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)
    return lone or isinstance(statement, ast.Pass)


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
