"""Draw the many samples a problem from which pass@k is estimated."""

from collections.abc import Sequence

from crest.config import EvaluationConfig, SamplingConfig
from crest.evaluate import evaluate
from crest.jobs._execution import execution
from crest.jobs._job import job
from crest.jobs._tables import with_keys
from crest.jobs._work import job_work
from crest.models.loading import load_policy
from crest.seeds import generator
from crest.storage import write_parquet
from crest.tasks.bank import read_problems
from crest.tasks.deal import deal_evenly
from crest.work import Kept


def main(argv: Sequence[str] | None = None) -> None:
    """Run the job."""
    description = "Draw many samples a problem of one checkpoint."
    frame = job(argv, description, inputs=("report", "model"), outputs=("samples",))
    with frame as this, execution(this) as grader:
        budget = EvaluationConfig.model_validate(this.config["budget"])
        keys = this.spec["keys"]
        problems = deal_evenly(read_problems(this.files.report), generator(this.spec["split"]))
        with Kept(job_work(this)) as kept:
            counts = evaluate(
                load_policy(this.files.model.parent),
                problems[: budget.num_problems],
                grader.grade,
                ("pass_at_k", keys["method"], keys["seed"]),
                num_generations=budget.num_generations,
                sampling=SamplingConfig.model_validate(this.config["sampling"]),
                kept=kept,
                place=f"{keys['method']}/seed{keys['seed']}",
            )
        write_parquet(with_keys(counts, keys), this.files.samples, stamp=this.stamp)


if __name__ == "__main__":
    main()
