"""`finish`: production and tag, every target, one report, and working trees that nobody touched."""

from __future__ import annotations

import hashlib

import pytest
from building import APP, FIX, TARGETS, Project
from sandbox import at_terminal


def test_one_command_brings_the_fix_everywhere(fixed: Project) -> None:
    clone, remote = fixed.clone, fixed.remote
    before, branches = clone.snapshot(), remote.branches()
    base, tip = clone.tip("v1.4.2"), clone.tip("hotfix/4711")
    answer = clone.hotfix("finish", "--format", "json")
    assert answer.code == 0, answer.err
    found = answer.json
    after = remote.branches()

    assert {name for name in branches if branches[name] != after[name]} == {"main", *TARGETS}
    assert set(after) == set(branches)
    for branch in ("main", *TARGETS):
        assert remote.tree(branch) == {**remote.tree(branches[branch]), "app.py": FIX}
        assert remote.parents(branch) == [branches[branch], tip]
        merge = f"Merge branch 'hotfix/4711' into {branch}\n\nCheckout fails\n\nHotfix-Issue: 4711"
        assert remote.git("log", "-1", "--format=%B", branch).strip() == merge

    assert remote.tip("v1.4.3") == after["main"]
    assert remote.tags() == {"v1.4.1", "v1.4.2", "v1.4.3"}
    assert remote.refs("refs/hotfix/") == clone.refs("refs/hotfix/log/")
    assert remote.log("4711") == [
        "start hotfix 4711: Checkout fails",
        "finish hotfix 4711 as v1.4.3",
        "deliver hotfix 4711 to 4 branches",
        "close hotfix 4711",
    ]

    assert found["tag"] == {
        "name": "v1.4.3", "target": after["main"], "oid": remote.git("rev-parse", "refs/tags/v1.4.3"),
    }  # fmt: skip
    assert found["production"] == {"ref": "refs/heads/main", "old": base, "new": after["main"], "strategy": "merge"}
    assert found["targets"] == [
        {
            "ref": f"refs/heads/{branch}", "tier": 3 if "feature" in branch else 2, "strategy": "merge",
            "status": "merged", "old": branches[branch], "new": after[branch], "conflicts": [],
            "resolved_by": "merge", "reason": "",
        }
        for branch in TARGETS
    ]  # fmt: skip
    assert (found["pushed"], found["left"], found["notes"], found["next"]) == (True, {}, [], [])
    assert (found["verdict"], found["pull_request"]) == ("pass", None)

    here = clone.snapshot()
    assert (here.files, here.index, here.stash, here.config) == (
        before.files, before.index, before.stash, before.config,
    )  # fmt: skip
    assert here.head == "ref: refs/heads/main\n"
    assert here.refs == {
        "refs/heads/main": after["main"], "refs/heads/develop": after["develop"],
        **{ref: oid for ref, oid in before.refs.items() if ref.startswith("refs/tags/")},
        "refs/tags/v1.4.3": found["tag"]["oid"], "refs/hotfix/log/4711": here.refs["refs/hotfix/log/4711"],
    }  # fmt: skip
    assert clone.git("status", "--porcelain") == ""
    assert list(fixed.private_git_dir.iterdir()) == []


