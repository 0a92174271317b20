"""What the rules share: the validated study, wildcard constraints and input functions."""

import os
import sys
from pathlib import Path

from snakemake.exceptions import WorkflowError
from snakemake.logging import logger

ROOT = Path(workflow.basedir)
sys.path.insert(0, str(ROOT / "src"))

from crest.acceptances import ACCEPTED
from crest.adoption import adopt
from crest.between_runs import find_changed, mend_times
from crest.config import ConfigError, load_config
from crest.disks import full_disks
from crest.plan import Plan
from crest.tracking import Tracking

# Jobs run as `python -m crest...` with the interpreter that runs Snakemake, unless an activated
# conda environment comes first on the PATH.
os.environ.update(
    PYTHONPATH=str(ROOT / "src"),
    PATH=os.pathsep.join(
        [str(Path(sys.executable).parent), os.environ.get("PATH", "")]
    ),
)

try:
    STUDY = load_config(config)
except ConfigError as error:
    raise WorkflowError(str(error)) from None

PLAN = Plan(STUDY)
RESULTS = STUDY.results

if workflow.is_main_process:
    try:
        ADOPTION = adopt(RESULTS, Tracking())
    except (OSError, ValueError) as error:
        raise WorkflowError(str(error)) from None
    for line in ADOPTION.news():
        logger.info(line)
    for line in ADOPTION.warnings():
        logger.warning(line)


# Before any job, and so before Snakemake deletes what is to be made anew.
onstart:
    look_over(RESULTS)


# A job on a full disk cannot even say so in its log.
onerror:
    for line in full_disks([RESULTS, ".crest", ".snakemake"]):
        logger.error(line)


wildcard_constraints:
    study="collapse|pilot",
    method="[a-z][a-z0-9_.-]*",
    seed=r"\d+",
    base_seed=r"\d+",
    campaign=r"\d+",
    figure="[a-z][a-z0-9_]*",


def look_over(results):
    """Mend times of files, or stop the run because of files that were changed."""
    try:
        for line in mend_times(results):
            logger.warning(line)
        changed = find_changed(results, Tracking())
    except OSError as error:
        raise WorkflowError(str(error)) from None
    if changed:
        raise WorkflowError("\n".join(changed))


def get_start_model(wildcards):
    """Return the checkpoint that a campaign starts from: rolled forward, or the base.

    Rules know a checkpoint folder by its `SHA256SUMS`, which is written last.
    """
    campaign = int(wildcards.campaign)
    if campaign == 1:
        return get_base_model(wildcards)
    return f"{get_cell(wildcards, campaign - 1)}/next/SHA256SUMS"


def get_base_model(wildcards):
    """Return the base model of a chain."""
    base = PLAN.base_seed(wildcards.study, int(wildcards.seed))
    return f"{RESULTS}/models/{STUDY.model.name}/seed{base}/model/SHA256SUMS"


def get_history(wildcards):
    """Return the decision file of the campaign before, if there is one."""
    campaign = int(wildcards.campaign)
    return [] if campaign == 1 else f"{get_cell(wildcards, campaign - 1)}/decision.json"


def get_learning_rates(wildcards):
    """Return the pilot's choice where the arm's learning rate is one of its roles."""
    if PLAN.uses_pilot(wildcards.study, wildcards.method):
        return f"{RESULTS}/pilot/learning_rates.json"
    return []


def get_cell(wildcards, campaign):
    """Return the folder of a campaign of the wildcards' chain."""
    return f"{RESULTS}/{wildcards.study}/{wildcards.method}/seed{wildcards.seed}/campaign{campaign}"


def get_evaluation_problems(wildcards):
    """Return the split on which a study's chains are evaluated with fresh samples."""
    return f"{RESULTS}/tasks/{PLAN.evaluation_split(wildcards.study)}.parquet"


def get_chain_checkpoints(wildcards):
    """Return the checkpoints of a chain, campaign by campaign."""
    return [
        f"{get_cell(wildcards, campaign)}/{name}/SHA256SUMS"
        for campaign in range(1, PLAN.campaigns(wildcards.study) + 1)
        for name in ("start", "peak", "end", "next")
    ]


def get_chain_decisions(wildcards):
    """Return the decision file of a chain's last campaign; it holds those before."""
    return f"{get_cell(wildcards, PLAN.campaigns(wildcards.study))}/decision.json"


def get_chain_end(wildcards):
    """Return the checkpoint that rolls out of a chain."""
    return f"{get_cell(wildcards, PLAN.campaigns(wildcards.study))}/next/SHA256SUMS"


def get_table_parts(wildcards):
    """Return one table's files over all arms and seeds, and bases for pass@k."""
    return PLAN.table_parts(wildcards.table)


def get_statistic_tables(wildcards):
    """Return the input tables of one statistic."""
    return PLAN.statistic_tables(wildcards.statistic)


def get_pilot_evaluations(wildcards):
    """Return the evaluations of all pilot chains."""
    return PLAN.pilot_evaluations()


def get_figure_tables(wildcards):
    """Return the input tables of one figure."""
    return PLAN.figure_tables(wildcards.figure)


def get_accepted(wildcards):
    """Return the list of changes that were accepted as harmless, if there is one."""
    accepted = f"{RESULTS}/{ACCEPTED}"
    return accepted if os.path.exists(accepted) else []
