"""Whether production has a hotfix as a review changed it: what is tagged and delivered is what was reviewed."""

from __future__ import annotations

import re
from collections.abc import Sequence

from git_hotfix.errors import ExitCode, Failure
from git_hotfix.git import commits, diff, history, merge, patches, range_diff, remote
from git_hotfix.git.commits import Draft
from git_hotfix.git.history import FullCommit
from git_hotfix.git.repository import NOBODY
from git_hotfix.git.run import Git
from git_hotfix.hotfix.arrival import Arrival
from git_hotfix.model.command_line import command_line, git_command
from git_hotfix.model.frozen import frozen
from git_hotfix.model.hotfix import Hotfix
from git_hotfix.model.messages import mentions
from git_hotfix.model.names import Oid, RefName
from git_hotfix.model.snapshot import Snapshot
from git_hotfix.snapshot import Clone

_PICKED = re.compile(r"^\(cherry picked from commit ([0-9a-f]{40,64})\)$", re.MULTILINE)
_SKEW = 3600  # seconds by which the clock of a forge may be behind that of whoever wrote the fix
_MOST = 100  # commits of production that are compared with the fix


@frozen
class Review:
    """A commit of production that is this hotfix with other lines than its branch has here, and what takes them in."""

    commit: FullCommit
    command: str


@frozen
class _Beyond:
    """A pull request of the remote that goes on where the hotfix ends here."""

    ref: RefName
    commits: tuple[Oid, ...]  # those that are not here, newest first


def find(clone: Clone, hotfix: Hotfix, landed: Arrival | None, *, ask: bool = True) -> Review | None:
    """The commit of production that is probably this hotfix as a review changed it; None where nothing speaks for it.

    It makes the change of the hotfix in other words, by git's range-diff, or the same and more, and the branch was
    pushed and the remote no longer has it as it is here; or it makes the change of a pull request that goes on where
    the branch ends here. A commit with the tree or the patch-id of the hotfix is the hotfix. `ask` says whether the
    remote may be asked for its pull requests.
    """
    git, snapshot = clone.git, clone.snapshot
    production = snapshot.refs.branches[hotfix.production]
    if hotfix.base is None or hotfix.base in (hotfix.tip, production) or snapshot.remote is None:
        return None
    if landed and landed.exact == production:
        return None
    own = history.commits(git, hotfix.tip, [hotfix.base])
    there, equal = _candidates(git, hotfix, own, production)
    if not there:
        return None
    beyond = _find_beyond(clone, hotfix) if ask else None
    merged = beyond and _find_merged(git, hotfix, beyond, there)
    if beyond and merged:
        return Review(merged, _pull_command(snapshot, hotfix, beyond, merged))
    if equal or (landed and (landed.exact or landed.how == "merged")):
        return None
    moved = snapshot.refs.branches.get(hotfix.branch) != hotfix.tip
    if not (moved or beyond or (landed and _is_only_commit(git, hotfix, production))):
        return None
    changed = range_diff.amended_commit(git, hotfix.base, hotfix.tip, there)
    if changed is None and landed:
        changed = _find_arrival(git, hotfix, there)
    # What was never pushed nobody can have reviewed: another change of the same lines is a conflict, and no more.
    known = landed or beyond or (changed and _was_pushed(clone, hotfix, own, changed))
    return Review(changed, _pick_command(hotfix, changed)) if changed and known else None


def _candidates(git: Git, hotfix: Hotfix, own: Sequence[FullCommit], production: Oid) -> tuple[list[FullCommit], bool]:
    """The commits of `production` that could be the hotfix in other words: newer than its first commit, in files that
    it changes, no part of it, and not ruled out by somebody. And whether production has the hotfix as it is here."""
    assert hotfix.base
    since = min((commit.written for commit in own), default=0) - _SKEW
    paths = diff.changed_paths(git, hotfix.base, hotfix.tip)
    if not paths:
        return [], False
    there = history.commits_changing(git, production, [hotfix.base, hotfix.tip], paths, since=since, most=_MOST)
    out = hotfix.logbook.not_landed()
    there = [commit for commit in there if commit.parents and commit.oid not in out]
    if not there:
        return [], False
    ids = patches.commit_patch_ids(git, [commit.oid for commit in there])
    oids = [commit.oid for commit in own]
    single, steps = patches.commit_patch_ids(git, oids), patches.step_patch_ids(git, hotfix.base, oids)
    parents = {commit.oid: commit.parents[0] for commit in own}
    commit_of = {(parents[oid], oid): patch for oid, patch in single.items()}
    whole = {(hotfix.base, oid): patch for oid, patch in steps.items()}
    made = patches.makers(git, commit_of | whole, ids)
    taken = {Oid(each) for commit in own for each in _PICKED.findall(commit.message)}  # the review stands here
    same = taken & {commit.oid for commit in there} | _same_on_base(git, hotfix, there)
    equal = (
        bool(same) or (hotfix.base, hotfix.tip) in made or (bool(single) and all(each in made for each in commit_of))
    )
    parts = {*single.values(), *steps.values()}  # at another place, too, it is not the fix in other words
    return [commit for commit in there if commit.oid not in same and ids.get(commit.oid) not in parts], equal