@pytest.mark.slow
def test_the_tag_says_what_it_is(fixed: Project) -> None:
    begun = fixed.clone.tip("refs/hotfix/log/4711")
    policy = fixed.clone.tip("origin/main")
    start = fixed.clone.git("cat-file", "commit", begun) + "\n"
    rows = fixed.clone.git("log", "-1", "--format=%(trailers:unfold)", begun).splitlines()
    facts = dict(row.split(": ", 1) for row in rows if row)
    assert fixed.clone.hotfix("finish").code == 0
    base, tip = fixed.clone.tip("v1.4.2"), fixed.remote.parents("v1.4.3^{commit}")[1]
    assert fixed.remote.git("cat-file", "-t", "v1.4.3") == "tag"
    assert (
        fixed.remote.git("for-each-ref", "--format=%(contents)", "refs/tags/v1.4.3")
        == f"""\
Hotfix 4711: Checkout fails

Severity: P0
Base: v1.4.2
Detected: {facts["Detected"]}
Started: {facts["Started"]}

Files:
  app.py (+1 -1)

Waivers: none

Hotfix-Issue: 4711
Hotfix-Title: Checkout fails
Hotfix-Severity: P0
Hotfix-Base-Tag: v1.4.2
Hotfix-Base: {base}
Hotfix-Tip: {tip}
Hotfix-Production: refs/heads/main
Hotfix-Policy: {policy}
Hotfix-Log: {begun}
Hotfix-Log-Entries: {hashlib.sha256(start.encode()).hexdigest()[:8]}
"""
    )


@pytest.mark.slow
def test_what_people_read(fixed: Project) -> None:
    base, tip = fixed.clone.tip("v1.4.2"), fixed.clone.tip("hotfix/4711")
    answer = fixed.clone.hotfix("finish")
    main = fixed.remote.tip("main")
    rows = f"""\
main            production  merged  {base[:10]} → {main[:10]}
v1.4.3          tag         tagged  on {main[:10]}
develop         merge       merged
release/1.5     merge       merged
feature/login   merge       merged
feature/search  merge       merged
"""
    assert answer.out == (
        f"hotfix/4711 · Checkout fails · P0 · from v1.4.2 ({base[:10]}), at {tip[:10]}\n"
        "v1.4.3 is on main, and all 4 branches have the fix.\n"
        f"branch          how         result\n{rows}"
        "left out: 1 inactive feature branch (older than 90 days) · to include one: "
        "git hotfix backport 4711 --to BRANCH\n"
        "Hotfix 4711 is finished: main and every target have the fix; 1 inactive branch was left out\n"
        "report: git hotfix report 4711; before it is done: git hotfix close 4711\n"
        "You are on main now\n"
    )


@pytest.mark.slow
def test_the_next_hotfix_begins_at_the_new_tag(fixed: Project) -> None:
    clone = fixed.clone
    assert clone.hotfix("finish").code == 0
    assert clone.hotfix("start", "4712").out.startswith("hotfix/4712 starts at v1.4.3 ")
    clone.commit("another", {"app.py": FIX.replace("value_20 = 20", "value_20 = 0")})
    answer = clone.hotfix("finish", "--format", "json")
    assert (answer.code, answer.json["tag"]["name"]) == (0, "v1.4.4")
    assert set(answer.targets.values()) == {("merge", "merged")}


@pytest.mark.slow
def test_main_merely_ahead_does_not_ship(fixed: Project) -> None:
    """The tag sits on the hotfix tip: unreleased work on main reaches production's branch only."""
    clone, remote = fixed.clone, fixed.remote
    other = fixed.another_clone("bob")
    other.git("switch", "-q", "main")
    other.commit("unreleased", {"unreleased.txt": "new\n"})
    other.git("push", "-q")
    tip = clone.tip("hotfix/4711")
    answer = clone.hotfix("finish", "--format", "json")
    assert answer.code == 0, answer.err
    assert answer.json["tag"]["target"] == remote.tip("v1.4.3") == tip
    assert remote.tree("v1.4.3") == {**clone.tree("v1.4.2"), "app.py": FIX}
    assert remote.tree("main") == {**clone.tree("v1.4.2"), "app.py": FIX, "unreleased.txt": "new\n"}
    assert "unreleased.txt" not in remote.tree("develop")
    [note] = answer.json["notes"]
    assert note.startswith("main has 1 commit that is not in v1.4.2: deploy the tag, not the branch")
    # main is not the tree that HEAD stood on: HEAD stays at the finished tip.
    assert answer.json["place"] == f"You are on no branch now (HEAD is detached at {tip[:10]}): git switch develop"
    assert clone.snapshot().head == f"{tip}\n"
    assert clone.hotfix("start", "4712").out.startswith("hotfix/4712 starts at v1.4.3 ")


