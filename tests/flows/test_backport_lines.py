"""Other release lines get the fix with a tag of their own, where the policy says so: on their own tag plus the fix."""

from __future__ import annotations

import pytest
from building import APP, FIX, TARGETS, Project
from proofs import rest_slow
from sandbox import Answer

OLD = {"README.md": "an app\n", "app.py": FIX}


def lines(project: Project, rule: str = 'tag = "auto"') -> None:
    """support/1.4.1, made of that tag of production, and support/1.3, whose tags production does not hold."""
    clone = project.clone
    clone.git("push", "-q", "--no-verify", "origin", "v1.4.1^{commit}:refs/heads/support/1.3")
    line = clone.branch("support/1.3", "v1.4.1", "release 1.3.7", {"VERSION": "1.3.7\n"})
    clone.tag("v1.3.7", line)
    project.set_policy('[backport]\ntargets = ["<develop>", "release/*", "support/*", "feature/*"]\n'
                    f'[backport.branches."support/*"]\n{rule}\n')  # fmt: skip


def target(answer: Answer, branch: str) -> dict[str, object]:
    [found] = [each for each in answer.json["targets"] if each["ref"] == f"refs/heads/{branch}"]
    return found


def moved_on(project: Project) -> str:
    """The line holds something that was never released."""
    other = project.another_clone("bob")
    other.git("switch", "-q", "support/1.3")
    made = other.commit("unreleased", {"unreleased.txt": "new\n"})
    other.git("push", "-q")
    return made


def test_a_line_that_stands_on_its_tag(fixed: Project) -> None:
    clone, remote = fixed.clone, fixed.remote
    lines(fixed)
    planned = clone.hotfix("finish", "--dry-run", "--format", "json")
    answer = clone.hotfix("finish", "--format", "json")
    assert answer.code == 0, answer.err
    assert answer.targets == planned.targets == {
        **dict.fromkeys(TARGETS, ("merge", "merged")), "support/1.3": ("cherry-pick", "merged"),
    }  # fmt: skip
    made = target(answer, "support/1.3").get("tag")
    assert made == {"name": "v1.3.8", "target": remote.tip("support/1.3"), "oid": remote.git("rev-parse", "v1.3.8")}
    assert remote.tip("v1.3.8") == remote.tip("support/1.3")
    assert remote.tree("v1.3.8") == {**OLD, "VERSION": "1.3.7\n"}
    assert remote.tags() == {"v1.3.7", "v1.3.8", "v1.4.1", "v1.4.2", "v1.4.3"}
    assert remote.git("for-each-ref", "--format=%(contents)", "refs/tags/v1.3.8") == (
        "Hotfix 4711 on support/1.3: Checkout fails\n\nHotfix-Delivered: 4711\nHotfix-Base-Tag: v1.3.7\n"
        f"Hotfix-Base: {clone.tip('v1.3.7')}\nHotfix-Production: refs/heads/support/1.3\n"
    )
    assert [target(answer, name).get("tag") for name in TARGETS] == [None] * 4

    assert clone.refs("refs/tags/v1.3.8") == remote.refs("refs/tags/v1.3.8")
    assert clone.refs("refs/hotfix/remote-tags/v1.3.8").popitem()[1] == remote.git("rev-parse", "v1.3.8")
    again = clone.hotfix("backport", "4711", "--format", "json")
    assert (again.code, target(again, "support/1.3").get("tag")) == (0, None), again.err
    assert clone.hotfix("start", "4712").out.startswith("hotfix/4712 starts at v1.4.3 ")
    assert clone.hotfix("start", "4713", "--from", "v1.3.8").code == 0


@pytest.mark.slow
def test_a_line_that_has_moved_past_its_tag(fixed: Project) -> None:
    """What was never released there is not released by the hotfix."""
    clone, remote = fixed.clone, fixed.remote
    lines(fixed)
    line = moved_on(fixed)
    planned = clone.hotfix("finish", "--dry-run", "--format", "json")
    answer = clone.hotfix("finish", "--format", "json")
    assert (answer.code, answer.targets["support/1.3"]) == (0, ("merge", "merged")), answer.err
    assert planned.targets == answer.targets
    tagged = remote.tip("v1.3.8")
    assert remote.parents("support/1.3") == [line, tagged]
    assert remote.parents(tagged) == [clone.tip("v1.3.7")]
    assert remote.tree(tagged) == {**OLD, "VERSION": "1.3.7\n"}
    assert remote.tree("support/1.3") == {**OLD, "VERSION": "1.3.7\n", "unreleased.txt": "new\n"}


