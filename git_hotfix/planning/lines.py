"""Which branch is production for a hotfix that starts at a chosen tag."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from git_hotfix.model import patterns, versions
from git_hotfix.model.hotfix import Tag
from git_hotfix.model.names import BranchName
from git_hotfix.model.situation import Situation

_RELEASES = ("release/*", "releases/*")


def line_of(
    situation: Situation, tag: Tag, ahead: Mapping[BranchName, int], forked: Collection[BranchName]
) -> BranchName | None:
    """The branch that is production for `tag`, of those that hold it; None when only features and the like do.

    `ahead` counts the first-parent commits of each branch that holds the tag since then; `forked` are those that left
    the production branch right behind it, so that no other production tag lies between. Production's newest tag is
    production's. An older one belongs to the support branch that was made of it; a release branch that merely comes
    after it is nobody's line, unless production does not hold the tag at all.
    """
    newest = situation.newest_tag
    if situation.production in ahead and newest and newest.commit == tag.commit:
        return situation.production
    support = patterns.names(situation.policy.support)
    lines = [
        name for name in ahead if support(name) and situation.issue_of(name) is None and name != situation.production
    ]
    kept = [name for name in lines if not patterns.names(_RELEASES)(name)]
    if situation.production in ahead:
        own = [name for name in kept if name in forked]
        return min(own, key=lambda name: (ahead[name], name)) if own else situation.production
    return min(kept or lines, key=lambda name: (ahead[name], name), default=None)


def own_tag(tags: Sequence[Tag], on_production: Sequence[Tag]) -> Tag | None:
    """The newest production tag that is a release line's own, of the line's `tags`, newest first; None for a line that
    was never released, which has its newest tag from production.

    One that production does not hold is the line's. One that it holds is the line's where the line was made of it: it
    is the highest of its series (`v1.3.2` of all `v1.3.*`) there, and production has gone on to another series.
    """
    newest = next(iter(tags), None)
    if newest is None or newest.commit not in {tag.commit for tag in on_production}:
        return newest
    series = _series(newest)
    current = next(iter(on_production))
    higher = (tag for tag in on_production if _series(tag) == series and tag.name != newest.name)
    if series is None or _series(current) == series or any(_last(tag) > _last(newest) for tag in higher):
        return None
    return newest


def _series(tag: Tag) -> tuple[str, tuple[int, ...], str] | None:
    """What tags have in common that differ by their last number only."""
    version = versions.parse(tag.name)
    return (version.prefix, version.numbers[:-1], version.suffix) if version else None


def _last(tag: Tag) -> int:
    version = versions.parse(tag.name)
    return version.numbers[-1] if version else -1
