"""One comment on the issue of a hotfix, by the forge's own program: found by its marker, edited in place. It lists the
occasions so far, as the logbook has them."""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from typing import Any
from urllib.parse import quote

from git_hotfix.backport.forge import Forge
from git_hotfix.context import Context
from git_hotfix.documents.markdown import plain
from git_hotfix.model.frozen import frozen
from git_hotfix.model.hotfix import Hotfix
from git_hotfix.model.times import moment
from git_hotfix.notify.channels import COMMENT
from git_hotfix.notify.on_forge import Call, ForgeAnswer, ask_json, forge_at_once, refused
from git_hotfix.notify.told import Told

_LONGEST = 400  # letters of one occasion: a forge takes 65,536 in a comment, and a title may be longer


def post_comment(context: Context, hotfix: Hotfix, told: Sequence[Told]) -> Call:
    """What writes the comment; `told` is what the logbook knows, of which the comment lists its own."""
    ours = [each for each in told if each.channel == COMMENT]
    forge = forge_at_once(context)
    if forge is None:
        return refused("there is no gh or glab for this remote")
    if not hotfix.issue.isdecimal():
        return refused("the issue has no number")
    text, known = comment_text(hotfix, ours), [each.comment for each in ours if each.comment]
    return lambda: write_comment(forge, hotfix.issue, text, known)


def marker_of(issue: str) -> str:
    """The line by which our comment is found, and that no reader sees."""
    return f"<!-- git-hotfix {issue} -->"


def comment_text(hotfix: Hotfix, told: Sequence[Told]) -> str:
    """The comment: one line an occasion, in the order in which they were. Words of people do nothing in it."""
    rows = [f"- {moment(each.at)} · {plain(each.occasion)}: {plain(each.text[:_LONGEST])}" for each in told]
    return "\n".join([marker_of(hotfix.issue), f"**Hotfix {hotfix.issue}** ({hotfix.severity})", "", *rows])


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
            ("api", f"{base}/{issue}/comments?per_page=100", at, "--paginate"),
            ("api", f"{base}/{issue}/comments", at, "--method=POST"),
            ("api", f"{base}/comments/{{id}}", at, "--method=PATCH"),
            "login", "user",
        )  # fmt: skip
    host, path = forge.repository.removeprefix("https://").split("/", 1)
    at, base = f"--hostname={host}", f"projects/{quote(path, safe='')}/issues/{issue}/notes"
    return _Words(
        ("api", "user", at),
        ("api", f"{base}?per_page=100", at, "--paginate"),
        ("api", base, at, "--method=POST"),
        ("api", f"{base}/{{id}}", at, "--method=PUT"),
        "username", "author",
    )  # fmt: skip


def write_comment(forge: Forge, issue: str, text: str, known: Collection[str] = ()) -> ForgeAnswer:
    """Add the comment, or edit the one that was written before: one with the marker, of ours or with an id that the
    logbook knows (`known`: a colleague wrote it). Somebody else's with the marker is left alone.

    Where the forge does not answer in time nobody knows how it ended.
    """
    words = _words(forge, issue)
    me = ask_json(forge, words.me)
    if not isinstance(me, dict) or not isinstance(me.get(words.login), str):
        return ForgeAnswer("failed", f"not written: {me if isinstance(me, str) else f'{forge.name} knows no user'}")
    there = ask_json(forge, words.read)
    if not isinstance(there, list):
        why = there if isinstance(there, str) else f"{forge.name} answered something else"
        return ForgeAnswer("failed", f"not written: {why}")
    marked = [row for row in there if isinstance(row, dict) and str(row.get("body", "")).startswith(marker_of(issue))]
    by_us = [row for row in marked if (row.get(words.author) or {}).get(words.login) == me[words.login]]
    for row in [row for row in marked if str(row.get("id")) in known and row not in by_us]:
        answer = _write(forge, words.edit, text, row)
        if answer.state != "failed":  # a forge may refuse it: somebody else wrote it
            return answer
    return _write(forge, words.edit, text, by_us[0]) if by_us else _write(forge, words.add, text, None)


def _write(forge: Forge, command: tuple[str, ...], text: str, row: dict[str, Any] | None) -> ForgeAnswer:
    id = str(row["id"]) if row else ""
    answer = forge.ask(*(word.replace("{id}", id) for word in command), f"--raw-field=body={text}")
    if answer.silent:
        return ForgeAnswer("unknown", "nobody knows whether the comment was written")
    if answer.reason:
        return ForgeAnswer("failed", f"not written: {answer.reason}")
    return ForgeAnswer("sent", "written", id or _id_of(answer.page))


def _id_of(page: str) -> str:
    try:
        made = json.loads(page)
    except ValueError:
        return ""
    id = made.get("id") if isinstance(made, dict) else None
    return str(id) if isinstance(id, int) else ""
