"""The proof that what is trained on shares no program with what is measured on."""

from collections.abc import Iterable, Mapping
from itertools import combinations

import polars as pl

from crest.tasks.flashfill.claimed import Claimed
from crest.tasks.flashfill.evaluate import compile_program
from crest.tasks.flashfill.text import parse_program

SCHEMA = {
    "bank": pl.String,
    "other": pl.String,
    "num_bank": pl.Int64,
    "num_other": pl.Int64,
    "shared_forms": pl.Int64,
    "shared_behaviours": pl.Int64,
}
_SHOWN = 5


def prove_disjoint(
    banks: Mapping[str, Iterable[str]], others: Mapping[str, Iterable[str]]
) -> pl.DataFrame:
    """Return how many programs each bank shares with each other set, all of them zero.

    Programs are compared by normal form, and by behaviour on the probes of `signature.py`.

    Args:
        banks: Texts of the programs of each bank; banks are compared with each other, too.
        others: Texts of the programs of each pool and corpus.

    Returns:
        A row a pair: bank, other, num_bank and num_other (distinct texts), shared_forms,
        shared_behaviours.

    Raises:
        ValueError: A pair shares a program; names some.
    """
    texts = {name: sorted(set(programs)) for name, programs in (*banks.items(), *others.items())}
    pairs = [*combinations(banks, 2), *((bank, other) for bank in banks for other in others)]
    claimed = {bank: _claimed(texts[bank]) for bank in banks}
    rows = [_compare(bank, claimed[bank], other, texts) for bank, other in pairs]
    return pl.DataFrame(rows, schema=SCHEMA, orient="row")


def _claimed(texts: Iterable[str]) -> Claimed:
    claimed = Claimed()
    for program in map(parse_program, texts):
        claimed.add(program, compile_program(program))
    return claimed


def _compare(
    bank: str, claimed: Claimed, other: str, texts: Mapping[str, list[str]]
) -> tuple[str | int, ...]:
    """Return the row of a pair.

    Raises:
        ValueError: It shares a program.
    """
    programs = {text: parse_program(text) for text in texts[other]}
    forms = [text for text, program in programs.items() if claimed.has_form(program)]
    behaviours = [
        text
        for text, program in programs.items()
        if claimed.has_behaviour(compile_program(program))
    ]
    shared = sorted({*forms, *behaviours})
    if shared:
        names = ", ".join(shared[:_SHOWN]) + (", ..." if len(shared) > _SHOWN else "")
        raise ValueError(
            f"{bank} and {other} share {len(shared)} programs ({names}): {len(forms)} by normal "
            f"form, {len(behaviours)} by behaviour; draw {other} anew without those of {bank}"
        )
    return bank, other, len(texts[bank]), len(programs), 0, 0
