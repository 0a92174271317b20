"""One job, killed and run again until it finishes, and what it made against what it should make."""

import re
import shutil
from dataclasses import dataclass, field
from pathlib import Path
from signal import SIGINT, SIGTERM

from tests.torture.kills.schedule import Damage, Kill, Trial
from tests.torture.kills.server import End, Request
from tests.torture.kills.servers import Server
from tests.torture.kills.study import LIMIT_S, TinyStudy

GRACE_S = 30.0
"""Between SIGTERM and SIGKILL, as SLURM grants it."""

START = 0.3
"""What a job that goes on does again before it does anything new, as a share of a whole run."""

WORK = Path(".crest/work")
ASIDE = Path(".crest/set-aside")
_STATUSES = {SIGTERM: {128 + SIGTERM, -SIGTERM}, SIGINT: {128 + SIGINT, -SIGINT}}


@dataclass
class Outcome:
    """What became of a trial.

    Attributes:
        kills: Those that came before the job had finished.
        torn: How many of them had a file of the work folder torn.
        set_aside: How many times a run found that, and said so.
        resumed: Runs that went on from something.
        resumed_later: Runs of a campaign that went on from a step after the start.
        differing: Files with other bytes than those of an uninterrupted run, missing or too many.
        faults: Anything else that should not be.
    """

    kills: list[Kill] = field(default_factory=list)
    torn: int = 0
    set_aside: int = 0
    resumed: int = 0
    resumed_later: int = 0
    differing: list[str] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)


def run_trial(trial: Trial, study: TinyStudy, folder: Path) -> Outcome:
    """Run a trial in a new folder."""
    with study.servers.one() as server:
        study.finish(trial.job, server)
        try:
            return _Running(trial, study, server, folder).outcome()
        finally:
            shutil.rmtree(folder, ignore_errors=True)


