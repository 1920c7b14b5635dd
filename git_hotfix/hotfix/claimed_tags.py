"""Tags that say that `finish` made them for production, which does not have their fix: no hotfix starts there."""

from __future__ import annotations

from git_hotfix.hotfix import newer_release
from git_hotfix.model.hotfix import Tag
from git_hotfix.model.names import BranchName, TagName, branch_ref
from git_hotfix.model.policy import Policy
from git_hotfix.model.snapshot import Refs


def find(refs: Refs, production: BranchName, policy: Policy, newest: Tag | None) -> tuple[TagName, ...]:
    """The release tags above `newest`, production's newest one, that say so; newest first.

    Each would be the newest itself, if production had its fix. No git runs where there is no release above it.
    """
    names = [name for name in newer_release.later_tags(refs.tags, newest) if policy.is_release_tag(name)]
    said = refs.tags.some(names)
    ours = branch_ref(production)
    return tuple(
        name
        for name in names
        if name in said
        and said[name].trailer("Hotfix-Production") == ours
        and (newest is None or said[name].commit != newest.commit)
    )


def says(name: TagName, production: BranchName) -> str:
    """One sentence for people."""
    said = f"{name} says that git hotfix made it for {production}"
    return f"{said}, but {production} does not have its fix: it is not a production tag"
