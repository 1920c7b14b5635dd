"""Who let what pass: waivers of gates and approvals of a hotfix, as they were judged for the code as it is."""

from __future__ import annotations

import re

from git_hotfix.model.frozen import frozen
from git_hotfix.model.names import Oid


@frozen
class Waiver:
    """A recorded permission to pass `gates`, by `who` (`Name <mail>`) at `when` (seconds since the epoch).

    `holds` says whether it does for the code as it is now; `why` says what is wrong with it, `hint` what would help.
    `approved` names those who approved it, as far as that counts; `awaits` says that it lacks nothing but approvals.
    """

    id: str
    gates: tuple[str, ...]
    reason: str
    who: str
    when: int
    tree: Oid | None
    oid: Oid | None = None
    holds: bool = True
    why: str = ""
    hint: str = ""
    approved: tuple[str, ...] = ()
    awaits: bool = False
    withdrawn: bool = False


@frozen
class Approval:
    """That `who` (`Name <mail>`, as `role`, "" for none) approved `tree` and the waivers with these ids.

    `counted` says whether that counts for the code as it is now; `why` says what is wrong with it. `again` says that
    the same person, or key, has approved this code before.
    """

    id: str
    role: str
    who: str
    when: int
    tree: Oid | None
    waivers: tuple[str, ...] = ()
    oid: Oid | None = None
    counted: bool = True
    why: str = ""
    again: bool = False


@frozen
class Signature:
    """What became of checking a signature: the fingerprint of its `key`, or the `problem` with it in words."""

    key: str = ""
    problem: str = ""


def mail_of(who: str) -> str:
    """The address of `Name <mail>` in lower case: people and forges write one address in several ways."""
    found = re.search(r"<([^<>]*)>\s*$", who)
    return (found.group(1) if found else "").strip().lower()
