"""The facts of one hotfix that its gates judge."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from git_hotfix.approvals import read
from git_hotfix.git import blobs, diff, history, production_tags
from git_hotfix.git.content import Reader
from git_hotfix.git.history import FullCommit
from git_hotfix.git.run import Git
from git_hotfix.hotfix import foreign_commits, packages
from git_hotfix.hotfix.find import newer_tag, require_seen, tagger
from git_hotfix.model import patterns, versions
from git_hotfix.model.hotfix import EarlierHotfix, Facts, Foreign, Hotfix, Landing, Tag
from git_hotfix.model.names import (
    Oid,
    RefName,
    TagName,
    branch_ref,
)
from git_hotfix.model.snapshot import Snapshot
from git_hotfix.snapshot import unseen_tags


def facts_of(
    git: Git, snapshot: Snapshot, hotfix: Hotfix, *, at_production: bool = False, landing: Landing | None = None
) -> Facts:
    """Everything that the gates may ask of `hotfix`; `git` is a scratch directory's. Raises `HiddenHistory`."""
    require_seen(git, snapshot, hotfix)
    base = hotfix.base or hotfix.tip
    own = history.commits(git, hotfix.tip, [base])
    changes = diff.changes(git, base, hotfix.tip)
    waivers, approvals = read.read_approvals(git, snapshot, hotfix, own)
    newer = newer_tag(git, snapshot, hotfix)
    return Facts(
        hotfix=hotfix,
        changes=changes,
        commits=tuple(commit.summary for commit in own),
        policy=snapshot.policy,
        content=Reader(git, base, hotfix.tip, changes, snapshot.refs.branches[hotfix.production]),
        newest_tag=newer.name if newer else hotfix.base_tag,
        newest_by=tagger(git, newer) if newer else "",
        foreign=_foreign_commits(git, snapshot, hotfix, own),
        at_production=at_production,
        landing=landing,
        problems=snapshot.problems,
        unseen_tags=_unseen_tags(git, snapshot, hotfix.tip),
        packages=packages.known_packages(snapshot),
        waivers=waivers,
        approvals=approvals,
        next_tag=lambda: _next_tag(git, snapshot, hotfix, landing),
        earlier_hotfix=lambda paths: _earlier_hotfix(git, snapshot, hotfix, paths),
    )


def _next_tag(git: Git, snapshot: Snapshot, hotfix: Hotfix, landing: Landing | None) -> TagName | None:
    """The tag that is pushed with the hotfix, else the one that `finish` made, that somebody chose, or that follows
    from the base tag by a rule; None where a person has to choose."""
    if landing and landing.tags:
        return landing.tags[0]
    made = snapshot.finish_tags(hotfix.issue)
    if made or hotfix.tag:
        return made[0].name if made else hotfix.tag
    if hotfix.base is None:
        return None
    from git_hotfix.hotfix import tag_names  # datetime, which a hook does without where the tag is known
    from git_hotfix.hotfix.next_tag import NextTag

    base = Tag(hotfix.base_tag or TagName(""), hotfix.base, hotfix.base, 0, annotated=False)
    found = tag_names.next_name(git, snapshot, tag_names.UntaggedFix(hotfix.issue, base, hotfix.tip))
    return found.name if isinstance(found, NextTag) else None


def _earlier_hotfix(git: Git, snapshot: Snapshot, hotfix: Hotfix, paths: Sequence[str]) -> EarlierHotfix | None:
    """By numbers alone: a hotfix is what has a third number that is not zero."""
    base = versions.parse(hotfix.base_tag or "")
    names = production_tags.release_names(snapshot.refs.tags, snapshot.policy) if base else []
    known = {name: found for name in names if (found := versions.parse(name)) and not versions.is_prerelease(name)}
    before = [
        (version.rank, name)
        for name, version in known.items()
        if base and versions.same_scheme(version, base) and version.rank <= base.rank and version.is_hotfix
    ]
    if not before:
        return None
    _, tag = max(before)
    commit = snapshot.refs.tags.commits[tag]
    contents = blobs.read(git, [f"{commit}:{path}" for path in paths])
    return EarlierHotfix(tag, dict(zip(paths, contents, strict=True)))


