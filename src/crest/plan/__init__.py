"""The study as a graph: for every rule its spec, and the files that its jobs read.

The workflow's rules call nothing else of the package, so what a job depends on is decided here
and can be tested without Snakemake.
"""

from crest.plan.crossover import Trajectory
from crest.plan.files import Files
from crest.plan.specs import Plan
from crest.plan.studies import Chain, Study, pilot_methods
from crest.plan.tables import (
    CLAIMS,
    COLLECTED,
    COLLECTIONS,
    FIGURES,
    GRIDS,
    STATISTICS,
    collected_tables,
)

__all__ = [
    "CLAIMS",
    "COLLECTED",
    "COLLECTIONS",
    "FIGURES",
    "GRIDS",
    "STATISTICS",
    "Chain",
    "Files",
    "Plan",
    "Study",
    "Trajectory",
    "collected_tables",
    "pilot_methods",
]
