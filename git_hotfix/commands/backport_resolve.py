"""Conflicts solved by hand: each in a linked worktree of its own, taken from there without touching the user's."""

from __future__ import annotations

import itertools
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from git_hotfix.backport import targets
from git_hotfix.backport.prepare import Decisions, merge_message, prepare_targets
from git_hotfix.backport.run import (
    next_commands,
    prepare_deliveries,
    resolution_rules,
    targets_to_serve,
)
from git_hotfix.conflicts import resolve_worktrees
from git_hotfix.conflicts.resolve_worktrees import Note, unmerged_paths
from git_hotfix.context import Context, Fix
from git_hotfix.errors import UNCHANGED, ExitCode, Failure
from git_hotfix.git import history, merge, worktrees
from git_hotfix.git.run import Git
from git_hotfix.model import patterns
from git_hotfix.model.command_line import command_line
from git_hotfix.model.conflict_text import mark_own_lines, spans
from git_hotfix.model.frozen import field, frozen, replace
from git_hotfix.model.hotfix import Hotfix
from git_hotfix.model.logbook import Entry
from git_hotfix.model.names import BranchName, Oid, branch_ref, short
from git_hotfix.model.plan import Delivery, Target
from git_hotfix.record import log_refs
from git_hotfix.report import as_json
from git_hotfix.report.streams import Streams
from git_hotfix.runs import intents
from git_hotfix.runs.intents import Intent
from git_hotfix.runs.transport import Transport

_ASKED = 5  # commits of the target that are named for a file in conflict


@frozen
class OpenConflict:
    """A conflict that is open in a worktree: the files that are left to a human, each with the commits of the target
    that touched it since; those in the way, with how; and those that are settled, with by what. `own` are the lines of
    a file, by their numbers, that are the release's on which the fix was made, and none of the fix."""

    target: BranchName
    place: Path
    strategy: str
    files: Mapping[str, Sequence[str]]
    in_the_way: Mapping[str, str]
    settled: Mapping[str, str]
    own: Mapping[str, Sequence[int]] = field(default_factory=dict)
    release: str = ""
    known: bool = False  # it was open before


def open_conflict(context: Context, fix: Fix, name: str) -> OpenConflict:
    """Open a linked worktree with just this merge (or cherry-pick) under way; the one that is open already is left.

    Raises `Failure` (exit 2) for a branch that is not on the remote or has the fix, (exit 4) for one that is open for
    another hotfix: what was made of it would be stale as soon as the other one is delivered.
    """
    snapshot, hotfix = context.snapshot, fix.hotfix
    branch = BranchName(name.removeprefix("refs/heads/"))
    tip = snapshot.refs.branches.get(branch)
    if tip is None:
        raise Failure(f"there is no branch {branch} on the remote", hint="git branch -r", code=ExitCode.USAGE)
    resolve_worktrees.forget_killed(context, hotfix.issue, [branch])
    known = _find_open(context, hotfix, branch)
    if known:
        return known
    target = targets.target_of(snapshot, branch, tip)
    planned = _plan(context, fix, target)
    if planned is None:
        raise Failure(
            f"{branch} already has the fix",
            hint=f"what is left to do: {command_line('backport', hotfix.issue, dry_run=True)}",
            code=ExitCode.USAGE,
        )
    path = _free_place(context, branch)
    intent = Intent("resolve", hotfix.issue, branch, None, tip, place=str(path))
    intents.write(context.repository.common_dir, intent)
    try:
        worktrees.add(context.repository.git, path, tip)
    except Failure:
        intents.close(context.repository.common_dir, intent)
        raise
    opened = _begin(context, fix, planned, path)
    intents.close(context.repository.common_dir, intent)
    return opened


def _begin(context: Context, fix: Fix, planned: Delivery, path: Path) -> OpenConflict:
    """Begin the merge or the pick in the new worktree at `path`, and settle what needs no human."""
    hotfix, target, strategy = fix.hotfix, planned.target, planned.strategy
    there, steps = resolve_worktrees.sealed_git(context, path), _steps(context, fix, planned)
    lands = target.branch == hotfix.production
    note = Note(hotfix.issue, target.ref, target.tip, fix.source, strategy, lands, steps)
    resolve_worktrees.write_note(there, note)
    rules = resolution_rules(context, fix)
    settled: dict[str, str] = {}
    own: dict[str, tuple[int, ...]] = {}
    release = hotfix.base_tag or "the release"
    if strategy == "cherry-pick":
        _pick(there, steps)
        settled = resolve_worktrees.settle_pick(context, rules, there, all_of_it=False)
        own = _own_lines(there, release)
    else:
        _merge(context, fix, target, there)
        if not lands:
            pair = (target.tip, fix.source)
            settled = resolve_worktrees.settle_in_worktree(context, rules, there, pair, all_of_it=False)
    files = _files(context, hotfix, note, there)
    in_the_way = {} if files or strategy != "merge" else _in_the_way(context, note)
    return OpenConflict(target.branch, path, strategy, files, in_the_way, settled, own, release)


