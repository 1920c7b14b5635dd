"""What the runs of this clone did, kept after they ended: a clone that knows where references stood takes them back.

It lies beside the folder of what is under way, because that one is empty between two runs.
"""

from __future__ import annotations

import json
import time
from collections.abc import Sequence
from pathlib import Path

from git_hotfix.errors import UNCHANGED, Failure
from git_hotfix.git.remote import PushAnswer
from git_hotfix.git.repository import Repository
from git_hotfix.model.frozen import fields, frozen, replace
from git_hotfix.model.names import (
    HEADS,
    HOTFIX_PREFIX,
    RESOLVED,
    TAGS,
    IssueId,
    Oid,
    RefName,
    branch_ref,
    encode_component,
)
from git_hotfix.model.ref_update import RefUpdate
from git_hotfix.model.run import Run, Step
from git_hotfix.model.snapshot import Snapshot
from git_hotfix.runs.journal import write_whole

KEPT = 20  # hotfixes whose runs are kept
_RUNS = 5  # runs of one hotfix that are kept
_SCHEMA = 1


def _folder(common_dir: Path) -> Path:
    return common_dir / "hotfix-runs"


def _file(common_dir: Path, issue: IssueId) -> Path:
    return _folder(common_dir) / f"{encode_component(issue)}.json"


def read_runs(common_dir: Path, issue: IssueId) -> tuple[Run, ...]:
    """The runs of this clone for `issue`, oldest first; none where it knows of none."""
    return _read(_file(common_dir, issue))


def try_read_runs(common_dir: Path, issue: IssueId) -> tuple[Run, ...]:
    """The runs for `issue`; none where the record is broken, because what undo needs never stops a fix."""
    try:
        return read_runs(common_dir, issue)
    except Failure:
        return ()


def latest_issue(common_dir: Path) -> IssueId | None:
    """The issue of the last run of this clone."""
    ends = [runs[-1] for file in _folder(common_dir).glob("*.json") if (runs := _read(file))]
    return max(ends, key=lambda run: run.at).issue if ends else None


def _read(file: Path) -> tuple[Run, ...]:
    try:
        body = json.loads(file.read_bytes())
        if body["schema"] != _SCHEMA:
            raise ValueError(f"schema {body['schema']}")
        return tuple(_parse_run(each) for each in body["runs"])
    except FileNotFoundError:
        return ()
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise Failure(
            f"{file} is not a git-hotfix record that this version can read",
            hint=f"look at it, then remove it: rm {file}",
            unchanged=UNCHANGED,
        ) from error


def _parse_run(body: dict[str, object]) -> Run:
    steps = tuple(Step(*row) for row in body.pop("steps"))  # type: ignore[attr-defined]
    settings = tuple((str(key), str(value)) for key, value in body.pop("settings"))  # type: ignore[attr-defined]
    body.setdefault("branch", f"{HOTFIX_PREFIX}{body['issue']}")  # of a version that knew no other prefix
    return Run(**body, steps=steps, settings=settings)  # type: ignore[arg-type]


def _body(run: Run) -> dict[str, object]:
    """A row a step: a thousand branches are written with every push of a chunk."""
    rows = [(step.ref, step.old, step.new, step.tier, step.here, step.by_hand) for step in run.steps]
    return {**{each.name: getattr(run, each.name) for each in fields(run)}, "steps": rows}


def _write(common_dir: Path, issue: IssueId, runs: Sequence[Run]) -> None:
    file = _file(common_dir, issue)
    body = {"schema": _SCHEMA, "runs": [_body(run) for run in runs[-_RUNS:]]}
    write_whole(file, json.dumps(body))
    old = sorted(file.parent.glob("*.json"), key=lambda each: each.stat().st_mtime, reverse=True)[KEPT:]
    for each in old:
        each.unlink(missing_ok=True)


def write_runs(common_dir: Path, known: Sequence[Run]) -> None:
    """Keep these runs of a hotfix, and no others of it. Complete on disk when this returns."""
    _write(common_dir, known[-1].issue, known)


def close_last_run(common_dir: Path, issue: IssueId) -> None:
    """The last run for `issue` came to its end; what it did is kept."""
    known = try_read_runs(common_dir, issue)
    if known and not known[-1].ended:
        write_runs(common_dir, [*known[:-1], replace(known[-1], ended=True)])


@frozen
class Record:
    """Writes down what a run pushes, before it pushes it: whatever kills it, its steps are known.

    A run that goes on where another was killed, or after an undo, goes on with that one's record.
    """

    repository: Repository
    snapshot: Snapshot
    issue: IssueId
    command: str

    def before(self, updates: Sequence[RefUpdate], tier: int) -> None:
        """Add the steps that are about to be pushed. Complete on disk when this returns."""
        known = list(try_read_runs(self.repository.common_dir, self.issue))
        run = self._begin_run()
        if known and not known[-1].ended:
            run = known.pop()
        elif known and (known[-1].undone or known[-1].undoing):
            run = replace(run, steps=known.pop().steps)
        branch = branch_ref(self.snapshot.hotfix_branch(self.issue))
        pushed = next((update.new or update.old for update in updates if update.ref == branch), run.there)
        steps = self._steps(updates, tier, branch)
        if steps or (run.steps and pushed != run.there):
            run = replace(run, there=pushed, steps=(*run.steps, *steps))
            _write(self.repository.common_dir, self.issue, [*known, run])

    def after(self, updates: Sequence[RefUpdate], answer: PushAnswer | None) -> None:
        """Drop the steps that the remote refused, and a run without any. No `answer`: nothing was sent."""
        known = list(try_read_runs(self.repository.common_dir, self.issue))
        certain = ("stale", "refused", "bystander")
        lost = {
            (update.ref, update.new)
            for update in updates
            if answer is None or answer.results[update.ref].status in certain
        }
        if not known or not lost:
            return
        run = known.pop()
        run = replace(run, steps=tuple(step for step in run.steps if (step.ref, step.new) not in lost))
        _write(self.repository.common_dir, self.issue, [*known, run] if run.steps else known)

    def _begin_run(self) -> Run:
        refs, branch = self.snapshot.refs, self.snapshot.hotfix_branch(self.issue)
        prefix = f"branch.{branch}."
        config = self.repository.config.items()
        return Run(
            self.issue,
            self.command,
            int(time.time()),
            branch=branch,
            there=refs.branches.get(branch),
            here=refs.local.get(branch),
            stood=refs.worktrees.get(branch, ""),
            settings=tuple((key, value) for key, values in config if key.startswith(prefix) for value in values),
        )

    def _steps(self, updates: Sequence[RefUpdate], tier: int, branch: RefName) -> list[Step]:
        """What undo has to know of `updates`; it never takes back the logbook, and the hotfix branch in its own way."""
        refs = self.snapshot.refs
        here: dict[str, Oid] = {HEADS + name: oid for name, oid in refs.local.items()}
        here |= {TAGS + name: oid for name, oid in refs.local_tags.ids.items()}
        by_hand = {oid for ref, oid in refs.own.items() if ref.startswith(RESOLVED)}
        return [
            Step(update.ref, update.old, update.new, tier, here.get(update.ref), update.new in by_hand)
            for update in updates
            if update.new and update.new != update.old and update.ref != branch and update.ref.startswith((HEADS, TAGS))
        ]
