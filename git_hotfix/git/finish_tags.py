"""Tags that say that `finish` made them, and whether production has the fix that they hold: everybody who may push can
write such words into a tag, and not everybody can change production."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from git_hotfix.git import diff, history, merge, patches
from git_hotfix.git.run import Git
from git_hotfix.model.hotfix import Tag
from git_hotfix.model.logbook import trailers_of
from git_hotfix.model.names import HEADS, BranchName, Oid, RefName, branch_ref

_MOST = 100  # commits of production that changed the same files, and may have brought a fix in other words


def landed_tags(git: Git, production: Oid, ref: RefName, tags: Iterable[Tag]) -> list[Tag]:
    """Those of `tags`, none of which `production` (the branch `ref`) holds, that `finish` made for it: the tree of each
    is a base of production plus a fix, and production has that fix.

    The base is a commit of production, or another tag that is proven here. Production has the fix where a commit there
    has the tag's tree or the patch-id of the fix, or one commit each has those of its commits; where merging the tag
    changes nothing, now or where production changed the same files; and where a squash of `finish` on production names
    the tag's tip. A fix that was reverted since was released all the same.

    A fixed number of processes however many tags, but one more for each of which only an older state of production can
    tell.
    """
    said = [tag for tag in tags if tag.trailer("Hotfix-Production") == ref and tag.trailer("Hotfix-Base")]
    if not said:
        return []
    bases = {tag.commit: Oid(tag.trailer("Hotfix-Base") or "") for tag in said}
    trees = history.trees(git, [*bases, *bases.values()])
    fixes = {tip: base for tip, base in bases.items() if tip in trees and base in trees}
    if not fixes:
        return []
    beside = set(history.reachable(git, fixes.values(), [production]))
    found = _landed_commits(
        git, production, fixes, trees, {tag.commit: tag.trailer("Hotfix-Tip") or "" for tag in said}
    )
    accepted: set[Oid] = set()
    while more := {tip for tip in found - accepted if fixes[tip] not in beside or fixes[tip] in accepted}:
        accepted |= more  # a fix may stand on another that was squashed
    return [tag for tag in said if tag.commit in accepted]


def tags_of_lines(
    git: Git, branches: Mapping[BranchName, Oid], production: BranchName, tags: Sequence[Tag]
) -> list[Tag]:
    """Those of `tags` whose fix the branch has that they name as their production: it holds the tag, or `landed_tags`
    says so. A branch that is gone is judged as `production`."""
    lines: dict[BranchName, list[Tag]] = {}
    for tag in tags:
        name = BranchName((tag.trailer("Hotfix-Production") or "").removeprefix(HEADS))
        lines.setdefault(name if name in branches else production, []).append(tag)
    names = set()
    for line, own_tags in lines.items():
        beside = set(history.reachable(git, {tag.commit for tag in own_tags}, [branches[line]], ignore_missing=True))
        names |= {tag.name for tag in own_tags if tag.commit not in beside}
        doubtful = [tag for tag in own_tags if tag.commit in beside]
        names |= {tag.name for tag in landed_tags(git, branches[line], branch_ref(line), doubtful)}
    return [tag for tag in tags if tag.name in names]


def _landed_commits(
    git: Git, production: Oid, fixes: Mapping[Oid, Oid], trees: Mapping[Oid, Oid], tips: Mapping[Oid, str]
) -> set[Oid]:
    """The commits of `fixes` (tagged commit → base) whose fix `production` has."""
    forks = sorted(set(fixes.values()))
    line = _commits_since_forks(git, production, forks)
    there = {commit.tree for commit in line}
    named = {trailers_of(each.message).get("Hotfix-Tip") for each in line if "\nHotfix-Tip: " in each.message}
    found = {tip for tip in fixes if trees[tip] in there or tips[tip] in named}
    found |= _landed_by_patch(git, production, {tip: base for tip, base in fixes.items() if tip not in found}, trees)
    rest = [tip for tip in fixes if tip not in found]
    if rest:
        [now] = history.trees(git, [production]).values()
        merged = merge.merge_all(git, [(production, tip) for tip in rest])
        found |= {tip for tip, result in zip(rest, merged, strict=True) if result.clean and result.tree == now}
    return found | {tip for tip in rest if tip not in found and _was_empty(git, production, fixes[tip], tip)}


def _commits_since_forks(git: Git, production: Oid, forks: Sequence[Oid]) -> list[history.FullCommit]:
    """The commits of production's own line since the oldest of `forks`."""
    if len(forks) == 1:
        return history.commits(git, production, forks, first_parent=True)
    oldest = git.run("merge-base", "--octopus", production, *forks, check=False)
    lack = [Oid(oldest.text.split()[0])] if oldest.code == 0 and oldest.text else []
    return history.commits(git, production, lack, first_parent=True)


def _landed_by_patch(git: Git, production: Oid, fixes: Mapping[Oid, Oid], trees: Mapping[Oid, Oid]) -> set[Oid]:
    """Those of `fixes` whose change one commit of production makes, or one commit each those of its commits."""
    if not fixes:
        return set()
    own = history.links(git, fixes, [production, *fixes.values()])
    changed = diff.sides(git, [(trees[base], trees[tip]) for tip, base in fixes.items()])
    paths = sorted({path for each in changed for path in each if "\n" not in path})
    there = patches.line_patch_ids(git, production, list(fixes.values()), paths)
    if not there:
        return set()
    whole = patches.pair_patch_ids(git, [(base, tip) for tip, base in fixes.items()], trees)
    single = patches.commit_patch_ids(git, list(own))
    changes = {(fixes[tip], tip): patch for tip, patch in whole.items()}
    steps = {oid: (own[oid].parents[0], oid) for oid in single if own[oid].parents}
    made = patches.makers(git, changes | {steps[oid]: single[oid] for oid in steps}, there)
    found = {tip for tip, base in fixes.items() if (base, tip) in made}
    for tip in fixes:
        plain = [oid for oid in history.reached_in_graph(own, tip) if len(own[oid].parents) == 1]
        if plain and all(steps.get(oid) in made for oid in plain):
            found.add(tip)
    return found


def _was_empty(git: Git, production: Oid, base: Oid, tip: Oid) -> bool:
    """True where merging `tip` into production as it was once would have changed nothing, and before that something."""
    paths = diff.changed_paths(git, base, tip)
    if not paths:
        return False
    there = history.commits_changing(git, production, [base], paths, since=0, most=_MOST)
    merged = merge.merge_all(git, [(commit.oid, tip) for commit in there])
    return any(each.clean and each.tree == commit.tree for commit, each in zip(there, merged, strict=True))