@pytest.mark.slow
def test_a_line_made_of_a_tag_of_production(project: Project) -> None:
    """Its first hotfix raises that tag's own series; production has gone on to another."""
    clone, remote = project.clone, project.remote
    clone.git("switch", "-q", "main")
    clone.commit("release 1.5.0", {"VERSION": "1.5.0\n"})
    clone.git("push", "-q", "origin", "main")
    clone.tag("v1.5.0")
    clone.git("push", "-q", "origin", "v1.4.2^{commit}:refs/heads/support/1.4")
    project.set_policy('[backport.branches."release/*"]\ntag = "auto"\n[backport.branches."support/*"]\ntag = "auto"\n'
                    '[backport]\ntargets = ["release/*", "support/*"]\n')  # fmt: skip
    assert clone.hotfix("start", "4711").code == 0
    clone.commit("fix the checkout", {"app.py": FIX})
    answer = clone.hotfix("finish", "--format", "json")
    assert answer.code == 0, answer.err
    assert (target(answer, "support/1.4").get("tag"), target(answer, "release/1.5").get("tag")) == (
        {"name": "v1.4.3", "target": remote.tip("support/1.4"), "oid": remote.git("rev-parse", "v1.4.3")}, None,
    )  # fmt: skip
    assert remote.tags() == {"v1.4.1", "v1.4.2", "v1.4.3", "v1.5.0", "v1.5.1"}
    assert remote.tree("v1.4.3") == {**OLD, "VERSION": "release 1.4.2\n"}


@pytest.mark.slow
@pytest.mark.parametrize("rule", rest_slow(['tag = "none"', 'strategy = "auto"']))
def test_no_tag_unless_the_policy_wants_it(fixed: Project, rule: str) -> None:
    lines(fixed, rule)
    answer = fixed.clone.hotfix("finish", "--format", "json")
    assert (answer.code, target(answer, "support/1.3").get("tag")) == (0, None)
    assert fixed.remote.tags() == {"v1.3.7", "v1.4.1", "v1.4.2", "v1.4.3"}


@pytest.mark.slow
def test_a_name_of_the_teams_own(fixed: Project) -> None:
    lines(fixed, 'tag = "{base}-fix-{issue}"')
    assert fixed.clone.hotfix("finish").code == 0
    assert "v1.3.7-fix-4711" in fixed.remote.tags()


@pytest.mark.slow
def test_a_conflict_on_a_line_is_solved_by_hand(fixed: Project) -> None:
    clone, remote = fixed.clone, fixed.remote
    lines(fixed)
    other = fixed.another_clone("bob")
    other.git("switch", "-q", "support/1.3")
    other.commit("release 1.3.8", {"app.py": APP.replace("value_15 = 15", "value_15 = 0"), "VERSION": "1.3.8\n"})
    other.git("push", "-q")
    other.tag("v1.3.8")
    first = clone.hotfix("finish", "--format", "json")
    assert (first.code, first.targets["support/1.3"]) == (4, ("cherry-pick", "conflict")), first.err
    assert clone.hotfix("backport", "4711", "--resolve", "support/1.3").code == 0
    there = fixed.at("clone-resolve-support-1.3")
    (there.path / "app.py").write_text(FIX)
    there.git("add", "app.py")
    done = clone.hotfix("backport", "4711", "--continue", "--format", "json")
    assert done.code == 0, done.err
    assert remote.tip("v1.3.9") == remote.tip("support/1.3")
    assert remote.tree("v1.3.9") == {**OLD, "VERSION": "1.3.8\n"}


@pytest.mark.slow
def test_line_and_tag_go_as_one(fixed: Project) -> None:
    """A tag that the remote refuses keeps its line as it was; the rest lands."""
    clone, remote = fixed.clone, fixed.remote
    lines(fixed)
    remote.hook("update", 'case "$1" in refs/tags/v1.3.*) echo "no tags here" >&2; exit 1;; esac')
    line = remote.tip("support/1.3")
    answer = clone.hotfix("finish", "--format", "json")
    found = target(answer, "support/1.3")
    assert (answer.code, found["status"], found.get("tag"), found.get("pull_request")) == (4, "failed", None, None)
    assert remote.tip("support/1.3") == line
    assert remote.tree("develop")["app.py"] == FIX
    (remote.path / "hooks" / "update").unlink()
    done = clone.hotfix("backport", "4711", "--format", "json")
    assert (done.code, done.targets["support/1.3"]) == (0, ("cherry-pick", "merged"))
    assert remote.tip("v1.3.8") == remote.tip("support/1.3")


