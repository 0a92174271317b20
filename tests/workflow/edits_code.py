"""Edits of the code, from a comment to a file that moves."""

from tests.workflow.crossover_graph import STATISTICS as CROSSOVER_STATISTICS
from tests.workflow.edits import Edit, append, either, look, move, replace, rule, run, together

BOOTSTRAP = "src/crest/statistics/bootstrap.py"
CHAIN = "src/crest/figures/_chain.py"
PANELS = "src/crest/figures/_panels.py"
EARLY_STOP = "src/crest/control/early_stop.py"
CAMPAIGN = "src/crest/campaigns/run.py"
CHILD = "src/crest/grading/inside/program.py"
LOSSES = "src/crest/learning/losses.py"
GEMMA = "src/crest/models/organism/architectures/gemma3.py"
DOMAIN = "src/crest/tasks/code/domain.py"
FLIPS = "src/crest/statistics/tables/flips.py"

SUMMARISED = rule(
    "compute_statistic",
    statistic={
        *("arms", "capability", "comparisons", "evaluation_noise", "forgetting", "gaps"),
        *("pass_at_k", "pool_stationarity"),
    },
)
"""Statistics with bootstrap intervals."""

OF_CROSSOVER = rule("compute_statistic", statistic=set(CROSSOVER_STATISTICS))
"""Statistics of the crossover study, all of which draw."""

TRAINING = rule("run_campaign")
FITTING = rule("run_campaign", "run_round", "train_critic")
"""Jobs that take gradient steps, but for pretraining."""

SAMPLING_CODE = rule(
    *("run_campaign", "evaluate_chain", "sample_pass_at_k", "sample_base_pass_at_k"),
    *("repeat_evaluations", "evaluate_pools", "measure_stationarity"),
)
SAMPLING = either(
    SAMPLING_CODE,
    rule("run_round", "sample_banks", "sample_banks_by_base", "draw_candidates"),
)
GRADING = either(SAMPLING_CODE, rule("audit_grader"))
PANELLED = rule(
    "draw_figure",
    figure={"campaign_shape", "chain_curves", "entropy_and_diversity", "pass_at_k"},
)
"""Figures of several panels whose width is computed."""

SAMPLERS = (
    *("src/crest/campaigns/step.py", "src/crest/learning/kept_samples.py"),
    "src/crest/learning/fisher.py",
)
"""Files that import the sampler."""

UNUSED = """

def unused(number: int) -> int:
    return 2 * number
"""
AIRY = """\
    return Interval(
        float(low),

        float(high),
        method,
    )
"""
NARROW = "    return Interval(float(low), float(high), method)\n"
RENAMED = """\
    lower, high = result.confidence_interval
    return Interval(float(lower), float(high), method)
"""

