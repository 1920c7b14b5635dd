"""Versions and constraints of any ecosystem, compared leniently: what a change from one text to another means."""

from __future__ import annotations

import re
from typing import Literal

from git_hotfix.model.versions import is_unstable

Meaning = Literal["major", "lowered", "loosened", "unstable", "revision", "raised", "other"]
Numbers = tuple[int, ...]

LENGTH = 200  # characters; a constraint that is longer is compared as text
_DIGEST = r"(?i)@?\bsha\d{1,3}[:-][0-9a-f]+"
_COMMIT = r"(?=[0-9]*[a-f])[0-9a-f]{7,64}|[0-9a-f]{40}|[0-9a-f]{64}"
_PSEUDO = r"\d{14}-[0-9a-f]{12}$"  # the end of a Go version that names a commit
_NUMBERS = r"\d{1,20}(?:[._]\d{1,20})*"
_BOUND = rf"(===|[=!<>~]=|=[<>]|~>|[\^~=<>])?\s*(?:[vV](?=\d))?({_NUMBERS})"
_INTERVAL = r"[\[(\]]([^,\[\]()]*)(,?)([^,\[\]()]*)[\])\[]"
_OR = r"\|\|?|\sor\s"
_INCLUSIVE = r"<=|=<|\]\s*$"  # an upper bound that belongs to the range
_RANGE = r"[\^~>*|,]|\sor\s|\.[x+]| - "  # more than one version
_CODE = r"[\"'?{}$#]"  # a version that a program makes up
_ANY = frozenset({"", "*", "x", "+", "any", "latest", "latest.release", "latest.integration", "stable"})


def meaning(old: str, new: str, *, zero: bool = True) -> Meaning:
    """What it means that `old` became `new`, by the first number of either that decides.

    "major": the first number rises, or the second after a zero (semver.org, items 4 and 8; not with `zero` false), or
    a bound now lets such a version in. "lowered", "raised" within that. "loosened": it no longer says which version,
    or less exactly. "unstable": a release became a pre-release. "revision": a commit became another one. "other":
    nothing of these can be told, or the new one takes a part of what the old one took. A year that rises is not a major
    number: calendar versions say nothing of compatibility.
    """
    if is_revision(old) or is_revision(new):
        return "revision"
    if max(len(old), len(new)) > LENGTH or re.search(_CODE, old + new):
        return "other"
    if _is_open(new):
        return "other" if _is_open(old) else "loosened"
    if _leading_word(old) != _leading_word(new):
        return "other"
    decided = _bound_by_bound(old, new, zero=zero)
    if decided not in ("major", "lowered") and _is_unstable(new) and not _is_unstable(old):
        return "unstable"
    return decided


def _bound_by_bound(old: str, new: str, *, zero: bool) -> Meaning:
    low, high = _range(old)
    lower, upper = _range(new)
    decided = _compare_numbers(low or high, lower or upper, zero=zero)
    if decided == "lowered":
        # A range that still has what the old one began with goes on taking the newest.
        return "loosened" if low and re.search(_RANGE, new) and not excludes(new, ".".join(map(str, low))) else decided
    if _is_open(old):
        return "other"  # whatever was newest was taken all along
    if high and upper and _compare_numbers(high, upper, zero=zero) == "major":
        return "major"
    if high and lower:
        if _pad(lower) < _pad(high) or (_pad(lower) == _pad(high) and re.search(_INCLUSIVE, old)):
            return "raised" if decided == "major" else decided
        return "major"  # it was kept below this on purpose
    return decided


def excludes(constraint: str, version: str) -> bool:
    """True where `version` surely lies outside `constraint`; False where it lies inside, or nobody can tell."""
    if max(len(constraint), len(version)) > LENGTH or is_revision(constraint) or is_revision(version):
        return False
    return all(_excludes_number(part, version) for part in re.split(_OR, constraint))


def _excludes_number(constraint: str, version: str) -> bool:
    number = _first_number(version)
    lower, upper = _range(constraint)
    if number is None or _leading_word(constraint) != _leading_word(version):
        return False
    if (lower and _pad(number) < _pad(lower)) or (upper and _pad(number) > _pad(upper)):
        return True
    # `^1.2`, `~> 1.2`, `==1.2` and a bare 1.2 stay below the next major version whatever the ecosystem.
    return lower is not None and upper is None and not _is_open(constraint) and number[0] > lower[0]


