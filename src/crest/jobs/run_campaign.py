"""Run one campaign of one chain."""

import logging
from collections.abc import Sequence

from crest.campaigns.clock import Clock
from crest.campaigns.decision import decision_to_json, history_from_json
from crest.campaigns.run import CampaignResult, run_campaign
from crest.campaigns.settings import CampaignSettings
from crest.campaigns.step import CampaignInputs
from crest.campaigns.work import CampaignWork, set_weights
from crest.jobs._execution import execution
from crest.jobs._job import Job, job
from crest.jobs._work import job_work
from crest.models.loading import load_policies
from crest.models.policy import Policy
from crest.records import Grade
from crest.storage import link_folder, read_json, write_json, write_parquet
from crest.tasks.bank import read_problems

INPUTS = ("train", "select", "start-model", "base")
OUTPUTS = ("start", "peak", "end", "next", "steps", "monitor", "rollouts", "decision")
LISTS = ("history", "earlier", "learning-rates")


def main(argv: Sequence[str] | None = None) -> None:
    """Run the job."""
    description = "Run one campaign of one chain."
    clock = Clock()
    frame = job(argv, description, inputs=INPUTS, lists=LISTS, outputs=OUTPUTS)
    with clock.phase("setup"), frame as this, execution(this) as grader:
        settings = CampaignSettings.model_validate(this.config["settings"])
        inputs = _read_inputs(this, grader.grade)
        steps = CampaignWork(job_work(this))
        result = run_campaign(settings, inputs, steps, clock)
        with clock.phase("writing"):
            _write(this, inputs.policy, result, steps)
    logging.getLogger(__name__).info("time: %s", clock.summary())


def _read_inputs(job: Job, grade: Grade) -> CampaignInputs:
    files, rate = job.files, job.config["learning_rate"]
    checkpoints = [files.base, files.start_model, files.start_model]
    base, start, policy = load_policies([sums.parent for sums in checkpoints])
    return CampaignInputs(
        policy=policy,
        start=start,
        base=base,
        train=read_problems(files.train),
        select=read_problems(files.select),
        history=history_from_json([read_json(path) for path in files.history]),
        learning_rate=read_json(files.learning_rates[0])[rate] if isinstance(rate, str) else rate,
        grade=grade,
    )


def _write(job: Job, policy: Policy, result: CampaignResult, work: CampaignWork) -> None:
    files = job.files
    _write_checkpoints(job, policy, result, work)
    write_parquet(result.tables["steps"], files.steps, stamp=job.stamp)
    write_parquet(result.tables["select"], files.monitor, stamp=job.stamp)
    write_parquet(result.tables["rollouts"], files.rollouts, stamp=job.stamp)
    earlier = [read_json(path) for path in files.history]
    write_json(decision_to_json(result, earlier), files.decision, stamp=job.stamp)


def _write_checkpoints(
    job: Job, policy: Policy, result: CampaignResult, work: CampaignWork
) -> None:
    """Write start, end, peak and next, each set of weights once."""
    files, curve, selection = job.files, result.curve, result.selection
    link_folder(files.start_model.parent, files.start.parent)
    folders = {0: files.start.parent}
    wanted = [(files.end, curve.steps_run), (files.peak, curve.peak_step)]
    if selection.campaign is None:
        wanted.append((files.next, selection.step))
    else:
        rolled_out = [files.base, *files.earlier][selection.campaign]
        link_folder(rolled_out.parent, files.next.parent)
    for sums, at in wanted:
        if at in folders:
            link_folder(folders[at], sums.parent)
            continue
        set_weights(policy, work.weights(at))
        policy.save(sums.parent, stamp=job.stamp)
        folders[at] = sums.parent


if __name__ == "__main__":
    main()
