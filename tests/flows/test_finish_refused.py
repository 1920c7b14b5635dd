"""`finish` refused: a clear word, and every reference, file and object of the user as it was."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from building import FIX, TARGETS, Project
from sandbox import Answer


def refused(project: Project, *arguments: str, code: int) -> Answer:
    """A finish that changes nothing here or on the remote."""
    before, remote = project.clone.snapshot(), project.remote.refs()
    answer = project.clone.hotfix("finish", *arguments)
    assert answer.code == code, answer.err
    assert (project.clone.snapshot(), project.remote.refs()) == (before, remote)
    assert not any(ref.startswith("refs/hotfix/run/") for ref in project.clone.refs())
    return answer


@pytest.mark.parametrize("annotated", [True, False])
@pytest.mark.parametrize("place", ["here", "on the remote"])
def test_a_tag_name_that_is_taken(fixed: Project, annotated: bool, place: str) -> None:
    clone = fixed.clone
    if place == "here":
        clone.tag("v1.5.0", "develop", annotated=annotated, push=False)
    else:
        fixed.another_clone("bob").tag("v1.5.0", "origin/develop", annotated=annotated)
    answer = refused(fixed, "--tag", "v1.5.0", code=3)
    assert f"tag v1.5.0 already exists {place} (at {clone.tip('develop')[:10]})" in answer.err
    assert "git hotfix finish 4711 --tag <another name>" in answer.err
    done = clone.hotfix("finish", "--tag", "v1.4.7", "--format", "json")
    assert (done.code, done.json["tag"]["name"]) == (0, "v1.4.7")


@pytest.mark.slow
def test_a_name_that_is_taken_elsewhere_is_asked_for(fixed: Project) -> None:
    """The next free name would promise what stands on develop alone."""
    fixed.clone.tag("v1.4.3", "develop", push=False)
    fixed.another_clone("bob").tag("v1.4.4", "origin/develop", annotated=False)
    assert "v1.4.4" in refused(fixed, code=2).err
    assert fixed.clone.hotfix("finish", "--tag", "v1.4.5", "--format", "json").json["tag"]["name"] == "v1.4.5"


@pytest.mark.slow
def test_a_tag_name_that_no_start_would_find(fixed: Project) -> None:
    for name in ("fixed", "v1.5.0-rc1"):
        assert "would not be a production tag" in refused(fixed, "--tag", name, code=2).err


@pytest.mark.slow
def test_a_tag_name_that_git_cannot_take(fixed: Project) -> None:
    for name in ("v1..2", "v1 2", "v1.lock"):
        answer = refused(fixed, "--tag", name, code=2)
        assert name in answer.err


def test_a_colleagues_newer_commit(fixed: Project) -> None:
    clone = fixed.clone
    clone.git("push", "-q", "origin", "hotfix/4711")
    other = fixed.another_clone("bob")
    other.git("switch", "-q", "hotfix/4711")
    theirs = other.commit("a colleague's part", {"other.py": "x = 1\n"})
    other.git("push", "-q")
    answer = refused(fixed, code=3)
    assert "hotfix/4711 on origin has commits that are not here" in answer.err
    assert "git pull --rebase origin hotfix/4711" in answer.err
    clone.git("pull", "-q", "--rebase", "origin", "hotfix/4711")
    assert clone.tip("HEAD") == theirs


@pytest.mark.slow
def test_a_newer_production_tag_since_start(fixed: Project) -> None:
    other = fixed.another_clone("bob")
    other.git("switch", "-q", "main")
    other.commit("release 1.4.3", {"VERSION": "1.4.3\n"})
    other.git("push", "-q")
    other.tag("v1.4.3")
    answer = refused(fixed, code=1)
    assert "starts at v1.4.2, production is at v1.4.3" in answer.out
    assert "git hotfix update" in answer.out


def test_gates_refuse_before_anything_is_made(fixed: Project) -> None:
    fixed.clone.commit("far too much", {f"part{number}.py": "x = 1\n" for number in range(12)})
    answer = refused(fixed, "--format", "json", code=1)
    assert (answer.json["verdict"], answer.json["pushed"]) == ("fail", False)
    assert answer.statuses["max-files"] == answer.statuses["new-module"] == "fail"


@pytest.mark.slow
def test_a_hotfix_that_changes_nothing(project: Project) -> None:
    clone = project.clone
    assert clone.hotfix("start", "7").code == 0
    assert "hotfix/7 changes nothing" in refused(project, code=1).out
    clone.commit("nothing at all")
    assert "hotfix/7 changes nothing" in refused(project, code=1).out


def test_several_push_urls(fixed: Project) -> None:
    clone = fixed.clone
    clone.git("remote", "set-url", "--add", "--push", "origin", str(fixed.remote.path))
    clone.git("remote", "set-url", "--add", "--push", "origin", str(fixed.root / "mirror.git"))
    assert "origin has 2 push URLs" in refused(fixed, code=3).err


@pytest.mark.slow
def test_a_remote_without_atomic_push(fixed: Project) -> None:
    fixed.remote.git("config", "receive.advertiseAtomic", "false")
    assert "origin cannot push production and tag as one" in refused(fixed, code=3).err


@pytest.mark.slow
def test_a_remote_that_refuses_the_tag(fixed: Project) -> None:
    fixed.remote.hook("update", 'case "$1" in refs/tags/*) echo "no tags today" >&2; exit 1;; esac')
    answer = refused(fixed, code=3)
    assert "refs/tags/v1.4.3" in answer.err and "no tags today" in answer.err


@pytest.mark.slow
def test_a_remote_that_takes_no_logbook(fixed: Project) -> None:
    """A record that stays here is no reason to stop a fix."""
    fixed.remote.hook("update", 'case "$1" in refs/hotfix/*) echo "unknown area" >&2; exit 1;; esac')
    answer = fixed.clone.hotfix("finish")
    assert answer.code == 0, answer.err
    assert fixed.remote.tags() == {"v1.4.1", "v1.4.2", "v1.4.3"}
    assert fixed.remote.refs("refs/hotfix/") == {}
    assert fixed.clone.log("4711")[-1] == "close hotfix 4711"


@pytest.mark.slow
def test_the_teams_own_hook(fixed: Project) -> None:
    """It runs once a push, as git would run it; `--no-verify` skips it."""
    clone, seen = fixed.clone, fixed.root / "seen"
    clone.hook("pre-push", f'cat >> "{seen}"; exit 1')
    refused(fixed, code=3)
    lines = seen.read_text().splitlines()
    assert [line.split()[2] for line in lines if "refs/hotfix" not in line] == ["refs/heads/main", "refs/tags/v1.4.3"]
    seen.unlink()
    assert clone.hotfix("finish", "--no-verify").code == 0
    assert not seen.exists()


@pytest.mark.slow
def test_another_run_is_at_work(fixed: Project) -> None:
    folder = fixed.clone.path / ".git" / "hotfix"
    folder.mkdir(exist_ok=True)
    since = Path(f"/proc/{os.getpid()}/stat").read_text().rpartition(")")[2].split()[19]
    lock = folder / "lock"
    lock.write_text(json.dumps({"pid": os.getpid(), "started": since, "what": "backport"}))
    before = lock.read_bytes()
    answer = refused(fixed, code=3)
    assert f"git hotfix backport is running here (process {os.getpid()})" in answer.err
    assert lock.read_bytes() == before
    lock.write_text(json.dumps({"pid": os.getpid(), "started": "1", "what": "backport"}))  # a pid used again
    assert fixed.clone.hotfix("finish").code == 0
    assert not lock.exists()


def test_no_hotfix_and_no_such_hotfix(project: Project) -> None:
    project.clone.git("branch", "hotfix/8", "v1.4.2")
    assert "which hotfix? You are on develop" in refused(project, code=2).err
    assert "there is no hotfix/9 here or on the remote" in refused(project, "9", code=2).err


@pytest.mark.slow
def test_finished_already(fixed: Project) -> None:
    clone = fixed.clone
    assert clone.hotfix("finish").code == 0
    answer = refused(fixed, "4711", code=0)
    tip = fixed.remote.tip("v1.4.3")
    assert answer.out == f"4711 is finished: v1.4.3 on {tip[:10]}\n"
    told = clone.hotfix("finish", "4711", "--format", "json").json
    assert told == {
        "schema": 1, "command": "finish", "ok": True, "exit_code": 0, "pushed": False, "targets": [],
        "tag": {"name": "v1.4.3", "target": tip, "oid": fixed.remote.git("rev-parse", "v1.4.3")},
        "pull_request": None, "left": {}, "left_out": [], "notes": [], "next": [], "place": None,
    }  # fmt: skip


@pytest.mark.slow
def test_code_after_the_finish_is_another_hotfix(fixed: Project) -> None:
    clone = fixed.clone
    fixed.remote.hook("update", 'case "$1" in refs/heads/develop) exit 1;; esac')
    first = clone.hotfix("finish", "--format", "json")
    assert (first.code, first.targets["develop"]) == (4, ("merge", "pending"))
    assert first.json["next"] == ["git hotfix backport 4711"]
    tip = clone.tip("HEAD")
    clone.commit("one thing more", {"app.py": FIX + "more = 1\n"})
    answer = refused(fixed, code=1)
    assert "4711 is finished as v1.4.3; hotfix/4711 has commits that came after it" in answer.err
    assert "git hotfix start 4711-2" in answer.err
    clone.git("reset", "-q", "--hard", tip)
    (fixed.remote.path / "hooks" / "update").unlink()
    again = clone.hotfix("finish", "--format", "json")
    assert again.code == 0
    assert again.targets == {**dict.fromkeys(TARGETS, ("merge", "already")), "develop": ("merge", "merged")}
