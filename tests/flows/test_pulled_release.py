"""Somebody's release that was pulled into a hotfix branch is no fix."""

from __future__ import annotations

from building import Project


def test_an_empty_hotfix_that_pulled_a_release_delivers_nothing(project: Project) -> None:
    clone, remote = project.clone, project.remote
    assert clone.hotfix("start", "60").code == 0
    other = project.another_clone("release")
    other.git("switch", "-q", "main")
    other.commit("a release", {"more.txt": "more\n"})
    other.git("tag", "-a", "-m", "v1.4.3", "v1.4.3")
    other.git("push", "-q", "origin", "main", "v1.4.3")
    clone.git("pull", "-q", "origin", "main")
    before = remote.refs()
    answer = clone.hotfix("finish", "--format", "json")
    assert (answer.code, remote.refs()) == (1, before), answer.out + answer.err
    assert "nothing" in str(next(each["findings"] for each in answer.json["gates"] if each["status"] == "fail"))
    assert clone.hotfix("check", "--format", "json").json["hotfix"]["base_tag"] == "v1.4.3"
