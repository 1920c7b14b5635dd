"""`start`: from the production tag, with a record, and nothing else changed."""

from __future__ import annotations

import re

import pytest
from building import Project
from sandbox import Repo

NO_GATE = (
    "note: no gate stands in front of this clone's pushes: git hotfix hooks install "
    "(to hear no more of it: git config hotfix.gate none)\n"
)


def facts(clone: Repo, issue: str) -> dict[str, str]:
    """The trailers of the start entry; times are checked for their form and left out."""
    message = clone.git("log", "-1", "--format=%(trailers:unfold)", f"refs/hotfix/log/{issue}")
    found = dict(line.split(": ", 1) for line in message.splitlines())
    for key in ("Started", "Detected"):
        assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", found.pop(key))
    return found


def base_of(clone: Repo, *arguments: str) -> str:
    """The base tag of a hotfix that is started now."""
    answer = clone.hotfix("start", "7", *arguments, "--format", "json")
    assert answer.code == 0, answer.err
    hotfix = answer.json["hotfix"]
    assert clone.tip("hotfix/7") == hotfix["base"] == hotfix["tip"]
    return str(hotfix["base_tag"])


def test_a_branch_at_the_production_tag_with_a_record(project: Project) -> None:
    clone, before = project.clone, project.clone.snapshot()
    remote = project.remote.everything()
    answer = clone.hotfix("start", "4711", "-m", "Checkout fails")
    tag = clone.tip("v1.4.2")
    assert (answer.code, answer.err) == (0, NO_GATE)
    assert answer.out == (
        f"hotfix/4711 starts at v1.4.2 ({tag[:10]}), for main\nits tag will be v1.4.3\n"
        "next: fix it, commit, then: git hotfix finish\n"
    )
    after = clone.snapshot()
    log = after.refs["refs/hotfix/log/4711"]
    assert after.refs == {**before.refs, "refs/heads/hotfix/4711": tag, "refs/hotfix/log/4711": log}
    assert after.head == "ref: refs/heads/hotfix/4711\n"
    assert clone.git("status", "--porcelain") == ""
    assert (after.config, after.stash) == (before.config, before.stash)
    assert clone.log("4711") == ["start hotfix 4711: Checkout fails"]
    assert clone.tree(log) == {}
    assert facts(clone, "4711") == {
        "Hotfix-Entry": "start", "Issue": "4711", "Title": "Checkout fails", "Severity": "P1", "Base-Tag": "v1.4.2",
        "Base": tag, "Production": "main", "Newest-Tag": "v1.4.2",
    }  # fmt: skip
    assert project.remote.everything() == remote


def test_what_a_program_reads(project: Project) -> None:
    answer = project.clone.hotfix("start", "4711", "-m", "Checkout fails", "--severity", "P0", "--format", "json")
    tag = project.clone.tip("v1.4.2")
    assert answer.json == {
        "schema": 1, "command": "start", "ok": True, "exit_code": 0, "worktree": None,
        "hotfix": {
            "branch": "hotfix/4711", "issue": "4711", "title": "Checkout fails", "severity": "P0",
            "production": "refs/heads/main", "base_tag": "v1.4.2", "tag": "v1.4.3", "base": tag, "tip": tag,
        },
    }  # fmt: skip


@pytest.mark.parametrize("annotated", [True, False])
def test_annotated_and_lightweight_tags_alike(project: Project, annotated: bool) -> None:
    clone = project.clone
    clone.git("switch", "-q", "main")
    clone.commit("release 1.4.10")
    tagged = clone.tag("v1.4.10", annotated=annotated)
    clone.git("push", "-q")
    assert base_of(clone) == "v1.4.10"
    assert clone.tip("hotfix/7") == tagged


