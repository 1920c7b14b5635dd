"""Conflicts solved by hand: each in a linked worktree of its own, taken from there without touching the user's."""

from __future__ import annotations

import json
import os
import re
from dataclasses import asdict
from pathlib import Path

from git_hotfix import delivery
from git_hotfix.commands.session import Session
from git_hotfix.delivery import Desk, Fix
from git_hotfix.errors import ExitCode, Failure
from git_hotfix.execution import recording
from git_hotfix.execution.transport import Transport
from git_hotfix.git import history, refs, worktrees
from git_hotfix.git.repository import Repository, open_repository
from git_hotfix.git.run import Git, decode
from git_hotfix.model import patterns
from git_hotfix.model.frozen import frozen
from git_hotfix.model.hotfix import Hotfix
from git_hotfix.model.logbook import Entry
from git_hotfix.model.names import RESOLVED, BranchName, Oid, RefName, branch_ref, encode_component, short
from git_hotfix.model.plan import Target
from git_hotfix.model.ref_update import RefUpdate
from git_hotfix.model.words import counted
from git_hotfix.report.streams import Streams

_NOTE = "hotfix-resolve"  # in the git directory of the worktree: whose conflict is solved there
_MARKER = re.compile(rb"^(<{7}|>{7}|\|{7})( |$)", re.MULTILINE)


@frozen
class Note:
    """What a resolve worktree is for: a target, where it stood, and how the fix comes there."""

    issue: str
    target: str
    tip: str
    source: str
    strategy: str
    lands: bool  # the target is the branch that the hotfix goes to as production


@frozen
class Taken:
    """What `--continue` took: the issue, the production branch if that was solved, and whether all were ready."""

    issue: str | None
    production: str | None
    complete: bool


def open_conflict(session: Session, hotfix: Hotfix, name: str) -> ExitCode:
    """Open a linked worktree with just this merge (or cherry-pick) under way, and name the files."""
    situation, streams = session.situation, session.streams
    branch = BranchName(name.removeprefix("refs/heads/"))
    tip = situation.refs.branches.get(branch)
    if tip is None or hotfix.base is None:
        raise Failure(f"there is no branch {branch} on the remote", hint="git branch -r", code=ExitCode.USAGE)
    for place, note in _open(session):
        if note.target == branch_ref(branch) and note.issue == hotfix.issue:
            streams.out(f"{branch} is open in {place}")
            return ExitCode.OPEN
    strategy = _strategy(session, hotfix, Target(branch_ref(branch), tip, 2))
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
    there = Git(path)
    note = Note(hotfix.issue, branch_ref(branch), tip, hotfix.tip, strategy, branch == hotfix.production)
    _note_file(there).write_text(json.dumps(asdict(note)))
    if strategy == "cherry-pick":
        answer = there.run("cherry-pick", "-x", "--allow-empty", f"{hotfix.base}..{hotfix.tip}", check=False)
    else:
        message = delivery.merge_message(hotfix, Target(branch_ref(branch), tip, 2))
        answer = there.run("merge", "--no-ff", "--no-commit", "-m", message, hotfix.tip, check=False)
        # git appends the conflicts as comments, and only an editor's clean-up would drop them again.
        _note_file(there).with_name("MERGE_MSG").write_text(message, encoding="utf-8", errors="surrogateescape")
    unmerged = _unmerged(there)
    streams.out(f"{branch} is open in {path}" + (f" ({strategy})" if strategy == "cherry-pick" else ""))
    for file in unmerged:
        streams.out(f"  {file}")
        for line in _touched(session, hotfix, tip, file):
            streams.out(f"    {line}")
    if not unmerged and answer.code != 0 and strategy == "merge":
        raise Failure(f"git could not start the merge: {answer.last_words}", hint="git hotfix backport --abort")
    streams.out(f"next: solve it there, git add the files, then: git hotfix backport {hotfix.issue} --continue")
    return ExitCode.OPEN


