"""What the text of one file says by itself, whatever the file is called and wherever it lies.

Facts are plain lists and dictionaries, so that they can be kept by the checksum of the text.
What a name means depends on other files, and is found in `crest.digest.pieces`.

A statement's tokens hold a number in place of each name that it takes from outside, with the
attributes taken from it, and in place of each import. Those stand beside the tokens, in order:
another alias for one and the same thing leaves the tokens as they are.
"""

import ast
import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from crest.digest.blocks import statements_in
from crest.digest.references import Call, Reference, References, is_own_name, references_in
from crest.digest.tokens import TokenisedSource

FILES = "DIGEST_FILES"
OWN_NAME = "__name__"
_DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
_COMPOUND = (ast.If, ast.For, ast.While, ast.With, ast.Try, ast.TryStar, ast.Match)


class RawImport(NamedTuple):
    """A name bound by an import statement, as written.

    Attributes:
        name: The bound name; `*` for a star import.
        level: Number of leading dots.
        module: What stands after `from`; for a plain import, what the bound name is.
        attribute: What is taken from that module; None binds the module itself.
        loaded: For a plain import, the dotted name of all that is executed.
        kept: Whether the bound name counts: it is bound in another way, too.
    """

    name: str
    level: int
    module: str
    attribute: str | None
    loaded: str
    kept: bool = False


class RawUse(NamedTuple):
    """A name taken from outside.

    Attributes:
        root: The name.
        attributes: What is taken from it.
        kept: Whether the name counts beside what it means: the code binds it, too.
        stored: Whether the attribute is assigned to.
        calls: For each call of it, the kind of its first argument and its literal text:
            `text`, `name` for `__name__`, `folder` for `__package__`, `other`; and how many
            arguments there are.
    """

    root: str
    attributes: list[str]
    kept: bool
    stored: bool
    calls: list[tuple[str, str, int]]


class Unit(NamedTuple):
    """A top-level statement.

    Attributes:
        tokens: SHA-256 of its canonical tokens.
        uses: The names that it takes from outside, in the order of the code.
        imports: What imports inside it bind.
        late: Whether nothing of it but a name is done when the file is imported.
        places: Whether it asks any object for the module that it is of.
    """

    tokens: str
    uses: list[RawUse]
    imports: list[RawImport]
    late: bool
    places: bool


class Facts(NamedTuple):
    """All that is known of a text.

    Attributes:
        units: Its top-level statements.
        definitions: Top-level functions, classes and assignments by name: numbers of units.
        imports: What top-level imports bind, those under `if TYPE_CHECKING` included.
        executed: Imports that run when the file is imported.
        effects: Units that do something beyond binding a plain name.
        main: Units under `if __name__ == "__main__"`.
        decorators: For each decorated definition, the names that its decorators use.
        rebound: Names that functions declare `global`.
        files: What `DIGEST_FILES` names; None where it is no tuple of literals.
    """

    units: list[Unit]
    definitions: dict[str, list[int]]
    imports: list[RawImport]
    executed: list[RawImport]
    effects: list[int]
    main: list[int]
    decorators: dict[str, list[tuple[str, list[str]]]]
    rebound: list[str]
    files: list[str] | None


def read_facts(source: str, name: str = "<text>") -> Facts:
    """Return what a text says.

    Args:
        source: The text.
        name: Names the text in errors.

    Raises:
        SyntaxError: It is no Python.
    """
    tree = ast.parse(source, filename=name)
    tokens = TokenisedSource(source, tree)
    facts = Facts([], {}, [], [], [], [], {}, [], [])
    for number, statement in enumerate(tree.body):
        found = _imports_in([statement])
        used = references_in([statement], [one.name for one in found])
        facts.units.append(_unit(tokens, statement, used, found))
        facts.rebound.extend(sorted(used.rebound))
        _classify(statement, number, found, facts)
    files = _literal_files(tree.body[number] for number in facts.definitions.get(FILES, []))
    return facts._replace(files=files)


