"""The modules of one package as text: what each defines, imports and does when imported.

Nothing is imported to find this out, so a broken or heavy module costs no more than its text.
"""

import hashlib
import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from crest.digest.facts import Facts, RawImport, Unit, unit_of
from crest.digest.store import FactStore, decoded, store_of


@dataclass(frozen=True, slots=True)
class Import:
    """A name bound by an import statement.

    Attributes:
        name: The bound name; `*` for a star import.
        module: Dotted name of the module that it comes from.
        attribute: What is taken from that module; None binds the module itself.
        loads: Dotted names of the modules that the statement executes, if they are ours.
        kept: Whether the bound name counts: it is bound in another way, too.
    """

    name: str
    module: str
    attribute: str | None
    loads: tuple[str, ...]
    kept: bool


class Module:
    """One file of Python.

    Attributes:
        name: Dotted name.
        path: The file.
        content: Its bytes.
        checksum: Their SHA-256.
        facts: What the text says by itself.
        imports: What top-level imports bind, those under `if TYPE_CHECKING` included.
    """

    def __init__(self, name: str, path: Path, content: bytes, store: FactStore) -> None:
        self.name = name
        self.path = path
        self.content = content
        self.checksum = hashlib.sha256(content).hexdigest()
        self.facts: Facts = store.facts(content, self.checksum, str(path))
        self.imports = self.absolute(self.facts.imports)
        self._units: dict[int, Unit] = {}

    @property
    def definitions(self) -> dict[str, list[int]]:
        """Top-level functions, classes and assignments by name: numbers of units."""
        return self.facts.definitions

    @property
    def is_package(self) -> bool:
        """Whether the file is an `__init__.py`."""
        return self.path.name == "__init__.py"

    @property
    def folder(self) -> str:
        """Dotted name of the package that the file lies in."""
        return self.name if self.is_package else self.name.rpartition(".")[0]

    @property
    def text(self) -> str:
        """The file's text."""
        return decoded(self.content)

    @cached_property
    def loads(self) -> tuple[str, ...]:
        """Modules that importing this one executes, if they are ours."""
        found = self.absolute(self.facts.executed)
        return tuple({load: None for one in found for load in one.loads})

    @cached_property
    def stars(self) -> tuple[str, ...]:
        """Origins of star imports, from which any name may come that is not found elsewhere."""
        return tuple(one.module for one in self.imports if one.name == "*")

    def unit(self, number: int) -> Unit:
        """Return a top-level statement."""
        if number not in self._units:
            self._units[number] = unit_of(self.facts.units[number])
        return self._units[number]

    def units(self, numbers: Iterable[int]) -> list[Unit]:
        """Return top-level statements."""
        return [self.unit(number) for number in numbers]

    def absolute(self, imports: Sequence[RawImport] | Sequence[Sequence[object]]) -> list[Import]:
        """Return imports written in this file with absolute names."""
        return [self._absolute(RawImport(*one)) for one in imports]  # type: ignore[arg-type]

    def _absolute(self, raw: RawImport) -> Import:
        if raw.attribute is None:
            return Import(raw.name, raw.module, None, (raw.loaded,), raw.kept)
        origin = self._origin(raw)
        loads = (origin, f"{origin}.{raw.attribute}")
        return Import(raw.name, origin, raw.attribute, loads, raw.kept)

    def _origin(self, raw: RawImport) -> str:
        """Return the absolute name of the module that an import statement takes from."""
        if not raw.level:
            return raw.module
        parents = self.name.split(".")
        up = raw.level - 1 if self.is_package else raw.level
        base = parents[: len(parents) - up] if up else parents
        return ".".join([*base, *([raw.module] if raw.module else [])])


class Package:
    """The modules of one package, read when first asked for.

    Attributes:
        root: Folder that holds the package.
        name: Its top-level name.
    """

    def __init__(self, root: Path, name: str) -> None:
        self.root = root
        self.name = name
        self._store = store_of(root / name)
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
        return self._submodules.get(name, [])

    def program(self, path: Path) -> Module:
        """Return a file of Python that may be no module of the package."""
        name = ".".join(path.relative_to(self.root).with_suffix("").parts)
        return Module(name, path, path.read_bytes(), self._store)

    @cached_property
    def _paths(self) -> dict[str, str]:
        """The files of all modules by dotted name; a folder goes before a file."""
        top = self.root / self.name
        lone = top.with_name(f"{self.name}.py")
        paths = {self.name: str(lone)} if lone.is_file() else {}
        for folder, folders, files in os.walk(top):
            folders[:] = [name for name in folders if name.isidentifier()]
            dotted = ".".join([self.name, *Path(folder).relative_to(top).parts])
            names = (file[:-3] for file in files if file.endswith(".py"))
            paths.update({f"{dotted}.{name}": f"{folder}/{name}.py" for name in names})
        packages = {name: path for name, path in paths.items() if name.endswith(".__init__")}
        return {**paths, **{name[: -len(".__init__")]: path for name, path in packages.items()}}

    @cached_property
    def _submodules(self) -> dict[str, list[str]]:
        """The last names of each package's modules, sorted."""
        found: dict[str, list[str]] = {}
        for name in sorted(self._paths):
            parent, _, last = name.rpartition(".")
            if last != "__init__":
                found.setdefault(parent, []).append(last)
        return found

    def _read(self, name: str) -> Module | None:
        if name not in self._paths:
            return None
        path = Path(self._paths[name])
        return Module(name, path, path.read_bytes(), self._store)
