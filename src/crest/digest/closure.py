"""Which code of our package a function can reach, and one digest for all of it.

The pieces are numbered from the entry on, in the order in which the code leads to them. The digest
is taken over each piece's own hash and the numbers of the pieces that it leads to. So two programs
have one digest exactly if they are alike piece by piece and each name means the like piece in both;
where a piece lies does not count, nor by which alias it is reached. What runs at the import of the
modules follows, sorted by its own hash; which import runs it, and the order of two modules, do not
count. Where code asks for places (`__name__`, `__file__`), its module's name counts; where it asks
any object for its module, stores into another module, or uses `pickle` or `inspect`, all places.
`logging.getLogger(__name__)` is taken to decide no result.

A label is `module:name` for a top-level function, class or assignment, `module:<import>` for the
statements that run when the module is imported, and `module:file` for a file named in the
module's `DIGEST_FILES`. The digest's own code stays out: an edit there that matters moves
the digests by itself.

Covers: names, attributes of modules, imports at the top and inside functions, relative imports,
re-exports, star imports, base classes, decorators, defaults, annotations, side effects of imports,
entries of a `Registry`. What cannot be followed (a module passed as a value, `importlib`,
`globals`) brings in the whole module and leaves a note.
Does not cover: side effects of the right-hand sides of assignments of other names,
`__init_subclass__`, `__doc__` read as data, the `repr` of a class or function of a moved module,
`sys.modules`, what a text given to `exec` imports, files read at run time that no `DIGEST_FILES`
names, and modules started as a process of their own unless named there.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import groupby

from crest.digest.pieces import MAIN, MODULE, Examiner, Key, Piece


@dataclass(frozen=True)
class Closure:
    """The code that a function can reach.

    Attributes:
        digest: One SHA-256 over all pieces, and what each leads to.
        notes: Where the code could not be followed, and what joined instead; sorted.
        pieces: The pieces, the entry first.
        links: For each piece, the numbers of those that it leads to.
    """

    digest: str
    notes: tuple[str, ...]
    pieces: tuple[Piece, ...] = field(repr=False)
    links: tuple[tuple[int, ...], ...] = field(repr=False)

    @cached_property
    def symbols(self) -> Mapping[str, str]:
        """SHA-256 of each reached piece by its label, sorted."""
        named = (piece for piece in self.pieces if piece.key.kind != "module")
        return dict(sorted((piece.key.label, piece.content) for piece in named))

    @cached_property
    def libraries(self) -> tuple[str, ...]:
        """Names of the third parties' top modules that the pieces name, sorted."""
        return tuple(sorted({name for piece in self.pieces for name in piece.libraries}))


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
    tracer.walk()
    while tracer.add_roots():
        tracer.walk()
    return tracer.closure()


class _Tracer:
    """Numbers the pieces of one closure."""

    def __init__(self, examiner: Examiner, choices: Mapping[str, Sequence[str]]) -> None:
        self.examiner = examiner
        self.package = examiner.package
        self.choices = choices
        self.pieces: list[Piece] = []
        self.numbers: dict[Key, int] = {}
        self.links: list[tuple[int, ...]] = []
        self.lines: list[str] = []
        self.notes: set[str] = set()
        self.ties: set[Key] = set()
        self.imported: dict[str, None] = {}
        self._rooted = 0

    def enter(self, entry: str) -> None:
        """Start at a function; its module runs as a program, main guard included."""
        name, _, function = entry.partition(":")
        module = self.package.module(name)
        if module is None or function not in module.definitions:
            raise ValueError(f"{entry}: no such function under {self.package.root}; name module:f")
        self.number(Key("symbol", name, function))
        if module.facts.main:
            self.number(Key("main", name, MAIN))

    def walk(self) -> None:
        """Number all that the numbered pieces lead to."""
        while len(self.links) < len(self.pieces):
            piece = self.pieces[len(self.links)]
            links = [self.number(key) for key in piece.edges]
            line = f"{piece.content} {links}"
            for package in piece.registries:
                entries = self.entries(piece, package)
                joined = [self.number(Key("module", name, MODULE)) for name in entries]
                line += f" {joined}"
                links += joined
            for loaded in piece.loads:
                origin = self.examiner.origin(loaded)
                if origin is not None:
                    self.load(origin)
            self.notes.update(piece.notes)
            self.links.append(tuple(links))
            self.lines.append(line)

    def number(self, key: Key) -> int:
        """Return a piece's number; a new piece gets the next."""
        found = self.numbers.get(key)
        if found is not None:
            return found
        piece = self.examiner.piece(key)
        if piece is None:
            raise ValueError(f"{key.label}: no such module under {self.package.root}")
        self.numbers[key] = len(self.pieces)
        self.pieces.append(piece)
        self.load(key.module)
        return self.numbers[key]

    def load(self, name: str) -> None:
        """Note that a module is imported, and what it imports."""
        pending = [name]
        while pending:
            module = pending.pop()
            if module not in self.imported and not self.examiner.exempt(module):
                self.imported[module] = None
                pending += self.examiner.executed(module)

    def add_roots(self) -> bool:
        """Number what runs at the import of modules noted since the last time, if there is any."""
        modules = list(self.imported)[self._rooted :]
        self._rooted = len(self.imported)
        found = [piece for name in modules for piece in self.examiner.roots(name)]
        for _, group in groupby(sorted(found, key=_content), key=_content):
            for piece in self.ordered(list(group)):
                self.number(piece.key)
        return bool(found)

    def ordered(self, alike: list[Piece]) -> list[Piece]:
        """Return pieces of one content in an order that their places decide only if need be."""
        if len(alike) == 1:
            return alike
        alone = {piece.key: self.alone(piece) for piece in alike}
        alike.sort(key=lambda piece: (alone[piece.key], piece.key.label))
        for _, group in groupby(alike, key=lambda piece: alone[piece.key]):
            same = [piece.key for piece in group]
            self.ties.update(same if len(same) > 1 else ())
        return alike

    def alone(self, piece: Piece) -> str:
        """Return the digest of what a piece leads to by itself."""
        tracer = _Tracer(self.examiner, self.choices)
        tracer.number(piece.key)
        tracer.walk()
        return tracer.closure().digest

    def entries(self, user: Piece, package: str | None) -> list[str]:
        """Return the chosen modules of a registry's package, or all of them."""
        if package is None or not self.package.owns(package):
            raise ValueError(
                f"{user.key.label}: Registry needs the name of a package of ours as a literal"
            )
        self.load(package)
        names = [name for name in self.package.submodules(package) if not name.startswith("_")]
        chosen = self.choices.get(package)
        if chosen is None:
            self.notes.add(f"{package}: all entries join, since no choice names some")
        unknown = sorted(set(chosen or ()) - set(names))
        if unknown:
            raise ValueError(
                f"{package} has no entry {', '.join(unknown)}; it has {', '.join(names)}"
            )
        keys = names if chosen is None else sorted(set(chosen))
        return [f"{package}.{key}" for key in keys]

    def closure(self) -> Closure:
        """Return what was found."""
        places = {reason for piece in self.pieces for reason in piece.places}
        located = {piece.key for piece in self.pieces} if places else self.ties
        lines = [
            f"{line} {piece.key.label}" if piece.key in located else line
            for line, piece in zip(self.lines, self.pieces, strict=True)
        ]
        digest = hashlib.sha256("\n".join(lines).encode()).hexdigest()
        notes = {f"where the code lies counts: {reason}" for reason in places} | self.notes
        return Closure(digest, tuple(sorted(notes)), tuple(self.pieces), tuple(self.links))


def _content(piece: Piece) -> str:
    return piece.content
