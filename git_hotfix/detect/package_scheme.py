"""Which packages of a repository have release tags of their own, and which folder each is: what `[packages]` would
say."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from git_hotfix.hotfix import packages
from git_hotfix.model import versions
from git_hotfix.model.frozen import frozen
from git_hotfix.model.hotfix import Tag
from git_hotfix.model.names import TagName
from git_hotfix.model.policy import Package, Policy


@frozen
class PackageScheme:
    """The packages of which a folder has the name, and the newest release of each (name → tag)."""

    packages: Mapping[str, Package]
    newest: Mapping[str, TagName]

    @property
    def reason(self) -> str:
        """Why they are proposed, as a comment of the policy file."""
        said = ", ".join(f"{self.newest[name]} of {each.paths[0]}" for name, each in self.packages.items())
        return f"# Tags of their own: {said}. `start` asks which one is meant; a fix of another's files is a finding."


NONE = PackageScheme({}, {})


def learn_packages(tags: Sequence[Tag], folders: Sequence[str], policy: Policy) -> PackageScheme:
    """The packages that the production tags `tags` (newest first) name, each with a folder of the same name in
    `folders` and the beginnings of its tags as patterns. None where fewer than two live, or the policy names some.

    A folder at the top comes first; one deeper down counts where no other is called so.
    """
    if policy.packages:
        return NONE
    groups: dict[str, list[Tag]] = {}
    for tag in tags:
        name = packages.package_of(tag.name, policy)
        if name is not None:
            groups.setdefault(name, []).append(tag)
    living = packages.living_names({name: packages.releases_of(each) for name, each in groups.items()}, policy)
    if len(living) < 2:
        return NONE
    found: dict[str, Package] = {}
    for name in living:
        folder = _folder(name, folders) if name else None
        if folder:
            begins = {version.prefix for tag in groups[name] if (version := versions.parse(tag.name))}
            found[name] = Package((f"{folder}/",), tuple(f"{_literal(prefix)}*" for prefix in sorted(begins)))
    return PackageScheme(found, {name: groups[name][0].name for name in found})


def _folder(name: str, folders: Sequence[str]) -> str | None:
    named = [each for each in folders if each.lower() == name or each.lower().endswith(f"/{name}")]
    top = [each for each in named if each.lower() == name]
    return next(iter(top if len(top) == 1 else named if len(named) == 1 else ()), None)


def _literal(prefix: str) -> str:
    return "".join(f"[{each}]" if each in "*?[" else each for each in prefix)
