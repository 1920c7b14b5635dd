"""`backport --continue`: what a human made of the conflicts is taken from their worktrees, and remembered."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

from git_hotfix.backport import cherry_pick
from git_hotfix.conflicts import human_merge, resolve_worktrees, solution
from git_hotfix.conflicts.human_merge import SolvedMerge
from git_hotfix.conflicts.resolve import ResolutionRules
from git_hotfix.conflicts.resolve_worktrees import Note, unmerged_paths
from git_hotfix.context import Context
from git_hotfix.errors import UNCHANGED, ExitCode, Failure
from git_hotfix.git import blobs, history, refs, worktrees
from git_hotfix.git.repository import has_special_ref
from git_hotfix.git.run import Git, decode, encode
from git_hotfix.model.command_line import Placeholder, command_line
from git_hotfix.model.conflict_text import MARKER
from git_hotfix.model.frozen import frozen, replace
from git_hotfix.model.logbook import Entry
from git_hotfix.model.names import RESOLVED, IssueId, Oid, RefName, decode_component, encode_component, short
from git_hotfix.model.ref_update import RefUpdate
from git_hotfix.record import log_refs
from git_hotfix.runs import pins


@frozen
class Solutions:
    """What `--continue` took: the issue, the branches that were solved, the production branch if it is among them, and
    whether all were ready."""

    issue: str
    branches: tuple[str, ...]
    production: str | None
    complete: bool


def take(context: Context, given: str | None, *, remembered: bool) -> Solutions:
    """Take every conflict that is solved: commit it, keep the commit, remove the worktree, and unless `remembered` is
    False keep what was made of it for the same conflict elsewhere.

    What a killed run took already, and did not deliver, is taken with it. Raises `Failure` (exit 2) when none is open,
    or those of several hotfixes and none is `given`; exit 4 when one still has conflicts or markers.
    """
    mine, before = resolve_worktrees.worktrees_of(context, given), _solved_before(context, given)
    issues = sorted({note.issue for _, note in mine} or before)
    if not issues:
        raise Failure("no conflict is open", hint="git hotfix backport <issue> --resolve <target>", code=ExitCode.USAGE)
    if len(issues) > 1:
        raise Failure(
            f"conflicts of {len(issues)} hotfixes are open: which one?",
            hint="\n".join(command_line("backport", issue, continue_=True) for issue in issues),
            code=ExitCode.USAGE,
        )
    production, taken, waiting = None, before.get(issues[0], []), list[str]()
    hint = "solve it, git add the files, then: git hotfix backport --continue"
    for place, note in mine:
        try:
            there = resolve_worktrees.git_in(context.repository, place)
            why = _why_not_ready(there, note)
            if not why and (why := _why_other_work(context, there, note)):
                hint = _commands_to_reopen(place, note)
        except Failure as failure:  # deleted or moved by hand: nothing of it is taken from anywhere else
            why = f"{failure.message}\n{failure.hint}"
        if why:
            waiting.append(f"{short(note.target)} in {place}: {why}")
            continue
        commit = _commit_solution(context, resolve_worktrees.sealed_git(context, place), note)
        if commit is None:
            _record_empty(context, note)
        else:
            _keep(context, note, commit, remembered=remembered)
        worktrees.remove(context.repository, place)
        taken.append(short(note.target))
        if note.lands:
            production = short(note.target)
    for line in waiting:
        context.streams.say(f"not solved yet: {line}")
    if waiting and not taken:
        raise Failure(
            "nothing is solved yet",
            hint=hint,
            code=ExitCode.OPEN,
            unchanged=UNCHANGED,
        )
    return Solutions(issues[0], tuple(taken), production, complete=not waiting)


def _solved_before(context: Context, given: str | None) -> dict[str, list[str]]:
    """Issue → the branches whose solution was taken and waits to be delivered; none of them where a run was killed at
    its very end."""
    found: dict[str, list[str]] = {issue: [] for issue in pins.unfinished_issues(context.repository, context.snapshot)}
    for ref in context.snapshot.refs.own:
        if ref.startswith(RESOLVED):
            issue, target = map(decode_component, ref.removeprefix(RESOLVED).split("/"))
            found.setdefault(issue, []).append(target)
    wanted = resolve_worktrees.issue_of(context, given) if given else None
    return {issue: branches for issue, branches in found.items() if wanted in (None, issue)}


def _why_not_ready(there: Git, note: Note) -> str | None:
    """Why a worktree cannot be taken yet, or None."""
    left = unmerged_paths(there)
    if left:
        return f"unmerged {', '.join(left)}"
    # Against the target and not HEAD: markers may be committed, too.
    changed = there.run("diff", "--name-only", "-z", note.tip, check=False).out.split(b"\0")
    for name in map(decode, filter(None, changed)):
        file = there.cwd / name
        if file.is_file() and not file.is_symlink() and _has_new_markers(there, note, name, file.read_bytes()):
            return f"conflict markers in {name}"
    if there.run("diff", "--quiet", check=False).code != 0:
        return "changes that are not added (git add)"
    return None


def _has_new_markers(there: Git, note: Note, name: str, text: bytes) -> bool:
    """True where a file has lines like git's markers that no side of the conflict has: a text about git has some."""
    found = set(_marker_lines(text))
    if not found:
        return False
    commits = () if "\n" in name else (note.tip, note.source, *note.steps)  # git asks for one name a line
    sides = blobs.read(there, [f"{commit}:{name}" for commit in commits])
    return not found <= {line for side in sides for line in _marker_lines(side or b"")}


