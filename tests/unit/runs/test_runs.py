"""The record of what runs did: written before each push, bounded, and never of what did not happen."""

from __future__ import annotations

from pathlib import Path

import pytest

from git_hotfix.errors import Failure
from git_hotfix.git.remote import PushAnswer, PushResult
from git_hotfix.git.repository import Repository
from git_hotfix.git.run import Git
from git_hotfix.model.names import BranchName, IssueId, Oid, RefName, TagName
from git_hotfix.model.policy import Policy
from git_hotfix.model.ref_update import RefUpdate
from git_hotfix.model.run import Run, Step
from git_hotfix.model.snapshot import Refs, Snapshot
from git_hotfix.model.tags import Tags
from git_hotfix.runs import history
from git_hotfix.runs.history import Record

A, B, C = (Oid(letter * 40) for letter in "abc")
ISSUE = IssueId("API/7")
DEVELOP, BRANCH = RefName("refs/heads/develop"), RefName("refs/heads/hotfix/API/7")


def record(folder: Path, *, issue: IssueId = ISSUE, command: str = "finish", refs: Refs | None = None) -> Record:
    repository = Repository(Git(folder), folder, folder, None, "sha1", shallow=False)
    repository.__dict__["config"] = {"branch.hotfix/API/7.remote": ("origin",), "branch.main.remote": ("origin",)}
    refs = refs or Refs(branches={BranchName("hotfix/API/7"): A}, local={BranchName("develop"): C})
    return Record(repository, Snapshot(None, BranchName("main"), None, refs, (), Policy()), issue, command)


def known(folder: Path) -> list[tuple[str, list[tuple[str, str | None, str]], bool]]:
    return [(run.command, [(step.ref, step.old, step.new) for step in run.steps], run.ended)
            for run in history.read_runs(folder, ISSUE)]  # fmt: skip


def test_a_push_is_known_before_it_is_made(tmp_path: Path) -> None:
    updates = [RefUpdate(DEVELOP, A, B), RefUpdate(BRANCH, A, B), RefUpdate(RefName("refs/hotfix/log/7"), A, B)]
    record(tmp_path).before(updates, 2)
    [run] = history.read_runs(tmp_path, ISSUE)
    assert run == Run(
        ISSUE, "finish", run.at, (Step(DEVELOP, A, B, 2, here=C),), there=B, branch=BranchName("hotfix/API/7"),
        settings=(("branch.hotfix/API/7.remote", "origin"),),
    )  # fmt: skip
    assert [file.name for file in (tmp_path / "hotfix-runs").iterdir()] == ["API%2F7.json"]
    assert history.latest_issue(tmp_path) == ISSUE


def test_what_was_refused_did_not_happen(tmp_path: Path) -> None:
    tag = RefUpdate(RefName("refs/tags/v1"), None, C)
    updates = [RefUpdate(DEVELOP, A, B), tag]
    made = record(tmp_path)
    made.before(updates, 1)
    made.after(updates, PushAnswer({DEVELOP: PushResult("failed"), tag.ref: PushResult("refused")}))
    assert known(tmp_path) == [("finish", [(DEVELOP, A, B)], False)]
    made.after(updates, None)
    assert known(tmp_path) == []


def test_a_killed_run_goes_on_and_an_ended_one_does_not(tmp_path: Path) -> None:
    record(tmp_path).before([RefUpdate(DEVELOP, A, B)], 2)
    record(tmp_path).before([RefUpdate(DEVELOP, B, C)], 2)
    history.close_last_run(tmp_path, ISSUE)
    assert known(tmp_path) == [("finish", [(DEVELOP, A, B), (DEVELOP, B, C)], True)]
    record(tmp_path, command="backport").before([RefUpdate(DEVELOP, C, A)], 2)
    assert [command for command, _, _ in known(tmp_path)] == ["finish", "backport"]


def test_only_the_newest_are_kept(tmp_path: Path) -> None:
    for number in range(history.KEPT + 3):
        record(tmp_path, issue=IssueId(str(number))).before([RefUpdate(DEVELOP, A, B)], 2)
    assert len(list((tmp_path / "hotfix-runs").iterdir())) == history.KEPT
    assert history.read_runs(tmp_path, IssueId(str(history.KEPT + 2))) != ()
    for _ in range(7):
        record(tmp_path).before([RefUpdate(DEVELOP, A, B)], 2)
        history.close_last_run(tmp_path, ISSUE)
    assert len(known(tmp_path)) == 5


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"schema": 2, "runs": []}', '{"schema": 1, "runs": [1]}', "\udc80"])
def test_what_is_no_record_says_so(tmp_path: Path, text: str) -> None:
    record(tmp_path).before([RefUpdate(DEVELOP, A, B)], 2)
    (tmp_path / "hotfix-runs" / "API%2F7.json").write_bytes(text.encode("utf-8", "surrogateescape"))
    with pytest.raises(Failure, match="is not a git-hotfix record"):
        history.read_runs(tmp_path, ISSUE)
    record(tmp_path).before([RefUpdate(DEVELOP, A, B)], 2)  # a fix is not stopped by it
    assert len(known(tmp_path)) == 1


def test_the_users_own_tag_is_remembered(tmp_path: Path) -> None:
    mine = Refs(
        local_tags=Tags({TagName("v1"): C}, {TagName("v1"): B}),
        own={RefName("refs/hotfix/resolved/7/x"): B},
    )
    record(tmp_path, refs=mine).before([RefUpdate(RefName("refs/tags/v1"), None, A), RefUpdate(DEVELOP, A, B)], 1)
    [run] = history.read_runs(tmp_path, ISSUE)
    assert run.steps == (Step(RefName("refs/tags/v1"), None, A, 1, here=C), Step(DEVELOP, A, B, 1, by_hand=True))