class _Running:
    """A trial under way."""

    def __init__(self, trial: Trial, study: TinyStudy, server: Server, folder: Path) -> None:
        self._trial, self._study, self._server = trial, study, server
        self._command = study.commands[trial.job]
        self._whole = study.finish(trial.job, server)
        self._place = folder / "project"
        self._log = folder / "job.log"
        self._logs: list[str] = []
        self._aside = 0
        self._took = folder / "took.json"
        self._outcome = Outcome()
        self._step: int | None = None  # the last that a campaign finished, until it is whole

    def outcome(self) -> Outcome:
        self._study.copy_inputs(self._trial.job, self._place)
        done = 0.0
        for kill in self._trial.kills:
            share = min(1.0, 1.0 - done + START) * kill.at
            end = self._run(kill, share)
            if end.status == 0:
                break
            self._check_status(kill, end)
            done = min(1.0, done + share)
            self._between(kill)
        else:
            end = self._run(None, 0.0)
            if end.status != 0:
                self._fault(f"ended with {end.status} though nothing killed it")
        self._check_end()
        return self._outcome

    def _run(self, kill: Kill | None, share: float) -> End:
        moment: dict[str, float | int] = {}
        if kill is not None and kill.moment == "call":
            moment = {"at_call": 1 + int(share * self._whole.calls)}
        elif kill is not None:
            moment = {"after_s": share * self._whole.seconds}
        end = self._server.run(
            Request(
                self._command.module,
                list(self._command.arguments),
                str(self._place),
                str(self._log),
                str(self._took),
                signal=0 if kill is None else kill.signal,
                limit_s=GRACE_S if "after_s" in moment else LIMIT_S,
                **moment,
            )
        )
        self._read_log()
        return end

    def _read_log(self) -> None:
        """Count what a run says of what it went on from."""
        text = self._log.read_text(errors="replace")
        self._logs.append(text)
        aside = self._put_aside(text)
        resumed = re.search(r"resumed after (?:step (\d+))?", text)
        step = int(resumed[1]) if resumed and resumed[1] else None
        self._outcome.set_aside += aside
        self._outcome.resumed += resumed is not None
        self._outcome.resumed_later += bool(step)
        if self._trial.job.rule == "run_campaign":  # other jobs keep less than they tell
            self._follow(text, step, aside=aside)

    def _follow(self, log: str, resumed_at: int | None, *, aside: bool) -> None:
        """Check that a campaign goes on from the last step that it finished, unless that is torn.

        Args:
            log: Of the run.
            resumed_at: The step that it went on from.
            aside: Whether it set anything aside.
        """
        before = None if aside else self._step
        began = resumed_at is not None or "start:" in log
        if began and before is not None and (resumed_at is None or resumed_at < before):
            self._fault(f"step {before} was finished, but the next run went on from {resumed_at}")
        finished = [int(each) for each in re.findall(r" step (\d+)/", log)]
        known = [each for each in (*finished, resumed_at, before) if each is not None]
        self._step = None if self._is_whole() else max(known, default=None)

    def _put_aside(self, log: str) -> bool:
        """Return whether a run set anything aside; it says so unless it was killed in between."""
        folder = self._place / ASIDE
        before, self._aside = self._aside, len(list(folder.iterdir())) if folder.exists() else 0
        said = "set aside" in log
        if self._aside > before and not said and ("resumed" in log or "start:" in log):
            self._fault("something was set aside without a message")
        return said or self._aside > before

    def _is_whole(self) -> bool:
        """Return whether a job wrote its record, which it does last."""
        return any(
            (self._place / path).exists() for path in self._command.outputs if "/records/" in path
        )

    def _check_status(self, kill: Kill, end: End) -> None:
        if end.stuck:
            self._fault(f"did not end after {kill.signal.name}")
        elif end.status not in _STATUSES.get(kill.signal, {-kill.signal}):
            self._fault(f"ended with {end.status} after {kill.signal.name}")
        else:
            self._outcome.kills.append(kill)

    def _between(self, kill: Kill) -> None:
        """Do what happens between a kill and the next run."""
        if kill.damage is not None:
            self._outcome.torn += _tear(self._place / WORK, kill.damage)
        if kill.outputs_removed:
            for path in self._command.outputs:
                (self._place / path).unlink(missing_ok=True)

    def _check_end(self) -> None:
        files = self._study.files((*self._command.inputs, *self._command.outputs))
        expected = {path: (self._study.folder / path).read_bytes() for path in files}
        results = self._place / "results"
        found = {
            str(path.relative_to(self._place)): path.read_bytes()
            for path in results.rglob("*")
            if path.is_file()
        }
        paths = sorted(expected.keys() | found.keys())
        self._outcome.differing = [path for path in paths if expected.get(path) != found.get(path)]
        work = self._place / WORK
        if left := [str(path.relative_to(work)) for path in work.rglob("*")]:
            self._fault(f"{WORK} still holds {', '.join(left)}")
        if left := self._server.orphans(GRACE_S):
            self._fault(f"processes outlived the job: {', '.join(left)}")

    def _fault(self, what: str) -> None:
        logs = "\n--\n".join(text[-2000:] for text in self._logs)
        self._outcome.faults.append(f"{what}; after {self._outcome.kills}, with the logs\n{logs}")


def _tear(work: Path, damage: Damage) -> bool:
    """Damage a file of the work folders, if there is one."""
    files = [
        path
        for path in work.rglob("*")
        if path.is_file() and path.suffix not in {".part", ".lock"} and path.stat().st_size
    ]
    if not files:
        return False
    newest = sorted(files, key=lambda path: path.stat().st_mtime_ns, reverse=True)
    file = newest[min(damage.file, len(newest) - 1)]
    content = file.read_bytes()
    at = int(damage.at * len(content))
    file.write_bytes(
        {
            "truncated": content[:at],
            "emptied": b"",
            "flipped": content[:at] + bytes([content[at] ^ 0x10]) + content[at + 1 :],
            "zeroed": content[:at] + bytes(len(content) - at),
        }[damage.kind]
    )
    return file.read_bytes() != content
