"""The pull request that production asks for when it takes no direct push."""

from __future__ import annotations

import re
from collections.abc import Sequence
from urllib.parse import quote, urlencode

from git_hotfix.model.hotfix import Hotfix

_SCP = re.compile(r"^(?:[^@/]+@)?(?P<host>[^:/]+):(?P<path>[^/].*)$")
_URL = re.compile(r"^(?:ssh|https?|git)://(?:[^@/]+@)?(?P<host>[^:/]+)(?::\d+)?/(?P<path>.+)$")


def url(remote: str, source: str, target: str) -> str | None:
    """The page that opens a pull request from `source` to `target`, for the forges whose pages are known; None for
    any other remote. No user name or password of the remote's URL is in it."""
    found = _URL.match(remote) or _SCP.match(remote)
    if not found:
        return None
    host, path = found["host"], found["path"].rstrip("/").removesuffix(".git")
    site = f"https://{host}/{quote(path)}"
    if "gitlab" in host:
        ends = {"merge_request[source_branch]": source, "merge_request[target_branch]": target}
        return f"{site}/-/merge_requests/new?{urlencode(ends)}"
    if "bitbucket" in host:
        return f"{site}/pull-requests/new?source={quote(source, safe='')}&dest={quote(target, safe='')}"
    if "github" in host:
        return f"{site}/compare/{quote(target)}...{quote(source)}?expand=1"
    return None


def text(hotfix: Hotfix, files: Sequence[str]) -> str:
    """Title and body of the pull request, from what git knows."""
    title = f"Hotfix {hotfix.issue}" + (f": {hotfix.title}" if hotfix.title else "")
    rows = [
        title,
        "",
        f"Severity {hotfix.severity}, from production tag {hotfix.base_tag} into {hotfix.production}.",
        "",
        "Files:",
        *(f"- {file}" for file in files),
        "",
        f"After it was merged: git hotfix finish {hotfix.issue}",
    ]
    return "\n".join(rows)
