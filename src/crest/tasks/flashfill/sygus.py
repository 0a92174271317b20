"""Import of SyGuS problems of the track "programming by example, strings" (`.sl` files).

The format is SyGuS-IF (arXiv:2312.06001): one function to be found, and constraints
`(= (f "input") "output")`. Of the file's own grammar nothing is used: a problem is taken if a
program of *our* language has its outputs, by exhaustive search over up to `MAX_PARTS` parts of at
most two steps. All examples must be met; the task keeps the first ones.

Covers: any number of files, with one reason for each that is not taken. Does not cover: several
inputs, numbers, constants other than our delimiters. A model made from scratch has seen no letters
but `symbols.LETTERS`, so that it meets unknown ones here.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from crest.tasks.flashfill.enumeration import explain
from crest.tasks.flashfill.sexpr import Expression, Text, parse_expressions
from crest.tasks.flashfill.symbols import MAX_PARTS
from crest.tasks.flashfill.task import Task
from crest.tasks.flashfill.text import print_program

SUFFIX = ".sl"


class Reason(StrEnum):
    """Why a problem is not taken."""

    DAMAGED = "no S-expressions"
    """Brackets or quotes do not match, or the file is no text."""
    FUNCTIONS = "not one function"
    """The file asks for no function, or for several."""
    INPUTS = "not one input"
    """The function takes several inputs, or none."""
    TYPES = "not from text to text"
    """Its input or its value is no string."""
    CONSTRAINTS = "not by example"
    """A constraint is no pair of an input and its output."""
    CONTRADICTION = "contradictory examples"
    """One input has two outputs."""
    FEW = "too few examples"
    """There are fewer distinct pairs than a split needs."""
    CHARACTERS = "other characters"
    """A text holds something else than printable ASCII."""
    NO_PROGRAM = "no program of the language"
    """The search finds none with these outputs."""


class RefusalError(ValueError):
    """A problem is not taken.

    Attributes:
        reason: Why.
    """

    def __init__(self, reason: Reason, detail: str) -> None:
        super().__init__(f"{reason.value}: {detail}")
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Refusal:
    """A file whose problem is not taken, why, and what exactly was found."""

    name: str
    reason: Reason
    detail: str


@dataclass(frozen=True, slots=True)
class Imported:
    """What became of some files.

    Attributes:
        tasks: One a file that was taken, in the order of the files' names.
        refusals: One a file that was not.
    """

    tasks: tuple[Task, ...]
    refusals: tuple[Refusal, ...]

    @property
    def counts(self) -> dict[str, int]:
        """Return the number of files by what became of them, `taken` first."""
        reasons = Counter(refusal.reason for refusal in self.refusals)
        return {
            "taken": len(self.tasks),
            **{reason.value: reasons[reason] for reason in Reason if reasons[reason]},
        }


def find_files(path: Path) -> list[Path]:
    """Return a file itself, or the `.sl` files in a folder and those below it, sorted.

    Raises:
        FileNotFoundError: There is no such file, or none in the folder.
    """
    found = sorted(path.rglob(f"*{SUFFIX}")) if path.is_dir() else [path]
    if not found or not path.exists():
        raise FileNotFoundError(
            f"{path}: no {SUFFIX} file there; name a SyGuS file or a folder of such files"
        )
    return found


def import_files(
    paths: Iterable[Path], *, min_pairs: int, max_pairs: int, max_parts: int = MAX_PARTS
) -> Imported:
    """Make tasks of the files that the language can express, and say what became of the others.

    Args:
        paths: Files, of which the names without suffix are distinct.
        min_pairs: Fewest distinct examples of a task: the visible ones and one more.
        max_pairs: Most examples that a task keeps, the first ones.
        max_parts: Of a program.

    Raises:
        ValueError: Two files have one name.
    """
    named = _named(paths)
    tasks: list[Task] = []
    refusals: list[Refusal] = []
    for name, path in named.items():
        try:
            pairs = read_examples(_text(path))
            tasks.append(_task(f"sygus-{name}", pairs, min_pairs, max_pairs, max_parts))
        except RefusalError as error:
            refusals.append(Refusal(name, error.reason, str(error)))
    return Imported(tuple(tasks), tuple(refusals))


def read_examples(source: str) -> dict[str, str]:
    """Return the outputs by input of a file's text, in its order.

    Raises:
        RefusalError: It is not by example, from one text to a text.
    """
    try:
        commands = [each for each in parse_expressions(source) if isinstance(each, list) and each]
    except ValueError as error:
        raise RefusalError(Reason.DAMAGED, str(error)) from None
    name = _function_name(commands)
    pairs: dict[str, str] = {}
    for command in commands:
        if command[0] == "constraint":
            given, wanted = _example(command, name)
            if pairs.setdefault(given, wanted) != wanted:
                raise RefusalError(
                    Reason.CONTRADICTION, f"{given!r} gives {pairs[given]!r} and {wanted!r}"
                )
    return pairs


def _named(paths: Iterable[Path]) -> dict[str, Path]:
    named: dict[str, Path] = {}
    for path in sorted(paths):
        if path.stem in named:
            raise ValueError(
                f"{named[path.stem]} and {path} have one name: give each problem its own"
            )
        named[path.stem] = path
    return named


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise RefusalError(Reason.DAMAGED, f"not UTF-8 ({error.reason})") from None


def _function_name(commands: Sequence[list[Expression]]) -> Expression:
    """Return the name of the one function, which must go from a string to a string."""
    functions = [command for command in commands if command[0] == "synth-fun"]
    if len(functions) != 1:
        raise RefusalError(Reason.FUNCTIONS, f"asks for {len(functions)}")
    match functions[0]:
        case [_, name, [[_, "String"]], "String", *_]:
            return name
        case [_, _, [each], value, *_]:
            raise RefusalError(Reason.TYPES, f"goes from {_words(each)} to {_words(value)}")
        case [_, _, [*inputs], _, *_]:
            raise RefusalError(Reason.INPUTS, f"takes {len(inputs)}")
    raise RefusalError(Reason.DAMAGED, f"{_words(functions[0])} lacks its inputs or its type")


def _example(command: list[Expression], name: Expression) -> tuple[str, str]:
    """Return the input and output of `(constraint (= (name "input") "output"))`."""
    match command:
        case [_, ["=", [function, Text(given)], Text(wanted)]] if function == name:
            return given, wanted
        case [_, ["=", Text(wanted), [function, Text(given)]]] if function == name:
            return given, wanted
    raise RefusalError(Reason.CONSTRAINTS, _words(command))


def _task(
    task_id: str, pairs: dict[str, str], min_pairs: int, max_pairs: int, max_parts: int
) -> Task:
    if len(pairs) < min_pairs:
        raise RefusalError(Reason.FEW, f"{len(pairs)} of {min_pairs}")
    for text in (*pairs, *pairs.values()):
        if not (text.isascii() and text.isprintable()):
            raise RefusalError(Reason.CHARACTERS, repr(text))
    inputs, outputs = tuple(pairs), tuple(pairs.values())
    program = explain(inputs, outputs, max_parts)
    if program is None:
        raise RefusalError(Reason.NO_PROGRAM, f"{inputs[0]!r} to {outputs[0]!r}")
    kept = min(len(pairs), max_pairs)
    return Task(
        task_id,
        len(program.parts),
        print_program(program),
        inputs[:kept],
        outputs[:kept],
        (False,) * kept,
    )


def _words(expression: Expression, depth: int = 3) -> str:
    """Return an expression as it could be written, what lies deep in it left out."""
    if isinstance(expression, Text):
        return '"{}"'.format(expression.value.replace('"', '""'))
    if isinstance(expression, str):
        return expression
    return f"({' '.join(_words(each, depth - 1) for each in expression)})" if depth else "(...)"
