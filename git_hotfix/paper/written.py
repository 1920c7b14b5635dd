"""Where the documents of a hotfix stand in the repository, and whether they are there."""

from __future__ import annotations

from git_hotfix.context import Context
from git_hotfix.git import blobs
from git_hotfix.model.document_path import fill_path
from git_hotfix.model.hotfix import Hotfix
from git_hotfix.model.names import BranchName, TagName


def post_mortem_path(context: Context, issue: str, tag: str) -> str:
    """The path of the post-mortem: the policy's, with the tag and the issue in it; a `/` in a name stays one file."""
    return fill_path(context.snapshot.policy.documents.postmortem, tag, issue)


def tips_of_documents(context: Context, line: str) -> tuple[str, ...]:
    """The commits that documents of a hotfix for `line` are looked for in: the tips of develop, the line and
    production."""
    snapshot = context.snapshot
    names = dict.fromkeys((snapshot.develop, BranchName(line), snapshot.production))
    return tuple(snapshot.refs.branches[name] for name in names if name and name in snapshot.refs.branches)


def stands(context: Context, hotfix: Hotfix, tag: TagName | None) -> bool:
    """True where the post-mortem is a file of develop or production on the remote."""
    if not tag:
        return False
    path = post_mortem_path(context, hotfix.issue, tag)
    return any(blobs.read(context.git, [f"{tip}:{path}" for tip in tips_of_documents(context, hotfix.production)]))
