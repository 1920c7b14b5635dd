"""Who let what pass: waivers of gates and approvals of a hotfix, as they were judged for the code as it is."""

from __future__ import annotations

import re
from collections.abc import Sequence

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
class Agreement:
    """What the approvals of one code add up to: how many people agreed, which of the required roles nobody had
    (`lacking`), and the approval that completed it all, None while something is missing."""

    people: int
    lacking: tuple[str, ...]
    completed_by: Approval | None


def add_up(approvals: Sequence[Approval], required: int, roles: Sequence[str] = ()) -> Agreement:
    """Add up `approvals`, in the order in which they were given, against what policy asks for; where it asks for
    nothing, the first one that counts completes it. Who approves again adds a role, and is counted once."""
    people, lacking, last = 0, list(roles), None
    for approval in approvals:
        if not approval.counted:
            continue
        people += not approval.again
        lacking = [role for role in lacking if role.casefold() != approval.role.casefold()]
        if last is None and not lacking and people >= required:
            last = approval
    return Agreement(people, tuple(lacking), last)


@frozen
class Signature:
    """What became of checking a signature: the fingerprint of its `key`, or the `problem` with it in words."""

    key: str = ""
    problem: str = ""


def mail_of(who: str) -> str:
    """The address of `Name <mail>` in lower case: people and forges write one address in several ways."""
    found = re.search(r"<([^<>]*)>\s*$", who)
    return (found.group(1) if found else "").strip().lower()
