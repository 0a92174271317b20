"""One piece of code at a time: a hash of what stands in it, and the pieces that it leads to.

A piece is a top-level definition of a module, what runs when a module is imported, a file, or a
whole module where one is used as a value. Its hash holds no place: neither its module's name nor
those of the pieces that it leads to, except where the code itself asks for a place. What it leads
to is decided by the package's text alone, so pieces are examined once and shared by all closures.
"""

import hashlib
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

from crest.digest.facts import FILES, OWN_NAME, RawUse, Unit
from crest.digest.modules import Import, Module, Package
from crest.digest.names import External, Meaning, Missing, Names, Symbol, is_dunder

IMPORT, MAIN, MODULE = "<import>", "<main>", "<module>"
_DYNAMIC_BUILTINS = {"__import__", "eval", "exec", "globals"}
_IMPORTER = "importlib.import_module"
_FINDERS = ("importlib.util", "pkgutil", "runpy")
_LOGGER = "logging.getLogger"
_OWN_PLACES = {OWN_NAME, "__file__", "__package__", "__spec__", "__path__", "__loader__"}
_PLACE_READERS = ("pickle", "cloudpickle", "dill", "copyreg", "inspect")

Kind = Literal["symbol", "import", "main", "file", "module"]


class Key(NamedTuple):
    """Names a piece.

    Attributes:
        kind: What it is.
        module: Dotted name of its module.
        name: Which piece of the module it is.
    """

    kind: Kind
    module: str
    name: str

    @property
    def label(self) -> str:
        """Its readable name."""
        return f"{self.module}:{self.name}"


@dataclass(slots=True)
class Piece:
    """What is known of a piece of code.

    Attributes:
        key: Its name.
        content: SHA-256 of all that is in it but the pieces that it leads to.
        edges: Pieces that it leads to, in the order of its text.
        registries: Packages of the registries that it makes; None where it is no literal.
        loads: Modules that imports inside it execute.
        notes: What of it cannot be followed, and what joined instead.
        places: Why the places of all code that goes with it count; empty where they do not.
        libraries: Modules at the top of third parties that it names.
        checksum: SHA-256 of the file that it lies in.
    """

    key: Key
    content: str
    edges: tuple[Key, ...]
    registries: tuple[str | None, ...] = ()
    loads: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    libraries: tuple[str, ...] = ()
    checksum: str = ""


@dataclass(slots=True)
class _Draft:
    """A piece in the making."""

    key: Key
    module: Module
    lines: list[str] = field(default_factory=list)
    edges: list[Key] = field(default_factory=list)
    registries: list[str | None] = field(default_factory=list)
    loads: dict[str, None] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    places: list[str] = field(default_factory=list)
    libraries: dict[str, None] = field(default_factory=dict)
    located: bool = False

    def lead(self, key: Key) -> str:
        """Add an edge, and return the mark that stands for it."""
        self.edges.append(key)
        return "\u2192"

    def finished(self) -> Piece:
        """Return the piece."""
        place = f"{self.module.name} {self.module.is_package}" if self.located else ""
        text = "\n".join([self.key.kind, self.key.name, place, *self.lines])
        return Piece(
            self.key,
            hashlib.sha256(text.encode()).hexdigest(),
            tuple(self.edges),
            tuple(self.registries),
            tuple(self.loads),
            tuple(dict.fromkeys(self.notes)),
            tuple(dict.fromkeys(self.places)),
            tuple(self.libraries),
            self.module.checksum,
        )


