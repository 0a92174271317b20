"""What happens to the project as a whole: results copied, files touched, rules reformatted."""

from tests.workflow.edits import Edit, append, clone, replace, rule, together, touch_tables
from tests.workflow.edits_code import BOOTSTRAP, EARLY_STOP, SUMMARISED

EDITS = (
    Edit("every table touched", touch_tables),
    Edit(
        "a reformatted rule",
        together(
            append("workflow/rules/tasks.smk", "\n# The end.\n"),
            replace(
                "workflow/rules/tasks.smk",
                '        "python -m crest.jobs.make_tasks --spec',
                '        "python  -m  crest.jobs.make_tasks --spec',
            ),
        ),
    ),
    Edit("a fresh clone with results copied in", clone),
    Edit(
        "a fresh clone with results copied in, then the bootstrap",
        together(clone, replace(BOOTSTRAP, "_DECIMALS = 12", "_DECIMALS = 11")),
        SUMMARISED,
    ),
    Edit(
        "a fresh clone with results copied in, then one controller",
        together(clone, replace(EARLY_STOP, "peak_step + options.margin,", "options.margin,")),
        rule("run_campaign", study={"collapse"}, method={"es"}),
    ),
)
