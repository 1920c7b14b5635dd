"""The name of a hotfix tag: the base tag's own scheme with the hotfix part raised, or a question where no rule fits.

Pure: names in, a name or a question out. 16 of 16 real teams whose tag had two numbers added a third for a hotfix; with
three numbers 238 of 259 raised the last.
"""

from __future__ import annotations

import itertools
import re
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Sequence
from datetime import date, timedelta

from git_hotfix.model.frozen import frozen
from git_hotfix.model.names import BranchName, IssueId, TagName
from git_hotfix.model.versions import HOTFIX_WORDS, Rank, Version, is_prerelease, package_word, parse, same_scheme

_PLAN = re.compile(r"(?:.*/)?(?:releases?|rel)[-_/](.+)", re.IGNORECASE)
AROUND = timedelta(days=3)  # a release is tagged a little before or after the day that it is named after
_RECENT = 10  # names below the base that show the habit of a team
_FAR = 1000  # names tried before a further part is taken
# Words whose number names what a build is for, not which hotfix it is: it stays as it is.
_PLATFORM = frozenset(
    "linux win windows mac macos osx darwin arm aarch amd x i jdk java jre jvm py python cp scala net netstandard "
    "netcore el fc rhel centos debian alpine node php ruby mc cuda spark hadoop qt vs vc gcc go api sdk android ios "
    "spring".split()
)
_FEW = 100  # from here a number behind such a word is an issue's: nobody counts so many hotfixes
_BARE = frozenset("hotfix hotpatch hf fix bugfix patch security".split())  # the first hotfix, where it has no number
_ISSUES = frozenset("bug issue ticket".split())  # words that an issue's number follows
_TITLE = _ISSUES | {"hotfix", "fix", "bugfix"}  # and those that it may follow
_SEMVER = re.compile(r"\d+\.\d+\.\d+(?:-[0-9A-Za-z.-]+)?(?:\+[0-9A-Za-z.-]+)?", re.ASCII)
# Package managers that refuse a version which is not MAJOR.MINOR.PATCH (semver.org, 2.0.0).
NEED_SEMVER = frozenset(
    "package.json Cargo.toml Chart.yaml pubspec.yaml mix.exs go.mod lerna.json galaxy.yml elm.json".split()
)
_PYTHON = frozenset("pyproject.toml setup.py setup.cfg".split())


@frozen
class KnownTags:
    """What a name is held against.

    `names` are the releases of the repository, oldest first, without pre-releases and floating tags; `taken` all names
    that exist; `branches` the remote's, of which release/<name> is planned; `lacking` the releases that the hotfix does
    not hold; `manifests` the files of the base that name a version; `day` when the tagged commit was made; `issues`
    those that hotfixes were made for, `open_issues` those that hotfixes are being made for.
    """

    names: Sequence[TagName] = ()
    taken: Collection[str] = ()
    branches: Collection[BranchName] = ()
    lacking: Collection[TagName] = ()
    manifests: Collection[str] = ()
    day: date | None = None
    issues: Collection[str] = ()
    open_issues: Collection[IssueId] = ()


@frozen
class NextTag:
    """A name that follows from a rule, and the rule. `further`: a part more than the scheme has, as nothing else is
    left."""

    name: TagName
    reason: str
    further: bool = False


@frozen
class TagQuestion:
    """Why no rule fits, the names that could be meant, and the releases (`lacking`) that a higher number would promise
    though the hotfix has none of their fixes."""

    reason: str
    choices: tuple[TagName, ...]
    lacking: tuple[TagName, ...] = ()


@frozen
class _Rule:
    """How a name is raised: the n-th name after the base (n from 1), and why so."""

    name: Callable[[int], str]
    reason: str


@frozen
class _Base:
    """A base tag, its version, and what the name after it is held against: the planned releases, lowest first, and the
    names that open hotfixes are named after."""

    tag: TagName
    version: Version
    issue: IssueId
    known: KnownTags
    plans: tuple[tuple[Rank, str], ...]
    kept: Collection[TagName | None]

    @property
    def limit(self) -> tuple[Rank, str] | None:
        """The lowest planned release above the base."""
        return next((each for each in self.plans if each[0] > self.version.rank), None)