def is_revision(text: str) -> bool:
    """True for the id of a commit, and for a Go version made of one."""
    return re.fullmatch(_COMMIT, text) is not None or re.search(_PSEUDO, text[-LENGTH:]) is not None


def _compare_numbers(old: Numbers | None, new: Numbers | None, *, zero: bool) -> Meaning:
    if old is None or new is None or _pad(old) == _pad(new):
        return "other"
    if len(new) < len(old) and new == old[: len(new)]:
        return "loosened"
    if _pad(new) < _pad(old):
        return "lowered"
    return "major" if _breaks(old, new, zero=zero) else "raised"


def _breaks(old: Numbers, new: Numbers, *, zero: bool) -> bool:
    if old[0] != new[0]:
        return not (_is_year(old[0]) and _is_year(new[0]))
    # 0.4 to 0.5 breaks; 0 to 0.5 only says more exactly what was taken.
    return zero and old[0] == 0 and len(old) > 1 and len(new) > 1 and old[1] != new[1]


def _is_year(number: int) -> bool:
    return 1990 <= number < 2100 or 19900000 <= number < 21000000


def _pad(numbers: Numbers) -> Numbers:
    return numbers + (0,) * (12 - len(numbers))


def _range(text: str) -> tuple[Numbers | None, Numbers | None]:
    """The lower and the upper bound; of alternatives (`^1 || ^2`) the highest of each."""
    bare = re.sub(_DIGEST, "", text)
    bounds = [_bounds(part) for part in re.split(_OR, bare)]
    lower, upper = ([each[side] for each in bounds if each[side]] for side in (0, 1))
    return max(lower, key=_sort_key, default=None), max(upper, key=_sort_key, default=None)


def _sort_key(numbers: Numbers | None) -> Numbers:
    return _pad(numbers or ())


def _bounds(text: str) -> tuple[Numbers | None, Numbers | None]:
    interval = re.findall(_INTERVAL, text)
    if interval:  # Maven and NuGet: [1.0,2.0), [1.0], (,2.0]
        first, comma, last = interval[-1]
        return _first_number(first), _first_number(last) if comma else None
    hyphen = re.fullmatch(rf"\s*v?({_NUMBERS})\S*\s+-\s+v?({_NUMBERS})\S*\s*", text)
    if hyphen:  # npm and Composer: 1.2 - 2.3
        return _first_number(hyphen.group(1)), _first_number(hyphen.group(2))
    lower: list[Numbers] = []
    upper: list[Numbers] = []
    for part in re.split(r",|\s+(?=[=!<>~^])", text):
        bound = re.search(_BOUND, part)
        if bound and bound.group(1) != "!=":
            side = upper if bound.group(1) in ("<", "<=", "=<") else lower
            side.append(_numbers(bound.group(2)))
    return max(lower, key=_pad, default=None), min(upper, key=_pad, default=None)


def _first_number(text: str) -> Numbers | None:
    found = re.search(_NUMBERS, text)
    return _numbers(found.group()) if found else None


def _numbers(text: str) -> Numbers:
    return tuple(int(number) for number in re.split("[._]", text)[:12])


def _is_open(text: str) -> bool:
    """True where whatever is newest is taken."""
    bare = text.strip()
    if bare.lower() in _ANY:
        return True
    lower, upper = _range(bare)
    operators = re.findall(r"===|[=!<>~]=|=[<>]|~>|[\^~=<>]", bare)
    return lower is not None and upper is None and bool(operators) and set(operators) <= {">", ">=", "=>", "!="}


def _is_unstable(text: str) -> bool:
    """True for a pre-release; a digest and what a `+` adds about the build are none, whatever letters they have."""
    return is_unstable(re.sub(r"\+[\w.-]+$", "", re.sub(_DIGEST, "", text)))


def _leading_word(text: str) -> str:
    """What stands before the first number beside operators and a `v`: `node` of `node-18`."""
    found = re.match(r"[^\dA-Za-z]*([A-Za-z][A-Za-z_-]*?)?[-_./]?\d", text)
    word = (found.group(1) or "").lower() if found else ""
    return "" if word == "v" else word
