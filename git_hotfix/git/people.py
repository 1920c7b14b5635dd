"""Who wrote commits: authors, committers and co-authors, by the mailmap of a revision that they cannot choose."""

from __future__ import annotations

import re
from collections.abc import Sequence

from git_hotfix.git.run import Git, decode, encode
from git_hotfix.model.frozen import frozen
from git_hotfix.model.names import Oid

_FIELDS = "%H%x00%ae%x00%aE%x00%ce%x00%cE%x00%(trailers:key=Co-authored-by,valueonly,unfold,separator=%x00)"


@frozen
class Writers:
    """The addresses of a commit in lower case: its author's as written and by the mailmap, and everybody's who had a
    hand in it."""

    author: tuple[str, str]
    all: frozenset[str]


def writers(git: Git, commits: Sequence[Oid], mailmap: Oid) -> dict[Oid, Writers]:
    """commit → its writers, in one process; `mailmap` is the commit whose `.mailmap` holds."""
    if not commits:
        return {}
    feed = "\n".join([*dict.fromkeys(commits), ""]).encode()
    out = git.run(
        "-c", f"mailmap.blob={mailmap}:.mailmap", "rev-list", "--no-walk=unsorted", "--ignore-missing",
        "--no-commit-header", "--encoding=UTF-8", f"--format={_FIELDS}", "--stdin", stdin=feed,
    ).out  # fmt: skip
    found = {}
    for row in decode(out).split("\n"):
        oid, *mails = row.lower().split("\0")
        if len(mails) >= 4:
            shared = re.findall(r"<([^<>]*)>", " ".join(mails[4:]))
            known = frozenset(mail.strip() for mail in (*mails[:4], *shared) if mail.strip())
            found[Oid(oid)] = Writers((mails[0].strip(), mails[1].strip()), known)
    return found


def mapped_address(git: Git, who: str, mailmap: Oid) -> str:
    """The address of `Name <mail>` by the `.mailmap` of the commit `mailmap`, in lower case; as written where git
    cannot read `who`."""
    found = git.run(
        "-c",
        f"mailmap.blob={mailmap}:.mailmap",
        "check-mailmap",
        "--stdin",
        stdin=encode(f"{who}\n"),
        check=False,
    )
    text = found.text if found.code == 0 else who
    return text.rpartition("<")[2].rstrip("> \n").lower()
