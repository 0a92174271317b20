"""Which files the study, as configured now, hands to a job whose inputs depend on it."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from crest.acceptances import ACCEPTED
from crest.checksums import SUMS
from crest.commands.cells import cell_of
from crest.plan import Plan

CHECKPOINTS = ("start", "peak", "end", "next")


def expected_inputs(plan: Plan, spec: Mapping[str, Any], folder: Path) -> dict[str, list[str]]:
    """Return the files that a job would read now, by the option that names them.

    Inputs that are the same in every study are left out. Paths are relative to the results.

    Args:
        plan: The study.
        spec: A present spec of the job.
        folder: Where the results lie now.
    """
    cell = cell_of(spec)
    match spec["job"]:
        case "collect_table":
            given = {"parts": plan.table_parts(cell["table"])}
        case "choose_learning_rates":
            given = {"evaluations": plan.pilot_evaluations()}
        case "audit_grader":
            given = {"rollouts": plan.audit_rollouts()}
        case "compute_statistic":
            given = {"tables": plan.statistic_tables(cell["statistic"])}
        case "judge_claims":
            given = {"tables": plan.claim_tables()}
        case "draw_figure":
            given = {"tables": plan.figure_tables(cell["figure"])}
        case "build_report":
            accepted = [ACCEPTED] if (folder / ACCEPTED).exists() else []
            given = {
                "figures": plan.report_figures(),
                "tables": plan.report_tables(),
                "accepted": accepted,
            }
        case "evaluate_chain":
            given = {"checkpoints": _chain_checkpoints(plan, cell)}
        case "run_campaign":
            base = plan.base_seed(cell["study"], cell["seed"])
            given = {
                "base": [f"{plan.results}/models/{plan.config.model.name}/seed{base}/model/{SUMS}"]
            }
        case _:
            given = {}
    return {option: _relative(paths, plan.results) for option, paths in given.items()}


def _chain_checkpoints(plan: Plan, cell: Mapping[str, Any]) -> list[str]:
    chain = f"{plan.results}/{cell['study']}/{cell['method']}/seed{cell['seed']}"
    return [
        f"{chain}/campaign{campaign}/{name}/{SUMS}"
        for campaign in range(1, plan.campaigns(cell["study"]) + 1)
        for name in CHECKPOINTS
    ]


def _relative(paths: Sequence[str], results: str) -> list[str]:
    return [path.removeprefix(f"{results}/") for path in paths]
