"""Small tables that answer doubts, each with heading, rows of text and caption."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import polars as pl

from crest.report import crossover
from crest.report.formats import interval, number, p_value, percent, points
from crest.statistics.regime_rules import MIN_FALL

Labels = Mapping[str, str]

SECTIONS = {
    "Outcome": ("power",),
    "Collapse": ("architectures",),
    "Regime": ("regime_boundaries", "diagnostic"),
    "Crossover": tuple(crossover.MAKERS),
    "Checks": ("forgetting", "labels_agreement", "pool_stationarity", "evaluation_noise"),
}
"""Tables behind the figures of each part of the page."""


def check_tables(
    frames: Mapping[str, pl.DataFrame | None], labels: Labels
) -> dict[str, list[dict[str, Any]]]:
    """Return the tables that there are, by part of the page."""
    found: dict[str, list[dict[str, Any]]] = {}
    for section, names in SECTIONS.items():
        for name in names:
            frame = frames.get(name)
            if frame is not None and not frame.is_empty():
                made = MAKERS[name](frame, labels)
                columns = made["columns"].split(" | ")
                found.setdefault(section, []).append({"name": name, **made, "columns": columns})
    return found


def _power(frame: pl.DataFrame, labels: Labels) -> dict[str, Any]:
    ends = frame.filter(pl.col("metric") == "end_pass@1")
    rows = [
        [
            labels.get(row["method"], row["method"]),
            labels.get(row["reference"], row["reference"]),
            row["n_seeds"],
            *(_size(row[name]) for name in ("sd", "resolved", "t_detectable", "exact_detectable")),
            row["seeds_for_margin"] or "more than 200",
        ]
        for row in ends.to_dicts()
    ]
    return {
        "title": "How small a difference could the seeds show?",
        "columns": "arm | minus | seeds | sd | in this study | by t | by sign-flip | "
        f"seeds for {100 * frame['margin'][0]:g} points",
        "texts": 2,
        "rows": rows,
        "caption": "Differences of end-of-chain pass@1, in percentage points, paired by seed. In "
        "this study: what would have lain outside zero by Student's interval. By t and by "
        f"sign-flip: what the test finds in {frame['power'][0]:.0%} of studies with so many seeds. "
        "A dash: the exact sign-flip test cannot reach significance with so few seeds. The sd is "
        "estimated from the seeds themselves.",
    }


def _architectures(frame: pl.DataFrame, labels: Labels) -> dict[str, Any]:
    shown = {
        "start_pass@1": percent,
        "end_pass@1": percent,
        "rise": points,
        "fresh_gap": points,
        "excess_gap": points,
        "shared_fall": points,
    }
    rows = []
    for (model, method), mine in frame.group_by("model", "method", maintain_order=True):
        metrics = {row["metric"]: row for row in mine.to_dicts()}
        cells = [_cell(metrics.get(metric, {}), show) for metric, show in shown.items()]
        label = labels.get(str(method), str(method))
        rows.append([str(model), label, mine["n_seeds"].max(), *cells])
    return {
        "title": "Further models",
        "columns": "model | arm | seeds | start | end | rise | fresh gap | excess gap | "
        "shared fall",
        "texts": 2,
        "rows": rows,
        "caption": "As the tables of ends and gaps, for the same organism in another shape; below "
        "each number its bootstrap interval.",
    }


def _boundaries(frame: pl.DataFrame, labels: Labels) -> dict[str, Any]:
    del labels  # cells are no arms
    rows = [
        [
            row["objective"].replace("_", " "),
            row["prompts_per_step"],
            row["campaigns"],
            f"{row['n_falling']} of {row['n_rates']}",
            *(_rate(row[name]) for name in ("below", "boundary", "above")),
        ]
        for row in frame.to_dicts()
    ]
    return {
        "title": "Where the fall begins",
        "columns": "objective | prompts a step | campaigns | rates that fall | "
        "last that does not | boundary | first that falls",
        "texts": 1,
        "rows": rows,
        "caption": "Learning rates. Boundary: where the mean fall, linear in the logarithm of the "
        f"rate, reaches {100 * MIN_FALL:.0f} points. A dash: every rate falls, or none, or the "
        "lowest does.",
    }


def _diagnostic(frame: pl.DataFrame, labels: Labels) -> dict[str, Any]:
    shown = {
        "start": percent,
        "peak": percent,
        "peak_step": _count,
        "end": percent,
        "fall": points,
        "train_fall": points,
    }
    rows = []
    for (method,), mine in frame.group_by("method", maintain_order=True):
        metrics = {row["metric"]: row for row in mine.to_dicts()}
        cells = [_cell(metrics.get(metric, {}), show) for metric, show in shown.items()]
        label = labels.get(str(method), str(method))
        rows.append([label, mine["num_steps"].max(), mine["n_seeds"].max(), *cells])
    return {
        "title": "One long campaign",
        "columns": "setting | steps | seeds | start | peak | at step | end | fall | "
        "fall of training reward",
        "texts": 1,
        "rows": rows,
        "caption": "Means over blocks of steps of the select curve; the peak is the block where "
        "the mean curve of the other seeds is highest. Below each number its bootstrap interval.",
    }


def _forgetting(frame: pl.DataFrame, labels: Labels) -> dict[str, Any]:
    shown = {
        "own_gain": "gained on own problems",
        "own_drop": "lost on own problems",
        "earlier_gain": "gained on earlier problems",
        "earlier_drop": "lost on earlier problems",
        "forgotten": "lost more on earlier ones",
    }
    rows = [
        [
            labels.get(row["method"], row["method"]),
            shown[row["metric"]],
            points(row["estimate"]),
            interval(row, points),
            interval(row, points, "t_low", "t_high"),
            p_value(row["p_value"]),
            row["n_seeds"],
        ]
        for row in frame.filter(pl.col("metric").is_in(list(shown))).to_dicts()
    ]
    return {
        "title": "Own problems and earlier ones",
        "columns": "arm | pass@1 | mean | bootstrap interval | Student's interval | p | seeds",
        "texts": 2,
        "rows": rows,
        "caption": "Percentage points, fresh samples; gained from start to peak, lost from peak to "
        "end, over campaigns that have earlier ones.",
    }


def _labels_agreement(frame: pl.DataFrame, labels: Labels) -> dict[str, Any]:
    rows = [
        [
            labels.get(row["method"], row["method"]),
            *(row[name] for name in ("num_rollouts", "hidden_passed", "oracle_passed")),
            *(row[name] for name in ("hidden_only", "oracle_only")),
            _share(row["agreement"]),
            _share(row["false_pass_share"]),
            interval(row, _share),
        ]
        for row in frame.filter(pl.col("campaign").is_null()).to_dicts()
    ]
    return {
        "title": "Do hidden tests and the exact label agree?",
        "columns": "arm | rollouts | pass tests | pass exactly | tests alone | exact alone | "
        "agreement | false passes | interval over seeds",
        "texts": 1,
        "rows": rows,
        "caption": "All rollouts of an arm. The exact label compares with the reference program on "
        "the whole domain of inputs. False passes: of those that pass the hidden tests, the share "
        "that fails it.",
    }


def _stationarity(frame: pl.DataFrame, labels: Labels) -> dict[str, Any]:
    del labels  # a frozen policy is no arm
    names = {"reward": "campaign {}", "slope": "slope, a campaign", "spread": "sd over campaigns"}
    rows = [
        [
            names[row["metric"]].format(row["campaign"]),
            row["n_pools"],
            percent(row["estimate"]) if row["metric"] == "reward" else points(row["estimate"]),
            interval(row, percent if row["metric"] == "reward" else points),
            p_value(row["p_value"]),
            row["n_seeds"],
        ]
        for row in frame.to_dicts()
    ]
    return {
        "title": "Does the difficulty of the pools drift?",
        "columns": "pool | different pools | pass@1 | interval | p | seeds",
        "texts": 1,
        "rows": rows,
        "caption": "A frozen policy, the base model, on the pool of each campaign. Different "
        "pools: by the digest of their problems. Slope and sd in percentage points.",
    }


def _evaluation_noise(frame: pl.DataFrame, labels: Labels) -> dict[str, Any]:
    rows = [
        [
            labels.get(row["method"], row["method"]),
            *(row[name] for name in ("n_campaigns", "n_repeats", "n_samples")),
            _cell(row, points),
            *(_size(row[name]) for name in ("gap_sd", "campaign_sd", "mean_noise")),
            percent(row["noise_share"]),
        ]
        for row in frame.to_dicts()
    ]
    return {
        "title": "Noise of measuring against the gap",
        "columns": "arm | campaigns | evaluations | samples in each | gap | "
        "sd between evaluations | sd between campaigns | noise of the mean | noise share",
        "texts": 1,
        "rows": rows,
        "caption": "Percentage points. Noise share: of the variance of gaps that are measured "
        "once, what measuring again would change.",
    }


MAKERS: Mapping[str, Callable[[pl.DataFrame, Labels], dict[str, Any]]] = {
    "power": _power,
    "architectures": _architectures,
    "regime_boundaries": _boundaries,
    "diagnostic": _diagnostic,
    "forgetting": _forgetting,
    "labels_agreement": _labels_agreement,
    "pool_stationarity": _stationarity,
    "evaluation_noise": _evaluation_noise,
    **crossover.MAKERS,
}


def _cell(row: Mapping[str, Any], show: Callable[[float | None], str]) -> Sequence[str]:
    """Return a number and its interval, which stands below it."""
    return show(row.get("estimate")), interval(row, show)


def _size(value: float | None) -> str:
    """Return a size in percentage points, without a sign."""
    return number(None if value is None else 100 * value, 1)


def _share(value: float | None) -> str:
    """Return a share close to nought or one."""
    return number(None if value is None else 100 * value, 2) + ("" if value is None else "%")


def _count(value: float | None) -> str:
    return number(value, 0)


def _rate(value: float | None) -> str:
    return "–" if value is None else f"{value:.3g}"
