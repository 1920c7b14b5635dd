"""Which branch of the remote a local branch follows, as `git push -u` says it."""

from __future__ import annotations

from git_hotfix.git.repository import Repository
from git_hotfix.model.names import BranchName, branch_ref
from git_hotfix.model.snapshot import Remote


def follow(repository: Repository, remote: Remote, branch: BranchName) -> None:
    """Set the branch of the same name on `remote` as the upstream of `branch`, so that `git push` and `git pull` need
    no arguments. git's own command is not asked: it wants to see a remote-tracking branch, which a clone may not keep.
    """
    for key, value in (("remote", remote.name), ("merge", branch_ref(branch))):
        repository.git.run("config", "--local", "--replace-all", f"branch.{branch}.{key}", value)