def next_tag(
    base: TagName, issue: IssueId, template: str, known: KnownTags, *, by_issue: bool = True
) -> NextTag | TagQuestion:
    """The name of the hotfix tag after `base`.

    `template` is the policy's `tag`: "auto" raises the hotfix part, or is `hotfix-<issue>` when the base tag is no
    version. Any other template is filled in (`{issue}`, `{base}`) and returned even when the name is taken: the
    caller refuses. A name is higher than the base, below every planned release above it, and never theirs. With
    `by_issue` an issue like `1.0.2` is the name itself.
    """
    if template != "auto":
        filled = template.replace("{issue}", issue).replace("{base}", base)
        return NextTag(TagName(filled), f"the policy names it {template}")
    version = parse(base)
    if version is None:
        return NextTag(TagName(f"hotfix-{issue}"), f"{base or 'the base'} is not a version: named after the issue")
    kept = {tag_named_by_issue(each, base) for each in known.open_issues if each != issue}
    on = _Base(base, version, issue, known, tuple(planned_releases(known.branches, version, known.names)), kept)
    meant = tag_named_by_issue(issue, base) if by_issue else None
    if meant:
        return _tag_named_by_issue(meant, on)
    rule = _rule(version, on)
    if isinstance(rule, TagQuestion):
        return rule
    found = _free_name(rule, on)
    if found and is_prerelease(found) and not is_prerelease(base):  # `test-42` is a release, `test-42.1` is not
        return NextTag(TagName(f"hotfix-{issue}"), f"{found} would be a pre-release: named after the issue")
    if found:
        return _name_or_question(found, rule.reason, on)
    found = next((name for each in _rules_right_above(version) if (name := _free_name(each, on))), None)
    why = f"{on.limit[1]} is planned" if on.limit else f"no name like {rule.name(1)} is free"
    broken = _breaking_manifest(found, on) if found else None
    if broken:
        why += f", and {broken} needs a semantic version, which {found} is not"
    if not found or broken:
        return TagQuestion(why, _choices(on))
    return _name_or_question(found, f"{why}: a further part", on, further=True)


def _tag_named_by_issue(meant: TagName, on: _Base) -> NextTag | TagQuestion:
    """The tag that the issue itself names, where it can be the next one."""
    made, why = parse(meant), None
    if made is None or made.rank <= on.version.rank:
        why = f"which is not higher than {on.tag}"
    elif meant in on.known.taken:
        why = "which exists"
    elif plan := next((branch for rank, branch in on.plans if rank == made.rank), None):
        why = f"which is planned: {plan} is open"
    if why:
        rule = _rule(on.version, on)
        usual = _free_name(rule, on) if isinstance(rule, _Rule) else None
        choices = [name for name in (usual, *_choices(on)) if name]
        return TagQuestion(f"{on.issue} names the tag {meant}, {why}", tuple(dict.fromkeys(choices)))
    return _name_or_question(meant, "the hotfix is named after its version", on)


def _name_or_question(name: TagName, reason: str, on: _Base, *, further: bool = False) -> NextTag | TagQuestion:
    """`name`, unless there are releases between it and the base whose fixes a reader of that number expects in it."""
    lacking = _lacking_releases(name, on)
    if not lacking:
        return NextTag(name, reason, further)
    names = ", ".join(lacking)
    return TagQuestion(f"{name} would promise what {names} fixed, and {on.tag} does not have it", _choices(on), lacking)


def _lacking_releases(found: TagName, on: _Base) -> tuple[TagName, ...]:
    """The releases between the base and `found` that the hotfix does not hold, lowest first."""
    made, between = parse(found), []
    assert made
    for name in on.known.lacking:
        other = parse(name)
        if other and same_scheme(other, on.version) and on.version.rank < other.rank < made.rank:
            between.append((other.rank, name))
    return tuple(name for _, name in sorted(between))


