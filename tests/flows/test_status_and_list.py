"""`status` and `list`: where a hotfix stands, what every target would get, what is owed; looking changes nothing."""

from __future__ import annotations

import os
import re
import time
from typing import Any

import pytest
from building import APP, FIX, TARGETS, Project
from proofs import rest_slow
from sandbox import Answer, Repo

CLASH = APP.replace("value_15 = 15", "value_15 = 0")


def looked(repo: Repo, command: str, *arguments: str) -> Answer:
    """A look that leaves every byte of the clone as it was."""
    before = repo.everything()
    answer = repo.hotfix(command, *arguments)
    assert repo.everything() == before
    assert answer.code == 0, answer.err
    return answer


def listed(repo: Repo, *arguments: str) -> dict[str, dict[str, Any]]:
    rows = repo.hotfix("list", *arguments, "--format", "json").json["hotfixes"]
    return {row["issue"]: row for row in rows}


def test_where_a_hotfix_stands(fixed: Project) -> None:
    clone = fixed.clone
    clone.branch("feature/clash", "develop", "clash", {"app.py": CLASH})
    clone.branch("release/1.0", "v1.4.1", "an old line", {"old-line.txt": "kept\n"})
    base, tip = clone.tip("v1.4.2"), clone.tip("HEAD")
    found = looked(clone, "status", "--format", "json").json
    assert found["hotfix"] == {
        "branch": "hotfix/4711", "issue": "4711", "title": "Checkout fails", "severity": "P0",
        "production": "refs/heads/main", "base_tag": "v1.4.2", "tag": None, "base": base, "tip": tip,
    }  # fmt: skip
    assert found["verdict"] == "pass"
    assert found["tag"]["name"] == "v1.4.3"
    assert (found["production"]["ref"], found["production"]["old"]) == ("refs/heads/main", base)
    targets = {each["ref"].removeprefix("refs/heads/"): (each["strategy"], each["status"]) for each in found["targets"]}
    assert targets == {
        **dict.fromkeys(TARGETS, ("merge", "merged")), "feature/clash": ("merge", "conflict"),
        "release/1.0": ("cherry-pick", "merged"),
    }  # fmt: skip
    [clash] = [each for each in found["targets"] if each["status"] == "conflict"]
    assert clash["conflicts"] == [{"path": "app.py", "kind": "content"}]
    assert (found["pushed"], found["next"]) == (False, ["git hotfix finish"])
    assert found["clock"]["budget"] == 7200
    assert 0 <= found["clock"]["seconds"] < 600
    assert [entry["kind"] for entry in found["logbook"]] == ["start"]


def test_what_people_read(project: Project) -> None:
    clone = project.clone
    assert clone.hotfix("start", "4711", "-m", "Checkout fails", "--severity", "P0").code == 0
    clone.commit("fix the checkout", {"app.py": FIX})
    base, tip = clone.tip("v1.4.2"), clone.tip("HEAD")
    said = looked(clone, "status").out.splitlines()
    assert said[0] == f"hotfix/4711 · Checkout fails · P0 · from v1.4.2 ({base[:10]}), at {tip[:10]}"
    assert re.fullmatch(r"clock: \d min of 2 h 00 min, since detected", said[1])
    assert re.fullmatch(r"phase: test \d min of 20 min; next: deploy", said[2])
    assert re.fullmatch(r"incident: open for \d min, since detected [-0-9]+ [0-9:]+ UTC", said[3])
    assert said[4:11] == [
        "gates: tests warn", "paper: 9 of 9 answers that finish asks for are open: git hotfix edit --issue 4711", "",
        "v1.4.3 will be on main, and all 4 branches will have the fix.",
        "next:", "  git hotfix finish", "branch          how         would be",
    ]  # fmt: skip
    left_out = "left out: 1 inactive feature branch (older than 90 days) · to include one: "
    assert said[-1] == f"{left_out}git hotfix backport 4711 --to BRANCH"
    assert [row.split()[:3] for row in said[11:-1]] == [
        ["main", "production", "merged"], ["v1.4.3", "tag", "tagged"], *([name, "merge", "merged"] for name in TARGETS),
    ]  # fmt: skip


