"""One piece of code at a time: its hash, and what it leads to.

A piece is one or more top-level statements of a module. What it leads to is decided by the
package's text alone, so pieces are examined once and shared by all closures.
"""

import ast
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from crest.digest.modules import Module, Package
from crest.digest.names import External, Symbol, Target, resolve
from crest.digest.references import Call, Reference, references_in

_DYNAMIC_BUILTINS = {"__import__", "eval", "exec", "globals"}
_IMPORTER = "importlib.import_module"
_FINDERS = ("importlib.util", "pkgutil", "runpy")


@dataclass(frozen=True, slots=True)
class Piece:
    """What is known of a piece of code.

    Attributes:
        digest: SHA-256 of its canonical tokens and of what its imported names stand for.
        targets: What its names stand for.
        loads: Modules that imports inside it execute.
        registries: The argument of each call of `Registry`; None where it is no literal.
        named: Modules that it imports by a literal name.
        dynamic: What it does that cannot be followed.
        reads_files: Whether it asks where its own file lies, or for files of a package.
    """

    digest: str
    targets: tuple[Target, ...]
    loads: tuple[str, ...]
    registries: tuple[str | None, ...]
    named: tuple[str, ...]
    dynamic: tuple[str, ...]
    reads_files: bool


class Examiner:
    """Examines the pieces of one package, each once."""

    def __init__(self, package: Package) -> None:
        self.package = package
        self._pieces: dict[str, Piece] = {}
        self._registered: dict[str, list[str]] = {}

    def piece(self, label: str, module: Module, statements: Sequence[ast.stmt]) -> Piece:
        """Return what is known of some statements; `label` names them for ever."""
        if label not in self._pieces:
            self._pieces[label] = _examine(self.package, module, statements)
        return self._pieces[label]

    def registered(self, module: Module) -> list[str]:
        """Return the definitions that a decorator of ours may note somewhere at import."""
        if module.name not in self._registered:
            self._registered[module.name] = [
                name
                for name, statements in module.definitions.items()
                if any(_registers(self.package, module, statement) for statement in statements)
            ]
        return self._registered[module.name]


def _examine(package: Package, module: Module, statements: Sequence[ast.stmt]) -> Piece:
    inner = module.imports_in(statements)
    used = references_in(statements, [found.name for found in inner])
    meanings = {name: resolve(package, module, name, inner) for name in sorted(used.names)}
    targets = {target for meaning in meanings.values() for target in meaning}
    unbound = {name.root for name, meaning in meanings.items() if not meaning}
    calls = [(_text(call, module), meanings[call.function]) for call in used.calls]
    registry = Symbol(f"{package.name}.registry", "Registry")
    imported = [text for text, meaning in calls if External(_IMPORTER) in meaning]
    dynamic = {f"calls {name}" for name in unbound & _DYNAMIC_BUILTINS}
    dynamic |= {f"uses {target}" for target in targets if _hides(target, imported)}
    return Piece(
        digest=_hash(module, statements, meanings),
        targets=tuple(sorted(targets, key=str)),
        loads=tuple(loaded for found in inner for loaded in found.loads),
        registries=tuple(text for text, meaning in calls if registry in meaning),
        named=tuple(text for text in imported if text),
        dynamic=tuple(sorted(dynamic)),
        reads_files="__file__" in unbound or any(map(_finds_files, targets)),
    )


def _hash(
    module: Module, statements: Sequence[ast.stmt], meanings: Mapping[Reference, list[Target]]
) -> str:
    lines = [token for one in statements for token in [*module.tokens.statement(one), ""]]
    for name, meaning in meanings.items():
        if meaning and meaning != [Symbol(module.name, name.root)]:
            lines.append(f"{name}={','.join(map(str, meaning))}")
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def _hides(target: Target, imported: Sequence[str | None]) -> bool:
    """Return whether a target can bring in code that no name shows."""
    if not isinstance(target, External):
        return False
    followed = bool(imported) and None not in imported
    return target.name.startswith(_FINDERS) or (target.name == _IMPORTER and not followed)


def _finds_files(target: Target) -> bool:
    return isinstance(target, External) and target.name.startswith("importlib.resources")


def _registers(package: Package, module: Module, statement: ast.stmt) -> bool:
    for decorator in getattr(statement, "decorator_list", []):
        for name in references_in([ast.Expr(decorator)], ()).names:
            meaning = resolve(package, module, name, ())
            if any(not isinstance(target, External) for target in meaning):
                return True
    return False


def _text(call: Call, module: Module) -> str | None:
    """Return a call's literal argument; `__name__` and `__package__` are known, too."""
    argument = call.argument
    if isinstance(argument, ast.Constant) and isinstance(argument.value, str):
        return argument.value
    if isinstance(argument, ast.Name) and argument.id in ("__name__", "__package__"):
        return module.name if argument.id == "__name__" else module.folder
    return None