def test_a_tag_on_a_side_parent_of_main(project: Project) -> None:
    """main had moved when a hotfix was merged: its tag sits on the merge's second parent."""
    clone = project.clone
    clone.git("switch", "-q", "-c", "side", "v1.4.2")
    clone.commit("an older hotfix", {"other.txt": "fixed\n"})
    clone.tag("v1.4.3")
    clone.git("switch", "-q", "main")
    clone.commit("unreleased", {"unreleased.txt": "new\n"})
    clone.git("merge", "-q", "--no-ff", "-m", "merge side", "side")
    clone.git("push", "-q")
    clone.git("branch", "-D", "-q", "side")
    assert base_of(clone) == "v1.4.3"
    assert "unreleased.txt" not in clone.tree("hotfix/7")


@pytest.mark.slow
def test_no_pre_release_no_local_tag_no_tag_of_another_scheme(project: Project) -> None:
    clone = project.clone
    clone.git("switch", "-q", "main")
    clone.commit("next", {"next.txt": "new\n"})
    clone.git("push", "-q")
    for name in ("v1.5.0-rc1", "v1.5.0b1", "v2.0.0-beta.3", "nightly-2026"):
        clone.tag(name)
    clone.tag("v9.9.9", push=False)
    clone.tag("other-8.0.0", "origin/develop")
    assert base_of(clone) == "v1.4.2"


def test_moved_and_deleted_local_tags_stop_nothing(project: Project) -> None:
    clone = project.clone
    tagged = clone.tip("v1.4.2")
    clone.git("tag", "-f", "v1.4.2", "develop")
    clone.git("tag", "-d", "v1.4.1")
    before = clone.refs("refs/tags/")
    assert base_of(clone) == "v1.4.2"
    assert clone.tip("hotfix/7") == tagged
    assert clone.refs("refs/tags/") == before


def test_a_tag_that_moved_on_the_remote_stops_nothing(project: Project) -> None:
    clone = project.clone
    clone.tag("latest", "main")
    project.remote.git("tag", "-f", "latest", "develop")
    assert base_of(clone) == "v1.4.2"


def test_tags_that_are_no_versions_go_by_date(project: Project) -> None:
    clone = project.clone
    clone.git("config", "hotfix.releaseTags", "ship-* hotfix-*")
    clone.git("switch", "-q", "main")
    clone.commit("one")
    clone.tag("ship-zebra")
    clone.commit("two")
    clone.tag("ship-ant", annotated=False)
    clone.git("push", "-q")
    assert base_of(clone) == "ship-ant"


def test_another_line_is_production_for_its_hotfix(project: Project) -> None:
    clone = project.clone
    clone.branch("support/1.2", "v1.4.1", "support one", {"support.txt": "one\n"})
    tagged = clone.tag("v1.2.5", "origin/support/1.2")
    answer = clone.hotfix("start", "7", "--from", "v1.2.5")
    assert answer.out.splitlines()[0] == f"hotfix/7 starts at v1.2.5 ({tagged[:10]}), for support/1.2"
    assert facts(clone, "7") == {
        "Hotfix-Entry": "start", "Issue": "7", "Severity": "P1", "Base-Tag": "v1.2.5", "Base": tagged,
        "Production": "support/1.2", "Newest-Tag": "v1.2.5", "From": "v1.2.5",
    }  # fmt: skip


def test_what_was_rolled_back_to(project: Project) -> None:
    clone = project.clone
    assert base_of(clone, "--from", "v1.4.1", "--tag", "v1.4.3") == "v1.4.1"
    assert facts(clone, "7")["Newest-Tag"] == "v1.4.2"
    checked = clone.hotfix("check", "--format", "json")
    assert (checked.code, checked.statuses["base"]) == (0, "pass")


def test_a_worktree_leaves_the_current_work_alone(project: Project) -> None:
    clone = project.clone
    (clone.path / "app.py").write_text("half done\n")
    (clone.path / "new.txt").write_text("untracked\n")
    clone.git("add", "app.py")
    before = clone.snapshot()
    answer = clone.hotfix("start", "4711", "--worktree", "--format", "json")
    place = project.root / "clone-hotfix-4711"
    assert (answer.code, answer.json["worktree"]) == (0, str(place))
    after = clone.snapshot()
    assert (after.head, after.index, after.files, after.stash) == (
        before.head, before.index, before.files, before.stash,
    )  # fmt: skip
    there = Repo(place, clone.dates, clone.environment)
    assert (there.git("symbolic-ref", "HEAD"), there.tip("HEAD")) == ("refs/heads/hotfix/4711", clone.tip("v1.4.2"))
    other = clone.hotfix("start", "12", "--worktree", str(project.root / "elsewhere"))
    assert f"next: cd {project.root / 'elsewhere'}, fix it" in other.out
    assert (project.root / "elsewhere" / "VERSION").read_text() == "release 1.4.2\n"