@pytest.mark.slow
def test_undo_leaves_a_released_line_alone(fixed: Project) -> None:
    """Its tag is what others deploy from: line and tag stay, and each is named."""
    clone, remote = fixed.clone, fixed.remote
    lines(fixed)
    assert clone.hotfix("finish").code == 0
    line, tag = remote.tip("support/1.3"), remote.git("rev-parse", "v1.3.8")
    answer = clone.hotfix("undo", "4711", "--yes", "--format", "json")
    status = {each["ref"]: each["status"] for each in answer.json["refs"]}
    assert (answer.code, status["refs/heads/support/1.3"], status["refs/tags/v1.3.8"]) == (4, "kept", "kept")
    assert status["refs/heads/develop"] == "back"
    assert (remote.tip("support/1.3"), remote.git("rev-parse", "v1.3.8")) == (line, tag)


@pytest.mark.slow
def test_a_line_that_moved_tells_of_what_was_solved_on_its_tag(fixed: Project) -> None:
    """A conflict that was solved for another branch is solved on the tag; the report says so for the line."""
    clone, remote = fixed.clone, fixed.remote
    lines(fixed)
    clash = APP.replace("value_15 = 15", "value_15 = 0")
    other = fixed.another_clone("carol")
    for branch in ("develop", "support/1.3"):
        other.git("switch", "-q", branch)
        other.commit("clash", {"app.py": clash})
        other.git("push", "-q")
    other.tag("v1.3.8")
    moved_on(fixed)
    first = clone.hotfix("finish", "--format", "json")
    assert (first.code, first.targets["support/1.3"][1]) == (4, "conflict"), first.err
    assert clone.hotfix("backport", "4711", "--resolve", "develop").code == 0
    there = fixed.at("clone-resolve-develop")
    (there.path / "app.py").write_text(FIX)
    there.git("add", "app.py")
    done = clone.hotfix("backport", "4711", "--continue", "--format", "json")
    found = target(done, "support/1.3")
    assert (found["status"], found["resolved_by"], found["conflicts"]) == (
        "merged", "rerere", [{"path": "app.py", "kind": "content", "resolved_by": "rerere"}],
    ), done.err  # fmt: skip
    assert found["reason"] == "it has moved past v1.3.8: its tag is merged"
    assert remote.tree("v1.3.9") == {**OLD, "VERSION": "1.3.7\n"}
    assert remote.tree("support/1.3") == {**OLD, "VERSION": "1.3.7\n", "unreleased.txt": "new\n"}


@pytest.mark.slow
@pytest.mark.parametrize("name", rest_slow(["line-{issue}-{base}", "{base}-rc.{issue}"]))
def test_a_name_that_no_release_has_makes_no_tag(fixed: Project, name: str) -> None:
    """The next hotfix would not find it, and be tagged on the tag before it, without this fix."""
    lines(fixed, f'tag = "{name}"')
    planned = fixed.clone.hotfix("finish", "--dry-run", "--format", "json")
    answer = fixed.clone.hotfix("finish", "--format", "json")
    assert answer.code == 0, answer.err
    made = name.replace("{issue}", "4711").replace("{base}", "v1.3.7")
    reason = f"no tag: {made}: it would be no production tag, as release-tags are"
    assert target(answer, "support/1.3")["reason"] == target(planned, "support/1.3")["reason"] == reason
    assert (target(answer, "support/1.3")["status"], target(answer, "support/1.3").get("tag")) == ("merged", None)
    assert fixed.remote.tags() == {"v1.3.7", "v1.4.1", "v1.4.2", "v1.4.3"}


@pytest.mark.slow
def test_the_name_that_production_gets_is_planned_for_no_line(fixed: Project) -> None:
    """Else the plan showed a tag that the run could not make."""
    lines(fixed, 'tag = "hotfix-{issue}"')
    words = ("finish", "--tag", "hotfix-4711", "--format", "json")
    planned, answer = fixed.clone.hotfix(*words, "--dry-run"), fixed.clone.hotfix(*words)
    assert (planned.code, answer.code) == (0, 0), answer.err
    for told in (planned, answer):
        found = target(told, "support/1.3")
        assert (found["status"], found["reason"], found.get("tag")) == (
            "merged", "no tag: hotfix-4711: it is taken", None,
        )  # fmt: skip
    assert fixed.remote.tags() == {"v1.3.7", "v1.4.1", "v1.4.2", "hotfix-4711"}
