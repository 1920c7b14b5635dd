"""`backport` changes in a target only what the fix changes: where it merges, where it picks, what counts as done."""

from __future__ import annotations

import pytest
from building import APP, FIX, TARGETS, Project
from proofs import rest_slow
from sandbox import Answer, Repo

SECOND = FIX.replace("value_20 = 20", "value_20 = 0")


def on_production(project: Project) -> str:
    """The hotfix is finished, its targets are owed; returns its tip."""
    tip = project.clone.tip("hotfix/4711")
    answer = project.clone.hotfix("finish", "--no-backport")
    assert answer.code == 0, answer.err
    return tip


def backport(project: Project, *arguments: str) -> Answer:
    return project.clone.hotfix("backport", "4711", *arguments, "--format", "json")


def written_by_grace(clone: Repo) -> None:
    clone.git("commit", "-q", "--amend", "--no-edit", "--author", "Grace <grace@example.org>")


def test_an_old_line_gets_the_fix_alone(fixed: Project) -> None:
    clone, remote = fixed.clone, fixed.remote
    written_by_grace(clone)
    clone.commit("a second part\n\nIt was forgotten.", {"app.py": SECOND})
    first, second = clone.tip("HEAD~1"), clone.tip("HEAD")
    old = clone.branch("release/1.0", "v1.4.1", "an old line", {"old-line.txt": "kept\n"})
    on_production(fixed)
    answer = backport(fixed)
    assert (answer.code, answer.targets) == (
        0, {**dict.fromkeys(TARGETS, ("merge", "merged")), "release/1.0": ("cherry-pick", "merged")},
    ), answer.err  # fmt: skip
    [picked] = [each for each in answer.json["targets"] if each["ref"] == "refs/heads/release/1.0"]
    assert (picked["tier"], picked["old"], picked["new"]) == (2, old, remote.tip("release/1.0"))
    assert picked["reason"] == "a merge would bring more than the fix"
    assert remote.tree("release/1.0") == {"README.md": "an app\n", "app.py": SECOND, "old-line.txt": "kept\n"}
    assert (
        remote.git("log", "--reverse", "--format=%an <%ae> by %cn%n%B", f"{old}..release/1.0")
        == f"""\
Grace <grace@example.org> by Ada
fix the checkout

(cherry picked from commit {first})

Ada <ada@example.org> by Ada
a second part

It was forgotten.

(cherry picked from commit {second})
"""
    )
    assert remote.git("log", "-2", "--format=%at", "release/1.0") == clone.git("log", "-2", "--format=%at", second)
    assert remote.parents("release/1.0~1") == [old]


@pytest.mark.slow
def test_a_feature_cut_before_the_release_gets_the_fix_alone(fixed: Project) -> None:
    cut = fixed.clone.branch("feature/early", "v1.4.1", "early", {"early.txt": "one\n"})
    on_production(fixed)
    assert backport(fixed).targets["feature/early"] == ("cherry-pick", "merged")
    assert fixed.remote.tree("feature/early") == {"README.md": "an app\n", "app.py": FIX, "early.txt": "one\n"}
    assert fixed.remote.parents("feature/early") == [cut]


@pytest.mark.slow
def test_git_flow_where_productions_merge_never_reached_develop(project: Project) -> None:
    """develop has the content of the release and not its merge commit: a merge brings just the fix."""
    clone, remote = project.clone, project.remote
    clone.git("switch", "-q", "-c", "release/1.5-final", "develop")
    clone.commit("release 1.5.0", {"VERSION": "1.5.0\n"})
    for branch in ("main", "develop"):
        clone.git("switch", "-q", branch)
        clone.git("merge", "-q", "--no-ff", "-m", f"Merge release 1.5.0 into {branch}", "release/1.5-final")
    clone.git("push", "-q", "origin", "main", "develop")
    clone.tag("v1.5.0", "main")
    develop = clone.tip("develop")
    assert clone.hotfix("start", "4711").code == 0
    tip = clone.commit("fix the checkout", {"app.py": FIX})
    on_production(project)
    answer = backport(project)
    assert (answer.code, answer.targets["develop"]) == (0, ("merge", "merged")), answer.err
    assert remote.parents("develop") == [develop, tip]
    assert remote.tree("develop") == {**remote.tree(develop), "app.py": FIX}
    # These were cut before the release: its VERSION is none of theirs.
    assert answer.targets["feature/search"] == ("cherry-pick", "merged")
    assert remote.tree("feature/search")["VERSION"] == "release 1.4.2\n"


@pytest.mark.slow
def test_an_empty_result_counts_as_done(fixed: Project) -> None:
    """A colleague made the same change by hand, and more with it: no commit is needed."""
    clone, remote = fixed.clone, fixed.remote
    more = FIX.replace("value_17 = 17", "value_17 = 0")
    same = clone.branch("feature/same", "develop", "more by hand", {"app.py": more})
    old = clone.branch("release/1.0", "v1.4.1", "more by hand", {"app.py": more})
    on_production(fixed)
    answer = backport(fixed)
    assert answer.code == 0, answer.err
    assert answer.targets["feature/same"][1] == answer.targets["release/1.0"][1] == "already"
    reasons = {each["ref"]: each["reason"] for each in answer.json["targets"] if each["status"] == "already"}
    assert set(reasons.values()) == {"the same change is already there"}
    assert (remote.tip("feature/same"), remote.tip("release/1.0")) == (same, old)