def test_push_lets_others_join(project: Project) -> None:
    clone = project.clone
    assert clone.hotfix("start", "4711", "--push").code == 0
    assert project.remote.branches()["hotfix/4711"] == clone.tip("v1.4.2")
    assert project.remote.refs("refs/hotfix/") == clone.refs("refs/hotfix/log/")


@pytest.mark.slow
def test_no_fetch_starts_from_what_was_known(project: Project) -> None:
    other = project.another_clone("bob")
    other.git("switch", "-q", "main")
    other.commit("release 1.4.3")
    other.tag("v1.4.3")
    other.git("push", "-q")
    assert base_of(project.clone, "--no-fetch") == "v1.4.2"
    assert project.clone.hotfix("start", "8").out.startswith("hotfix/8 starts at v1.4.3 ")


def test_times_ticket_and_severity(project: Project) -> None:
    clone = project.clone
    words = ("--detected", "2026-01-02T03:04+01:00", "--ticket", "https://x.example/1", "--severity", "P2")
    assert clone.hotfix("start", "7", *words).code == 0
    message = clone.git("log", "-1", "--format=%B", "refs/hotfix/log/7")
    assert "Detected: 2026-01-02T02:04:00Z\n" in message
    assert "Ticket: https://x.example/1" in message
    assert "Severity: P2\n" in message


def test_changes_that_the_switch_keeps_come_along(project: Project) -> None:
    clone = project.clone
    (clone.path / "app.py").write_text("half done\n")
    assert clone.hotfix("start", "7").code == 0
    assert (clone.path / "app.py").read_text() == "half done\n"


def test_git_flows_own_names(project: Project) -> None:
    clone = project.clone
    clone.git("config", "gitflow.branch.master", "stable")
    clone.branch("stable", "v1.4.1", "stable one", {})
    clone.tag("v1.4.5", "origin/stable")
    assert base_of(clone) == "v1.4.5"


def test_the_team_remote_of_several(project: Project) -> None:
    clone = project.clone
    clone.git("remote", "rename", "origin", "team")
    clone.git("remote", "add", "fork", str(project.root / "nowhere.git"))
    before = clone.snapshot()
    refused = clone.hotfix("start", "7")
    assert refused.code == 2
    assert "git config hotfix.remote" in refused.err
    assert clone.snapshot() == before
    clone.git("config", "hotfix.remote", "team")
    assert base_of(clone) == "v1.4.2"


def test_a_pushed_branch_has_its_upstream_as_after_push_u(project: Project) -> None:
    clone = project.clone
    assert clone.hotfix("start", "7", "--push").code == 0
    clone.commit("fix (#7)", {"app.py": "fixed = 1\n"})
    assert clone.run("git", "push", "-q").code == 0
    assert project.remote.tip("hotfix/7") == clone.tip("hotfix/7")
    assert clone.git("status", "-sb") == "## hotfix/7...origin/hotfix/7"
    bob = project.another_clone("bob")
    bob.git("switch", "-q", "hotfix/7")
    assert bob.git("status", "-sb") == "## hotfix/7...origin/hotfix/7"
    assert clone.git("config", "--get-regexp", r"^branch\.hotfix/7\.") == bob.git(
        "config", "--get-regexp", r"^branch\.hotfix/7\."
    )


@pytest.mark.parametrize("text", ["hotfix/7", "refs/heads/hotfix/7"])
def test_an_issue_may_be_written_as_its_branch(project: Project, text: str) -> None:
    assert project.clone.hotfix("start", text).code == 0
    assert project.clone.head() == "ref: refs/heads/hotfix/7\n"
