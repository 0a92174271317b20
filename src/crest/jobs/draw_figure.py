"""Draw one figure: chart, pictures and the data behind them."""

from collections.abc import Sequence

from crest.figures._save import save_figure
from crest.jobs._arguments import parse
from crest.jobs._tables import read_tables
from crest.registry import Registry
from crest.spec import check_code

FIGURES = Registry("crest.figures")


def main(argv: Sequence[str] | None = None) -> None:
    """Run the job."""
    description = "Draw one figure from its tables."
    files = parse(argv, description, files=("chart", "svg", "png", "data"), lists=("tables",))
    spec = check_code(files.spec)
    (name,) = spec["choices"][FIGURES.package]
    save_figure(
        name,
        FIGURES[name],
        read_tables(spec, files.tables),
        files.chart.parent,
        arms=dict(spec["config"]["arms"]),
        spec=files.spec,
    )


if __name__ == "__main__":
    main()
