"""Floating tags of the policy: they move to the highest release of their part, after it, and with a lease."""

from __future__ import annotations

import pytest
from building import TARGETS, Project
from sandbox import at_terminal
from test_finish_interrupted import run_until_killed

POLICY = '[tags]\nfloating = ["v{major}", "v{major}.{minor}"]\n'


def floating(project: Project, text: str = POLICY) -> str:
    """A team whose v1 stands at v1.4.2, and whose policy says so; the commit of v1.4.2."""
    clone = project.clone
    clone.git("tag", "v1", "v1.4.2^{commit}")
    clone.git("push", "-q", "--no-verify", "origin", "v1")
    project.set_policy(text)
    return clone.tip("v1.4.2")


def test_finish_moves_the_tags_whose_part_got_a_higher_release(fixed: Project) -> None:
    clone, remote = fixed.clone, fixed.remote
    old = floating(fixed)
    planned = clone.hotfix("finish", "--dry-run", "--format", "json")
    assert remote.tips("v1") == {"v1": old}
    done = clone.hotfix("finish", "--format", "json")
    assert done.code == 0, done.err
    new = remote.tip("v1.4.3")
    want = {"new": new, "tag": "v1.4.3", "status": "moved", "reason": ""}
    assert done.json["floating"] == [{"name": "v1", "old": old, **want}, {"name": "v1.4", "old": None, **want}]
    assert planned.json["floating"] == [
        {**each, "new": planned.json["tag"]["target"]} for each in done.json["floating"]
    ]
    assert remote.tips("v1", "v1.4") == clone.tips("v1", "v1.4") == {"v1": new, "v1.4": new}
    assert remote.tags() == {"v1", "v1.4", "v1.4.1", "v1.4.2", "v1.4.3"}
    assert clone.hotfix("start", "4712").out.startswith("hotfix/4712 starts at v1.4.3 ")
    # Done is done: the same again moves nothing, wherever somebody has put it since.
    remote.git("tag", "-f", "v1", old)
    assert clone.hotfix("backport", "4711").code == 0
    assert remote.tips("v1") == {"v1": old}


@pytest.mark.slow
def test_one_that_has_the_name_of_a_branch_is_not_made(fixed: Project) -> None:
    clone, remote = fixed.clone, fixed.remote
    floating(fixed, '[tags]\nfloating = ["v{major}.{minor}"]\n')
    clone.git("push", "-q", "--no-verify", "origin", "v1.4.2^{commit}:refs/heads/v1.4")
    done = clone.hotfix("finish", "--format", "json")
    assert (done.code, done.json.get("floating")) == (0, None), done.err
    said = "floating tag v1.4 is not moved: there is a branch v1.4, and git could not tell one from the other"
    assert said in done.json["notes"]
    assert "v1.4" not in remote.tags()


@pytest.mark.slow
def test_a_kept_branch_moves_nothing_again(fixed: Project) -> None:
    clone, remote = fixed.clone, fixed.remote
    old = floating(fixed, f"keep-branch = true\n{POLICY}")
    assert clone.hotfix("finish").code == 0
    remote.git("tag", "-f", "v1", old)
    everything = remote.refs()
    assert (clone.hotfix("finish").code, remote.refs()) == (0, everything)


@pytest.mark.slow
def test_a_server_that_keeps_it_from_moving_keeps_no_fix_from_anybody(fixed: Project) -> None:
    clone, remote = fixed.clone, fixed.remote
    old = floating(fixed)
    remote.hook("update", 'case $1 in refs/tags/v1) echo "v1 is protected"; exit 1;; esac')
    done = clone.hotfix("finish", "--format", "json")
    assert done.code == 4, done.err
    v1, v14 = done.json["floating"]
    assert (v1["status"], v1["server"], v14["status"]) == (
        "failed", [{"ref": "refs/tags/v1", "line": "v1 is protected"}], "moved",
    )  # fmt: skip
    new = remote.tip("v1.4.3")
    command = f"git push --force-with-lease=refs/tags/v1:{old} origin {new}:refs/tags/v1"
    assert done.json["next"] == [command]
    assert done.targets == dict.fromkeys(TARGETS, ("merge", "merged"))
    assert (remote.log("4711")[-1], "hotfix/4711" in clone.branches()) == ("close hotfix 4711", False)
    assert clone.tips("v1") == {"v1": old}
    (remote.path / "hooks" / "update").unlink()
    assert clone.run(*command.split()).code == 0
    assert remote.tips("v1") == {"v1": new}


