"""A figure on disk: its Vega-Lite spec, two pictures of it, and the data behind it."""

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Protocol

import altair as alt
import polars as pl
import vl_convert

from crest import storage
from crest.figures._arms import in_order, label, style
from crest.figures._inline import unpacked
from crest.figures._theme import themed

SUFFIXES = (".json", ".svg", ".png", ".parquet")
PNG_SCALE = 2.0


class Figure(Protocol):
    """What a module of this package offers."""

    TITLE: str
    CAPTION: str
    CATEGORY: str
    TABLES: tuple[str, ...]

    def data(self, tables: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
        """Return the small table behind the figure."""

    def facts(self, frame: pl.DataFrame) -> dict[str, Any]:
        """Return the numbers that the caption names."""

    def draw(self, frame: pl.DataFrame, arms: Mapping[str, str]) -> alt.TopLevelMixin:
        """Return the chart."""


def save_figure(
    name: str,
    figure: Figure,
    tables: Mapping[str, pl.DataFrame],
    folder: Path,
    *,
    arms: Mapping[str, str],
    stamp: str | None = None,
) -> None:
    """Write `{name}.json`, `.svg`, `.png` and `.parquet` into the folder.

    Args:
        name: The figure's key in the registry.
        figure: Its module.
        tables: At least the tables that `figure.TABLES` names.
        folder: Where the four files go.
        arms: Label of each arm, in the order in which arms are shown.
        stamp: What made it, put into the data's metadata and the chart's `usermeta`.

    Raises:
        ValueError: A table is missing, or holds no row that the figure could show.
    """
    frame = _data(name, figure, tables)
    chart = chart_spec(name, figure, frame, arms, stamp)
    text = json.dumps(chart, indent=None, separators=(",", ":"), allow_nan=False)
    version = alt.SCHEMA_VERSION.removeprefix("v").rsplit(".", 1)[0]
    svg = _renumbered(vl_convert.vegalite_to_svg(text, vl_version=version))
    png = vl_convert.svg_to_png(svg, scale=PNG_SCALE)
    storage.write_text(text + "\n", folder / f"{name}.json")
    storage.write_text(svg + "\n", folder / f"{name}.svg")
    storage.write_bytes(png, folder / f"{name}.png")
    storage.write_parquet(frame, folder / f"{name}.parquet", stamp=stamp)


def chart_spec(
    name: str,
    figure: Figure,
    frame: pl.DataFrame,
    arms: Mapping[str, str],
    stamp: str | None = None,
) -> dict[str, Any]:
    """Return the figure as a Vega-Lite object that says in `usermeta.crest` what it shows."""
    chart = unpacked(themed(figure.draw(frame, arms), figure.TITLE).to_dict())
    methods = in_order(frame["method"].unique(), arms) if "method" in frame.columns else []
    about = {
        "figure": name,
        "title": figure.TITLE,
        "caption": figure.CAPTION.format(**figure.facts(frame)),
        "category": figure.CATEGORY,
        "tables": list(figure.TABLES),
        "arms": {m: {"label": label(m, arms), "colour": style(m)[0]} for m in methods},
        "stamp": None if stamp is None else json.loads(stamp),
    }
    chart["usermeta"] = {**chart.get("usermeta", {}), "crest": about}
    return chart


def _data(name: str, figure: Figure, tables: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    missing = [table for table in figure.TABLES if table not in tables]
    if missing:
        raise ValueError(f"figure {name} lacks the table {missing[0]}: give it beside the others")
    frame = figure.data(tables)
    if frame.is_empty():
        raise ValueError(
            f"figure {name} has nothing to show: {', '.join(figure.TABLES)} hold no such row; "
            "make the cells that feed them first",
        )
    return frame


def _renumbered(svg: str) -> str:
    """Return the picture with its clipping paths and gradients counted from 0.

    The renderer counts them over the life of the process, so that the bytes of one figure would
    depend on how many were drawn before it.
    """
    names: dict[str, str] = {}
    for kind in ("clip", "gradient_"):
        found = re.findall(rf'id="({kind}\d+)"', svg)
        names |= {name: f"{kind}{number}" for number, name in enumerate(found)}
    return re.sub(r"\b(?:clip|gradient_)\d+\b", lambda at: names.get(at[0], at[0]), svg)
