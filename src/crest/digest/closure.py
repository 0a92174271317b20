"""Which code of our package a function can reach, and one hash for each piece of it.

A symbol is `module:name` for a top-level function, class or assignment, `module:<import>` for the
statements that run when the module is imported, and `module:file` for a file named in the
module's `DIGEST_FILES`. The digest's own code stays out: an edit there that matters moves
the digests by itself.

Covers: names, attributes of modules, imports at the top and inside functions, relative imports,
re-exports, star imports, base classes, decorators, defaults, annotations, side effects of imports,
entries of a `Registry`. What cannot be followed (a module passed as a value, `importlib`,
`globals`) brings in the whole module and leaves a note.
Does not cover: `__init_subclass__`, `__doc__` read as data, files read at run time that no
`DIGEST_FILES` names, and modules started as a process of their own unless named there.
"""

import ast
import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from crest.digest.modules import Module, parse_module
from crest.digest.names import Missing, ModuleValue, Symbol, Target, exports
from crest.digest.pieces import Examiner, Piece

_FILES = "DIGEST_FILES"


@dataclass(frozen=True, slots=True)
class Closure:
    """The code that a function can reach.

    Attributes:
        symbols: SHA-256 of each reached symbol by its name, sorted.
        notes: Where the code could not be followed, and what joined instead; sorted.
    """

    symbols: Mapping[str, str]
    notes: tuple[str, ...]

    @property
    def digest(self) -> str:
        """Return one SHA-256 over all symbols."""
        lines = "".join(f"{name} {value}\n" for name, value in self.symbols.items())
        return hashlib.sha256(lines.encode()).hexdigest()


def trace(examiner: Examiner, entry: str, choices: Mapping[str, Sequence[str]]) -> Closure:
    """Return what a function can reach.

    Args:
        examiner: Knows our package.
        entry: The function, as `module:name`.
        choices: For the packages of registries, the entries that this use can name.

    Raises:
        ValueError: No such function, entry or file.
    """
    tracer = _Tracer(examiner, choices)
    tracer.enter(entry)
    while tracer.pending:
        tracer.visit(tracer.pending.pop())
    return Closure(dict(sorted(tracer.symbols.items())), tuple(sorted(tracer.notes)))


