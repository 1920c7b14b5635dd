"""Tags read as versions: which are pre-releases, which is higher, and what comes next."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator

from git_hotfix.model.frozen import frozen
from git_hotfix.model.names import IssueId, TagName

_NUMBERS = re.compile(r"\d+(?:[._-]\d+)*")
_PRE_WORDS = frozenset(
    "alpha beta rc cr pre prerelease preview dev snapshot milestone ea nightly canary next unstable test".split()
)
# `1.0a1`, `1.0b2`, `1.0c1` (PEP 440) and `1.0-M3` (Maven): a lone letter counts only between digits.
_PRE_LETTER = re.compile(r"(?<=\d)[._-]?(?:[abcABC]|[mM])[._-]?\d+$")
_PLAIN = re.compile(r"([A-Za-z]*[-_]?)(\d+)(?:\.\d+)*(?:[-_.]?([A-Za-z]+)\d*)?", re.ASCII)
_WORD = re.compile(r"[A-Za-z]+")
Rank = tuple[tuple[int, ...], tuple[tuple[int, int, str], ...]]


@frozen
class Version:
    """A tag name taken apart around its last run of numbers: `app-a/v1.2.3.Final` → `app-a/v`, `1.2.3`, `.Final`."""

    numbers: tuple[int, ...]
    suffix: str
    prefix: str
    text: str  # the numbers as written: leading zeros and separators are part of the scheme

    @property
    def rank(self) -> Rank:
        """A key by which a higher version is greater; 1.4 and 1.4.0 are the same version."""
        numbers = self.numbers
        while len(numbers) > 1 and numbers[-1] == 0:
            numbers = numbers[:-1]
        parts = re.findall(r"\d+|[A-Za-z]+", self.suffix)
        return numbers, tuple((1, int(part), "") if part.isdigit() else (0, 0, part.lower()) for part in parts)


def parse(tag: str) -> Version | None:
    """The version that `tag` names, or None when it names none.

    `hotfix-4711` is none although it ends in a number: it is named after an issue. A number alone needs no dot after
    an empty prefix, a `v` or a word (`42`, `v42`, `release-42`).
    """
    folder, slash, name = tag.rpartition("/")
    if any(component.lower().startswith("hotfix") for component in tag.split("/")):
        return None
    best = None
    for found in _NUMBERS.finditer(name):
        # The longest run of numbers is the version: `rel8-1.2.3` is 1.2.3, `1.2.3-linux64` is 1.2.3.
        if best is None or _width(found.group()) > _width(best.group()):
            best = found
    if best is None:
        return None
    text = best.group()
    return Version(
        numbers=tuple(int(number) for number in re.findall(r"\d+", text)),
        suffix=name[best.end() :],
        prefix=folder + slash + name[: best.start()],
        text=text,
    )


def _width(numbers: str) -> int:
    return len(re.findall(r"\d+", numbers))


def is_prerelease(tag: str) -> bool:
    """True for `v1.2-rc1`, `1.0a1`, `2.0.0-beta.3`, `nightly-2026`, `1.0-M3`; False for `1.0.Final`, `1.2-hotfix1`."""
    name = tag.rpartition("/")[2]
    if any(word.lower() in _PRE_WORDS for word in _WORD.findall(name)):
        return True
    return bool(_PRE_LETTER.search(name))


@frozen
class Ranking:
    """The releases among tag names: those that are the highest version (several where they differ in their words),
    those that are no version, and those that are not of the scheme of the highest one, a word and numbers."""

    highest: tuple[TagName, ...]
    unversioned: tuple[TagName, ...]
    others: tuple[TagName, ...]


def ranking(names: Iterable[TagName]) -> Ranking:
    """Rank `names`, of which pre-releases are none.

    Most names are a word and numbers; of these only the ones with the highest first number are taken apart: 20,000
    names in 0.02 s instead of 0.15 s.
    """
    first = -1
    plain, rest, schemes = list[TagName](), list[TagName](), defaultdict[str, list[TagName]](list)
    shapes: dict[tuple[str, str], str] = {}
    for name in names:
        found = _PLAIN.fullmatch(name)
        if not found:
            rest.append(name)
            continue
        before, number, after = found.groups("")
        if (before, after) not in shapes:
            shapes[before, after] = _shape(before, after)
        shape = shapes[before, after]
        if shape == "other":
            rest.append(name)
        elif shape == "release":
            schemes[before].append(name)
            if (value := int(number)) > first:
                first, plain = value, []
            if value == first:
                plain.append(name)
    rest = [name for name in rest if not is_prerelease(name)]
    ranks = {name: version.rank for name in (*plain, *rest) if (version := parse(name))}
    top = max(ranks.values(), default=None)
    highest = tuple(name for name, rank in ranks.items() if rank == top)
    own = next((word for word, members in schemes.items() if highest and highest[0] in members), None)
    others = [name for word, members in schemes.items() if word != own for name in members]
    return Ranking(highest, tuple(name for name in rest if name not in ranks), (*others, *rest))


def _shape(before: str, after: str) -> str:
    """What a name with these words around its numbers is: a "release", a "pre" release, or an "other" name."""
    name = f"{before}1{after}"
    if is_prerelease(name):
        return "pre" if set(map(str.lower, _WORD.findall(name))) & _PRE_WORDS else "other"
    return "release" if not after and parse(name) else "other"


def next_tag(base: TagName, issue: IssueId, template: str, taken: Collection[str]) -> TagName:
    """The name of the hotfix tag.

    `template` is the policy's `tag`: "auto" raises the last number of the base tag's own scheme until the name is
    free (v1.4.2 → v1.4.3, 2026.11.09 → 2026.11.10), and falls back to `hotfix-<issue>` when the base tag is no
    version. Any other template is filled in (`{issue}`, `{base}`) and returned even when the name is taken: the
    caller refuses.
    """
    if template != "auto":
        return TagName(template.replace("{issue}", issue).replace("{base}", base))
    version = parse(base)
    if version is None:
        return TagName(f"hotfix-{issue}")
    return next(name for name in _raised(version) if name not in taken)


def unfilled(name: str) -> str | None:
    """Why a name that was made of a template can be no tag, in words: a placeholder that nobody fills (`v{bas}`)."""
    found = re.search(r"\{[^{}]*\}", name)
    return f"nothing is called {found.group()} in a template, only {{issue}} and {{base}}" if found else None


def _raised(version: Version) -> Iterator[TagName]:
    last = re.search(r"\d+$", version.text)
    assert last is not None
    number, width = int(last.group()), len(last.group())
    # `1.2.3-1` raises to `1.2.3-2`, `1.2.3.Final` to `1.2.4.Final`: the words around the numbers are the team's scheme.
    while True:
        number += 1
        yield TagName(f"{version.prefix}{version.text[: last.start()]}{number:0{width}d}{version.suffix}")
