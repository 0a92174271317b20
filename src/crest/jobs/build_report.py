"""Build the report: one page that opens from disk."""

from collections.abc import Sequence

from crest.acceptances import read_acceptances
from crest.jobs._job import Job, job
from crest.report.inputs import ReportInputs, Table, read_chart, read_table
from crest.report.page import build_report
from crest.storage import read_json, write_text


def main(argv: Sequence[str] | None = None) -> None:
    """Run the job."""
    description = "Build the report from figures and tables."
    with job(
        argv,
        description,
        inputs=("learning-rates",),
        lists=("figures", "tables", "accepted"),
        outputs=("report",),
    ) as this:
        write_text(build_report(_read_inputs(this)), this.files.report)


def _read_inputs(job: Job) -> ReportInputs:
    files, config = job.files, job.config
    named = zip(job.spec["tables"], files.tables, strict=True)
    tables = {name: read_table(name, path, files.report) for name, path in named}
    return ReportInputs(
        tables=tables,
        charts=[read_chart(path, files.report) for path in files.figures],
        study=config["study"],
        arms=config["arms"],
        choice=read_json(files.learning_rates),
        spec=job.text,
        grader=_graders(tables["evaluation"]),
        statistics=config["statistics"],
        accepted=[each for path in files.accepted for each in read_acceptances(path)],
        commands=(
            "snakemake --cores all --use-conda",
            "crest explain RESULTS/claims.parquet",
            "crest verify RESULTS",
        ),
    )


def _graders(evaluation: Table) -> dict[str, str]:
    """Return what judged the programs, each kind of jail once."""
    kinds = evaluation.frame["grader"].unique().sort().to_list()
    return {"jail" if len(kinds) == 1 else f"jail {i + 1}": kind for i, kind in enumerate(kinds)}


if __name__ == "__main__":
    main()
