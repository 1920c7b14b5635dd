"""`check` in the checkouts that CI makes: it finds the hotfix, fetches what it needs, and judges nothing unseen."""

from __future__ import annotations

import re

import pytest
from building import APP, FIX, Project
from proofs import rest_slow
from sandbox import Repo

BRANCH = "+refs/heads/{branch}:refs/remotes/origin/{branch}"
MERGE = "+refs/pull/7/merge:refs/remotes/pull/7/merge"
WHOLE = ["+refs/heads/*:refs/remotes/origin/*", "+refs/tags/*:refs/tags/*", MERGE]
HIDDEN = "git hotfix: this clone does not show enough for a verdict: "


def pushed(project: Project, branch: str = "hotfix/4711") -> str:
    """The hotfix goes to the remote, with the pull request's references that a forge makes; its tip."""
    clone = project.clone
    tip = clone.tip(branch)
    clone.git("push", "-q", "origin", branch)
    clone.git("switch", "-q", "--detach", "origin/main")
    clone.git("merge", "-q", "--no-ff", "-m", f"Merge {tip} into {clone.tip('HEAD')}", tip)
    clone.git("push", "-q", "--no-verify", "origin", "HEAD:refs/pull/7/merge", f"{tip}:refs/pull/7/head")
    clone.git("switch", "-q", branch)
    return tip


def job(project: Project, at: str, *words: str, branch: str = "") -> Repo:
    """A checkout as CI makes it: no clone, but a fetch of single references; `at` is detached, or is `branch` here."""
    place = project.root / "job"
    place.mkdir()
    made = Repo(place, project.dates, project.clone.environment)
    made.git("init", "-q")
    made.git("remote", "add", "origin", project.remote.path.as_uri())
    made.git("fetch", "-q", "--no-tags", *words)
    made.git("checkout", "-q", "--force", *(["-B", branch] if branch else ["--detach"]), at)
    return made


SHALLOW = {
    "GitHub, a pull request": (["--depth=1", "origin", MERGE], "refs/remotes/pull/7/merge", ""),
    "GitHub, a push": (["--depth=1", "origin", BRANCH], "refs/remotes/origin/{branch}", "{branch}"),
    "GitLab": (["--depth=2", "origin", "+refs/pull/7/head:refs/pipelines/9", BRANCH], "refs/pipelines/9", ""),
}


def shallow(project: Project, how: str = "GitHub, a pull request", branch: str = "hotfix/4711") -> Repo:
    words, at, named = SHALLOW[how]
    words, at, named = (
        [word.format(branch=branch) for word in words],
        at.format(branch=branch),
        named.format(branch=branch),
    )
    return job(project, at, *words, branch=named)


@pytest.mark.parametrize("how", rest_slow(SHALLOW))
@pytest.mark.parametrize("moved", rest_slow([True, False]))
def test_a_shallow_checkout_gets_the_verdict_of_a_whole_one(fixed: Project, how: str, moved: bool) -> None:
    if moved:
        fixed.clone.branch("main", "main", "unreleased", {"unreleased.txt": "new\n"})
        fixed.clone.git("fetch", "-q")
    fixed.clone.commit("and a module", {"more.py": "x = 1\n"})
    tip = pushed(fixed)
    expected = fixed.clone.hotfix("check", "--fetch", "--format", "json")
    made = shallow(fixed, how)
    unseen = made.hotfix("check", "4711")
    assert (unseen.code, unseen.out, unseen.err.splitlines()) == (3, "", [
        f"{HIDDEN}it is shallow", "  (nothing was judged)", "  → fetch what is missing: git hotfix check 4711 --fetch",
    ])  # fmt: skip
    found = made.hotfix("check", "--fetch", "--format", "json")
    assert (found.code, found.json["hotfix"]["tip"], found.statuses) == (1, tip, expected.statuses), found.err
    assert found.json["hotfix"] == expected.json["hotfix"]
    assert made.hotfix("check", "--format", "json").json["gates"] == found.json["gates"]


@pytest.mark.slow
@pytest.mark.parametrize("how", SHALLOW)
def test_what_is_of_develop_is_seen_in_a_shallow_checkout(fixed: Project, how: str) -> None:
    clone = fixed.clone
    clone.git("switch", "-q", "-c", "hotfix/bad", "origin/develop")
    clone.commit("fix on develop", {"app.py": FIX})
    pushed(fixed, "hotfix/bad")
    made = shallow(fixed, how, "hotfix/bad")
    found = made.hotfix("check", "--fetch", "--format", "json")
    assert (found.code, found.statuses["base"]) == (1, "fail"), found.err
    [message] = [each["message"] for gate in found.json["gates"] for each in gate["findings"] if gate["id"] == "base"]
    assert message.startswith("holds 2 commits of develop: ")


