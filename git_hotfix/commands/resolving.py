"""Conflicts solved by hand: each in a linked worktree of its own, taken from there without touching the user's."""

from __future__ import annotations

import re
from collections.abc import Mapping

from git_hotfix import delivery, settling
from git_hotfix.commands import delivering, open_conflicts
from git_hotfix.commands.open_conflicts import Note, unmerged
from git_hotfix.commands.session import Session
from git_hotfix.desk import Desk, Fix
from git_hotfix.errors import ExitCode, Failure
from git_hotfix.execution import recording
from git_hotfix.execution.transport import Transport
from git_hotfix.git import history, merge, worktrees
from git_hotfix.git.run import Git
from git_hotfix.model import patterns
from git_hotfix.model.hotfix import Hotfix
from git_hotfix.model.logbook import Entry
from git_hotfix.model.names import BranchName, Oid, branch_ref, short
from git_hotfix.model.plan import SETTLED, Target
from git_hotfix.planning import targets

_ASKED = 5  # commits of the target that are named for a file in conflict


def open_conflict(session: Session, desk: Desk, fix: Fix, name: str) -> ExitCode:
    """Open a linked worktree with just this merge (or cherry-pick) under way, and name the files."""
    situation, streams, hotfix = session.situation, session.streams, fix.hotfix
    branch = BranchName(name.removeprefix("refs/heads/"))
    tip = situation.refs.branches.get(branch)
    if tip is None:
        raise Failure(f"there is no branch {branch} on the remote", hint="git branch -r", code=ExitCode.USAGE)
    for place, note in open_conflicts.all_open(session.repository):
        if note.target == branch_ref(branch) and note.issue == hotfix.issue:
            streams.out(f"{branch} is open in {place}")
            return ExitCode.OPEN
    target = targets.target_of(situation, branch, tip)
    strategy = _strategy(session, fix, target)
    if strategy is None:
        raise Failure(
            f"{branch} has the fix already",
            hint=f"what is owed: git hotfix backport {hotfix.issue} --dry-run",
            code=ExitCode.USAGE,
            unchanged="nothing was changed",
        )
    top = session.repository.top or session.repository.common_dir
    path = top.with_name(f"{top.name}-resolve-{re.sub(r'[^A-Za-z0-9._-]', '-', branch)}")
    worktrees.add(session.repository.git, path, tip)
    there = open_conflicts.sealed(session, path)
    note = Note(hotfix.issue, branch_ref(branch), tip, fix.source, strategy, branch == hotfix.production)
    open_conflicts.write(there, note)
    settled: dict[str, str] = {}
    if strategy == "cherry-pick":
        # As the plan picks: what a merge inside the hotfix brought is picked once, with the merge.
        chain = history.commits(session.git, hotfix.tip, [fix.base], first_parent=True)
        own = [commit.oid for commit in chain]
        answer = there.run("cherry-pick", "-x", "--allow-empty", "--mainline=1", *own, check=False)
    else:
        message = delivery.merge_message(hotfix, target)
        answer = there.run("merge", "--no-ff", "--no-commit", "-m", message, fix.source, check=False)
        # git appends the conflicts as comments, and only an editor's clean-up would drop them again.
        said = open_conflicts.git_dir(there) / "MERGE_MSG"
        said.write_text(message, encoding="utf-8", errors="surrogateescape")
        if not note.lands:
            settled = _settled_there(session, desk, fix, there, tip)
    if strategy == "merge" and answer.code != 0 and not (open_conflicts.git_dir(there) / "MERGE_HEAD").exists():
        raise Failure(f"git could not start the merge: {answer.last_words}", hint="git hotfix backport --abort")
    streams.out(f"{branch} is open in {path}" + (f" ({strategy})" if strategy == "cherry-pick" else ""))
    _tell_conflicts(session, hotfix, note, there, settled)
    streams.out(f"next: solve it there, git add the files, then: git hotfix backport {hotfix.issue} --continue")
    return ExitCode.OPEN


def _tell_conflicts(session: Session, hotfix: Hotfix, note: Note, there: Git, settled: Mapping[str, str]) -> None:
    """Name the files that are left to a human, with whom to ask, and those that are not."""
    out = session.streams.out
    files, tip = unmerged(there), Oid(note.tip)
    for file in files:
        out(f"  {file}")
        for line in _touched(session, hotfix, tip, file):
            out(f"    {line}")
    if not files and note.strategy == "merge":
        # A file in the way of a folder's rename stops the merge, and nothing of it is unmerged.
        [merged] = merge.merge_all(session.git, [(tip, Oid(note.source))])
        for conflict in merged.conflicts:
            out(f"  {conflict.path}: {conflict.kind}")
    for file, words in settled.items():
        out(f"  {file} is settled: {words}")


def _settled_there(session: Session, desk: Desk, fix: Fix, there: Git, tip: Oid) -> dict[str, str]:
    """Write what needs no human into the worktree, and say why. Where nothing else is in conflict the human came to
    decide just that, and finds it as it is."""
    pairs = [(tip, fix.source)]
    merged = merge.merge_all(session.git, pairs)
    [answers] = settling.answered(session.git, pairs, merged, delivering.settling_of(session, desk, fix))
    if {conflict.path for conflict in merged[0].conflicts} <= set(answers):
        return {}
    for path, answer in answers.items():
        file = there.cwd / path
        if file.is_file() and not file.is_symlink():
            file.write_bytes(answer.file.content)
            there.run("add", "--", f":(top,literal){path}")
    return {path: SETTLED[answer.by] for path, answer in answers.items()}


def _strategy(session: Session, fix: Fix, target: Target) -> str | None:
    """How the fix comes to this target, as the plan of backport decides it; None where it has come already."""
    if target.branch == fix.hotfix.production:
        return None if history.is_ancestor(session.git, fix.hotfix.tip, target.tip) else "merge"
    desk = Desk(session.repository, session.git, session.repository.identity, dry=True)
    [planned] = delivery.prepare(desk, fix, [target], resolved={})
    return None if planned.status == "already" else planned.strategy


def _touched(session: Session, hotfix: Hotfix, tip: Oid, file: str) -> list[str]:
    """The newest commits of the target that touched a file since it parted from the hotfix: who to ask."""
    out = session.git.run(
        "log", f"-{_ASKED}", "--format=%h %an: %s", tip, f"^{hotfix.tip}", "--", f":(top,literal){file}", check=False
    )
    return out.lines


def skip(session: Session, transport: Transport, hotfix: Hotfix, name: str, reason: str | None) -> None:
    """Record that the branches that `name` (a name or a glob) stands for will not get the fix, and why; their open
    conflicts are closed. Raises `Failure` (exit 2) without a reason or for a name that matches none."""
    if not reason or not reason.strip():
        raise Failure("--skip needs a --reason", hint='--skip feature/x --reason "is thrown away"', code=ExitCode.USAGE)
    wanted = patterns.names((name.removeprefix("refs/heads/"),))
    named = [each for each in session.situation.refs.branches if wanted(each)]
    if not named:
        raise Failure(f"no branch on the remote is called {name}", hint="git branch -r", code=ExitCode.USAGE)
    for place, note in open_conflicts.of(session, hotfix.issue):
        if short(note.target) in named:
            worktrees.remove(session.repository.git, place)
    facts = [{"Event": "skip", "Target": branch_ref(each), "Reason": reason} for each in named]
    entries = [Entry("event", f"skip {short(each['Target'])}", each) for each in facts]
    recording.record(session.repository, session.git, session.situation, hotfix.issue, entries)
    recording.send(session.repository, session.git, transport, hotfix.issue)
