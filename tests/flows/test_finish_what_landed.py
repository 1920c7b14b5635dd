"""What came to production by itself: it is tagged only when it is the fix, whole, and nothing newer is lost by it."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from building import APP, FIX, TARGETS, Project
from forge import land
from proofs import rest_slow
from sandbox import Answer, Repo
from test_finish_protected import PROTECTED


def merged_by_bob(project: Project, *branches: str, squash: bool = False) -> Repo:
    """A colleague merges hotfix branches into main, as a forge does."""
    bob = project.another_clone("bob" + "".join(branches).replace("/", "-"))
    bob.git("switch", "-q", "main")
    for branch in branches:
        if squash:
            bob.git("merge", "-q", "--squash", f"origin/{branch}")
            bob.commit(f"Squash {branch}")
        else:
            bob.git("merge", "-q", "--no-ff", "-m", f"Merge {branch}", f"origin/{branch}")
    bob.git("push", "-q", "origin", "main")
    return bob


def second(project: Project) -> Repo:
    """A second hotfix, 4712, that started at the same production tag."""
    clone = project.clone
    assert clone.hotfix("start", "4712").code == 0
    clone.commit("fix the search", {"search.py": "found = True\n", "VERSION": "1.4.2 fixed\n"})
    clone.git("rm", "-q", "search.py")
    clone.git("commit", "-q", "--amend", "-m", "fix the version")
    clone.git("push", "-q", "origin", "hotfix/4711", "hotfix/4712")
    return clone


@pytest.mark.parametrize("squash", rest_slow([False, True]))
def test_the_second_of_two_never_drops_the_first(fixed: Project, squash: bool) -> None:
    clone, remote = second(fixed), fixed.remote
    merged_by_bob(fixed, "hotfix/4711", "hotfix/4712", squash=squash)
    assert clone.hotfix("finish", "4711").code == 0
    before = remote.refs("refs/heads/", "refs/tags/")
    refused = clone.hotfix("finish", "4712", "--format", "json")
    assert (refused.code, remote.refs("refs/heads/", "refs/tags/")) == (1, before)
    [base] = [gate for gate in refused.json["gates"] if gate["status"] == "fail"]
    assert (base["id"], base["findings"][0]["hint"]) == ("base", "replay the fix on v1.4.3: git hotfix update")
    assert clone.hotfix("update", "4712").code == 0
    assert clone.hotfix("finish", "4712").code == 0
    fixed_twice = {"app.py": FIX, "VERSION": "1.4.2 fixed\n"}
    assert remote.tree("v1.4.4") == {**remote.tree("v1.4.2"), **fixed_twice}
    assert clone.hotfix("start", "4713", "--format", "json").json["hotfix"]["base_tag"] == "v1.4.4"


def test_a_hotfix_that_stands_on_another_one(fixed: Project) -> None:
    clone = fixed.clone
    clone.git("switch", "-q", "-c", "hotfix/4712")
    clone.commit("fix the version", {"VERSION": "1.4.2 fixed\n"})
    refused = clone.hotfix("check", "--format", "json")
    assert refused.code == 1
    [base] = [gate for gate in refused.json["gates"] if gate["status"] == "fail"]
    assert base["findings"][0]["message"].startswith("holds 1 commit of hotfix/4711: ")
    assert clone.hotfix("check", "4711").code == 0


SAFE = FIX.replace('"fifteen"', '"fifteen" or "safe"')
MOVED = APP.replace("value_30 = 30", "value_30 = 0")


def reviewed(project: Project, files: Mapping[str, str], *, branch: str = "keep", main: str = "") -> Repo:
    """The hotfix was pushed, a reviewer has made `files` of it, and a forge has put that on main as one commit, on top
    of `main` as another `app.py` where that is given. The branch is gone then, or as it was pushed."""
    project.clone.git("push", "-q", "origin", "hotfix/4711")
    forge = project.another_clone("forge")
    if main:
        forge.git("switch", "-q", "main")
        forge.commit("unreleased", {"app.py": main})
    forge.git("switch", "-q", "hotfix/4711")
    forge.commit("as the review says", files)
    forge.git("push", "-q", "origin", "HEAD:refs/pull/7/head" if branch == "keep" else "HEAD:hotfix/4711")
    forge.git("switch", "-q", "main")
    forge.git("merge", "-q", "--squash", "hotfix/4711")
    forge.commit("Checkout fails (#7)")
    pushed = forge.run("git", "push", "-q", "origin", "main", env={"USER_OF_PUSH": "forge"})
    assert pushed.code == 0, pushed.err
    if branch == "gone":
        forge.git("push", "-q", "origin", "--delete", "hotfix/4711")
    return forge


def taken_in(clone: Repo, refused: Answer) -> None:
    """Run the command that a refusal names for taking the review in."""
    [command] = [line.partition(": ")[2] for line in refused.err.splitlines() if "take the review in: " in line]
    done = clone.run("sh", "-c", command)
    assert done.code == 0, done.err


@pytest.mark.slow
@pytest.mark.parametrize(
    ("files", "protected"),
    rest_slow([({"app.py": SAFE}, True), ({"app.py": SAFE}, False), ({"tests/test_app.py": APP}, True)], spread=True),
)
def test_what_a_review_made_of_the_fix_is_tagged_and_delivered(
    fixed: Project, files: dict[str, str], protected: bool
) -> None:
    clone, remote = fixed.clone, fixed.remote
    if protected:
        remote.hook("update", PROTECTED)
    reviewed(fixed, files, branch="gone")
    before = remote.refs("refs/heads/", "refs/tags/")
    for words in (["finish"], ["finish"], ["backport", "4711", "--resolve", "main"]):
        refused = clone.hotfix(*words)
        assert (refused.code, remote.refs("refs/heads/", "refs/tags/")) == (1, before)
        assert f"main got a different change than hotfix/4711: {remote.tip('main')[:10]} Checkout" in refused.err
    [note, *_] = clone.hotfix("status", "--format", "json").json["notes"]
    assert note.startswith("finish would refuse: main got a different change")
    taken_in(clone, refused)
    done = clone.hotfix("finish", "--format", "json")
    assert (done.code, done.json["tag"]["target"]) == (0, remote.tip("main")), done.err
    assert remote.tree("v1.4.3") == {**remote.tree("v1.4.2"), "app.py": FIX, **files}
    assert done.targets == dict.fromkeys(TARGETS, ("merge", "merged"))
    assert {name: remote.tree("develop")[name] for name in files} == files


@pytest.mark.slow
@pytest.mark.parametrize("main", ["", MOVED])
@pytest.mark.parametrize("text", [SAFE, FIX.replace("value_1 = 1\n", "value_1 = 0\n")])
def test_a_pull_request_that_goes_on_is_taken_in_as_it_is(fixed: Project, text: str, main: str) -> None:
    """The branch stands there as it was pushed: only the pull request's own reference knows what was reviewed."""
    clone, remote = fixed.clone, fixed.remote
    reviewed(fixed, {"app.py": text}, main=main)
    refused = clone.hotfix("finish")
    assert refused.code == 1
    assert "git switch hotfix/4711 && git pull --ff-only origin refs/pull/7/head" in refused.err
    taken_in(clone, refused)
    done = clone.hotfix("finish")
    assert done.code == 0, done.err
    assert (remote.tree("v1.4.3")["app.py"], remote.tree("develop")["app.py"]) == (text, text)


