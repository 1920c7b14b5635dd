"""Prepare: which floating tags move to the tags of this run."""

from __future__ import annotations

from collections.abc import Sequence

from git_hotfix.model.floating import names_of
from git_hotfix.model.names import BranchName, TagName
from git_hotfix.model.plan import Delivery, FloatingTag, TagPlan
from git_hotfix.model.situation import Situation


def planned(situation: Situation, tag: TagPlan | None, deliveries: Sequence[Delivery] = ()) -> tuple[FloatingTag, ...]:
    """The floating tags that the hotfix's `tag` and the lines' tags of `deliveries` move. None moves where it stands
    there already, or where a higher release of its part is known."""
    templates = situation.policy.tags.floating
    made = [each for each in (tag, *(each.tag for each in deliveries)) if each]
    if not templates or not made:
        return ()
    there = situation.refs.tags
    releases = {*filter(situation.policy.is_release_tag, there), *(each.name for each in made)}
    found: dict[TagName, FloatingTag] = {}
    for each in made:
        for name in names_of(templates, each.name, releases):
            if there.commits.get(name) != each.target and not _is_branch(situation, name):
                found[name] = FloatingTag(name, there.ids.get(name), each.target, each.name)
    return tuple(found.values())


def refused(situation: Situation, tag: TagPlan | None) -> tuple[str, ...]:
    """Why floating tags that a policy wants for `tag` do not move, in words."""
    names = names_of(situation.policy.tags.floating, tag.name, {tag.name}) if tag else []
    return tuple(
        f"floating tag {name} is not moved: there is a branch {name}, and git could not tell one from the other"
        for name in names
        if _is_branch(situation, name)
    )


def _is_branch(situation: Situation, name: TagName) -> bool:
    return BranchName(name) in {**situation.refs.branches, **situation.refs.local}