@pytest.mark.slow
def test_a_policy_that_always_picks(fixed: Project) -> None:
    fixed.set_policy('[backport]\nstrategy = "cherry-pick"\n')
    before = fixed.remote.branches()
    tip = on_production(fixed)
    answer = backport(fixed)
    assert (answer.code, answer.targets) == (0, dict.fromkeys(TARGETS, ("cherry-pick", "merged"))), answer.err
    for branch in TARGETS:
        assert fixed.remote.parents(branch) == [before[branch]]
        assert fixed.remote.tree(branch) == {**fixed.remote.tree(before[branch]), "app.py": FIX}
        assert f"(cherry picked from commit {tip})" in fixed.remote.git("log", "-1", "--format=%B", branch)
    again = backport(fixed)
    assert (again.code, {status for _, status in again.targets.values()}) == (0, {"already"})


@pytest.mark.slow
def test_a_policy_that_always_merges(fixed: Project) -> None:
    fixed.set_policy('[backport]\nstrategy = "merge"\n')
    old = fixed.clone.branch("release/1.0", "v1.4.1", "an old line", {"old-line.txt": "kept\n"})
    tip = on_production(fixed)
    answer = backport(fixed)
    assert (answer.code, answer.targets["release/1.0"]) == (0, ("merge", "merged")), answer.err
    assert fixed.remote.parents("release/1.0") == [old, tip]
    assert fixed.remote.tree("release/1.0")["VERSION"] == "release 1.4.2\n"


@pytest.mark.slow
def test_a_policy_that_brings_the_tag(fixed: Project) -> None:
    """`source = "tag"`: develop sees the tag, and gets nothing but the fix all the same."""
    fixed.set_policy('[backport]\nsource = "tag"\n')
    before = fixed.remote.branches()
    on_production(fixed)
    answer = backport(fixed)
    assert (answer.code, answer.targets["develop"]) == (0, ("merge", "merged")), answer.err
    assert fixed.remote.parents("develop") == [before["develop"], fixed.remote.tip("v1.4.3")]
    assert fixed.remote.git("describe", "--match", "v*", "develop").startswith("v1.4.3-")
    assert fixed.remote.tree("develop") == {**fixed.remote.tree(before["develop"]), "app.py": FIX}


@pytest.mark.slow
def test_a_target_where_the_fix_conflicts_by_either_way(fixed: Project) -> None:
    """On an old line it is the cherry-pick that conflicts, and the report says so."""
    theirs = APP.replace("value_15 = 15", "value_15 = 0")
    old = fixed.clone.branch("release/1.0", "v1.4.1", "an old line", {"app.py": theirs})
    on_production(fixed)
    answer = backport(fixed)
    assert (answer.code, answer.targets["release/1.0"]) == (4, ("cherry-pick", "conflict")), answer.err
    assert answer.json["next"] == ["git hotfix backport 4711 --resolve release/1.0"]
    assert fixed.remote.tip("release/1.0") == old
    assert {answer.targets[name] for name in TARGETS} == {("merge", "merged")}


@pytest.mark.slow
def test_a_strategy_for_each_pattern(fixed: Project) -> None:
    """develop gets a cherry-pick although a merge brings just the fix, an old line a merge although it brings more."""
    clone, remote = fixed.clone, fixed.remote
    clone.branch("release/1.0", "v1.4.1", "an old line", {"old-line.txt": "kept\n"})
    fixed.set_policy('[backport.branches."<develop>"]\nstrategy = "cherry-pick"\n'
                  '[backport.branches."release/1.0"]\nstrategy = "merge"\n')  # fmt: skip
    tip = on_production(fixed)
    before = remote.branches()
    answer = backport(fixed)
    assert (answer.code, answer.targets) == (
        0, {
            **dict.fromkeys(TARGETS, ("merge", "merged")),
            "develop": ("cherry-pick", "merged"), "release/1.0": ("merge", "merged"),
        },
    ), answer.err  # fmt: skip
    assert remote.parents("develop") == [before["develop"]]
    assert remote.git("log", "-1", "--format=%B", "develop").endswith(f"(cherry picked from commit {tip})\n")
    assert remote.tree("develop")["app.py"] == FIX
    assert remote.parents("release/1.0") == [before["release/1.0"], tip]
    assert "VERSION" in remote.tree("release/1.0")
    reasons = {each["ref"]: each["reason"] for each in answer.json["targets"] if each["reason"]}
    assert reasons == {"refs/heads/develop": "the policy asks for it"}