@pytest.mark.slow
def test_one_that_somebody_moved_meanwhile_is_looked_at_again(fixed: Project) -> None:
    """They put it onto a higher release of theirs: it stays there."""
    clone, remote = fixed.clone, fixed.remote
    floating(fixed)
    higher = f"git --git-dir={remote.path} tag v1.9.0 main && git --git-dir={remote.path} tag -f v1 main"
    clone.hook("pre-push", f'grep -q "refs/tags/v1 " && {higher} >/dev/null; exit 0')
    done = clone.hotfix("finish", "--format", "json")
    assert done.code == 0, done.err
    assert [each["name"] for each in done.json["floating"]] == ["v1.4"]
    assert remote.tip("v1") == remote.tip("v1.9.0")


@pytest.mark.slow
@pytest.mark.parametrize("command", ["finish", "backport"])
@pytest.mark.parametrize("word", ["refs/tags/v1.4.3", "refs/tags/v1\n", "refs/heads/feature/login"])
def test_killed_on_the_way_the_next_run_moves_them(fixed: Project, word: str, command: str) -> None:
    clone, remote = fixed.clone, fixed.remote
    floating(fixed)
    run_until_killed(fixed, remote.hook("post-receive", "exit 0"), word)
    done = clone.hotfix(command, "4711", "--format", "json")
    assert done.code == 0, done.err
    new = remote.tip("v1.4.3")
    assert remote.tips("v1", "v1.4") == {"v1": new, "v1.4": new}
    assert [file.name for file in (clone.path / ".git" / "hotfix").iterdir()] == []


@pytest.mark.slow
def test_undo_moves_them_back_with_the_tag(fixed: Project) -> None:
    clone, remote = fixed.clone, fixed.remote
    floating(fixed)
    before = remote.refs("refs/heads/", "refs/tags/")
    assert clone.hotfix("finish").code == 0
    alone = clone.hotfix("undo", "--dry-run", "--format", "json")
    kept = {each["ref"] for each in alone.json["refs"] if each["status"] == "kept"}
    assert kept == {"refs/heads/main", "refs/tags/v1.4.3", "refs/tags/v1", "refs/tags/v1.4"}
    code, said = at_terminal(clone, "y\n", "undo", "--production", "--yes")
    assert code == 0, said
    assert remote.refs("refs/heads/", "refs/tags/") == before
    assert {name: clone.refs("refs/tags/").get(f"refs/tags/{name}") for name in ("v1", "v1.4", "v1.4.3")} == {
        "v1": before["refs/tags/v1"], "v1.4": None, "v1.4.3": None,
    }  # fmt: skip
    assert clone.refs("refs/hotfix/remote-tags/v1") == {"refs/hotfix/remote-tags/v1": before["refs/tags/v1"]}


@pytest.mark.slow
def test_the_gate_lets_them_move_to_what_is_released_and_nowhere_else(fixed: Project) -> None:
    clone, remote = fixed.clone, fixed.remote
    old = floating(fixed)
    assert clone.hotfix("hooks", "install").code == 0
    clone.git("fetch", "-q")
    clone.tag("v1.4.9", "origin/main", push=False)
    assert clone.run("git", "push", "-q", "origin", "v1.4.9").code == 0
    moved = clone.run("git", "push", "-q", "--force", "origin", "v1.4.9^{commit}:refs/tags/v1")
    assert moved.code == 0, moved.err
    assert remote.tip("v1") != old
    beside = clone.run("git", "push", "-q", "--force", "origin", "origin/feature/login:refs/tags/v1")
    assert beside.code != 0
    assert "v1 stands on" in beside.err
    release = clone.run("git", "push", "-q", "--force", "origin", "v1.4.1^{commit}:refs/tags/v1.4.9")
    assert release.code != 0
