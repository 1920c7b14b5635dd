"""How production gets the fix: by a fast-forward or as one commit, where a server wants a history without merges."""

from __future__ import annotations

import json

import pytest
from building import APP, FIX, TARGETS, Project
from sandbox import at_terminal
from test_finish_interrupted import run_until_killed

LINEAR = """case $1 in refs/heads/main) [ -z "$(git rev-list --merges "$2..$3")" ] && exit 0
echo "error: GH006: Protected branch update failed for $1."; echo "error: This branch must not contain merge commits."
exit 1;; esac"""
WAYS = [
    "without a merge commit: git hotfix finish 4711 --strategy fast-forward, or squash",
    "for every hotfix: production.strategy in the policy on main",
]


def ahead(project: Project, files: dict[str, str] | None = None) -> str:
    """A colleague puts a commit on production that no release has."""
    other = project.another_clone("ahead")
    other.git("switch", "-q", "main")
    made = other.commit("unreleased", files or {"unreleased.txt": "new\n"})
    other.git("push", "-q")
    return made


def test_a_fast_forward_where_the_history_must_be_linear(fixed: Project) -> None:
    clone, remote = fixed.clone, fixed.remote
    remote.hook("update", LINEAR)
    tip = clone.tip("HEAD")
    refused = clone.hotfix("finish", "--format", "json")
    assert (refused.code, refused.json["advice"]) == (4, WAYS)
    assert [each["line"] for each in refused.json["server"]] == [
        "error: GH006: Protected branch update failed for refs/heads/main.",
        "error: This branch must not contain merge commits.",
    ]
    done = clone.hotfix("finish", "--strategy", "fast-forward", "--format", "json")
    assert done.code == 0, done.err
    assert done.json["production"]["strategy"] == "fast-forward"
    assert (remote.tip("main"), remote.tip("v1.4.3")) == (tip, tip)
    assert done.targets == dict.fromkeys(TARGETS, ("merge", "merged"))
    assert clone.branches()["main"] == tip
    assert clone.hotfix("start", "4712").out.startswith("hotfix/4712 starts at v1.4.3 ")


@pytest.mark.slow
def test_a_fast_forward_is_refused_with_the_choice_where_production_moved_on(fixed: Project) -> None:
    clone, remote = fixed.clone, fixed.remote
    made = ahead(fixed, {".git-hotfix.toml": '[production]\nstrategy = "fast-forward"\n'})
    before, there = clone.snapshot(), remote.refs()
    answer = clone.hotfix("finish")
    assert (answer.code, clone.snapshot(), remote.refs()) == (1, before, there)
    assert answer.err.splitlines() == [
        "git hotfix: main cannot be fast-forwarded to hotfix/4711: it has 1 commit that hotfix/4711 does not have "
        f"(newest: {made[:10]} unreleased)",
        "  (nothing was changed)",
        "  → one commit on top of them: git hotfix finish 4711 --strategy squash",
        "  → a merge commit: git hotfix finish 4711 --strategy merge",
        "  → or release main first, then: git hotfix update 4711",
    ]


@pytest.mark.slow
def test_a_squash_is_one_commit_and_carries_the_tag_when_it_is_base_and_fix(fixed: Project) -> None:
    clone, remote = fixed.clone, fixed.remote
    clone.commit("a second part", {"second.txt": "two\n"})
    clone.git("commit", "-q", "--amend", "--no-edit", "--author", "Bob <bob@example.org>")
    old, tip = remote.tip("main"), clone.tip("HEAD")
    done = clone.hotfix("finish", "--strategy", "squash", "--format", "json")
    assert done.code == 0, done.err
    main = remote.tip("main")
    assert (remote.parents(main), remote.tip("v1.4.3")) == ([old], main)
    assert remote.tree("main") == remote.tree(tip)
    assert remote.git("log", "-1", "--format=%an %cn%n%B", main) == (
        "Bob Ada\nHotfix 4711: Checkout fails\n\n* fix the checkout\n* a second part\n\n"
        f"Co-authored-by: Ada <ada@example.org>\nHotfix-Issue: 4711\nHotfix-Tip: {tip}\n"
    )
    assert done.targets == dict.fromkeys(TARGETS, ("merge", "merged"))
    assert remote.parents("develop")[1] == tip
    assert set(remote.branches()) == {"main", *TARGETS, "feature/old"}
    again = clone.hotfix("backport", "4711", "--format", "json")
    assert (again.code, set(again.targets.values())) == (0, {("merge", "already")})


@pytest.mark.slow
def test_a_squash_on_top_of_other_work_leaves_the_tag_on_the_tip(fixed: Project) -> None:
    clone, remote = fixed.clone, fixed.remote
    made, tip = ahead(fixed), clone.tip("HEAD")
    planned = clone.hotfix("finish", "--strategy", "squash", "--dry-run", "--format", "json")
    assert planned.json["next"] == ["git hotfix finish 4711 --strategy squash"]
    done = clone.hotfix("finish", "--strategy", "squash", "--format", "json")
    assert done.code == 0, done.err
    assert (remote.parents("main"), remote.tip("v1.4.3")) == ([made], tip)
    assert clone.hotfix("start", "4712").out.startswith("hotfix/4712 starts at v1.4.3 ")