@pytest.mark.slow
def test_a_part_that_a_review_dropped_does_not_come_back(fixed: Project) -> None:
    """Merging the hotfix would be clean, and bring to production what was left out of it."""
    clone, remote = fixed.clone, fixed.remote
    (clone.path / "app.py").write_text(FIX.replace("value_1 = 1\n", "value_1 = 0\n"))
    clone.git("commit", "-q", "-a", "--amend", "--no-edit")
    reviewed(fixed, {"app.py": FIX}, branch="gone")
    refused = clone.hotfix("finish")
    assert refused.code == 1
    taken_in(clone, refused)
    assert clone.hotfix("finish").code == 0
    assert remote.tree("v1.4.3")["app.py"] == FIX


@pytest.mark.slow
@pytest.mark.parametrize("how", ["rebase", "ff"])
def test_a_commit_of_the_review_that_stands_alone_on_production(fixed: Project, how: str) -> None:
    clone, remote = fixed.clone, fixed.remote
    clone.git("push", "-q", "origin", "hotfix/4711")
    forge = fixed.another_clone("forge-first")
    forge.git("switch", "-q", "hotfix/4711")
    forge.commit("as the review says", {"app.py": SAFE})
    forge.git("push", "-q", "origin", "HEAD:refs/pull/7/head", "HEAD:hotfix/4711")
    land(fixed, how)
    forge.git("push", "-q", "origin", "--delete", "hotfix/4711")
    refused = clone.hotfix("finish")
    assert refused.code == 1
    taken_in(clone, refused)
    assert clone.hotfix("finish").code == 0
    assert remote.tree("v1.4.3")["app.py"] == SAFE


