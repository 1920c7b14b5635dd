"""The names of three hotfixes in a row, each made on the one before, for the tag habits of real repositories."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from git_hotfix.hotfix.next_tag import KnownTags, NextTag, TagQuestion, next_tag, planned_releases, tag_named_by_issue
from git_hotfix.model.names import BranchName, IssueId, TagName
from git_hotfix.model.versions import is_prerelease, parse

ISSUES = (IssueId("5001"), IssueId("5002"), IssueId("5003"))
DAY = date(2026, 11, 27)


def known(*names: str, branches: str = "", manifests: str = "", day: date = DAY, issues: str = "") -> KnownTags:
    """The tags of a repository, oldest first, and what else a name is held against."""
    tags = tuple(map(TagName, names))
    own = tuple(map(BranchName, branches.split()))
    return KnownTags(tags, {*tags}, own, (), manifests.split(), day, issues.split())


def in_a_row(base: TagName, history: KnownTags) -> Iterator[NextTag | TagQuestion]:
    """What three hotfixes are called, each made on the one before."""
    for issue in ISSUES:
        found = next_tag(base, issue, "auto", history)
        yield found
        if isinstance(found, TagQuestion):
            return
        base = found.name
        history = replace(history, names=(*history.names, base), taken={*history.taken, base})


# base, the names known beside it (oldest first), the three names, why
HABITS = [
    # numbers
    ("1.4", "1.2 1.3", "1.4.1 1.4.2 1.4.3", "16 of 16 real teams added a third number"),
    ("v4.2", "v4.0 v4.1", "v4.2.1 v4.2.2 v4.2.3", "the same with a v"),
    ("1.4", "1.3 1.3.1", "1.4.1 1.4.2 1.4.3", "the history shows the third number"),
    ("1.4.2", "1.4.1", "1.4.3 1.4.4 1.4.5", "with three numbers 238 of 259 raised the last"),
    ("v1.4.2", "", "v1.4.3 v1.4.4 v1.4.5", "semver"),
    ("v1.99.9", "", "v1.99.10 v1.99.11 v1.99.12", "numbers, no digits"),
    ("1.2.3.4", "", "1.2.3.5 1.2.3.6 1.2.3.7", "four numbers: the last"),
    ("1.2.3.4.5", "", "1.2.3.4.6 1.2.3.4.7 1.2.3.4.8", "five numbers: the last"),
    ("1.2.3", "1.2.1 1.2.1.1 1.2.2 1.2.2.1", "1.2.3.1 1.2.3.2 1.2.3.3", "this team's hotfixes add a fourth number"),
    ("v1", "", "v1.1 v1.2 v1.3", "one number gets a part, which the next hotfix raises"),
    ("v3", "v1 v1.1 v2", "v3.1 v3.2 v3.3", "one number, as its hotfixes were called before"),
    ("v09", "", "v09.1 v09.2 v09.3", "leading zeros stay"),
    ("42", "41", "42.1 42.2 42.3", "a bare number"),
    ("build-456", "build-455", "build-456.1 build-456.2 build-456.3", "a build's number is the next build's"),
    ("r456", "r455", "r456.1 r456.2 r456.3", "a revision's number is not a hotfix's"),
    ("release-42", "", "release-42.1 release-42.2 release-42.3", "one number behind a word"),
    ("deploy-prod-7", "deploy-prod-6", "deploy-prod-7.1 deploy-prod-7.2 deploy-prod-7.3", "one number, two words"),
    ("sprint-42", "", "sprint-42.1 sprint-42.2 sprint-42.3", "a sprint's number is the next sprint's"),
    ("REL_14", "", "REL_14_1 REL_14_2 REL_14_3", "underscores alone: the tag's own separator"),
    # spelling
    ("release-1.4.2", "", "release-1.4.3 release-1.4.4 release-1.4.5", "a word in front"),
    ("release/1.2.3", "", "release/1.2.4 release/1.2.5 release/1.2.6", "a folder in front"),
    ("releases/v1.2", "", "releases/v1.2.1 releases/v1.2.2 releases/v1.2.3", "a folder and two numbers"),
    ("app-a/v1.2.3", "", "app-a/v1.2.4 app-a/v1.2.5 app-a/v1.2.6", "a package's folder"),
    ("lib-v4.0.1", "app-v1.2.3", "lib-v4.0.2 lib-v4.0.3 lib-v4.0.4", "a package's word"),
    ("@scope/pkg@1.2.3", "", "@scope/pkg@1.2.4 @scope/pkg@1.2.5 @scope/pkg@1.2.6", "npm's monorepos"),
    ("release-1-4", "", "release-1-4-1 release-1-4-2 release-1-4-3", "dashes between numbers"),
    ("curl-7_88_1", "curl-7_88_0", "curl-7_88_2 curl-7_88_3 curl-7_88_4", "underscores between numbers"),
    ("jquery-3.1", "", "jquery-3.1.1 jquery-3.1.2 jquery-3.1.3", "a project's name"),
    ("go1.21", "go1.20", "go1.21.1 go1.21.2 go1.21.3", "Go before 1.21.0"),
    ("n4.4", "", "n4.4.1 n4.4.2 n4.4.3", "ffmpeg"),
    ("rel8-1.2.3", "", "rel8-1.2.4 rel8-1.2.5 rel8-1.2.6", "a number in the word"),
    ("mysql-8.0.40", "", "mysql-8.0.41 mysql-8.0.42 mysql-8.0.43", "MySQL"),
    ("V1_4_2", "", "V1_4_3 V1_4_4 V1_4_5", "CVS's spelling"),
    ("v1.4-2", "", "v1.4-3 v1.4-4 v1.4-5", "the part behind the dash counts"),
    ("v1.2.3-1", "v1.2.3", "v1.2.3-2 v1.2.3-3 v1.2.3-4", "a package's revision"),
    ("v1.2.3_1", "v1.2.3", "v1.2.3_2 v1.2.3_3 v1.2.3_4", "a port's revision"),
    # PostgreSQL's habit
    ("REL_14_5", "REL_13_7 REL_14_4 REL_13_8", "REL_14_6 REL_14_7 REL_14_8", "lines that live side by side"),
    ("REL_14_5", "REL_14_3 REL_14_4", "REL_14_6 REL_14_7 REL_14_8", "PostgreSQL's spelling, counted so before"),
    ("REL_1_4", "REL_1_3 REL_1_3_1", "REL_1_4_1 REL_1_4_2 REL_1_4_3", "the same spelling with hotfixes of three"),
    ("REL_15_1", "REL_14_1 REL_14_2 REL_14_3 REL_14_4 REL_14_5 REL_15_0", "REL_15_2 REL_15_3 REL_15_4",
     "a line that has just begun counts as the one before it"),
    ("15.3", "14.8 15.2 14.9", "15.4 15.5 15.6", "the same by its history, without the word"),
    # dates
    ("24.04", "23.10", "24.04.1 24.04.2 24.04.3", "Ubuntu"),
    ("24.04.1", "24.04", "24.04.2 24.04.3 24.04.4", "a part that a hotfix added is raised"),
    ("2026.11", "2026.10", "2026.11.1 2026.11.2 2026.11.3", "year and month"),
    ("2026.11.1", "2026.10 2026.11", "2026.11.2 2026.11.3 2026.11.4", "no date: 2026.11 is in the history"),
    ("2026.2.3", "2026.2.1 2026.2.2", "2026.2.4 2026.2.5 2026.2.6", "no date: counted, and far from that day"),
    ("2026.11.27", "2026.11.20", "2026.11.27.1 2026.11.27.2 2026.11.27.3", "the day of the tagged commit"),
    ("2026.11.25", "2026.11 2026.10", "2026.11.25.1 2026.11.25.2 2026.11.25.3", "three days around it count"),
    ("2026.06.09", "2026.05.20", "2026.06.09.1 2026.06.09.2 2026.06.09.3", "a date: no shorter form in the history"),
    ("2024-05-02", "2024-05-01", "2024-05-02.1 2024-05-02.2 2024-05-02.3", "days in a row, tagged ten days later"),
    ("2024.11.12", "2024.11.9 2024.11.11", "2024.11.13 2024.11.14 2024.11.15", "no date: counted from one digit on"),
    ("26.11.27", "26.11.20", "26.11.27.1 26.11.27.2 26.11.27.3", "a short year, on that day"),
    ("22.4.1", "22.4.0", "22.4.2 22.4.3 22.4.4", "a short year only on that day: this is Node"),
    ("2026-11-27", "2026-11-20", "2026-11-27.1 2026-11-27.2 2026-11-27.3", "a day with dashes gets a dot"),
    ("2026-11-27.1", "2026-11-27", "2026-11-27.2 2026-11-27.3 2026-11-27.4", "a part that a hotfix added is raised"),
    ("2026-11-27-2", "2026-11-27", "2026-11-27-3 2026-11-27-4 2026-11-27-5", "the second release of a day"),
    ("2026_11_27", "", "2026_11_27_1 2026_11_27_2 2026_11_27_3", "a day with underscores"),
    ("20261127", "20261120", "20261127.1 20261127.2 20261127.3", "eight digits are a day"),
    ("release_20261127_01", "", "release_20261127_02 release_20261127_03 release_20261127_04", "a day's counter"),
    ("20261127-1530", "", "20261127-1530.1 20261127-1530.2 20261127-1530.3", "a day and a time, raised by no minute"),
    ("2026-11-27T1530", "", "2026-11-27T1530.1 2026-11-27T1530.2 2026-11-27T1530.3", "the same with a T"),
    ("2026-11-27_15-30", "", "2026-11-27_15-30.1 2026-11-27_15-30.2 2026-11-27_15-30.3", "hours and minutes"),
    ("27.11.2026", "20.11.2026", "27.11.2026.1 27.11.2026.2 27.11.2026.3", "the year comes last, and is not a counter"),
    ("2026-W48", "2026-W47", "2026-W48.1 2026-W48.2 2026-W48.3", "a week"),
    ("2026-KW48", "", "2026-KW48.1 2026-KW48.2 2026-KW48.3", "a German week"),
    ("2026Q4", "2026Q3", "2026Q4.1 2026Q4.2 2026Q4.3", "a quarter"),
    ("2026-11", "2026-10", "2026-11.1 2026-11.2 2026-11.3", "year and month with a dash"),
    ("v2026.11.27", "", "v2026.11.27.1 v2026.11.27.2 v2026.11.27.3", "a day behind a v"),
    ("1.4.2-20261127", "", "1.4.2-20261127-1 1.4.2-20261127-2 1.4.2-20261127-3", "a stamp raised is another day"),
    # words and their numbers
    ("v1.4.2-hotfix.1", "v1.4.2", "v1.4.2-hotfix.2 v1.4.2-hotfix.3 v1.4.2-hotfix.4", "the word counts hotfixes"),
    ("v1.4.2-hf1", "v1.4.2", "v1.4.2-hf2 v1.4.2-hf3 v1.4.2-hf4", "the same, short"),
    ("v1.4.2", "v1.4.0-hf1 v1.4.1 v1.4.1-hf1", "v1.4.2-hf1 v1.4.2-hf2 v1.4.2-hf3", "as this team fixes"),
    ("2026-11-27", "2026-11-13-hotfix1 2026-11-20-hotfix1",
     "2026-11-27-hotfix1 2026-11-27-hotfix2 2026-11-27-hotfix3", "as this team fixes, on days"),
    ("1.0.post1", "1.0", "1.0.post2 1.0.post3 1.0.post4", "PEP 440"),
    ("1.2.3-r1", "1.2.3", "1.2.3-r2 1.2.3-r3 1.2.3-r4", "Gentoo, Alpine"),
    ("1.2.3-rev4", "", "1.2.3-rev5 1.2.3-rev6 1.2.3-rev7", "revisions"),
    ("8u292", "8u291", "8u293 8u294 8u295", "Java's updates"),
    ("v1.2.3-lts1", "", "v1.2.3-lts2 v1.2.3-lts3 v1.2.3-lts4", "long-term support"),
    ("9.6p1", "9.6", "9.6p2 9.6p3 9.6p4", "sudo, ntp"),
    ("V_9_6_P1", "", "V_9_6_P2 V_9_6_P3 V_9_6_P4", "OpenSSH"),
    ("1.0.0.SP1", "1.0.0.Final", "1.0.0.SP2 1.0.0.SP3 1.0.0.SP4", "JBoss's service packs"),
    ("Hoxton.SR3", "Hoxton.SR2", "Hoxton.SR4 Hoxton.SR5 Hoxton.SR6", "Spring's service releases"),
    ("v1.4.2-patch.3", "", "v1.4.2-patch.4 v1.4.2-patch.5 v1.4.2-patch.6", "patches"),
    ("1.2.3-1ubuntu2", "", "1.2.3-1ubuntu3 1.2.3-1ubuntu4 1.2.3-1ubuntu5", "Ubuntu's revisions"),
    ("1.2.3-1+deb12u3", "", "1.2.3-1+deb12u4 1.2.3-1+deb12u5 1.2.3-1+deb12u6", "Debian's stable updates"),
    ("1.0.2a", "1.0.2", "1.0.2b 1.0.2c 1.0.2d", "OpenSSL's letters"),
    ("OpenSSL_1_0_2y", "", "OpenSSL_1_0_2z OpenSSL_1_0_2za OpenSSL_1_0_2zb", "za follows z"),
    ("v1.4.2-fix-4711", "v1.4.2", "v1.4.2-fix-5001 v1.4.2-fix-5002 v1.4.2-fix-5003", "the number was an issue"),
    ("v1.4.2-fix-9999", "v1.4.2", "v1.4.3-fix-5001 v1.4.3-fix-5002 v1.4.3-fix-5003", "a lower issue does not rise"),
    ("v1.4.2-fix-1", "v1.4.2", "v1.4.2-fix-2 v1.4.2-fix-3 v1.4.2-fix-4", "the number counts"),
    ("v1.4.2-acme7", "v1.4.2-acme6", "v1.4.2-acme8 v1.4.2-acme9 v1.4.2-acme10", "the history counts by this word"),
    ("v1.4.2-fix-7", "v1.4.2", "v1.4.2-fix-8 v1.4.2-fix-9 v1.4.2-fix-10", "too low for an issue that nobody knows"),
    ("v1.4.2-issue-7", "v1.4.2", "v1.4.2-issue-5001 v1.4.2-issue-5002 v1.4.2-issue-5003", "an issue by its word"),
    ("v1.4.2-hf1.1", "v1.4.2-hf1", "v1.4.2-hf1.2 v1.4.2-hf1.3 v1.4.2-hf1.4", "a hotfix of a hotfix"),
    ("v1.4.2-hotfix", "v1.4.2", "v1.4.2-hotfix.2 v1.4.2-hotfix.3 v1.4.2-hotfix.4", "the first one had no number"),
    ("2026-11-27-hotfix", "2026-11-27", "2026-11-27-hotfix.2 2026-11-27-hotfix.3 2026-11-27-hotfix.4", "on a day"),
    ("OpenSSL_1_1_1w", "", "OpenSSL_1_1_1x OpenSSL_1_1_1y OpenSSL_1_1_1z", "x is a letter as others"),
    ("7.x-1.5", "7.x-1.4", "7.x-1.6 7.x-1.7 7.x-1.8", "Drupal's modules: the second number is the patch level"),
    # words that stay
    ("v1.0.Final", "", "v1.0.1.Final v1.0.2.Final v1.0.3.Final", "an edition stays"),
    ("1.0.0.RELEASE", "", "1.0.1.RELEASE 1.0.2.RELEASE 1.0.3.RELEASE", "Spring's releases"),
    ("1.2.3-stable", "", "1.2.4-stable 1.2.5-stable 1.2.6-stable", "a word without a number"),
    ("1.2.3-linux64", "", "1.2.4-linux64 1.2.5-linux64 1.2.6-linux64", "a platform's number is not a counter"),
    ("1.2.3-linux-x86_64", "", "1.2.4-linux-x86_64 1.2.5-linux-x86_64 1.2.6-linux-x86_64", "a platform of two words"),
    ("1.2.3-jdk11", "", "1.2.4-jdk11 1.2.5-jdk11 1.2.6-jdk11", "Java's version is not a counter"),
    ("1.4.2+5", "", "1.4.3 1.4.4 1.4.5", "semver ignores a build: the number is raised, the build dropped"),
    ("v1.2+build5", "", "v1.2.1 v1.2.2 v1.2.3", "the same with a word and two numbers"),
    # no version
    ("4193-pin-werkzeug", "", "hotfix-5001 hotfix-5002 hotfix-5003", "a branch's name, whose number is an issue"),
    ("fix-wiki-preview", "", "hotfix-5001 hotfix-5002 hotfix-5003", "a branch's name"),
    ("fix-4711", "", "hotfix-5001 hotfix-5002 hotfix-5003", "an issue's number"),
    ("hotfix-12", "", "hotfix-5001 hotfix-5002 hotfix-5003", "a hotfix named after its issue"),
    ("latest", "", "hotfix-5001 hotfix-5002 hotfix-5003", "no number"),
]  # fmt: skip


@pytest.mark.parametrize(("base", "others", "after", "why"), HABITS, ids=[f"{row[0]}, {row[3]}" for row in HABITS])
def test_three_hotfixes_in_a_row(base: str, others: str, after: str, why: str) -> None:
    found = list(in_a_row(TagName(base), known(*others.split(), base)))
    assert [each.name if isinstance(each, NextTag) else each for each in found] == after.split(), why
    assert not any(is_prerelease(name) for name in after.split())


def test_the_table_holds_at_least_eighty_habits() -> None:
    assert len({(row[0], row[1]) for row in HABITS}) == len(HABITS) >= 80


def named(base: str, history: KnownTags, issue: str = "77") -> TagName:
    found = next_tag(TagName(base), IssueId(issue), "auto", history)
    assert isinstance(found, NextTag), found
    return found.name


def asked(base: str, history: KnownTags, issue: str = "77") -> TagQuestion:
    found = next_tag(TagName(base), IssueId(issue), "auto", history)
    assert isinstance(found, TagQuestion), found
    return found


@pytest.mark.parametrize(
    ("base", "branches", "name"),
    [
        ("1.4", "release/1.5", "1.4.1"),
        ("1.4", "release/1.4.1", "1.4.0.1"),
        ("v1.4.2", "release/1.4.3 release/1.5.0", "v1.4.2.1"),
        ("v1.4.2", "releases/v1.4.4", "v1.4.3"),
        ("v1.4.2.1", "release-1.4.3", "v1.4.2.2"),
        ("v1.4.2", "release/1.4 release/1.3.9", "v1.4.3"),  # both are out already
        ("v1.4.2", "release/1.4.x release/1.4.3-rc1", "v1.4.3"),  # a line, and no name of a release
        ("v1.4.2", "release/lib-1.4.3", "v1.4.3"),  # another package's
        ("app-v1.4.2", "release/app-v1.4.3", "app-v1.4.2.1"),
        ("v1", "release/v1.1", "v1.0.1"),
        ("REL_14_5", "release/14.6", "REL_14_5_1"),
        ("1.0.2a", "release/1.0.3", "1.0.2b"),
        ("24.04", "release/24.10", "24.04.1"),
        ("v1.4.2", "feature/1.4.3 develop", "v1.4.3"),
    ],
)
def test_a_name_stays_below_the_releases_that_are_planned(base: str, branches: str, name: str) -> None:
    assert named(base, known("v1.3.9", "REL_14_3", "REL_14_4", base, branches=branches)) == name


def test_a_planned_release_that_has_its_tag_is_planned_no_more() -> None:
    assert named("v1.4.2", known("v1.4.2", "v1.4.3", branches="release/1.4.3")) == "v1.4.4"


def test_a_package_manager_that_needs_semver_makes_a_further_part_a_question() -> None:
    """npm, Cargo and their like refuse 1.4.2.1."""
    history = known("v1.4.2", branches="release/1.4.3", manifests="package.json")
    assert asked("v1.4.2", history) == TagQuestion(
        "release/1.4.3 is planned, and package.json needs a semantic version, which v1.4.2.1 is not",
        (TagName("v1.4.2-sp.1"), TagName("hotfix-77")),
    )
    assert named("v1.4.2", replace(history, manifests=("pom.xml",))) == "v1.4.2.1"
    assert named("1.4", known("1.4", branches="release/1.4.1", manifests="package.json")) == "1.4.0.1"


@pytest.mark.parametrize(
    ("base", "manifests", "first"),
    [
        ("v2.3.1", "", "v2.3.1.1"),
        ("v2.3.1", "package.json", "v2.3.1-sp.1"),
        ("2.3.1", "setup.py", "2.3.1.post1"),
        ("v2.3.1-hf1", "", "v2.3.1-hf1.1"),
        ("REL_2_3_1", "", "REL_2_3_1_1"),
    ],
)
def test_a_number_never_promises_what_the_hotfix_lacks(base: str, manifests: str, first: str) -> None:
    base_name = TagName(base)
    two, three = (each.name for each in list(in_a_row(base_name, known(base)))[:2] if isinstance(each, NextTag))
    other = [TagName("v9.9.9"), TagName("lib-v2.3.2"), TagName("latest")]
    history = replace(known(base, two, three, *other, manifests=manifests), lacking=(three, two, *other))
    found = asked(base, history)
    assert (found.choices, found.lacking) == ((first, "hotfix-77"), (two, three))
    assert found.reason.endswith(f"would promise what {two}, {three} fixed, and {base} does not have it")
    assert isinstance(next_tag(three, IssueId("77"), "auto", replace(history, lacking=())), NextTag)


@pytest.mark.parametrize(
    ("base", "choices"),
    [
        ("v1.4.2-acme7", ("v1.4.3", "v1.4.2-acme8", "hotfix-77")),
        ("v1.4.2-3f9ab12", ("v1.4.3", "hotfix-77")),
        ("v1.4.2-5-g3f9ab1c", ("v1.4.2-6", "hotfix-77")),
        ("v1.4.2-build.7", ("v1.4.3", "v1.4.2-build.8", "hotfix-77")),
        ("1.2.3_2.12", ("1.2.3_2.13", "hotfix-77")),
        ("v1.4.x", ("v1.4.1", "hotfix-77")),
        ("1.20.1-forge-47.2.0", ("1.20.2", "1.20.1-forge-47.2.1", "hotfix-77")),
        ("2026-11-27-fix-test-endpoint", ("2026-11-27.1", "hotfix-77")),
    ],
)
def test_where_no_rule_fits_there_is_a_question(base: str, choices: tuple[str, ...]) -> None:
    found = asked(base, known(base))
    assert (found.choices, found.lacking) == (choices, ())
    assert found.reason.startswith(f"no rule says what follows {base}: ")


@pytest.mark.parametrize(
    ("issue", "base", "name"),
    [
        ("1.0.2", "v1.0.0", "v1.0.2"),
        ("v1.0.2", "1.0.0", "1.0.2"),
        ("1.0.2", "REL_1_0_1", "REL_1_0_2"),
        ("1.0.2", "app-v1.0.0", "app-v1.0.2"),
        ("app-1.0.2", "app-v1.0.0", "app-v1.0.2"),
        ("1.0.2", "1.0.1.Final", "1.0.2.Final"),
        ("1.0.2", "v1.0.1-hf1", "v1.0.2"),
        ("1.1", "1", "1.1"),
    ],
)
def test_a_hotfix_that_is_named_after_a_version_gets_that_tag(issue: str, base: str, name: str) -> None:
    assert named(base, known(base), issue) == tag_named_by_issue(issue, TagName(base)) == name


@pytest.mark.parametrize(
    ("issue", "why"),
    [
        ("1.0.0", "which is not higher than v1.0.1"),
        ("1.0.5", "which exists"),
        ("1.1", "which is planned: release/1.1.0 is open"),
    ],
)
def test_a_version_that_cannot_be_the_next_tag(issue: str, why: str) -> None:
    found = asked("v1.0.1", known("v1.0.1", "v1.0.5", branches="release/1.1.0"), issue)
    assert found.reason == f"{issue} names the tag v{issue}, {why}"


def test_issues_that_name_no_version() -> None:
    for issue in ("77", "API-500", "API-1.2", "release-1.0.2", "1.0.2-again", "2026-11-27", "1.0.x"):
        assert tag_named_by_issue(issue, TagName("v1.0.0")) is None
    assert named("hotfix-12", known("hotfix-12"), "1.0.2") == "hotfix-1.0.2"


def test_the_version_that_an_open_hotfix_is_named_after_is_kept_for_it() -> None:
    history = replace(known("v1.0.0"), open_issues=(IssueId("1.0.1"), IssueId("77")))
    assert (named("v1.0.0", history), named("v1.0.0", history, "1.0.1")) == ("v1.0.2", "v1.0.1")


def test_an_issue_that_a_hotfix_was_made_for_is_no_counter() -> None:
    assert named("v1.4.2-fix-1", known("v1.4.2-fix-1", issues="1")) == "v1.4.2-fix-77"
    assert named("v1.4.2-fix-4711", known("v1.4.2-fix-4711"), "API-500") == "v1.4.3-fix-API-500"


def test_names_that_exist_are_skipped_and_templates_are_not() -> None:
    history = known("v1.4.2", "v1.4.3", "v1.4.4", "hotfix-77")
    assert named("v1.4.2", history) == "v1.4.5"
    assert next_tag(TagName("v1.4.2"), IssueId("77"), "hotfix-{issue}", history) == NextTag(
        TagName("hotfix-77"), "the policy names it hotfix-{issue}"
    )
    assert next_tag(TagName("v1.4.2"), IssueId("77"), "{base}-p{issue}", history) == NextTag(
        TagName("v1.4.2-p77"), "the policy names it {base}-p{issue}"
    )


def test_lines_are_told_by_branches_that_are_named_after_their_first_number() -> None:
    for branch in ("REL_14_STABLE", "14.x", "stable-14", "support/14"):
        assert named("14.5", known("14.4", "14.5", branches=branch)) == "14.6"
    assert named("14.5", known("14.4", "14.5", branches="support/14.5 stable")) == "14.5.1"


VERSIONS = st.from_regex(
    r"(v|app-v|REL_|release/)?\d{1,4}([._-]\d{1,2}){0,3}(-hf\d|\.post\d|\.Final|[a-z]|\+\d|-fix-\d{1,4}|-r\d)?",
    fullmatch=True,
)


@settings(max_examples=60, deadline=None)
@given(
    base=VERSIONS,
    others=st.lists(VERSIONS, max_size=4),
    plans=st.lists(st.from_regex(r"release/\d{1,3}(\.\d{1,2}){1,2}", fullmatch=True), max_size=3),
)
def test_three_hotfixes_never_collide_always_rise_and_stay_below_every_plan(
    base: str, others: list[str], plans: list[str]
) -> None:
    history = known(*dict.fromkeys((*others, base)), branches=" ".join(plans))
    first = parse(TagName(base))
    made = [each.name for each in in_a_row(TagName(base), history) if isinstance(each, NextTag)]
    if first is None:
        return
    seen, rank = {*others, base}, first.rank
    limits = [plan[0] for plan in planned_releases(history.branches, first, history.names) if plan[0] > first.rank]
    for name in made:
        version = parse(name)
        assert version is not None
        assert name not in seen
        assert version.rank > rank
        assert all(version.rank < limit for limit in limits)
        seen, rank = {*seen, name}, version.rank


def raised(base: str, history: KnownTags, issue: str = "77") -> NextTag | TagQuestion:
    return next_tag(TagName(base), IssueId(issue), "auto", history)


@pytest.mark.parametrize(
    ("base", "plan", "made"),
    [
        ("1.0.2a", "1.0.2b", None),
        ("v1.0.0-hf1", "v1.0.0-hf2", "v1.0.0-hf1.1"),
        ("v1.0.0-hf1", "1.0.0-hf2", "v1.0.0-hf1.1"),
        ("v1.0.0-hf1", "v1.0.0-hf3", "v1.0.0-hf2"),
        ("1.0.0.post1", "1.0.0.post2", "1.0.0.post1.1"),
        ("v1-r2", "v1-r3", None),
        ("2024a", "2024b", None),
        ("1.0.0+deb10u1", "1.0.0+deb10u2", "1.0.0+deb10u1.1"),
    ],
)
def test_a_hotfix_part_that_is_planned_is_taken(base: str, plan: str, made: str | None) -> None:
    found = raised(base, known(base, branches=f"release/{plan}"))
    assert (found.name if isinstance(found, NextTag) else None) == made
    if isinstance(found, TagQuestion):
        assert plan not in found.choices
    # and once the plan is tagged, it stands in no way
    assert isinstance(raised(plan, known(base, plan, branches=f"release/{plan}")), NextTag)


def test_the_issue_that_is_being_made_has_named_no_release() -> None:
    """start and finish say one name, though the logbook of issue 2 or 3 stands in between."""
    tags = ("v1.0.0", "v1.0.1-hotfix", "v1.0.1-hotfix.2")
    for issue in ("2", "3"):
        said = {raised("v1.0.1-hotfix.2", known(*tags, issues=issues), issue) for issues in ("", issue, f"2 {issue}")}
        assert {each.name for each in said if isinstance(each, NextTag)} == {"v1.0.1-hotfix.3"}


def test_no_name_is_made_that_would_be_a_prerelease() -> None:
    """`test-42` is a release, `test-42.1` would be none, which nobody could tag; previews are no releases."""
    assert named("test-42", known("test-42")) == "hotfix-77"
    assert (is_prerelease("preview-2"), is_prerelease("test-42")) == (True, False)