@pytest.mark.slow
def test_the_message_of_the_one_commit_stays_and_the_teams_template_wins(fixed: Project) -> None:
    clone, remote = fixed.clone, fixed.remote
    clone.git("commit", "-q", "--amend", "-m", "fix: one\n\nwhy\n\nSigned-off-by: Ada <ada@example.org>")
    tip = clone.tip("HEAD")
    assert clone.hotfix("finish", "--strategy", "squash", "--no-backport").code == 0
    end = f"Hotfix-Issue: 4711\nHotfix-Tip: {tip}\n"
    said = remote.git("log", "-1", "--format=%B", "main")
    assert said == f"fix: one\n\nwhy\n\nSigned-off-by: Ada <ada@example.org>\n{end}"
    ahead(
        fixed, {".git-hotfix.toml": '[production]\nstrategy = "squash"\n[messages]\nsquash = "fix({issue}): {title}"\n'}
    )
    assert clone.hotfix("finish", "4711").code == 0
    clone.hotfix("start", "4712", "-m", "Another")
    clone.commit("fix: two", {"app.py": FIX.replace("value_20 = 20", "value_20 = 0")})
    assert clone.hotfix("finish", "--no-backport").code == 0
    assert remote.git("log", "-1", "--format=%s", "main") == "fix(4712): Another"


@pytest.mark.slow
@pytest.mark.parametrize("strategy", ["fast-forward", "squash"])
def test_what_was_killed_when_production_had_it_goes_on(fixed: Project, strategy: str) -> None:
    """Whatever the next run is told: production has the fix."""
    clone, remote = fixed.clone, fixed.remote
    run_until_killed(fixed, remote.hook("post-receive", "exit 0"), "refs/heads/main", "--strategy", strategy)
    main, tag = remote.tip("main"), remote.refs("refs/tags/v1.4.3")
    assert len(remote.parents(main)) == 1
    done = clone.hotfix("finish", "4711", "--format", "json")
    assert done.code == 0, done.err
    assert (remote.tip("main"), remote.refs("refs/tags/v1.4.3")) == (main, tag)
    assert done.targets == dict.fromkeys(TARGETS, ("merge", "merged"))
    assert remote.tree("develop")["app.py"] == FIX


@pytest.mark.slow
def test_a_clone_without_the_fixs_own_commits_delivers_the_squash(fixed: Project) -> None:
    clone, remote = fixed.clone, fixed.remote
    policy = '[production]\nstrategy = "squash"\n[backport]\ntargets = ["<develop>"]\nstrategy = "cherry-pick"\n'
    ahead(fixed, {".git-hotfix.toml": policy})
    fixed.another_clone("tagger").tag("v1.4.3", "origin/main")
    assert clone.hotfix("update").code == 0
    assert clone.hotfix("finish").code == 0
    tip = clone.tip("v1.4.4")
    other = fixed.another_clone("bob")
    made = json.loads(other.hotfix("backport", "4711", "--to", "feature/login", "--format", "json").out)
    assert [each["status"] for each in made["targets"]] == ["merged"]
    assert remote.tree("feature/login")["app.py"] == FIX
    assert tip == remote.tip("v1.4.4")


@pytest.mark.slow
def test_undo_takes_a_squash_back_with_its_tag(fixed: Project) -> None:
    clone, remote = fixed.clone, fixed.remote
    before = remote.refs("refs/heads/", "refs/tags/")
    assert clone.hotfix("finish", "--strategy", "squash").code == 0
    code, said = at_terminal(clone, "y\n", "undo", "--production", "--yes")
    assert code == 0, said
    left = remote.refs("refs/heads/", "refs/tags/")
    assert {ref: oid for ref, oid in left.items() if ref != "refs/heads/hotfix/4711"} == before
    assert remote.tree("main")["app.py"] == APP


@pytest.mark.slow
@pytest.mark.parametrize("killed", [False, True])
def test_a_squash_whose_conflict_somebody_solved_is_known_again(fixed: Project, killed: bool) -> None:
    """It has no patch-id of the fix's own, and merging the fix once more conflicts again."""
    clone, remote = fixed.clone, fixed.remote
    made = ahead(fixed, {"app.py": APP.replace("value_15 = 15", "value_15 = 150")})
    first = clone.hotfix("finish", "--strategy", "squash", "--format", "json")
    assert (first.code, first.json["next"]) == (4, ["git hotfix backport 4711 --resolve main"])
    opened = json.loads(clone.hotfix("backport", "4711", "--resolve", "main", "--format", "json").out)["opened"]
    place = fixed.at(opened["worktree"])
    solved = FIX.replace('"fifteen"', '"fifteen"  # was 150')
    (place.path / "app.py").write_text(solved)
    place.git("add", "app.py")
    assert clone.hotfix("backport", "--continue").code == 0
    if killed:
        run_until_killed(fixed, remote.hook("post-receive", "exit 0"), "refs/heads/main", "--strategy", "squash")
    done = clone.hotfix("finish", "4711", "--strategy", "squash", "--format", "json")
    assert done.code == 0, done.err
    main = remote.tip("main")
    assert (remote.parents(main), remote.tree(main)["app.py"]) == ([made], solved)
    assert done.targets == dict.fromkeys(TARGETS, ("merge", "merged"))
    assert remote.parents("v1.4.3") == [clone.tip("v1.4.2")]  # the tip of the hotfix: base + fix
    # Taken back on production, it is not there any more.
    forge = fixed.another_clone("forge")
    forge.git("switch", "-q", "main")
    forge.git("revert", "--no-edit", main)
    forge.git("push", "-q")
    tip = remote.tip("develop^2")
    clone.git("branch", "hotfix/4711", tip)
    clone.git("push", "-q", "--no-verify", "origin", ":refs/tags/v1.4.3")
    clone.git("tag", "-d", "v1.4.3")
    again = clone.hotfix("finish", "4711")
    assert (again.code, "has reverted this fix" in again.err) == (1, True), again.err
