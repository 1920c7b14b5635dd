"""Prepare: which floating tags move to the tags of this run."""

from __future__ import annotations

from collections.abc import Sequence

from git_hotfix.model.floating import names_of
from git_hotfix.model.names import TagName
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
            if there.commits.get(name) != each.target:
                found[name] = FloatingTag(name, there.ids.get(name), each.target, each.name)
    return tuple(found.values())
