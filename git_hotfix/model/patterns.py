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


@lru_cache(maxsize=256)
def paths(patterns: tuple[str, ...]) -> Callable[[str], bool]:
    """A test for paths, as `.gitignore` reads patterns but without case: a pattern without `/` matches any component
    (a folder stands for all in it), one with a `/` is anchored at the top, `**` crosses folders."""
    files, folders = _Words(), _Words()
    # Most patterns are a word with one star: looking these up costs nothing, compiling 80 of them costs 4 ms a process.
    rest = [each for each in patterns if not (folders if each.endswith("/") else files).takes(each.removesuffix("/"))]
    matches = _compile(tuple(_anchored(pattern) for pattern in rest), re.DOTALL | re.IGNORECASE)

    def test(path: str) -> bool:
        *above, name = path.lower().split("/")
        return files.have(name) or any(map(folders.have, above)) or matches(path)

    return test


class _Words:
    """Patterns for one component that are a word, its beginning or its end."""

    def __init__(self) -> None:
        self.whole: set[str] = set()
        self.first: tuple[str, ...] = ()
        self.last: tuple[str, ...] = ()

    def takes(self, pattern: str) -> bool:
        """Take the pattern in; False for one that is not such a word."""
        word = pattern.lower()
        if not re.fullmatch(r"\*?[\w .@+-]+|[\w .@+-]+\*", word, re.ASCII):
            return False
        if word.startswith("*"):
            self.last += (word[1:],)
        elif word.endswith("*"):
            self.first += (word[:-1],)
        else:
            self.whole.add(word)
        return True

    def have(self, component: str) -> bool:
        """True when a pattern matches the component, which is in lower case."""
        return component in self.whole or component.startswith(self.first) or component.endswith(self.last)


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
    """A bracket expression; one that means nothing (`[z-a]`) matches nothing and is not an error: a policy holds it."""
    negated = members[0] in "!^"
    inner = re.sub(r"[\\\[\]^&|~]", r"\\\g<0>", members[negated:]).replace("--", r"-\-")
    pattern = f"[^{inner}]" if negated else f"[{inner}]"
    try:
        re.compile(pattern)
    except re.error:
        return "(?!)"
    return pattern
