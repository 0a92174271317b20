"""Source text as canonical tokens: what a formatter may change is gone.

Dropped: comments, docstrings and other statements without effect, blank lines, indentation width,
line joints, semicolons, quote style, string joints, trailing commas, and the parentheses that
formatters put around a whole right-hand side, condition, annotation or import list. Kept: every
name, number, operator and string value, and the nesting of statements. Redundant parentheses
elsewhere count as an edit, as does the name of a local variable.

Equal on every Python from 3.11: blocks come from statement positions, f-strings from their text.
"""

import ast
import tokenize
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Mapping
from functools import cached_property

from crest.digest.blocks import blocks_in
from crest.digest.brackets import droppable
from crest.digest.references import Reference
from crest.digest.scan import Token, scan
from crest.digest.strings import canonical_strings

_SEPARATOR, _OPEN_BLOCK, _CLOSE_BLOCK = (
    Token(tokenize.OP, mark, (0, 0)) for mark in ("\u00b6", "\u21e5", "\u21e4")
)


class TokenisedSource:
    """The canonical tokens of a file, statement by statement."""

    def __init__(self, source: str, tree: ast.Module) -> None:
        self._source = source
        self._tree = tree

    def statement(
        self, statement: ast.stmt, texts: Mapping[int, str | None] | None = None
    ) -> list[str]:
        """Return the canonical tokens of a top-level statement, decorators included.

        Args:
            statement: The statement.
            texts: What to put in place of tokens, by their number; None leaves a token out.
        """
        start, end = self._start(statement), self._end(statement)
        return _join_strings(self._laid_out(start, end, texts or {}))

    def span(self, statement: ast.stmt) -> range:
        """Return the numbers of a statement's tokens."""
        return range(self._start(statement), self._end(statement))

    def chain(self, position: tuple[int, int], reference: Reference) -> range:
        """Return the numbers of the tokens of a dotted name; none where it is written apart."""
        start = bisect_left(self._positions, position)
        words = [reference.root]
        for attribute in reference.attributes:
            words += [".", attribute]
        found = range(start, start + len(words))
        written = [token.text for token in self._tokens[start : found.stop]]
        return found if written == words and self._positions[start] == position else range(0)

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
    def _layout(self) -> tuple[dict[int, list[Token]], dict[int, list[Token]]]:
        """Return the marks of blocks that close before a token, and of what opens or starts."""
        closes: dict[int, list[Token]] = defaultdict(list)
        opens: dict[int, list[Token]] = defaultdict(list)
        starts: set[int] = set()
        inner = (block for node in self._tree.body for block in blocks_in(node))
        for block in inner:
            opens[self._start(block[0])].append(_OPEN_BLOCK)
            closes[self._end(block[-1])].append(_CLOSE_BLOCK)
            starts.update(self._start(node) for node in block if not _is_idle(node))
        for start in starts:
            opens[start].append(_SEPARATOR)
        return closes, opens

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

    def _laid_out(self, start: int, end: int, texts: Mapping[int, str | None]) -> list[Token]:
        closes, opens = self._layout
        found: list[Token] = []
        for index in range(start, end):
            if index > start:
                found += closes.get(index, ())
                found += opens.get(index, ())
            if index in texts:
                text = texts[index]
                found += [] if text is None else [Token(tokenize.OP, text, (0, 0))]
            elif index not in self._dropped and self._tokens[index].kind != tokenize.NEWLINE:
                found.append(self._tokens[index])
        return [*found, *closes.get(end, ())]


def _join_strings(tokens: Iterable[Token]) -> list[str]:
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