@pytest.mark.slow
def test_a_hotfix_of_an_older_release_gets_all_history_at_last(project: Project) -> None:
    clone = project.clone
    for number in range(3, 7):
        project.released(f"v1.4.{number}", {"VERSION": f"1.4.{number}\n"})
    clone.git("switch", "-q", "-c", "hotfix/4711", "v1.4.1")
    clone.commit("fix the checkout", {"app.py": FIX})
    tip = pushed(project)
    made = shallow(project)
    found = made.hotfix("check", "--fetch", "--format", "json")
    assert (found.json["hotfix"]["base_tag"], found.json["hotfix"]["tip"]) == ("v1.4.1", tip), found.err
    assert found.statuses == clone.hotfix("check", "--fetch", "--format", "json").statuses
    assert made.git("rev-parse", "--is-shallow-repository") == "false"


@pytest.mark.parametrize("base", ["v1.4.3", "v1.4.1"])
def test_production_that_merged_its_newest_tag_can_be_deepened(project: Project, base: str) -> None:
    """The server names commits of production as the edge, and sends none that only its merge leads to."""
    clone = project.clone
    clone.branch("main", "main", "unreleased", {"unreleased.txt": "new\n"})
    clone.git("switch", "-q", "-c", "stable", "v1.4.2")
    clone.commit("release 1.4.3", {"VERSION": "1.4.3\n"})
    clone.tag("v1.4.3", "stable")
    clone.git("switch", "-q", "--detach", "origin/main")
    clone.git("merge", "-q", "--no-ff", "-m", "Merge v1.4.3", "stable")
    clone.git("push", "-q", "origin", "HEAD:main")
    clone.git("switch", "-q", "-c", "hotfix/4711", base)
    clone.commit("fix the checkout", {"app.py": FIX})
    tip = pushed(project)
    made = shallow(project)
    found = made.hotfix("check", "--fetch", "--format", "json")
    assert (found.json["hotfix"]["base_tag"], found.json["hotfix"]["tip"]) == (base, tip), found.err
    assert found.statuses == clone.hotfix("check", "--fetch", "--format", "json").statuses
    listed = project.root / "job" / ".git" / "shallow"
    edge = listed.read_text().split() if listed.exists() else []
    assert [oid for oid in edge if made.run("git", "cat-file", "-e", oid).code] == []
    made.git("fetch", "-q", *(["--unshallow"] if edge else []), "origin")


def test_a_checkout_of_a_pull_request_is_found_by_its_second_parent(fixed: Project) -> None:
    tip = pushed(fixed)
    made = job(fixed, "refs/remotes/pull/7/merge", "origin", *WHOLE)
    found = made.hotfix("check", "--format", "json")
    assert (found.code, found.json["hotfix"]["branch"], found.json["hotfix"]["tip"]) == (0, "hotfix/4711", tip), (
        found.err
    )


@pytest.mark.slow
def test_the_commit_that_is_checked_out_is_judged_and_not_a_branch_of_its_name(fixed: Project) -> None:
    """A fork names its branch as it likes."""
    pushed(fixed)
    clone = fixed.clone
    clone.git("switch", "-q", "--detach", "v1.4.2")
    clone.commit("evil", {"evil.py": "x = 1\n"})
    fork = clone.tip("HEAD")
    clone.git("switch", "-q", "--detach", "origin/main")
    clone.git("merge", "-q", "--no-ff", "-m", "try it", fork)
    clone.git("push", "-q", "--no-verify", "--force", "origin", "HEAD:refs/pull/7/merge", f"{fork}:refs/pull/7/head")
    made = job(fixed, "refs/remotes/pull/7/merge", "--depth=1", "origin", MERGE)
    env = {"GITHUB_HEAD_REF": "hotfix/4711", "GITHUB_REF": "refs/pull/7/merge"}
    found = made.hotfix("check", "--fetch", "4711", "--format", "json", env=env)
    assert (found.code, found.json["hotfix"]["tip"], found.statuses["new-module"]) == (1, fork, "fail"), found.err


@pytest.mark.slow
@pytest.mark.parametrize("depth", ["--depth=1", ""])
@pytest.mark.parametrize(
    "env",
    [
        {"CI_MERGE_REQUEST_SOURCE_BRANCH_NAME": "hotfix/4711", "CI_COMMIT_BRANCH": "main"},
        {"SYSTEM_PULLREQUEST_SOURCEBRANCH": "refs/heads/hotfix/4711", "BUILD_SOURCEBRANCH": "refs/pull/7/merge"},
        {"CI_COMMIT_BRANCH": "hotfix/4711"},
    ],
)
def test_the_job_says_which_branch_it_is_for(fixed: Project, env: dict[str, str], depth: str) -> None:
    clone = fixed.clone
    tip = pushed(fixed)
    clone.git("push", "-q", "origin", "HEAD:refs/heads/hotfix/9")  # another one stands at the same commit
    made = job(fixed, "refs/pipelines/9", *([depth] if depth else []), "origin", "+refs/pull/7/head:refs/pipelines/9")
    # One that is not shallow asks the remote; what a shallow one lacks would come with all of its history.
    assert made.hotfix("check", env=env).code == (3 if depth else 0)
    found = made.hotfix("check", "--fetch", "--format", "json", env=env)
    assert (found.json["hotfix"]["branch"], found.json["hotfix"]["tip"]) == ("hotfix/4711", tip), found.err


