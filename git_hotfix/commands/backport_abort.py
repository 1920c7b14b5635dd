"""`backport --abort`: every open conflict is closed, what a killed run had begun is taken back, every branch is as it
was before."""

from __future__ import annotations

from git_hotfix.commands import undo
from git_hotfix.conflicts import resolve_worktrees
from git_hotfix.context import Context
from git_hotfix.context.open import require_quiet
from git_hotfix.errors import UNCHANGED, ExitCode, Failure
from git_hotfix.git import refs, worktrees
from git_hotfix.model.command_line import command_line
from git_hotfix.model.frozen import frozen, replace
from git_hotfix.model.names import RESOLVED, STAGED, IssueId, encode_component, short
from git_hotfix.model.run import Return, Run
from git_hotfix.model.words import counted
from git_hotfix.report import as_json
from git_hotfix.report.undo import UndoReport
from git_hotfix.runs import history, pins
from git_hotfix.runs.transport import Transport

_HELD = ("back", "already")


@frozen
class _KilledRun:
    """A run that did not come to its end: what is known of it, the runs before it, and what would become of each
    reference. One that was killed before its first push left no run."""

    issue: IssueId
    run: Run | None
    others: tuple[Run, ...]
    returns: tuple[Return, ...]


def abort(context: Context, transport: Transport, given: str | None, *, in_json: bool = False) -> ExitCode:
    """Close the open conflicts of the hotfix that is named (all without a name), and take a killed run back.

    Raises `Failure` (exit 4) before anything changes when a reference no longer is what the journal says, or when
    production has the fix: `undo` then takes back what can go, or the run goes on.
    """
    require_quiet(context)
    mine = resolve_worktrees.worktrees_of(context, given)
    issue = resolve_worktrees.issue_of(context, given) if given else None
    killed = [_read_killed_run(context, each) for each in pins.unfinished_issues(context.repository, context.snapshot)
              if issue in (None, each)]  # fmt: skip
    for each in killed:
        _require_unmoved(each)
    resolve_worktrees.forget_killed(context, issue, None)
    odd = resolve_worktrees.unreadable_worktrees(context.repository) if given is None else []
    for place in [*(place for place, _ in mine), *odd]:
        worktrees.remove(context.repository, place)
    for name in {note.issue for _, note in mine}:
        refs.drop(context.repository.git, f"{RESOLVED}{encode_component(name)}/")
    for each in killed:
        _take_back(context, transport, each)
    if killed:
        refs.drop(context.repository.git, STAGED)
    if in_json:
        notes = [{"issue": note.issue, "ref": note.target} for _, note in mine]
        body = {"closed": notes, "taken_back": [each.issue for each in killed], "next": []}
        context.streams.raw(as_json.document("backport", ExitCode.DONE, body))
        return ExitCode.DONE
    closed = len(mine) + len(odd)
    told = [f"closed {counted(closed, 'open conflict')}"] if closed else []
    told += [f"took the interrupted {each.run.command if each.run else 'run'} of {each.issue} back" for each in killed]
    if told:
        context.streams.out(f"{' and '.join(told)}; every branch is as it was")
    else:
        context.streams.out("no conflict is open, and no run was interrupted: nothing was changed")
        context.streams.out("to take back a run that came to its end: git hotfix undo")
    return ExitCode.DONE


def _read_killed_run(context: Context, issue: IssueId) -> _KilledRun:
    known = history.read_runs(context.repository.common_dir, issue)
    if not known or known[-1].ended:
        return _KilledRun(issue, None, known, ())
    return _KilledRun(issue, known[-1], known[:-1], undo.decide_returns(context, known[-1], production=False))


def _require_unmoved(killed: _KilledRun) -> None:
    issue = killed.issue
    landed = next((each for each in killed.returns if each.status == "kept"), None)
    if landed:
        raise Failure(
            f"{short(landed.ref)} has the fix since the run for {killed.issue} that was interrupted",
            hint=f"go on: {command_line('finish', issue)}\nor take back what can go: {command_line('undo', issue)}",
            code=ExitCode.OPEN,
            unchanged=UNCHANGED,
        )
    moved = [each for each in killed.returns if each.status not in _HELD]
    if moved:
        names = "\n".join(f"{each.ref}: {each.reason}" for each in moved)
        many = counted(len(moved), "reference is", "references are")
        raise Failure(
            f"{many} no longer what the journal of {killed.issue} says",
            hint=f"go on: {command_line('backport', issue)}\n"
            f"or take back what can go: {command_line('undo', issue)}\n{names}",
            code=ExitCode.OPEN,
            unchanged=UNCHANGED,
        )


def _take_back(context: Context, transport: Transport, killed: _KilledRun) -> None:
    """Raises `Failure` (exit 3) where the remote did not take a branch back; the same command again goes on."""
    if killed.run and any(each.status == "back" for each in killed.returns):
        planned = UndoReport(killed.run, killed.returns)
        done = undo.take_back(context, transport, planned, killed.others)
        stuck = [each for each in done.returns if each.status not in _HELD]
        if stuck:
            # What went back is known; the next try finds the rest.
            history.write_runs(
                context.repository.common_dir, [*killed.others, replace(done.run, ended=False, undone=0)]
            )
            raise Failure(
                f"{stuck[0].ref} did not go back: {stuck[0].reason}",
                hint="run the same command again",
                unchanged="the journal stays",
            )
    pins.forget(context.repository, killed.issue)