WITHOUT_EFFECT = (
    Edit(
        "comments in four files",
        together(
            replace(BOOTSTRAP, "\ndef _interval", "\n# A comment.\ndef _interval"),
            replace(
                EARLY_STOP, "    return select_peak(curve)", "    return select_peak(curve)  # so"
            ),
            append(CAMPAIGN, "\n# The end.\n"),
            append(CHILD, "\n# The end.\n"),
        ),
    ),
    Edit(
        "docstrings of a module, a class and functions",
        together(
            replace(
                BOOTSTRAP, '"""The one interval of every', '"""Really the one interval of every'
            ),
            replace(BOOTSTRAP, '"""A confidence interval and', '"""An interval and'),
            replace(BOOTSTRAP, '"""Return the mean of the last axis."""', '"""Mean."""'),
            replace(CHILD, '"""Return an empty `__main__`, as', '"""Return `__main__`, as'),
        ),
    ),
    Edit(
        "formatting: quotes, line breaks, brackets",
        together(
            replace(BOOTSTRAP, 'Interval(None, None, "none")', "Interval(None, None, 'none')"),
            replace(BOOTSTRAP, NARROW, AIRY),
            replace(
                EARLY_STOP,
                "    return select_peak(curve)",
                "    return (\n        select_peak( curve )\n    )",
            ),
        ),
    ),
    Edit("an unused function", together(append(BOOTSTRAP, UNUSED), append(CAMPAIGN, UNUSED))),
    Edit(
        "a function that no job uses",
        replace("src/crest/statistics/robust.py", "reshape(-1, 1) >", "reshape(-1, 1) >="),
    ),
    Edit(
        "a controller of no arm of the study",
        replace("src/crest/control/patience.py", "num_steps=max_steps,", "num_steps=1,"),
    ),
    Edit(
        "the loss of no arm of the study",
        replace(LOSSES, "ratio < 1.0 - epsilon", "ratio <= 1.0 - epsilon"),
    ),
    Edit(
        "a penalty of no arm of the study",
        replace("src/crest/learning/penalties/ewc.py", "return 0.5 * total", "return total"),
    ),
    Edit(
        "the architecture of no model of the grid",
        replace(GEMMA, "output_norms=True", "output_norms=False"),
    ),
    Edit(
        "the oracle, which no arm of the grid asks",
        replace(DOMAIN, "if value not in drawn)", "if value not in drawn[:-1])"),
    ),
    Edit(
        "an edit, looked at and undone",
        together(
            replace(BOOTSTRAP, "_DECIMALS = 12", "_DECIMALS = 11"),
            look,
            replace(BOOTSTRAP, "_DECIMALS = 11", "_DECIMALS = 12"),
        ),
    ),
    Edit(
        "a file moved to another module, importers updated",
        together(
            move("src/crest/statistics/holm.py", "src/crest/statistics/step_down.py"),
            *(
                replace(
                    f"src/crest/statistics/tables/{name}.py",
                    "crest.statistics.holm import",
                    "crest.statistics.step_down import",
                )
                for name in ("comparisons", "selection_gains")
            ),
            move("src/crest/learning/sampling.py", "src/crest/learning/rollouts.py"),
            *(
                replace(path, "crest.learning.sampling import", "crest.learning.rollouts import")
                for path in SAMPLERS
            ),
        ),
    ),
)

