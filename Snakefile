"""Table of contents of the study. Rules are in workflow/rules, settings in config.yaml."""

from snakemake.utils import min_version

min_version("9.27")


configfile: "config.yaml"


report: "workflow/report/workflow.rst"


include: "workflow/rules/common.smk"


pathvars:
    results=STUDY.results,
    logs=f"{STUDY.results}/logs",
    benchmarks=f"{STUDY.results}/benchmarks",
    records=f"{STUDY.results}/records",


include: "workflow/rules/specs.smk"
include: "workflow/rules/tasks.smk"
include: "workflow/rules/models.smk"
include: "workflow/rules/campaigns.smk"
include: "workflow/rules/evaluation.smk"
include: "workflow/rules/crossover.smk"
include: "workflow/rules/audit.smk"
include: "workflow/rules/referee.smk"
include: "workflow/rules/statistics.smk"
include: "workflow/rules/figures.smk"
include: "workflow/rules/report.smk"


rule all:
    default_target: True
    input:
        f"{STUDY.results}/report.html",


rule extended:
    input:
        f"{STUDY.results}/extended/report.html",