@pytest.mark.slow
def test_a_team_that_deploys_the_branch_is_refused(fixed: Project) -> None:
    clone, remote = fixed.clone, fixed.remote
    other = fixed.another_clone("bob")
    other.git("switch", "-q", "main")
    other.commit("the policy", {".git-hotfix.toml": 'deploy = "branch"\n'})
    other.commit("unreleased", {"unreleased.txt": "new\n"})
    other.git("push", "-q")
    before, there = clone.snapshot(), remote.refs()
    answer = clone.hotfix("finish")
    assert (answer.code, answer.out) == (1, "")
    assert 'deploy = "branch" would ship them' in answer.err
    assert "unreleased" in answer.err and "nothing was changed" in answer.err
    assert (clone.snapshot(), remote.refs()) == (before, there)
    other.commit("deploy tags", {".git-hotfix.toml": 'deploy = "tag"\n'})
    other.git("push", "-q")
    answer = clone.hotfix("finish", "--format", "json")
    assert (answer.code, answer.json["notes"]) == (0, [])


@pytest.mark.slow
def test_a_merge_that_would_drag_more_along_is_a_cherry_pick(fixed: Project) -> None:
    clone, remote = fixed.clone, fixed.remote
    old = clone.branch("release/1.0", "v1.4.1", "an old line", {"old-line.txt": "kept\n"})
    tip = clone.tip("hotfix/4711")
    answer = clone.hotfix("finish", "--format", "json")
    assert answer.code == 0, answer.err
    assert answer.targets == {**dict.fromkeys(TARGETS, ("merge", "merged")), "release/1.0": ("cherry-pick", "merged")}
    assert remote.tree("release/1.0") == {
        "README.md": "an app\n", "app.py": FIX, "old-line.txt": "kept\n",
    }  # fmt: skip
    assert remote.parents("release/1.0") == [old]
    assert f"(cherry picked from commit {tip})" in remote.git("log", "-1", "--format=%B", "release/1.0")


@pytest.mark.slow
def test_a_conflict_stops_its_target_only(fixed: Project) -> None:
    clone, remote = fixed.clone, fixed.remote
    theirs = clone.branch("feature/clash", "develop", "clash", {"app.py": APP.replace("value_15 = 15", "value_15 = 0")})
    answer = clone.hotfix("finish", "--format", "json")
    assert answer.code == 4
    assert answer.targets == {**dict.fromkeys(TARGETS, ("merge", "merged")), "feature/clash": ("merge", "conflict")}
    [clash] = [each for each in answer.json["targets"] if each["ref"] == "refs/heads/feature/clash"]
    assert (clash["conflicts"], clash["new"]) == ([{"path": "app.py", "kind": "content"}], None)
    assert answer.json["next"] == ["git hotfix backport 4711 --resolve feature/clash"]
    assert remote.branches()["feature/clash"] == theirs
    assert remote.tree("v1.4.3")["app.py"] == remote.tree("develop")["app.py"] == FIX
    assert clone.snapshot().head == "ref: refs/heads/hotfix/4711\n"
    assert remote.log("4711")[-1] == "deliver hotfix 4711 to 4 branches"
    before, there = clone.snapshot(), remote.refs()
    again = clone.hotfix("finish")
    assert (again.code, clone.snapshot(), remote.refs()) == (4, before, there)


@pytest.mark.slow
def test_a_conflict_with_production_itself_changes_nothing(fixed: Project) -> None:
    clone, remote = fixed.clone, fixed.remote
    other = fixed.another_clone("bob")
    other.git("switch", "-q", "main")
    other.commit("unreleased", {"app.py": APP.replace("value_15 = 15", "value_15 = 0")})
    other.git("push", "-q")
    before, there = clone.snapshot(), remote.refs()
    answer = clone.hotfix("finish", "--format", "json")
    assert (answer.code, answer.targets) == (4, {"main": ("merge", "conflict")})
    assert answer.json["next"] == ["git hotfix backport 4711 --resolve main"]
    assert (answer.json["pushed"], clone.snapshot(), remote.refs()) == (False, before, there)