def _foreign_commits(git: Git, snapshot: Snapshot, hotfix: Hotfix, own: Sequence[FullCommit]) -> tuple[Foreign, ...]:
    """The commits of `own` that other branches made.

    A release or feature branch that holds the whole hotfix was made from it (a staging branch, say); another hotfix
    whose tip lies inside this one is what this one was stacked on.
    """
    if hotfix.base is None or not own:
        return ()
    ids = [commit.oid for commit in own]
    policy = snapshot.policy
    watched = patterns.names(tuple(p for p in policy.backport.targets if p != "<develop>") + policy.support)
    known, lines = snapshot.refs.branches, (snapshot.production, snapshot.develop, hotfix.production)
    others = {
        name: oid for name, oid in known.items() if watched(name) and not snapshot.issue_of(name) and name not in lines
    }
    alive = history.young_tips(git, ids, set(others.values()))
    moved = {*(oid for name, oid in known.items() if name in lines), *alive} - {hotfix.base}
    if not moved or len(history.reachable(git, [hotfix.tip], [hotfix.base, *moved])) == len(ids):
        return _commits_of_hotfixes_below(git, snapshot, hotfix, ids)  # nobody else has any, as nearly always
    made_of_it = history.tips_containing(git, hotfix.tip, alive)
    branches = {branch_ref(name): oid for name, oid in known.items() if name in lines}
    branches |= {branch_ref(name): oid for name, oid in others.items() if oid in alive and oid not in made_of_it}
    is_line = patterns.names(policy.support)
    never = {branch_ref(name) for name in known if name in lines or is_line(name)}
    found = _commits_of_branches(git, hotfix, own, branches, never)
    # Committed on this branch in this clone: whoever has it now has it from here, by a fast-forward or a cut.
    ours = snapshot.commits_made_here(hotfix.branch) if found else ()
    return (
        *(each for each in found if each.commit not in ours),
        *_commits_of_hotfixes_below(git, snapshot, hotfix, ids),
    )


def _commits_of_branches(
    git: Git, hotfix: Hotfix, own: Sequence[FullCommit], branches: Mapping[RefName, Oid], lines: Collection[RefName]
) -> tuple[Foreign, ...]:
    """The commits of `own` that `branches` made, of which `lines` are never a topic branch of the hotfix.

    A branch made the commits of its first-parent chain; those that came to it by a merge, a delivery of this very
    hotfix among them, are not its own. What the logbook says was offered for merging was the hotfix's before any
    branch had it.
    """
    assert hotfix.base
    ids = dict.fromkeys(commit.oid for commit in own)
    if len(history.reachable(git, [hotfix.tip], [hotfix.base, *branches.values()])) == len(ids):
        return ()
    offered = history.existing_commits(git, (entry.facts.get("Tip") for entry in hotfix.logbook.current))
    links = history.links(git, branches.values(), [hotfix.base, *offered], first_parent=True)
    if ids.keys().isdisjoint(links):
        return ()
    chains = foreign_commits.Chains(branches, lines, links, hotfix.base, ids)
    elsewhere = chains.branches_begun_elsewhere()
    whole = history.links(git, (oid for ref, oid in branches.items() if ref not in elsewhere), [hotfix.base])
    start = hotfix.logbook.start
    return foreign_commits.find_foreign(
        chains, elsewhere, whole, started=start.when if start else None, straight=_first_parents(hotfix.tip, own)
    )


def _first_parents(tip: Oid, own: Sequence[FullCommit]) -> set[Oid]:
    first = {commit.oid: commit.parents[0] for commit in own if commit.parents}
    found: set[Oid] = set()
    while tip in first:
        found.add(tip)
        tip = first[tip]
    return found


def _commits_of_hotfixes_below(git: Git, snapshot: Snapshot, hotfix: Hotfix, own: list[Oid]) -> tuple[Foreign, ...]:
    """The commits of another, unfinished hotfix that this one stands on."""
    inside = set(own) - {hotfix.tip}
    branches = {**snapshot.refs.local, **snapshot.refs.branches}
    below = {
        name: tip
        for name, tip in branches.items()
        if snapshot.issue_of(name) and name != hotfix.branch and tip in inside
    }
    assert hotfix.base
    return tuple(
        Foreign(commit, branch_ref(name))
        for name, tip in below.items()
        for commit in history.reachable(git, [tip], [hotfix.base])
    )


def _unseen_tags(git: Git, snapshot: Snapshot, tip: Oid) -> tuple[TagName, ...]:
    names = unseen_tags(snapshot)
    if not names:
        return ()
    commits = {name: tag.commit for name, tag in snapshot.refs.local_tags.some(names).items()}
    beside = set(history.reachable(git, set(commits.values()), [tip]))
    return tuple(name for name, commit in commits.items() if commit not in beside)