def tag_named_by_issue(issue: str, base: TagName) -> TagName | None:
    """The tag that an issue like `1.0.2` names, in the spelling of `base`; None for an issue that is not a version.

    git-flow names a hotfix after the version that it is going to be.
    """
    version, meant = parse(base), parse(TagName(issue))
    found = re.fullmatch(r"(\d+(?:\.\d+)+)", meant.text, re.ASCII) if meant and not meant.suffix else None
    if version is None or meant is None or found is None:
        return None
    if meant.prefix not in ("", "v", "V") and not (package_word(meant.prefix) and same_scheme(meant, version)):
        return None  # `API-1.2` is not a version of v1.1
    separators = re.findall(r"\D+", version.text)
    separator = separators[0] if separators else _separator(version)
    suffix = version.suffix if _is_edition(version.suffix) and not re.search(r"\d", version.suffix) else ""
    return TagName(version.prefix + found.group(1).replace(".", separator) + suffix)


def planned_releases(branches: Iterable[str], version: Version, names: Iterable[TagName]) -> list[tuple[Rank, str]]:
    """The releases of `version`'s scheme that a branch release/<name> prepares and that have no tag among `names` yet,
    lowest first: rank and the branch's name."""
    plans = []
    for branch in branches:
        match = _PLAN.fullmatch(branch)
        plan = parse(TagName(match.group(1))) if match else None
        if plan is None or (plan.suffix and plan.suffix != version.suffix and not _counts_on(plan, version)):
            continue
        if plan.prefix in ("", "v", "V", version.prefix) or same_scheme(plan, version):
            plans.append((plan, branch))
    if not plans:
        return []
    # Of 20,000 names only those that hold these numbers are taken apart.
    numbers = "|".join(dict.fromkeys(_numbers_pattern(plan.numbers) for plan, _ in plans))
    holds = re.compile(rf"(?<!\d)0*(?:{numbers})(?!\d)", re.ASCII)
    names = list(names)
    hits = [name for name in names if holds.search(name) and not is_prerelease(name)]
    released = [each.numbers for name in hits if (each := parse(name)) and same_scheme(each, version)]
    ranks = {each.rank for name in names if holds.search(name) and (each := parse(name)) and same_scheme(each, version)}
    return sorted(
        (plan.rank, branch)
        for plan, branch in plans
        if (plan.rank not in ranks if _counts_on(plan, version) else not _is_released(plan.numbers, released))
    )


def _counts_on(plan: Version, version: Version) -> bool:
    """Whether what follows the numbers of a planned release is its hotfix part, so that the numbers alone do not name
    it: v1.0.0-hf2, and after 1.0.2a also 1.0.2b."""
    word = re.fullmatch(r"(.*?([A-Za-z]+)[-_.]?)\d+", plan.suffix)
    if word:
        same = re.fullmatch(re.escape(word.group(1)) + r"\d+", version.suffix) and plan.suffix != version.suffix
        return word.group(2).lower() in HOTFIX_WORDS or bool(same and word.group(2).lower() not in _PLATFORM)
    return all(re.fullmatch(r"[-_.]?[a-z]", each.suffix) for each in (plan, version))


def _numbers_pattern(numbers: tuple[int, ...]) -> str:
    """A pattern for names that hold these numbers, but for zeros at their end."""
    while len(numbers) > 1 and numbers[-1] == 0:
        numbers = numbers[:-1]
    return r"\D{1,3}0*".join(map(str, numbers))


def _is_released(plan: tuple[int, ...], released: Sequence[tuple[int, ...]]) -> bool:
    """Whether a release has these numbers, but for zeros, or begins with them: release/1.4 has v1.4.0, v1.4.1."""
    width = len(plan)
    return any(numbers[:width] + (0,) * (width - len(numbers)) == plan for numbers in released)


def _free_name(rule: _Rule, on: _Base) -> TagName | None:
    """The first name of `rule` that is higher than the base, free, and below what is planned."""
    for n in range(1, _FAR):
        name = TagName(rule.name(n))
        made = parse(name)
        if made is None or (on.limit and made.rank >= on.limit[0]):
            return None
        if name not in on.known.taken and name not in on.kept and made.rank > on.version.rank:
            return name
    return None