@pytest.mark.slow
def test_the_clock_runs_over(project: Project) -> None:
    clone = project.clone
    assert clone.hotfix("start", "9", "--detected", "2026-01-01T03:00:00Z").code == 0
    clone.commit("fix", {"app.py": FIX})
    assert "of 2 h 00 min, since detected · over the budget" in looked(clone, "status").out.splitlines()[1]


def test_before_the_fix_is_committed(project: Project) -> None:
    assert project.clone.hotfix("start", "9").code == 0
    found = looked(project.clone, "status", "--format", "json").json
    assert (found["targets"], found["next"], "tag" in found) == ([], ["commit the fix"], False)


@pytest.mark.slow
def test_a_gate_that_refuses(fixed: Project) -> None:
    clone = fixed.clone
    clone.commit("too much", {"app.py": "x = 1\n" * 300})
    found = looked(clone, "status", "--format", "json").json
    assert (found["verdict"], found["next"]) == ("fail", ["git hotfix check"])
    assert "gates: max-lines fail" in looked(clone, "status").out
    assert clone.hotfix("waive", "max-lines", "--reason", "generated").code == 0
    said = looked(clone, "status").out
    line = "waiver 4711-W1: max-lines, by Ada: generated"
    assert "max-lines waived" in next(row for row in said.splitlines() if row.startswith("gates: "))
    assert f"\n{line}\n" in said
    tree = clone.git("rev-parse", "HEAD^{tree}")
    since = clone.commit("more", {"app.py": "x = 1\n" * 301})
    void = f"it does not hold: it was for other code (tree {tree[:10]}), void since {since[:10]}"
    assert f"{line}; {void}\n" in looked(clone, "status").out


@pytest.mark.slow
def test_a_conflict_with_production(fixed: Project) -> None:
    clone = fixed.clone
    bob = fixed.another_clone("bob")
    bob.git("switch", "-q", "main")
    bob.commit("unreleased", {"app.py": CLASH})
    bob.git("push", "-q")
    answer = clone.hotfix("status", "--fetch", "--format", "json")
    assert (answer.code, answer.targets) == (0, {"main": ("merge", "conflict")})
    assert answer.json["next"] == ["git hotfix backport 4711 --resolve main"]


@pytest.mark.slow
def test_a_team_that_deploys_the_branch(fixed: Project) -> None:
    """finish would refuse; status says so, and is not a refusal itself."""
    clone = fixed.clone
    bob = fixed.another_clone("bob")
    bob.git("switch", "-q", "main")
    bob.commit("unreleased", {".git-hotfix.toml": 'deploy = "branch"\n', "unreleased.txt": "new\n"})
    bob.git("push", "-q")
    answer = clone.hotfix("status", "--fetch", "--format", "json")
    assert answer.code == 0, answer.err
    assert answer.json["notes"] == [
        'finish would refuse: main has 1 commit that is not in v1.4.2, and deploy = "branch" would ship them',
        "release them first, or deploy the tag",
        f"{bob.tip('main')[:10]} unreleased",
    ]
    assert (answer.json["pushed"], answer.json["targets"], answer.json["next"]) == (False, [], [])
    assert "note: finish would refuse: main has 1 commit that is not in v1.4.2" in clone.hotfix("status").out


@pytest.mark.slow
def test_the_remote_is_asked(fixed: Project) -> None:
    """What a colleague started and recorded is known without a fetch, and nothing stays of the look."""
    clone = fixed.clone
    bob = fixed.another_clone("bob")
    start = ("start", "4712", "-m", "Search fails", "--severity", "P2", "--ticket", "INC-77", "--push")
    assert bob.hotfix(*start).code == 0
    bob.commit("fix the search", {"app.py": FIX})
    bob.git("push", "-q", "origin", "HEAD")
    said = looked(clone, "status", "4712").out.splitlines()
    assert said[0].startswith("hotfix/4712 · Search fails · P2 · ")
    assert said[1] == "ticket: INC-77"
    assert "Search fails" in looked(clone, "list").out
    found = looked(clone, "list", "--format", "json").json
    assert [(row["issue"], row["ticket"]) for row in found["hotfixes"]] == [("4711", None), ("4712", "INC-77")]


