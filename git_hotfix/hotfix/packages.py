"""The packages of a repository that are released by tags of their own, as its production tags show them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from git_hotfix.git import production_tags
from git_hotfix.git.run import Git
from git_hotfix.hotfix import package_words
from git_hotfix.hotfix.package_words import Releases
from git_hotfix.model import versions
from git_hotfix.model.hotfix import Tag
from git_hotfix.model.names import branch_ref
from git_hotfix.model.policy import Package
from git_hotfix.model.snapshot import Snapshot
from git_hotfix.model.versions import Rank

_NONE: Rank = ((), ())


def words(snapshot: Snapshot) -> list[str]:
    """What the release tags begin with, one word a package; of 20,000 tags in 20 ms."""
    names = production_tags.release_names(snapshot.refs.tags, snapshot.policy)
    return sorted({word.strip("/") for word in versions.schemes(names)})


def known(snapshot: Snapshot) -> Mapping[str, Package]:
    """The packages and their paths, as the policy says, or as the names of tags suggest."""
    return package_words.known(snapshot.policy, () if snapshot.policy.packages else words(snapshot))


def newest(git: Git, snapshot: Snapshot, name: str) -> Tag | None:
    """The newest production tag of a package; None for one that was never released."""
    policy = snapshot.policy
    tags = [tag for tag in snapshot.production_tags if package_words.package_of(tag.name, policy) == name]
    tip, ref = snapshot.refs.branches[snapshot.production], branch_ref(snapshot.production)
    return next(iter(production_tags.ordered(git, tip, ref, tags)), None)


def alive(git: Git, snapshot: Snapshot) -> dict[str, Tag]:
    """The newest production tag of every package that a hotfix may be meant for; one where there are no packages.

    All tags are looked at only where their names begin with several words, or the policy names packages.
    """
    policy = snapshot.policy
    if not policy.packages and len(words(snapshot)) < 2:
        return {}
    groups: dict[str, list[Tag]] = {}
    for tag in snapshot.production_tags:
        name = package_words.package_of(tag.name, policy)
        if name is not None:
            groups.setdefault(name, []).append(tag)
    found = {name: releases(tags) for name, tags in groups.items()}
    tags = {name: newest(git, snapshot, name) for name in package_words.alive(found, policy)}
    return {name: tag for name, tag in tags.items() if tag}


def releases(tags: Sequence[Tag]) -> Releases:
    """The releases of one package, of which `tags` are all on production, the newest first."""
    ranks = [version.rank if (version := versions.parse(tag.name)) else _NONE for tag in tags]
    dates = [tag.date for tag in tags]
    return Releases(tags[0].name, min(dates), max(dates), min(ranks), max(ranks))
