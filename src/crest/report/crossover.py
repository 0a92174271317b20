"""The tables of the crossover study as readers see them: heading, rows of text and caption."""

from collections.abc import Callable, Mapping
from typing import Any

import polars as pl

from crest.report.formats import interval, number, p_value, percent, points

Labels = Mapping[str, str]

SELECTORS = {
    "one_sample": "one sample, unchecked",
    "first": "first that fits",
    "random": "random that fits",
    "majority": "most frequent program",
    "vote": "most frequent behaviour",
    "likelihood": "likeliest",
    "runs_everywhere": "first that runs on every input",
    "shortest": "shortest",
    "critic": "critic",
    "critic_vote": "behaviour weighted by the critic",
    "oracle": "oracle",
}
"""Selectors in reading order, in words."""

_SUBSETS = ("all", "fitting", "divergent", "agreeing")
_ROUND_METRICS: Mapping[str, Callable[[float | None], str]] = {
    "pass@1": percent,
    "pass@1_increment": points,
    "ceiling": percent,
    "ceiling_increment": points,
    "distinct_correct": lambda value: number(value, 1),
    "divergence": percent,
    "concentration": percent,
}


def selection(frame: pl.DataFrame, labels: Labels) -> dict[str, Any]:
    """Return what each selector hands in, by bank and by whether candidates disagree."""
    del labels
    own = frame.filter("primary")
    rows = []
    for bank in own["bank"].unique(maintain_order=True):
        for name, words in SELECTORS.items():
            mine = own.filter(bank=bank, selector=name)
            found = {row["subset"]: row for row in mine.to_dicts()}
            if found:
                cells = [_cell(found.get(subset, {}), percent) for subset in _SUBSETS]
                rows.append([words, bank, *cells])
    shares = _shares(own)
    return {
        "title": "Which candidate to hand in?",
        "columns": "selector | bank | all tasks | with a candidate | candidates disagree | "
        "candidates agree",
        "texts": 2,
        "rows": rows,
        "caption": f"Share of tasks whose pick generalises, of {_only(own, 'k')} samples a task; "
        f"below each number its interval over {_only(own, 'n_seeds')} split seeds and tasks. "
        f"{shares} Where candidates agree, every selector scores the same by construction.",
    }


def selection_gains(frame: pl.DataFrame, labels: Labels) -> dict[str, Any]:
    """Return what the critic gains over each other selector."""
    del labels
    own = frame.filter(pl.col("primary") & (pl.col("subset") == "all"))
    rows = [
        [
            SELECTORS.get(row["method"], row["method"]),
            SELECTORS.get(row["reference"], row["reference"]),
            row["bank"],
            _cell(row, points),
            f"{row['seeds_better']} of {row['n_seeds']}",
            p_value(row["p_value"]),
            p_value(row["p_tasks_holm"]),
        ]
        for row in own.to_dicts()
    ]
    return {
        "title": "What the critic adds",
        "columns": "selector | minus | bank | difference | seeds above zero | p over seeds | "
        "p over tasks, Holm",
        "texts": 3,
        "rows": rows,
        "caption": "Percentage points over all tasks, paired by task and split seed. The free "
        "selectors are the honest baselines: they need no training.",
    }


def crossing(frame: pl.DataFrame, labels: Labels) -> dict[str, Any]:
    """Return the budget at which the base overtakes, by bank, round and trajectory."""
    del labels
    own = frame.filter("main")
    rows = [
        [
            row["bank"],
            row["round"],
            "all" if row["seed"] is None else f"trajectory {row['seed']}",
            row["state"],
            number(row["crossing_k"], 1),
            row["interval"],
            percent(row["probability"]),
        ]
        for row in own.to_dicts()
        if row["seed"] is None or row["last"]
    ]
    return {
        "title": "The budget K* at which the base overtakes",
        "columns": "bank | round | curve | the trained model | K* | interval | probability",
        "texts": 4,
        "rows": rows,
        "caption": "K*: the first budget, linear in its logarithm, at which pass@K of the base "
        "is no lower after the trained model led. Interval and probability of a crossing by a "
        f"bootstrap over trajectories and tasks; budgets up to {_only(own, 'largest_k')}.",
    }


