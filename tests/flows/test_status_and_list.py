"""`status` and `list`: where a hotfix stands, what every target would get, what is owed; looking changes nothing."""

from __future__ import annotations

import re
from typing import Any

import pytest
from building import APP, FIX, TARGETS, Project
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
        "production": "refs/heads/main", "base_tag": "v1.4.2", "base": base, "tip": tip,
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


def test_what_people_read(fixed: Project) -> None:
    clone = fixed.clone
    base, tip = clone.tip("v1.4.2"), clone.tip("HEAD")
    said = looked(clone, "status").out.splitlines()
    assert said[0] == f"hotfix/4711 · Checkout fails · P0 · from v1.4.2 ({base[:10]}), at {tip[:10]}"
    assert re.fullmatch(r"clock: \d min of 2 h 00 min", said[1])  # the project was made when the tests began
    assert said[2:8] == [
        "gates: tests warn", "", "v1.4.3 will be on main, and all 4 branches will have the fix.",
        "next:", "  git hotfix finish", "branch          how         would be",
    ]  # fmt: skip
    assert [row.split()[:3] for row in said[8:]] == [
        ["main", "production", "merged"], ["v1.4.3", "tag", "tagged"], *([name, "merge", "merged"] for name in TARGETS),
    ]  # fmt: skip


def test_the_clock_runs_over(project: Project) -> None:
    clone = project.clone
    assert clone.hotfix("start", "9", "--detected", "2026-01-01T03:00:00Z").code == 0
    clone.commit("fix", {"app.py": FIX})
    assert "of 2 h 00 min · over the budget" in looked(clone, "status").out.splitlines()[1]


def test_before_the_fix_is_committed(project: Project) -> None:
    assert project.clone.hotfix("start", "9").code == 0
    found = looked(project.clone, "status", "--format", "json").json
    assert (found["targets"], found["next"], "tag" in found) == ([], ["commit the fix"], False)


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


def test_a_conflict_with_production(fixed: Project) -> None:
    clone = fixed.clone
    bob = fixed.another_clone("bob")
    bob.git("switch", "-q", "main")
    bob.commit("unreleased", {"app.py": CLASH})
    bob.git("push", "-q")
    answer = clone.hotfix("status", "--fetch", "--format", "json")
    assert (answer.code, answer.targets) == (0, {"main": ("merge", "conflict")})
    assert answer.json["next"] == ["git hotfix backport 4711 --resolve main"]


def test_a_team_that_deploys_the_branch(fixed: Project) -> None:
    """finish would refuse; status says so, and is no refusal itself."""
    clone = fixed.clone
    bob = fixed.another_clone("bob")
    bob.git("switch", "-q", "main")
    bob.commit("unreleased", {".git-hotfix.toml": 'deploy = "branch"\n', "unreleased.txt": "new\n"})
    bob.git("push", "-q")
    answer = clone.hotfix("status", "--fetch", "--format", "json")
    assert answer.code == 0, answer.err
    assert answer.json["notes"] == [
        'finish would refuse: main holds 1 commit that v1.4.2 has not, and deploy = "branch" would ship them',
        "release them first, or deploy the tag",
        f"{bob.tip('main')[:10]} unreleased",
    ]
    assert (answer.json["pushed"], answer.json["targets"], answer.json["next"]) == (False, [], [])
    assert "note: finish would refuse: main holds 1 commit that v1.4.2 has not" in clone.hotfix("status").out


def test_without_a_fetch_it_knows_what_is_here(fixed: Project) -> None:
    """It asks nobody: the remote may be away."""
    clone = fixed.clone
    clone.git("remote", "set-url", "origin", str(fixed.root / "gone.git"))
    assert looked(clone, "status").out.startswith("hotfix/4711 ")
    assert "4711" in looked(clone, "list").out
    assert clone.hotfix("status", "--fetch").code == 3


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


# ---- list


def test_no_hotfix_is_open(project: Project) -> None:
    assert looked(project.clone, "list").out == "no hotfix is open\n"
    assert looked(project.clone, "list", "--format", "json").json["hotfixes"] == []


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


@pytest.mark.parametrize("deleted", [True, False])
def test_a_finished_hotfix_is_not_open(fixed: Project, deleted: bool) -> None:
    """A branch that somebody brings back owes nothing."""
    clone = fixed.clone
    tip = clone.tip("hotfix/4711")
    assert clone.hotfix("finish").code == 0
    if deleted:
        assert looked(clone, "list").out == "no hotfix is open\n"
    else:
        clone.git("branch", "hotfix/4711", tip)
        assert listed(clone)["4711"]["owes"] == "nothing"


def test_what_no_backport_left(fixed: Project) -> None:
    assert fixed.clone.hotfix("finish", "--no-backport").code == 0
    assert listed(fixed.clone)["4711"]["owes"] == "4 branches"


def test_names_cannot_bend_a_terminal(project: Project) -> None:
    clone = project.clone
    title = "evil \x1b[31mred \u202etxt\nsecond"
    assert clone.hotfix("start", "9", "-m", title).code == 0
    for command in ("list", "status"):
        said = looked(clone, command).out
        assert "\x1b" not in said and "\u202e" not in said
        assert "evil \\x1b[31mred" in said
