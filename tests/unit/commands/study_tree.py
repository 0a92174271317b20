"""Folders of results as a finished study leaves them, with tiny files in place of real ones."""

import json
import os
from pathlib import Path

import polars as pl

from crest.checksums import SUMS
from crest.job_record import JobRecord, record_file, write_record
from crest.plan import COLLECTED, FIGURES, STATISTICS
from crest.spec import parse_spec, stamp_of
from crest.storage import STAMP_KEY, link_folder, write_bytes, write_json, write_parquet, write_sums

TABLES = ("train", "select", "report", "mutation")
CHECKPOINTS = ("start", "peak", "end", "next")


class StudyTree:
    """Writes the results of a study as its jobs would, and records of them.

    Args:
        plan: The study.
        folder: Where its results go.
    """

    def __init__(self, plan, folder):
        self.plan = plan
        self.folder = Path(folder)
        self.results = plan.results

    def build(self):
        """Write all results of the study."""
        study, pilot = self.plan.config.study, self.plan.config.pilot
        tasks = {name: f"tasks/{name}.parquet" for name in TABLES}
        self.job("make_tasks", self.plan.make_tasks(), {}, tasks)
        for seed in self.plan.config.model.base_seeds:
            self.base(seed)
        for method in self.plan.pilot_methods():
            for seed in pilot.seeds:
                self.chain("pilot", method, seed)
        self.job(
            "choose_learning_rates",
            self.plan.choose_learning_rates(),
            {"evaluations": self.paths(self.plan.pilot_evaluations())},
            {"choice": "pilot/learning_rates.json", "table": "pilot/learning_rates.parquet"},
        )
        for method in study.arms:
            for seed in study.seeds:
                self.chain("collapse", method, seed)
        self.tables()
        return self

    def base(self, seed):
        """Write a base model and its samples."""
        name = f"models/organism/seed{seed}"
        inputs = {split: [f"tasks/{split}.parquet"] for split in ("train", "select", "report")}
        model = f"{name}/model/{SUMS}"
        self.job(f"train_base/seed{seed}", self.plan.train_base(seed), inputs, {"model": model})
        self.job(
            f"sample_base_pass_at_k/seed{seed}",
            self.plan.sample_pass_at_k("base", "base", seed),
            {"report": ["tasks/report.parquet"], "model": [model]},
            {"samples": f"{name}/samples.parquet"},
        )

    def chain(self, study, method, seed):
        """Write the campaigns of a chain, its evaluation, and its samples."""
        chain = f"{study}/{method}/seed{seed}"
        num_campaigns = self.plan.campaigns(study)
        for campaign in range(1, num_campaigns + 1):
            self.campaign(study, method, seed, campaign)
        last = f"{chain}/campaign{num_campaigns}"
        folders = [
            f"{chain}/campaign{campaign}/{name}/{SUMS}"
            for campaign in range(1, num_campaigns + 1)
            for name in CHECKPOINTS
        ]
        split = self.plan.evaluation_split(study)
        inputs = {"problems": [f"tasks/{split}.parquet"], "decision": [f"{last}/decision.json"]}
        self.job(
            f"{chain}/evaluation",
            self.plan.evaluate_chain(study, method, seed),
            {**inputs, "checkpoints": folders},
            {"evaluation": f"{chain}/evaluation.parquet"},
        )
        if study == "collapse":
            self.job(
                f"{chain}/pass_at_k",
                self.plan.sample_pass_at_k(study, method, seed),
                {"report": ["tasks/report.parquet"], "model": [f"{last}/next/{SUMS}"]},
                {"samples": f"{chain}/samples.parquet"},
            )

    def campaign(self, study, method, seed, campaign):
        """Write one campaign; its start is handed on, and its next is its end."""
        chain = f"{study}/{method}/seed{seed}"
        cell, before = f"{chain}/campaign{campaign}", f"{chain}/campaign{campaign - 1}"
        base = f"models/organism/seed{self.plan.base_seed(study, seed)}/model"
        start = base if campaign == 1 else f"{before}/next"
        rates = ["pilot/learning_rates.json"] if self.plan.uses_pilot(study, method) else []
        outputs = {name: f"{cell}/{name}/{SUMS}" for name in CHECKPOINTS}
        tables = {"steps": "steps", "monitor": "select", "rollouts": "rollouts"}
        outputs |= {option: f"{cell}/{name}.parquet" for option, name in tables.items()}
        links = {f"{cell}/start": start, f"{cell}/next": f"{cell}/end"}
        self.job(
            cell,
            self.plan.run_campaign(study, method, seed, campaign),
            {
                "train": ["tasks/train.parquet"],
                "select": ["tasks/select.parquet"],
                "start-model": [f"{start}/{SUMS}"],
                "base": [f"{base}/{SUMS}"],
                "history": [f"{before}/decision.json"] if campaign > 1 else [],
                "learning-rates": rates,
            },
            {**outputs, "decision": f"{cell}/decision.json"},
            links,
        )

    def tables(self):
        """Write all that is made of the chains' tables, the report included."""
        plan = self.plan
        inputs = {
            "problems": ["tasks/train.parquet"],
            "rollouts": self.paths(plan.audit_rollouts()),
        }
        regrades = {"regrades": "grader/regrades.parquet"}
        self.job("audit_grader", plan.audit_grader(), inputs, regrades)
        for table in COLLECTED:
            parts = {"parts": self.paths(plan.table_parts(table))}
            table_file = {"table": f"collapse/{table}.parquet"}
            self.job(f"collect_table/{table}", plan.collect_table(table), parts, table_file)
        for name in self.statistics():
            spec, read = plan.compute_statistic(name), self.paths(plan.statistic_tables(name))
            statistic = {"statistic": f"statistics/{name}.parquet"}
            self.job(f"compute_statistic/{name}", spec, {"tables": read}, statistic)
        claims = {"tables": self.paths(plan.claim_tables())}
        self.job("judge_claims", plan.judge_claims(), claims, {"claims": "claims.parquet"})
        for name in FIGURES.names():
            files = {"chart": "json", "svg": "svg", "png": "png", "data": "parquet"}
            outputs = {option: f"figures/{name}.{suffix}" for option, suffix in files.items()}
            read = {"tables": self.paths(plan.figure_tables(name))}
            self.job(f"draw_figure/{name}", plan.draw_figure(name), read, outputs)
        inputs = {
            "figures": self.paths(plan.report_figures()),
            "tables": self.paths(plan.report_tables()),
            "learning-rates": ["pilot/learning_rates.json"],
        }
        self.job("build_report", plan.build_report(), inputs, {"report": "report.html"})

    def statistics(self):
        """Return the statistics, each after those that it reads."""
        done, left = [], STATISTICS.names()
        while left:
            read = {
                name: {Path(path).stem for path in self.plan.statistic_tables(name)}
                for name in left
            }
            ready = [name for name in left if not read[name] & set(left)]
            done, left = done + ready, [name for name in left if name not in ready]
        return done

    def paths(self, planned):
        """Return paths relative to the results."""
        return [os.path.relpath(path, self.results) for path in planned]

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
