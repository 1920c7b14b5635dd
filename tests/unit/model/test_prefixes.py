"""Which branches are hotfix branches, and what the settings of a team and of a clone make of it."""

from __future__ import annotations

import pytest

from git_hotfix.model.names import BranchName, IssueId
from git_hotfix.model.prefixes import Prefixes, prefixes_of
from git_hotfix.model.snapshot import Refs, Snapshot

BOTH = Prefixes(("hotfix-", "hotfix/"))
A, B = ("a" * 40, "b" * 40)


@pytest.mark.parametrize(
    ("branch", "issue"),
    [
        ("hotfix/1", "1"), ("hotfix/a/b", "a/b"), ("hotfix-1", "1"), ("hotfix/", None), ("hotfix-", None),
        ("hotfix", None), ("main", None), ("feature/hotfix-1", None), ("hotfix-to/develop/1", None),
    ],
)  # fmt: skip
def test_a_hotfix_branch_names_its_issue(branch: str, issue: str | None) -> None:
    assert BOTH.issue_of(branch) == issue


def test_the_longest_prefix_is_the_one_that_is_meant() -> None:
    assert Prefixes(("fix", "fix/hot-", "hotfix/")).issue_of("fix/hot-7") == "7"


@pytest.mark.parametrize("text", ["77", "hotfix/77", "hotfix-77", "refs/heads/hotfix/77", "refs/heads/hotfix-77"])
def test_an_issue_is_named_by_itself_or_by_its_branch(text: str) -> None:
    assert BOTH.issue_named(text) == "77"


@pytest.mark.parametrize(
    ("subject", "issue"),
    [
        ("Merge branch 'hotfix/77' into main", "77"),
        ("Merge branch 'hotfix-77'", "77"),
        ("Merge pull request #5 from fork/hotfix-77", "77"),
        ("Merge branch 'hotfix-to/develop/77'", None),
        ("Merge branch 'no-hotfix-here'", None),
        ("Merge branch 'develop'", None),
    ],
)
def test_the_subject_of_a_merge_names_the_issue(subject: str, issue: str | None) -> None:
    assert BOTH.in_subject(subject) == issue


@pytest.mark.parametrize(
    ("policy", "clone", "git_flow", "found"),
    [
        ("hotfix/", "", "", "hotfix/"),
        ("bugfix/", "", "", "bugfix/ hotfix/"),
        ("hotfix/", "", "hotfix-", "hotfix- hotfix/"),
        ("hotfix/", "fix/", "hotfix-", "fix/ hotfix- hotfix/"),
        ("bugfix/ fix/", "", "hotfix/", "bugfix/ fix/ hotfix/"),
        ("bugfix/", "mine/", "hotfix-", "mine/ bugfix/ hotfix- hotfix/"),
    ],
)
def test_a_clone_adds_a_prefix_and_takes_none_away(policy: str, clone: str, git_flow: str, found: str) -> None:
    assert prefixes_of(policy.split(), clone.split(), git_flow.split()).all == tuple(found.split())


@pytest.mark.parametrize("text", ["", "a b", "-x", "..", "x~"])
def test_what_can_begin_no_branch_name_is_no_prefix(text: str) -> None:
    assert prefixes_of((), (text,), (text,)).all == ("hotfix/",)


def test_an_issue_keeps_the_branch_that_stands() -> None:
    refs = Refs(branches={BranchName("hotfix/1"): A, BranchName("hotfix-3"): A}, local={BranchName("hotfix-2"): B})  # type: ignore[dict-item]
    snapshot = Snapshot(None, BranchName("main"), None, refs, (), None, prefixes=BOTH)  # type: ignore[arg-type]
    names = [snapshot.hotfix_branch(IssueId(issue)) for issue in "1234"]
    assert names == ["hotfix/1", "hotfix-2", "hotfix-3", "hotfix-4"]


def test_production_is_no_hotfix_branch_whatever_the_prefix_is() -> None:
    snapshot = Snapshot(None, BranchName("main"), BranchName("master"), Refs(), (), None, prefixes=Prefixes(("ma",)))  # type: ignore[arg-type]
    assert [snapshot.issue_of(name) for name in ("main", "master", "maria")] == [None, None, "ria"]


def test_the_branch_of_an_offer_is_none_unless_a_hotfix_is_called_the_same() -> None:
    names = Prefixes(("fix/", "hotfix/"), offers=("fix/", "hotfix/to/"))
    assert [names.issue_of(name) for name in ("fix/7", "hotfix/7", "hotfix/to/develop/7")] == ["7", "7", None]
