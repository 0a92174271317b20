"""Which files the study, as configured now, hands to a job whose inputs depend on it."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from crest.acceptances import ACCEPTED
from crest.commands.cells import cell_of
from crest.plan import Files, Plan
from crest.plan.files import REFEREED
from crest.plan.present import chain_of

CHAIN_JOBS = (
    *("run_campaign", "evaluate_chain", "compare_labels"),
    *("repeat_evaluations", "evaluate_pools"),
)


def expected_inputs(plan: Plan, spec: Mapping[str, Any], folder: Path) -> dict[str, list[str]]:
    """Return the files that a job would read now, by the option that names them.

    Inputs that are the same in every study are left out. Paths are relative to the results.

    Args:
        plan: The study.
        spec: A present spec of the job.
        folder: Where the results lie now.
    """
    cell, files, job = cell_of(spec), plan.files, spec["job"]
    if job in CHAIN_JOBS:
        return _inputs_of_chain(files, job, cell)
    match job:
        case "collect_table" | "collect_decisions":
            return {"parts": files.table_parts(cell["collection"], cell["table"])}
        case "choose_learning_rates":
            return {"evaluations": files.pilot_evaluations(cell["model"])}
        case "audit_grader":
            return {"rollouts": files.audit_rollouts()}
        case "compute_statistic":
            return {"tables": files.statistic_tables(cell["statistic"], cell["grid"])}
        case "judge_claims":
            return {"tables": files.claim_tables(cell["grid"])}
        case "draw_figure":
            return {"tables": files.figure_tables(cell["figure"], cell["grid"])}
        case "build_report":
            return _inputs_of_report(files, cell["grid"], folder)
        case _:
            return {}


def _inputs_of_chain(files: Files, job: str, cell: Mapping[str, Any]) -> dict[str, list[str]]:
    chain = chain_of(cell)
    match job:
        case "run_campaign":
            return {
                "train": [files.problems(chain, "train")],
                "select": [files.problems(chain, "select")],
                "base": [files.base_model(chain)],
                "earlier": files.earlier(chain, cell["campaign"]),
            }
        case "evaluate_chain":
            split = files.study(chain).split
            return {
                "problems": [files.problems(chain, split)],
                "checkpoints": files.checkpoints(chain),
            }
        case "compare_labels":
            return {"rollouts": files.rollouts(chain)}
        case _:
            return {"checkpoints": files.checkpoints(chain, REFEREED)}


def _inputs_of_report(files: Files, grid: str, folder: Path) -> dict[str, list[str]]:
    return {
        "figures": files.charts(grid),
        "tables": files.paths(files.report_tables(grid), grid),
        "accepted": [ACCEPTED] if (folder / ACCEPTED).exists() else [],
    }