@pytest.mark.slow
def test_a_change_of_the_same_line_that_is_no_review_is_ruled_out(fixed: Project) -> None:
    clone, remote = fixed.clone, fixed.remote
    bob = fixed.another_clone("bob")
    bob.git("switch", "-q", "main")
    other = bob.commit("Prepare 4711", {"app.py": SAFE})
    bob.git("push", "-q", "origin", "main")
    assert "--not-landed" in clone.hotfix("finish").err
    before = clone.snapshot()
    assert clone.hotfix("finish", "--not-landed", "v1.4.2^{tree}").code == 2
    assert clone.hotfix("finish", "--not-landed", other, "--dry-run", "--format", "json").code == 4
    assert clone.snapshot() == before
    stopped = clone.hotfix("finish", "--not-landed", other[:10], "--format", "json")
    assert (stopped.code, stopped.targets) == (4, {"main": ("merge", "conflict")})
    assert clone.log("4711")[-1] == f"{other[:10]} is not hotfix 4711"
    assert clone.hotfix("finish").code == 4
    assert clone.hotfix("backport", "4711", "--resolve", "main").code == 0
    place = fixed.at("clone-resolve-main")
    (place.path / "app.py").write_text(SAFE)
    place.git("add", "app.py")
    assert clone.hotfix("backport", "4711", "--continue").code == 0
    done = clone.hotfix("finish")
    assert done.code == 0, done.err
    assert remote.log("4711")[1:3] == [f"{other[:10]} is not hotfix 4711", "finish hotfix 4711 as v1.4.3"]
    assert (remote.tree("v1.4.3")["app.py"], remote.tree("main")["app.py"]) == (FIX, SAFE)


@pytest.mark.slow
def test_a_pushed_branch_that_is_gone_is_remembered(fixed: Project) -> None:
    """Nothing on production names the hotfix; this clone had seen the branch on the remote, until it fetched."""
    clone, remote = fixed.clone, fixed.remote
    forge = reviewed(fixed, {"app.py": SAFE}, branch="gone")
    forge.git("commit", "-q", "--amend", "-m", "Make it right")
    forge.git("push", "-q", "--force", "origin", "main")
    before = remote.refs("refs/heads/", "refs/tags/")
    for words in (["--dry-run"], [], []):
        refused = clone.hotfix("finish", *words)
        assert (refused.code, remote.refs("refs/heads/", "refs/tags/")) == (1, before)
        assert "main got a different change than hotfix/4711" in refused.err
    assert clone.log("4711")[1:] == ["hotfix/4711 is gone from the remote"]


@pytest.mark.slow
@pytest.mark.parametrize("squash", rest_slow([False, True]))
def test_a_commit_of_the_review_is_not_left_out(fixed: Project, squash: bool) -> None:
    """The branch is gone from the remote, and what was merged has one commit more than the clone knows."""
    clone, remote = fixed.clone, fixed.remote
    clone.git("push", "-q", "origin", "hotfix/4711")
    eve = fixed.another_clone("eve")
    eve.git("switch", "-q", "hotfix/4711")
    review = eve.commit("as the review says", {"app.py": FIX.replace("value_1 = 1\n", "value_1 = 0\n")})
    eve.git("push", "-q", "origin", "hotfix/4711")
    bob = merged_by_bob(fixed, "hotfix/4711", squash=squash)
    bob.git("push", "-q", "origin", "--delete", "hotfix/4711")
    before = remote.refs("refs/heads/", "refs/tags/")
    refused = clone.hotfix("finish")
    assert (refused.code, remote.refs("refs/heads/", "refs/tags/")) == (1, before)
    if squash:
        assert "got a different change than hotfix/4711" in refused.err
        return
    assert f"git merge --ff-only {review[:12]}" in refused.err
    clone.git("merge", "-q", "--ff-only", review)
    assert clone.hotfix("finish").code == 0
    assert remote.tree("v1.4.3")["app.py"] == FIX.replace("value_1 = 1\n", "value_1 = 0\n")


@pytest.mark.slow
def test_what_was_taken_back_is_not_tagged(fixed: Project) -> None:
    clone, remote = fixed.clone, fixed.remote
    clone.git("push", "-q", "origin", "hotfix/4711")
    bob = merged_by_bob(fixed, "hotfix/4711")
    bob.git("revert", "--no-edit", "-m", "1", "HEAD")
    bob.git("push", "-q", "origin", "main")
    before = remote.refs("refs/heads/", "refs/tags/")
    refused = clone.hotfix("finish")
    assert (refused.code, remote.refs("refs/heads/", "refs/tags/")) == (1, before)
    assert "main has reverted this fix: " in refused.err


