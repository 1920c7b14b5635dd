"""A branch of the remote that only names another one is no second target: the other one gets the fix, once."""

from __future__ import annotations

import pytest
from building import TARGETS, Project
from proofs import rest_slow


@pytest.mark.parametrize("to", rest_slow([(), ("--to", "release/current")], now=1))
def test_another_name_of_a_release_branch_gets_no_delivery_of_its_own(fixed: Project, to: tuple[str, ...]) -> None:
    remote, clone = fixed.remote, fixed.clone
    remote.git("symbolic-ref", "refs/heads/release/current", "refs/heads/release/1.5")
    remote.git("symbolic-ref", "refs/heads/release/live", "refs/heads/main")
    before = remote.tips(*TARGETS)
    if to:
        assert clone.hotfix("finish", "--no-backport", "--yes").code == 0
        answer = clone.hotfix("backport", "4711", *to, "--yes", "--format", "json")
    else:
        answer = clone.hotfix("finish", "--yes", "--format", "json")
    assert answer.code == 0, answer.err
    wanted = {"release/1.5"} if to else set(TARGETS)
    assert {each["ref"].removeprefix("refs/heads/") for each in answer.json["targets"]} == wanted
    aliases = [each["ref"] for each in answer.json["left_out"] if each["why"] == "alias"]
    assert aliases == ["refs/heads/release/current", *([] if to else ["refs/heads/release/live"])]
    assert remote.parents("release/1.5")[0] == before["release/1.5"]
    assert remote.tip("release/current") == remote.tip("release/1.5")
