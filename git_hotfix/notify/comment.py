"""One comment on the issue of a hotfix, by the forge's own program: found by its marker, edited in place."""

from __future__ import annotations

import contextlib
import json
import threading
from collections.abc import Iterator
from urllib.parse import quote

from git_hotfix.backport.forge import Forge, forge_of
from git_hotfix.context import Context
from git_hotfix.model.frozen import frozen, replace
from git_hotfix.model.hotfix import Hotfix
from git_hotfix.notify.send import PATIENCE
from git_hotfix.notify.told import State

_EACH = PATIENCE / 4  # seconds a question to the forge: who we are, which comments there are, one write, and room


class Posting:
    """How posting the comment ended, once it did."""

    result: tuple[State, str] = ("unknown", "nobody knows whether the comment was written")


@contextlib.contextmanager
def posting(context: Context, hotfix: Hotfix, text: str, wanted: bool) -> Iterator[Posting]:
    """Post the comment while the body of the `with` runs; its result is there at the end."""
    posted = Posting()
    forge = forge_of(context.repository, context.snapshot.remote) if wanted and context.snapshot.remote else None
    if not wanted:
        yield posted
        return
    if forge is None or not hotfix.issue.isdecimal():
        why = "the issue has no number" if forge else "there is no gh or glab for this remote"
        posted.result = "failed", f"not written: {why}"
        yield posted
        return

    def post() -> None:
        posted.result = write_comment(forge, hotfix.issue, text)

    thread = threading.Thread(target=post, daemon=True)
    thread.start()
    yield posted
    thread.join(PATIENCE)


@frozen
class _Words:
    """The words of one forge's program: who we are, the comments of an issue, a new one, another text of one."""

    me: tuple[str, ...]
    read: tuple[str, ...]
    add: tuple[str, ...]
    edit: tuple[str, ...]
    login: str
    author: str


def _words(forge: Forge, issue: str) -> _Words:
    if forge.name == "gh":
        host, path = forge.repository.split("/", 1)
        at, base = f"--hostname={host}", f"repos/{path}/issues"
        return _Words(
            ("api", "user", at),
            ("api", f"{base}/{issue}/comments?per_page=100", at),
            ("api", f"{base}/{issue}/comments", at, "--method=POST"),
            ("api", f"{base}/comments/{{id}}", at, "--method=PATCH"),
            "login", "user",
        )  # fmt: skip
    host, path = forge.repository.removeprefix("https://").split("/", 1)
    at, base = f"--hostname={host}", f"projects/{quote(path, safe='')}/issues/{issue}/notes"
    return _Words(
        ("api", "user", at),
        ("api", f"{base}?per_page=100", at),
        ("api", base, at, "--method=POST"),
        ("api", f"{base}/{{id}}", at, "--method=PUT"),
        "username", "author",
    )  # fmt: skip


def write_comment(forge: Forge, issue: str, text: str) -> tuple[State, str]:
    """Add the comment, or edit the one that we wrote before; somebody else's comment with the marker is left alone.

    Returns how it ended, and in words. Where the forge does not answer in time nobody knows.
    """
    forge, words, marker = replace(forge, patience=_EACH), _words(forge, issue), f"<!-- git-hotfix {issue} -->"
    me = _ask(forge, words.me)
    if not isinstance(me, dict) or not isinstance(me.get(words.login), str):
        return "failed", f"not written: {me if isinstance(me, str) else f'{forge.name} knows no user'}"
    known = _ask(forge, words.read)
    if not isinstance(known, list):
        return "failed", f"not written: {known if isinstance(known, str) else f'{forge.name} answered something else'}"
    ours = [row for row in known if isinstance(row, dict) and marker in str(row.get("body", ""))]
    ours = [row for row in ours if (row.get(words.author) or {}).get(words.login) == me[words.login]]
    command = words.add
    if ours:
        command = tuple(word.replace("{id}", str(ours[0].get("id"))) for word in words.edit)
    answer = forge.ask(*command, f"--raw-field=body={marker}\n{text}")
    if answer.silent:
        return "unknown", "nobody knows whether the comment was written"
    return ("failed", f"not written: {answer.reason}") if answer.reason else ("sent", "written")


def _ask(forge: Forge, words: tuple[str, ...]) -> object:
    """What the forge answers, read from JSON; a text that says why it did not."""
    answer = forge.ask(*words)
    if answer.reason:
        return answer.reason
    try:
        found: object = json.loads(answer.page)
    except ValueError:
        return f"{forge.name} answered something else"
    return found