@pytest.mark.slow
def test_a_merge_inside_the_hotfix_is_picked_against_its_first_parent(fixed: Project) -> None:
    """By the tool in memory, and by git in the worktree of a conflict: the same commits in the same order."""
    clone, remote = fixed.clone, fixed.remote
    clone.git("switch", "-q", "-c", "side", "HEAD~1")
    clone.commit("a side of it", {"side.txt": "one\n"})
    clone.git("switch", "-q", "hotfix/4711")
    clone.git("merge", "-q", "--no-ff", "-m", "take the side in", "side")
    clone.git("branch", "-q", "-D", "side")
    clone.branch("release/1.0", "v1.4.1", "clash", {"app.py": APP.replace("value_15 = 15", "value_15 = 0")})
    clone.branch("release/1.1", "v1.4.1", "an old line", {"old-line.txt": "kept\n"})
    fixed.set_policy('[backport]\nstrategy = "cherry-pick"\n')
    on_production(fixed)
    answer = backport(fixed)
    assert (answer.code, answer.targets["release/1.0"]) == (4, ("cherry-pick", "conflict")), answer.err
    picked = ["take the side in", "fix the checkout"]
    assert remote.subjects("release/1.1", "--first-parent")[:2] == picked
    assert remote.parents("release/1.1")[1:] == []

    assert clone.hotfix("backport", "4711", "--resolve", "release/1.0").code == 0
    there = fixed.at("clone-resolve-release-1.0")
    (there.path / "app.py").write_text(FIX)
    there.git("add", "app.py")
    done = clone.hotfix("backport", "4711", "--continue")
    assert done.code == 0, done.err
    assert remote.subjects("release/1.0", "--first-parent")[:2] == picked
    assert remote.tree("release/1.0") == {"README.md": "an app\n", "app.py": FIX, "side.txt": "one\n"}


@pytest.mark.slow
@pytest.mark.parametrize("deliver", rest_slow(["push", "pull-request"]))
def test_an_old_line_that_conflicts_gets_the_fix_alone(project: Project, deliver: str) -> None:
    """Production's release changed the very file that conflicts: a merge would bring that along without a mark."""
    clone, remote = project.clone, project.remote
    old = clone.branch("release/1.0", "v1.4.1", "old style", {"app.py": APP.replace("value_15 = 15", "VALUE_15 = 15")})
    released = APP.replace("value_25 = 25", "feature_of_2 = 25")
    policy = f'[backport.branches."release/1.0"]\ndeliver = "{deliver}"\n'
    project.released("v2.0.0", {"app.py": released, ".git-hotfix.toml": policy})
    assert clone.hotfix("start", "4711").code == 0
    clone.commit("fix the checkout", {"app.py": released.replace("value_15 = 15", "value_15 = 0")})
    done = clone.hotfix("finish", "--draft", "--format", "json")
    assert (done.code, done.targets["release/1.0"]) == (4, ("cherry-pick", "conflict")), done.err
    # A draft would offer the hotfix's own commit, and with it all of the release.
    assert [name for name in remote.branches() if name.startswith("hotfix-to/release/1.0")] == []
    assert backport(project, "--resolve", "release/1.0").json["opened"]["strategy"] == "cherry-pick"
    there = project.at("clone-resolve-release-1.0")
    assert "feature_of_2" not in (there.path / "app.py").read_text()
    solved = APP.replace("value_15 = 15", "VALUE_15 = 0")
    (there.path / "app.py").write_text(solved)
    there.git("add", "app.py")
    taken = backport(project, "--continue")
    assert taken.targets["release/1.0"] == ("cherry-pick", "merged" if deliver == "push" else "pending"), taken.err
    brought = "release/1.0" if deliver == "push" else "hotfix-to/release/1.0/4711"
    assert remote.tree(brought) == {"README.md": "an app\n", "app.py": solved}
    assert remote.parents(brought) == [old]


@pytest.mark.slow
def test_lines_of_the_release_are_marked_in_a_conflict(project: Project) -> None:
    """A release's own line stands beside the fix between the markers: who solves it is told which one."""
    clone = project.clone
    clone.branch("release/1.0", "v1.4.1", "old style", {"app.py": APP.replace("value_15 = 15", "VALUE_15 = 15")})
    released = APP.replace("value_14 = 14", "feature_of_2 = 14")
    project.released("v2.0.0", {"app.py": released})
    assert clone.hotfix("start", "4711").code == 0
    clone.commit("fix the checkout", {"app.py": released.replace("value_15 = 15", "value_15 = 0")})
    tip = clone.git("log", "-1", "--format=%h (%s)")
    assert clone.hotfix("finish").code == 4
    opened = clone.hotfix("backport", "4711", "--resolve", "release/1.0")
    there = project.at("clone-resolve-release-1.0")
    assert "    line 18 came along from v2.0.0; the fix does not change it" in opened.out.splitlines(), opened.out
    text = (there.path / "app.py").read_text().splitlines()
    assert text[13:20] == [
        "<<<<<<< HEAD", "value_14 = 14", "VALUE_15 = 15", "=======", "feature_of_2 = 14", "value_15 = 0",
        f">>>>>>> {tip}; v2.0.0's own, not the fix's: 18",
    ]  # fmt: skip
    assert clone.hotfix("backport", "4711", "--continue").code == 4  # the markers are still there