@pytest.mark.slow
def test_a_push_from_a_shallow_clone_is_judged_by_what_it_shows(fixed: Project) -> None:
    tip = pushed(fixed)
    made = shallow(fixed, "GitHub, a push")
    zero, feature = "0" * 40, "refs/heads/feature/x"
    line = f"refs/heads/hotfix/4711 {tip} refs/heads/hotfix/4711 {zero}\n"
    told = made.hotfix("verify-push", "origin", "url", stdin=line)
    assert (told.code, told.out) == (3, "")
    assert told.err.startswith(HIDDEN)
    assert made.hotfix("verify-push", "origin", "url", stdin=f"{feature} {tip} {feature} {zero}\n").code == 0
    pre_commit = {"PRE_COMMIT_REMOTE_BRANCH": "refs/heads/hotfix/4711", "PRE_COMMIT_LOCAL_BRANCH": "hotfix/4711",
                  "PRE_COMMIT_TO_REF": tip, "PRE_COMMIT_REMOTE_NAME": "origin"}  # fmt: skip
    assert made.hotfix("pre-commit", env=pre_commit).code == 3
    assert made.hotfix("check", "--fetch").code == 0
    assert made.hotfix("verify-push", "origin", "url", stdin=line).code == 0
    assert made.hotfix("pre-commit", env=pre_commit).code == 0


@pytest.mark.slow
def test_status_and_update_judge_nothing_unseen(fixed: Project) -> None:
    pushed(fixed)
    made = shallow(fixed, "GitHub, a push")
    unseen = made.hotfix("status")
    assert (unseen.code, unseen.out) == (3, "")
    assert "→ fetch what is missing: git hotfix status --fetch" in unseen.err
    told = made.hotfix("status", "--fetch", "--format", "json")
    assert (told.code, told.json["targets"], told.json["hotfix"]["base_tag"]) == (0, [], "v1.4.2"), told.err
    assert re.search("this clone is shallow", told.json["notes"][0])
    assert made.hotfix("update").code == 0


@pytest.mark.slow
def test_a_clone_of_a_single_branch_is_no_ground_for_a_verdict(fixed: Project) -> None:
    """It asks the remote, and where that does not answer it judges nothing."""
    tip, base = pushed(fixed), fixed.clone.tip("v1.4.2")
    single = fixed.another_clone("single", "--single-branch", "--branch", "hotfix/4711")
    # One that is whole by chance, as of a young repository.
    few = job(fixed, tip, "origin", "+refs/heads/hotfix/4711:refs/remotes/origin/hotfix/4711")
    for made, why in ((single, "it has a single branch of origin"), (few, "it has no main or master of origin")):
        away = fixed.remote.path.rename(fixed.root / "away")
        unseen = made.hotfix("check")
        assert (unseen.code, unseen.out, unseen.err.splitlines()[0]) == (3, "", f"{HIDDEN}{why}")
        away.rename(fixed.remote.path)
        for words in (["check"], ["check", "--fetch"]):
            found = made.hotfix(*words)
            headline = found.out.splitlines()[0]
            assert (found.code, headline.endswith(f"from v1.4.2 ({base[:10]}), at {tip[:10]}")) == (0, True), found.err


@pytest.mark.slow
def test_25_commits_are_counted_in_a_shallow_checkout(project: Project) -> None:
    clone = project.clone
    for number in range(3, 7):
        project.released(f"v1.4.{number}", {"VERSION": f"1.4.{number}\n"})
    clone.git("fetch", "-q", "--tags")
    clone.git("switch", "-q", "-c", "hotfix/4711", "v1.4.6")
    for number in range(25):
        clone.commit(f"more {number}", {f"new{number}.py": f"x = {number}\n", "app.py": APP + f"n = {number}\n"})
    pushed(project)
    for depth in ("--depth=1", "--depth=20"):
        made = job(project, "refs/remotes/origin/hotfix/4711", depth, "origin", BRANCH.format(branch="hotfix/4711"))
        assert made.hotfix("check").code == 3
        found = made.hotfix("check", "--fetch", "--format", "json")
        measured = {gate["id"]: gate["measured"] for gate in found.json["gates"]}
        assert (found.code, measured["max-commits"], measured["new-module"]) == (1, "25 commits", "25 new")
        # Not the history below the release.
        assert made.git("rev-parse", "--is-shallow-repository") == "true"
        assert made.run("git", "cat-file", "-e", clone.tip("v1.4.1")).code == 1
        made.path.rename(project.root / f"job{depth}")
