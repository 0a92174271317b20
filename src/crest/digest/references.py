"""The names that a piece of code takes from outside itself, by Python's scoping rules.

Where the rules are costly to follow exactly (class bodies, walrus targets in comprehensions),
a name counts as taken from outside: a closure may be too large, never too small.
"""

import ast
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

_Function = ast.FunctionDef | ast.AsyncFunctionDef
_Comprehension = ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp


@dataclass(frozen=True, slots=True, order=True)
class Reference:
    """A name and the attributes taken from it: `a.b.c` is root `a`, attributes `b`, `c`."""

    root: str
    attributes: tuple[str, ...] = ()

    def __str__(self) -> str:
        return ".".join((self.root, *self.attributes))


@dataclass(frozen=True, slots=True)
class Call:
    """A call of a named function.

    Attributes:
        function: What is called.
        argument: The first argument, positional or named; None if there is none.
    """

    function: Reference
    argument: ast.expr | None


@dataclass(frozen=True, slots=True)
class References:
    """What some statements take from outside."""

    names: set[Reference] = field(default_factory=set)
    calls: list[Call] = field(default_factory=list)


def references_in(statements: Iterable[ast.stmt], imported: Iterable[str]) -> References:
    """Return the outer names that statements use.

    Args:
        statements: Top-level statements of a module.
        imported: Names that imports inside these statements bind; never taken for local ones.
    """
    visitor = _Visitor(frozenset(imported))
    for statement in statements:
        visitor.visit(statement)
    return visitor.found


class _Visitor(ast.NodeVisitor):
    """Walks code with a stack of the names that each enclosing function binds."""

    def __init__(self, imported: frozenset[str]) -> None:
        self.imported = imported
        self.found = References()
        self.scopes: list[frozenset[str]] = []

    def visit_Name(self, node: ast.Name) -> None:
        if isinstance(node.ctx, ast.Load):
            self._add(Reference(node.id))

    def visit_Global(self, node: ast.Global) -> None:
        self.found.names.update(Reference(name) for name in node.names)

    def visit_Attribute(self, node: ast.Attribute) -> None:
        reference = _chain(node)
        if reference is None:
            self.generic_visit(node)
        else:
            self._add(reference)

    def visit_Call(self, node: ast.Call) -> None:
        function = _chain(node.func)
        if function is not None and self._is_outer(function.root):
            arguments = [*node.args, *(keyword.value for keyword in node.keywords)]
            self.found.calls.append(Call(function, arguments[0] if arguments else None))
            self.found.names.add(function)
        self.generic_visit(node)

    def visit_FunctionDef(self, node: ast.FunctionDef) -> None:
        self._visit_function(node)

    def visit_AsyncFunctionDef(self, node: ast.AsyncFunctionDef) -> None:
        self._visit_function(node)

    def visit_Lambda(self, node: ast.Lambda) -> None:
        self._visit_all([*node.args.defaults, *node.args.kw_defaults])
        self._visit_inside(_parameters(node.args), [node.body])

    def visit_ListComp(self, node: ast.ListComp) -> None:
        self._visit_comprehension(node, [node.elt])

    def visit_SetComp(self, node: ast.SetComp) -> None:
        self._visit_comprehension(node, [node.elt])

    def visit_GeneratorExp(self, node: ast.GeneratorExp) -> None:
        self._visit_comprehension(node, [node.elt])

    def visit_DictComp(self, node: ast.DictComp) -> None:
        self._visit_comprehension(node, [node.key, node.value])

    def visit_AnnAssign(self, node: ast.AnnAssign) -> None:
        self._visit_annotation(node.annotation)
        self._visit_all([node.target, node.value])

    def _visit_function(self, node: _Function) -> None:
        arguments = node.args
        self._visit_all([*node.decorator_list, *arguments.defaults, *arguments.kw_defaults])
        for annotation in [node.returns, *(one.annotation for one in _all_arguments(arguments))]:
            self._visit_annotation(annotation)
        bound = _parameters(arguments) | _bound_by(node.body)
        self._visit_inside(bound, node.body)

    def _visit_comprehension(self, node: _Comprehension, values: Sequence[ast.expr]) -> None:
        self.visit(node.generators[0].iter)
        targets = [generator.target for generator in node.generators]
        names = (name for target in targets for name in ast.walk(target))
        bound = frozenset(name.id for name in names if isinstance(name, ast.Name))
        conditions = [test for generator in node.generators for test in generator.ifs]
        iterables = [generator.iter for generator in node.generators[1:]]
        self._visit_inside(bound, [*targets, *iterables, *conditions, *values])

    def _visit_annotation(self, annotation: ast.expr | None) -> None:
        """Visit an annotation, the code inside quotes too."""
        if annotation is None:
            return
        self.visit(annotation)
        for node in ast.walk(annotation):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                self._visit_quoted(node.value)

    def _visit_quoted(self, text: str) -> None:
        try:
            quoted = ast.parse(text, mode="eval")
        except SyntaxError:
            return  # a text in `Literal` or `Annotated`, not a name
        self.visit(quoted)

    def _visit_inside(self, bound: frozenset[str], nodes: Sequence[ast.AST]) -> None:
        self.scopes.append(bound)
        self._visit_all(nodes)
        self.scopes.pop()

    def _visit_all(self, nodes: Iterable[ast.AST | None]) -> None:
        for node in nodes:
            if node is not None:
                self.visit(node)

    def _add(self, reference: Reference) -> None:
        if self._is_outer(reference.root):
            self.found.names.add(reference)

    def _is_outer(self, name: str) -> bool:
        return name in self.imported or not any(name in scope for scope in self.scopes)


def _chain(node: ast.expr) -> Reference | None:
    """Return a dotted name as a reference, None for any other expression."""
    attributes: list[str] = []
    while isinstance(node, ast.Attribute):
        attributes.append(node.attr)
        node = node.value
    return Reference(node.id, tuple(reversed(attributes))) if isinstance(node, ast.Name) else None


def _all_arguments(arguments: ast.arguments) -> list[ast.arg]:
    variadic = [one for one in (arguments.vararg, arguments.kwarg) if one is not None]
    return [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs, *variadic]


def _parameters(arguments: ast.arguments) -> frozenset[str]:
    return frozenset(argument.arg for argument in _all_arguments(arguments))


def _bound_by(body: Sequence[ast.stmt]) -> frozenset[str]:
    """Return the names that a function's own statements bind, imports left out."""
    visitor = _Bound()
    for statement in body:
        visitor.visit(statement)
    return frozenset(visitor.names - visitor.outer)


class _Bound(ast.NodeVisitor):
    """Collects the names that a function binds, without entering the scopes inside it."""

    def __init__(self) -> None:
        self.names: set[str] = set()
        self.outer: set[str] = set()

    def visit(self, node: ast.AST) -> None:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            self.names.add(node.name)
        elif isinstance(node, ast.Global):
            self.outer.update(node.names)
        elif not isinstance(node, ast.Lambda | _Comprehension):
            self._bind(node)
            self.generic_visit(node)

    def _bind(self, node: ast.AST) -> None:
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            self.names.add(node.id)
        elif isinstance(node, ast.ExceptHandler | ast.MatchAs | ast.MatchStar) and node.name:
            self.names.add(node.name)
        elif isinstance(node, ast.MatchMapping) and node.rest:
            self.names.add(node.rest)
