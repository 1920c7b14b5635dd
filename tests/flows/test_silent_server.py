"""A server that does not say what its tags name, as a bundle and most remote helpers do not."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from building import Project
from sandbox import Repo

from git_hotfix.git.private_dir import private_git_dir
from git_hotfix.git.repository import open_repository
from git_hotfix.model.hotfix import Tag
from git_hotfix.model.names import IssueId
from git_hotfix.snapshot import take_snapshot


def asked(clone: Repo) -> tuple[Sequence[Tag], list[Tag], list[Tag]]:
    """What asking the remote says: production tags, all tags, and those that finish made for the issue 12."""
    repository = open_repository(clone.path)
    with private_git_dir(repository, keep=False) as git:
        seen = take_snapshot(repository, git, view="ask")
        return (
            list(seen.production_tags),
            sorted(seen.refs.tags.all(), key=lambda tag: tag.name),
            seen.refs.tags.finish_tags(IssueId("12")),
        )


@pytest.mark.parametrize("known", [True, False])
def test_what_tags_name_is_read_then(project: Project, known: bool) -> None:
    """The highest version is not the newest tag of production, one was made by finish, one is new there."""
    there, clone = project.remote, project.clone
    there.git("tag", "-a", "v9", "-m", "v9", "v1.4.1^{commit}")
    there.git("tag", "-a", "v1.5", "-m", "fix\n\nHotfix-Issue: 12", "main")
    if known:
        clone.git("fetch", "-q", "--tags")
    else:
        clone = project.another_clone("other", "--no-tags")
    there.git("tag", "-a", "v1.6", "-m", "v1.6", "v9")
    there.git("tag", "plain", "main")
    told = asked(clone)
    assert [tag.name for tag in told[0]] == ["v1.5", "v1.4.2", "v9", "v1.6", "v1.4.1"]
    assert [tag.name for tag in told[2]] == ["v1.5"]
    bundle = project.root / "all.bundle"
    there.git("bundle", "create", "-q", str(bundle), "--all")
    clone.git("remote", "set-url", "origin", str(bundle))
    assert "^{}" not in clone.git("ls-remote", "origin")
    assert asked(clone) == told
