"""The page itself: inputs in, one HTML text out; no file is read but the package's own parts."""

import json
from functools import cache
from importlib import resources
from typing import Any

import jinja2
import vl_convert
from markupsafe import Markup

from crest.report import results
from crest.report.cautions import cautions
from crest.report.cells import cell_grid, missing_cells
from crest.report.checks import check_tables
from crest.report.claims import claim_rows, headline, outcome
from crest.report.formats import plain
from crest.report.inputs import Chart, ReportInputs
from crest.report.words import plain_words

DIGEST_FILES = ("*.html", "*.css", "*.js")
"""Parts of the page; an edit of one reruns the report."""

QUESTION = (
    "When a language model trains on its own verified output, when does it get better, when does "
    "it collapse, and what prevents it?"
)
SECTIONS = ("Outcome", "Collapse", "Regime", "Checks", "Course of training", "Capability")
"""Categories of figures in reading order; others follow."""

SETTINGS = ("objective", "controller", "learning_rate", "penalty", "reward", "data")


def build_report(inputs: ReportInputs) -> str:
    """Return the page.

    It loads nothing: Vega, Vega-Lite and Vega-Embed, the charts with their data, styles and
    scripts are inside; links to tables and pictures are relative.

    Raises:
        ValueError: There is no claims table.
    """
    if "claims" not in inputs.tables:
        raise ValueError("the report lacks the table claims: it is the first thing that it shows")
    grid = cell_grid(inputs.frame("campaigns"), inputs.study)
    missing = missing_cells(grid)
    claims = inputs.tables["claims"]
    return _template().render(
        question=QUESTION,
        study=inputs.study,
        labels=inputs.labels,
        tables=inputs.tables,
        claims=claim_rows(claims.frame, inputs.tables),
        headline=headline(claims.frame),
        outcome=outcome(inputs.frame("arms"), inputs.study, inputs.labels),
        cautions=cautions(inputs, missing),
        words=plain_words(inputs),
        sections=_sections(inputs.charts),
        checks=check_tables({name: inputs.frame(name) for name in inputs.tables}, inputs.labels),
        **_results(inputs),
        settings=_settings(inputs),
        colours=_colours(inputs.charts),
        threshold=inputs.statistics.get("collapse_gap"),
        choice=inputs.choice,
        rule=(inputs.choice.get("stamp") or {}).get("config", {}).get("pilot", {}),
        grader=inputs.grader,
        grid=grid,
        missing=missing,
        provenance=_provenance(inputs),
        spec=json.loads(inputs.spec or "{}"),
        accepted=inputs.accepted,
        commands=inputs.commands,
        style=Markup(_part("style.css")),  # noqa: S704 (our own file)
        script=Markup(_part("charts.js")),  # noqa: S704 (our own file)
        vega=_vega(),
    )


def _results(inputs: ReportInputs) -> dict[str, Any]:
    """Return the tables of results that the report was given."""
    labels = inputs.labels
    makers = {
        "arms": ("ends", lambda frame: results.end_rows(frame, labels)),
        "comparisons": ("comparisons", lambda frame: results.comparison_groups(frame, labels)),
        "gaps": ("gaps", lambda frame: results.gap_tables(frame, labels)),
        "pilot": ("pilot", results.pilot_rows),
        "mutation": ("mutation", results.mutation_rows),
        "flips": ("flips", results.flip_table),
    }
    made: dict[str, Any] = {}
    for table, (name, make) in makers.items():
        frame = inputs.frame(table)
        made[name] = None if frame is None or frame.is_empty() else make(frame)
    return made


def _sections(charts: Any) -> list[dict[str, Any]]:
    """Return the charts by category, those that the page knows in reading order."""
    found = list(dict.fromkeys(chart.about["category"] for chart in charts))
    ordered = [name for name in SECTIONS if name in found]
    ordered += [name for name in found if name not in SECTIONS]
    return [
        {
            "title": name,
            "charts": [_shown(chart) for chart in charts if chart.about["category"] == name],
        }
        for name in ordered
    ]


def _shown(chart: Chart) -> dict[str, Any]:
    vega = {key: value for key, value in chart.vega.items() if key not in {"title", "usermeta"}}
    return {
        "name": chart.about["figure"],
        "title": chart.about["title"],
        "caption": chart.about["caption"],
        "tables": chart.about["tables"],
        "digest": chart.digest,
        "vega": vega,
        "files": {
            name: chart.beside(suffix)
            for name, suffix in (
                ("data (Parquet)", ".parquet"),
                ("SVG", ".svg"),
                ("PNG", ".png"),
                ("Vega-Lite", ".json"),
            )
        },
        "svg": chart.beside(".svg"),
    }


def _settings(inputs: ReportInputs) -> list[dict[str, Any]]:
    rows = []
    for method, label in inputs.labels.items():
        arm = dict(inputs.arms.get(method, {}))
        rate = arm.get("learning_rate")
        if isinstance(rate, str) and rate in inputs.choice:
            arm["learning_rate"] = f"{inputs.choice[rate]:g} ({rate})"
        values = {name: plain(arm.get(name)) for name in SETTINGS}
        rows.append({"method": method, "label": label, "values": values})
    return rows


def _colours(charts: Any) -> dict[str, str]:
    """Return the colour that figures give each arm."""
    return {
        method: look["colour"]
        for chart in charts
        for method, look in chart.about.get("arms", {}).items()
    }


def _provenance(inputs: ReportInputs) -> list[dict[str, Any]]:
    return [
        {
            "name": table.name,
            "path": table.path,
            "rows": len(table.frame),
            "digest": table.digest,
            "stamp": json.loads(table.stamp) if table.stamp else None,
        }
        for table in inputs.tables.values()
    ]


def _template() -> jinja2.Template:
    environment = jinja2.Environment(
        autoescape=True,
        loader=jinja2.PackageLoader("crest.report", "."),
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template("page.html")


def _part(name: str) -> str:
    return resources.files("crest.report").joinpath(name).read_text(encoding="utf-8")


@cache
def _vega() -> Markup:
    bundle = vl_convert.javascript_bundle("window.vegaEmbed = vegaEmbed;").replace(
        "</script", "<\\/script"
    )
    return Markup(bundle)  # noqa: S704 (a library's own code)
