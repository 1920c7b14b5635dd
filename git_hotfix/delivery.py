"""Prepare: make the commits that bring a fix to its targets, without a checkout and without moving a reference."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from git_hotfix.git import commits, diff, history, merge
from git_hotfix.git.commits import Draft
from git_hotfix.git.repository import Identity, Repository
from git_hotfix.git.run import Git
from git_hotfix.model.frozen import frozen
from git_hotfix.model.hotfix import Hotfix
from git_hotfix.model.names import RESOLVED, Oid, RefName, encode_component, short
from git_hotfix.model.plan import Delivery, Target
from git_hotfix.model.policy import Strategy


@frozen
class Desk:
    """What preparing needs: the repository, git in its scratch directory, who signs, and whether commits are made at
    all (a dry run and `status` only want to know)."""

    repository: Repository
    git: Git
    who: Identity
    dry: bool = False
    sign_features: bool = False

    def signs(self, target: Target) -> bool:
        """True when the merge into `target` is signed: as `commit.gpgSign` says, for features only when asked."""
        return self.repository.flag("commit.gpgSign") and (target.tier < 3 or self.sign_features)


@frozen
class Fix:
    """What is delivered: the commits between `base` and `source` (the hotfix tip, or its tag's commit)."""

    hotfix: Hotfix
    base: Oid
    source: Oid


def resolved_ref(hotfix: Hotfix, target: RefName) -> RefName:
    """Where the merge that a human finished for `target` waits until it is pushed."""
    return RefName(f"{RESOLVED}{encode_component(hotfix.issue)}/{encode_component(short(target))}")


def merge_message(hotfix: Hotfix, target: Target) -> str:
    """The message of a merge, in git's words with the issue as a trailer."""
    title = f"\n\n{hotfix.title}" if hotfix.title else ""
    return f"Merge branch '{hotfix.branch}' into {target.branch}{title}\n\nHotfix-Issue: {hotfix.issue}\n"


def prepare(
    desk: Desk, fix: Fix, targets: Sequence[Target], *, strategy: Strategy, resolved: Mapping[RefName, Oid]
) -> tuple[Delivery, ...]:
    """The delivery of `fix` to every target, in the order of `targets`.

    One process answers who has the fix already, one who holds its base, one merges all, and one more tries all
    cherry-picks. A merge is used where its result is what the cherry-pick of the whole fix gives; elsewhere it would
    bring more along than the fix (promise 6). Raises `Failure` (exit 3) when git cannot merge at all.
    """
    done = history.containing(desk.git, fix.source, [target.tip for target in targets])
    by_hand = _by_hand(desk, fix, targets, resolved)
    found: dict[RefName, Delivery] = {
        target.ref: Delivery(target, "merge", "already") for target in targets if target.tip in done
    }
    found.update({ref: each for ref, each in by_hand.items() if ref not in found})
    rest = [target for target in targets if target.ref not in found]
    merged = dict(zip(rest, merge.merge_all(desk.git, [(target.tip, fix.source) for target in rest]), strict=True))
    doubtful = _doubtful(desk, fix, rest, strategy)
    picked = _picks(desk, fix, doubtful)
    if strategy == "auto":
        picked = _telling(desk, merged, picked)
    tip_trees = history.trees(desk.git, [target.tip for target in rest])
    steps = []
    for target in rest:
        result, choice = merged[target], "merge"
        if target in picked:
            result, choice = picked[target], "cherry-pick"
        if result.clean and result.tree == tip_trees[target.tip]:
            found[target.ref] = Delivery(target, choice, "already", reason="the same change is there already")  # type: ignore[arg-type]
        elif result.clean and choice == "cherry-pick":
            steps.append(target)
        elif result.clean:
            found[target.ref] = Delivery(target, "merge", "merged", tree=result.tree, resolved_by="merge")
        else:
            found[target.ref] = Delivery(target, choice, "conflict", conflicts=result.conflicts)  # type: ignore[arg-type]
    found.update(_cherry_pick(desk, fix, steps))
    found.update(_write_merges(desk, fix, [each for each in found.values() if each.tree and not each.new]))
    return tuple(found[target.ref] for target in targets)


def _by_hand(
    desk: Desk, fix: Fix, targets: Sequence[Target], resolved: Mapping[RefName, Oid]
) -> dict[RefName, Delivery]:
    """The deliveries that somebody finished by hand, as long as their target has not moved."""
    waiting = {target: resolved[ref] for target in targets if (ref := resolved_ref(fix.hotfix, target.ref)) in resolved}
    found = {}
    for target, commit in waiting.items():
        if commit != target.tip and history.is_ancestor(desk.git, target.tip, commit):
            held = history.is_ancestor(desk.git, fix.source, commit)
            strategy = "merge" if held else "cherry-pick"
            found[target.ref] = Delivery(target, strategy, "merged", new=commit, reason="resolved by hand")  # type: ignore[arg-type]
    return found


def _doubtful(desk: Desk, fix: Fix, rest: Sequence[Target], strategy: Strategy) -> list[Target]:
    """The targets for which a cherry-pick has to be tried: those whose merge could bring more than the fix."""
    if strategy == "merge":
        return []
    if strategy == "cherry-pick" or fix.source != fix.hotfix.tip:
        return list(rest)
    # A target that holds the base gets by a merge only what came after it, and that is the fix.
    holding = history.containing(desk.git, fix.base, [target.tip for target in rest])
    return [target for target in rest if target.tip not in holding]


def _picks(desk: Desk, fix: Fix, targets: Sequence[Target]) -> dict[Target, merge.Merged]:
    """What cherry-picking the whole fix at once gives for every target.

    git 2.39 has no `merge-tree --merge-base`: a commit with the target's tree and the fix's base as parent makes the
    merge base that a cherry-pick has.
    """
    sides = _with_parent(desk, [(target.tip, fix.base) for target in targets])
    tips = [(side, fix.hotfix.tip) for side in sides]
    return dict(zip(targets, merge.merge_all(desk.git, tips), strict=True))


def _telling(
    desk: Desk, merged: Mapping[Target, merge.Merged], picked: Mapping[Target, merge.Merged]
) -> dict[Target, merge.Merged]:
    """The picks that differ from their merge by more than the files that conflict in both: there the merge would
    bring something along, or conflicts where the fix alone does not."""
    same = {target for target, pick in picked.items() if pick.clean and pick == merged[target]}
    both = [target for target, pick in picked.items() if not pick.clean and not merged[target].clean]
    pairs = [(merged[target].tree, picked[target].tree) for target in both]
    for target, paths in zip(both, diff.differing(desk.git, pairs), strict=True):
        if paths <= {conflict.path for conflict in merged[target].conflicts}:
            same.add(target)
    return {target: pick for target, pick in picked.items() if target not in same}


def _with_parent(desk: Desk, pairs: Sequence[tuple[Oid, Oid]]) -> list[Oid]:
    """For every (commit or tree, parent) a commit with that tree and that parent."""
    trees = history.trees(desk.git, [commit for commit, _ in pairs])
    drafts = [Draft((parent,), trees.get(commit, commit), "a side of a cherry-pick\n") for commit, parent in pairs]
    return commits.write(desk.git, drafts, desk.who)


def _cherry_pick(desk: Desk, fix: Fix, targets: Sequence[Target], *, marked: bool = True) -> dict[RefName, Delivery]:
    """Cherry-pick the fix commit by commit onto every target: a fixed number of processes a commit, whatever the
    number of targets. A merge inside the hotfix is taken as what it changed against its first parent."""
    if not targets:
        return {}
    chain = history.commits(desk.git, fix.hotfix.tip, [fix.base], first_parent=True)
    at = {target: target.tip for target in targets}
    trees = dict(zip(targets, _trees(desk, targets), strict=True))
    found: dict[RefName, Delivery] = {}
    for commit in chain:
        going = [target for target in targets if target.ref not in found]
        sides = _with_parent(desk, [(trees[target], commit.parents[0]) for target in going])
        results = merge.merge_all(desk.git, [(side, commit.oid) for side in sides])
        drafts = []
        message = _picked(commit) if marked else commit.message
        for target, result in zip(going, results, strict=True):
            if not result.clean:
                found[target.ref] = Delivery(target, "cherry-pick", "conflict", conflicts=result.conflicts)
            elif result.tree != trees[target]:
                trees[target] = result.tree
                drafts.append((target, Draft((at[target],), result.tree, message, commit.author)))
        if desk.dry:
            continue
        for (target, _), oid in zip(drafts, _write(desk, drafts), strict=True):
            at[target] = oid
    for target in targets:
        if target.ref not in found:
            new = None if desk.dry else at[target]
            reason = "a merge would bring more than the fix"
            found[target.ref] = Delivery(
                target, "cherry-pick", "merged", new, trees[target], resolved_by="merge", reason=reason
            )
    return found


def replay(desk: Desk, fix: Fix, targets: Sequence[Target]) -> list[Delivery]:
    """The commits of the fix on top of every target, messages and authors as they are: a rebase in memory. `new` is
    None where nothing of the fix is left."""
    found = _cherry_pick(desk, fix, targets, marked=False)
    kept = [found[target.ref] for target in targets]
    return [replace(each, new=None) if each.new == each.target.tip else each for each in kept]


def _trees(desk: Desk, targets: Sequence[Target]) -> list[Oid]:
    found = history.trees(desk.git, [target.tip for target in targets])
    return [found[target.tip] for target in targets]


def _picked(commit: history.FullCommit) -> str:
    """The message of a cherry-picked commit, as `git cherry-pick -x` writes it."""
    message = commit.message.rstrip("\n")
    gap = "\n" if "\n\n(cherry picked from commit " in message else "\n\n"
    return f"{message}{gap}(cherry picked from commit {commit.oid})\n"


def _write_merges(desk: Desk, fix: Fix, merged: Sequence[Delivery]) -> dict[RefName, Delivery]:
    if desk.dry:
        return {}
    drafts = []
    for each in merged:
        parents = (each.target.tip, fix.source)
        drafts.append((each.target, Draft(parents, each.tree, merge_message(fix.hotfix, each.target))))
    written = _write(desk, drafts)
    return {each.target.ref: replace(each, new=oid) for each, oid in zip(merged, written, strict=True)}


def _write(desk: Desk, drafts: Sequence[tuple[Target, Draft]]) -> list[Oid]:
    """Write all drafts: the unsigned ones in one process, each signed one by itself (fast-import cannot sign)."""
    plain = [draft for target, draft in drafts if not desk.signs(target)]
    written = iter(commits.write(desk.git, plain, desk.who))
    return [
        commits.write_signed(desk.repository, draft) if desk.signs(target) else next(written)
        for target, draft in drafts
    ]
