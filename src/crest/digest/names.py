"""What a name means: a symbol of ours, one of our modules, or something of a third party."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from crest.digest.modules import Import, Module, Package


@dataclass(frozen=True, slots=True, order=True)
class Symbol:
    """A top-level function, class or assignment."""

    module: str
    name: str

    def __str__(self) -> str:
        return f"{self.module}:{self.name}"


@dataclass(frozen=True, slots=True, order=True)
class ModuleValue:
    """One of our modules used as an object, which hides what is taken from it."""

    module: str

    def __str__(self) -> str:
        return self.module


@dataclass(frozen=True, slots=True, order=True)
class External:
    """Something outside our package, by its dotted name."""

    name: str

    def __str__(self) -> str:
        return self.name


@dataclass(frozen=True, slots=True, order=True)
class Missing:
    """A name that one of our modules does not visibly have."""

    module: str
    name: str

    def __str__(self) -> str:
        return f"{self.module}:{self.name}?"


Target = Symbol | ModuleValue | External | Missing


@dataclass(frozen=True, slots=True)
class Meaning:
    """One thing that a dotted name may mean.

    Attributes:
        target: The thing.
        taken: How many attributes lead to it.
        rest: The attributes that are taken from it.
    """

    target: Target
    taken: int
    rest: tuple[str, ...]


class Names:
    """Resolves the names of one package."""

    def __init__(self, package: Package) -> None:
        self.package = package
        self._top: dict[tuple[str, str], list[Target]] = {}

    def resolve(
        self, module: Module, root: str, attributes: Sequence[str], inner: Sequence[Import]
    ) -> list[Meaning]:
        """Return all that a dotted name may mean inside a module, in the order of the text.

        Args:
            module: Where the name is used.
            root: The name.
            attributes: What is taken from it.
            inner: Imports inside the code that uses the name.

        Returns:
            Empty for builtins and for names that nothing visible binds.
        """
        starts: list[Target] = []
        for found in inner:
            if found.name == root:
                starts += self._new(found, starts, frozenset())
        starts += self.top(module, root)
        return [end for start in starts for end in self._descend(start, tuple(attributes), 0)]

    def top(self, module: Module, name: str) -> list[Target]:
        """Return what a module's top-level name means."""
        key = module.name, name
        if key not in self._top:
            self._top[key] = self._lookup(module, name, frozenset())
        return self._top[key]

    def followed(self, found: Import) -> list[Target]:
        """Return what an import statement binds."""
        return self._follow(found, frozenset())

    def _descend(self, start: Target, attributes: tuple[str, ...], taken: int) -> Iterator[Meaning]:
        """Take attributes as long as they lead from module to module."""
        rest = attributes[taken:]
        if isinstance(start, External):
            yield Meaning(External(".".join((start.name, *rest))), len(attributes), ())
        elif not isinstance(start, ModuleValue) or not rest:
            yield Meaning(start, taken, rest)
        elif not is_dunder(rest[0]):
            module = self.package.module(start.module)
            found = self.top(module, rest[0]) if module else []
            for target in found or [Missing(start.module, rest[0])]:
                yield from self._descend(target, attributes, taken + 1)

    def _lookup(self, module: Module, name: str, seen: frozenset[tuple[str, str]]) -> list[Target]:
        """Return what a module's name means, through its imports, submodules and star imports."""
        if (module.name, name) in seen:
            return []
        seen |= {(module.name, name)}
        found: list[Target] = [Symbol(module.name, name)] if name in module.definitions else []
        for one in module.imports:
            if one.name == name:
                found += self._new(one, found, seen)
        if not found and module.is_package and self.package.module(f"{module.name}.{name}"):
            found.append(ModuleValue(f"{module.name}.{name}"))
        for one in module.imports:
            origin = self.package.module(one.module) if one.name == "*" and not found else None
            if origin is not None:
                found += self._lookup(origin, name, seen)
        return found

    def _new(
        self, one: Import, found: Sequence[Target], seen: frozenset[tuple[str, str]]
    ) -> list[Target]:
        """Return what an import adds: `import a.b` after `import a.c` binds `a` once more."""
        targets = self._follow(one, seen)
        return [] if one.attribute is None and targets[0] in found else targets

    def _follow(self, found: Import, seen: frozenset[tuple[str, str]]) -> list[Target]:
        if found.name == "*":
            return []
        if not self.package.owns(found.module):
            suffix = f".{found.attribute}" if found.attribute else ""
            return [External(found.module + suffix)]
        if found.attribute is None:
            return [ModuleValue(found.module)]
        origin = self.package.module(found.module)
        targets = self._lookup(origin, found.attribute, seen) if origin else []
        return targets or [Missing(found.module, found.attribute)]


def is_dunder(name: str) -> bool:
    """Return whether a name belongs to the language, as `__name__`."""
    return name.startswith("__") and name.endswith("__")
