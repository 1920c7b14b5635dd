"""Tags read as versions: what a version is, which are pre-releases, which float, and which is higher."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from functools import lru_cache

from git_hotfix.model.frozen import frozen
from git_hotfix.model.late_pattern import late_pattern
from git_hotfix.model.names import Oid, TagName

# `2026-W48` and `2026Q4` name a week and a quarter; a T stands between a date and its time.
_NUMBERS = late_pattern(
    r"(?:\d{4}[-_.]?(?:[KkCc]?[Ww]|[Qq])\d{1,2}(?!\d)|\d+)(?:(?:[._-]|(?<=\d\d)T(?=\d\d))\d+)*", re.ASCII
)
_PRE_WORDS = frozenset(
    "alpha beta rc cr pre prerelease preview dev snapshot milestone ea nightly canary next unstable test".split()
)
# Words that stand before the number of what was never released: `nightly-42`, `rc-8_22_0-1`. `test-42` is a branch.
_PRE_FIRST = frozenset("alpha beta rc nightly snapshot canary preview prerelease".split())
_MOVING = frozenset("latest current stable edge tip production prod live".split())
HOTFIX_WORDS = frozenset(
    "hotfix hotpatch hf fix bugfix patch p pl ptf post sp sr fp cu r rev revision u upd update lts sec security".split()
)
_RELEASE_WORDS = frozenset("final ga release rel stable prod production live lts build b v".split())
# What a tag that is named after an issue begins with: its number counts nothing.
_ISSUE = late_pattern(r"(?:fix|bug|bugfix|issue|ticket|story|task|defect|pr|gh)[-_#]?\d+", re.IGNORECASE | re.ASCII)
# `1.0a1`, `1.0b2`, `1.0c1` (PEP 440) and `1.0-M3` (Maven): a lone letter counts only between digits.
_PRE_LETTER = late_pattern(r"(?<=\d)[._-]?(?:[abcABC]|[mM])[._-]?\d+$", re.ASCII)
_DAY_FIRST = late_pattern(r"(\d{1,2})\D(\d{1,2})\D((?:19|20)\d\d)(?!\d)", re.ASCII)
_PLAIN = late_pattern(
    r"([A-Za-z]*[-_]?)(?!\d{1,2}\.\d{1,2}\.(?:19|20)\d\d(?!\d))(\d+)((?:\.\d+)*)(?:[-_.]?([A-Za-z]+)\d*)?", re.ASCII
)
_WORD = late_pattern(r"[A-Za-z]+")
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

    @property
    def is_hotfix(self) -> bool:
        """True for 1.4.1 and 1.4.0.2, where 1.4 and 1.4.0 are no hotfixes."""
        return any(self.numbers[2:])


@lru_cache(maxsize=32768)  # one look asks for the same thousands of names several times
def parse(tag: str) -> Version | None:
    """The version that `tag` names, or None when it names none.

    `hotfix-4711` is none although it ends in a number: it is named after an issue; so are `fix-4711` and
    `4193-pin-werkzeug`. A number alone needs no dot after an empty prefix, a `v` or a word (`42`, `v42`, `release-42`).
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
    text, suffix = best.group(), name[best.end() :]
    numbers = tuple(int(number) for number in re.findall(r"\d+", text))
    if len(numbers) == 1 and (_ISSUE.fullmatch(name) or not _is_qualifier(name[: best.start()], text, suffix)):
        return None
    day_first = _DAY_FIRST.match(text)
    if day_first and int(day_first.group(1)) <= 31 and int(day_first.group(2)) <= 12:
        numbers = (numbers[2], numbers[1], numbers[0], *numbers[3:])
    return Version(numbers=numbers, suffix=suffix, prefix=folder + slash + name[: best.start()], text=text)


def _is_qualifier(prefix: str, number: str, suffix: str) -> bool:
    """Whether `suffix` may follow a version of one number: one word that versions carry (`v1-rc2`, `8u292`), letters
    or a build, and not the words of a title."""
    words = [word.lower() for word in _WORD.findall(suffix.partition("+")[0])]
    if not words:
        return True
    if len(words) > 1 or not re.fullmatch(r"[-_.]?[A-Za-z]+[-_.]?\d*(?:\+.*)?", suffix):
        return False
    [word] = words
    if word in _PRE_WORDS:
        # `4193-preview` is a branch of issue 4193, `21-ea` and `456-rc1` are pre-releases.
        return bool(prefix) or len(number) < 3 or suffix[-1:].isdigit()
    said = bool(prefix) and not package_word(prefix)  # `v42-alpine`, not `4193-wheels`
    return said or len(word) == 1 or word in HOTFIX_WORDS or word in _RELEASE_WORDS


def _width(numbers: str) -> int:
    return len(re.findall(r"\d+", numbers))