def _breaking_manifest(name: TagName, on: _Base) -> str | None:
    """The manifest that needs a semantic version, where the base is one and `found` is none."""
    needing = sorted(name for name in on.known.manifests if name.rpartition("/")[2] in NEED_SEMVER)
    was = _SEMVER.fullmatch(on.version.text + on.version.suffix)
    return needing[0] if needing and was and not _SEMVER.fullmatch(name[len(on.version.prefix) :]) else None


def _choices(on: _Base) -> tuple[TagName, ...]:
    """Names right above the base that belong to no line of numbers, `2.3.1.1`, or `2.3.1.post1` and `v2.3.1-sp.1` where
    Python's or semver's rules hold; and one that is not a number at all."""
    files = {name.rpartition("/")[2] for name in on.known.manifests}
    plain = not on.version.suffix and len(on.version.numbers) == 3
    rules = [_Rule(lambda n: f"{on.tag}.post{n}", "")] if plain and files & _PYTHON else []
    rules += [_Rule(lambda n: f"{on.tag}-sp.{n}", "")] if plain and files & NEED_SEMVER else []
    names = (name for rule in (*rules, *_rules_right_above(on.version)) if (name := _free_name(rule, on)))
    found = next((name for name in names if not _lacking_releases(name, on)), None)
    by_issue = TagName(f"hotfix-{on.issue}")
    return tuple(name for name in (found, by_issue) if name and name not in on.known.taken)


def _rule(version: Version, on: _Base) -> _Rule | TagQuestion:
    """How `version` is raised, by what follows its numbers, then by the numbers."""
    suffix, build, _ = version.suffix.partition("+")
    if build and not re.search(r"\+deb\d+u\d+$", version.suffix):
        rule = _rule(_with_suffix(version, suffix), on)
        return rule if isinstance(rule, TagQuestion) else _Rule(rule.name, f"{rule.reason}; the build is dropped")
    commit = re.search(r"[-.]g?(?=[a-f]*\d)(?=\d*[a-f])[0-9a-f]{7,40}$", version.text + suffix)
    bare = parse(TagName(version.prefix + (version.text + suffix)[: commit.start()])) if commit else None
    if commit and bare:
        return _question_of_unknown(bare, on, f"{commit.group()[1:]} looks like the id of a commit")
    letter = re.fullmatch(r"([-_.]?)([a-z]|z[a-z])", suffix) if not re.fullmatch(r"[-_.]x", suffix) else None
    if letter:
        return _Rule(
            lambda n: _head(version) + letter.group(1) + _next_letters(letter.group(2), n), "the letter counts"
        )
    counted = re.fullmatch(r"(.*?)([A-Za-z]+)([-_.]?(?:\d+[._-])*)(\d+)", version.suffix)
    if counted:
        return _rule_by_word(version, counted, on)
    if re.fullmatch(r"[-_.]?[A-Za-z]+", suffix) and suffix.strip("-_.").lower() in _BARE:
        return _Rule(lambda n: f"{_head(version)}{suffix}.{n + 1}", f"{suffix} is the first hotfix")
    if _is_edition(suffix):
        return _rule_by_numbers(version, on)
    return _question_of_unknown(version, on, f"nothing is known of {suffix!r}")


def _rule_by_word(version: Version, counted: re.Match[str], on: _Base) -> _Rule | TagQuestion:
    """A suffix that ends in a word and a number: `-hotfix.1`, `.post1`, `-fix-4711`, `-linux64`."""
    before, word, separator, number = counted.groups()
    issue, known = on.issue, on.known
    stem = _head(version) + before + word + separator
    low = word.lower()
    if low in _TITLE and not re.search(r"\d", separator) and _is_issue_number(low, stem, number, on):
        other = f"{version.prefix}{_raise_last_number(version)(1)}{before}{word}{separator}{issue}"
        mine = parse(f"{stem}{issue}")
        if mine and mine.rank > version.rank and not re.search(r"[^\w.-]", issue):
            return _Rule(
                lambda n: f"{stem}{issue}" + (f".{n - 1}" if n > 1 else ""), f"{word} is followed by the issue"
            )
        return _Rule(
            lambda n: other + (f".{n - 1}" if n > 1 else ""), "the issue is lower: the number is raised with it"
        )
    ubuntu = low == "ubuntu" and not before
    debian = low == "u" and re.fullmatch(r"\+deb\d+", before)
    if low in HOTFIX_WORDS or ubuntu or debian or _counts(stem, number, known):
        return _Rule(lambda n: stem + _add(number, n), f"{before}{word} counts the hotfixes")
    if low in _PLATFORM:
        return _rule_by_numbers(version, on)
    return _question_of_unknown(version, on, f"nothing says what {before}{word}{separator}{number} counts")