def _find_open(context: Context, hotfix: Hotfix, branch: BranchName) -> OpenConflict | None:
    """The conflict of a branch that is open already; None where it is not. A worktree in which nothing stands, because
    the command was killed or the merge was given up, goes, and is made again."""
    for place, note in resolve_worktrees.open_worktrees(context.repository):
        if note.target != branch_ref(branch):
            continue
        if note.issue != hotfix.issue:
            other = note.issue
            raise Failure(
                f"{branch} is open for {note.issue}, in {place}",
                hint=f"one after the other; solve that first: {command_line('backport', other, continue_=True)}\n"
                f"or close it: {command_line('backport', other, abort=True)}",
                code=ExitCode.OPEN,
                unchanged=UNCHANGED,
            )
        there = resolve_worktrees.git_in(context.repository, place)
        if resolve_worktrees.is_untouched(there, note):
            worktrees.remove(context.repository, place)
            return None
        return OpenConflict(branch, place, note.strategy, _files(context, hotfix, note, there), {}, {}, known=True)
    return None


def _free_place(context: Context, branch: BranchName) -> Path:
    """A folder beside the repository that is called like the branch, as far as a folder can be: `a/b` and `a-b` are
    called alike."""
    top = context.repository.top or context.repository.common_dir
    path = top.with_name(f"{top.name}-resolve-{re.sub(r'[^A-Za-z0-9._-]', '-', branch)}")
    names = (path.with_name(f"{path.name}-{number}") for number in itertools.count(2))
    return next(place for place in itertools.chain([path], names) if not place.exists())


def _steps(context: Context, fix: Fix, planned: Delivery) -> list[Oid]:
    """The commits that are picked, as the plan picks them: what a merge inside the hotfix brought is picked once, with
    the merge, and what the target has already is not. None where the fix is merged."""
    if planned.strategy == "merge":
        return []
    chain = history.commits(context.git, fix.hotfix.tip, [fix.base], first_parent=True)
    return [commit.oid for commit in chain if not planned.steps or commit.oid in planned.steps]


def _pick(there: Git, steps: Sequence[Oid]) -> None:
    # The merge base in each hunk tells the lines of the release from those of the fix; `_own_lines` takes it out again.
    there = replace(there, pins=(*there.pins, "merge.conflictStyle=zdiff3"))
    there.run("cherry-pick", "-x", "--allow-empty", "--mainline=1", *steps, check=False)


def _own_lines(there: Git, release: str) -> dict[str, tuple[int, ...]]:
    """Mark the lines in conflict that came with the fix and are the release's own, which the target is not to get: file
    → their numbers in it."""
    found = {}
    for path in unmerged_paths(there):
        file = there.cwd / path
        if file.is_file() and not file.is_symlink():
            before = file.read_bytes()
            text, own = mark_own_lines(before, release)
            if text != before:
                file.write_bytes(text)
            if own:
                found[path] = own
    return found


def _merge(context: Context, fix: Fix, target: Target, there: Git) -> None:
    message = merge_message(fix.hotfix, target, context.snapshot.policy.messages)
    answer = there.run("merge", "--no-ff", "--no-commit", "-m", message, fix.source, check=False)
    git_dir = resolve_worktrees.git_dir(there)
    # git appends the conflicts as comments, and only an editor's clean-up would drop them again.
    (git_dir / "MERGE_MSG").write_text(message, encoding="utf-8", errors="surrogateescape")
    if answer.code != 0 and not (git_dir / "MERGE_HEAD").exists():
        raise Failure(f"git could not start the merge: {answer.last_words}", hint="git hotfix backport --abort")


def _files(context: Context, hotfix: Hotfix, note: Note, there: Git) -> dict[str, list[str]]:
    """The files that are left to a human, with whom to ask."""
    return {file: _touching_commits(context, hotfix, Oid(note.tip), file) for file in unmerged_paths(there)}


def _in_the_way(context: Context, note: Note) -> dict[str, str]:
    """A file in the way of a folder's rename stops the merge, and nothing of it is unmerged."""
    merged = merge.merge_one(context.git, Oid(note.tip), Oid(note.source))
    return {conflict.path: conflict.kind for conflict in merged.conflicts}