@pytest.mark.slow
def test_where_the_remote_is_away_it_says_how_old_its_view_is(fixed: Project) -> None:
    clone = fixed.clone
    clone.git("remote", "set-url", "origin", str(fixed.root / "gone.git"))
    stamp = clone.path / ".git" / "hotfix-fetched"
    seen = int(time.time()) - 2 * 3600 - 60
    os.utime(stamp, (seen, seen))
    age = r"origin did not answer; this is origin as of 2 h 0[12] min ago: git hotfix {} --fetch"
    assert re.fullmatch(age.format("status 4711"), looked(clone, "status").out.splitlines()[1])
    assert re.fullmatch(age.format("list"), looked(clone, "list").out.splitlines()[-1])
    assert re.fullmatch(age.format("check 4711"), looked(clone, "check").err.splitlines()[-1])
    assert looked(clone, "status", "--format", "json").json["as_of"] == seen
    stamp.unlink()
    never = "origin was never asked from here for tags and logbooks: git hotfix list --fetch"
    assert looked(clone, "list").out.splitlines()[-1] == never
    assert clone.hotfix("status", "--fetch").code == 3


@pytest.mark.slow
def test_a_remote_that_is_silent_is_waited_for_some_seconds(fixed: Project) -> None:
    clone = fixed.clone
    clone.git("config", "remote.origin.uploadpack", "sleep 60; true")
    begun = time.monotonic()
    assert "this is origin as of" in looked(clone, "status").out
    assert time.monotonic() - begun < 20


@pytest.mark.slow
def test_what_is_not_in_the_fix_is_said_first(project: Project) -> None:
    """Nothing is committed, then half of it: neither may be heard of when it is on production."""
    clone = project.clone
    assert clone.hotfix("start", "9").code == 0
    (clone.path / "app.py").write_text(FIX)
    changed = f"1 file has changes that are not committed in {clone.path}: they are not part of this fix"
    nothing = "hotfix/9 has no commit yet: there is no fix to look at"
    said = looked(clone, "check").out.splitlines()
    assert said[:2] == [nothing, changed]
    assert said[3:] == ["nothing is committed, so no gate had anything to look at", "next: commit the fix"]
    assert looked(clone, "status").out.splitlines()[1:3] == [nothing, changed]
    clone.commit("fix 9", {"app.py": FIX})
    (clone.path / "README.md").write_text("half done\n")
    said = looked(clone, "check").out.splitlines()
    assert (said[0], said[-1]) == (changed, "next: git hotfix finish 9")
    assert looked(clone, "status").out.splitlines()[1] == changed
    for command in ("check", "status"):
        assert looked(clone, command, "--format", "json").json["notes"] == [changed]
    assert looked(clone, "check", "--format", "junit").err == f"{changed}\n"
    clone.git("switch", "-q", "--detach")
    assert looked(clone, "check", "9", "--format", "json").json["notes"] == []


@pytest.mark.slow
def test_after_production_what_is_owed(fixed: Project) -> None:
    clone = fixed.clone
    clone.branch("feature/clash", "develop", "clash", {"app.py": CLASH})
    assert clone.hotfix("finish").code == 4
    found = looked(clone, "status", "--format", "json").json
    assert found["production"]["old"] == found["production"]["new"] == fixed.remote.tip("main")
    states = {each["ref"].removeprefix("refs/heads/"): each["status"] for each in found["targets"]}
    assert states == {**dict.fromkeys(TARGETS, "already"), "feature/clash": "conflict"}
    assert found["next"] == ["git hotfix backport 4711"]
    assert listed(clone)["4711"]["owes"] == "1 branch"


def test_a_hotfix_of_nobody(project: Project) -> None:
    for words in ([], ["9"]):
        assert project.clone.hotfix("status", *words).code == 2


