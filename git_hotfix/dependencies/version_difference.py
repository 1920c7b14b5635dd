"""Whether a change of a file moves the project's own version from one number to another, and nothing else."""

from __future__ import annotations

import difflib
import re
from collections.abc import Sequence

from git_hotfix.dependencies.carriers.fields import part_of, read_versions, same_places
from git_hotfix.dependencies.carriers.numbers import states
from git_hotfix.dependencies.carriers.own_versions import OwnVersions
from git_hotfix.model.frozen import frozen
from git_hotfix.model.versions import Version

# What a line may say a version with: numbers with dots, commas or underscores between, and words behind.
_WORD = re.compile(r"\d+(?:\s*,\s*\d+)+|v?\d+(?:[._]\d+)*(?:[-+.]?[A-Za-z][\w.-]*)?")
_LONGEST = 20_000  # lines of one side that are compared; a lock file of that length is never written by hand
_SHOWN = 200  # characters of a line


@frozen
class StrangeLine:
    """A line of the change that is not old → new version: its number (in the new file, 0 where it is no line), and its
    text with the sign of a diff before it."""

    path: str
    line: int
    text: str


@frozen
class Numbers:
    """The number that the fields had, and the one that they are to have."""

    old: Version
    new: Version


def strange_lines(path: str, before: bytes, after: bytes, numbers: Numbers) -> list[StrangeLine]:
    """The lines of a change that say more than another version of the project; none where that is all.

    Where the format of the file is known, the reader has to find the same file with other own versions: the version of
    a dependency that happens to have the old number is not the project's.
    """
    olds, news = (side.decode("utf-8", "surrogateescape").splitlines(keepends=True) for side in (before, after))
    if b"\0" in before + after or max(len(olds), len(news)) > _LONGEST:
        return [StrangeLine(path, 0, "it is not text of a size that can be compared")]
    read = read_versions(path, before), read_versions(path, after)
    known = _is_same_but_versions(*read, numbers) if read[0] and read[1] and read[0].versions else None
    matcher = difflib.SequenceMatcher(None, olds, news, autojunk=False)
    hunks = [code[1:] for code in matcher.get_opcodes() if code[0] != "equal"]
    strange, every = list[StrangeLine](), list[StrangeLine]()
    for old, old_end, new, new_end in hunks:
        gone, come = olds[old:old_end], news[new:new_end]
        pairs = list(zip(gone, come, strict=False)) if len(gone) == len(come) else []
        bad = [at for at, pair in enumerate(pairs) if not _says_only_new(*pair, numbers, parts=known is True)]
        strange += _shown(path, gone, come, new, bad if pairs else None)
        every += _shown(path, gone, come, new, None)
    return strange or (every if known is False else [])


def _is_same_but_versions(before: OwnVersions | None, after: OwnVersions | None, numbers: Numbers) -> bool:
    """Whether the reader finds the same file, in which own versions went from the old number to the new one."""
    if before is None or after is None or before.rest != after.rest:
        return False
    now = same_places(before.versions, after.versions)
    if len(now) != len(before.versions) or len(after.versions) != len(before.versions):
        return False
    for place, value in before.versions.items():
        made = after.versions[now[place]]
        part = part_of(place, value, numbers.new)
        if made != value and not (made.strip("\"'") == part if part is not None else states(made, numbers.new)):
            return False
    return True


def _says_only_new(before: str, after: str, numbers: Numbers, *, parts: bool) -> bool:
    """Whether two lines differ in nothing but words that state the old number in the one and the new in the other;
    with `parts` a single number of it may have moved as well."""
    words = [_WORD.findall(line) for line in (before, after)]
    if _WORD.sub("\0", before) != _WORD.sub("\0", after) or words[0] == words[1]:
        return False
    return all(old == new or _moves(old, new, numbers, parts=parts) for old, new in zip(*words, strict=True))


def _moves(old: str, new: str, numbers: Numbers, *, parts: bool) -> bool:
    if states(new, numbers.new) and (states(old, numbers.old) or parts):
        return True
    pairs = [(str(one), str(other)) for one, other in zip(numbers.old.numbers, numbers.new.numbers, strict=False)]
    return parts and (old, new) in pairs


def _shown(
    path: str, gone: Sequence[str], come: Sequence[str], start: int, only: Sequence[int] | None
) -> list[StrangeLine]:
    """The lines of one change as a diff has them; of pairs those `only`."""
    at = range(max(len(gone), len(come))) if only is None else only
    lines = []
    for number in at:
        for sign, side in (("-", gone), ("+", come)):
            if number < len(side):
                lines.append(StrangeLine(path, start + number + 1, sign + side[number].rstrip("\r\n")[:_SHOWN]))
    return lines