class Examiner:
    """Examines the pieces of one package, each once."""

    def __init__(self, package: Package) -> None:
        self.package = package
        self.names = Names(package)
        self._own = f"{package.name}.digest"
        self.registry = Symbol(f"{package.name}.registry", "Registry")
        self._pieces: dict[Key, Piece | None] = {}
        self._schedules: dict[str, list[int]] = {}
        self._direct: dict[str, tuple[str, ...]] = {}
        self._roots: dict[str, tuple[Piece, ...]] = {}

    def exempt(self, module: str) -> bool:
        """Return whether a module is the digest's own: it decides no result."""
        return module == self._own or module.startswith(f"{self._own}.")

    def piece(self, key: Key) -> Piece | None:
        """Return what is known of a piece, None if there is no such piece."""
        if key not in self._pieces:
            self._pieces[key] = self._examine(key)
        return self._pieces[key]

    def content(self, key: Key) -> bytes:
        """Return the bytes of the file that a piece lies in, empty if there is none."""
        module = self.package.module(key.module)
        if module is None:
            return b""
        path = module.path.parent / key.name
        return module.content if key.kind != "file" else path.read_bytes()

    def executed(self, module: str) -> tuple[str, ...]:
        """Return modules that importing a module executes first, its parent among them."""
        if module not in self._direct:
            self._direct[module] = tuple(self._executed(module))
        return self._direct[module]

    def origin(self, loaded: str) -> str | None:
        """Return the module of ours that an import of a dotted name executes, if any."""
        if not self.package.owns(loaded):
            return None
        name = loaded if self.package.module(loaded) else loaded.rpartition(".")[0]
        return name if name and self.package.module(name) and not self.exempt(name) else None

    def roots(self, name: str) -> tuple[Piece, ...]:
        """Return the pieces that count when a module is imported: its effects and its files."""
        if name not in self._roots:
            self._roots[name] = tuple(self._found_roots(name))
        return self._roots[name]

    def _found_roots(self, name: str) -> Iterable[Piece]:
        module = self.package.module(name)
        if module is None:
            return
        keys = [Key("import", name, IMPORT)] if self._schedule(module) else []
        keys += [Key("file", name, file) for file in _digest_files(module)]
        for key in keys:
            piece = self.piece(key)
            if piece is not None:
                yield piece

    def _executed(self, name: str) -> Iterable[str]:
        module = self.package.module(name)
        parent = name.rpartition(".")[0]
        if parent:
            yield parent
        for loaded in module.loads if module else ():
            found = self.origin(loaded)
            if found is not None:
                yield found

    def _examine(self, key: Key) -> Piece | None:
        module = self.package.module(key.module)
        if module is None or not _is_there(key, module):
            return None
        if key.kind == "file":
            return self._examine_file(key, module)
        draft = _Draft(key, module)
        if key.kind == "symbol":
            self._examine_symbol(draft)
        elif key.kind == "module":
            self._examine_module(draft)
        elif key.kind == "import":
            self._add_units(draft, module.facts.effects)
            for name in self._registered(module):
                draft.lines.append(draft.lead(Key("symbol", module.name, name)))
            draft.lines.append(self._order(module))
        else:
            self._add_units(draft, module.facts.main)
            draft.located = False
        return draft.finished()

    def _examine_symbol(self, draft: _Draft) -> None:
        module = draft.module
        numbers = module.definitions[draft.key.name]
        self._add_units(draft, numbers)
        schedule = self._schedule(module)
        early = [number for number in numbers if not module.unit(number).late]
        if schedule and early:
            ranks = [sum(before < number for before in schedule) for number in early]
            draft.lines.append(f"after {ranks}")

    def _examine_module(self, draft: _Draft) -> None:
        """Take all of a module, and what it imports for others to take."""
        module = draft.module
        draft.located = True
        for name in sorted(module.definitions):
            draft.lines.append(f"{name} {draft.lead(Key('symbol', module.name, name))}")
        for found in sorted(module.imports, key=lambda one: (one.name, one.attribute or "")):
            for target in self.names.followed(found):
                if isinstance(target, Symbol) and not self.exempt(target.module):
                    mark = draft.lead(Key("symbol", target.module, target.name))
                    draft.lines.append(f"{found.name} {mark}")

    def _examine_file(self, key: Key, module: Module) -> Piece:
        path = module.path.parent / key.name
        if path.suffix != ".py":
            checksum = hashlib.sha256(path.read_bytes()).hexdigest()
            return Piece(key, checksum, (), checksum=checksum)
        draft = _Draft(key, self.package.program(path))
        self._add_units(draft, range(len(draft.module.facts.units)))
        draft.loads.update(dict.fromkeys(draft.module.loads))
        draft.located = False
        draft.notes.clear()
        return draft.finished()

    def _registered(self, module: Module) -> list[str]:
        """Return the definitions that a decorator of ours may note somewhere at import."""
        return [
            name
            for name, decorators in module.facts.decorators.items()
            if any(self._is_ours(module, root, rest) for root, rest in decorators)
        ]

    def _is_ours(self, module: Module, root: str, attributes: Sequence[str]) -> bool:
        meanings = self.names.resolve(module, root, attributes, ())
        return any(not isinstance(one.target, External) for one in meanings)

    def _schedule(self, module: Module) -> list[int]:
        """Return the units that do something at import."""
        if module.name not in self._schedules:
            noted = [module.definitions[name] for name in self._registered(module)]
            units = {*module.facts.effects, *(number for numbers in noted for number in numbers)}
            self._schedules[module.name] = sorted(units)
        return self._schedules[module.name]

    def _order(self, module: Module) -> str:
        """Return which of the units that do something at import are effects."""
        effects = set(module.facts.effects)
        return "".join("e" if number in effects else "d" for number in self._schedule(module))

    def _add_units(self, draft: _Draft, numbers: Iterable[int]) -> None:
        for number in numbers:
            _UnitReader(self, draft, number).add()


