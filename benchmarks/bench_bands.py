"""Tables of the crossover study at full size, and their bootstrap against one number at a time.

Usage: python benchmarks/bench_bands.py

21 checkpoints on 400 tasks, six split seeds, 10 000 resamples. CPU seconds in one process; the last
line compares the bands of one bank with scipy's bootstrap number by number, as the other tables'.
"""

import sys
import time
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from tests.synthetic.crossover import MAIN, CrossoverDesign, make_crossover_tables

from crest.registry import Registry
from crest.statistics.bands import summaries
from crest.statistics.bootstrap import bootstrap_interval
from crest.statistics.checkpoints import checkpoints
from crest.statistics.resampling import Resampling
from crest.statistics.settings import Settings

STATISTICS = Registry("crest.statistics.tables")
KS = (1, 2, 4, 8, 16, 32, 64, 128)
GIVEN = {"confidence_level": 0.95, "num_resamples": 10_000, "seed": 0}
SETTINGS = Settings({**GIVEN, "crossover_ks": KS, "pick_budget": 8, "recipe": MAIN})
WHOLE = CrossoverDesign(
    recipes=(MAIN,),
    rounds=5,
    num_tasks=200,
    num_samples=256,
    critic_tasks=(300, 600, 1200, 2400),
)


def main() -> None:
    """Print the CPU seconds of each table, and of one bank's bands both ways."""
    tables = make_crossover_tables(WHOLE)
    for name in STATISTICS.names():
        if all(table in tables for table in STATISTICS.literal(name, "TABLES")):
            rows, seconds = timed(lambda name=name: STATISTICS[name].compute(tables, SETTINGS))
            print(f"{name:20} {seconds:6.2f} s CPU, {len(rows)} rows")
    gain = next(each.gain for each in checkpoints(tables["crossover/samples"], KS) if each.round)
    _, together = timed(lambda: summaries(gain, Resampling(), "bench"))
    _, alone = timed(lambda: [one_number(gain.values[..., at]) for at in range(len(KS))])
    print(f"\n{len(KS)} bands together {together:.2f} s CPU, one by one {alone:.2f} s")


def timed(work: Callable[[], list[object]]) -> tuple[list[object], float]:
    """Return a result and the CPU seconds that it took."""
    start = time.process_time()
    result = work()
    return result, time.process_time() - start


def one_number(values: object) -> object:
    """Return the interval of one mean over seeds and problems, as the other tables make it."""
    resampling = Resampling()
    return bootstrap_interval(
        values,
        rng=resampling.generator("bench"),
        confidence_level=resampling.confidence_level,
        num_resamples=resampling.num_resamples,
    )


if __name__ == "__main__":
    main()