@pytest.mark.slow
def test_a_release_that_holds_the_fix_finishes_it(fixed: Project) -> None:
    clone, remote = fixed.clone, fixed.remote
    clone.git("push", "-q", "origin", "hotfix/4711")
    bob = merged_by_bob(fixed, "hotfix/4711")
    bob.commit("release 1.5", {"VERSION": "1.5.0\n"})
    bob.git("push", "-q", "origin", "main")
    bob.tag("v1.5.0", "main")
    done = clone.hotfix("finish", "--format", "json")
    assert done.code == 0, done.err
    assert done.json["tag"]["name"] == "v1.5.0"
    assert remote.tags() == {"v1.4.1", "v1.4.2", "v1.5.0"}
    assert all(status in ("merged", "already") for _, status in done.targets.values())


@pytest.mark.slow
def test_a_revert_goes_to_production_only(project: Project) -> None:
    """Merged into develop it would delete there what production gives up; everything else is a decision."""
    clone, remote = project.clone, project.remote
    bob = project.another_clone("bob")
    bob.git("switch", "-q", "main")
    bob.commit("a feature", {"feature.py": "x = 1\n"})
    bob.tag("v1.5.0", "HEAD")
    bob.git("push", "-q", "origin", "main", "main:develop", "--force")
    assert clone.hotfix("start", "4711").code == 0
    clone.git("revert", "--no-edit", "HEAD")
    branches = remote.branches()
    done = clone.hotfix("finish", "--format", "json")
    assert done.code == 4, done.err
    assert done.targets["develop"] == ("merge", "pending")
    assert {status for _, status in done.targets.values()} == {"pending", "already"}
    assert {name: tip for name, tip in remote.branches().items() if name != "main"} == {
        name: tip for name, tip in branches.items() if name != "main"
    }
    assert "feature.py" not in remote.tree("v1.5.1")
    assert done.json["next"][0] == "git hotfix backport 4711 --to develop"
    assert clone.hotfix("backport", "4711", "--to", "develop").code == 0
    assert "feature.py" not in remote.tree("develop")


@pytest.mark.slow
def test_a_staging_branch_made_of_the_hotfix_does_not_block_it(fixed: Project) -> None:
    clone = fixed.clone
    clone.git("push", "-q", "origin", "HEAD:refs/heads/release/staging")
    clone.git("fetch", "-q")
    assert clone.hotfix("check").code == 0
    clone.git("switch", "-q", "-c", "feature/more", "origin/feature/login")
    clone.git("switch", "-q", "-c", "hotfix/bad", "v1.4.2")
    clone.git("merge", "-q", "--no-edit", "feature/more")
    clone.commit("and a fix", {"app.py": APP.replace("value_2 = 2\n", "value_2 = 0\n")})
    assert clone.hotfix("check", "bad").code == 1


@pytest.mark.slow
def test_a_revert_that_landed_gets_a_tag_of_its_own(project: Project) -> None:
    """Its tree is that of the tag before the bad one, which is older than the fix and no tag of it."""
    clone, remote = project.clone, project.remote
    bob = project.another_clone("bob")
    bob.git("switch", "-q", "main")
    bob.commit("bad", {"bad.py": "x = 1\n"})
    bob.git("push", "-q", "origin", "main")
    bob.tag("v1.4.3", "main")
    assert clone.hotfix("start", "7").code == 0
    clone.git("revert", "--no-edit", "HEAD")
    clone.git("push", "-q", "origin", "hotfix/7")
    merged_by_bob(project, "hotfix/7")
    done = clone.hotfix("finish", "--format", "json")
    assert (done.json["tag"]["name"], remote.tree("v1.4.4")) == ("v1.4.4", remote.tree("v1.4.2"))


@pytest.mark.slow
def test_an_unrelated_revert_does_not_stop_it(fixed: Project) -> None:
    clone = fixed.clone
    clone.git("push", "-q", "origin", "hotfix/4711")
    bob = fixed.another_clone("bob-first")
    bob.git("switch", "-q", "main")
    bob.commit("unrelated", {"other.txt": "one\n"})
    bob.git("revert", "--no-edit", "HEAD")
    bob.git("push", "-q", "origin", "main")
    merged_by_bob(fixed, "hotfix/4711", squash=True)
    assert clone.hotfix("finish").code == 0


