"""What a reader must know before believing a number; each computed, none standing by default."""

from collections.abc import Mapping, Sequence
from typing import Any

import polars as pl

from crest.acceptances import Acceptance
from crest.report.inputs import ReportInputs, Table

SIGNIFICANCE = 0.05


def cautions(inputs: ReportInputs, missing: Sequence[str]) -> list[str]:
    """Return the warnings of this report, most serious first."""
    found = [
        _no_jail(inputs.tables),
        _missing(missing),
        _rule("rule_met", "collapsing", inputs.choice),
        _rule("healthy_rule_met", "healthy", inputs.choice),
        _rates_in_order(inputs.choice),
        _accepted(inputs.accepted),
        _flips(inputs.frame("flips")),
        _smallest_p(inputs.frame("comparisons")),
        _no_interval(inputs.frame("arms")),
    ]
    return [text for text in found if text]


def smallest_p(num_seeds: int) -> float:
    """Return the smallest p that an exact two-sided sign-flip test of so many pairs can have.

    Example:
        >>> smallest_p(5)
        0.0625
    """
    return 2.0 ** (1 - num_seeds)


def _smallest_p(comparisons: pl.DataFrame | None) -> str:
    if comparisons is None or comparisons.is_empty():
        return ""
    num_seeds = int(comparisons["n_seeds"].to_numpy().min())
    floor = smallest_p(num_seeds)
    if floor <= SIGNIFICANCE:
        return ""
    return (
        f"With {num_seeds} paired seeds an exact two-sided sign-flip p cannot be below {floor:g}, "
        f"so no single comparison can fall below {SIGNIFICANCE:g}, however large its effect; and "
        "with few seeds a bootstrap interval covers less than its level says. Student's interval "
        "stands beside it for that reason, and a verdict needs both."
    )


def _no_jail(tables: Mapping[str, Table]) -> str:
    names = [
        name
        for name, table in tables.items()
        if "grader_level" in table.frame.columns and "none" in table.frame["grader_level"]
    ]
    if not names:
        return ""
    return (
        f"Programs behind the tables {', '.join(names)} ran without a jail (grader level none), so "
        "a program could read its tests, change files and forge other verdicts: believe no "
        "number here unless you trust every program, and grade again at level A, B or C."
    )


def _missing(missing: Sequence[str]) -> str:
    if not missing:
        return ""
    return (
        f"Chains of the grid that lack campaigns: {len(missing)}, listed under Completeness. The "
        "numbers rest on the cells that there are."
    )


def _rule(key: str, role: str, choice: Mapping[str, Any]) -> str:
    if choice.get(key, True):
        return ""
    return (
        f"The rule for the {role} learning rate was not met by any rate of the pilot; "
        f"{choice[role]:g} is the nearest, as the rule says for this case."
    )


def _rates_in_order(choice: Mapping[str, Any]) -> str:
    if not choice or choice["healthy"] < choice["collapsing"]:
        return ""
    if choice["healthy"] == choice["collapsing"]:
        return (
            f"The pilot chose {choice['healthy']:g} as both the collapsing and the healthy "
            "learning rate, so arms that should differ in it do not."
        )
    return (
        f"The healthy learning rate of the pilot, {choice['healthy']:g}, is higher than the "
        f"collapsing one, {choice['collapsing']:g}: over these rates collapse did not grow with "
        "the learning rate."
    )


def _accepted(accepted: Sequence[Acceptance]) -> str:
    standing = [each for each in accepted if not each.undone]
    if not standing:
        return ""
    times = "once" if len(standing) == 1 else f"{len(standing)} times"
    return (
        "Results were kept although the code, a library or Python changed after they were made: "
        f"accepted as harmless {times}, listed under Provenance with who decided it and why."
    )


def _flips(flips: pl.DataFrame | None) -> str:
    if flips is None or not flips["flips"].sum():
        return ""
    flipped, regrades = flips.filter(status="all").select("flips", "regrades").sum().row(0)
    return (
        f"The grader gave another verdict in {flipped} of {regrades} re-grades, so rewards rest on "
        "chance to that degree; the audit's table under Tasks and grader says which."
    )


def _no_interval(arms: pl.DataFrame | None) -> str:
    if arms is None or "ci_method" not in arms.columns:
        return ""
    without = arms.filter((pl.col("ci_method") == "none") & (pl.col("metric") == "end_pass@1"))
    if without.is_empty():
        return ""
    names = ", ".join(without["method"])
    return f"No interval for {names}: an interval over seeds needs at least two."
