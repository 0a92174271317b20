"""What the report is made of: tables, charts, and the slice of the config that they share."""

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import polars as pl

from crest import storage
from crest.acceptances import Acceptance
from crest.spec import canonical, spec_digest

DEFAULT_COMMANDS = (
    "snakemake --cores all --use-conda",
    "crest explain RESULTS/report.html",
    "crest verify RESULTS",
)


@dataclass(frozen=True, slots=True)
class Table:
    """A table on disk.

    Attributes:
        name: As figures and claims name it.
        path: Relative to the report, so that a copied results folder keeps its links.
        frame: Its rows.
        stamp: What the job that wrote it was asked for, as canonical JSON.
    """

    name: str
    path: str
    frame: pl.DataFrame
    stamp: str | None = None

    @property
    def digest(self) -> str:
        """Return a short name of the stamp; `none` without one."""
        return digest(self.stamp)


@dataclass(frozen=True, slots=True)
class Chart:
    """A figure on disk: a Vega-Lite object that says in `usermeta.crest` what it shows.

    Attributes:
        path: Of the JSON file, relative to the report; pictures and data lie beside it.
        vega: Its content.
    """

    path: str
    vega: Mapping[str, Any]

    @property
    def about(self) -> Mapping[str, Any]:
        """Return figure, title, caption, category, tables, arms and stamp."""
        about: Mapping[str, Any] = self.vega["usermeta"]["crest"]
        return about

    @property
    def digest(self) -> str:
        """Return a short name of the stamp of the job that drew it."""
        stamp = self.about.get("stamp")
        return digest(None if stamp is None else canonical(stamp))

    def beside(self, suffix: str) -> str:
        """Return the path of another file of the figure."""
        return self.path.removesuffix(".json") + suffix


@dataclass(frozen=True, slots=True)
class ReportInputs:
    """All that the page depends on.

    Attributes:
        tables: By name: claims, arms, comparisons, gaps, campaigns; pilot, mutation and others
            where there are.
        charts: In the order in which they are shown.
        study: The grid as configured: arms, reference_arm, seeds, campaigns, max_steps.
        arms: The settings of each arm by name; `label` is what readers see.
        choice: The pilot's choice: collapsing, healthy, rule_met, healthy_rule_met, and `stamp`
            with the rule's thresholds.
        spec: The spec of the report's own job, as canonical JSON.
        grader: What judged the programs, as names and values; empty where nobody recorded it.
        statistics: The thresholds that the page names: collapse_gap.
        accepted: Changes that a person found harmless, oldest first.
        commands: What a reader types to make the report again and to question it.
    """

    tables: Mapping[str, Table]
    charts: Sequence[Chart]
    study: Mapping[str, Any]
    arms: Mapping[str, Mapping[str, Any]]
    choice: Mapping[str, Any] = field(default_factory=dict)
    spec: str | None = None
    grader: Mapping[str, str] = field(default_factory=dict)
    statistics: Mapping[str, Any] = field(default_factory=dict)
    accepted: Sequence[Acceptance] = ()
    commands: Sequence[str] = DEFAULT_COMMANDS

    @property
    def labels(self) -> dict[str, str]:
        """Return the label of each arm, in the study's order."""
        return {name: self.arms.get(name, {}).get("label", name) for name in self.study["arms"]}

    def frame(self, name: str) -> pl.DataFrame | None:
        """Return the rows of a table, or None where the report was not given it."""
        return self.tables[name].frame if name in self.tables else None


def digest(stamp: str | None) -> str:
    """Return the first twelve digits of a stamp's SHA-256."""
    return "none" if stamp is None else spec_digest(stamp)[:12]


def read_table(name: str, path: Path, report: Path) -> Table:
    """Read a table and its stamp.

    Args:
        name: As figures and claims name it.
        path: Of the Parquet file.
        report: Where the page will lie.
    """
    return Table(name, relative(path, report), storage.read_table(path), storage.read_stamp(path))


def read_chart(path: Path, report: Path) -> Chart:
    """Read a figure's Vega-Lite object.

    Raises:
        ValueError: The file was not written by a figure of this package.
    """
    vega = storage.read_json(path)
    if "crest" not in vega.get("usermeta", {}):
        raise ValueError(f"{path} has no usermeta.crest: draw the figure again with its rule")
    return Chart(relative(path, report), vega)


def relative(path: Path, report: Path) -> str:
    """Return a path as a link from the report."""
    return Path(os.path.relpath(path, report.parent)).as_posix()
