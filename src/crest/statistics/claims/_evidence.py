"""What claims share: rows of tables as evidence for a side, and how parts make a verdict."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

import polars as pl

from crest.statistics.settings import Tables
from crest.statistics.sign_flip import smallest_p

SIGNIFICANCE = 0.05
UNCORRECTED = "verdicts are not corrected for the number of claims"


class Verdict(StrEnum):
    """What our tables say of a claim."""

    REPRODUCED = "reproduced"
    """Every part lies on the claimed side, beyond both intervals."""
    CONTRADICTED = "contradicted"
    """A part lies on the other side, beyond both intervals."""
    INCONCLUSIVE = "inconclusive"
    """Neither."""
    NOT_RUN = "not run"
    """An arm that the claim is about has no chains."""


@dataclass(frozen=True, slots=True)
class Judgement:
    """A verdict with the numbers that it rests on; numbers are those of the claim's first part.

    Attributes:
        verdict: By the claim's rule.
        note: Every part with its interval, and why a verdict is not a stronger one.
        quantity: What the first part is.
        table: The table of the first part.
        estimate: Of the first part, as the next two.
        ci_low: Lower end of its bootstrap interval.
        ci_high: Upper end.
        n: Seeds behind it.
        test: Name of the test.
        p_value: The largest p of all parts: the claim needs every one of them.
    """

    verdict: Verdict
    note: str
    quantity: str | None = None
    table: str | None = None
    estimate: float | None = None
    ci_low: float | None = None
    ci_high: float | None = None
    n: int = 0
    test: str | None = None
    p_value: float | None = None


@dataclass(frozen=True, slots=True)
class Part:
    """One number of a claim, which the claim says is above zero.

    Attributes:
        label: What the number is.
        table: Where it stands.
        row: Its row there: estimate, both intervals, n_seeds, p_value.
        voided: Why it counts for no side, whatever its intervals; empty where it counts.
    """

    label: str
    table: str
    row: dict[str, Any]
    voided: str = ""

    @property
    def side(self) -> int:
        """Return 1 where both intervals lie above zero, -1 where both lie below, else 0."""
        if self.voided:
            return 0
        return int(self.above(0.0)) - int(self.below(0.0))

    def below(self, margin: float) -> bool:
        """Return whether both intervals lie below a margin."""
        if self.row["ci_high"] is None or self.row["t_high"] is None:
            return False
        return bool(max(self.row["ci_high"], self.row["t_high"]) < margin)

    def above(self, margin: float) -> bool:
        """Return whether both intervals lie above a margin."""
        if self.row["ci_low"] is None or self.row["t_low"] is None:
            return False
        return bool(min(self.row["ci_low"], self.row["t_low"]) > margin)

    def __str__(self) -> str:
        estimate, low, high = (self.row[name] for name in ("estimate", "ci_low", "ci_high"))
        interval = "no interval" if low is None else f"{low:+.3f} to {high:+.3f}"
        reason = f" [open: {self.voided}]" if self.voided else ""
        return f"{self.label} {estimate:+.3f} ({interval}){reason}"


def gap(tables: Tables, method: str, metric: str) -> Part | None:
    """Return a row of the gaps table as a part; None where there is none."""
    return number(tables, "gaps", method=method, metric=metric)


def number(tables: Tables, table: str, **keys: str) -> Part | None:
    """Return the row of a table that has the keys as a part; None where there is none."""
    row = _only(tables[table].filter(**keys))
    words = [_words(key) if name == "metric" else key for name, key in keys.items()]
    return Part(" ".join(words), table, row) if row else None


def row_part(tables: Tables, table: str, label: str, **keys: object) -> Part | None:
    """Return the row of a table that has the keys as a part of a given name; None without one."""
    row = _only(tables[table].filter(*(pl.col(name) == key for name, key in keys.items())))
    return Part(label, table, row) if row else None


def open_unless(condition: bool, why: str, part: Part | None) -> Part | None:  # noqa: FBT001
    """Return the part, voided where what it presupposes does not hold."""
    return part if condition or part is None else replace(part, voided=why)


def beside(judgement: Judgement, what: str, parts: Sequence[Part | None]) -> Judgement:
    """Return the judgement with further numbers in its note, which move no verdict."""
    shown = [str(part) for part in parts if part is not None]
    if not shown:
        return judgement
    return replace(
        judgement, note=f"{judgement.note}; {what}, not part of the verdict: {', '.join(shown)}"
    )


def difference(tables: Tables, method: str, reference: str, metric: str) -> Part | None:
    """Return a row of the comparisons table as a part; None where there is none."""
    rows = tables["comparisons"].filter(method=method, reference=reference, metric=metric)
    row = _only(rows.rename({"effect": "estimate"}))
    label = f"{method} - {reference} {_words(metric)}"
    return Part(label, "comparisons", row) if row else None


def not_run(tables: Tables, *methods: str) -> Judgement | None:
    """Return the judgement of a claim whose arms did not all run; None where they did."""
    ran = set(tables["arms"]["method"])
    absent = [method for method in methods if method not in ran]
    if not absent:
        return None
    return Judgement(Verdict.NOT_RUN, f"no chains of {', '.join(absent)}")


def conclude(*parts: Part | None) -> Judgement:
    """Judge a claim all of whose parts must lie above zero."""
    found = [part for part in parts if part is not None]
    sides = [part.side for part in found]
    if len(found) < len(parts):
        verdict = Verdict.INCONCLUSIVE
    elif all(side == 1 for side in sides):
        verdict = Verdict.REPRODUCED
    else:
        verdict = Verdict.CONTRADICTED if -1 in sides else Verdict.INCONCLUSIVE
    return judged(verdict, parts)


def judged(verdict: Verdict, parts: Sequence[Part | None]) -> Judgement:
    """Return a judgement with the numbers of its parts, and a note on what limits it.

    With a part missing or fewer than two seeds the verdict is inconclusive, whatever was asked.
    """
    found = [part for part in parts if part is not None]
    if len(found) < len(parts):
        missing = "what it compares shares no seed, was not measured, or has no value"
        return Judgement(Verdict.INCONCLUSIVE, f"a number is missing: {missing}")
    first = found[0]
    num_seeds = min(part.row["n_seeds"] for part in found)
    limits = [str(part) for part in found]
    if num_seeds < 2:
        verdict = Verdict.INCONCLUSIVE
        limits.append(f"{num_seeds} seed: an interval needs two")
    elif smallest_p(num_seeds) > SIGNIFICANCE:
        limits.append(f"{num_seeds} seeds: no exact two-sided p below {smallest_p(num_seeds):g}")
    limits.append(UNCORRECTED)
    p_values = [part.row["p_value"] for part in found]
    return Judgement(
        verdict=verdict,
        note="; ".join(limits),
        quantity=first.label,
        table=first.table,
        estimate=first.row["estimate"],
        ci_low=first.row["ci_low"],
        ci_high=first.row["ci_high"],
        n=num_seeds,
        test=first.row["test"],
        p_value=None if None in p_values else max(p_values),
    )


def _only(rows: pl.DataFrame) -> dict[str, Any] | None:
    """Return the row that has an estimate, if there is one."""
    kept = rows.drop_nulls("estimate")
    return kept.row(0, named=True) if len(kept) else None


def _words(metric: str) -> str:
    return metric.replace("_", " ")
