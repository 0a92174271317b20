"""Every kind of arm, as entries of a configuration: objectives and penalties by controllers."""

from itertools import product
from typing import Any

from crest.tasks.code.families import FAMILIES

LEARNING: dict[str, dict[str, Any]] = {
    "reinforce": {"objective": {"kind": "reinforce"}},
    "held": {  # looks at another model at every step
        "objective": {"kind": "reinforce"},
        "penalty": {"kind": "kl", "reference": "base"},
    },
    "moving": {  # both remember earlier steps
        "objective": {"kind": "reinforce", "baseline": "moving_average"},
        "penalty": {"kind": "adaptive_kl"},
    },
    "grpo": {  # samples from the campaign's start
        "objective": {"kind": "grpo", "num_iterations": 2},
        "penalty": {"kind": "ewc"},
    },
}
CONTROLLERS: dict[str, dict[str, Any]] = {
    "fixed": {"kind": "fixed"},
    "early_stop": {"kind": "early_stop", "margin": 2},
    "patience": {"kind": "patience", "patience": 2},
    "random_step": {"kind": "random_step"},
    "care": {"kind": "care"},
    "care_early_stop": {"kind": "care_early_stop", "margin": 2},
    "care_v1": {"kind": "care_v1"},
    "care_vector": {"kind": "care_vector"},
    "gate": {"kind": "gate"},
    "memory": {"kind": "memory", "max_regression": 0.0},  # rejects, and takes no step
}
PAIRS = (
    *product(("reinforce", "moving", "grpo"), ("fixed", "early_stop", "patience", "random_step")),
    *(("held", "fixed"), ("held", "care"), ("reinforce", "memory"), ("grpo", "gate")),
    *(("moving", "care_early_stop"), ("reinforce", "care_v1"), ("grpo", "care_vector")),
)
PILOTED = "reinforce_random_step"
"""The arm whose learning rate the pilot chooses."""

ARMS = {
    f"{learning}_{controller}": {
        "label": f"{learning} {controller}",
        **LEARNING[learning],
        "controller": CONTROLLERS[controller],
        "learning_rate": 0.002,
    }
    for learning, controller in PAIRS
}
ARMS[PILOTED]["learning_rate"] = "collapsing"

REFEREED = "grpo_early_stop"
"""The arm whose chain is evaluated again and on its pools."""

MODEL = "organism"

EASY = ("map_reduce", "filter_reduce")
"""Families of which a model that was trained for a second solves some problems, so that rewards
differ and steps move the weights."""

FAULTS = (
    *("wrong_primitive_min", "wrong_primitive_max", "print_for_return", "no_return"),
    *("wrong_variable", "dropped_step", "syntax_error"),
)

OVERLAY: dict[str, Any] = {
    "results": "results",
    "study": {
        "arms": list(ARMS),
        "reference_arm": "reinforce_fixed",
        "seeds": [0],
        "campaigns": 2,
        "max_steps": 4,
    },
    "tasks": {
        "train": 24,
        "select": 16,
        "report": 16,
        "family_weights": dict.fromkeys(FAMILIES, 0.02) | dict.fromkeys(EASY, 0.44),
    },
    "models": {
        MODEL: {
            "base_seeds": [0],
            "shape": {
                "hidden_size": 64,
                "intermediate_size": 128,
                "num_hidden_layers": 1,
                "num_attention_heads": 2,
                "num_key_value_heads": 1,
            },
            "corpus": {"num_pairs": 3000, **dict.fromkeys(FAULTS, 0.02)},
            "pretraining": {"batch_size": 16},
        },
    },
    "training": {
        "problems_per_campaign": 6,
        "prompts_per_step": 3,
        "num_generations": 4,
        "warmup_steps": 2,
        "micro_batch_size": 5,
    },
    "monitor": {"num_problems": 4, "num_generations": 3, "kl_completions": 5},
    "evaluation": {"num_problems": 8, "num_generations": 2},
    "pass_at_k": {"num_problems": 8, "num_generations": 8, "ks": [1, 2, 4]},
    "pilot": {
        "arm": PILOTED,
        "learning_rates": [0.002],
        "seeds": [1000],
        "campaigns": 1,
        "min_rise": 0.0,
    },
    "referee": {
        "arms": [REFEREED],
        "repeats": 2,
        "repeat_problems": 8,
        "pool_problems": 4,
        "simulated_chains": 1,
    },
    "regime": {"prompts_per_step": [3]},
    "audit": {"num_programs": 4, "repeats": 2, "oversubscription": 1},
    "statistics": {"num_resamples": 200},
    "arms": ARMS,
}
