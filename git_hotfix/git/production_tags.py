"""Production tags: which tags of a repository are, and which of them is the newest (PRODUCT, "Words")."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from git_hotfix.git import history
from git_hotfix.git.run import Git
from git_hotfix.model import patterns, versions
from git_hotfix.model.hotfix import Tag
from git_hotfix.model.names import Oid, RefName, TagName
from git_hotfix.model.policy import Policy
from git_hotfix.model.tags import NewestFirst, Tags
from git_hotfix.model.versions import Rank

_NO_VERSION: Rank = ((), ())


def find(git: Git, production: Oid, ref: RefName, tags: Tags, policy: Policy) -> Sequence[Tag]:
    """The production tags among `tags`, newest first: those that match the policy's `release-tags` and are on
    `production`, or that `finish` made for `ref` and whose fix `production` has. `git` is a scratch directory's."""
    names = release_names(tags, policy)
    # The name of a hotfix tag is raised from the tag that it is made on.
    raised = policy.tag == "auto"

    def every() -> tuple[Tag, ...]:
        return order_candidates(git, production, ref, list(tags.some(names).values()))

    newest = _plainly_newest(git, production, tags.commits, names, raised=raised)
    return NewestFirst(tags[newest], every) if newest else every()


def release_names(tags: Tags, policy: Policy) -> list[TagName]:
    """The names among `tags` that match the policy's `release-tags` and do not float (`v1` beside `v1.2.3`)."""

    def choose() -> list[TagName]:
        names = [*filter(policy.is_release_tag if policy.tags.floating else patterns.tags(policy.release_tags), tags)]
        float_away = versions.floating(names, tags.commits)
        return [name for name in names if name not in float_away] if float_away else names

    return tags.choose_once((policy.release_tags, policy.tags.floating), choose)


def _plainly_newest(
    git: Git, production: Oid, commits: Mapping[TagName, Oid], names: Sequence[TagName], *, raised: bool
) -> TagName | None:
    """The newest production tag, where that is plain to see without a look at the others: one tag is the highest
    version of all, it is on production, and no other tag is on production since or was made on top of it.

    Then no tag can be newer. Of those on production all others are its ancestors. Those beside production, of which
    `finish` may have made some, are lower versions and do not hold it: of its own scheme none does where names are
    `raised`, and of the others it is asked. None where the whole rule has to decide: of 20,000 tags that took 0.4 s.
    """
    known = versions.ranking(names)
    if len(known.highest) != 1:
        return None
    newest = known.highest[0]
    top = commits[newest]
    if not history.is_ancestor(git, top, production):
        return None
    if any(commits[name] == top for name in known.unversioned):
        return None  # then their dates decide
    asked = [production, *(commits[name] for name in known.unversioned)]
    since = set(history.reachable(git, asked, [top], ignore_missing=True))
    beside = {commits[name] for name in (known.others if raised else names)} - {top}
    since |= history.tips_containing(git, top, beside) if beside else set()
    above = [name for name in names if commits[name] in since] if since else []
    return newest if all(map(versions.is_prerelease, above)) else None


def order_candidates(git: Git, production: Oid, ref: RefName, tags: Sequence[Tag]) -> tuple[Tag, ...]:
    """The production tags among `tags` (all of which match `release-tags`), newest first.

    A production tag is not a pre-release, does not float, and is reachable from `production` by any parent or made by
    `finish` for `ref`, which is looked at: production has its fix.
    Of those that are not ancestors of another the highest version is the newest; where they are not versions, the
    latest date (PRODUCT, "Words").
    """
    commits = {tag.name: tag.commit for tag in tags}
    float_away = versions.floating(commits, commits)
    candidates = [tag for tag in tags if tag.name not in float_away and not versions.is_prerelease(tag.name)]
    if not candidates:
        return ()
    ranks = {tag.name: version.rank for tag in candidates if (version := versions.parse(tag.name))}
    highest = max(candidates, key=lambda tag: (ranks.get(tag.name, _NO_VERSION), tag.date))
    held, ends = _find_below_highest(git, production, ref, candidates, highest) or _find_on_production(
        git, production, ref, candidates
    )
    return _sort_held(held, ends, ranks)


def sort_production_tags(git: Git, tags: Sequence[Tag]) -> tuple[Tag, ...]:
    """Tags of which it is known that they are production tags, newest first as `order_candidates` has them."""
    ranks = {tag.name: version.rank for tag in tags if (version := versions.parse(tag.name))}
    return _sort_held(list(tags), history.independent_tips(git, {tag.commit for tag in tags}) if tags else set(), ranks)


def _sort_held(held: list[Tag], ends: set[Oid], ranks: Mapping[TagName, Rank]) -> tuple[Tag, ...]:
    newest = [tag for tag in held if tag.commit in ends]
    rest = [tag for tag in held if tag.commit not in ends]
    return (*_sort_newest_first(newest, ranks), *_sort_newest_first(rest, ranks))


def _find_below_highest(
    git: Git, production: Oid, ref: RefName, candidates: list[Tag], highest: Tag
) -> tuple[list[Tag], set[Oid]] | None:
    """What `_find_on_production` answers, where the highest tag is on production: what it holds is too, and is no end,
    so that only the others are walked from. Of 15,000 tags nearly all are: 0.13 s instead of 0.36 s. None elsewhere."""
    outside = set(history.reachable(git, {tag.commit for tag in candidates}, [highest.commit]))
    others = [tag for tag in candidates if tag.commit in outside]
    beside = set(history.reachable(git, [highest.commit, *{tag.commit for tag in others}], [production]))
    if highest.commit in beside:
        return None
    more = _filter_by_production(git, production, ref, others, beside)
    left_out = {tag.name for tag in others} - {tag.name for tag in more}
    ends = history.independent_tips(git, {highest.commit, *(tag.commit for tag in more)}) if more else {highest.commit}
    return [tag for tag in candidates if tag.name not in left_out], ends


def _find_on_production(git: Git, production: Oid, ref: RefName, candidates: list[Tag]) -> tuple[list[Tag], set[Oid]]:
    """The production tags of `candidates`, and their commits that are not ancestors of another."""
    beside = set(history.reachable(git, {tag.commit for tag in candidates}, [production]))
    held = _filter_by_production(git, production, ref, candidates, beside)
    return held, history.independent_tips(git, {tag.commit for tag in held}) if held else set()


def _filter_by_production(git: Git, production: Oid, ref: RefName, tags: list[Tag], beside: set[Oid]) -> list[Tag]:
    """Those of `tags` that production holds, and of those beside it the ones that `finish` made for it."""
    others = [tag for tag in tags if tag.commit in beside]
    if not others:
        return tags
    from git_hotfix.git import finish_tags

    made = {tag.name for tag in finish_tags.landed_tags(git, production, ref, others)}
    return [tag for tag in tags if tag.commit not in beside or tag.name in made]


def _sort_newest_first(tags: list[Tag], ranks: Mapping[TagName, Rank]) -> list[Tag]:
    if all(tag.name in ranks for tag in tags):
        return sorted(tags, key=lambda tag: (ranks[tag.name], tag.date, tag.name), reverse=True)
    return sorted(tags, key=lambda tag: (tag.date, tag.name), reverse=True)
