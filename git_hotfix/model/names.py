"""The names git and the field use, as types: a string of one kind is never taken for another."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from typing import NewType

from git_hotfix.model.late_pattern import late_pattern

Oid = NewType("Oid", str)
"""A full object id in lower-case hex: 40 digits, or 64 in a SHA-256 repository."""
RefName = NewType("RefName", str)
"""A full reference name, `refs/…`; bytes that are not UTF-8 are kept as surrogate escapes."""
BranchName = NewType("BranchName", str)
"""What follows `refs/heads/`."""
TagName = NewType("TagName", str)
"""What follows `refs/tags/`."""
IssueId = NewType("IssueId", str)
"""What a hotfix is named after: what follows `refs/heads/hotfix/`, or another prefix of `model.prefixes`."""

HOTFIX_PREFIX = "hotfix/"
OFFER_PREFIX = "hotfix-to/"
HEADS = "refs/heads/"
TAGS = "refs/tags/"
REMOTE_TAGS = "refs/hotfix/remote-tags/"
LOG = "refs/hotfix/log/"
REMOTE_LOG = "refs/hotfix/remote-log/"
RUN = "refs/hotfix/run/"
STAGED = "refs/hotfix/staged/"
RESOLVED = "refs/hotfix/resolved/"
ABANDONED = "refs/hotfix/abandoned/"

# git-check-ref-format(1), rules 1 to 10, for one component.
_FORBIDDEN = late_pattern(r"[\x00-\x20\x7f~^:?*\[\\]|\.\.|@\{")


def is_null(oid: str) -> bool:
    """True for the all-zero id that git writes for "does not exist" (40 or 64 digits)."""
    return not oid.strip("0")


def branch_ref(branch: BranchName) -> RefName:
    """`refs/heads/<branch>`."""
    return RefName(HEADS + branch)


def tag_ref(tag: TagName) -> RefName:
    """`refs/tags/<tag>`."""
    return RefName(TAGS + tag)


def short(ref: str) -> str:
    """The name people use: without `refs/heads/` or `refs/tags/`."""
    for prefix in (HEADS, TAGS):
        if ref.startswith(prefix):
            return ref[len(prefix) :]
    return ref


def offer_branch(prefix: str, target: BranchName, issue: IssueId) -> BranchName:
    """`<prefix><target>/<issue>`: where a delivery waits for its pull request."""
    return BranchName(f"{prefix}{target}/{issue}")


def offered_to(branch: BranchName, issue: IssueId, prefixes: Sequence[str]) -> BranchName | None:
    """The target that `branch` offers the fix of `issue` to, below one of `prefixes`; None for another branch."""
    prefix = next((prefix for prefix in prefixes if branch.startswith(prefix)), None)
    if prefix is not None and branch.endswith(f"/{issue}"):
        return BranchName(branch[len(prefix) : -len(issue) - 1])
    return None


def log_ref(issue: IssueId, *, remote: bool = False) -> RefName:
    """Where the logbook of `issue` stands; `/` is written `%2F` so that two issues never share a folder and a file."""
    return RefName((REMOTE_LOG if remote else LOG) + encode_component(issue))


def encode_component(text: str) -> str:
    """`text` as exactly one component of a reference name; `decode_component` is the way back."""
    return text.replace("%", "%25").replace("/", "%2F")


def decode_component(component: str) -> str:
    """The inverse of `encode_component`."""
    return component.replace("%2F", "/").replace("%25", "%")


def why_no_tag(text: str) -> str | None:
    """Why `text` can be no tag name, in words; None when it can. The rules are those of issues, for every component."""
    return next((why for part in text.split("/") if (why := why_no_issue(part))), None)


def why_no_offer_prefix(text: str) -> str | None:
    """Why branches of pull requests cannot have names that begin with `text`, in words; None when they can."""
    if text.startswith(HOTFIX_PREFIX):
        return f"branches below {HOTFIX_PREFIX} are hotfixes themselves"
    return why_no_tag(text + "develop")


def why_no_issue(text: str) -> str | None:
    """Why `text` can be no issue of a new hotfix branch, in words; None when it can.

    The rules are git's for one component of a reference name, and no control or bidi character: such a name would
    lie in every terminal that shows it.
    """
    if not text:
        return "it is empty"
    if "/" in text:
        return "it holds a '/'"
    if text.startswith("-"):
        return "it starts with a '-'"
    if text.startswith(".") or text.endswith("."):
        return "it starts or ends with a '.'"
    if text.endswith(".lock"):
        return "it ends with '.lock'"
    if text == "@":
        return "'@' stands for HEAD"
    found = _FORBIDDEN.search(text)
    if found:
        return f"it holds {found.group()!r}"
    if any(unicodedata.category(letter) in ("Cc", "Cf", "Cs", "Zl", "Zp") for letter in text):
        return "it holds a character that cannot be seen"
    return None