def _is_issue_number(word: str, stem: str, number: str, on: _Base) -> bool:
    """Whether `number` names an issue: one is known by it, or it is too high for a count, and nothing was counted up
    to it. The first may have no number (v1.0.1-hotfix), and no release is named after the hotfix that is being made."""
    before = {f"{stem}{int(number) - 1}", f"{stem}{_add(number, -1)}"}
    counted = (before | ({stem.rstrip("-_.")} if number == "2" else set())) & {*on.known.names}
    return not counted and (
        (number in on.known.issues and number != on.issue) or int(number) >= _FEW or word in _ISSUES
    )


def _counts(stem: str, number: str, known: KnownTags) -> bool:
    """Whether the history has another number after the very same words."""
    others = (name[len(stem) :] for name in known.names if name.startswith(stem))
    return any(other.isdecimal() and other != number for other in others)


def _is_edition(suffix: str) -> bool:
    """Whether a suffix is an edition, which a hotfix keeps: none, one word, or platforms with their numbers."""
    words = re.findall(r"[A-Za-z]+", suffix)
    if not words:
        return not suffix
    if all(word.lower() in _PLATFORM for word in words):
        return not re.fullmatch(r"[-_.]x", suffix)  # the name of a line: `1.4.x`
    return re.fullmatch(r"[-_.]?[A-Za-z]{2,}", suffix) is not None


def _question_of_unknown(version: Version, on: _Base, why: str) -> TagQuestion:
    """The question of a tag whose words nobody knows; to choose from: the numbers alone raised, and its last number."""
    whole = version.prefix + version.text == on.tag
    rules = [] if whole else [_rule_by_numbers(_with_suffix(version, ""), on)]
    counted = re.fullmatch(r"(.*?)(\d+)", _head(version) + version.suffix)
    if counted:
        rules.append(_Rule(lambda n: counted.group(1) + _add(counted.group(2), n), ""))
    names = [found for rule in rules if isinstance(rule, _Rule) and (found := _free_name(rule, on))]
    names += [TagName(f"hotfix-{on.issue}")] if f"hotfix-{on.issue}" not in on.known.taken else []
    return TagQuestion(f"no rule says what follows {on.tag}: {why}", tuple(dict.fromkeys(names)))


def _rule_by_numbers(version: Version, on: _Base) -> _Rule | TagQuestion:
    """Raise the last number, or add a part where the numbers are a release's own."""
    numbers, text, known = version.numbers, version.text, on.known
    count = _Rule(
        lambda n: version.prefix + _raise_last_number(version)(n) + version.suffix, "the last number is the hotfix part"
    )
    further = _further_part(version)
    if re.search(r"\d\.\d+[-_]\d+\.\d+", text) and not re.match(r"(?:19|20)\d\d", text):
        return _question_of_unknown(version, on, "it holds two versions")
    habit = _habit(version, known)
    if habit:
        return habit
    stamp = _date_width(version, known)
    if stamp:
        reason = "a date gets a further part" if len(numbers) == stamp else "the part behind the date counts"
        return _Rule((further if len(numbers) == stamp else count).name, reason)
    if len(numbers) == 1:
        word = re.search(r"[^A-Za-z]([A-Za-z]+)[-_.]?$", version.prefix)
        if word and word.group(1).lower() in HOTFIX_WORDS - {"r", "rev", "u", "p"}:
            return _Rule(count.name, f"{word.group(1)} counts the hotfixes")
        return _Rule(further.name, "one number gets a further part")
    if len(numbers) == 2:
        if _second_is_fix(version, known):
            return _Rule(count.name, "by its history the second number is the hotfix part")
        return _Rule(further.name, "two numbers get a third")
    return count


