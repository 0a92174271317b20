"""Which code of our package a function can reach, and one hash for each piece of it.

A symbol is `module:name` for a top-level function, class or assignment, `module:<import>` for the
statements that run when the module is imported, and `module:file` for a file named in the
module's `DIGEST_FILES`. A symbol's hash covers its canonical tokens and what each imported name
in it stands for.

The digest's own code stays out: an edit there that matters moves the digests by itself.

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

from crest.digest.modules import Import, Module, Package, parse_module
from crest.digest.names import External, Missing, ModuleValue, Symbol, Target, exports, resolve
from crest.digest.references import Call, Reference, references_in

_DYNAMIC_BUILTINS = {"__import__", "eval", "exec", "globals"}
_DYNAMIC_MODULES = ("importlib.import_module", "importlib.util", "pkgutil", "runpy")
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


def trace(package: Package, entry: str, choices: Mapping[str, Sequence[str]]) -> Closure:
    """Return what a function can reach.

    Args:
        package: Our package.
        entry: The function, as `module:name`.
        choices: For the packages of registries, the entries that this use can name.

    Raises:
        ValueError: No such function, entry or file.
    """
    tracer = _Tracer(package, choices)
    tracer.enter(entry)
    while tracer.pending:
        tracer.visit(tracer.pending.pop())
    return Closure(dict(sorted(tracer.symbols.items())), tuple(sorted(tracer.notes)))


class _Tracer:
    """The work list of one closure."""

    def __init__(self, package: Package, choices: Mapping[str, Sequence[str]]) -> None:
        self.package = package
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
            self._hash(f"{name}:<main>", module, module.main)

    def visit(self, symbol: Symbol) -> None:
        """Hash a symbol, and queue what it uses."""
        module = self.package.module(symbol.module)
        if module is not None:
            self._hash(str(symbol), module, module.definitions[symbol.name])

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
            self._import_parents_of(loaded)
        if module.effects:
            self._hash(f"{name}:<import>", module, module.effects)
        for definition, statements in module.definitions.items():
            if any(self._registers(module, statement) for statement in statements):
                self._reach(Symbol(name, definition))
        for file in _digest_files(module):
            self._hash_file(module, file)

    def _import_parents_of(self, loaded: str) -> None:
        """Import a module, or the module that an attribute is taken from."""
        if self.package.owns(loaded):
            self._import(loaded if self.package.module(loaded) else loaded.rpartition(".")[0])

    def _registers(self, module: Module, statement: ast.stmt) -> bool:
        """Return whether a decorator of ours may note a definition somewhere at import."""
        for decorator in getattr(statement, "decorator_list", []):
            used = references_in([ast.Expr(decorator)], ()).names
            targets = (end for name in used for end in resolve(self.package, module, name, ()))
            if any(not isinstance(target, External) for target in targets):
                return True
        return False

    def _hash(self, label: str, module: Module, statements: Sequence[ast.stmt]) -> None:
        """Record the hash of statements, and reach what they use."""
        inner = module.imports_in(statements)
        for found in inner:
            for loaded in found.loads:
                self._import_parents_of(loaded)
        used = references_in(statements, [found.name for found in inner])
        meanings = [self._meaning(label, module, name, inner) for name in sorted(used.names)]
        for call in used.calls:
            self._expand(label, module, call, inner)
        tokens = (token for one in statements for token in [*module.tokens.statement(one), ""])
        content = "\n".join([*tokens, *(meaning for meaning in meanings if meaning)])
        self.symbols[label] = hashlib.sha256(content.encode(errors="surrogatepass")).hexdigest()

    def _meaning(
        self, user: str, module: Module, name: Reference, inner: Sequence[Import]
    ) -> str | None:
        """Reach what a name means; return the meaning, if an import decides it."""
        targets = resolve(self.package, module, name, inner)
        for target in targets:
            self._reach(target, user)
        if not targets and name.root in _DYNAMIC_BUILTINS:
            self._give_up(module, f"{user} calls {name.root}")
        for target in targets:
            if isinstance(target, External) and target.name.startswith(_DYNAMIC_MODULES):
                self._give_up(module, f"{user} uses {target}")
        if (name.root == "__file__" and not targets) and _FILES not in module.definitions:
            self.notes.add(f"{user} uses __file__: name the files that it reads in {_FILES}")
        own = [Symbol(module.name, name.root)]
        return None if targets in ([], own) else f"{name}={','.join(map(str, targets))}"

    def _give_up(self, module: Module, why: str) -> None:
        """Add all of a module whose code cannot be followed; the registry is followed by key."""
        if module.name != f"{self.package.name}.registry":
            self._reach_whole(module.name, why)

    def _expand(self, user: str, module: Module, call: Call, inner: Sequence[Import]) -> None:
        """Follow `Registry("package")` to its entries, and `import_module("name")`."""
        targets = resolve(self.package, module, call.function, inner)
        named = _text(call.argument, module)
        if Symbol(f"{self.package.name}.registry", "Registry") in targets:
            self._join_entries(user, named)
        elif External("importlib.import_module") in targets and named:
            self._reach_whole(named, f"{user} imports it by name")

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

    def _hash_file(self, module: Module, file: Path) -> None:
        label = f"{module.name}:{file.name}"
        if file.suffix == ".py":
            text = file.read_text(encoding="utf-8")
            parsed = parse_module(f"{_folder(module)}.{file.stem}", file, text)
            self._hash(label, parsed, parsed.tree.body)
        else:
            self.symbols[label] = hashlib.sha256(file.read_bytes()).hexdigest()


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


def _text(argument: ast.expr | None, module: Module) -> str | None:
    """Return a literal text, or the module's name for `__name__` and `__package__`."""
    if isinstance(argument, ast.Constant) and isinstance(argument.value, str):
        return argument.value
    if isinstance(argument, ast.Name) and argument.id in ("__name__", "__package__"):
        return module.name if argument.id == "__name__" else _folder(module)
    return None


def _folder(module: Module) -> str:
    return module.name if module.is_package else module.name.rpartition(".")[0]