def outside(repository: Repository, streams: Streams) -> Repository:
    """`repository` as seen from its main worktree where this is a resolve worktree, which may be removed below us."""
    if not (repository.git_dir / _NOTE).exists():
        return repository
    main = repository.common_dir.parent if repository.common_dir.name == ".git" else repository.common_dir
    os.chdir(main)
    streams.say(f"going on from {main}: this worktree goes when its conflict is taken")
    return open_repository(main)


def _strategy(session: Session, hotfix: Hotfix, target: Target) -> str | None:
    """How the fix comes to this target, as the plan of backport decides it; None where it has come already."""
    if target.branch == hotfix.production:
        return None if history.is_ancestor(session.git, hotfix.tip, target.tip) else "merge"
    assert hotfix.base
    desk = Desk(session.repository, session.git, session.repository.identity, dry=True)
    strategy = session.situation.policy.backport.strategy
    fix = Fix(hotfix, hotfix.base, hotfix.tip)
    [planned] = delivery.prepare(desk, fix, [target], strategy=strategy, resolved={})
    return None if planned.status == "already" else planned.strategy


def _touched(session: Session, hotfix: Hotfix, tip: Oid, file: str) -> list[str]:
    """The commits of the target that touched a file since the base: who to ask."""
    assert hotfix.base
    out = session.git.run(
        "log", "-3", "--format=%h %an: %s", tip, f"^{hotfix.base}", "--", f":(top,literal){file}", check=False
    )
    return out.text.splitlines()


def _note_file(there: Git) -> Path:
    return Path(there.text("rev-parse", "--path-format=absolute", "--git-dir")) / _NOTE


def _open(session: Session) -> list[tuple[Path, Note]]:
    """Every resolve worktree of this repository."""
    found = []
    for file in sorted((session.repository.common_dir / "worktrees").glob(f"*/{_NOTE}")):
        place = Path((file.parent / "gitdir").read_text().strip()).parent
        found.append((place, Note(**json.loads(file.read_text()))))
    return found


def _mine(session: Session, given: str | None) -> list[tuple[Path, Note]]:
    found = _open(session)
    if given is None:
        return found
    issue = given.removeprefix("hotfix/")
    tag = session.situation.refs.tags.get(given)  # type: ignore[call-overload]
    names = {issue, tag.trailer("Hotfix-Issue") if tag else None}
    return [(place, note) for place, note in found if note.issue in names]


def take(session: Session, given: str | None) -> Taken:
    """Take every conflict that is solved: commit it, keep the commit, remove the worktree.

    Raises `Failure` (exit 2) when none is open, exit 4 when one still has conflicts or markers.
    """
    mine = _mine(session, given)
    if not mine:
        raise Failure("no conflict is open", hint="git hotfix backport <issue> --resolve <target>", code=ExitCode.USAGE)
    production, waiting = None, []
    for place, note in mine:
        there = Git(place)
        why = _not_ready(there)
        if why:
            waiting.append(f"{short(note.target)} in {place}: {why}")
            continue
        commit = _committed(there, note)
        ref = RefName(f"{RESOLVED}{encode_component(note.issue)}/{encode_component(short(note.target))}")
        known = session.situation.refs.own.get(ref)
        refs.update(session.repository.git, [RefUpdate(ref, known, commit)], reason="git hotfix: resolved")
        worktrees.remove(session.repository.git, place)
        if note.lands:
            production = short(note.target)
    for line in waiting:
        session.streams.say(f"not solved yet: {line}")
    if len(waiting) == len(mine):
        raise Failure(
            "nothing is solved yet",
            hint="solve it, git add the files, then: git hotfix backport --continue",
            code=ExitCode.OPEN,
            unchanged="nothing was changed",
        )
    return Taken(mine[0][1].issue, production, complete=not waiting)


def _unmerged(there: Git) -> list[str]:
    out = there.run("diff", "--name-only", "--diff-filter=U", "-z", check=False).out
    return [decode(name) for name in out.split(b"\0") if name]


