"""Somebody's release that was pulled into a hotfix branch is not a fix."""

from __future__ import annotations

from building import Project


def test_an_empty_hotfix_that_pulled_a_release_delivers_nothing(project: Project) -> None:
    clone, remote = project.clone, project.remote
    assert clone.hotfix("start", "60").code == 0
    project.released("v1.4.3", {"more.txt": "more\n"})
    clone.git("pull", "-q", "origin", "main")
    before = remote.refs()
    answer = clone.hotfix("finish", "--format", "json")
    assert (answer.code, remote.refs()) == (1, before), answer.out + answer.err
    refused = [(gate["id"], gate["findings"]) for gate in answer.json["gates"] if gate["status"] == "fail"]
    assert [(name, [(each["message"], each["hint"]) for each in found]) for name, found in refused] == [
        ("base", [("hotfix/60 changes nothing", "commit the fix, or abandon it: git hotfix abandon 60")])
    ]
    assert clone.hotfix("check", "--format", "json").json["hotfix"]["base_tag"] == "v1.4.3"