def _find_merged(git: Git, hotfix: Hotfix, beyond: _Beyond, there: Sequence[FullCommit]) -> FullCommit | None:
    """The commit of `there` that makes the change of the pull request, or of one of its commits that are not here."""
    assert hotfix.base
    whole = patches.step_patch_ids(git, hotfix.base, beyond.commits[:1])
    single = patches.commit_patch_ids(git, beyond.commits)
    parents = history.first_parent_of(git, list(single)) if single else {}
    changes = {(parents[oid], oid): patch for oid, patch in single.items()}
    changes |= {(hotfix.base, oid): patch for oid, patch in whole.items()}
    made = patches.makers(git, changes, patches.commit_patch_ids(git, [commit.oid for commit in there]))
    makers = {oid for each in made.values() for oid in each}
    return next((commit for commit in there if commit.oid in makers), None)


def _was_pushed(clone: Clone, hotfix: Hotfix, own: Sequence[FullCommit], changed: FullCommit) -> bool:
    """True where something says that the remote had the branch: its logbook there, an offer, an upstream; or a message
    on production that names the hotfix, its title or one of its commits."""
    logs = clone.snapshot.refs.logs.get(hotfix.issue)
    if (logs and logs.there) or hotfix.logbook.was_pushed:
        return True
    if f"branch.{hotfix.branch}.merge" in clone.repository.config:
        return True
    return mentions(changed.message, hotfix.issue, (hotfix.title, *(commit.summary.subject for commit in own)))


def _same_on_base(git: Git, hotfix: Hotfix, there: Sequence[FullCommit]) -> set[Oid]:
    """Those of `there` that make the hotfix when they are picked onto its base."""
    drafts = [Draft((commit.parents[0],), hotfix.base_tree, "a side of a cherry-pick\n") for commit in there]
    pairs = list(zip(commits.write(git, drafts, NOBODY), (commit.oid for commit in there), strict=True))
    made = merge.merge_all(git, pairs)
    return {oid for (_, oid), each in zip(pairs, made, strict=True) if each.clean and each.tree == hotfix.tip_tree}


def _is_only_commit(git: Git, hotfix: Hotfix, production: Oid) -> bool:
    """True where `production` got one commit since the base: it took the place of base + fix."""
    assert hotfix.base
    return len(history.first_parents(git, [production], [hotfix.base])) == 1


def _find_arrival(git: Git, hotfix: Hotfix, there: Sequence[FullCommit]) -> FullCommit | None:
    """The commit of `there` that brought all of the fix, and more: merging the hotfix changes nothing from it on."""
    pairs = [(side, hotfix.tip) for commit in there for side in (commit.oid, commit.parents[0])]
    made = merge.merge_all(git, pairs)
    trees = history.trees(git, [side for side, _ in pairs])
    empty = [each.clean and each.tree == trees[side] for each, (side, _) in zip(made, pairs, strict=True)]
    return next((commit for n, commit in enumerate(there) if empty[2 * n] and not empty[2 * n + 1]), None)


def _find_beyond(clone: Clone, hotfix: Hotfix) -> _Beyond | None:
    """The newest pull request of the remote that goes on where this hotfix ends, by plain commits. A merge in it would
    bring something else along."""
    git, place = clone.git, clone.snapshot.remote
    assert place
    try:
        heads = remote.pull_requests(clone.repository.git, git, place.name)
    except Failure:  # the branches alone have to say it
        return None
    holding = history.tips_containing(git, hotfix.tip, heads.values()) - {hotfix.tip}
    for ref, oid in heads.items():
        more = history.commits(git, oid, [hotfix.tip]) if oid in holding else []
        if more and all(len(each.parents) == 1 for each in more):
            return _Beyond(ref, tuple(each.oid for each in reversed(more)))
    return None


def _pull_command(snapshot: Snapshot, hotfix: Hotfix, beyond: _Beyond, merged: FullCommit) -> str:
    assert snapshot.remote
    branch, tip, there = hotfix.branch, hotfix.tip[:12], (snapshot.remote.name, beyond.ref)
    here = git_command("switch", branch) if branch in snapshot.refs.local else git_command("switch", "-c", branch, tip)
    if merged.oid in beyond.commits:
        # Production was fast-forwarded: under their own ids the commits would count as production's.
        return f"{git_command('fetch', *there)} && {here} && git cherry-pick -x {tip}..{beyond.commits[0][:12]}"
    return f"{here} && {git_command('pull', '--ff-only', *there)}"


def _pick_command(hotfix: Hotfix, changed: FullCommit) -> str:
    # Onto the base, because it holds all of the fix: picked onto that it would conflict.
    switch = git_command("switch", "--no-track", "-C", hotfix.branch, (hotfix.base or "")[:12])
    return f"{switch} && git cherry-pick -x {changed.oid[:12]}"


def refusal(hotfix: Hotfix, review: Review) -> Failure:
    """What finish says instead of tagging and delivering what nobody reviewed."""
    commit = review.commit
    anyway = command_line("finish", hotfix.issue, not_landed=commit.oid[:10])
    return Failure(
        f"{hotfix.production} got a different change than {hotfix.branch}: {commit.oid[:10]} {commit.summary.subject}",
        hint=f"see what differs: git range-diff {(hotfix.base or '')[:10]}..{hotfix.tip[:10]} {commit.oid[:10]}^!\n"
        f"take the review in: {review.command}\nthen: {command_line('finish', hotfix.issue)}\n"
        f"or, if that commit is not this hotfix: {anyway}",
        code=ExitCode.REFUSED,
    )