def _not_ready(there: Git) -> str | None:
    """Why a worktree cannot be taken yet, or None."""
    unmerged = _unmerged(there)
    if unmerged:
        return f"unmerged {', '.join(unmerged)}"
    changed = there.run("diff", "--name-only", "-z", "HEAD", check=False).out.split(b"\0")
    top = there.cwd
    for name in filter(None, changed):
        file = top / decode(name)
        if file.is_file() and not file.is_symlink() and _MARKER.search(file.read_bytes()):
            return f"conflict markers in {decode(name)}"
    if there.run("diff", "--quiet", check=False).code != 0:
        return "changes that are not added (git add)"
    return None


def _committed(there: Git, note: Note) -> Oid:
    """The commit that the human made, or made now from what was added. Raises `Failure` (exit 4) where the next
    commit of a cherry-pick conflicts."""
    quiet = Git(there.cwd, {**there.environment, "GIT_EDITOR": "true"}, there.pins)
    git_dir = _note_file(there).parent
    if (git_dir / "MERGE_HEAD").exists():
        quiet.run("commit", "--no-verify", "--no-edit", "--cleanup=verbatim")
    last = ""
    while (git_dir / "CHERRY_PICK_HEAD").exists() or (git_dir / "sequencer").exists():
        staged = quiet.run("diff", "--cached", "--quiet", check=False).code != 0
        answer = quiet.run("cherry-pick", "--continue" if staged else "--skip", check=False)
        at = f"{quiet.text('rev-parse', 'HEAD')} {staged}" if answer.code else ""
        # A pick that turns out empty stops git too; it is skipped in the next turn, unless nothing moves any more.
        if answer.code != 0 and (_unmerged(there) or at == last):
            raise Failure(
                f"the next commit conflicts too, in {there.cwd}",
                hint="solve it there, git add the files, then: git hotfix backport --continue",
                code=ExitCode.OPEN,
            )
        last = at
    head = Oid(there.text("rev-parse", "--verify", "HEAD"))
    if head == note.tip:
        raise Failure(
            f"{there.cwd} holds no merge of the fix",
            hint=f"record that it needs none: git hotfix backport --skip {short(note.target)} --reason …",
            code=ExitCode.OPEN,
        )
    return head


def skip(session: Session, transport: Transport, hotfix: Hotfix, name: str, reason: str | None) -> None:
    """Record that the branches that `name` (a name or a glob) stands for will not get the fix, and why; their open
    conflicts are closed. Raises `Failure` (exit 2) without a reason or for a name that matches none."""
    if not reason or not reason.strip():
        raise Failure("--skip needs a --reason", hint='--skip feature/x --reason "is thrown away"', code=ExitCode.USAGE)
    wanted = patterns.names((name.removeprefix("refs/heads/"),))
    targets = [each for each in session.situation.refs.branches if wanted(each)]
    if not targets:
        raise Failure(f"no branch on the remote is called {name}", hint="git branch -r", code=ExitCode.USAGE)
    for place, note in _mine(session, hotfix.issue):
        if short(note.target) in targets:
            worktrees.remove(session.repository.git, place)
    facts = [{"Event": "skip", "Target": branch_ref(each), "Reason": reason} for each in targets]
    entries = [Entry("event", f"skip {short(each['Target'])}", each) for each in facts]
    recording.record(session.repository, session.git, session.situation, hotfix.issue, entries)
    recording.send(session.repository, session.git, transport, hotfix.issue)


def abort(session: Session, given: str | None) -> ExitCode:
    """Close every open conflict; every branch stays as it was."""
    mine = _mine(session, given)
    for place, _ in mine:
        worktrees.remove(session.repository.git, place)
    for issue in {note.issue for _, note in mine}:
        refs.drop(session.repository.git, f"{RESOLVED}{encode_component(issue)}/")
    session.streams.out(f"closed {counted(len(mine), 'open conflict')}; every branch is as it was")
    return ExitCode.DONE
