"""The forge's own program, where the user has it: `gh` or `glab` finds a pull request, or opens it.

Which program runs is the user's own choice (git config `hotfix.forge`: gh, glab or none); without one it is the program
of the host's name. No file of the repository has a say, and the program is asked for this one repository by name, so
that it looks at no other remote. Its options are those of gh 2.23 and glab 1.36.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from collections.abc import Sequence
from typing import Any
from urllib.parse import quote

from git_hotfix.git.repository import Repository
from git_hotfix.model.frozen import frozen, replace
from git_hotfix.model.redact import without_secrets
from git_hotfix.model.snapshot import Remote
from git_hotfix.model.words import one_line

_PATIENCE = 60  # seconds; a forge that takes longer is told of, and its page is printed
_ASIDE = 10  # seconds, for what is only proposed
_QUIET = {"GH_PROMPT_DISABLED": "1", "GH_NO_UPDATE_NOTIFIER": "1", "NO_COLOR": "1", "NO_PROMPT": "1", "PAGER": "cat"}
_SCP = re.compile(r"^(?:[^@/]+@)?(?P<host>[^:/]+):(?P<path>[^/].*)$")
_URL = re.compile(r"^(?:ssh|https?|git)://(?:[^@/]+@)?(?P<host>[^:/]+)(?::\d+)?/(?P<path>.+)$")
_LINK = re.compile(r"https?://[^\s\"'<>\x00-\x1f\x7f-\x9f]+")


@frozen
class Request:
    """A pull request that is wanted: from one branch to another."""

    source: str
    target: str
    title: str
    body: str
    draft: bool = False
    labels: tuple[str, ...] = ()
    reviewers: tuple[str, ...] = ()
    assignees: tuple[str, ...] = ()


@frozen
class OpenRequest:
    """A pull request as the forge has it: its number, its page and its text; or why nobody could read it."""

    number: str = ""
    page: str = ""
    body: str = ""
    reason: str = ""


@frozen
class Answer:
    """The page of the pull request, or why there is none; `silent` is a forge that did not answer in time."""

    page: str = ""
    reason: str = ""
    silent: bool = False


@frozen
class IssueText:
    """What an issue says: its title and its text; or why nobody could read it."""

    title: str = ""
    text: str = ""
    reason: str = ""


@frozen
class Forge:
    """One repository on one forge, through the program that the user has for it; `patience` is the seconds that an
    answer may take."""

    program: str
    name: str
    repository: str
    patience: float = _PATIENCE

    def open_request(self, request: Request) -> Answer:
        """The open pull request between these two branches, found or made. Never a second one."""
        found = self.ask(*self._search_command(request))
        if found.reason:
            return found
        for row in _rows(found.page):
            page = row.get("url") or row.get("web_url")
            if isinstance(page, str) and _LINK.fullmatch(page):
                return Answer(page)
        made = self.ask(*self._create_command(request))
        if made.reason:
            return made
        pages = _LINK.findall(made.page)
        return Answer(pages[-1]) if pages else Answer(reason=f"{self.name} did not say where the pull request is")

    def find_request(self, source: str, target: str) -> OpenRequest:
        """The open pull request between two branches with its text; one without a number where there is none."""
        answer = self.ask(*self._search_command(Request(source, target, "", ""), text=True))
        if answer.reason:
            return OpenRequest(reason=answer.reason)
        for row in _rows(answer.page):
            page = row.get("url") or row.get("web_url")
            if isinstance(page, str) and _LINK.fullmatch(page):
                body = row.get("body" if self.name == "gh" else "description")
                number = row.get("number" if self.name == "gh" else "iid")
                return OpenRequest(str(number), page, body if isinstance(body, str) else "")
        return OpenRequest()

    def edit_request(self, number: str, body: str) -> Answer:
        """Give a pull request another text."""
        if self.name == "gh":
            return self.ask("pr", "edit", number, f"--repo={self.repository}", f"--body={body}")
        return self.ask("mr", "update", number, f"--repo={self.repository}", f"--description={body}")

    def merge_when_ready(self, number: str) -> Answer:
        """Ask the forge to merge a pull request once everything that it requires is there."""
        if self.name == "gh":
            return self.ask("pr", "merge", number, f"--repo={self.repository}", "--auto", "--merge")
        return self.ask("mr", "merge", number, f"--repo={self.repository}", "--auto-merge", "--yes")

    def close_issue(self, number: str) -> Answer:
        """Close an issue, within 10 seconds."""
        return replace(self, patience=_ASIDE).ask("issue", "close", number, f"--repo={self.repository}")

    def read_issue(self, number: str) -> IssueText:
        """The issue of that number, within 10 seconds."""
        answer = replace(self, patience=_ASIDE).ask(*self._issue_command(number))
        if answer.reason:
            return IssueText(reason=answer.reason)
        try:
            found = json.loads(answer.page)
        except ValueError:
            found = None
        if not isinstance(found, dict):
            return IssueText(reason=f"{self.name} answered something else")
        title, text = found.get("title"), found.get("body" if self.name == "gh" else "description")
        return IssueText(title if isinstance(title, str) else "", text if isinstance(text, str) else "")

    def _issue_command(self, number: str) -> Sequence[str]:
        if self.name == "gh":
            return "issue", "view", number, f"--repo={self.repository}", "--json=title,body"
        host, path = self.repository.removeprefix("https://").split("/", 1)
        return "api", f"projects/{quote(path, safe='')}/issues/{number}", f"--hostname={host}"

    def _search_command(self, request: Request, *, text: bool = False) -> Sequence[str]:
        if self.name == "gh":
            return ("pr", "list", f"--repo={self.repository}", f"--head={request.source}", f"--base={request.target}",
                    "--state=open", "--limit=1", f"--json={'url,number,body' if text else 'url'}")  # fmt: skip
        return ("mr", "list", f"--repo={self.repository}", f"--source-branch={request.source}",
                f"--target-branch={request.target}", "--output=json")  # fmt: skip

    def _create_command(self, request: Request) -> Sequence[str]:
        wished = (("label", request.labels), ("reviewer", request.reviewers), ("assignee", request.assignees))
        more = [f"--{name}={value}" for name, values in wished for value in values]
        more += ["--draft"] if request.draft else []
        if self.name == "gh":
            return ("pr", "create", f"--repo={self.repository}", f"--head={request.source}", f"--base={request.target}",
                    f"--title={request.title}", f"--body={request.body}", *more)  # fmt: skip
        return ("mr", "create", f"--repo={self.repository}", f"--source-branch={request.source}",
                f"--target-branch={request.target}", f"--title={request.title}", f"--description={request.body}",
                "--yes", *more)  # fmt: skip

    def ask(self, *words: str, given: str = "") -> Answer:
        """What the program says to `words`, and to what it is given on its input (ASCII)."""
        try:
            done = subprocess.run(
                [self.program, *words], input=given.encode("ascii"), capture_output=True, timeout=self.patience,
                env={**os.environ, **_QUIET}, check=False,
            )  # fmt: skip
        except subprocess.TimeoutExpired:
            return Answer(reason=f"{self.name} did not answer within {self.patience:g} seconds", silent=True)
        except OSError as error:
            return Answer(reason=f"{self.name}: {_shorten(str(error))}")
        if done.returncode != 0:
            said = done.stderr.decode("utf-8", "replace").strip().splitlines() or [f"exit {done.returncode}"]
            return Answer(reason=f"{self.name}: {_shorten(said[0])}")
        return Answer(page=done.stdout.decode("utf-8", "replace"))


def _shorten(text: str) -> str:
    return one_line(without_secrets(text))[:200]


def _rows(text: str) -> list[dict[str, Any]]:
    try:
        found = json.loads(text or "[]")
    except ValueError:
        return []
    return [row for row in found if isinstance(row, dict)] if isinstance(found, list) else []


def host_and_path(remote: str) -> tuple[str, str] | None:
    """The host and the path of the repository that a remote's URL names; None for a folder on this machine. No user
    name or password of the URL is in it."""
    found = _URL.match(remote) or _SCP.match(remote)
    return (found["host"], found["path"].rstrip("/").removesuffix(".git")) if found else None


def forge_of(repository: Repository, remote: Remote) -> Forge | None:
    """The forge of a remote, where the user has its program; None where pages have to be opened by hand."""
    found = host_and_path(remote.url)
    if found is None:
        return None
    host, path = found
    name = repository.setting("hotfix.forge") or next((n for n, of in (("gh", "github"), ("glab", "gitlab"))
                                                       if of in host), "none")  # fmt: skip
    program = shutil.which(name) if name in ("gh", "glab") else None
    return Forge(program, name, f"{host}/{path}" if name == "gh" else f"https://{host}/{path}") if program else None
