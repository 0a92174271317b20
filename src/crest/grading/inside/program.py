"""Load one program and call its function, inside a process of its own, and write what it returns.

The result is a line a call: `R` and the encoded output, or one letter for why there is none. It
says nothing of right and wrong: no expected value is here. Whatever the program does to this
code, it can change nothing but its own output.
"""

import builtins
import sys
from collections.abc import Callable
from types import ModuleType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from crest.grading.inside.encoder import encode
else:
    from encoder import encode

NO_COMPILE, NO_LOAD, NO_MEMORY, RAISED, NOT_PLAIN, TOO_LONG = (
    b"C\n",
    b"L\n",
    b"M\n",
    b"X\n",
    b"N\n",
    b"O\n",
)
OTHERWISE = b"-\n"
USUAL_CLASS = "Solution"

Write = Callable[[bytes], None]


def run_calls(
    source: str, entry: str, calls: tuple[tuple[Any, ...], ...], *, write: Write, longest: int
) -> None:
    """Load a program and write one line a call, in order; state carries over between them.

    Args:
        source: The program.
        entry: Name of the function that is called, or `Class.method`.
        calls: Positional arguments of each call.
        write: Takes each line.
        longest: Longest line, in bytes.
    """
    function = load(source, entry, write)
    if function is not None:
        for arguments in calls:
            write(_outcome(function, arguments, longest))


def run_compiler(
    sources: tuple[str, ...],
    *,
    write: Write,
    longest: int,  # noqa: ARG001 (all jobs are called alike)
) -> None:
    """Write a line a program: whether the compiler takes it for malformed. None is run.

    Args:
        sources: The programs.
        write: Takes all lines at once.
        longest: Not needed.
    """
    write(b"".join(NO_COMPILE if _is_malformed(source) else OTHERWISE for source in sources))


def _is_malformed(source: str) -> bool:
    """Return whether the text breaks the language's rules; what else fails may do so by chance."""
    try:
        compile(source, "<program>", "exec", dont_inherit=True)
    except SyntaxError:
        return True
    except BaseException:  # noqa: BLE001 (hostile text makes the compiler raise anything)
        return False
    return False


def load(source: str, entry: str, write: Write) -> Callable[..., Any] | None:
    """Return the function that a program defines, or write why there is none."""
    module = fresh_main()
    try:
        code = compile(source, "<program>", "exec", dont_inherit=True)
    except BaseException:  # noqa: BLE001 (hostile text makes the compiler raise anything)
        write(NO_COMPILE)
        return None
    try:
        exec(code, module.__dict__)  # noqa: S102 (the purpose of the jail)
        return find_entry(module.__dict__, entry)
    except BaseException as error:  # noqa: BLE001 (the program chooses what it raises)
        write(NO_MEMORY if isinstance(error, MemoryError) else NO_LOAD)
        return None


def fresh_main() -> ModuleType:
    """Return an empty `__main__`, as a program finds it when it starts."""
    module = ModuleType("__main__")
    module.__builtins__ = builtins  # type: ignore[attr-defined]
    sys.modules["__main__"] = module
    return module


def find_entry(names: dict[str, Any], entry: str) -> Callable[..., Any]:
    """Return the function of that name; a method is bound to an instance made without arguments.

    Raises:
        LookupError, AttributeError: There is none.
    """
    first, *rest = entry.split(".")
    if not rest and first not in names and isinstance(names.get(USUAL_CLASS), type):
        first, rest = USUAL_CLASS, [entry]
    elif rest and first == USUAL_CLASS and first not in names:
        first, *rest = rest
    found = names[first]
    if rest:
        found = found()
    for name in rest:
        found = getattr(found, name)
    function: Callable[..., Any] = found
    return function


def _outcome(function: Callable[..., Any], arguments: tuple[Any, ...], longest: int) -> bytes:
    try:
        value = function(*arguments)
    except MemoryError:
        return NO_MEMORY
    except BaseException:  # noqa: BLE001 (the program chooses what it raises)
        return RAISED
    try:
        line = f"R{encode(value)}\n".encode("ascii")
    except MemoryError:
        return NO_MEMORY
    except BaseException:  # noqa: BLE001 (a value's class may be hostile)
        return NOT_PLAIN
    return line if len(line) <= longest else TOO_LONG
