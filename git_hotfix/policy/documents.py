"""The files of a commit that may hold a policy."""

from __future__ import annotations

from git_hotfix.git import blobs
from git_hotfix.git.run import Git
from git_hotfix.model.names import Oid
from git_hotfix.policy.parse import OWN_FILE, SHARED_FILE


def read_documents(git: Git, commit: Oid) -> dict[str, bytes]:
    """Name → content of the files for `read_policy` that `commit` has."""
    files = (OWN_FILE, SHARED_FILE)
    contents = blobs.read(git, [f"{commit}:{file}" for file in files])
    return {file: content for file, content in zip(files, contents, strict=True) if content is not None}
