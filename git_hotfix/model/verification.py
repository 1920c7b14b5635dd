"""What is known of a released hotfix, as anybody verifies it offline: its story, and one check for each part."""

from __future__ import annotations

from typing import Literal, get_args

from git_hotfix.model.frozen import frozen
from git_hotfix.model.names import IssueId, TagName

CheckId = Literal[
    "tree", "base", "tag-object", "log-end", "log-chain", "approvals", "evidence", "waivers", "policy"
]  # fmt: skip
CheckState = Literal["pass", "fail", "unknown"]
CHECKS: tuple[CheckId, ...] = get_args(CheckId)


@frozen
class Check:
    """One check: what was expected, and what was found; of a `fail` each line of `found` is one thing that is wrong.
    `unknown` is what nobody can tell from what is here."""

    id: CheckId
    state: CheckState
    expected: str
    found: str


@frozen
class Verification:
    """A tag, the hotfix that it released, the story in rows of a word and a text, and the checks."""

    tag: TagName
    issue: IssueId
    title: str
    story: tuple[tuple[str, str], ...]
    checks: tuple[Check, ...]

    @property
    def failed(self) -> tuple[Check, ...]:
        """The checks that found something wrong."""
        return tuple(check for check in self.checks if check.state == "fail")

    @property
    def unknown(self) -> tuple[Check, ...]:
        """The checks of which nobody can tell."""
        return tuple(check for check in self.checks if check.state == "unknown")