def plain(facts: Facts) -> list[Any]:
    """Return facts as a list of plain values, as JSON would read them back."""
    return list(facts)


def facts_of(value: list[Any]) -> Facts:
    """Return the facts of what `plain` gave; units are read when they are looked at."""
    return Facts(*value)


def unit_of(value: Any) -> Unit:
    """Return a unit of facts that were kept."""
    tokens, uses, imports, late, places = value
    return Unit(
        tokens,
        [RawUse(*use)._replace(calls=[tuple(call) for call in use[-1]]) for use in uses],
        [RawImport(*one) for one in imports],
        late,
        places,
    )


def statements_of(source: str, symbol: str) -> list[ast.stmt]:
    """Return the top-level statements of a text that make up one of its parts.

    Args:
        source: The text.
        symbol: A top-level name, `<import>` for what runs at import, or `<main>`.
    """
    tree = ast.parse(source)
    facts = Facts([], {}, [], [], [], [], {}, [], [])
    for number, statement in enumerate(tree.body):
        _classify(statement, number, _imports_in([statement]), facts)
    named = {"<import>": facts.effects, "<main>": facts.main}
    return [tree.body[number] for number in named.get(symbol, facts.definitions.get(symbol, []))]


def _unit(
    tokens: TokenisedSource, statement: ast.stmt, used: References, found: list[RawImport]
) -> Unit:
    times = Counter(one.name for one in found)
    bound = used.bound | {name for name, count in times.items() if count > 1}
    imports = [one._replace(kept=one.name in bound) for one in found]
    texts: dict[int, str | None] = {}
    _mark_imports(tokens, statement, texts)
    for number, (reference, places) in enumerate(used.names.items()):
        marks = [tokens.chain((at.lineno, at.col_offset), reference) for at in places]
        for mark in marks:
            texts.update(dict.fromkeys(mark))
            texts.update(dict.fromkeys(mark[:1], f"§{number}"))
    digest = hashlib.sha256("\n".join(tokens.statement(statement, texts)).encode()).hexdigest()
    uses = [_use(reference, used, bound) for reference in used.names]
    return Unit(digest, uses, imports, _is_late(statement), used.places)


def _mark_imports(
    tokens: TokenisedSource, statement: ast.stmt, texts: dict[int, str | None]
) -> None:
    count = 0
    for node in statements_in(statement):
        if isinstance(node, ast.Import | ast.ImportFrom):
            span = tokens.span(node)
            texts.update(dict.fromkeys(span))
            texts[span[0]] = f"\u00a7import {count} {count + len(node.names)}"
            count += len(node.names)


def _use(reference: Reference, used: References, bound: set[str]) -> RawUse:
    calls = sorted({_called(call) for call in used.calls if call.function == reference})
    return RawUse(
        reference.root,
        list(reference.attributes),
        reference.root in bound,
        reference in used.stored,
        calls,
    )


def _called(call: Call) -> tuple[str, str, int]:
    argument = call.argument
    if isinstance(argument, ast.Constant) and isinstance(argument.value, str):
        return "text", argument.value, call.arguments
    if is_own_name(argument):
        return "name", "", call.arguments
    folder = isinstance(argument, ast.Name) and argument.id == "__package__"
    return "folder" if folder else "other", "", call.arguments


def _is_late(statement: ast.stmt) -> bool:
    """Return whether a statement is a function with nothing to run before it is called."""
    if not isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef):
        return False
    arguments = statement.args
    return not (statement.decorator_list or arguments.defaults or any(arguments.kw_defaults))


def _classify(statement: ast.stmt, number: int, found: list[RawImport], facts: Facts) -> None:
    names = _plain_targets(statement)
    if isinstance(statement, ast.Import | ast.ImportFrom):
        facts.imports.extend(found)
        facts.executed.extend(found)
    elif _is_guard(statement, "TYPE_CHECKING"):
        facts.imports.extend(found)
    elif _is_guard(statement, "__main__"):
        facts.main.append(number)
    elif names is not None:
        for name in names:
            facts.definitions.setdefault(name, []).append(number)
        _note_decorators(statement, names, facts)
    elif not (isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)):
        facts.effects.append(number)
        facts.imports.extend(found)
        facts.executed.extend(found)
        for name in sorted(_bound_inside(statement)):
            facts.definitions.setdefault(name, []).append(number)


