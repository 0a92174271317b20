"""The names that a piece of code takes from outside itself, by Python's scoping rules.

Where the rules are costly to follow exactly (class bodies, walrus targets in comprehensions),
a name counts as taken from outside: a closure may be too large, never too small.
"""

import ast
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

_Function = ast.FunctionDef | ast.AsyncFunctionDef
_Comprehension = ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp
_PLACE = "__module__"


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
        arguments: How many there are.
    """

    function: Reference
    argument: ast.expr | None
    arguments: int


@dataclass(slots=True)
class References:
    """What a statement takes from outside.

    Attributes:
        names: Every outer name in the order of the code, with the nodes where it stands. Nodes
            inside quoted annotations and f-strings are left out: their positions mean nothing.
        calls: Calls of outer names.
        stored: Names that are assigned to or deleted, attributes of outer names alone.
        bound: Every name that the code binds in any of its scopes, those of imports left out.
        rebound: Names declared `global`.
        places: Whether the code asks any object for the module that it is of.
    """

    names: dict[Reference, list[ast.Name]] = field(default_factory=dict)
    calls: list[Call] = field(default_factory=list)
    stored: set[Reference] = field(default_factory=set)
    bound: set[str] = field(default_factory=set)
    rebound: set[str] = field(default_factory=set)
    places: bool = False


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
        self.quoted = 0

    def visit_Constant(self, node: ast.Constant) -> None:
        """Look no further."""

    def visit_JoinedStr(self, node: ast.JoinedStr) -> None:
        self._visit_string(node)

    def visit_TemplateStr(self, node: ast.AST) -> None:
        self._visit_string(node)

    def visit_Name(self, node: ast.Name) -> None:
        if isinstance(node.ctx, ast.Load):
            self._add(Reference(node.id), node)
        else:
            self.found.bound.add(node.id)

    def visit_Global(self, node: ast.Global) -> None:
        self.found.rebound.update(node.names)
        self.found.bound.update(node.names)
        for name in node.names:
            self.found.names.setdefault(Reference(name), [])

    def visit_Nonlocal(self, node: ast.Nonlocal) -> None:
        self.found.bound.update(node.names)

    def visit_ClassDef(self, node: ast.ClassDef) -> None:
        self.found.bound.add(node.name)
        self.generic_visit(node)

    def visit_ExceptHandler(self, node: ast.ExceptHandler) -> None:
        self._bind_pattern(node, node.name)

    def visit_MatchAs(self, node: ast.MatchAs) -> None:
        self._bind_pattern(node, node.name)

    def visit_MatchStar(self, node: ast.MatchStar) -> None:
        self._bind_pattern(node, node.name)

    def visit_MatchMapping(self, node: ast.MatchMapping) -> None:
        self._bind_pattern(node, node.rest)

    def visit_Attribute(self, node: ast.Attribute) -> None:
        self.found.places |= node.attr == _PLACE
        chain = _chain(node)
        if chain is None:
            self.generic_visit(node)
            return
        reference, root = chain
        self.found.places |= _PLACE in reference.attributes
        self._add(reference, root)
        if not isinstance(node.ctx, ast.Load) and self._is_outer(reference.root):
            self.found.stored.add(reference)

    def visit_Call(self, node: ast.Call) -> None:
        chain = _chain(node.func)
        arguments = [*node.args, *(keyword.value for keyword in node.keywords)]
        if chain is None or not self._is_outer(chain[0].root):
            self.generic_visit(node)
            return
        first = arguments[0] if arguments else None
        self.found.calls.append(Call(chain[0], first, len(arguments)))
        self._add(*chain)
        self.found.places |= _PLACE in chain[0].attributes
        for argument in arguments:
            if len(arguments) > 1 or not is_own_name(argument):
                self.visit(argument)

    def visit_FunctionDef(self, node: ast.FunctionDef) -> None:
        self._visit_function(node)

    def visit_AsyncFunctionDef(self, node: ast.AsyncFunctionDef) -> None:
        self._visit_function(node)

    def visit_Lambda(self, node: ast.Lambda) -> None:
        self._visit_all([*node.args.defaults, *node.args.kw_defaults])
        parameters = _parameters(node.args)
        self.found.bound.update(parameters)
        self._visit_inside(parameters, [node.body])

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

    def _visit_string(self, node: ast.AST) -> None:
        self.quoted += 1
        self.generic_visit(node)
        self.quoted -= 1

    def _bind_pattern(self, node: ast.AST, name: str | None) -> None:
        if name:
            self.found.bound.add(name)
        self.generic_visit(node)

    def _visit_function(self, node: _Function) -> None:
        arguments = node.args
        self._visit_all([*node.decorator_list, *arguments.defaults, *arguments.kw_defaults])
        for annotation in [node.returns, *(one.annotation for one in _all_arguments(arguments))]:
            self._visit_annotation(annotation)
        parameters = _parameters(arguments)
        self.found.bound.update(parameters, [node.name])
        self._visit_inside(parameters | _bound_by(node.body), node.body)

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
        self.quoted += 1
        self.visit(quoted)
        self.quoted -= 1

    def _visit_inside(self, bound: frozenset[str], nodes: Sequence[ast.AST]) -> None:
        self.scopes.append(bound)
        self._visit_all(nodes)
        self.scopes.pop()

    def _visit_all(self, nodes: Iterable[ast.AST | None]) -> None:
        for node in nodes:
            if node is not None:
                self.visit(node)

    def _add(self, reference: Reference, root: ast.Name) -> None:
        if self._is_outer(reference.root):
            places = self.found.names.setdefault(reference, [])
            if not self.quoted:
                places.append(root)

    def _is_outer(self, name: str) -> bool:
        return name in self.imported or not any(name in scope for scope in self.scopes)


def is_own_name(node: ast.expr | None) -> bool:
    """Return whether an expression is the name `__name__`."""
    return isinstance(node, ast.Name) and node.id == "__name__"


def _chain(node: ast.expr) -> tuple[Reference, ast.Name] | None:
    """Return a dotted name as a reference with its root, None for any other expression."""
    attributes: list[str] = []
    while isinstance(node, ast.Attribute):
        attributes.append(node.attr)
        node = node.value
    if not isinstance(node, ast.Name):
        return None
    return Reference(node.id, tuple(reversed(attributes))), node


def _all_arguments(arguments: ast.arguments) -> list[ast.arg]:
    variadic = [one for one in (arguments.vararg, arguments.kwarg) if one is not None]
    return [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs, *variadic]


def _parameters(arguments: ast.arguments) -> frozenset[str]:
    return frozenset(argument.arg for argument in _all_arguments(arguments))


def _bound_by(body: Sequence[ast.stmt]) -> frozenset[str]:
    """Return the names that a function's own statements bind, imports left out."""
    names: set[str] = set()
    outer: set[str] = set()
    pending: list[ast.AST] = list(body)
    while pending:
        node = pending.pop()
        if isinstance(node, ast.Name):
            if isinstance(node.ctx, ast.Store):
                names.add(node.id)
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            names.add(node.name)
        elif isinstance(node, ast.Global):
            outer.update(node.names)
        elif not isinstance(node, ast.Lambda | _Comprehension):
            names.update(_caught(node))
            pending.extend(ast.iter_child_nodes(node))
    return frozenset(names - outer)


def _caught(node: ast.AST) -> list[str]:
    """Return the name that a handler or pattern binds."""
    name = None
    if isinstance(node, ast.ExceptHandler | ast.MatchAs | ast.MatchStar):
        name = node.name
    elif isinstance(node, ast.MatchMapping):
        name = node.rest
    return [name] if name else []