def _date_width(version: Version, known: KnownTags) -> int:
    """How many of the numbers are a date, with its time; 0 where they are none."""
    numbers, parts = version.numbers, re.findall(r"\d+", version.text)
    first = parts[0]
    if len(first) == 8 and _day(int(first[:4]), int(first[4:6]), int(first[6:])):
        return 2 if len(parts) > 1 and len(parts[1]) >= 4 else 1
    if len(parts) > 1 and len(parts[-1]) >= 8:
        return len(parts)  # `1.4.2-20261127`: raised, it would name another day
    if len(parts) == 2 and re.match(r"\d{4}[-_.]?(?:[KkCc]?[Ww]|[Qq])", version.text):
        return 2
    if len(parts) < 3:
        return 0
    day_first = len(parts[2]) == 4 and numbers[0] == int(parts[2])
    if day_first or _is_date(version, parts, known):
        return _with_time(parts)
    return 0


def _with_time(parts: list[str]) -> int:
    """The numbers of a date of three, and of the time behind it."""
    if len(parts) > 3 and len(parts[3]) >= 4:
        return 4
    clock = [part for part in parts[3:6] if len(part) == 2 and int(part) < 60]
    return 3 + len(clock) if len(clock) >= 2 and len(clock) == len(parts[3:6]) and int(clock[0]) < 24 else 3


def _is_date(version: Version, parts: list[str], known: KnownTags) -> bool:
    """Whether the first three numbers are a date: the tagged commit's, or, with a whole year, one that nothing in the
    history speaks against. `2026.11.1` after `2026.11` is a hotfix, and so is `2026.2.3` after `2026.2.2`."""
    year, month, number = version.numbers[:3]
    short = len(parts[0]) <= 2
    named = _day(year + 2000 if short else year, month, number)
    if named is None or not (short or 1900 <= year < 2100):
        return False
    if len(parts) > 3:
        return not short  # `2026.11.27.1`: whatever the first three are, the last counts
    written = re.findall(r"\D+", version.text)
    head = version.prefix + version.text[: len(parts[0] + written[0] + parts[1])]
    before = {head + written[1] + _add(parts[2], -1), head + written[1] + str(number - 1)}
    counted = bool(before & {*known.names}) or (head in known.names and number == 1)
    shorter = head in known.names
    near = known.day is not None and abs(known.day - named) <= AROUND
    if near:
        return not (shorter and counted)
    # Days are written with two digits; a count that came so far began with one.
    days = len(parts[2]) == 2 and not any(f"{head}{written[1]}{digit}" in known.names for digit in range(10))
    return not short and not shorter and (days or not counted)


def _day(year: int, month: int, number: int) -> date | None:
    try:
        return date(year, month, number) if 1900 <= year < 2100 else None
    except ValueError:
        return None


def _second_is_fix(version: Version, known: KnownTags) -> bool:
    """Whether the second of two numbers is raised by hotfixes: a hotfix added it to a release of one number (v1, v1.1),
    or the history has several lines of it that live side by side (REL_13_8 after REL_14_0), or has branches called
    after the first number alone. PostgreSQL's spelling says so by itself, once any line has counted to three."""
    own = [each for name in known.names if (each := parse(name)) and each.prefix == version.prefix]
    if any(len(each.numbers) > 2 for each in own):
        return False
    first = re.match(r"\d+", version.text)
    assert first
    if version.prefix + first.group() + version.suffix in known.names:
        return True
    firsts = [each.numbers[0] for each in own if len(each.numbers) == 2]
    if any(later < earlier for earlier, later in itertools.pairwise(firsts)):
        return True
    if any(_line_of(branch, first.group()) for branch in known.branches):
        return True
    # A line that has just begun counts as the ones before it did.
    postgresql = re.fullmatch(r"(?i)(?:.*/)?rel_", version.prefix) and max(Counter(firsts).values(), default=0) > 2
    drupal = re.search(r"(?:^|/)\d+\.x-$", version.prefix)  # 7.x-1.5: the second number is the patch level
    return bool(postgresql or drupal)


