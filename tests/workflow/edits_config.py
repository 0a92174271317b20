"""Edits of the configuration and of the libraries."""

from importlib.metadata import version

from tests.workflow import crossover_graph
from tests.workflow.edits import Edit, append, either, install, replace, rule, together
from tests.workflow.edits_code import GRADING, OF_CROSSOVER, SUMMARISED, TRAINING
from tests.workflow.project import PRESET
from tests.workflow.study_graph import Study

CONFIG = "config.yaml"
NEW_CONTROLLER = '''"""A controller that no arm names."""

from crest.control.fixed import Options, plan, select

RESTARTS = False

__all__ = ["RESTARTS", "Options", "plan", "select"]
'''
REPORT = rule("build_report")
TORCH = version("torch").partition("+")[0]

EDITS = (
    Edit(
        "comments in the configuration and the preset",
        together(append(CONFIG, "# The end.\n"), append(PRESET, "# The end.\n")),
    ),
    Edit(
        "layout of the preset",
        replace(PRESET, "\n  seeds: [0, 1]\n", "\n  seeds:\n    - 0\n    - 1\n"),
    ),
    Edit(
        "a value of an arm that is not in the study",
        together(
            replace(
                CONFIG, "controller: {kind: patience, patience: 3}", "controller: {kind: fixed}"
            ),
            replace(CONFIG, "label: naive, healthy rate", "label: healthy"),
        ),
    ),
    Edit(
        "a new file of a controller and a new arm, not in the study",
        together(
            append("src/crest/control/lazy.py", NEW_CONTROLLER),
            replace(
                CONFIG,
                "\nreferee: # what",
                "  lazy:\n    label: lazy\n    objective: {kind: reinforce}\n"
                "    controller: {kind: lazy}\n    learning_rate: healthy\n\nreferee: # what",
            ),
        ),
    ),
    Edit(
        "a value of one arm",
        replace(
            CONFIG,
            "    label: early stopping\n    objective: {kind: reinforce}\n"
            "    controller: {kind: early_stop, margin: 3}",
            "    label: early stopping\n    objective: {kind: reinforce}\n"
            "    controller: {kind: early_stop, margin: 2}",
        ),
        either(rule("run_campaign", study={"collapse"}, method={"es"}), REPORT),
    ),
    Edit(
        "the label of one arm",
        replace(CONFIG, "label: early stopping", "label: stopped early"),
        either(rule("draw_figure"), REPORT),
    ),
    Edit(
        "two swapped values: a budget of evaluation",
        replace(
            PRESET,
            "evaluation:\n  num_problems: 16\n  num_generations: 2\n",
            "evaluation:\n  num_problems: 2\n  num_generations: 16\n",
        ),
        rule("evaluate_chain"),
    ),
    Edit(
        "two swapped values: the decays of Adam",
        together(
            replace(CONFIG, "adam_beta1: 0.9 ", "adam_beta1: 0.999 "),
            replace(CONFIG, "adam_beta2: 0.999 ", "adam_beta2: 0.9 "),
        ),
        TRAINING,
    ),
    Edit(
        "two swapped values: shares of faults in the corpus",
        together(
            replace(CONFIG, "no_return: 0.12", "no_return: 0.08"),
            replace(CONFIG, "wrong_variable: 0.08", "wrong_variable: 0.12"),
        ),
        rule("train_base"),
    ),
    Edit(
        "a key of the audit alone",
        replace(PRESET, "num_programs: 20\n  repeats: 2", "num_programs: 20\n  repeats: 3"),
        rule("audit_grader"),
    ),
    Edit(
        "two keys of the referee",
        together(
            replace(PRESET, "repeat_problems: 8", "repeat_problems: 9"),
            replace(PRESET, "pool_problems: 8", "pool_problems: 9"),
        ),
        rule("repeat_evaluations", "evaluate_pools"),
    ),
    Edit(
        "keys of the extended grid and of the oracle",
        together(
            replace(PRESET, "arms: [oracle]", "arms: []"),
            replace(PRESET, "  max_steps: 4", "  max_steps: 5"),
            replace(CONFIG, "longest_short: 3", "longest_short: 2"),
        ),
    ),
    Edit(
        "a key of the pilot's rule alone",
        replace(PRESET, "min_rise: 0.0 ", "min_rise: 0.01 "),
        rule("choose_learning_rates"),
    ),
    Edit(
        "a limit of the grader",
        replace(CONFIG, "memory_mib: 384", "memory_mib: 385"),
        GRADING,
    ),
    Edit(
        "the number of resamples",
        replace(PRESET, "num_resamples: 500", "num_resamples: 501"),
        either(SUMMARISED, OF_CROSSOVER, REPORT),
    ),
    Edit(
        "the gap from which a campaign counts as collapsed",
        replace(CONFIG, "collapse_gap: 0.2 ", "collapse_gap: 0.25 "),
        either(rule("compute_statistic", statistic={"campaigns"}), REPORT),
    ),
    Edit(
        "the budgets k of pass@k",
        replace(PRESET, "ks: [1, 2, 4, 8]", "ks: [1, 2, 4]"),
        rule("compute_statistic", statistic={"pass_at_k"}),
    ),
    Edit(
        "the name of the study",
        replace(CONFIG, "name: collapse # name", "name: decline # name"),
        REPORT,
    ),
    Edit(
        "one seed more",
        replace(PRESET, "\n  seeds: [0, 1]\n", "\n  seeds: [0, 1, 2]\n"),
        either(
            lambda job: job["seed"] == "2",
            rule("collect_table", "collect_decisions", collection={"collapse"}),
            REPORT,
        ),
        study=Study(seeds=(0, 1, 2)),
    ),
    Edit(
        "the version of scipy",
        install("scipy", "99.0"),
        rule(
            "compute_statistic",
            statistic={
                *("arms", "campaigns", "capability", "comparisons", "evaluation_noise", "flips"),
                *("forgetting", "gaps", "gate_errors", "pass_at_k", "pool_stationarity", "power"),
                *(set(crossover_graph.STATISTICS) - {"crossing"}),
            },
        ),
    ),
    Edit(
        "the version of altair",
        install("altair", "99.0"),
        rule("draw_figure"),
    ),
    Edit("the build of torch", install("torch", f"{TORCH}+cu999")),
)
