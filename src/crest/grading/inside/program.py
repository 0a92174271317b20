"""Run one program on its calls, inside its own process, and write down what it returns.

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


def run_calls(
    source: str,
    entry: str,
    calls: tuple[tuple[Any, ...], ...],
    *,
    write: Callable[[bytes], None],
    longest: int,
) -> None:
    """Load a program and write one line a call, in order; state carries over between them.

    Args:
        source: The program.
        entry: Name of the function that is called.
        calls: Positional arguments of each call.
        write: Takes each line.
        longest: Longest line, in bytes.
    """
    module = ModuleType("__main__")
    module.__builtins__ = builtins  # type: ignore[attr-defined]
    sys.modules["__main__"] = module
    function = _load(source, entry, module, write)
    if function is not None:
        for arguments in calls:
            write(_outcome(function, arguments, longest))


def _load(
    source: str, entry: str, module: ModuleType, write: Callable[[bytes], None]
) -> Callable[..., Any] | None:
    try:
        code = compile(source, "<program>", "exec", dont_inherit=True)
    except BaseException:  # noqa: BLE001 (hostile text makes the compiler raise anything)
        write(NO_COMPILE)
        return None
    try:
        exec(code, module.__dict__)  # noqa: S102 (the purpose of the jail)
        function: Callable[..., Any] = module.__dict__[entry]
    except BaseException as error:  # noqa: BLE001 (the program chooses what it raises)
        write(NO_MEMORY if isinstance(error, MemoryError) else NO_LOAD)
        return None
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