@pytest.mark.slow
@pytest.mark.parametrize("annotated", [True, pytest.param(False, marks=pytest.mark.slow)])
def test_a_tag_that_somebody_set_on_the_fix_is_adopted(fixed: Project, annotated: bool) -> None:
    clone = fixed.clone
    tip = clone.tag("v1.4.3", annotated=annotated)
    before = fixed.remote.refs("refs/tags/")
    answer = clone.hotfix("finish", "--yes", "--format", "json")
    assert (answer.code, answer.json["tag"]["name"]) == (0, "v1.4.3")
    assert fixed.remote.refs("refs/tags/") == before
    assert tip in fixed.remote.git("rev-list", "main").split()
    assert fixed.remote.log("4711")[1:] == [
        "finish hotfix 4711 as v1.4.3", "deliver hotfix 4711 to 4 branches", "close hotfix 4711",
    ]  # fmt: skip
    for command in (("finish", "4711", "--yes"), ("backport", "4711")):
        again, refs = clone.hotfix(*command), fixed.remote.refs("refs/heads/", "refs/tags/")
        assert (again.code, fixed.remote.refs("refs/heads/", "refs/tags/")) == (0, refs), again.err
    assert "4711 is finished: it is v1.4.3" in clone.hotfix("start", "4711").err
    assert clone.hotfix("start", "4712", "--format", "json").json["hotfix"]["base_tag"] == "v1.4.3"


def test_a_tag_of_this_clone_alone_is_named_and_stops_nothing(fixed: Project) -> None:
    clone = fixed.clone
    clone.tag("v1.4.9", push=False)
    answer = clone.hotfix("finish", "--dry-run")
    assert answer.code == 0
    assert "v1.4.9 stands on this fix here, but not on origin, so v1.4.3 is made; to use it instead: " in answer.out
    assert "git push origin v1.4.9" in answer.out


@pytest.mark.slow
def test_a_tag_of_this_clone_on_the_merge_of_the_fix_is_named(fixed: Project) -> None:
    """Landed and tagged by hand, and only the branch was pushed."""
    clone = fixed.clone
    clone.git("switch", "-q", "main")
    clone.git("merge", "-q", "--no-ff", "-m", "by hand", "hotfix/4711")
    clone.git("push", "-q", "origin", "main")
    clone.commit("afterwards", {"later.txt": "later\n"})
    clone.git("push", "-q", "origin", "main")
    clone.git("tag", "-a", "v1.4.9", "-m", "v1.4.9", "HEAD~1")
    answer = clone.hotfix("finish", "4711", "--dry-run")
    assert (answer.code, "v1.4.9 stands on this fix here, but not on origin" in answer.out) == (0, True), answer.out


@pytest.mark.slow
def test_a_tag_on_the_fix_is_not_adopted_where_production_gets_another_commit(fixed: Project) -> None:
    clone = fixed.clone
    clone.tag("v1.4.3")
    answer = clone.hotfix("finish", "--yes", "--strategy", "squash", "--format", "json")
    assert (answer.code, answer.json["tag"]["name"]) == (0, "v1.4.4")
    assert clone.hotfix("start", "4712", "--format", "json").json["hotfix"]["base_tag"] == "v1.4.4"


@pytest.mark.slow
def test_the_same_lines_at_another_place_do_not_hide_a_review(project: Project) -> None:
    """Production has the fix as a review changed it, and its very lines in another function."""
    clone = project.clone
    looks = "    a = 0\n    b = 0\n    c = 0\n    return 1\n\n\n# the end\n"
    text, after = f"def f():\n{looks}\n\ndef g():\n{looks}", looks.replace("1", "2")
    clone.git("switch", "-q", "main")
    clone.commit("release", {"code.py": text})
    clone.tag("v1.4.3")
    clone.git("push", "-q", "origin", "main")
    assert clone.hotfix("start", "4711", "-m", "Checkout fails").code == 0
    clone.commit("fix the checkout", {"code.py": text.replace(looks, after, 1)})
    project.clone.git("push", "-q", "origin", "hotfix/4711")
    bob = project.another_clone("bob")
    safe = text.replace(looks, looks.replace("return 1", "return 2  # as the review says"), 1)
    bob.commit("Checkout fails (#7)", {"code.py": safe})
    bob.commit("work", {"code.py": after.join(safe.rsplit(looks, 1))})
    bob.git("push", "-q", "origin", "main", ":hotfix/4711")
    refused = clone.hotfix("finish")
    assert refused.code == 1
    assert f"main got a different change than hotfix/4711: {bob.tip('HEAD~1')[:10]} Checkout" in refused.err