def _marker_lines(text: bytes) -> list[bytes]:
    return [line for line in text.split(b"\n") if re.match(MARKER, line)]


def _why_other_work(context: Context, there: Git, note: Note) -> str:
    """Why what stands in a worktree is not the merge or the pick that was opened, "" where it is: somebody gave that up
    and did something else. Nothing is changed for it."""
    git_dir = resolve_worktrees.git_dir(there)
    task = solution.Task(Oid(note.tip), Oid(note.source), tuple(map(Oid, note.steps)))
    head = Oid(there.text("rev-parse", "--verify", "HEAD"))
    if (git_dir / "MERGE_HEAD").exists():
        others = (git_dir / "MERGE_HEAD").read_text().split()
        if head == task.tip and others == [task.source] and not task.steps:
            return ""
        return f"the merge of {' '.join(each[:10] for each in others)} under way there is not the one that was opened"
    if _is_picking(there, git_dir):
        picked = Oid(there.text("rev-parse", "--verify", "CHERRY_PICK_HEAD"))
        at = history.commits(context.git, head, [task.tip], first_parent=True)
        if picked in task.steps and (head == task.tip or (at and at[0].parents == (task.tip,))):
            return ""
        return f"the pick of {picked[:10]} under way there is not one that was opened"
    if head == task.tip or (git_dir / "sequencer").exists():
        return ""  # nothing was committed yet, or more is to come
    told = there.run("log", "--walk-reflogs", "--format=%H %gs", "HEAD", check=False).lines
    during = {Oid(line.split(" ", 1)[0]) for line in told if line.partition(" ")[2].startswith("commit (cherry-pick)")}
    return solution.objection(context, task, head, during)


def _commands_to_reopen(place: Path, note: Note) -> str:
    """The commands after something else was committed in a worktree."""
    issue, target = note.issue, short(note.target)
    return (
        f"open it again: git -C {shlex.quote(str(place))} reset --keep {note.tip[:12]} "
        f"&& {command_line('backport', issue, resolve=target)}\n"
        f"or record that it needs none: {command_line('backport', issue, skip=target, reason=Placeholder('…'))}"
    )


def _keep(context: Context, note: Note, commit: Oid, *, remembered: bool) -> None:
    """The solution waits under a reference of its own until it is delivered."""
    ref = RefName(f"{RESOLVED}{encode_component(note.issue)}/{encode_component(short(note.target))}")
    known = context.snapshot.refs.own.get(ref)
    refs.update(context.repository.git, [RefUpdate(ref, known, commit)], reason="git hotfix: resolved")
    if remembered:
        _remember(context, note, commit)


def _record_empty(context: Context, note: Note) -> None:
    """Nothing of the fix was left (`git rm` of a file that the branch never had): this branch gets none, which the
    logbook says as of one that is skipped."""
    issue, here = IssueId(note.issue), context.snapshot
    facts = {"Event": "skip", "Target": note.target, "Reason": "solved by hand: it needs nothing of the fix"}
    # Another branch may have been recorded just now.
    logs = {**here.refs.logs, issue: refs.read_logs(context.repository.git, issue)}
    now = replace(here, refs=replace(here.refs, logs=logs))
    entry = Entry("event", f"skip {short(note.target)}", facts)
    log_refs.record_entries(replace(context, snapshot=now), issue, [entry], once=True)


