"""Edits after which the extended grid is planned."""

from tests.workflow.edits import Edit, either, replace, rule
from tests.workflow.edits_code import DOMAIN, GEMMA
from tests.workflow.study_graph import Study

EDITS = (
    Edit(
        "the architecture of a further model",
        replace(GEMMA, "output_norms=True", "output_norms=False"),
        rule("train_base", "run_campaign", "evaluate_chain", model={"organism_gemma3"}),
        extended=True,
    ),
    Edit(
        "the domain of the oracle",
        replace(DOMAIN, "if value not in drawn)", "if value not in drawn[:-1])"),
        rule("make_oracle"),
        extended=True,
    ),
    Edit(
        "no further models",
        replace("config.yaml", "models: [organism_gemma3]", "models: []"),
        either(rule("judge_claims"), rule("build_report")),
        study=Study(has_further_models=False),
        extended=True,
    ),
)