# ---- what is finished


@pytest.mark.slow
def test_the_record_of_a_finished_hotfix(project: Project) -> None:
    """Times, ticket, where it is, who waived and who approved what, and what is owed: after the branch is gone."""
    clone = project.clone
    start = ("start", "9", "-m", "Checkout fails", "--severity", "P0", "--detected", "40m", "--ticket", "INC-77")
    assert clone.hotfix(*start, "--push").code == 0
    clone.commit("fix 9", {"app.py": FIX, "new_part.py": "new = 1\n"})
    clone.git("push", "-q", "origin", "HEAD")
    assert clone.hotfix("waive", "new-module", "--reason", "vetted").code == 0
    bob = project.another_clone("bob")
    for key, value in {"user.name": "Bob", "user.email": "bob@example.org"}.items():
        bob.git("config", key, value)
    assert bob.hotfix("status", "9", "--fetch").code == 0
    assert bob.hotfix("approve", "9", "--yes").code == 0
    assert clone.hotfix("finish", "--yes").code == 0

    said = looked(bob, "status", "9").out
    assert said == looked(bob, "status", "v1.4.3").out
    shown = re.sub(r"20\d\d-\d\d-\d\d \d\d:\d\d UTC", "<when>", said).splitlines()
    assert shown[0].startswith("hotfix/9 · Checkout fails · P0 · from v1.4.2 (")
    assert shown[1:3] == ["ticket: INC-77", "detected <when> · started <when> · finished <when>"]
    assert re.fullmatch(r"clock: 4[012] min of 2 h 00 min, detected to released", shown[3])
    assert re.fullmatch(r"late: assess (39|4[012]) min of 5 min", shown[4])
    over = "nobody said when it was over: git hotfix mark resolved --at TIME"
    assert shown.pop(5) == f"incident: since detected <when>, and {over}"
    del shown[4]
    # A commit of the tests is a minute later than the one before it, which may be ahead of the clock.
    if shown[4].startswith("ahead of the clock here: "):
        del shown[4]
    assert shown.pop(4) == "not done yet: 30 things are missing: git hotfix close 9"
    assert shown[4:8] == [
        "waiver 9-W1: new-module, by Ada: vetted; approved by Bob", "approved by Bob, with 9-W1", "",
        "v1.4.3 is on main, and all 4 branches have the fix.",
    ]  # fmt: skip
    assert [row.split()[0] for row in shown[8:15]] == ["branch", "main", "v1.4.3", *TARGETS]
    assert shown[15].startswith("left out: 1 inactive feature branch (older than 90 days) · ")
    delivered = [f"{branch} {project.remote.tip(branch)[:10]}" for branch in TARGETS]
    assert shown[16:] == [
        "", "when                  who  what", "<when>  Ada  start hotfix 9: Checkout fails",
        "<when>  Ada  waive new-module: vetted", "<when>  Bob  approve hotfix 9",
        "<when>  Ada  finish hotfix 9 as v1.4.3",
        f"<when>  Ada  deliver hotfix 9 to 4 branches: {', '.join(delivered)}", "<when>  Ada  close hotfix 9",
    ]  # fmt: skip
    found = looked(bob, "status", "9", "--format", "json").json
    times = found["times"]
    # What is typed is read when the command begins, and the entry is written when it ends.
    assert times["detected"] + 40 * 60 <= times["started"] < times["detected"] + 42 * 60
    assert times["started"] <= times["finished"] <= times["closed"]
    assert (found["ticket"], found["tag"]["name"], found["next"]) == ("INC-77", "v1.4.3", [])
    assert [each["approved_by"] for each in found["waivers"]] == [["Bob <bob@example.org>"]]
    brought = {each["ref"].removeprefix("refs/heads/"): (each["status"], each["new"]) for each in found["targets"]}
    assert brought == {name: ("already", project.remote.tip(name)) for name in TARGETS}

    clone.branch("feature/late", "v1.4.2", "late", {"app.py": CLASH})
    found = looked(bob, "status", "9", "--format", "json").json
    assert found["next"] == ["git hotfix backport 9"]


