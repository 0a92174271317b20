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
from crest.plan import COLLECTIONS, GRIDS, Chain, Plan, Trajectory, collected_tables
from crest.plan.files import REFEREED
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
FILES = PLAN.files
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
    stop_timers()


# A job on a full disk cannot even say so in its log.
onerror:
    for line in full_disks([RESULTS, ".crest", ".snakemake"]):
        logger.error(line)


wildcard_constraints:
    grid="(extended/)?",
    collection="|".join(COLLECTIONS),
    study="|".join(sorted({name for name, _ in FILES.studies})),
    model="|".join(sorted(STUDY.models)),
    method="[a-z][a-z0-9_.-]*",
    seed=r"\d+",
    base_seed=r"\d+",
    campaign=r"\d+",
    pool="|".join(FILES.crossover.pools()),
    recipe="|".join(sorted(STUDY.crossover.recipes)),
    round=r"\d+",
    num_tasks=r"\d+",
    statistic="[a-z][a-z0-9_]*",
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


def stop_timers():
    """Let the scheduler sleep until a job ends, where jobs run on this machine.

    Its limit of jobs a second, made for clusters, sets a timer whenever it wakes, and each timer
    wakes it and is set again: with every finished job it weighs all waiting jobs once more a
    second, and when all is done the process waits for the last timer.
    """
    if not workflow.non_local_exec:
        workflow.scheduler.job_rate_limiter = None


def get_chain(wildcards):
    """Return the chain that the wildcards name."""
    return Chain(
        wildcards.study, wildcards.model, wildcards.method, int(wildcards.seed)
    )


def get_grid(wildcards):
    """Return the grid whose folder the wildcards name."""
    return next(grid for grid, folder in GRIDS.items() if folder == wildcards.grid)


def get_trajectory(wildcards):
    """Return the trajectory of self-training that the wildcards name."""
    return Trajectory(wildcards.recipe, int(wildcards.seed))


def in_results(paths):
    """Return paths from the project's root on, for paths from the results on."""
    if isinstance(paths, str):
        return f"{RESULTS}/{paths}"
    return [f"{RESULTS}/{path}" for path in paths]


def get_train_problems(wildcards):
    """Return the train split, with the tests that reward the chain."""
    return in_results(FILES.problems(get_chain(wildcards), "train"))


def get_select_problems(wildcards):
    """Return the select split, with the tests that judge the chain."""
    return in_results(FILES.problems(get_chain(wildcards), "select"))


def get_report_problems(wildcards):
    """Return the report split, with the tests that judge the chain."""
    return in_results(FILES.problems(get_chain(wildcards), "report"))


def get_evaluation_problems(wildcards):
    """Return the split on which a study's chains are evaluated with fresh samples."""
    chain = get_chain(wildcards)
    return in_results(FILES.problems(chain, FILES.study(chain).split))


def get_start_model(wildcards):
    """Return the checkpoint that a campaign starts from: rolled forward, or the base.

    Rules know a checkpoint folder by its `SHA256SUMS`, which is written last.
    """
    chain = get_chain(wildcards)
    return in_results(FILES.start_model(chain, int(wildcards.campaign)))


def get_base_model(wildcards):
    """Return the base model of a chain."""
    return in_results(FILES.base_model(get_chain(wildcards)))


def get_frozen_model(wildcards):
    """Return the base model of the study's chains of a seed."""
    return in_results(FILES.frozen_model(wildcards.model, int(wildcards.seed)))


def get_history(wildcards):
    """Return the decision file of the campaign before, if there is one."""
    chain = get_chain(wildcards)
    return in_results(FILES.history(chain, int(wildcards.campaign)))


def get_earlier_models(wildcards):
    """Return what rolled out of earlier campaigns, for controllers that may go back."""
    chain = get_chain(wildcards)
    return in_results(FILES.earlier(chain, int(wildcards.campaign)))


def get_learning_rates(wildcards):
    """Return the pilot's choice where the arm's learning rate is one of its roles."""
    return in_results(FILES.learning_rates(get_chain(wildcards)))


def get_chain_checkpoints(wildcards):
    """Return the checkpoints of a chain, campaign by campaign."""
    return in_results(FILES.checkpoints(get_chain(wildcards)))


def get_refereed_checkpoints(wildcards):
    """Return the checkpoints of a chain that a referee asks about."""
    return in_results(FILES.checkpoints(get_chain(wildcards), REFEREED))


def get_chain_decisions(wildcards):
    """Return the decision file of a chain's last campaign; it holds those before."""
    return in_results(FILES.decision(get_chain(wildcards)))


def get_chain_end(wildcards):
    """Return the checkpoint that rolls out of a chain."""
    return in_results(FILES.chain_end(get_chain(wildcards)))


def get_chain_rollouts(wildcards):
    """Return the rollouts of a chain, campaign by campaign."""
    return in_results(FILES.rollouts(get_chain(wildcards)))


def get_round_sampler(wildcards):
    """Return the model that draws a round's samples: that of the round before, or the base."""
    number = int(wildcards.round) - 1
    return in_results(FILES.crossover.checkpoint(get_trajectory(wildcards), number))


def get_round_start(wildcards):
    """Return the model that a round fine-tunes."""
    number = int(wildcards.round)
    return in_results(FILES.crossover.start(get_trajectory(wildcards), number))


def get_split_model(wildcards):
    """Return the base model of a split seed."""
    files = FILES.crossover
    return in_results(files.base_model(files.base_of_split(int(wildcards.seed))))


def get_critic_scores(wildcards):
    """Return the scores by all critics of a split seed, fewest training tasks first."""
    return in_results(FILES.crossover.critics(int(wildcards.seed)))


def get_table_parts(wildcards):
    """Return one table's files over all arms and seeds, and bases for pass@k."""
    return in_results(FILES.table_parts(wildcards.collection, wildcards.table))


def get_decision_parts(wildcards):
    """Return the decisions of all chains of a collection."""
    return in_results(FILES.table_parts(wildcards.collection, "decisions"))


def get_pilot_evaluations(wildcards):
    """Return the evaluations of all pilot chains of a model."""
    return in_results(FILES.pilot_evaluations(wildcards.model))


def get_statistic_tables(wildcards):
    """Return the input tables of one table of results."""
    return in_results(FILES.statistic_tables(wildcards.statistic, get_grid(wildcards)))


def get_claim_tables(wildcards):
    """Return the tables by which a grid's claims are judged."""
    return in_results(FILES.claim_tables(get_grid(wildcards)))


def get_figure_tables(wildcards):
    """Return the input tables of one figure."""
    return in_results(FILES.figure_tables(wildcards.figure, get_grid(wildcards)))


def get_report_charts(wildcards):
    """Return the figures of a grid's report."""
    return in_results(FILES.charts(get_grid(wildcards)))


def get_report_tables(wildcards):
    """Return the tables of a grid's report."""
    grid = get_grid(wildcards)
    return in_results(FILES.paths(FILES.report_tables(grid), grid))


def get_accepted(wildcards):
    """Return the list of changes that were accepted as harmless, if there is one."""
    accepted = f"{RESULTS}/{ACCEPTED}"
    return accepted if os.path.exists(accepted) else []
