"""Folders of results as a finished study leaves them, with tiny files in place of real ones."""

import json
from pathlib import Path

import polars as pl
from tests.unit.commands.crossover_tree import CrossoverTree

from crest.checksums import SUMS
from crest.job_record import JobRecord, record_file, write_record
from crest.plan import COLLECTIONS, FIGURES, GRIDS, STATISTICS, collected_tables
from crest.plan.files import EVALUATED, REFEREED
from crest.spec import parse_spec, stamp_of
from crest.storage import STAMP_KEY, link_folder, write_bytes, write_json, write_parquet, write_sums

TABLES = ("train", "select", "report", "mutation")
SPLITS = ("train", "select", "report")
STUDIES = {
    "default": ("collapse",),
    "extended": tuple({name for _, name in COLLECTIONS.values()} - {"crossover"}),
}


class StudyTree:
    """Writes the results of a study as its jobs would, and records of them.

    Args:
        plan: The study.
        folder: Where its results go.
    """

    def __init__(self, plan, folder):
        self.plan = plan
        self.files = plan.files
        self.folder = Path(folder)

    def build(self, grid="default"):
        """Write what the report of a grid is made of: the default one, or the extended one."""
        tasks = {name: f"tasks/{name}.parquet" for name in TABLES}
        self.job("make_tasks", self.plan.make_tasks(), {}, tasks)
        if grid == "extended":
            self.oracle()
        for study in self.studies(grid):
            self.models(study)
        parts = self.parts(grid)
        for study in self.studies(grid):
            for chain in study.chains(self.files.arms(grid) if study.name == "collapse" else None):
                self.chain(chain, parts)
        self.alone()
        CrossoverTree(self, grid).build()
        self.tables(grid)
        return self

    def studies(self, grid):
        """Return the studies of a grid, but for the pilots, which come with their models."""
        found = self.files.studies.values()
        return [study for study in found if study.name in STUDIES[grid]]

    def read(self, grid):
        """Return the names of the tables that are read in a grid."""
        has = self.files.grid(grid)
        entries = [(STATISTICS, name) for name in has.statistics()]
        entries += [(FIGURES, name) for name in has.figures()]
        read = {table for registry, name in entries for table in registry.literal(name, "TABLES")}
        return sorted({*read, *self.files.report_tables(grid)})

    def collected(self, grid):
        """Return the collected tables of a grid, by folder and name."""
        paths = self.files.paths(self.read(grid), grid)
        named = [path.removesuffix(".parquet").rsplit("/", 1) for path in paths if "/" in path]
        return [(folder, table) for folder, table in named if folder in COLLECTIONS]

    def parts(self, grid):
        """Return what the collected tables of a grid are put together from."""
        collected = self.collected(grid)
        return {path for each in collected for path in self.files.table_parts(*each)}

    def oracle(self):
        """Write the problems under tests of their whole domain."""
        outputs = {f"oracle-{split}": f"tasks/oracle/{split}.parquet" for split in SPLITS}
        outputs["domains"] = "tasks/oracle/domains.parquet"
        self.job("make_oracle", self.plan.make_oracle(), self.splits(), outputs)

    def splits(self):
        return {split: [f"tasks/{split}.parquet"] for split in SPLITS}

    def models(self, study):
        """Write the bases of a study that are not there, the pilot on them, and what it chose."""
        pilot = self.files.studies.get(("pilot", study.model))
        seeds = {self.files.base_seed(chain) for chain in (*study.chains(), *pilot.chains())}
        for seed in sorted(seeds):
            self.base(study, seed)
        choice = f"pilot/{study.model}/learning_rates"
        if (self.folder / f"{choice}.json").exists():
            return
        evaluations = self.files.pilot_evaluations(study.model)
        for chain in pilot.chains():
            self.chain(chain, evaluations)
        self.job(
            f"choose_learning_rates/{study.model}",
            self.plan.choose_learning_rates(study.model),
            {"evaluations": evaluations},
            {"choice": f"{choice}.json", "table": f"{choice}.parquet"},
        )

    def base(self, study, seed):
        """Write a base model, and its samples if they are in a table of the study."""
        name = f"models/{study.model}/seed{seed}"
        model, samples = f"{name}/model/{SUMS}", f"{name}/samples.parquet"
        if (self.folder / model).exists():
            return
        spec = self.plan.train_base(study.model, seed)
        self.job(f"train_base/{study.model}/seed{seed}", spec, self.splits(), {"model": model})
        if study.name == "collapse":
            self.job(
                f"sample_base_pass_at_k/{study.model}/seed{seed}",
                self.plan.sample_base_pass_at_k(study.model, seed),
                {"report": ["tasks/report.parquet"], "model": [model]},
                {"samples": samples},
            )

    def chain(self, chain, wanted):
        """Write the campaigns of a chain, and what is wanted of it."""
        study, files = self.files.study(chain), self.files
        for campaign in range(1, study.campaigns + 1):
            self.campaign(chain, campaign)
        last, report = [files.decision(chain)], [files.problems(chain, "report")]
        checkpoints = {"checkpoints": files.checkpoints(chain, EVALUATED)}
        refereed = {"checkpoints": files.checkpoints(chain, REFEREED)}
        train = [files.problems(chain, "train")]
        labels = {"hidden": ["tasks/train.parquet"], "oracle": ["tasks/oracle/train.parquet"]}
        problems = {"problems": [files.problems(chain, study.split)], "decision": last}
        end = {"report": report, "model": [files.chain_end(chain)]}
        for table, job, name, inputs in (
            ("evaluation", "evaluate_chain", "evaluation", {**problems, **checkpoints}),
            ("samples", "sample_pass_at_k", "pass_at_k", end),
            ("repeats", "repeat_evaluations", "repeats", {"problems": report, **refereed}),
            ("pools", "evaluate_pools", "pools", {"train": train, **refereed}),
            ("labels", "compare_labels", "labels", {**labels, "rollouts": files.rollouts(chain)}),
        ):
            path = f"{chain.folder}/{table}.parquet"
            if path in wanted:
                spec = getattr(self.plan, job)(chain)
                self.job(f"{chain.folder}/{name}", spec, inputs, {table: path})

    def campaign(self, chain, campaign):
        """Write one campaign; its start is handed on, and its next is its end."""
        cell, files = chain.campaign(campaign), self.files
        start = files.start_model(chain, campaign)
        outputs = {name: f"{cell}/{name}/{SUMS}" for name in EVALUATED}
        tables = {"steps": "steps", "monitor": "select", "rollouts": "rollouts"}
        outputs |= {option: f"{cell}/{name}.parquet" for option, name in tables.items()}
        links = {f"{cell}/start": str(Path(start).parent), f"{cell}/next": f"{cell}/end"}
        self.job(
            cell,
            self.plan.run_campaign(chain, campaign),
            {
                "train": [files.problems(chain, "train")],
                "select": [files.problems(chain, "select")],
                "start-model": [start],
                "base": [files.base_model(chain)],
                "history": files.history(chain, campaign),
                "earlier": files.earlier(chain, campaign),
                "learning-rates": files.learning_rates(chain),
            },
            {**outputs, "decision": f"{cell}/decision.json"},
            links,
        )

    def alone(self):
        """Write what a study has once, or once a seed."""
        plan, files = self.plan, self.files
        inputs = {"problems": ["tasks/train.parquet"], "rollouts": files.audit_rollouts()}
        self.job("audit_grader", plan.audit_grader(), inputs, {"regrades": self.path("regrades")})
        simulations = {"simulations": self.path("simulations")}
        self.job("simulate_gate", plan.simulate_gate(), {}, simulations)
        model = plan.config.study.model
        for seed in plan.config.study.seeds:
            name = f"stationarity/{model}/seed{seed}"
            inputs = {"train": ["tasks/train.parquet"], "model": [files.frozen_model(model, seed)]}
            self.job(
                f"measure_{name}",
                plan.measure_stationarity(model, seed),
                inputs,
                {"stationarity": f"{name}.parquet"},
            )

    def path(self, table, grid="default"):
        (path,) = self.files.paths([table], grid)
        return path

    def tables(self, grid):
        """Write all that is made of the chains' tables, the report included."""
        plan, files, folder = self.plan, self.files, GRIDS[grid]
        for collection, table in self.collected(grid):
            assert table in collected_tables(collection)
            decisions = table == "decisions"
            name = "collect_decisions" if decisions else f"collect_table/{table}"
            self.job(
                f"{collection}/{name}",
                plan.collect_table(collection, table),
                {"parts": files.table_parts(collection, table)},
                {"table": f"{collection}/{table}.parquet"},
            )
        for name in self.statistics(grid):
            spec, read = plan.compute_statistic(name, grid), files.statistic_tables(name, grid)
            statistic = {"statistic": self.path(name, grid)}
            self.job(f"{folder}compute_statistic/{name}", spec, {"tables": read}, statistic)
        claims = {"claims": self.path("claims", grid)}
        tables = {"tables": files.claim_tables(grid)}
        self.job(f"{folder}judge_claims", plan.judge_claims(grid), tables, claims)
        for name in files.grid(grid).figures():
            suffixes = {"chart": "json", "svg": "svg", "png": "png", "data": "parquet"}
            outputs = {
                option: f"{folder}figures/{name}.{suffix}" for option, suffix in suffixes.items()
            }
            read = {"tables": files.figure_tables(name, grid)}
            self.job(f"{folder}draw_figure/{name}", plan.draw_figure(name, grid), read, outputs)
        self.report(grid)

    def report(self, grid):
        files, folder = self.files, GRIDS[grid]
        inputs = {
            "figures": files.charts(grid),
            "tables": files.paths(files.report_tables(grid), grid),
            "learning-rates": [f"pilot/{self.plan.config.study.model}/learning_rates.json"],
        }
        report = {"report": f"{folder}report.html"}
        self.job(f"{folder}build_report", self.plan.build_report(grid), inputs, report)

    def statistics(self, grid):
        """Return a grid's statistics, each after those that it reads."""
        done, left = [], self.files.grid(grid).statistics()
        while left:
            read = {name: set(STATISTICS.literal(name, "TABLES")) for name in left}
            ready = [name for name in left if not read[name] & set(left)]
            done, left = done + ready, [name for name in left if name not in ready]
        return done

    def job(self, name, spec, inputs, outputs, links=()):
        """Write the outputs of one job, and its record.

        Args:
            name: Of the record.
            spec: As text.
            inputs: Lists of paths by option.
            outputs: A path by option.
            links: Checkpoint folders that are linked, with those that they are linked to.
        """
        for path in outputs.values():
            if str(Path(path).parent) not in links:
                self.write(self.folder / path, stamp_of(spec))
        for folder, source in dict(links).items():
            link_folder(self.folder / source, self.folder / folder)
        read = {option: self.records(paths) for option, paths in inputs.items()}
        wrote = {option: self.records([path]) for option, path in outputs.items()}
        record = JobRecord(parse_spec(spec), read, wrote)
        write_record(record, self.folder / "records" / f"{name}.json")

    def records(self, paths):
        return tuple(record_file(self.folder / path, self.folder) for path in paths)

    def write(self, path, stamp):
        """Write one output, other bytes for every path."""
        text = str(path.relative_to(self.folder))
        if path.name == SUMS:
            header = json.dumps({"__metadata__": {STAMP_KEY: stamp}}).encode()
            size = len(header).to_bytes(8, "little")
            write_bytes(size + header + text.encode(), path.parent / "model.safetensors")
            write_json({"hidden_size": 96}, path.parent / "config.json")
            write_sums(path.parent)
        elif path.suffix == ".parquet":
            write_parquet(pl.DataFrame({"text": [text]}), path, stamp=stamp)
        elif path.parts[-2] == "figures" and path.suffix == ".json":
            write_json({"mark": text, "usermeta": {"crest": {"stamp": json.loads(stamp)}}}, path)
        elif path.suffix == ".json":
            write_json({"text": text}, path, stamp=stamp)
        else:
            write_bytes(text.encode(), path)
