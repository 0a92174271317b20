"""Find short programs that do not compile, many in one process that runs none of them.

A process costs as much as compiling some fifteen short programs, and of the new programs that a
small policy writes every third does not compile. What is found so is a verdict: alone in its
process the compiler would have met the same text and said the same. A finding counts only if the
process that compiled them all ended in order and used at most half of each limit, which bounds what
any of them would have used alone. Where that fails, and for all that compiles, a program is judged
by itself. The texts of several programs meet in one process here, but no line of them is run.
"""

from collections.abc import Sequence

from crest.grading.sandbox import ENDED, Outcome, SandboxError
from crest.grading.slot import Slot

MOST_CHARACTERS = 400  # of a program: compiling longer ones costs more than it saves
FEWEST = 8  # programs that are worth a process
MALFORMED = b"C"


def find_malformed(sources: Sequence[str], slot: Slot) -> set[str]:
    """Return those of the short programs that are sure not to compile.

    Args:
        sources: Programs.
        slot: Where they are compiled.
    """
    short = tuple({source: None for source in sources if len(source) <= MOST_CHARACTERS})
    if len(short) < FEWEST:
        return set()
    try:
        outcome = slot.run(("syntax", short))
    except SandboxError:  # one that broke the jail does so again when it is judged by itself
        return set()
    *lines, rest = outcome.result.split(b"\n")
    if not _is_undisturbed(outcome, slot) or rest or len(lines) != len(short):
        return set()
    return {source for source, line in zip(short, lines, strict=True) if line == MALFORMED}


def _is_undisturbed(outcome: Outcome, slot: Slot) -> bool:
    limits = slot.limits
    return (
        (outcome.ending, outcome.exit_code) == (ENDED, 0)
        and 2 * outcome.cpu_s <= limits.cpu_s
        and 2 * outcome.peak_bytes <= limits.memory_bytes
        and 2 * len(outcome.result) <= limits.output_bytes
        and not outcome.printed
    )
