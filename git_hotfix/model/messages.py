"""The templates of messages that a team may write for merges, squashes and tags, and how they are filled in."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence

from git_hotfix.model.footer import has_footer
from git_hotfix.model.late_pattern import late_pattern
from git_hotfix.model.words import one_line

MERGE_PLACEHOLDERS = ("issue", "title", "branch", "target", "base", "severity")
TAG_PLACEHOLDERS = (*MERGE_PLACEHOLDERS, "tag")
_NUMBER = late_pattern(r"\s*\([#!][0-9]+\)$")  # what a forge writes behind a subject
_PLACEHOLDER = late_pattern(r"\{([^{}\n]*)\}")


def why_no_merge_message(template: str) -> str | None:
    """Why `template` can be no message of a merge or squash, in words; None when it can."""
    return _why_not(template, MERGE_PLACEHOLDERS)


def why_no_tag_message(template: str) -> str | None:
    """Why `template` can be no message of a tag, in words; None when it can."""
    return _why_not(template, TAG_PLACEHOLDERS)


def _why_not(template: str, known: Sequence[str]) -> str | None:
    unknown = next((name for name in _PLACEHOLDER.findall(template) if name not in known), None)
    if unknown is not None:
        names = ", ".join(f"{{{name}}}" for name in known)
        return f"{{{unknown}}} is not a placeholder; known here: {names}"
    if not template.split("\n")[0].strip():
        return "the first line of a message says what it is"
    if any(unicodedata.category(letter) == "Cc" for letter in template.replace("\n", "")):
        return "a message holds no control characters"
    return None


def fill_in(template: str, facts: Mapping[str, str]) -> str:
    """`template` with its placeholders filled in, each on one line, so that no title begins a line of its own."""
    text = _PLACEHOLDER.sub(lambda found: one_line(facts[found[1]]), template)
    return "\n".join(line.rstrip() for line in text.strip().split("\n"))


def with_trailers(text: str, trailers: Sequence[tuple[str, str]]) -> str:
    """`text` with `trailers` below it: in its last paragraph where that is one of trailers already."""
    gap = "\n" if has_footer(text) else "\n\n"
    return text.rstrip("\n") + gap + "".join(f"{key}: {one_line(value)}\n" for key, value in trailers)


def mentions(message: str, issue: str, texts: Iterable[str]) -> bool:
    """True where a commit's message names the issue as a word of its own, or holds one of `texts` (a title, a subject,
    without the number that a forge writes behind it)."""
    words = " ".join(message.split())
    if re.search(rf"(?<![\w.-]){re.escape(issue)}(?![\w-])", words):
        return True
    return any(text in words for each in texts if (text := _NUMBER.sub("", each)))
