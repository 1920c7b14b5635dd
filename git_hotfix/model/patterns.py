"""Glob patterns for branch names, tag names and paths, with one meaning each."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import lru_cache

from git_hotfix.model.late_pattern import late_pattern

_STARS = 2  # of a pattern that becomes a regular expression; no pattern of a default has more


VERSIONS = "<versions>"
# A word for a line and a version (release-3.1, REL_14_STABLE, branch-3.5, v3), two numbers (11.4, v2.0), or a number
# and what says that it goes on (2.x, 3-2-stable). Not renovate/node-20.x, 4711-php-8.1 or branch-4711.
_LINE_WORD = r"(?:releases?|rel|support|maint(?:enance)?|stable)[-_/.]?v?"
_LINE_END = r"[-_.]?(?:x|stable|lts|maint)"
_LINE_NAME = late_pattern(
    rf"v\d+|{_LINE_WORD}\d+(?:[-_.]\d+)*(?:{_LINE_END})?"
    rf"|(?:(?:branch|version|lts)[-_/.])?v?(?:\d+(?:[._]\d+)+(?:{_LINE_END})?|\d+(?:[-_.]\d+)*{_LINE_END})",
    re.IGNORECASE | re.ASCII,
)


@lru_cache(maxsize=256)
def names(patterns: tuple[str, ...]) -> Callable[[str], bool]:
    """A test for ref names, as `git branch --list` reads patterns: `*` crosses `/` too (feature/* has feature/a/b).
    `<versions>` stands for every branch whose whole name is that of a line of releases (`is_version_line`)."""
    globs = tuple(each for each in patterns if each != VERSIONS)
    test = _any_of(globs, ".*", re.DOTALL) if globs else lambda name: False
    return test if len(globs) == len(patterns) else lambda name: test(name) or is_version_line(name)


def is_version_line(branch: str) -> bool:
    """True for a branch that is named after the version of the releases that come from it: 11.4, v2.x, release-3.1,
    REL_14_STABLE, 3-2-stable."""
    return _LINE_NAME.fullmatch(branch) is not None


def tags(patterns: tuple[str, ...]) -> Callable[[str], bool]:
    """A test for tag names: `*` stays within a folder, so `v*` is no `v8/app-1.2` and `[0-9]*` no `2/x`."""
    return _compile(patterns, re.DOTALL)


@lru_cache(maxsize=256)
def paths(patterns: tuple[str, ...]) -> Callable[[str], bool]:
    """A test for paths, as `.gitignore` reads patterns but without case: a pattern without `/` matches any component
    (a folder stands for all in it), one with a `/` is anchored at the top, `**` crosses folders. A capital behind a
    star begins a word: `*Test.java` is no Latest.java."""
    files, folders = _Words(), _Words()
    # Most patterns are a word with one star: looking these up costs nothing, compiling 80 of them costs 4 ms a process.
    rest = [each for each in patterns if not (folders if each.endswith("/") else files).takes(each.removesuffix("/"))]
    matches = _compile(tuple(_anchor(pattern) for pattern in rest), re.DOTALL | re.IGNORECASE)

    def test(path: str) -> bool:
        *above, name = path.split("/")
        return files.have(name) or any(map(folders.have, above)) or matches(path)

    return test


class _Words:
    """Patterns for one component that are a word, its beginning or its end."""

    def __init__(self) -> None:
        self.whole: set[str] = set()
        self.first: tuple[str, ...] = ()
        self.last: tuple[str, ...] = ()
        self.last_words: tuple[str, ...] = ()

    def takes(self, pattern: str) -> bool:
        """Take the pattern in; False for one that is not such a word."""
        word = pattern.lower()
        if not re.fullmatch(r"\*?[\w .@+-]+|[\w .@+-]+\*", word, re.ASCII):
            return False
        if word.startswith("*"):
            if pattern[1:2].isupper():
                self.last_words += (word[1:],)
            else:
                self.last += (word[1:],)
        elif word.endswith("*"):
            self.first += (word[:-1],)
        else:
            self.whole.add(word)
        return True

    def have(self, component: str) -> bool:
        """True when a pattern matches the component."""
        name = component.lower()
        if name in self.whole or name.startswith(self.first) or name.endswith(self.last):
            return True
        return name.endswith(self.last_words) and any(_ends_in_word(component, word) for word in self.last_words)


def _ends_in_word(component: str, word: str) -> bool:
    """True where a component ends in `word` (lower case), which begins with a capital or behind what is no letter."""
    at = len(component) - len(word)
    ends = component.lower().endswith(word)
    return ends and (at == 0 or component[at].isupper() or not component[at - 1].isalpha())


def _anchor(pattern: str) -> str:
    body = pattern.strip("/")
    head = "" if "/" in body or pattern.startswith("/") else "**/"
    # A folder stands for everything below it; a file pattern matches below nothing, so both endings are tried.
    return head + body + ("/**" if pattern.endswith("/") else "")


@lru_cache(maxsize=256)
def _compile(patterns: tuple[str, ...], flags: int) -> Callable[[str], bool]:
    if not patterns:
        return lambda name: False
    return _any_of(patterns, "[^/]*", flags)


def _any_of(patterns: tuple[str, ...], star: str, flags: int) -> Callable[[str], bool]:
    """A test for names that one of the patterns matches whole; `star` is what a single `*` stands for.

    It is compiled for the first name that holds the letters of a pattern: 60 patterns are 8 ms, and most fixes change
    no file that one of them could match.
    """
    without_case = bool(flags & re.IGNORECASE)
    letters = [_letters(each.lower() if without_case else each) for each in patterns]
    made: list[Callable[[str], bool]] = []

    def test(name: str) -> bool:
        if not made:
            # Letters that are no ASCII have other forms than two.
            same = name.lower() if without_case and name.isascii() else name
            if not (without_case and not name.isascii()) and not any(text in same for text in letters):
                return False
            made.append(_made_of(patterns, star, flags))
        return made[0](name)

    return test


def _letters(glob: str) -> str:
    """The longest text that is in every name that the pattern matches."""
    pieces = [""]
    for part in _parts(glob):
        if len(part) == 1 and part not in "*?" and part.isascii():
            pieces[-1] += part
        else:
            pieces.append("")
    return max(pieces, key=len)


def _made_of(patterns: tuple[str, ...], star: str, flags: int) -> Callable[[str], bool]:
    few = [each for each in patterns if len(re.findall(r"\*+", each)) <= _STARS]
    simple = re.compile("|".join(f"(?:{_translate(each, star=star)})" for each in few) or "(?!)", flags)
    # A regular expression of n stars takes time to the power of n: 35 of them in a policy took minutes.
    others = [_Steps(each, star, flags) for each in patterns if each not in few]
    return lambda name: simple.fullmatch(name) is not None or any(steps.match(name) for steps in others)


class _Steps:
    """A pattern of many stars, matched letter by letter: time grows with pattern times name and no faster."""

    def __init__(self, glob: str, star: str, flags: int) -> None:
        self._parts = ["**" if part == "*" and star == ".*" else part for part in _parts(glob)]
        self._letters = [re.compile(_expression(part, star), flags) for part in self._parts]

    def match(self, name: str) -> bool:
        """True when the pattern matches all of `name`."""
        end = len(self._parts)
        states = self._skipping({(0, False)})
        for letter in name:
            states = self._skipping({after for state in states for after in self._after(*state, letter)})
            if not states:
                return False
        return (end, False) in states

    def _after(self, at: int, within: bool, letter: str) -> Iterator[tuple[int, bool]]:
        """The states after a letter; `within` says that folders of a `**/` are being read."""
        part = self._parts[at] if at < len(self._parts) else None
        if part == "**/":
            yield at, True
            if letter == "/":
                yield at + 1, False
        elif part == "**" or (part == "*" and letter != "/"):
            yield at, False
        elif part not in (None, "*") and self._letters[at].fullmatch(letter):
            yield at + 1, False

    def _skipping(self, states: set[tuple[int, bool]]) -> set[tuple[int, bool]]:
        """`states`, and those behind stars that stand for nothing."""
        todo = [at for at, within in states if not within]
        while todo:
            at = todo.pop()
            if at < len(self._parts) and self._parts[at] in ("**/", "**", "*") and (at + 1, False) not in states:
                states.add((at + 1, False))
                todo.append(at + 1)
        return states


def _parts(glob: str) -> Iterator[str]:
    """A pattern taken apart: `**/`, `**`, `*`, a bracket expression, or one letter at a time."""
    position = 0
    glob = re.sub(r"\*{3,}", "**", glob)  # more of them stand for no more, and each would be tried with every other
    while position < len(glob):
        part = next((stars for stars in ("**/", "**", "*") if glob.startswith(stars, position)), glob[position])
        if part == "[" and (end := glob.find("]", position + 2 + (glob[position + 1 : position + 2] in "!^"))) > 0:
            part = glob[position : end + 1]
        yield part
        position += len(part)


def _translate(glob: str, *, star: str) -> str:
    return "".join(_expression(part, star) for part in _parts(glob))


def _expression(part: str, star: str) -> str:
    known = {"**/": "(?:.*/)?", "**": ".*", "*": star, "?": "[^/]"}
    if part in known:
        return known[part]
    return _members(part[1:-1]) if len(part) > 1 else re.escape(part)


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
