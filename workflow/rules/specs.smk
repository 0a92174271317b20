"""The spec of each rule, from its wildcards alone, so that Snakemake tracks it."""


def get_base_spec(wildcards):
    """Return the spec of one base model."""
    return PLAN.train_base(int(wildcards.base_seed))


def get_campaign_spec(wildcards):
    """Return the spec of one campaign."""
    return PLAN.run_campaign(
        wildcards.study, wildcards.method, int(wildcards.seed), int(wildcards.campaign)
    )


def get_evaluation_spec(wildcards):
    """Return the spec of a chain's evaluation."""
    return PLAN.evaluate_chain(wildcards.study, wildcards.method, int(wildcards.seed))


def get_chain_samples_spec(wildcards):
    """Return the spec of the many samples of a chain's end."""
    return PLAN.sample_pass_at_k(wildcards.study, wildcards.method, int(wildcards.seed))


def get_base_samples_spec(wildcards):
    """Return the spec of the many samples of a base model."""
    return PLAN.sample_pass_at_k("base", "base", int(wildcards.base_seed))


def get_table_spec(wildcards):
    """Return the spec of one table over all arms and seeds."""
    return PLAN.collect_table(wildcards.table)


def get_statistic_spec(wildcards):
    """Return the spec of one table of results."""
    return PLAN.compute_statistic(wildcards.statistic)


def get_figure_spec(wildcards):
    """Return the spec of one figure."""
    return PLAN.draw_figure(wildcards.figure)
