"""Draw one figure: chart, pictures and the data behind them."""

from collections.abc import Sequence

from crest.figures._save import save_figure
from crest.jobs._job import job
from crest.jobs._tables import read_tables
from crest.registry import Registry

FIGURES = Registry("crest.figures")


def main(argv: Sequence[str] | None = None) -> None:
    """Run the job."""
    description = "Draw one figure from its tables."
    outputs = ("chart", "svg", "png", "data")
    with job(argv, description, lists=("tables",), outputs=outputs) as this:
        (name,) = this.spec["choices"][FIGURES.package]
        save_figure(
            name,
            FIGURES[name],
            read_tables(this.spec, this.files.tables),
            this.files.chart.parent,
            arms=dict(this.config["arms"]),
            stamp=this.stamp,
        )


if __name__ == "__main__":
    main()