def star_rounds(frame: pl.DataFrame, labels: Labels) -> dict[str, Any]:
    """Return what every round's model can do, and what the round harvested."""
    del labels
    own = frame.filter(pl.col("main") & pl.col("round").is_not_null())
    kept = {row["round"]: row for row in own.filter(metric="kept").to_dicts()}
    rows = []
    for (bank, turn), mine in own.group_by("bank", "round", maintain_order=True):
        found = {row["metric"]: row for row in mine.to_dicts()}
        if set(_ROUND_METRICS) & set(found):
            cells = [_cell(found.get(name, {}), show) for name, show in _ROUND_METRICS.items()]
            harvest = _cell(kept.get(turn, {}), lambda value: number(value, 0))
            rows.append([bank, turn, *cells, harvest])
    budget = _only(own.filter(metric="ceiling"), "k")
    return {
        "title": "Rounds of self-training",
        "columns": f"bank | round | pass@1 | since the last | pass@{budget} | since the last | "
        "distinct that generalise | tasks that diverge | most frequent behaviour | kept",
        "texts": 1,
        "rows": rows,
        "caption": "Round 0 is the base. Since the last: in percentage points. Tasks that diverge: "
        "whose fitting samples disagree on a held-out input; most frequent behaviour: its share "
        "of the fitting samples. Kept: programs to learn from. Below each number its interval "
        "over trajectories and tasks.",
    }


def gained_and_lost(frame: pl.DataFrame, labels: Labels) -> dict[str, Any]:
    """Return which tasks the rounds gained and lost, and how often the base solves them."""
    del labels
    own = frame.filter("main")
    rows = [
        [
            row["bank"],
            row["group"].replace("_", " "),
            row["metric"] if row["k"] is None else f"part of pass@{row['k']}",
            _cell(row, percent if row["k"] is None else points),
        ]
        for row in own.to_dicts()
    ]
    return {
        "title": "Tasks gained and lost",
        "columns": "bank | tasks | quantity | mean",
        "texts": 3,
        "rows": rows,
        "caption": "From the base to the last round. Share of tasks, and what they add to the "
        "change of pass@K in percentage points; below each number its interval.",
    }


def recipes(frame: pl.DataFrame, labels: Labels) -> dict[str, Any]:
    """Return how the crossing moves with the recipe."""
    rows = [
        [
            labels.get(row["method"], row["method"]),
            row["bank"],
            row["n_seeds"],
            row["state"],
            number(row["crossing_k"], 1),
            row["interval"],
            percent(row["probability"]),
        ]
        for row in frame.to_dicts()
    ]
    return {
        "title": "Does the recipe move K*?",
        "columns": "recipe | bank | trajectories | the trained model | K* | interval | probability",
        "texts": 2,
        "rows": rows,
        "caption": "After the last round, against each trajectory's own base.",
    }


def disjoint(frame: pl.DataFrame, labels: Labels) -> dict[str, Any]:
    """Return how many programs banks share with what is trained on."""
    del labels
    rows = [
        [
            bank,
            len(own),
            own["num_bank"].max(),
            own["num_other"].sum(),
            own["shared_forms"].sum(),
            own["shared_behaviours"].sum(),
        ]
        for (bank,), own in frame.group_by("bank", maintain_order=True)
    ]
    return {
        "title": "Do banks share a program with what is trained on?",
        "columns": "bank | compared with | its programs | their programs | equal normal forms | "
        "equal behaviours",
        "texts": 1,
        "rows": rows,
        "caption": "Every pool and corpus, and the other bank; distinct programs.",
    }


MAKERS: Mapping[str, Callable[[pl.DataFrame, Labels], dict[str, Any]]] = {
    "selection": selection,
    "selection_gains": selection_gains,
    "star_rounds": star_rounds,
    "crossing": crossing,
    "gained_and_lost": gained_and_lost,
    "recipes": recipes,
    "crossover/disjoint": disjoint,
}


def _shares(frame: pl.DataFrame) -> str:
    found = frame.filter(selector="oracle").select("bank", "subset", "tasks_share").to_dicts()
    shares = [
        f"{row['bank']} {percent(row['tasks_share'])}"
        for row in found
        if row["subset"] == "divergent"
    ]
    return f"Candidates disagree on: {', '.join(shares)} of the tasks." if shares else ""


def _only(frame: pl.DataFrame, column: str) -> str:
    return ", ".join(str(value) for value in sorted(frame[column].drop_nulls().unique()))


def _cell(row: Mapping[str, Any], show: Callable[[float | None], str]) -> tuple[str, str]:
    return show(row.get("estimate")), interval(row, show)
