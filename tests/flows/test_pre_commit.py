"""`git hotfix pre-commit`: from pre-commit's variables to the one line of a push that is judged."""

from __future__ import annotations

import argparse
import io
import sys
from collections.abc import Sequence
from types import ModuleType

import pytest
from hook_clone import ZERO, Clone, clone, head

from git_hotfix.commands import pre_commit
from git_hotfix.errors import ExitCode
from git_hotfix.git.repository import open_repository
from git_hotfix.report.streams import Streams

__all__ = ["clone"]

PUSH = {
    "PRE_COMMIT_LOCAL_BRANCH": "refs/heads/hotfix/1",
    "PRE_COMMIT_REMOTE_BRANCH": "refs/heads/hotfix/1",
    "PRE_COMMIT_REMOTE_NAME": "origin",
    "PRE_COMMIT_REMOTE_URL": "ssh://example.org/x.git",
}
IDS = {"PRE_COMMIT_FROM_REF": "a" * 40, "PRE_COMMIT_TO_REF": "b" * 40}


def test_the_line_of_a_push(clone: Clone) -> None:
    clone.git("branch", "hotfix/1")
    repository = open_repository(clone.top)
    refs = "refs/heads/hotfix/1 {} refs/heads/hotfix/1 {}"
    assert pre_commit.ref_line({**PUSH, **IDS}, repository) == refs.format("b" * 40, "a" * 40)
    assert pre_commit.ref_line(PUSH, repository) == refs.format(head(clone), ZERO)
    assert pre_commit.ref_line({}, repository) is None


@pytest.mark.parametrize("installed", [False, True])
def test_it_judges_and_says_when_the_native_gate_is_missing(
    clone: Clone, monkeypatch: pytest.MonkeyPatch, *, installed: bool
) -> None:
    seen: list[object] = []

    def judge_push(lines: Sequence[str], remote: str, url: str, only: tuple[str, ...], streams: Streams) -> ExitCode:
        seen.extend((list(lines), remote, url, only))
        return ExitCode.REFUSED

    stub = ModuleType("verify_push")
    stub.judge_push = judge_push  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "git_hotfix.commands.verify_push", stub)
    for name, value in {**PUSH, **IDS}.items():
        monkeypatch.setenv(name, value)
    monkeypatch.chdir(clone.top)
    if installed:
        clone.hotfix("install")
    said = io.StringIO()
    code = pre_commit.run(argparse.Namespace(only=["tag"]), Streams(io.StringIO(), said, said))
    assert code == ExitCode.REFUSED
    line = f"refs/heads/hotfix/1 {'b' * 40} refs/heads/hotfix/1 {'a' * 40}"
    assert seen == [[line], "origin", "ssh://example.org/x.git", ("tag",)]
    assert ("git hotfix hooks install" in said.getvalue()) is not installed


def test_outside_a_push_there_is_nothing_to_judge(clone: Clone, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(clone.top)
    said = io.StringIO()
    assert pre_commit.run(argparse.Namespace(only=[]), Streams(io.StringIO(), said, said)) == ExitCode.DONE
    assert "nothing to judge" in said.getvalue()
