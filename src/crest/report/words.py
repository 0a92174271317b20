"""The study in plain words: what held, when it collapses, why, what helps, and how sure that is.

Every sentence is put together from tables. What a grid has no table for is not spoken of.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import polars as pl

from crest.report.formats import interval, percent, points
from crest.report.inputs import ReportInputs

END = "end_pass@1"
HELD = {
    "reproduced": "What held at this scale",
    "contradicted": "What did not",
    "inconclusive": "What is open",
}
NAMES = {"reinforce": "REINFORCE", "grpo": "GRPO"}


def plain_words(inputs: ReportInputs) -> list[dict[str, Any]]:
    """Return parts, each with a title and sentences: text, and the claim that it tells of."""
    claims = inputs.tables["claims"].frame
    parts = [(title, _of_claims(claims, verdict)) for verdict, title in HELD.items()]
    parts += [
        ("What was not run here", _not_run(claims)),
        ("When it collapses", _when(inputs)),
        ("Why", _why(inputs)),
        ("What helps", _what_helps(inputs)),
        ("How small a difference could be seen", _how_sure(inputs)),
    ]
    return [{"title": title, "sentences": sentences} for title, sentences in parts if sentences]


def _of_claims(claims: pl.DataFrame, verdict: str) -> list[dict[str, str | None]]:
    rows = claims.filter(pl.col("verdict") == verdict).to_dicts()
    return [{"text": row["plain"], "claim": row["id"], "figure": _figure(row)} for row in rows]


def _not_run(claims: pl.DataFrame) -> list[dict[str, str | None]]:
    rows = claims.filter(pl.col("verdict") == "not run").to_dicts()
    return [{"text": row["sentence"], "claim": row["id"], "figure": row["note"]} for row in rows]


def _figure(row: Mapping[str, Any]) -> str:
    """Return a claim's first number; every claim's number is a difference of pass@1."""
    if row["estimate"] is None:
        return ""
    number = f"{row['quantity']} {points(row['estimate'])} points"
    return f"{number}, {interval(row, points)}; {row['n']} seeds"


def _said(*texts: str) -> list[dict[str, str | None]]:
    return [{"text": text, "claim": None, "figure": ""} for text in texts if text]


def _when(inputs: ReportInputs) -> list[dict[str, str | None]]:
    return _said(_rates(inputs.choice), *_map(inputs), *_long_runs(inputs))


def _rates(choice: Mapping[str, Any]) -> str:
    if not choice.get("rule_met") or not choice.get("healthy_rule_met"):
        return ""
    return (
        f"In the pilot naive self-training rises and falls at a learning rate of "
        f"{choice['collapsing']:g}, and rises and stays at {choice['healthy']:g}."
    )


def _map(inputs: ReportInputs) -> list[str]:
    causes, boundaries = inputs.frame("regime_causes"), inputs.frame("regime_boundaries")
    if causes is None or boundaries is None or causes.is_empty():
        return []
    longest = int(causes["campaigns"].to_numpy().max())
    chain = causes.filter(pl.col("campaigns") == longest)
    falling = chain.filter(pl.col("cause") != "none")
    sure = falling.filter("fall_sure")
    staying = chain.filter(pl.col("phase") == "rises and stays")
    told = (
        f"Of {len(chain)} settings of the regime map, {len(falling)} fall over a chain of "
        f"{longest} campaigns ({len(sure)} of them by both intervals), and {len(staying)} rise "
        "and stay."
    )
    lines = boundaries.filter(pl.col("campaigns") == longest)
    return [told, *(_boundary(lines, kind) for kind in NAMES)]


def _boundary(lines: pl.DataFrame, kind: str) -> str:
    """Return where an objective begins to fall, over its baselines and prompts a step."""
    mine = lines.filter(pl.col("objective").str.starts_with(kind))
    crossed = mine.drop_nulls("boundary")
    if mine.is_empty():
        return ""
    if crossed.is_empty():
        every = int((mine["n_falling"] == mine["n_rates"]).sum())
        rest = f"{every} of its {len(mine)} rows fall at every rate, {len(mine) - every} otherwise"
        return f"{NAMES[kind]} has no boundary between the learning rates that were tried: {rest}."
    low, high = crossed["below"].to_numpy().min(), crossed["above"].to_numpy().max()
    return (
        f"{NAMES[kind]} begins to fall between learning rates of {low:g} and {high:g}, depending "
        f"on its baseline or scale and on the prompts a step ({len(crossed)} of {len(mine)} rows "
        "of the map have a boundary)."
    )


def _long_runs(inputs: ReportInputs) -> list[str]:
    """Return what a single long campaign did, one sentence a setting."""
    table = inputs.frame("diagnostic")
    if table is None:
        return []
    told = []
    for (method,), rows in table.group_by("method", maintain_order=True):
        numbers = dict(rows.select("metric", "estimate").iter_rows())
        if "peak" in numbers:
            told.append(
                f"In one campaign of {rows['num_steps'][0]} steps {_label(inputs, str(method))} "
                f"goes from {percent(numbers['start'])} to {percent(numbers['peak'])} around step "
                f"{numbers['peak_step']:.0f} and ends at {percent(numbers['end'])}, while training "
                f"reward goes from {percent(numbers['train_peak'])} to "
                f"{percent(numbers['train_end'])} ({rows['n_seeds'][0]} seeds)."
            )
    return told


def _why(inputs: ReportInputs) -> list[dict[str, str | None]]:
    return _said(_causes(inputs), _labels(inputs), _noise(inputs))


def _causes(inputs: ReportInputs) -> str:
    causes = inputs.frame("regime_causes")
    if causes is None or causes.filter(pl.col("cause") != "none").is_empty():
        return ""
    falling = causes.filter(pl.col("cause") != "none")
    counts = [
        f"{len(rows)} by {name} ({int(rows['cause_sure'].sum())} by both intervals)"
        for name in ("instability", "over-fitting")
        for rows in [falling.filter(pl.col("cause") == name)]
    ]
    return (
        f"Of the {len(falling)} falls on the regime map, one campaign and chains together, "
        f"{' and '.join(counts)}: unstable training loses the problems that it trains on as well, "
        "over-fitting keeps those and loses new ones."
    )


def _labels(inputs: ReportInputs) -> str:
    labels, arm = inputs.frame("labels_agreement"), inputs.study["reference_arm"]
    if labels is None:
        return ""
    mine = labels.filter(pl.col("campaign").is_null(), method=arm).drop_nulls("false_pass_share")
    if mine.is_empty():
        return ""
    row = mine.row(0, named=True)
    return (
        f"Of the rollouts of {_label(inputs, arm)} that pass the hidden tests, "
        f"{row['false_pass_share']:.2%} fail the exact label."
    )


def _noise(inputs: ReportInputs) -> str:
    noise, arm = inputs.frame("evaluation_noise"), inputs.study["reference_arm"]
    if noise is None:
        return ""
    mine = noise.filter(method=arm).drop_nulls(["gap_sd", "estimate"])
    if mine.is_empty():
        return ""
    row = mine.row(0, named=True)
    return (
        f"Measuring again moves the gap of one campaign of {_label(inputs, arm)} by "
        f"{100 * row['gap_sd']:.1f} points (standard deviation) and the mean over its "
        f"{row['n_campaigns']} campaigns by {100 * row['mean_noise']:.1f}; that mean is "
        f"{points(row['estimate'])}."
    )


def _what_helps(inputs: ReportInputs) -> list[dict[str, str | None]]:
    comparisons, reference = inputs.frame("comparisons"), inputs.study["reference_arm"]
    if comparisons is None:
        return []
    rows = comparisons.filter(metric=END, reference=reference).sort("effect", descending=True)
    found: dict[int, list[str]] = {1: [], -1: [], 0: []}
    for row in rows.to_dicts():
        label = _label(inputs, row["method"])
        effect = f"{label} ({points(row['effect'])}, {interval(row, points)})"
        found[_side(row)].append(effect)
    arm = _label(inputs, reference)
    return _said(
        _listed(f"Arms that end their chains above {arm}, by both intervals, in points", found[1]),
        _listed(f"Below {arm}, by both intervals", found[-1]),
        _listed("On neither side by both intervals", found[0]),
    )


def _how_sure(inputs: ReportInputs) -> list[dict[str, str | None]]:
    power, reference = inputs.frame("power"), inputs.study["reference_arm"]
    if power is None:
        return []
    rows = power.filter(metric=END, reference=reference)
    return [] if rows.is_empty() else _said(*_power(inputs, rows, reference))


def _power(inputs: ReportInputs, rows: pl.DataFrame, reference: str) -> list[str]:
    """Return what differences to the reference arm the seeds could have shown."""
    sizes = 100 * rows["t_detectable"].to_numpy()
    middle, low, high = np.median(sizes), sizes.min(), sizes.max()
    num = int(rows["n_seeds"].to_numpy().min())
    by_t = (
        f"With {num} seeds a difference from {_label(inputs, reference)} at the end of the chain "
        f"must be about {middle:.0f} points for Student's t to find it in four of five studies "
        f"({low:.0f} to {high:.0f} over {len(sizes)} arms, by how much their seeds differ)."
    )
    exact = rows["exact_detectable"].drop_nulls()
    floor = float(rows["smallest_p"].to_numpy().max())
    by_flips = (
        f"The exact sign-flip test needs about {_whole(100 * exact)} points."
        if len(exact)
        else f"The exact sign-flip test can find none: its p cannot fall below {floor:g}."
    )
    return [by_t, by_flips, _seeds(rows)]


def _seeds(rows: pl.DataFrame) -> str:
    """Return how many seeds would show the smallest difference that matters."""
    needed = rows["seeds_for_margin"].drop_nulls()
    margin = f"{100 * float(rows['margin'][0]):g} points, the smallest difference that matters,"
    if needed.is_empty():
        return f"No number of seeds that was looked at would show {margin} for any arm."
    most = f"{int(needed.to_numpy().min())} to {int(needed.to_numpy().max())}"
    beyond = rows["seeds_for_margin"].null_count()
    rest = f"; {beyond} arms would need more than were looked at" if beyond else ""
    return (
        f"To show {margin} takes {most} seeds, by arm (median {_whole(needed)}){rest}; "
        "study.seeds sets how many there are."
    )


def _whole(values: pl.Series) -> str:
    """Return the median, rounded to a whole number."""
    return f"{np.median(values.to_numpy()):.0f}"


def _side(row: Mapping[str, Any]) -> int:
    """Return 1 where both intervals lie above zero, -1 where both lie below, else 0."""
    if row["ci_low"] is None or row["t_low"] is None:
        return 0
    above = min(row["ci_low"], row["t_low"]) > 0
    return int(above) - int(max(row["ci_high"], row["t_high"]) < 0)


def _listed(words: str, items: Sequence[str]) -> str:
    return f"{words}: {'; '.join(items)}." if items else ""


def _label(inputs: ReportInputs, method: str) -> str:
    return inputs.labels.get(method, method.replace("_", " "))
