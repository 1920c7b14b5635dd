"""Tags that move with the releases: `v1` and `v1.4` stand where the highest release of their part stands."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from git_hotfix.model import versions
from git_hotfix.model.late_pattern import late_pattern
from git_hotfix.model.names import TagName, why_no_tag
from git_hotfix.model.versions import Version

_PARTS = ("major", "minor")
_PLACEHOLDER = late_pattern(r"\{([^{}]*)\}")


def why_no_floating(template: str) -> str | None:
    """Why `template` can name no floating tags, in words; None when it can."""
    names = _PLACEHOLDER.findall(template)
    unknown = next((name for name in names if name not in _PARTS), None)
    if unknown is not None:
        return f"{{{unknown}}} is not a placeholder; known here: {{major}}, {{minor}}"
    if names not in (["major"], ["major", "minor"]):
        return "the name of a floating tag holds {major}, or {major} and then {minor}"
    return why_no_tag(_PLACEHOLDER.sub("1", template))


def floats(template: str, tag: str) -> bool:
    """True when `tag` is a name that `template` makes."""
    words = [re.escape(word) for word in _PLACEHOLDER.split(template)[::2]]
    return re.fullmatch(r"\d+".join(words), tag) is not None


def names_of(templates: Iterable[str], tag: TagName, releases: Iterable[TagName]) -> list[TagName]:
    """The floating tags that move to the release `tag`: those of whose part it is the highest among `releases`.

    A template is for one scheme: what stands before its first placeholder is what stands before the numbers of the
    tags, but for a `v` (`v{major}` serves 1.4.3 too, and not app/v1.4.3).
    """
    version = versions.parse(tag)
    if version is None or versions.is_prerelease(tag):
        return []
    others = [other for name in releases if not versions.is_prerelease(name) and (other := versions.parse(name))]
    return [name for template in templates if (name := _name(template, version, others)) and name != tag]


def _name(template: str, version: Version, others: Iterable[Version]) -> TagName | None:
    prefix = _PLACEHOLDER.split(template)[0].removesuffix("v")
    width = len(_PLACEHOLDER.findall(template))
    if version.prefix.removesuffix("v") != prefix or len(version.numbers) < width:
        return None
    part = version.numbers[:width]
    for other in others:
        same = other.prefix.removesuffix("v") == prefix and other.numbers[:width] == part
        if same and other.rank > version.rank:
            return None
    numbers: Mapping[str, int] = dict(zip(_PARTS, version.numbers, strict=False))
    return TagName(_PLACEHOLDER.sub(lambda found: str(numbers[found[1]]), template))