class _UnitReader:
    """Adds one top-level statement to a piece."""

    def __init__(self, examiner: Examiner, draft: _Draft, number: int) -> None:
        self.examiner = examiner
        self.draft = draft
        self.number = number
        self.module = draft.module
        self.unit: Unit = self.module.unit(number)
        self.inner = self.module.absolute(self.unit.imports)
        self.label = draft.key.label
        self.in_registry = self.module.name == f"{examiner.package.name}.registry"

    def add(self) -> None:
        """Add the statement's tokens, and what its names mean."""
        self.draft.lines.append(self.unit.tokens)
        self.draft.lines.extend(self._describe_import(one) for one in self.inner)
        for one in self.inner:
            self.draft.loads.update(dict.fromkeys(one.loads))
        if self.unit.places:
            self.draft.places.append(f"{self.label} asks for the module of an object")
        for use in self.unit.uses:
            self.draft.lines.append(self._describe(use))

    def _describe_import(self, one: Import) -> str:
        kept = one.name if one.kept or one.name == "*" else ""
        if not self.examiner.package.owns(one.module):
            self._note_library(one.module)
            return f"import {kept} {one.loads[-1]} {one.attribute is None}"
        found = self.examiner.names.followed(one)
        missing = any(isinstance(target, Missing) for target in found)
        return f"import {kept} {one.attribute if missing else ''}"

    def _describe(self, use: RawUse) -> str:
        """Return what a name means, places left out; edges lead to our own code."""
        meanings = self.examiner.names.resolve(self.module, use.root, use.attributes, self.inner)
        kept = use.root if use.kept else ""
        self._note_calls(use, meanings)
        if not meanings:
            return f"{kept} {self._unbound(use)}"
        return " ".join([kept, *(self._mean(use, meaning) for meaning in meanings)])

    def _unbound(self, use: RawUse) -> str:
        """Describe a builtin, or a name that nothing visible binds."""
        dotted = ".".join((use.root, *use.attributes))
        if use.root in _OWN_PLACES:
            self.draft.located = True
            if use.root == "__file__":
                self._note_files()
        elif any(map(is_dunder, use.attributes)):
            tops = self.examiner.names.top(self.module, use.root)
            return f"{dotted} of {' '.join(map(str, tops))}"
        owns = self.examiner.package.owns
        stars = [origin for origin in self.module.stars if not owns(origin)]
        return " ".join((dotted, *stars))

    def _mean(self, use: RawUse, meaning: Meaning) -> str:
        target = meaning.target
        if isinstance(target, External):
            self._note_external(target)
            return f"{target.name} {meaning.taken}"
        if self.examiner.exempt(target.module):
            return "the digest"
        rest = ".".join(meaning.rest)
        if isinstance(target, Symbol):
            return self._mean_symbol(use, meaning, target, rest)
        why = "uses the module as a value"
        name = ""
        if isinstance(target, Missing):
            name, why = target.name, f"takes {target.name} from it, not found there"
        return f"{self._join(target.module, why)} {name} {rest}"

    def _mean_symbol(self, use: RawUse, meaning: Meaning, target: Symbol, rest: str) -> str:
        if self.draft.key.kind == "file" and target.module == self.module.name:
            return f"here {target.name} {rest}"
        origin = self.examiner.package.module(target.module)
        mark = self.draft.lead(Key("symbol", target.module, target.name))
        if use.stored and meaning.taken and not meaning.rest:
            self.draft.places.append(f"{self.label} assigns to {target}")
        words = [mark, str(bool(meaning.taken)), rest]
        if origin is not None and target.name in origin.facts.rebound:
            words.append(f"{target.module} by {self.module.name} {use.root} {use.attributes}")
        numbers = origin.definitions[target.name] if origin is self.module and origin else []
        if len(numbers) > 1:
            words.append(f"after {sum(before < self.number for before in numbers)}")
        return " ".join(words)

    def _join(self, name: str, why: str) -> str:
        """Lead to a whole module, and say why."""
        if self.examiner.package.module(name) is None:
            return f"no module {name}"
        self.draft.notes.append(f"{name} joins whole: {self.label} {why}")
        return self.draft.lead(Key("module", name, MODULE))

    def _join_own(self, act: str) -> None:
        if not self.in_registry and self.draft.key.kind != "file":
            self.draft.lines.append(self._join(self.module.name, act))

    def _note_library(self, name: str) -> None:
        top = name.partition(".")[0]
        beside = self.module.path.with_name(f"{top}.py")  # as files that run alone import them
        if top not in sys.stdlib_module_names and not beside.exists():
            self.draft.libraries[top] = None

    def _note_external(self, target: External) -> None:
        self._note_library(target.name)
        if target.name.startswith("importlib.resources"):
            self._note_files()
        if target.name.startswith(_FINDERS):
            self._join_own(f"uses {target}")
        if target.name.partition(".")[0] in _PLACE_READERS:
            self.draft.places.append(f"{self.label} uses {target}")

    def _note_files(self) -> None:
        if FILES not in self.module.definitions:
            self.draft.notes.append(
                f"{self.label} may read files of the package: name them in {FILES}"
            )

    def _note_calls(self, use: RawUse, meanings: Sequence[Meaning]) -> None:
        """Follow calls that bring in code by its name."""
        targets = [meaning.target for meaning in meanings]
        if any(kind == "name" for kind, _, _ in use.calls) and targets != [External(_LOGGER)]:
            self.draft.located = True
        if self.examiner.registry in targets:
            self._note_registries(use)
        if External(_IMPORTER) in targets:
            self._note_imported(use)
        if not meanings and use.root in _DYNAMIC_BUILTINS and not _has_own_names(use):
            self._join_own(f"calls {use.root}")

    def _note_registries(self, use: RawUse) -> None:
        found = [self._text(kind, text) for kind, text, _ in use.calls]
        self.draft.lines.append(f"registries {len(found)}")
        self.draft.registries.extend(found)

    def _note_imported(self, use: RawUse) -> None:
        texts = [self._text(kind, text) for kind, text, _ in use.calls]
        for text in texts:
            if text is not None and self.examiner.package.owns(text):
                self.draft.lines.append(self._join(text, "imports it by name"))
        if not texts or None in texts:
            self._join_own(f"uses {_IMPORTER}")

    def _text(self, kind: str, text: str) -> str | None:
        """Return a call's literal argument; `__name__` and `__package__` are known, too."""
        known = {"text": text, "name": self.module.name, "folder": self.module.folder}
        return known.get(kind)


def _has_own_names(use: RawUse) -> bool:
    """Return whether every call of `exec` or `eval` is given the names that the code may use."""
    return use.root in ("exec", "eval") and all(count > 1 for _, _, count in use.calls)


def _is_there(key: Key, module: Module) -> bool:
    if key.kind == "symbol":
        return key.name in module.definitions
    return key.kind != "file" or (module.path.parent / key.name).is_file()


def _digest_files(module: Module) -> list[str]:
    """Return the files beside a module that its `DIGEST_FILES` names; patterns are allowed."""
    if module.facts.files is None:
        raise ValueError(f"{module.name}: {FILES} must be a tuple of literal names")
    files: list[str] = []
    folder = module.path.parent
    for pattern in module.facts.files:
        matches = sorted(folder.glob(pattern))
        if not matches:
            raise ValueError(f"{module.name}: {FILES} names {pattern}, which is not there")
        files += [path.relative_to(folder).as_posix() for path in matches]
    return files
