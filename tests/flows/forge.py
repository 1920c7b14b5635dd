"""What a forge does with a hotfix branch: a pull request is merged, squashed, rebased or fast-forwarded."""

from __future__ import annotations

from building import Project
from sandbox import Repo

WAYS = ("merge", "squash", "rebase", "ff")


def land(project: Project, how: str) -> Repo:
    """A forge merges the pull request, in a clone of its own."""
    forge = project.another_clone("forge")
    forge.git("switch", "-q", "main")
    if how == "merge":
        forge.git("merge", "-q", "--no-ff", "-m", "Merge pull request #1", "origin/hotfix/4711")
    elif how == "squash":
        forge.git("merge", "-q", "--squash", "origin/hotfix/4711")
        forge.git("commit", "-q", "-m", "Checkout fails (#1)")
    elif how == "rebase":
        forge.git("cherry-pick", f"{forge.git('merge-base', 'main', 'origin/hotfix/4711')}..origin/hotfix/4711")
    else:
        forge.git("merge", "-q", "--ff-only", "origin/hotfix/4711")
    pushed = forge.run("git", "push", "-q", "origin", "main", env={"USER_OF_PUSH": "forge"})
    assert pushed.code == 0, pushed.err
    return forge
