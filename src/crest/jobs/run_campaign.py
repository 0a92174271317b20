"""Run one campaign of one chain."""

import logging
from argparse import Namespace
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from crest.campaigns.clock import Clock
from crest.campaigns.decision import decision_to_json, history_from_json
from crest.campaigns.run import CampaignInputs, CampaignResult, run_campaign, set_weights
from crest.campaigns.settings import CampaignSettings
from crest.campaigns.work import Work, open_work, work_folder
from crest.jobs._arguments import parse
from crest.jobs._execution import execution
from crest.models import load_policy
from crest.models.policy import Policy
from crest.records import Grade
from crest.storage import link_folder, read_json, write_json, write_parquet
from crest.tasks.bank import read_problems

FILES = (
    *("train", "select", "start-model", "base", "start", "peak", "end", "next"),
    *("steps", "monitor", "rollouts", "decision"),
)
LISTS = ("history", "learning-rates")


def main(argv: Sequence[str] | None = None) -> None:
    """Run the job."""
    files = parse(argv, "Run one campaign of one chain.", files=FILES, lists=LISTS)
    clock = Clock()
    with clock.phase("setup"), execution(files.spec) as (spec, grader):
        settings = CampaignSettings.model_validate(spec["config"]["settings"])
        inputs = _read_inputs(files, spec["config"], grader.grade)
        folder = work_folder(files.spec, _input_files(files))
        with open_work(folder) as work:
            result = run_campaign(settings, inputs, work, clock)
            with clock.phase("writing"):
                _write(files, inputs.policy, result, work)
            work.discard()
    logging.getLogger(__name__).info("time: %s", clock.summary())


def _read_inputs(files: Namespace, config: dict[str, Any], grade: Grade) -> CampaignInputs:
    rate = config["learning_rate"]
    return CampaignInputs(
        policy=load_policy(files.start_model),
        start=load_policy(files.start_model),
        base=load_policy(files.base),
        train=read_problems(files.train),
        select=read_problems(files.select),
        history=history_from_json([read_json(path) for path in files.history]),
        learning_rate=read_json(files.learning_rates[0])[rate] if isinstance(rate, str) else rate,
        grade=grade,
    )


def _input_files(files: Namespace) -> list[Path]:
    weights = [folder / "model.safetensors" for folder in (files.start_model, files.base)]
    return [files.train, files.select, *weights, *files.history, *files.learning_rates]


def _write(files: Namespace, policy: Policy, result: CampaignResult, work: Work) -> None:
    curve, step = result.curve, result.selection.step
    link_folder(files.start_model, files.start)
    folders = {0: files.start}
    for place, at in (
        (files.end, curve.steps_run),
        (files.peak, curve.peak_step),
        (files.next, step),
    ):
        if at in folders:
            link_folder(folders[at], place)
            continue
        set_weights(policy, work.weights(at))
        policy.save(place, spec=files.spec)
        folders[at] = place
    write_parquet(result.tables["steps"], files.steps, spec=files.spec)
    write_parquet(result.tables["select"], files.monitor, spec=files.spec)
    write_parquet(result.tables["rollouts"], files.rollouts, spec=files.spec)
    earlier = [read_json(path) for path in files.history]
    write_json(decision_to_json(result, earlier), files.decision, spec=files.spec)


if __name__ == "__main__":
    main()
