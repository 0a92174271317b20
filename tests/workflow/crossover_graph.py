"""Which job of the smoke study's crossover part reads which, written by hand."""

from collections.abc import Iterator

from tests.workflow.project import Job

STATISTICS = {
    "critic_calibration": ("crossover/scores",),
    "critic_curve": ("crossover/picks",),
    "crossing": ("crossover/samples",),
    "crossover_pass_at_k": ("crossover/samples",),
    "gained_and_lost": ("crossover/samples",),
    "recipes": ("crossover/samples",),
    "selection": ("crossover/picks",),
    "selection_gains": ("crossover/picks",),
    "star_rounds": ("crossover/samples", "crossover/harvest"),
}
FIGURES = {
    "critic_calibration": ("critic_calibration",),
    "critic_curve": ("critic_curve",),
    "crossing": ("crossing",),
    "gained_and_lost": ("gained_and_lost",),
    "pass_at_k_crossover": ("crossover_pass_at_k", "crossing"),
    "selection": ("selection",),
    "star_rounds": ("star_rounds",),
}
CLAIMS = ("crossing", "crossover_pass_at_k", "selection_gains", "star_rounds")
REPORTED = ("crossover/disjoint",)
COLLECTED = ("samples", "harvest", "picks", "scores", "disjoint")

SPLITS, CRITICS, ROUNDS = (0, 1), (16, 32), (1, 2)
STANDARD = (("standard", 0), ("standard", 1))
FURTHER = (("keep_4", 0),)
"""Recipe and seed of the trajectories, and of those that the extended grid adds."""

BANKS = Job.of("make_banks")
GENERATOR = Job.of("train_generator", base_seed=0)
BASE_SAMPLES = Job.of("sample_banks_by_base", base_seed=0)
POOLS = {
    name: Job.of("make_pool", pool=name)
    for name in (*("trajectory0", "trajectory1", "split0", "split1"),)
}


def turn(recipe: str, seed: int, number: int) -> Job:
    """Return the job of a round."""
    return Job.of("run_round", recipe=recipe, seed=seed, round=number)


def turn_samples(recipe: str, seed: int, number: int) -> Job:
    """Return the job that samples a round's model."""
    return Job.of("sample_banks", recipe=recipe, seed=seed, round=number)


def candidates(seed: int) -> Job:
    """Return the job that draws the candidates of a split seed."""
    return Job.of("draw_candidates", seed=seed)


def critic(seed: int, num_tasks: int) -> Job:
    """Return the job that trains a critic."""
    return Job.of("train_critic", seed=seed, num_tasks=num_tasks)


def picks(seed: int) -> Job:
    """Return the job that picks candidates."""
    return Job.of("pick_candidates", seed=seed)


def trajectories(folder: str) -> tuple[tuple[str, int], ...]:
    """Return the trajectories of a grid."""
    return (*STANDARD, *FURTHER) if folder else STANDARD


def reads(folder: str) -> Iterator[tuple[Job, set[Job]]]:
    """Yield what the collected tables of a grid are made of, each with what it reads."""
    yield BANKS, set()
    yield GENERATOR, {BANKS}
    yield BASE_SAMPLES, {BANKS, GENERATOR}
    for pool in POOLS.values():
        yield pool, {BANKS}
    for recipe, seed in trajectories(folder):
        yield turn(recipe, seed, 1), {POOLS[f"trajectory{seed}"], GENERATOR}
        yield turn(recipe, seed, 2), {POOLS[f"trajectory{seed}"], turn(recipe, seed, 1)}
        for number in ROUNDS:
            yield turn_samples(recipe, seed, number), {BANKS, turn(recipe, seed, number)}
    for seed in SPLITS:
        pool = POOLS[f"split{seed}"]
        yield candidates(seed), {pool, BANKS, GENERATOR}
        for num_tasks in CRITICS:
            yield critic(seed, num_tasks), {pool, candidates(seed), GENERATOR}
        critics = {critic(seed, num_tasks) for num_tasks in CRITICS}
        yield picks(seed), {BANKS, candidates(seed), *critics}


def parts(table: str, folder: str) -> set[Job]:
    """Return the jobs that make the parts of a collected table of a grid."""
    rounds = [(*each, number) for each in trajectories(folder) for number in ROUNDS]
    return {
        "samples": {BASE_SAMPLES, *(turn_samples(*each) for each in rounds)},
        "harvest": {turn(*each) for each in rounds},
        "picks": set(map(picks, SPLITS)),
        "scores": set(map(picks, SPLITS)),
        "disjoint": {GENERATOR, *POOLS.values()},
    }[table]