def _commit_solution(context: Context, there: Git, note: Note) -> Oid | None:
    """The commit that the human made, or made now from what was added; None where nothing of a cherry-pick was left.
    Raises `Failure` (exit 4) where the next commit of a cherry-pick conflicts, or where there is none."""
    git_dir = resolve_worktrees.git_dir(there)
    if (git_dir / "MERGE_HEAD").exists():
        there.run("commit", "--no-verify", "--no-edit", "--cleanup=verbatim")
    last, solving = "", _is_picking(there, git_dir)
    while _is_picking(there, git_dir) or (git_dir / "sequencer").exists():
        staged = there.run("diff", "--cached", "--quiet", check=False).code != 0
        picking_now = _is_picking(there, git_dir)
        word = "--skip" if picking_now and not staged else "--continue"
        if picking_now and staged:
            _commit_pick(context, there)
            if not (git_dir / "sequencer").exists():
                break
        answer = there.run("cherry-pick", word, check=False)
        if answer.code != 0 and unmerged_paths(there):
            rules = _rules(context, Oid(note.tip), Oid(note.source))
            resolve_worktrees.settle_pick(context, rules.without_memory(), there, all_of_it=True)
        at = f"{there.text('rev-parse', 'HEAD')} {staged}" if answer.code else ""
        # A pick that turns out empty stops git too; it is skipped in the next turn, unless nothing moves any more.
        if answer.code != 0 and (unmerged_paths(there) or at == last):
            raise Failure(
                f"the next commit conflicts too, in {there.cwd}",
                hint="solve it there, git add the files, then: git hotfix backport --continue",
                code=ExitCode.OPEN,
            )
        last = at
    head = Oid(there.text("rev-parse", "--verify", "HEAD"))
    if head == note.tip and solving and not note.lands:
        return None
    if head == note.tip:
        skip = command_line("backport", skip=short(note.target), reason=Placeholder("…"))
        raise Failure(
            f"{there.cwd} does not contain a merge of the fix",
            hint=f"record that it needs none: {skip}",
            code=ExitCode.OPEN,
        )
    return _add_origins(context, there, note, head)


def _add_origins(context: Context, there: Git, note: Note, head: Oid) -> Oid:
    """The last commit of a pick, which names the commits that nobody named: `git commit -m` leaves the line out that
    tells every clone what was picked."""
    made = history.commits(context.git, head, [Oid(note.tip)], first_parent=True)
    named = {oid for commit in made for oid in human_merge.origins(commit)}
    missing = [Oid(oid) for oid in note.steps if oid not in named]
    if not missing or human_merge.origins(made[-1]):
        return head
    words = cherry_pick.with_origins(made[-1].message, missing)
    there.run("commit", "--amend", "--no-verify", "--cleanup=verbatim", "-F", "-", stdin=encode(words))
    return Oid(there.text("rev-parse", "--verify", "HEAD"))


def _is_picking(there: Git, git_dir: Path) -> bool:
    """True while a pick waits for its commit; the human may have made that already, with more of them to come."""
    return has_special_ref(there, git_dir, "CHERRY_PICK_HEAD")


def _commit_pick(context: Context, there: Git) -> None:
    """Commit the pick that was solved, with its own message: `cherry-pick --continue` would take a line that begins
    with `#` for a comment."""
    picked = Oid(there.text("rev-parse", "--verify", "CHERRY_PICK_HEAD"))
    parents = history.first_parent_of(context.git, [picked]).values()
    [commit] = history.commits(context.git, picked, parents, first_parent=True)
    there.run("commit", "--no-verify", "--cleanup=verbatim", "-F", "-", stdin=encode(cherry_pick.pick_message(commit)))


def _remember(context: Context, note: Note, commit: Oid) -> None:
    tip, source = Oid(note.tip), Oid(note.source)
    solved = [SolvedMerge(tip, source, commit)]
    if note.strategy == "cherry-pick":
        solved = human_merge.solved_picks(context, tip, commit)
    rules = _rules(context, tip, source)
    human_merge.remember(context, solved, rules)


def _rules(context: Context, tip: Oid, source: Oid) -> ResolutionRules:
    policy = context.snapshot.policy
    return ResolutionRules(context.repository, policy.backport, tip, source, vendored=policy.files.vendored)
