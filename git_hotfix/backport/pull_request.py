"""The pull request that a branch asks for when it takes no direct push."""

from __future__ import annotations

import re
from collections.abc import Sequence
from urllib.parse import quote, urlencode

from git_hotfix.model.hotfix import Hotfix
from git_hotfix.model.names import BranchName
from git_hotfix.model.words import one_line

_SCP = re.compile(r"^(?:[^@/]+@)?(?P<host>[^:/]+):(?P<path>[^/].*)$")
_URL = re.compile(r"^(?:ssh|https?|git)://(?:[^@/]+@)?(?P<host>[^:/]+)(?::\d+)?/(?P<path>.+)$")


def place(remote: str) -> tuple[str, str] | None:
    """The host and the path of the repository that a remote's URL names; None for a folder on this machine. No user
    name or password of the URL is in it."""
    found = _URL.match(remote) or _SCP.match(remote)
    return (found["host"], found["path"].rstrip("/").removesuffix(".git")) if found else None


def url(remote: str, source: str, target: str) -> str | None:
    """The page that opens a pull request from `source` to `target`, for the forges whose pages are known; None for
    any other remote. No user name or password of the remote's URL is in it."""
    found = place(remote)
    if not found:
        return None
    host, path = found
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
    """Title and body of the pull request for production, from what git and the logbook know."""
    ticket = hotfix.logbook.start.facts.get("Ticket") if hotfix.logbook.start else None
    rows = [
        title(hotfix),
        "",
        f"Severity {hotfix.severity}, from production tag {hotfix.base_tag} into {hotfix.production}.",
        *([f"Ticket: {one_line(ticket)}"] if ticket else []),
        "",
        "Files:",
        *(f"- {one_line(file)}" for file in files),
        "",
        f"After it was merged: git hotfix finish {hotfix.issue}",
    ]
    return "\n".join(rows)


def title(hotfix: Hotfix, target: BranchName | None = None) -> str:
    """The title of a pull request, which says where it goes unless that is production."""
    into = f" into {target}" if target else ""
    return one_line(f"Hotfix {hotfix.issue}{into}" + (f": {hotfix.title}" if hotfix.title else ""))


def delivery_text(hotfix: Hotfix, target: BranchName, *, conflicts: Sequence[str] = ()) -> str:
    """The body of the pull request that brings a fix to a target: it stands on production already.

    What a path or a name says is quoted as code: it mentions nobody and closes nothing.
    """
    rows = [
        f"Brings hotfix {_code(hotfix.issue)} (severity {hotfix.severity}, on {_code(hotfix.production)}) to "
        f"{_code(target)}, and nothing else.",
        "",
    ]
    if conflicts:
        rows += ["These files are in conflict:", *(f"- {_code(path)}" for path in conflicts), ""]
    rows.append(f"After it was merged: {_code(f'git hotfix backport {hotfix.issue}')}")
    return "\n".join(rows)


def _code(text: str) -> str:
    return f"`{one_line(text).replace('`', chr(39))}`"
