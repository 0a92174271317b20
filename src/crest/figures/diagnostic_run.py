"""One long campaign at the collapsing and at the healthy setting: what happens in the long run?"""

from collections.abc import Mapping
from typing import Any

import altair as alt
import polars as pl

from crest.figures._arms import colour_scale, dash_scale, in_order, label, style, with_labels
from crest.figures._inline import inline
from crest.figures._numbers import counted, from_zero, span
from crest.figures._panels import panel_title, panel_width
from crest.figures._theme import INK, line_legend, percent_axis

TITLE = "One long campaign: pass@1 on new problems and on those in training"
CATEGORY = "Regime"
CAPTION = (
    "A single campaign of {steps} gradient steps, {seeds} seeds a setting. Above, coloured: pass@1 "
    "on the select split, which nothing trains on; thick the mean over seeds, thin single seeds. "
    "Black, dashed: share of training rollouts that pass, mean over seeds, averaged over {window} "
    "steps. Where it stays high while the coloured line falls, the pool is over-fitted; where both "
    "fall, training is unstable. Below: entropy of the next token on training rollouts (nats) and "
    "KL to the base model (nats a token), means over seeds. No interval is drawn."
)
TABLES = ("diagnostic/steps",)

SELECT, TRAIN = "select_pass@1", "train_pass@1"
OTHERS = {"entropy": "entropy (nats)", "kl_base": "KL to the base model (nats a token)"}
WINDOW = 5


def data(tables: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    """Return rows of the kinds `seed` (select alone) and `mean`, one a setting, metric and step."""
    steps = tables["diagnostic/steps"].sort("method", "seed", "step")
    smooth = pl.col(TRAIN).rolling_mean(WINDOW, min_samples=1).over("method", "seed")
    rows = steps.with_columns(smooth.alias(TRAIN))
    seeds = rows.select(
        "method", "seed", "step", metric=pl.lit(SELECT), kind=pl.lit("seed"), value=SELECT
    )
    means = [
        rows.group_by("method", "step")
        .agg(value=pl.col(metric).mean(), n_seeds=pl.len())
        .with_columns(metric=pl.lit(metric), kind=pl.lit("mean"))
        for metric in (SELECT, TRAIN, *OTHERS)
    ]
    together = pl.concat([seeds, *means], how="diagonal_relaxed").drop_nulls("value")
    return together.sort("kind", "metric", "method", "seed", "step")


def facts(frame: pl.DataFrame) -> dict[str, Any]:
    """Return the numbers of the caption."""
    lengths = frame.group_by("method").agg(pl.col("step").max())
    return {
        "steps": counted(lengths, "step"),
        "seeds": counted(frame.filter(kind="mean"), "n_seeds"),
        "window": WINDOW,
    }


def draw(frame: pl.DataFrame, arms: Mapping[str, str]) -> alt.TopLevelMixin:
    """Return a panel a setting above a panel each of entropy and distance."""
    methods = in_order(frame["method"].unique(), arms)
    labelled = with_labels(frame, arms)
    highest = span(frame.filter(pl.col("metric").is_in([SELECT, TRAIN]))["value"])[1]
    last = span(frame["step"])[1]
    above = [_run(labelled, method, arms, last=last, highest=highest) for method in methods]
    below = [
        _other(labelled.filter(metric=metric), title, methods, arms, last=last)
        for metric, title in OTHERS.items()
        if metric in frame["metric"].unique()
    ]
    return alt.concat(*above, *below, columns=2)


def _x(last: float) -> alt.X:
    return alt.X(
        "step:Q",
        title="gradient steps",
        scale=alt.Scale(domain=[0, last], nice=False),
        axis=alt.Axis(tickCount=6, tickMinStep=1, format="d", grid=False),
    )


def _run(
    rows: pl.DataFrame, method: str, arms: Mapping[str, str], *, last: float, highest: float
) -> Any:
    colour, mine = style(method)[0], rows.filter(method=method)
    scale = alt.Scale(domain=[0, max(highest, 0.1)])
    x, y = _x(last), alt.Y("value:Q", scale=scale, axis=percent_axis("pass@1"))
    means = mine.filter(kind="mean").select("metric", "step", "value", "n_seeds")
    select = alt.Chart(inline(means.filter(metric=SELECT)))
    train = alt.Chart(inline(means.filter(metric=TRAIN)))
    seeds = alt.Chart(inline(mine.filter(kind="seed").select("seed", "step", "value")))
    tooltip = [alt.Tooltip("step:Q"), alt.Tooltip("value:Q", title="mean", format=".1%")]
    return alt.layer(
        seeds.mark_line(color=colour, strokeWidth=0.7, opacity=0.45).encode(
            x=x, y=y, detail="seed:N"
        ),
        select.mark_line(color=colour, strokeWidth=2.2).encode(x=x, y=y),
        train.mark_line(color=INK, strokeWidth=1.5, strokeDash=[5, 3]).encode(x=x, y=y),
        select.mark_point(opacity=0, size=40).encode(x=x, y=y, tooltip=tooltip),
    ).properties(width=panel_width(2), height=220, title=panel_title(label(method, arms)))


def _other(
    rows: pl.DataFrame, title: str, methods: list[str], arms: Mapping[str, str], *, last: float
) -> Any:
    legend = line_legend(orient="top")
    scale = alt.Scale(domain=from_zero(rows["value"]), nice=True)
    return (
        alt.Chart(inline(rows.select("arm", "step", "value")))
        .mark_line(strokeWidth=1.8)
        .encode(
            x=_x(last),
            y=alt.Y("value:Q", title=None, scale=scale, axis=alt.Axis(tickCount=4)),
            color=alt.Color("arm:N", scale=colour_scale(methods, arms), legend=legend),
            strokeDash=alt.StrokeDash("arm:N", scale=dash_scale(methods, arms), legend=legend),
            tooltip=["arm:N", "step:Q", alt.Tooltip("value:Q", format=".3f")],
        )
        .properties(width=panel_width(2), height=130, title=panel_title(title))
    )