def _note_decorators(statement: ast.stmt, names: list[str], facts: Facts) -> None:
    decorators = getattr(statement, "decorator_list", [])
    used = references_in([ast.Expr(decorator) for decorator in decorators], ()).names
    if used:
        roots = [(reference.root, list(reference.attributes)) for reference in used]
        facts.decorators.setdefault(names[0], []).extend(roots)


def _plain_targets(statement: ast.stmt) -> list[str] | None:
    """Return the names that a definition or assignment binds, None if it does more than that."""
    if isinstance(statement, _DEFINITIONS):
        return [statement.name]
    if isinstance(statement, ast.Assign):
        targets = statement.targets
    elif isinstance(statement, ast.AnnAssign | ast.AugAssign):
        targets = [statement.target]
    elif type(statement).__name__ == "TypeAlias":  # Python 3.12 and later
        return [statement.name.id]  # type: ignore[attr-defined]
    else:
        return None
    nodes = [node for target in targets for node in _unpacked(target)]
    names = [node.id for node in nodes if isinstance(node, ast.Name)]
    return names if len(names) == len(nodes) else None


def _unpacked(target: ast.expr) -> Iterator[ast.expr]:
    if isinstance(target, ast.Tuple | ast.List):
        for element in target.elts:
            yield from _unpacked(element)
    elif isinstance(target, ast.Starred):
        yield from _unpacked(target.value)
    else:
        yield target


def _bound_inside(statement: ast.stmt) -> set[str]:
    """Return the names that a top-level compound statement binds, nested scopes left out."""
    bound: set[str] = set()
    if not isinstance(statement, _COMPOUND):
        return bound
    for node in ast.walk(statement):
        if isinstance(node, _DEFINITIONS):
            bound.add(node.name)
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            bound.add(node.id)
    return bound


def _is_guard(statement: ast.stmt, word: str) -> bool:
    """Return whether a statement is `if TYPE_CHECKING:` or `if __name__ == "__main__":`."""
    if not isinstance(statement, ast.If) or statement.orelse:
        return False
    test = statement.test
    if isinstance(test, ast.Compare) and word == "__main__":
        equals = len(test.ops) == 1 and isinstance(test.ops[0], ast.Eq)
        value = test.comparators[0]
        named = is_own_name(test.left) and isinstance(value, ast.Constant)
        return named and equals and getattr(value, "value", None) == word
    name = getattr(test, "id", getattr(test, "attr", None))
    return isinstance(test, ast.Name | ast.Attribute) and name == word


def _imports_in(statements: Iterable[ast.AST]) -> list[RawImport]:
    """Return what the imports anywhere inside some statements bind."""
    nodes = (node for statement in statements for node in statements_in(statement))
    return [found for node in nodes for found in _imports(node)]


def _imports(node: ast.AST) -> Iterator[RawImport]:
    if isinstance(node, ast.Import):
        for alias in node.names:
            bound = alias.name if alias.asname else alias.name.partition(".")[0]
            yield RawImport(alias.asname or bound, 0, bound, None, alias.name)
    elif isinstance(node, ast.ImportFrom):
        for alias in node.names:
            name = alias.asname or alias.name
            yield RawImport(name, node.level, node.module or "", alias.name, "")


def _literal_files(statements: Iterable[ast.stmt]) -> list[str] | None:
    names: list[str] = []
    for statement in statements:
        value = getattr(statement, "value", None)
        try:
            found = ast.literal_eval(value) if value is not None else ()
        except ValueError:
            return None
        names += found if isinstance(found, tuple) else (found,)
    return names
