"""The crossover study's part of a folder of results, with tiny files in place of real ones."""

from crest.checksums import SUMS


class CrossoverTree:
    """Writes the results of the crossover study as its jobs would, by a `StudyTree`."""

    def __init__(self, tree, grid):
        self.tree = tree
        self.plan = tree.plan.crossover
        self.files = tree.plan.files.crossover
        self.grid = grid
        self.banks = {"easy": [self.files.banks()[0]], "hard": [self.files.banks()[1]]}

    def build(self):
        """Write all that the collected tables of the grid are made of."""
        outputs = {bank: paths[0] for bank, paths in self.banks.items()}
        self.tree.job("make_banks", self.plan.make_banks(), {}, outputs)
        for pool in self.files.pools():
            self.pool(pool)
        for seed in self.files.config.generator.base_seeds:
            self.base(seed)
        for trajectory in self.files.trajectories(self.grid):
            for number in range(1, self.files.config.rounds + 1):
                self.round(trajectory, number)
        for seed in self.files.config.selection.split_seeds:
            self.split(seed)

    def pool(self, pool):
        folder = f"crossover/pools/{pool}"
        outputs = {"pool": f"{folder}/tasks.parquet", "disjoint": f"{folder}/disjoint.parquet"}
        self.tree.job(f"make_pool/{pool}", self.plan.make_pool(pool), self.banks, outputs)

    def base(self, seed):
        folder, model = f"crossover/base/seed{seed}", self.files.base_model(seed)
        outputs = {"model": model, "disjoint": f"{folder}/disjoint.parquet"}
        spec = self.plan.train_generator(seed)
        self.tree.job(f"train_generator/seed{seed}", spec, self.banks, outputs)
        self.samples(f"base/seed{seed}", self.plan.sample_base(seed), model, folder)

    def samples(self, name, spec, model, folder):
        inputs = {**self.banks, "model": [model]}
        outputs = {"samples": f"{folder}/samples.parquet"}
        self.tree.job(f"sample_banks/{name}", spec, inputs, outputs)

    def round(self, trajectory, number):
        name = f"{trajectory.recipe}/trajectory{trajectory.seed}/round{number}"
        model, folder = self.files.checkpoint(trajectory, number), trajectory.round(number)
        inputs = {
            "pool": [self.files.pool(trajectory)],
            "sampler": [self.files.checkpoint(trajectory, number - 1)],
            "start": [self.files.start(trajectory, number)],
        }
        outputs = {"model": model, "harvest": f"{folder}/harvest.parquet"}
        self.tree.job(f"run_round/{name}", self.plan.run_round(trajectory, number), inputs, outputs)
        self.samples(name, self.plan.sample_round(trajectory, number), model, folder)

    def split(self, seed):
        folder, files = self.files.split(seed), self.files
        base = {"model": [files.base_model(files.base_of_split(seed))]}
        pool = {"pool": [files.split_pool(seed)]}
        drawn = {name: f"{folder}/{name}.parquet" for name in ("candidates", "trials")}
        spec = self.plan.draw_candidates(seed)
        self.tree.job(f"draw_candidates/split{seed}", spec, {**pool, **self.banks, **base}, drawn)
        read = {name: [path] for name, path in drawn.items()}
        for num_tasks in files.config.selection.training.num_tasks:
            critic = f"critic{num_tasks}"
            outputs = {
                "critic": f"{folder}/{critic}/model/{SUMS}",
                "scores": f"{folder}/{critic}/scores.parquet",
            }
            spec = self.plan.train_critic(seed, num_tasks)
            self.tree.job(
                f"train_critic/split{seed}/{critic}", spec, {**pool, **read, **base}, outputs
            )
        outputs = {name: f"{folder}/{name}.parquet" for name in ("picks", "scores")}
        inputs = {**self.banks, "trials": read["trials"], "critics": files.critics(seed)}
        spec = self.plan.pick_candidates(seed)
        self.tree.job(f"pick_candidates/split{seed}", spec, inputs, outputs)
