"""A report of the usual synthetic study, and what it was made of."""

import json

import pytest
from tests.synthetic.results import LABELS, make_results

from crest import storage
from crest.figures._save import save_figure
from crest.registry import Registry
from crest.report.inputs import ReportInputs, read_chart, read_table
from crest.report.page import build_report

FIGURES = Registry("crest.figures")
STUDY = {
    "name": "collapse",
    "arms": list(LABELS),
    "reference_arm": "naive",
    "seeds": [0, 1, 2],
    "campaigns": 3,
    "max_steps": 10,
}
SHOWN = (
    *("claims", "arms", "comparisons", "gaps", "campaigns", "chains"),
    *("pilot", "mutation", "flips"),
    *("power", "architectures", "regime_causes", "regime_boundaries", "diagnostic"),
    *("forgetting", "labels_agreement", "pool_stationarity", "evaluation_noise"),
    *("selection", "selection_gains", "star_rounds", "crossing", "gained_and_lost", "recipes"),
)
SPEC = json.dumps({"code": "c0de", "job": "compute_statistic", "python": "3.11"})
CHOICE = {
    "collapsing": 0.001,
    "healthy": 0.0005,
    "rule_met": True,
    "healthy_rule_met": True,
    "stamp": {"config": {"pilot": {"min_rise": 0.05, "min_fall": 0.1, "max_healthy_fall": 0.03}}},
}


@pytest.fixture(scope="session")
def results():
    """All eight arms, three seeds, three campaigns."""
    return make_results()


@pytest.fixture(scope="session")
def folder(results, tmp_path_factory):
    """A results folder with tables and figures."""
    root = tmp_path_factory.mktemp("results")
    for name in (*SHOWN, "steps", "capability", "pass_at_k"):
        storage.write_parquet(results[name], root / f"statistics/{name}.parquet", stamp=SPEC)
    for name in FIGURES.names():
        tables = {table: results[table] for table in FIGURES[name].TABLES}
        save_figure(
            name,
            FIGURES[name],
            tables,
            root / "figures",
            arms=LABELS,
            stamp='{"job":"draw_figure"}',
        )
    return root


@pytest.fixture(scope="session")
def inputs(folder):
    """What the report is made of, read from disk."""
    report = folder / "report.html"
    names = (*SHOWN, "steps", "capability", "pass_at_k")
    paths = {name: folder / f"statistics/{name}.parquet" for name in names}
    return ReportInputs(
        tables={name: read_table(name, path, report) for name, path in paths.items()},
        charts=[read_chart(folder / f"figures/{name}.json", report) for name in FIGURES.names()],
        study=STUDY,
        arms={
            method: {
                "label": label,
                "objective": {"kind": "reinforce", "baseline": "batch_mean"},
                "controller": {"kind": "fixed"},
                "learning_rate": "healthy" if method == "healthy" else "collapsing",
            }
            for method, label in LABELS.items()
        },
        choice=CHOICE,
        spec=json.dumps({"code": "f00d", "libraries": {"altair": "6.3.0"}, "python": "3.11"}),
        statistics={"collapse_gap": 0.2},
    )


@pytest.fixture(scope="session")
def page(inputs, folder):
    """The page, beside the files that it links to."""
    text = build_report(inputs)
    (folder / "report.html").write_text(text)
    return text
