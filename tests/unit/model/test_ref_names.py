"""Names: what can be an issue, and one component for any text."""

from __future__ import annotations

import subprocess

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from git_hotfix.model import names
from git_hotfix.model.names import BranchName, IssueId


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("4711", None), ("JIRA-1_b.c", None), ("ü", None), ("a@b", None), ("a;$(b)", None),
        ("", "it is empty"), ("a/b", "it holds a '/'"), ("-a", "it starts with a '-'"),
        (".a", "it starts or ends with a '.'"), ("a.", "it starts or ends with a '.'"),
        ("a.lock", "it ends with '.lock'"),
        ("@", "'@' stands for HEAD"), ("a b", "it holds ' '"), ("a\n", "it holds '\\n'"), ("a..b", "it holds '..'"),
        ("a~1", "it holds '~'"), ("a@{1", "it holds '@{'"), ("a\\b", "it holds '\\\\'"), ("a*", "it holds '*'"),
        ("a\u202eb", "it holds a character that cannot be seen"),
        ("a\x9bb", "it holds a character that cannot be seen"),
        ("a\udcff", "it holds a character that cannot be seen"),
    ],
)  # fmt: skip
def test_why_no_issue(text: str, reason: str | None) -> None:
    assert names.why_no_issue(text) == reason


@settings(max_examples=25, deadline=None)
@given(st.text("ab.@{}~^:?*[\\/- ]lock\x7fü", min_size=1, max_size=7))
def test_what_can_be_an_issue_is_a_name_for_git(text: str) -> None:
    ref = f"refs/heads/hotfix/{text}"
    known = subprocess.run(["git", "check-ref-format", ref], check=False).returncode == 0
    if names.why_no_issue(text) is None:
        assert known
    elif known:  # stricter than git: these three only
        assert "/" in text or text.startswith("-") or text == "@"


@given(st.text())
def test_any_text_is_one_component(text: str) -> None:
    component = names.encode_component(text)
    assert "/" not in component
    assert names.decode_component(component) == text


def test_references() -> None:
    assert names.branch_ref(BranchName("a/b")) == "refs/heads/a/b"
    assert names.tag_ref(names.TagName("v1")) == "refs/tags/v1"
    assert [names.short(ref) for ref in ("refs/heads/a/b", "refs/tags/v1", "refs/remotes/o/x", "x")] == [
        "a/b",
        "v1",
        "refs/remotes/o/x",
        "x",
    ]
    assert names.log_ref(IssueId("a/b%")) == "refs/hotfix/log/a%2Fb%25"
    assert names.log_ref(IssueId("1"), remote=True) == "refs/hotfix/remote-log/1"
    assert [names.is_null(oid) for oid in ("0" * 40, "0" * 64, "0" * 39 + "1")] == [True, True, False]
