"""The nesting of statements, without a look at the expressions inside them."""

import ast
from collections.abc import Iterator

_BLOCKS = ("body", "orelse", "finalbody")
_CLAUSES = ("handlers", "cases")


def blocks_in(node: ast.AST) -> Iterator[list[ast.stmt]]:
    """Return the bodies of a compound statement or file, and those inside them."""
    for name in _BLOCKS:
        block = getattr(node, name, None)
        if isinstance(block, list) and block:
            yield block
            for statement in block:
                yield from blocks_in(statement)
    for name in _CLAUSES:
        for clause in getattr(node, name, ()):
            yield from blocks_in(clause)


def statements_in(node: ast.AST) -> Iterator[ast.AST]:
    """Return a node and all statements inside it."""
    yield node
    for block in blocks_in(node):
        yield from block