@pytest.mark.slow
def test_no_backport_leaves_the_targets_owed(fixed: Project) -> None:
    clone, remote = fixed.clone, fixed.remote
    before = remote.branches()
    answer = clone.hotfix("finish", "--no-backport", "--format", "json")
    assert answer.targets == dict.fromkeys(TARGETS, ("merge", "skipped"))
    assert answer.json["next"] == ["git hotfix backport 4711"]
    assert remote.tags() == {"v1.4.1", "v1.4.2", "v1.4.3"}
    assert {name for name, oid in remote.branches().items() if before.get(name) != oid} == {"main"}
    assert "hotfix/4711" in clone.branches()


@pytest.mark.slow
def test_several_commits_and_a_merge_inside(fixed: Project) -> None:
    clone, remote = fixed.clone, fixed.remote
    clone.git("switch", "-q", "-c", "help", "HEAD~1")
    clone.commit("a colleague's part", {"app.py": APP.replace("value_2 = 2", "value_2 = 0")})
    clone.git("switch", "-q", "hotfix/4711")
    clone.git("merge", "-q", "--no-ff", "-m", "take the other part", "help")
    clone.branch("release/1.0", "v1.4.1", "an old line", {"old-line.txt": "kept\n"})
    answer = clone.hotfix("finish", "--format", "json")
    assert answer.code == 0, answer.err
    both = FIX.replace("value_2 = 2", "value_2 = 0")
    for branch in ("main", *TARGETS, "release/1.0"):
        assert remote.tree(branch)["app.py"] == both
    assert "VERSION" not in remote.tree("release/1.0")


@pytest.mark.slow
def test_another_line_receives_its_own_hotfix(project: Project) -> None:
    clone, remote = project.clone, project.remote
    clone.branch("support/1.2", "v1.4.1", "support one", {"support.txt": "one\n"})
    clone.tag("v1.2.5", "origin/support/1.2")
    clone.git("fetch", "-q")
    main = remote.tip("main")
    assert clone.hotfix("start", "7", "--from", "v1.2.5").code == 0
    clone.commit("fix it", {"app.py": FIX})
    answer = clone.hotfix("finish", "--format", "json")
    assert answer.code == 0, answer.err
    found = answer.json
    assert (found["production"]["ref"], found["tag"]["name"]) == ("refs/heads/support/1.2", "v1.2.6")
    assert remote.tree("v1.2.6") == {"README.md": "an app\n", "app.py": FIX, "support.txt": "one\n"}
    assert remote.tip("v1.2.6") == remote.tip("support/1.2")
    assert remote.tip("main") == main
    assert answer.targets == dict.fromkeys(TARGETS, ("cherry-pick", "merged"))
    assert "support.txt" not in remote.tree("develop")
    assert remote.tree("develop")["app.py"] == FIX
    assert clone.hotfix("start", "8").out.startswith("hotfix/8 starts at v1.4.2 ")


@pytest.mark.slow
def test_a_person_is_asked_once_what_to_push_and_sees_what_was_let_through(fixed: Project) -> None:
    """Below the plan stand the warnings of the gates, the waivers and who approved; then one question."""
    clone = fixed.clone
    before = fixed.remote.refs()
    code, said = at_terminal(clone, "n\n", "finish")
    assert (code, fixed.remote.refs()) == (4, before)
    places = [said.index(text) for text in ("will have the fix.", "warn tests: ", "Push main")]
    assert places == sorted(places)
    assert said.endswith("Push main, v1.4.3 and 4 branches? [y/N]\n")
