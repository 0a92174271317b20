"""pass@1 over whole chains: all arms together, then each arm with its seeds."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import altair as alt
import polars as pl

from crest.figures._arms import colour_scale, dash_scale, in_order, label, style, with_labels
from crest.figures._chain import STEPS_TITLE, along_chain, campaign_borders, over_seeds
from crest.figures._inline import inline, packed
from crest.figures._numbers import counted, span
from crest.figures._panels import arm_picker, grid, panel_title, panel_width, zoom_x
from crest.figures._theme import WIDE, line_legend, percent_axis

TITLE = "pass@1 over whole chains"
CATEGORY = "Course of training"
CAPTION = (
    "pass@1 on the select split after every gradient step; the step counter runs on over the "
    "campaigns of a chain, so an arm that stops its campaigns early ends further left. Steps whose "
    "weights were not rolled forward count too. "
    "{campaigns} campaigns a chain, {seeds} seeds an arm. Thick: mean over seeds, up to the end "
    "of the arm's shortest chain. Thin: single seeds. Shaded: lowest to highest seed; nothing was "
    "resampled. Vertical: where a campaign starts, a mean over seeds. Dotted: mean of all base "
    "models. Each campaign watches its own problems of the select split and may start from an "
    "earlier checkpoint, so a line can jump where a campaign starts."
)
TABLES = ("steps",)

VALUE = "select_pass@1"


@dataclass(frozen=True, slots=True)
class _Scene:
    """What all panels share.

    Attributes:
        methods: The arms in display order.
        arms: Their labels.
        means: Rows of the kind `mean`.
        seeds: Rows of the kind `seed`.
        borders: Rows of the kind `border`.
        start: Mean pass@1 of the base models.
    """

    methods: list[str]
    arms: Mapping[str, str]
    means: pl.DataFrame
    seeds: pl.DataFrame
    borders: pl.DataFrame
    start: float

    def x(self, title: str, **axis: Any) -> alt.X:
        """Return the gradient steps run, from the base to the end of the longest chain."""
        scale = alt.Scale(domain=[0, span(self.seeds["chain_step"])[1]], nice=False)
        return alt.X(
            "chain_step:Q",
            title=title,
            scale=scale,
            axis=alt.Axis(tickMinStep=1, format="d", **axis),
        )

    def y(self, title: str) -> alt.Y:
        """Return pass@1 from nought to the best seed's best step."""
        scale = alt.Scale(domain=[0, max(span(self.seeds["value"])[1], 0.1)])
        return alt.Y("value:Q", scale=scale, axis=percent_axis(title))