@lru_cache(maxsize=32768)
def is_prerelease(tag: str) -> bool:
    """True for a version with a pre-release part: `v1.2-rc1`, `1.0a1`, `2.0.0-beta.3`, `nightly-2026`, `1.0-M3`.

    False for `1.0.Final` and `1.2-hotfix1`, and for a name that is not a version whatever words it holds: of one team
    88 releases are tagged with names of branches such as `5925-fix-test-endpoint`.
    """
    version = parse(tag)
    if version is None:
        return False
    first = _WORD.findall(version.prefix.rpartition("/")[2])
    if len(first) == 1 and first[0].lower() in (_PRE_WORDS if len(version.numbers) > 1 else _PRE_FIRST):
        return True
    strange = 0
    for word in map(str.lower, _WORD.findall(version.suffix.partition("+")[0])):
        if word in _PRE_WORDS:
            return True
        strange += word not in _RELEASE_WORDS
        if word in HOTFIX_WORDS or strange > 1:
            break  # what follows is a title: `1.4.2-fix-test-endpoint`
    return bool(_PRE_LETTER.search(version.text[-1:] + version.suffix))


def is_release_suffix(suffix: str) -> bool:
    """True where nothing follows a version's numbers but a word that says it is a release: `.Final`, `-release`."""
    return all(word.lower() in _RELEASE_WORDS for word in _WORD.findall(suffix)) and not re.search(r"\d", suffix)


def is_unstable(text: str) -> bool:
    """True where a dependency's version holds a word of pre-releases, be it a version or only a channel (`nightly`)."""
    name = text.rpartition("/")[2]
    return any(word.lower() in _PRE_WORDS for word in _WORD.findall(name)) or bool(_PRE_LETTER.search(name))


def floating(names: Iterable[TagName], commits: Mapping[TagName, Oid]) -> frozenset[TagName]:
    """The names that move with every release and are not a release themselves: `v1` where `v1.2.3` stands, `v1.2` on
    the commit of `v1.2.3`, `v2` on that of `v2.0.0-beta.1`, `latest` on that of any other.

    A tag of one number floats beside one of three numbers that begins with it; any shorter tag floats on the very
    commit of a longer one, unless that only adds zeros. `commits` says what each of `names` names.
    """
    known = [*names]
    text = "\n".join(known)
    moving = [name for name in known if name.lower() in _MOVING]
    words = {
        name for name in moving if any(commits.get(each) == commits.get(name) and each not in moving for each in known)
    }
    short = re.findall(r"^[^\d\n]*\d+(?:\.\d+)?$", text, re.ASCII | re.MULTILINE)
    if not short:
        return frozenset(words)
    longer: dict[str, list[str]] = {}
    for name, one, two in re.findall(r"^(([^\d\n]*\d+)(\.\d+)\S*)$", text, re.ASCII | re.MULTILINE):
        longer.setdefault(one, []).append(name)
        longer.setdefault(one + two, []).append(name)
    found = words
    for name in map(TagName, short):
        for other in map(TagName, longer.get(name, ())):
            rest = other[len(name) :]
            if other == name or not re.match(r"\.\d", rest):
                continue
            full = "." not in name and re.match(r"\.\d+\.\d+", rest)
            if full or (commits.get(other) == commits.get(name) and not re.fullmatch(r"(?:\.0+)+", rest)):
                found.add(name)
                break
    return frozenset(found)


@frozen
class Ranking:
    """The releases among tag names: those that are the highest version (several where they differ in their words),
    those that are not versions, and those that are not of the scheme of the highest one, a word and numbers."""

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
        before, number, dotted, after = found.groups("")
        if (before, after) not in shapes:
            shapes[before, after] = _shape(before, after)
        shape = shapes[before, after] if dotted or not after else "other"
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
    """What a name with these words around its numbers is: a "release", a "pre" release, or an "other" name, of which
    the numbers decide."""
    names = [f"{before}{number}{after}" for number in ("1", "1.1", "1.1.1")]
    pre = [is_prerelease(name) for name in names[bool(after) :]]
    if all(pre):
        return "pre" if after not in ("a", "b", "c", "m", "A", "B", "C", "M") else "other"
    return "release" if not any(pre) and not after and parse(names[0]) else "other"


def is_not_higher(name: TagName, base: TagName | None) -> bool:
    """Whether `name` is a version in the spelling of `base` and not above it."""
    one, other = parse(name), parse(base or "")
    return bool(one and other and one.prefix == other.prefix and one.rank <= other.rank)


def same_scheme(one: Version, other: Version) -> bool:
    """Whether two versions count the same thing: `v1.2` and `1.3` do, `app-1.2` and `lib-1.3` do not."""
    return package_word(one.prefix) == package_word(other.prefix)


def package_word(prefix: str) -> str:
    """What a prefix says beside that a version follows: `app` of `app-v`, `lib/` of `lib/v`, "" of `release-`."""
    bare = re.sub(r"(?i)(?<![a-z])(?:v|ver|version|releases?|rel)[-_./]*$", "", prefix)
    return bare.rstrip("-_.@").lower()


def schemes(names: Iterable[TagName]) -> Collection[str]:
    """The package words of `names` that are versions, without taking each apart: 20,000 names in 10 ms."""
    found = re.findall(r"^(?:(.*?)\d+(?:[._]\d+)+|([^\d\n]*)\d+$)", "\n".join(names), re.ASCII | re.MULTILINE)
    shapes = {f"{one}1.1" if one else f"{other}1" for one, other in found}
    return {package_word(version.prefix) for shape in shapes if (version := parse(TagName(shape)))}


def why_unfilled(name: str) -> str | None:
    """Why a name that was made of a template can be no tag, in words: a placeholder that nobody fills (`v{bas}`)."""
    found = re.search(r"\{[^{}]*\}", name)
    return f"a template knows {{issue}} and {{base}}, not {found.group()}" if found else None