WITH_EFFECT = (
    Edit(
        "a renamed local variable",
        replace(BOOTSTRAP, f"    low, high = result.confidence_interval\n{NARROW}", RENAMED),
        SUMMARISED,
    ),
    Edit(
        "a helper of one figure",
        replace(CHAIN, '(pl.col("step") == 0)', '(pl.col("step") < 1)'),
        rule("draw_figure", figure={"chain_curves"}),
    ),
    Edit(
        "the bootstrap",
        replace(BOOTSTRAP, "whole = values.mean(axis=1)", "whole = values.mean(axis=-1)"),
        SUMMARISED,
    ),
    Edit(
        "pass@k",
        replace("src/crest/statistics/pass_at_k.py", "np.arange(k)", "np.arange(0, k)"),
        rule(
            "compute_statistic",
            statistic={
                *("pass_at_k", "crossing", "crossover_pass_at_k", "gained_and_lost"),
                *("recipes", "star_rounds"),
            },
        ),
    ),
    Edit(
        "one controller",
        replace(EARLY_STOP, "min(peak_step + options.margin, max_steps)", "options.margin"),
        rule("run_campaign", study={"collapse"}, method={"es"}),
    ),
    Edit(
        "the transfer gate of controllers of no arm, which are simulated all the same",
        replace("src/crest/control/_gate.py", "if ratio >= reuse_ratio", "if ratio > reuse_ratio"),
        rule("simulate_gate"),
    ),
    Edit(
        "one loss",
        replace(LOSSES, "-inputs.advantages[:, None] * inputs.log_probs", "-inputs.log_probs"),
        TRAINING,
    ),
    Edit(
        "the sampler",
        replace("src/crest/learning/sampling.py", "range(num_gen", "range(0, num_gen"),
        SAMPLING,
    ),
    Edit(
        "the sampler's decoding",
        replace("src/crest/models/organism/decode.py", "KEEP_SHARE = 0.9", "KEEP_SHARE = 0.8"),
        SAMPLING,
        errs=rule("train_base", "train_generator", "train_critic"),
        why="these save a policy; a class is one piece, and this one also decodes",
    ),
    Edit(
        "the grader's child",
        replace(CHILD, "else TOO_LONG\n", "else NOT_PLAIN\n"),
        GRADING,
    ),
    Edit(
        "how problems are dealt out",
        replace("src/crest/tasks/deal.py", 'kind="stable"', 'kind="mergesort"'),
        SAMPLING_CODE,
    ),
    Edit(
        "a module-level constant of the figures",
        replace(CHAIN, '"gradient steps run', '"steps run'),
        rule("draw_figure", figure={"chain_curves", "entropy_and_diversity"}),
    ),
    Edit(
        "a module-level constant of the statistics",
        replace(BOOTSTRAP, "_DECIMALS = 12", "_DECIMALS = 11"),
        SUMMARISED,
    ),
    Edit(
        "a decorator",
        replace("src/crest/learning/optimiser.py", "@torch.no_grad()", "@torch.inference_mode()"),
        FITTING,
    ),
    Edit(
        "a default argument",
        replace(PANELS, "total: int = WIDE)", "total: int = WIDE - 2)"),
        PANELLED,
    ),
    Edit(
        "a method of a class",
        replace(
            "src/crest/statistics/resampling.py",
            'seeds.generator("statistics", self.seed, *names)',
            'seeds.generator("tables", self.seed, *names)',
        ),
        either(SUMMARISED, OF_CROSSOVER),
        errs=rule("compute_statistic"),
        why="a class is one piece: who holds its instances may call any method",
    ),
    Edit(
        "a statistic reached through a registry",
        replace(
            "src/crest/statistics/tables/capability.py",
            'families = chains.select("family", "level").unique()',
            'families = chains.select("family", "level").unique(keep="any")',
        ),
        rule("compute_statistic", statistic={"capability"}),
    ),
    Edit(
        "an import of an entry of a registry",
        replace(
            "src/crest/control/_peak.py", "if curve.peak_step == 0:", "if not curve.peak_step:"
        ),
        rule("run_campaign", study={"collapse"}, method={"es"}),
    ),
    Edit(
        "an unused function in an entry of a registry",
        append(EARLY_STOP, UNUSED),
        errs=rule("run_campaign", study={"collapse"}, method={"es"}),
        why="an entry is reached by its name, so all of its module counts",
    ),
    Edit(
        "a function reached through an alias import",
        together(
            replace(
                FLIPS,
                "from crest.statistics.binomial import upper_bound\n",
                "import crest.statistics.binomial as chances\n",
            ),
            replace(FLIPS, "upper_bound(row", "chances.upper_bound(row"),
            run,
            replace(
                "src/crest/statistics/binomial.py",
                "if num_events == num_trials:",
                "if num_events >= num_trials:",
            ),
        ),
        rule("compute_statistic", statistic={"flips", "gate_errors"}),
    ),
    Edit(
        "the rule of a claim",
        replace(
            "src/crest/statistics/claims/a7_grpo.py",
            '"grpo", "naive", "end_',
            '"grpo", "es", "end_',
        ),
        rule("judge_claims"),
    ),
    Edit(
        "the report's template, style and script",
        together(
            replace("src/crest/report/page.html", '<html lang="en">', '<html lang="en-GB">'),
            append("src/crest/report/style.css", "\nmain { margin: 0 }\n"),
            append("src/crest/report/charts.js", "\n// The end.\n"),
        ),
        rule("build_report"),
    ),
)

EDITS = (*WITHOUT_EFFECT, *WITH_EFFECT)