def data(tables: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    """Return rows of three kinds, `mean`, `seed` and `border`, in chain steps."""
    rows = along_chain(tables["steps"])
    means = over_seeds(rows, [VALUE]).select(
        "method",
        "chain_step",
        "campaign",
        "n_seeds",
        kind=pl.lit("mean"),
        value=VALUE,
        low=f"{VALUE}_low",
        high=f"{VALUE}_high",
    )
    seeds = rows.select(
        "method", "seed", "chain_step", "campaign", kind=pl.lit("seed"), value=VALUE
    )
    borders = campaign_borders(rows).with_columns(kind=pl.lit("border"))
    return pl.concat([means, seeds, borders], how="diagonal_relaxed")


def facts(frame: pl.DataFrame) -> dict[str, Any]:
    """Return the numbers of the caption."""
    seeds = frame.filter(pl.col("kind") == "seed").group_by("method", "seed")
    return {
        "campaigns": counted(seeds.agg(pl.col("campaign").max()), "campaign"),
        "seeds": counted(frame.filter(pl.col("kind") == "mean"), "n_seeds"),
    }


def draw(frame: pl.DataFrame, arms: Mapping[str, str]) -> alt.TopLevelMixin:
    """Return all means above one panel an arm."""
    labelled = with_labels(frame, arms)
    kinds = {kind: labelled.filter(pl.col("kind") == kind) for kind in ("mean", "seed", "border")}
    scene = _Scene(
        methods=in_order(frame["method"].unique(), arms),
        arms=arms,
        means=kinds["mean"],
        seeds=kinds["seed"],
        borders=kinds["border"],
        start=kinds["seed"].filter(pl.col("chain_step") == 0)["value"].to_numpy().mean(),
    )
    panels = [_panel(scene, method) for method in scene.methods]
    return alt.vconcat(_overview(scene), grid(panels))


def _overview(scene: _Scene) -> Any:
    columns = ["arm", "chain_step", "campaign", "value", "low", "high", "n_seeds"]
    values, names = packed(scene.means.select(columns), ["arm"])
    picked, legend = arm_picker(), line_legend(orient="top", columns=5)
    colour, dash = (scale(scene.methods, scene.arms) for scale in (colour_scale, dash_scale))
    chart = (
        alt.Chart(values)
        .transform_flatten(names)
        .encode(
            x=scene.x(STEPS_TITLE, tickCount=10),
            y=scene.y("pass@1 (select)"),
            color=alt.Color("arm:N", scale=colour, legend=legend),
            opacity=alt.when(picked).then(alt.value(1.0)).otherwise(alt.value(0.1)),
        )
    )
    lines = chart.mark_line().encode(
        strokeDash=alt.StrokeDash("arm:N", scale=dash, legend=legend),
    )
    hover = chart.mark_point(size=50, filled=True).encode(
        opacity=alt.value(0),
        tooltip=[
            alt.Tooltip("arm:N"),
            alt.Tooltip("chain_step:Q", title="gradient steps"),
            alt.Tooltip("campaign:Q"),
            alt.Tooltip("value:Q", title="mean pass@1", format=".1%"),
            alt.Tooltip("low:Q", title="lowest seed", format=".1%"),
            alt.Tooltip("high:Q", title="highest seed", format=".1%"),
            alt.Tooltip("n_seeds:Q", title="seeds"),
        ],
    )
    layers = alt.layer(_base(scene.start), lines.add_params(picked, zoom_x()), hover)
    return layers.properties(width=WIDE, height=320)


def _panel(scene: _Scene, method: str) -> Any:
    name, colour = label(method, scene.arms), style(method)[0]
    ours = alt.datum.arm == name
    x, y = scene.x("gradient steps", tickCount=5, grid=False), scene.y("")
    mean, mean_names = packed(
        scene.means.select("arm", "chain_step", "value", "low", "high"), ["arm"]
    )
    seed, seed_names = packed(
        scene.seeds.select("arm", "seed", "chain_step", "value"), ["arm", "seed"]
    )
    borders = alt.Chart(inline(scene.borders.select("arm", "campaign", "chain_step")))
    means = alt.Chart(mean).transform_filter(ours).transform_flatten(mean_names)
    seeds = alt.Chart(seed).transform_filter(ours).transform_flatten(seed_names)
    width = panel_width(len(scene.methods))
    return alt.layer(
        borders.transform_filter(ours)
        .mark_rule(color="#DDDDDD", strokeWidth=1)
        .encode(x=x, tooltip=[alt.Tooltip("campaign:Q", title="start of campaign")]),
        means.mark_area(color=colour, opacity=0.18).encode(x=x, y=alt.Y("low:Q"), y2="high:Q"),
        _base(scene.start),
        seeds.mark_line(color=colour, strokeWidth=0.7, opacity=0.4).encode(
            x=x, y=y, detail="seed:N", tooltip=["arm:N", "seed:N"]
        ),
        means.mark_line(color=colour, strokeWidth=1.8).encode(x=x, y=y),
    ).properties(width=width, height=round(0.7 * min(width, 230)), title=panel_title(name))


def _base(start: float) -> alt.Chart:
    values = alt.InlineData(values=[{"value": round(start, 4)}])
    return (
        alt.Chart(values)
        .mark_rule(strokeDash=[2, 2], color="#000000")
        .encode(y="value:Q", tooltip=alt.Tooltip("value:Q", title="base models", format=".1%"))
    )
