"""The first screen: what the sources say, what our tables say, and which of it held."""

from collections.abc import Mapping
from typing import Any

import polars as pl

from crest.report.formats import ABSENT, interval, number, p_value, percent
from crest.report.inputs import Table

VERDICTS = {
    "reproduced": ("held", "✓"),
    "contradicted": ("did not hold", "✗"),
    "inconclusive": ("open", "?"),
    "not run": ("not run", "–"),
}
"""Each verdict in reading order, with its headline and its sign."""


def claim_rows(claims: pl.DataFrame, tables: Mapping[str, Table]) -> list[dict[str, Any]]:
    """Return what the claims table shows, one dictionary a claim.

    Raises:
        ValueError: A verdict is none of those that the report knows.
    """
    rows = claims.sort(pl.col("id").map_elements(_order, return_dtype=pl.String)).to_dicts()
    return [_claim_row(row, tables) for row in rows]


def headline(claims: pl.DataFrame) -> list[dict[str, Any]]:
    """Return for each verdict that occurs its words, its sign and the claims that it was given."""
    groups = []
    for verdict, (words, sign) in VERDICTS.items():
        found = claims.filter(pl.col("verdict") == verdict)
        if len(found):
            ids = sorted(found["id"], key=_order)
            groups.append({"verdict": verdict, "words": words, "sign": sign, "ids": ids})
    return groups


def outcome(
    arms: pl.DataFrame | None, study: Mapping[str, Any], labels: Mapping[str, str]
) -> list[dict[str, str]]:
    """Return where the reference arm and the highest arm end, as numbers for one sentence."""
    if arms is None:
        return []
    ends, starts = (
        {row["method"]: row for row in arms.filter(pl.col("metric") == metric).to_dicts()}
        for metric in ("end_pass@1", "start_pass@1")
    )
    known = [method for method in ends if ends[method]["estimate"] is not None]
    best = max(known, key=lambda method: float(ends[method]["estimate"]), default=None)
    shown = [method for method in (study["reference_arm"], best) if method in known]
    return [
        {
            "label": labels.get(method, method),
            "start": percent(starts.get(method, {}).get("estimate")),
            "end": percent(ends[method]["estimate"]),
            "interval": interval(ends[method], percent),
        }
        for method in dict.fromkeys(shown)
        if method is not None
    ]


def _claim_row(row: dict[str, Any], tables: Mapping[str, Table]) -> dict[str, Any]:
    if row["verdict"] not in VERDICTS:
        raise ValueError(
            f"claim {row['id']} has the verdict {row['verdict']!r}; use {', '.join(VERDICTS)}"
        )
    table = tables.get(row["table"] or "")
    return {
        **row,
        "slug": row["verdict"].replace(" ", "-"),
        "sign": VERDICTS[row["verdict"]][1],
        "estimate": number(row["estimate"]),
        "interval": interval(row, number),
        "p_value": p_value(row["p_value"]),
        "n": row["n"] or ABSENT,
        "test": row["test"] or ABSENT,
        "note": row.get("note") or "",
        "path": table.path if table else None,
        "anchor": f"table-{table.name}" if table else None,
    }


def _order(claim: str) -> str:
    """Return a key that sorts A2 before A10.

    Example:
        >>> sorted(["A10", "B1", "A2"], key=_order)
        ['A2', 'A10', 'B1']
    """
    digits = "".join(character for character in claim if character.isdigit())
    return claim.replace(digits, digits.zfill(4)) if digits else claim
