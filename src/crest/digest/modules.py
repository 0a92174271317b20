"""The modules of one package as text: what each defines, imports and does when imported.

Nothing is imported to find this out, so a broken or heavy module costs no more than its text.
"""

import ast
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from pathlib import Path

from crest.digest.blocks import statements_in
from crest.digest.tokens import TokenisedSource

_DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
_COMPOUND = (ast.If, ast.For, ast.While, ast.With, ast.Try, ast.TryStar, ast.Match)


@dataclass(frozen=True, slots=True)
class Import:
    """A name bound by an import statement.

    Attributes:
        name: The bound name; `*` for a star import.
        module: Dotted name of the module that it comes from.
        attribute: What is taken from that module; None binds the module itself.
        loads: Dotted names of the modules that the statement executes, if they are ours.
    """

    name: str
    module: str
    attribute: str | None
    loads: tuple[str, ...]


@dataclass(frozen=True)
class Module:
    """One parsed file.

    Attributes:
        name: Dotted name.
        path: The file.
        source: Its text.
        tree: Its syntax tree; positions and names are read from it, never its dump.
        definitions: Top-level functions, classes and assignments by name, in order.
        imports: What top-level imports bind, those under `if TYPE_CHECKING` included.
        loads: Modules that importing this one executes.
        effects: Top-level statements that do something beyond binding a plain name.
        main: Statements under `if __name__ == "__main__"`.
    """

    name: str
    path: Path
    source: str
    tree: ast.Module
    definitions: dict[str, list[ast.stmt]] = field(default_factory=dict)
    imports: list[Import] = field(default_factory=list)
    loads: list[str] = field(default_factory=list)
    effects: list[ast.stmt] = field(default_factory=list)
    main: list[ast.stmt] = field(default_factory=list)

    @property
    def is_package(self) -> bool:
        """Whether the file is an `__init__.py`."""
        return self.path.name == "__init__.py"

    @property
    def folder(self) -> str:
        """Dotted name of the package that the file lies in."""
        return self.name if self.is_package else self.name.rpartition(".")[0]

    @cached_property
    def tokens(self) -> TokenisedSource:
        """The file's canonical tokens, read on first use."""
        return TokenisedSource(self.source, self.tree)

    def imports_in(self, statements: Iterable[ast.AST]) -> list[Import]:
        """Return what the imports anywhere inside some statements bind."""
        nodes = (node for statement in statements for node in statements_in(statement))
        return [found for node in nodes for found in _imports(node, self.name, self.is_package)]


class Package:
    """The modules of one package, parsed when first asked for.

    Attributes:
        root: Folder that holds the package.
        name: Its top-level name.
    """

    def __init__(self, root: Path, name: str) -> None:
        self.root = root
        self.name = name
        self._modules: dict[str, Module | None] = {}

    def owns(self, module: str) -> bool:
        """Return whether a dotted name lies in this package."""
        return module == self.name or module.startswith(f"{self.name}.")

    def module(self, name: str) -> Module | None:
        """Return a module by dotted name, or None if there is no such file."""
        if name not in self._modules:
            self._modules[name] = self._read(name) if self.owns(name) else None
        return self._modules[name]

    def submodules(self, name: str) -> list[str]:
        """Return the last names of a package's modules, sorted, without `__init__`."""
        folder = self.root.joinpath(*name.split("."))
        files = {path.stem for path in folder.glob("*.py")} - {"__init__"}
        folders = {path.parent.name for path in folder.glob("*/__init__.py")}
        return sorted(files | folders)

    def _read(self, name: str) -> Module | None:
        base = self.root.joinpath(*name.split("."))
        for path in (base / "__init__.py", base.with_name(f"{base.name}.py")):
            if path.is_file():
                return parse_module(name, path, path.read_text(encoding="utf-8"))
        return None


@lru_cache(maxsize=1024)
def parse_module(name: str, path: Path, source: str) -> Module:
    """Return a module's text, parsed; equal text is parsed once in a process."""
    module = Module(name, path, source, ast.parse(source, filename=str(path)))
    for statement in module.tree.body:
        _classify(statement, module)
    return module


def _classify(statement: ast.stmt, module: Module) -> None:
    names = _plain_targets(statement)
    if isinstance(statement, ast.Import | ast.ImportFrom):
        found = list(_imports(statement, module.name, module.is_package))
        module.imports.extend(found)
        module.loads.extend(load for one in found for load in one.loads)
    elif _is_guard(statement, "TYPE_CHECKING"):
        module.imports.extend(module.imports_in([statement]))
    elif _is_guard(statement, "__main__"):
        module.main.append(statement)
    elif names is not None:
        for name in names:
            module.definitions.setdefault(name, []).append(statement)
    elif not (isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)):
        _classify_effect(statement, module)


def _classify_effect(statement: ast.stmt, module: Module) -> None:
    """Record a statement that runs at import, with the names that it binds on the way."""
    module.effects.append(statement)
    found = module.imports_in([statement])
    module.imports.extend(found)
    module.loads.extend(load for one in found for load in one.loads)
    for name in _bound_inside(statement):
        module.definitions.setdefault(name, []).append(statement)


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
    for node in ast.walk(statement):
        if isinstance(node, _DEFINITIONS):
            bound.add(node.name)
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            bound.add(node.id)
    return bound if isinstance(statement, _COMPOUND) else set()


def _is_guard(statement: ast.stmt, word: str) -> bool:
    """Return whether a statement is `if TYPE_CHECKING:` or `if __name__ == "__main__":`."""
    if not isinstance(statement, ast.If) or statement.orelse:
        return False
    test = statement.test
    if isinstance(test, ast.Compare) and word == "__main__":
        named = isinstance(test.left, ast.Name) and test.left.id == "__name__"
        equals = len(test.ops) == 1 and isinstance(test.ops[0], ast.Eq)
        value = test.comparators[0]
        return named and equals and isinstance(value, ast.Constant) and value.value == word
    name = getattr(test, "id", getattr(test, "attr", None))
    return isinstance(test, ast.Name | ast.Attribute) and name == word


def _imports(node: ast.AST, module: str, is_package: bool) -> Iterator[Import]:  # noqa: FBT001
    if isinstance(node, ast.Import):
        for alias in node.names:
            bound = alias.name if alias.asname else alias.name.partition(".")[0]
            yield Import(alias.asname or bound, bound, None, (alias.name,))
    elif isinstance(node, ast.ImportFrom):
        origin = _origin(node, module, is_package)
        for alias in node.names:
            loaded = (origin, f"{origin}.{alias.name}")
            yield Import(alias.asname or alias.name, origin, alias.name, loaded)


def _origin(node: ast.ImportFrom, module: str, is_package: bool) -> str:  # noqa: FBT001
    """Return the absolute name of the module that an import statement takes from."""
    if not node.level:
        return node.module or ""
    parents = module.split(".")
    up = node.level - 1 if is_package else node.level
    base = parents[: len(parents) - up] if up else parents
    return ".".join([*base, *([node.module] if node.module else [])])