class _Tracer:
    """The work list of one closure."""

    def __init__(self, examiner: Examiner, choices: Mapping[str, Sequence[str]]) -> None:
        self.examiner = examiner
        self.package = examiner.package
        self.choices = choices
        self.symbols: dict[str, str] = {}
        self.notes: set[str] = set()
        self.pending: list[Symbol] = []
        self._seen: set[Symbol] = set()
        self._imported: set[str] = set()
        self._whole: set[str] = set()

    def enter(self, entry: str) -> None:
        """Start at a function; its module runs as a program, main guard included."""
        name, _, function = entry.partition(":")
        module = self.package.module(name)
        if module is None or function not in module.definitions:
            raise ValueError(f"{entry}: no such function under {self.package.root}; name module:f")
        self._reach(Symbol(name, function))
        if module.main:
            self._add(f"{name}:<main>", module, module.main)

    def visit(self, symbol: Symbol) -> None:
        """Hash a symbol, and queue what it uses."""
        module = self.package.module(symbol.module)
        if module is not None:
            self._add(str(symbol), module, module.definitions[symbol.name])

    def _reach(self, target: Target, user: str = "") -> None:
        if isinstance(target, Symbol | ModuleValue | Missing) and self._exempt(target.module):
            return
        if isinstance(target, Symbol):
            self._import(target.module)
            if target not in self._seen:
                self._seen.add(target)
                self.pending.append(target)
        elif isinstance(target, ModuleValue):
            self._reach_whole(target.module, f"{user} uses the module as a value")
        elif isinstance(target, Missing):
            self._reach_whole(target.module, f"{user} takes {target.name} from it, not found there")

    def _exempt(self, module: str) -> bool:
        """Return whether a module is the digest's own: it decides no result."""
        own = f"{self.package.name}.digest"
        return module == own or module.startswith(f"{own}.")

    def _reach_whole(self, name: str, why: str) -> None:
        """Add all of a module, and what it imports for others to take."""
        module = self.package.module(name)
        if module is None:
            return
        if why:
            self.notes.add(f"{name} joins whole: {why}")
        if name in self._whole:
            return
        self._whole.add(name)
        self._import(name)
        for definition in module.definitions:
            self._reach(Symbol(name, definition))
        for target in exports(self.package, module):
            if isinstance(target, Symbol):
                self._reach(target)

    def _import(self, name: str) -> None:
        """Add what runs when a module is imported, its parents first."""
        module = self.package.module(name)
        if module is None or name in self._imported or self._exempt(name):
            return
        self._imported.add(name)
        parent = name.rpartition(".")[0]
        if parent:
            self._import(parent)
        for loaded in module.loads:
            self._import_origin(loaded)
        if module.effects:
            self._add(f"{name}:<import>", module, module.effects)
        for definition in self.examiner.registered(module):
            self._reach(Symbol(name, definition))
        for file in _digest_files(module):
            self._add_file(module, file)

    def _import_origin(self, loaded: str) -> None:
        """Import a module, or the module that an attribute is taken from."""
        if self.package.owns(loaded):
            self._import(loaded if self.package.module(loaded) else loaded.rpartition(".")[0])

    def _add(self, label: str, module: Module, statements: Sequence[ast.stmt]) -> None:
        """Record the hash of a piece of code, and reach what it leads to."""
        piece = self.examiner.piece(label, module, statements)
        self.symbols[label] = piece.digest
        self._follow(piece, label)
        followed_by_key = module.name == f"{self.package.name}.registry"
        for act in () if followed_by_key else piece.dynamic:
            self._reach_whole(module.name, f"{label} {act}")
        if piece.reads_files and _FILES not in module.definitions:
            self.notes.add(f"{label} may read files of the package: name them in {_FILES}")

    def _follow(self, piece: Piece, label: str) -> None:
        """Reach what a piece of code names."""
        for loaded in piece.loads:
            self._import_origin(loaded)
        for target in piece.targets:
            self._reach(target, label)
        for package in piece.registries:
            self._join_entries(label, package)
        for named in piece.named:
            self._reach_whole(named, f"{label} imports it by name")

    def _join_entries(self, user: str, package: str | None) -> None:
        """Add the chosen modules of a registry's package, or all of them."""
        if package is None or not self.package.owns(package):
            raise ValueError(f"{user}: Registry needs the name of a package of ours as a literal")
        self._import(package)
        names = [name for name in self.package.submodules(package) if not name.startswith("_")]
        chosen = self.choices.get(package)
        if chosen is None:
            self.notes.add(f"{package}: all entries join, since no choice names some")
        unknown = sorted(set(chosen or ()) - set(names))
        if unknown:
            raise ValueError(
                f"{package} has no entry {', '.join(unknown)}; it has {', '.join(names)}"
            )
        for name in names if chosen is None else sorted(set(chosen)):
            self._reach_whole(f"{package}.{name}", "")

    def _add_file(self, module: Module, file: Path) -> None:
        """Record the hash of a file beside a module; what a Python file imports of ours joins."""
        label = f"{module.name}:{file.relative_to(module.path.parent).as_posix()}"
        if file.suffix != ".py":
            self.symbols[label] = hashlib.sha256(file.read_bytes()).hexdigest()
            return
        name = ".".join(file.relative_to(self.package.root).with_suffix("").parts)
        parsed = parse_module(name, file, file.read_text(encoding="utf-8"))
        piece = self.examiner.piece(label, parsed, parsed.tree.body)
        self.symbols[label] = piece.digest
        self._follow(piece, label)


def _digest_files(module: Module) -> list[Path]:
    """Return the files beside a module that its `DIGEST_FILES` names; patterns are allowed."""
    files: list[Path] = []
    for statement in module.definitions.get(_FILES, []):
        for pattern in _literal_names(module, statement):
            matches = sorted(module.path.parent.glob(pattern))
            if not matches:
                raise ValueError(f"{module.name}: {_FILES} names {pattern}, which is not there")
            files += matches
    return files


def _literal_names(module: Module, statement: ast.stmt) -> Iterable[str]:
    value = getattr(statement, "value", None)
    try:
        names = ast.literal_eval(value) if value is not None else ()
    except ValueError:
        raise ValueError(f"{module.name}: {_FILES} must be a tuple of literal names") from None
    return names if isinstance(names, tuple) else (names,)
