"""What an edit of the code did to a job, part by part, with a short diff of each.

Jobs leave a record of their code. Where it is gone, nothing can be said of what changed since.
Comments, docstrings and formatting are no change, and neither is another place: a part that was
moved is compared with itself, and is named only if more than its place is another. A part whose
own text stood still is changed if one of its names means something else now.
"""

import ast
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from difflib import unified_diff
from pathlib import Path
from typing import Any, Literal

from crest.digest import OWN_ROOT, code_closure, code_pieces, code_texts
from crest.digest.archive import Part, Parts, part_of, parts_of, recall, recall_text
from crest.digest.facts import statements_of
from crest.digest.pieces import MODULE, Key
from crest.digest.store import decoded
from crest.spec import CLOSURES, entry_of

Kind = Literal["changed", "added", "removed", "moved"]
_CONTEXT = 2


@dataclass(frozen=True, slots=True)
class Change:
    """What became of one function, class, constant or file.

    Attributes:
        symbol: Its readable name, `module:name`; of a moved part, the present one.
        kind: What happened to it; `moved` parts have changed as well, unless places count.
        diff: Lines of a unified diff of its own text, without a heading; may be empty.
    """

    symbol: str
    kind: Kind
    diff: tuple[str, ...] = ()


def changes(
    then_code: str,
    spec: Mapping[str, Any],
    *,
    closures: Path = CLOSURES,
    root: Path = OWN_ROOT,
) -> list[Change] | None:
    """Return how the code of a job differs from what it was, sorted by symbol.

    Args:
        then_code: The code digest that the spec had then.
        spec: Fields of a spec of the job: `job` and `choices` are read. Where the job is gone,
            the parts that it had are compared with what is left of them.
        closures: Where jobs leave the records of their code.
        root: Folder that holds the package as it is now.

    Returns:
        Empty where the code is the same, None where no job here left a record of the old code.
    """
    then = recall(then_code, closures)
    if then is None:
        return None
    now, digest = _present(then, spec, root)
    if digest == then_code:
        return []
    texts = _Texts(closures, code_texts(entry_of(spec["job"]), now, root=root))
    return _Comparison(then, now, texts).changes()


def _present(then: Parts, spec: Mapping[str, Any], root: Path) -> tuple[Parts, str]:
    """Return the present parts of a job and their digest; of a job that is gone, what is left."""
    entry = entry_of(spec["job"])
    try:
        closure = code_closure(entry, spec["choices"], root=root)
    except ValueError:
        left = code_pieces(entry, then, root=root)
        return {key: part_of(piece, then[key].links) for key, piece in left.items()}, ""
    return parts_of(closure), closure.digest


class _Texts:
    """The text of parts, then and now."""

    def __init__(self, folder: Path, present: Mapping[str, bytes]) -> None:
        self.folder = folder
        self.present = present

    def lines(self, part: Part | None) -> list[str] | None:
        """Return a part's own lines; none for no part, None where its text was not kept."""
        if part is None:
            return []
        content = self.present.get(part.checksum) or recall_text(part.checksum, self.folder)
        if content is None:
            return None
        text = decoded(content)
        if part.key.kind == "file":
            return text.splitlines()
        rows = text.split("\n")
        return [
            row
            for statement in statements_of(text, part.key.name)
            for row in rows[_first_line(statement) - 1 : statement.end_lineno]
        ]

    def diff(self, then: Part | None, now: Part | None) -> tuple[str, ...]:
        """Return the difference of two parts' texts, empty where one was not kept."""
        before, after = self.lines(then), self.lines(now)
        if before is None or after is None:
            return ()
        return tuple(unified_diff(before, after, n=_CONTEXT, lineterm=""))[2:]


class _Comparison:
    """Pairs the parts of two closures."""

    def __init__(self, then: Parts, now: Parts, texts: _Texts) -> None:
        self.then = then
        self.now = now
        self.texts = texts
        self.pairs = {key: key for key in then if key in now}
        self._pair_alike(_content, alone=False)
        self._pair_alike(_name, alone=True)

    def changes(self) -> list[Change]:
        """Return what is not the same; moves alone where there is nothing else."""
        taken = set(self.pairs.values())
        found = [*self._edits()]
        found += [self._lone(key, "removed") for key in self.then if key not in self.pairs]
        found += [self._lone(key, "added") for key in self.now if key not in taken]
        found = _without_shells(found) or list(self._moves())
        return sorted(found, key=lambda change: (change.symbol, change.kind))

    def _pair_alike(self, trait: Callable[[Part], str], *, alone: bool) -> None:
        """Pair parts without a partner by what they share, `alone` only where no third does."""
        taken = set(self.pairs.values())
        old = _by_trait((part for key, part in self.then.items() if key not in self.pairs), trait)
        new = _by_trait((part for key, part in self.now.items() if key not in taken), trait)
        for shared in old.keys() & new.keys():
            if not alone or len(old[shared]) == len(new[shared]) == 1:
                self.pairs.update(zip(old[shared], new[shared], strict=False))

    def _moves(self) -> Iterator[Change]:
        for old, new in self.pairs.items():
            if old != new:
                yield Change(new.label, "moved", (f"-{old.label}", f"+{new.label}"))

    def _edits(self) -> Iterator[Change]:
        for old, new in self.pairs.items():
            before, after = self.then[old], self.now[new]
            if before.content != after.content:
                kind: Kind = "changed" if old == new else "moved"
                yield Change(new.label, kind, self.texts.diff(before, after))
            else:
                turned = tuple(self._turned(before, after))
                if turned:
                    yield Change(new.label, "changed", turned)

    def _turned(self, before: Part, after: Part) -> Iterator[str]:
        """Return lines on names that mean another part than they did."""
        for old, new in zip(before.links, after.links, strict=False):
            if self.pairs.get(old) != new:
                yield f"-uses {old.label}"
                yield f"+uses {new.label}"

    def _lone(self, key: Key, kind: Kind) -> Change:
        then, now = self.then.get(key), self.now.get(key)
        diff = self.texts.diff(None, now) if kind == "added" else self.texts.diff(then, None)
        return Change(key.label, kind, diff)


def _content(part: Part) -> str:
    return part.content


def _name(part: Part) -> str:
    return f"{part.key.kind} {part.key.name}"


def _by_trait(parts: Iterable[Part], trait: Callable[[Part], str]) -> dict[str, list[Key]]:
    found: dict[str, list[Key]] = defaultdict(list)
    for part in parts:
        found[trait(part)].append(part.key)
    return found


def _without_shells(found: list[Change]) -> list[Change]:
    """Leave out whole modules where a part of theirs explains the change."""
    told = [change for change in found if not change.symbol.endswith(f":{MODULE}")]
    return told or found


def _first_line(statement: ast.stmt) -> int:
    decorators = getattr(statement, "decorator_list", [])
    return min(node.lineno for node in (statement, *decorators))
