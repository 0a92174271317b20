"""What else changes while pass@1 rises and falls: entropy, diversity, distance from the base."""

from collections.abc import Mapping
from typing import Any

import altair as alt
import polars as pl

from crest.figures._arms import colour_scale, dash_scale, in_order, with_labels
from crest.figures._chain import CAMPAIGN, STEPS_TITLE, along_chain, over_seeds
from crest.figures._inline import packed
from crest.figures._numbers import counted, from_zero, span
from crest.figures._panels import arm_picker, panel_title, panel_width
from crest.figures._theme import line_legend

TITLE = "Entropy, diversity and distance from the base model"
CATEGORY = "Course of training"
CAPTION = (
    "Means over {seeds} seeds an arm, in bins of {width} gradient steps run along the chain; steps "
    "whose weights were not rolled forward count too. Entropy (of the next-token distribution, in "
    "nats) and KL (in nats a token) are measured on training rollouts and describe the policy that "
    "wrote them, so that KL to the start of the campaign is zero before a campaign's first update "
    "by construction. The end of a campaign has no rollout of its own and thus none of these "
    "values. Distinct completions: share of different texts among a problem's samples on the "
    "select split. No interval is drawn; the tooltips give lowest and highest seed."
)
TABLES = ("steps",)

METRICS = {
    "entropy": "entropy (nats)",
    "select_distinct": "distinct completions (select)",
    "kl_base": "KL to the base model",
    "kl": "KL to the start of the campaign",
}
OF_ROLLOUTS = ("entropy", "kl_base", "kl")
"""Metrics that a step's row holds for the policy before its update, which wrote the rollouts."""
MAX_BINS = 100


def data(tables: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    """Return mean, lowest and highest seed of each metric, a row a bin of chain steps."""
    rows = _by_policy(along_chain(tables["steps"]))
    width = -(-int(span(rows["chain_step"])[1]) // MAX_BINS) or 1
    bins = (pl.col("chain_step") + width - 1) // width * width
    binned = (
        rows.with_columns(chain_step=bins)
        .group_by("method", "seed", "chain_step", maintain_order=True)
        .agg(pl.col("campaign").last(), *(pl.col(metric).mean() for metric in METRICS))
    )
    wide = over_seeds(binned, list(METRICS)).with_columns(bin_width=width)
    keys = ["method", "chain_step", "campaign", "n_seeds", "bin_width"]
    parts = [
        wide.select(*keys, metric=pl.lit(m), value=m, low=f"{m}_low", high=f"{m}_high")
        for m in METRICS
    ]
    return pl.concat(parts).filter(pl.col("value").is_not_null())


def _by_policy(rows: pl.DataFrame) -> pl.DataFrame:
    """Return the rows with each metric of rollouts at the step whose policy wrote them.

    Args:
        rows: In the order of steps within campaigns.
    """
    return rows.with_columns(pl.col(*OF_ROLLOUTS).shift(-1).over(CAMPAIGN))


def facts(frame: pl.DataFrame) -> dict[str, Any]:
    """Return the numbers of the caption."""
    return {"seeds": counted(frame, "n_seeds"), "width": frame["bin_width"][0]}


def draw(frame: pl.DataFrame, arms: Mapping[str, str]) -> alt.TopLevelMixin:
    """Return one panel a metric; a click on the legend singles out an arm in all of them."""
    methods = in_order(frame["method"].unique(), arms)
    labelled = with_labels(frame, arms)
    picked, last = arm_picker(), span(frame["chain_step"])[1]
    panels = [
        _panel(
            labelled.filter(pl.col("metric") == metric),
            title,
            last=last,
            picked=picked,
            methods=methods,
            arms=arms,
        )
        for metric, title in METRICS.items()
        if metric in frame["metric"].unique()
    ]
    panels[0].layer[0] = panels[0].layer[0].add_params(picked)
    return alt.concat(*panels, columns=2)


def _panel(
    rows: pl.DataFrame,
    title: str,
    *,
    last: float,
    picked: alt.Parameter,
    methods: list[str],
    arms: Mapping[str, str],
) -> Any:
    values, names = packed(
        rows.select("arm", "chain_step", "campaign", "value", "low", "high"), ["arm"]
    )
    legend = line_legend(orient="top", columns=5)
    chart = (
        alt.Chart(values)
        .transform_flatten(names)
        .encode(
            x=alt.X(
                "chain_step:Q",
                title=STEPS_TITLE,
                scale=alt.Scale(domain=[0, last], nice=False),
                axis=alt.Axis(tickCount=6, tickMinStep=1, format="d"),
            ),
            y=alt.Y(
                "value:Q",
                title=None,
                scale=alt.Scale(domain=from_zero(rows["value"]), nice=True),
                axis=alt.Axis(tickCount=5),
            ),
            color=alt.Color("arm:N", scale=colour_scale(methods, arms), legend=legend),
            opacity=alt.when(picked).then(alt.value(1.0)).otherwise(alt.value(0.1)),
        )
    )
    lines = chart.mark_line(strokeWidth=1.8).encode(
        strokeDash=alt.StrokeDash("arm:N", scale=dash_scale(methods, arms), legend=legend)
    )
    hover = chart.mark_point(size=40, filled=True).encode(
        opacity=alt.value(0),
        tooltip=[
            alt.Tooltip("arm:N"),
            alt.Tooltip("chain_step:Q", title="gradient steps"),
            alt.Tooltip("campaign:Q"),
            alt.Tooltip("value:Q", title="mean", format=".3f"),
            alt.Tooltip("low:Q", title="lowest seed", format=".3f"),
            alt.Tooltip("high:Q", title="highest seed", format=".3f"),
        ],
    )
    return alt.layer(lines, hover).properties(
        width=panel_width(2), height=200, title=panel_title(title)
    )
