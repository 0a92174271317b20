"""Draw the many samples a problem from which pass@k is estimated."""

from collections.abc import Sequence

from crest.config import PassAtKConfig, SamplingConfig
from crest.evaluate import evaluate, with_keys
from crest.jobs._arguments import parse
from crest.jobs._execution import execution
from crest.models import load_policy
from crest.seeds import generator
from crest.storage import write_parquet
from crest.tasks.bank import read_problems
from crest.tasks.deal import deal_evenly


def main(argv: Sequence[str] | None = None) -> None:
    """Run the job."""
    description = "Draw many samples a problem of one checkpoint."
    files = parse(argv, description, files=("report", "model", "samples"))
    with execution(files.spec) as (spec, grader):
        budget = PassAtKConfig.model_validate(spec["config"]["budget"])
        problems = deal_evenly(read_problems(files.report), generator(spec["split"]))
        counts = evaluate(
            load_policy(files.model),
            problems[: budget.num_problems],
            grader.grade,
            ("pass_at_k", spec["keys"]["method"], spec["keys"]["seed"]),
            num_generations=budget.num_generations,
            sampling=SamplingConfig.model_validate(spec["config"]["sampling"]),
        )
        write_parquet(with_keys(counts, spec["keys"]), files.samples, spec=files.spec)


if __name__ == "__main__":
    main()