def tell(streams: Streams, hotfix: Hotfix, opened: OpenConflict, *, in_json: bool) -> ExitCode:
    """Say where a conflict is open and what is to be done there; exit 0, as that is what was asked for."""
    command = command_line("backport", hotfix.issue, continue_=True)
    if in_json:
        body: dict[str, Any] = {"ref": branch_ref(opened.target), "strategy": opened.strategy}
        body |= as_json.path(str(opened.place), "worktree")
        body["conflicts"] = [{**as_json.path(file), "touched_by": list(by)} for file, by in opened.files.items()]
        for conflict in body["conflicts"]:
            conflict |= {"own_lines": list(own)} if (own := opened.own.get(conflict["path"])) else {}
        body["conflicts"] += [{**as_json.path(file), "kind": kind} for file, kind in opened.in_the_way.items()]
        body["settled"] = [{**as_json.path(file), "reason": words} for file, words in opened.settled.items()]
        document = {"hotfix": as_json.hotfix(hotfix), "opened": body, "next": [command]}
        streams.raw(as_json.document("backport", ExitCode.DONE, document))
        return ExitCode.DONE
    way = f" ({opened.strategy})" if opened.strategy == "cherry-pick" and not opened.known else ""
    streams.out(f"{opened.target} is open in {opened.place}{way}")
    for file, touched in opened.files.items():
        streams.out(f"  {file}")
        for line in touched:
            streams.out(f"    {line}")
        if file in opened.own:
            one = len(opened.own[file]) == 1
            numbers = f"{'line' if one else 'lines'} {spans(opened.own[file])}"
            them = "it" if one else "them"
            streams.out(f"    {numbers} came along from {opened.release}; the fix does not change {them}")
    for file, kind in opened.in_the_way.items():
        streams.out(f"  {file}: {kind}")
    for file, words in opened.settled.items():
        streams.out(f"  {file} is settled: {words}")
    streams.out(f"next: solve it there, git add the files, then: {command}")
    return ExitCode.DONE


def _plan(context: Context, fix: Fix, target: Target) -> Delivery | None:
    """How the fix comes to this target, as the plan of backport decides it; None where it has come already. Raises
    `Failure` (exit 3) where git cannot merge it at all."""
    if target.branch == fix.hotfix.production:
        landed = history.is_ancestor(context.git, fix.hotfix.tip, target.tip)
        return None if landed else Delivery(target, "merge", "conflict")
    context = replace(context, dry=True)
    [planned] = prepare_targets(context, fix, [target], Decisions(named=[target.ref]))
    if planned.status == "failed":
        raise Failure(
            f"git cannot merge into {target.branch}: {planned.reason}",
            hint="\n".join(next_commands(fix.hotfix, [planned])),
            unchanged=UNCHANGED,
        )
    return None if planned.status == "already" else planned


def _touching_commits(context: Context, hotfix: Hotfix, tip: Oid, file: str) -> list[str]:
    """The newest commits of the target that touched a file since it parted from the hotfix: who to ask."""
    out = context.git.run(
        "log", f"-{_ASKED}", "--format=%h %an: %s", tip, f"^{hotfix.tip}", "--", f":(top,literal){file}", check=False
    )
    return out.lines


def skip(
    context: Context, transport: Transport, fix: Fix, names: Sequence[str], reason: str | None
) -> list[BranchName]:
    """Record that branches will not get the fix, and why; their open conflicts are closed. The branches: each that has
    its whole name in `names`, and of what a pattern finds those that are to get the fix and lack it.

    Raises `Failure` (exit 2), and records nothing, without a reason, for a name that matches none, and for a branch
    that has the fix.
    """
    if not reason or not reason.strip():
        raise Failure("--skip needs a --reason", hint='--skip feature/x --reason "is thrown away"', code=ExitCode.USAGE)
    hotfix = fix.hotfix
    named = _branches_without_fix(replace(context, dry=True), fix, [name.removeprefix("refs/heads/") for name in names])
    for place, note in resolve_worktrees.worktrees_of(context, hotfix.issue):
        if short(note.target) in named:
            worktrees.remove(context.repository, place)
    resolve_worktrees.forget_killed(context, hotfix.issue, named)
    facts = [{"Event": "skip", "Target": branch_ref(each), "Reason": reason} for each in named]
    entries = [Entry("event", f"skip {short(each['Target'])}", each) for each in facts]
    log_refs.record_entries(context, hotfix.issue, entries, once=True)
    log_refs.send_logbook(context, transport, hotfix.issue)
    return named


def _branches_without_fix(context: Context, fix: Fix, names: Sequence[str]) -> list[BranchName]:
    branches, hotfix = context.snapshot.refs.branches, fix.hotfix
    whole = [BranchName(name) for name in names if name in branches]
    asked = {target.branch for target in targets_to_serve(context, hotfix).targets}
    asked |= {BranchName(short(note.target)) for _, note in resolve_worktrees.worktrees_of(context, hotfix.issue)}
    found = list(whole)
    for name in (each for each in names if each not in branches):
        wanted = patterns.names((name,))
        if not any(map(wanted, branches)):
            raise Failure(f"no branch on the remote is called {name}", hint="git branch -r", code=ExitCode.USAGE)
        found += [each for each in branches if each in asked and wanted(each)]
    chosen = [targets.target_of(context.snapshot, each, branches[each]) for each in dict.fromkeys(found)]
    made = {each.target.branch: each for each in prepare_deliveries(context, fix, chosen)}
    there = [branch for branch in whole if made[branch].status == "already"]
    lacking = [branch for branch, each in made.items() if each.owed or each.status == "skipped" or branch in whole]
    if there or not lacking:
        none = f"no branch that lacks the fix matches {' '.join(names)}"
        raise Failure(
            f"{there[0]} already has the fix" if there else none,
            hint=f"what is left to do: {command_line('backport', hotfix.issue, dry_run=True)}",
            code=ExitCode.USAGE,
        )
    return lacking
