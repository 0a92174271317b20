"""Which files the study, as configured now, hands to a job whose inputs depend on it."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from crest.acceptances import ACCEPTED
from crest.commands.cells import cell_of
from crest.plan import Chain, Files, Plan, Trajectory
from crest.plan.crossover import CrossoverFiles
from crest.plan.crossover_specs import BASE as CROSSOVER_BASE
from crest.plan.files import EVALUATED, REFEREED
from crest.plan.present import chain_of
from crest.plan.specs import BASE


def expected_inputs(plan: Plan, spec: Mapping[str, Any], folder: Path) -> dict[str, list[str]]:
    """Return the files that a job would read now, by the option that names them.

    Inputs that are the same in every study are left out. Paths are relative to the results.

    Args:
        plan: The study.
        spec: A present spec of the job.
        folder: Where the results lie now.
    """
    cell, files, job = cell_of(spec), plan.files, spec["job"]
    if job == "run_campaign":
        return _inputs_of_campaign(files, chain_of(cell), cell["campaign"])
    if job in _OF_CHAINS:
        return {} if cell["study"] == BASE else _OF_CHAINS[job](files, chain_of(cell))
    if job in _OF_CROSSOVER:
        return _OF_CROSSOVER[job](files.crossover, cell)
    if job == "build_report":
        return _inputs_of_report(files, cell["grid"], folder)
    return _inputs_of_tables(files, job, cell)


def _inputs_of_tables(files: Files, job: str, cell: Mapping[str, Any]) -> dict[str, list[str]]:
    match job:
        case "collect_table" | "collect_decisions":
            option, paths = "parts", files.table_parts(cell["collection"], cell["table"])
        case "choose_learning_rates":
            option, paths = "evaluations", files.pilot_evaluations(cell["model"])
        case "audit_grader":
            option, paths = "rollouts", files.audit_rollouts()
        case "compute_statistic":
            option, paths = "tables", files.statistic_tables(cell["statistic"], cell["grid"])
        case "judge_claims":
            option, paths = "tables", files.claim_tables(cell["grid"])
        case "draw_figure":
            option, paths = "tables", files.figure_tables(cell["figure"], cell["grid"])
        case _:
            return {}
    return {option: paths}


def _inputs_of_campaign(files: Files, chain: Chain, campaign: int) -> dict[str, list[str]]:
    return {
        "train": [files.problems(chain, "train")],
        "select": [files.problems(chain, "select")],
        "base": [files.base_model(chain)],
        "earlier": files.earlier(chain, campaign),
    }


def _inputs_of_evaluation(files: Files, chain: Chain) -> dict[str, list[str]]:
    return _checkpoints_on(files, chain, "problems", files.study(chain).split, EVALUATED)


def _inputs_of_repeats(files: Files, chain: Chain) -> dict[str, list[str]]:
    return _checkpoints_on(files, chain, "problems", "report", REFEREED)


def _inputs_of_pools(files: Files, chain: Chain) -> dict[str, list[str]]:
    return _checkpoints_on(files, chain, "train", "train", REFEREED)


def _checkpoints_on(
    files: Files, chain: Chain, option: str, split: str, names: Sequence[str]
) -> dict[str, list[str]]:
    return {
        option: [files.problems(chain, split)],
        "checkpoints": files.checkpoints(chain, names),
    }


def _inputs_of_samples(files: Files, chain: Chain) -> dict[str, list[str]]:
    return {"report": [files.problems(chain, "report")], "model": [files.chain_end(chain)]}


def _inputs_of_labels(files: Files, chain: Chain) -> dict[str, list[str]]:
    return {"rollouts": files.rollouts(chain)}


def _inputs_of_stationarity(files: Files, chain: Chain) -> dict[str, list[str]]:
    return {"model": [files.frozen_model(chain.model, chain.seed)]}


_OF_CHAINS: dict[str, Callable[[Files, Chain], dict[str, list[str]]]] = {
    "evaluate_chain": _inputs_of_evaluation,
    "repeat_evaluations": _inputs_of_repeats,
    "evaluate_pools": _inputs_of_pools,
    "sample_pass_at_k": _inputs_of_samples,
    "compare_labels": _inputs_of_labels,
    "measure_stationarity": _inputs_of_stationarity,
}


def _inputs_of_round(files: CrossoverFiles, cell: Mapping[str, Any]) -> dict[str, list[str]]:
    trajectory = Trajectory(cell["method"], cell["seed"])
    return {
        "pool": [files.pool(trajectory)],
        "sampler": [files.checkpoint(trajectory, cell["round"] - 1)],
        "start": [files.start(trajectory, cell["round"])],
    }


def _inputs_of_banks(files: CrossoverFiles, cell: Mapping[str, Any]) -> dict[str, list[str]]:
    if cell["method"] == CROSSOVER_BASE:
        return {"model": [files.base_model(cell["seed"])]}
    trajectory = Trajectory(cell["method"], cell["seed"])
    return {"model": [files.checkpoint(trajectory, cell["round"])]}


def _inputs_of_split(files: CrossoverFiles, cell: Mapping[str, Any]) -> dict[str, list[str]]:
    base_seed = files.base_of_split(cell["seed"])
    return {"pool": [files.split_pool(cell["seed"])], "model": [files.base_model(base_seed)]}


def _inputs_of_picks(files: CrossoverFiles, cell: Mapping[str, Any]) -> dict[str, list[str]]:
    return {"critics": files.critics(cell["seed"])}


_OF_CROSSOVER: dict[str, Callable[[CrossoverFiles, Mapping[str, Any]], dict[str, list[str]]]] = {
    "run_round": _inputs_of_round,
    "sample_banks": _inputs_of_banks,
    "draw_candidates": _inputs_of_split,
    "train_critic": _inputs_of_split,
    "pick_candidates": _inputs_of_picks,
}


def _inputs_of_report(files: Files, grid: str, folder: Path) -> dict[str, list[str]]:
    return {
        "figures": files.charts(grid),
        "tables": files.paths(files.report_tables(grid), grid),
        "accepted": [ACCEPTED] if (folder / ACCEPTED).exists() else [],
    }