@pytest.mark.slow
def test_entries_that_were_taken_out_of_the_record(fixed: Project) -> None:
    """The tag names where the logbook ended, so whoever deletes it past the gate is seen."""
    clone = fixed.clone
    held = clone.tip("refs/hotfix/log/4711")
    assert clone.hotfix("finish").code == 0
    assert looked(clone, "status", "4711", "--format", "json").json["notes"] == []
    other = clone.git("commit-tree", "-m", "another story", clone.git("mktree"))
    clone.git("push", "-q", "--force", "--no-verify", "origin", f"{other}:refs/hotfix/log/4711")
    bob = fixed.another_clone("bob")
    note = f"note: the logbook does not hold {held[:10]}, which v1.4.3 names: entries were taken out of it"
    assert note in looked(bob, "status", "4711").out.splitlines()
    clone.git("push", "-q", "--no-verify", "origin", ":refs/hotfix/log/4711")
    note = f"note: the logbook is not here; v1.4.3 says that it was at {held[:10]}"
    assert note in looked(bob, "status", "4711").out.splitlines()


# ---- list


def test_no_hotfix_is_open(project: Project) -> None:
    assert looked(project.clone, "list").out == "no hotfix is open\n"
    assert looked(project.clone, "list", "--format", "json").json["hotfixes"] == []


@pytest.mark.slow
def test_every_open_hotfix(fixed: Project) -> None:
    """Here, there and on both; made by hand too."""
    clone = fixed.clone
    bob = fixed.another_clone("bob")
    assert bob.hotfix("start", "4712", "-m", "Search fails", "--severity", "P2", "--push").code == 0
    theirs = bob.tip("HEAD")
    clone.git("branch", "hotfix/by-hand", "v1.4.1")
    clone.git("push", "-q", "origin", "hotfix/4711")
    before = clone.snapshot()
    found = listed(clone, "--fetch")
    after = clone.snapshot()
    assert (after.files, after.head, after.index) == (before.files, before.head, before.index)
    shown = {
        issue: (row["here"], row["there"], row["severity"], row["base_tag"], row["title"], row["owes"])
        for issue, row in found.items()
    }
    tip, old = clone.tip("hotfix/4711"), clone.tip("v1.4.1")
    assert shown == {
        "4711": (tip, tip, "P0", "v1.4.2", "Checkout fails", "finish"),
        "4712": (None, theirs, "P2", "v1.4.2", "Search fails", "finish"),
        "by-hand": (old, None, "P1", "v1.4.1", "", "finish"),
    }
    assert (
        re.sub(r"\b\d min", "0 min", looked(clone, "list").out)
        == """\
hotfix   where   severity  from    age    owes    title
4711     both    P0        v1.4.2  0 min  finish  Checkout fails
4712     origin  P2        v1.4.2  0 min  finish  Search fails
by-hand  here    P1        v1.4.1         finish
"""
    )


@pytest.mark.slow
@pytest.mark.parametrize("deleted", [True, False])
def test_a_finished_hotfix_is_not_open(fixed: Project, deleted: bool) -> None:
    """A branch that somebody brings back owes nothing."""
    clone = fixed.clone
    tip = clone.tip("hotfix/4711")
    assert clone.hotfix("finish").code == 0
    if deleted:
        assert listed(clone) == {}
    else:
        clone.git("branch", "hotfix/4711", tip)
        assert listed(clone)["4711"]["owes"] == "nothing"


@pytest.mark.slow
def test_what_no_backport_left(fixed: Project) -> None:
    assert fixed.clone.hotfix("finish", "--no-backport").code == 0
    assert listed(fixed.clone)["4711"]["owes"] == "4 branches"


