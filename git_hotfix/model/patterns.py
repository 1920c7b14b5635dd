"""Glob patterns for branch names, tag names and paths, with one meaning each."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache


@lru_cache(maxsize=256)
def names(patterns: tuple[str, ...]) -> Callable[[str], bool]:
    """A test for ref names, as `git branch --list` reads patterns: `*` crosses `/` too (feature/* has feature/a/b)."""
    if not patterns:
        return lambda name: False
    pattern = re.compile("|".join(f"(?:{_translate(each, star='.*')})" for each in patterns), re.DOTALL)
    return lambda name: pattern.fullmatch(name) is not None


def tags(patterns: tuple[str, ...]) -> Callable[[str], bool]:
    """A test for tag names: `*` stays within a folder, so `v*` is no `v8/app-1.2` and `[0-9]*` no `2/x`."""
    return _compile(patterns, re.DOTALL)


def paths(patterns: tuple[str, ...]) -> Callable[[str], bool]:
    """A test for paths, as `.gitignore` reads patterns but without case: a pattern without `/` matches any component
    (a folder stands for all in it), one with a `/` is anchored at the top, `**` crosses folders."""
    anchored = tuple(_anchored(pattern) for pattern in patterns)
    return _compile(anchored, re.DOTALL | re.IGNORECASE)


def _anchored(pattern: str) -> str:
    body = pattern.strip("/")
    head = "" if "/" in body or pattern.startswith("/") else "**/"
    # A folder stands for everything below it; a file pattern matches below nothing, so both endings are tried.
    return head + body + ("/**" if pattern.endswith("/") else "")


@lru_cache(maxsize=256)
def _compile(patterns: tuple[str, ...], flags: int) -> Callable[[str], bool]:
    if not patterns:
        return lambda name: False
    joined = "|".join(f"(?:{_translate(each, star='[^/]*')})" for each in patterns)
    pattern = re.compile(joined, flags)
    return lambda name: pattern.fullmatch(name) is not None


def _translate(glob: str, *, star: str) -> str:
    out = []
    position = 0
    while position < len(glob):
        letter = glob[position]
        if glob.startswith("**/", position):
            out.append("(?:.*/)?")
            position += 3
            continue
        if glob.startswith("**", position):
            out.append(".*")
            position += 2
            continue
        if letter == "*":
            out.append(star)
        elif letter == "?":
            out.append("[^/]")
        elif letter == "[" and (end := glob.find("]", position + 2 + (glob[position + 1 : position + 2] in "!^"))) > 0:
            out.append(_members(glob[position + 1 : end]))
            position = end
        else:
            out.append(re.escape(letter))
        position += 1
    return "".join(out)


def _members(members: str) -> str:
    """A bracket expression; one that means nothing (`[z-a]`) matches nothing and is no error: a policy holds it."""
    negated = members[0] in "!^"
    inner = re.sub(r"[\\\[\]^&|~]", r"\\\g<0>", members[negated:]).replace("--", r"-\-")
    pattern = f"[^{inner}]" if negated else f"[{inner}]"
    try:
        re.compile(pattern)
    except re.error:
        return "(?!)"
    return pattern