def _line_of(branch: str, number: str) -> bool:
    """Whether a branch is called after the first number alone: REL_14_STABLE, 14.x, support/14, stable-14."""
    lines = rf"v?{number}[._-]x|(?:REL_?|v)?{number}[_-]stable|stable[/_-]v?{number}"
    folders = rf"(?:support|maint|maintenance|releases?)/v?{number}"
    return re.fullmatch(f"{lines}|{folders}", branch, re.IGNORECASE) is not None


def _habit(version: Version, known: KnownTags) -> _Rule | None:
    """How the last releases of this scheme were fixed, where at least two show it and the base itself has no such part:
    by a word behind the number (v1.4.1-hf1), or by one number more (1.4.1.1)."""
    own = [(each.rank, each) for name in known.names if (each := parse(name)) and each.prefix == version.prefix]
    below = [each for rank, each in sorted(own, key=lambda pair: pair[0]) if rank < version.rank][-_RECENT:]
    if version.suffix or not below:
        return None
    width = len(version.numbers)
    words = [
        found
        for each in below
        if len(each.numbers) == width and (found := re.fullmatch(r"([-_.]?[A-Za-z]+[-_.]?)(\d+)", each.suffix))
        if re.sub(r"[^A-Za-z]", "", found.group(1)).lower() in HOTFIX_WORDS
        if found.group(2) == "1"
    ]
    if len(words) >= 2:
        stem = _head(version) + words[-1].group(1)
        return _Rule(lambda n: f"{stem}{n}", f"this team's hotfixes add {words[-1].group(1)}N")
    longer = {each.numbers[:-1] for each in below if len(each.numbers) == width + 1 and not each.suffix}
    longer &= {each.numbers for each in below}
    if width > 2 and len(longer) >= 2:
        return _Rule(_further_part(version).name, "this team's hotfixes add a number")
    return None


def _head(version: Version) -> str:
    return version.prefix + version.text


def _with_suffix(version: Version, suffix: str) -> Version:
    return Version(version.numbers, suffix, version.prefix, version.text)


def _raise_last_number(version: Version) -> Callable[[int], str]:
    """The numbers with the last one raised by n; leading zeros are part of the scheme."""
    last = re.search(r"\d+$", version.text)
    assert last
    return lambda n: version.text[: last.start()] + _add(last.group(), n)


def _add(number: str, n: int) -> str:
    return f"{int(number) + n:0{len(number)}d}"


def _further_part(version: Version) -> _Rule:
    """One part more, behind the tag's own separator."""
    if re.search(r"\d$", version.suffix) or re.search(r"[A-Za-z]$", version.text):
        return _Rule(lambda n: f"{_head(version)}{version.suffix}.{n}", "a further part")
    separator = _separator(version)
    return _Rule(lambda n: f"{_head(version)}{separator}{n}{version.suffix}", "a further part")


def _rules_right_above(version: Version) -> tuple[_Rule, ...]:
    """The names right above `version`: a further part, and one behind a zero, for `1.4` where `1.4.1` is planned."""
    zero = _separator(version)
    deeper = _Rule(lambda n: f"{_head(version)}{zero}0{zero}{n}{version.suffix}", "a further part")
    return (_further_part(version), *(() if re.search(r"\d$", version.suffix) else (deeper,)))


def _separator(version: Version) -> str:
    """What stands between the numbers. A dash behind a year and a month would begin a day, so a dot follows a date."""
    between = re.findall(r"(?<=\d)[._-](?=\d)", version.text)
    if not between:
        return "_" if version.prefix.endswith("_") else "."
    return "." if between[-1] == "-" and re.match(r"(?:19|20)\d\d", version.text) else between[-1]


def _next_letters(letters: str, n: int) -> str:
    """The n-th letter after `letters`; za follows z, as OpenSSL counts."""
    for _ in range(n):
        letters = letters + "a" if letters[-1] == "z" else letters[:-1] + chr(ord(letters[-1]) + 1)
    return letters