@pytest.mark.slow
def test_a_shallow_clone_lists_without_a_verdict(fixed: Project) -> None:
    """What it hides may be the very commits that a branch lacks."""
    fixed.clone.git("push", "-q", "origin", "hotfix/4711")
    assert fixed.clone.hotfix("finish", "--no-backport").code == 0
    made = fixed.another_clone("few", "--depth", "1")
    missing = (
        "this clone is shallow, so nobody can tell from it what a hotfix starts from and which branches lack it: "
        "git fetch --unshallow origin, then git hotfix list --fetch"
    )
    assert looked(made, "list").out.splitlines()[:2] == ["this clone shows no open hotfix", missing]
    rows = made.hotfix("list", "--fetch").out.splitlines()
    assert (re.sub(r"\d+ min", "0 min", rows[1]), rows[2]) == (
        "4711    origin  P0        not seen  0 min  not seen  Checkout fails", missing,
    )  # fmt: skip
    assert listed(made)["4711"]["owes"] == "not seen"
    made.git("fetch", "-q", "--unshallow", "origin")
    assert listed(made, "--fetch")["4711"]["owes"] == "4 branches"


@pytest.mark.slow
def test_names_cannot_bend_a_terminal(project: Project) -> None:
    clone = project.clone
    title = "evil \x1b[31mred \u202etxt\nsecond"
    assert clone.hotfix("start", "9", "-m", title).code == 0
    for command in ("list", "status"):
        said = looked(clone, command).out
        assert "\x1b" not in said and "\u202e" not in said
        assert "evil \\x1b[31mred" in said


@pytest.mark.parametrize("branch", rest_slow(["develop", "main"]))
def test_a_clone_of_one_branch_lists_what_the_remote_has(fixed: Project, branch: str) -> None:
    """It is not shallow, and has none of the hotfix's objects."""
    fixed.clone.git("push", "-q", "origin", "hotfix/4711", "refs/hotfix/log/4711")
    single = fixed.another_clone("single", "--single-branch", "--branch", branch)
    before = single.refs()
    [found] = single.hotfix("list", "--format", "json").json["hotfixes"]
    assert (found["issue"], found["title"], found["here"]) == ("4711", "Checkout fails", None)
    assert (found["there"], single.refs()) == (fixed.clone.tip("hotfix/4711"), before)


def test_branches_of_hotfixes_that_were_released_by_hand_are_counted_and_not_open(fixed: Project) -> None:
    clone = fixed.clone
    for number in (3, 4):
        clone.git("switch", "-q", "-c", f"hotfix/1.4.{number}", "origin/main")
        clone.commit(f"fix {number}", {f"fix{number}.txt": "fixed\n"})
        tip = clone.tip("HEAD")
        clone.git("switch", "-q", "--detach", "origin/main")
        clone.git("merge", "-q", "--no-ff", "-m", f"Merge 1.4.{number}", tip)
        clone.tag(f"v1.4.{number}", "HEAD")
        clone.git("push", "-q", "origin", "HEAD:main", f"hotfix/1.4.{number}")
    clone.git("switch", "-q", "develop")
    clone.git("branch", "hotfix/new", "origin/main")
    assert sorted(listed(clone, "--fetch")) == ["4711", "new"]
    said = looked(clone, "list").out.splitlines()
    line = "2 hotfix branches without a logbook are in a release already: git hotfix status 1.4.3 shows one"
    assert line in said
    assert "git hotfix finish 1.4" not in clone.hotfix("finish").err
    assert looked(clone, "status", "1.4.3", "--format", "json").json["tag"]["name"] == "v1.4.3"
    clone.git("push", "-q", "origin", ":hotfix/1.4.4")
    clone.git("branch", "-q", "-D", "hotfix/1.4.4")
    said = looked(clone, "list", "--fetch").out.splitlines()
    assert "the branch of 1.4.3 is in a release already and has no logbook: git hotfix status 1.4.3" in said


# ---- what finished hotfixes owe


def owing(repo: Repo) -> dict[str, list[str]]:
    return {row["issue"]: row["owes"] for row in looked(repo, "list", "--format", "json").json["owing"]}


