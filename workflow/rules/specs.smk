"""The spec of each rule, from its wildcards alone, so that Snakemake tracks it."""


def get_base_spec(wildcards):
    """Return the spec of one base model."""
    return PLAN.train_base(wildcards.model, int(wildcards.base_seed))


def get_campaign_spec(wildcards):
    """Return the spec of one campaign."""
    return PLAN.run_campaign(get_chain(wildcards), int(wildcards.campaign))


def get_evaluation_spec(wildcards):
    """Return the spec of a chain's evaluation."""
    return PLAN.evaluate_chain(get_chain(wildcards))


def get_chain_samples_spec(wildcards):
    """Return the spec of the many samples of a chain's end."""
    return PLAN.sample_pass_at_k(get_chain(wildcards))


def get_base_samples_spec(wildcards):
    """Return the spec of the many samples of a base model."""
    return PLAN.sample_base_pass_at_k(wildcards.model, int(wildcards.base_seed))


def get_repeats_spec(wildcards):
    """Return the spec of a chain's repeated evaluation."""
    return PLAN.repeat_evaluations(get_chain(wildcards))


def get_pools_spec(wildcards):
    """Return the spec of a chain's evaluation on the pools that it trained on."""
    return PLAN.evaluate_pools(get_chain(wildcards))


def get_stationarity_spec(wildcards):
    """Return the spec of a frozen policy's rewards along a chain's pools."""
    return PLAN.measure_stationarity(wildcards.model, int(wildcards.seed))


def get_labels_spec(wildcards):
    """Return the spec of the comparison of a chain's rewards with exact labels."""
    return PLAN.compare_labels(get_chain(wildcards))


def get_oracle_spec(wildcards):
    """Return the spec of the problems under tests of their whole input domain."""
    return PLAN.make_oracle()


def get_simulations_spec(wildcards):
    """Return the spec of simulated chains with known truth."""
    return PLAN.simulate_gate()


def get_choice_spec(wildcards):
    """Return the spec of the pilot's rule on one model."""
    return PLAN.choose_learning_rates(wildcards.model)


def get_table_spec(wildcards):
    """Return the spec of one table over all arms and seeds."""
    return PLAN.collect_table(wildcards.collection, wildcards.table)


def get_decisions_spec(wildcards):
    """Return the spec of the table of decisions."""
    return PLAN.collect_table(wildcards.collection, "decisions")


def get_statistic_spec(wildcards):
    """Return the spec of one table of results."""
    return PLAN.compute_statistic(wildcards.statistic, get_grid(wildcards))


def get_claims_spec(wildcards):
    """Return the spec of a grid's claims."""
    return PLAN.judge_claims(get_grid(wildcards))


def get_figure_spec(wildcards):
    """Return the spec of one figure."""
    return PLAN.draw_figure(wildcards.figure, get_grid(wildcards))


def get_report_spec(wildcards):
    """Return the spec of a grid's report."""
    return PLAN.build_report(get_grid(wildcards))


def get_banks_spec(wildcards):
    """Return the spec of the crossover study's banks."""
    return PLAN.crossover.make_banks()


def get_pool_spec(wildcards):
    """Return the spec of one pool of tasks."""
    return PLAN.crossover.make_pool(wildcards.pool)


def get_generator_spec(wildcards):
    """Return the spec of one generator."""
    return PLAN.crossover.train_generator(int(wildcards.base_seed))


def get_generator_samples_spec(wildcards):
    """Return the spec of the many samples of a generator on the banks."""
    return PLAN.crossover.sample_base(int(wildcards.base_seed))


def get_round_spec(wildcards):
    """Return the spec of one round of self-training."""
    return PLAN.crossover.run_round(get_trajectory(wildcards), int(wildcards.round))


def get_round_samples_spec(wildcards):
    """Return the spec of the many samples of a round's model on the banks."""
    return PLAN.crossover.sample_round(get_trajectory(wildcards), int(wildcards.round))


def get_candidates_spec(wildcards):
    """Return the spec of the candidates of a split seed."""
    return PLAN.crossover.draw_candidates(int(wildcards.seed))


def get_critic_spec(wildcards):
    """Return the spec of one critic."""
    return PLAN.crossover.train_critic(int(wildcards.seed), int(wildcards.num_tasks))


def get_picks_spec(wildcards):
    """Return the spec of what the selectors pick."""
    return PLAN.crossover.pick_candidates(int(wildcards.seed))