def rewritten(repo: Repo, *, days: int) -> None:
    """The logbook of 4711 as if all of it had been written that long ago, here and on the remote."""
    log, parents = "refs/hotfix/log/4711", list[str]()
    for oid in repo.git("rev-list", "--reverse", log).split():
        when = f"{int(repo.git('show', '-s', '--format=%at', oid)) - days * 86_400} +0000"
        env = {"GIT_AUTHOR_DATE": when, "GIT_COMMITTER_DATE": when}
        message = repo.git("show", "-s", "--format=%B", oid)
        tree = repo.git("rev-parse", f"{oid}^{{tree}}")
        parents = ["-p", repo.run("git", "commit-tree", tree, *parents, stdin=message, env=env).out.strip()]
    repo.git("update-ref", log, parents[1])
    repo.git("push", "-qf", "--no-verify", "origin", log)


def test_what_finished_hotfixes_owe_is_listed_from_any_clone(fixed: Project) -> None:
    clone = fixed.clone
    assert owing(clone) == {}
    assert clone.hotfix("finish", "--yes").code == 0
    for repo in (clone, fixed.another_clone("bob")):
        assert owing(repo) == {"4711": ["not verified", "not resolved", "26 answers missing", "no post-mortem"]}
        assert looked(repo, "list").out.splitlines() == [
            "no hotfix is open",
            "",
            f"finished  tag     severity  {'owes':62}  see",
            "4711      v1.4.3  P0        not verified, not resolved, 26 answers missing, no post-mortem  "
            "git hotfix close 4711",
        ]
    actions = "Watch it | monitor | 24h | Bo | 2020-01-01\nTest it | test\nDone | test | 24h | Bo | 2020-01-01 | | done"
    clone.hotfix("edit", "actions", "-m", actions, "--issue", "4711")
    clone.hotfix("mark", "verified", "--issue", "4711")
    clone.hotfix("mark", "resolved", "--at", "20h", "--issue", "4711")
    row = looked(clone, "list", "--format", "json").json["owing"][0]
    assert row["owes"][0] == "25 answers missing"
    assert re.fullmatch(r"post-mortem due in 3 h 5\d min|post-mortem due in 4 h 00 min", row["owes"][1])
    assert row["owes"][2:] == ["1 action overdue", "1 action without owner or date"]
    clone.hotfix("mark", "resolved", "--at", "3d", "--issue", "4711")
    assert owing(clone)["4711"][1] == "post-mortem overdue since 2 d 0 h"
    assert clone.hotfix("postmortem", "v1.4.3", "--commit").code == 0
    assert owing(clone) == {"4711": ["25 answers missing", "1 action overdue", "1 action without owner or date"]}


def test_a_hotfix_that_is_done_owes_nothing_whatever_is_recorded_after_that(fixed: Project) -> None:
    clone = fixed.clone
    assert clone.hotfix("finish", "--yes").code == 0
    for kind in ("done", "notification"):
        message = f"{kind}\n\nHotfix-Entry: {kind}\n"
        log = "refs/hotfix/log/4711"
        entry = clone.run("git", "commit-tree", "-p", log, clone.git("mktree"), stdin=message).out.strip()
        clone.git("update-ref", log, entry)
    assert looked(clone, "list").out == "no hotfix is open\n"


def test_finished_hotfixes_of_long_ago_are_counted(fixed: Project) -> None:
    clone = fixed.clone
    assert clone.hotfix("finish", "--yes").code == 0
    rewritten(clone, days=31)
    answer = looked(clone, "list")
    assert answer.out.splitlines()[1:] == [
        "1 hotfix was finished more than 30 days ago, and nobody said it is done: git hotfix close 4711"
    ]
    found = looked(clone, "list", "--format", "json").json
    assert (found["owing"], found["old"]) == ([], ["4711"])


def test_a_hotfix_whose_branch_stands_elsewhere_is_counted(fixed: Project) -> None:
    clone = fixed.clone
    clone.git("switch", "-q", "develop")
    clone.git("branch", "-qD", "hotfix/4711")
    answer = looked(clone, "list")
    assert answer.out.splitlines()[1:] == [
        "1 hotfix was started and has no branch here and no finish: git hotfix log 4711"
    ]
    assert clone.hotfix("log", "4711").code == 0
