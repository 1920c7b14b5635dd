"""Production takes no direct push: the branch is pushed, the pull request named, and the same command ends the job."""

from __future__ import annotations

import pytest
from building import FIX, TARGETS, Project
from forge import land
from forge_programs import install, on_forge
from proofs import rest_slow
from sandbox import Repo

PROTECTED = 'case "$1:$USER_OF_PUSH" in refs/heads/main:) echo "main is protected" >&2; exit 1;; esac'


def protect(remote: Repo) -> None:
    remote.hook("update", PROTECTED)


@pytest.mark.parametrize("how", rest_slow(["squash", "merge", "rebase", "ff"], now=2))
def test_from_pull_request_to_delivered(fixed: Project, how: str) -> None:
    clone, remote = fixed.clone, fixed.remote
    protect(remote)
    clone.commit("a second part", {"app.py": FIX.replace("value_16 = 16", "value_16 = 0")})
    before, branches, tip = clone.snapshot(), remote.branches(), clone.tip("HEAD")
    offered = clone.hotfix("finish", "--format", "json")
    assert offered.code == 4
    assert remote.branches() == {**branches, "hotfix/4711": tip}
    assert remote.tags() == {"v1.4.1", "v1.4.2"}
    after = clone.snapshot()
    assert (after.files, after.index, after.head) == (before.files, before.index, before.head)
    assert {ref for ref in after.refs if after.refs[ref] != before.refs.get(ref)} == {"refs/hotfix/log/4711"}
    found = offered.json
    assert (found["pushed"], found["targets"], found["next"]) == (False, [], ["git hotfix finish 4711"])
    assert "hotfix/4711 into main" in found["pull_request"]
    assert found["pull_request"].splitlines()[1] == "its text: git hotfix pr 4711"
    [note] = found["notes"]
    assert note.startswith("main takes no direct push")

    again = clone.hotfix("finish")
    assert (again.code, remote.branches()["hotfix/4711"]) == (4, tip)
    assert (again.out.splitlines()[-1], "left to do" in again.out) == ("after the merge: git hotfix finish 4711", False)

    land(fixed, how)
    main = remote.tip("main")
    done = clone.hotfix("finish", "--format", "json")
    assert done.code == 0, done.err
    assert remote.tip("main") == main
    assert done.json["tag"]["target"] == remote.tip("v1.4.3") == main
    assert remote.tree("v1.4.3") == {**clone.tree("v1.4.2"), "app.py": FIX.replace("value_16 = 16", "value_16 = 0")}
    assert done.targets == dict.fromkeys(TARGETS, ("merge", "merged"))
    assert set(remote.branches()) == set(branches)
    assert "hotfix/4711" not in clone.branches()


@pytest.mark.slow
@pytest.mark.parametrize("how", rest_slow(["squash", "merge", "rebase"]))
def test_main_had_moved_when_it_landed(fixed: Project, how: str) -> None:
    """No commit on production has the tree base + fix: the hotfix tip is tagged."""
    clone, remote = fixed.clone, fixed.remote
    protect(remote)
    assert clone.hotfix("finish").code == 4
    other = fixed.another_clone("bob")
    other.git("switch", "-q", "main")
    other.commit("unreleased", {"unreleased.txt": "new\n"})
    assert other.run("git", "push", "-q", env={"USER_OF_PUSH": "forge"}).code == 0
    land(fixed, how)
    tip = clone.tip("HEAD")
    done = clone.hotfix("finish", "--format", "json")
    assert done.code == 0, done.err
    assert done.json["tag"]["target"] == remote.tip("v1.4.3") == tip
    assert remote.tree("develop")["app.py"] == FIX
    assert "unreleased.txt" not in remote.tree("develop")
    assert clone.hotfix("start", "4712").out.startswith("hotfix/4712 starts at v1.4.3 ")


@pytest.mark.slow
def test_protected_by_a_pre_receive_hook(fixed: Project) -> None:
    """Such a hook refuses the whole push: the server's words name main."""
    remote = fixed.remote
    remote.hook("pre-receive", 'while read -r old new ref; do case "$ref" in refs/heads/main) '
                               'echo "main is protected" >&2; exit 1;; esac; done')  # fmt: skip
    answer = fixed.clone.hotfix("finish")
    assert answer.code == 4, answer.err
    assert remote.branches()["hotfix/4711"] == fixed.clone.tip("HEAD")
    assert remote.tags() == {"v1.4.1", "v1.4.2"}


@pytest.mark.slow
def test_the_page_of_a_forge(fixed: Project) -> None:
    clone = fixed.clone
    protect(fixed.remote)
    clone.git("config", f"url.{fixed.remote.path}.insteadOf", "git@github.com:acme/shop.git")
    clone.git("remote", "set-url", "origin", "git@github.com:acme/shop.git")
    answer = clone.hotfix("finish")
    assert answer.code == 4
    assert "https://github.com/acme/shop/compare/main...hotfix/4711?expand=1" in answer.out


@pytest.mark.slow
def test_opened_by_the_forges_own_program(fixed: Project) -> None:
    """Once: the second run finds it."""
    protect(fixed.remote)
    on_forge(fixed, "github.com")
    forge = install(fixed, "gh")
    page = "https://forge.example/acme/shop/pull/1"
    for _ in range(2):
        answer = fixed.clone.hotfix("finish", env=forge.env)
        assert (answer.code, forge.open) == (4, {"hotfix/4711 main": page})
        assert f"pull request into main: {page}" in answer.out.splitlines()
    [told] = [flags for words, flags in forge.calls if words[1] == "create"]
    assert told["title"] == "Hotfix 4711: Checkout fails"
    assert told["body"].startswith("# Hotfix: Checkout fails\n\n## Description\n")
    assert "- `app.py` (+1 -1)\n" in told["body"]
    assert [entry for entry in fixed.clone.log("4711") if "pr:" in entry] == [f"write pr: {page}"]


@pytest.mark.slow
def test_the_branch_is_refused_too(fixed: Project) -> None:
    fixed.remote.hook("update", 'case "$1" in refs/heads/*) echo "closed" >&2; exit 1;; esac')
    before, there = fixed.clone.snapshot(), fixed.remote.refs()
    answer = fixed.clone.hotfix("finish")
    assert (answer.code, fixed.clone.snapshot(), fixed.remote.refs()) == (3, before, there)
    said = answer.err[answer.err.index("git hotfix: ") :].splitlines()
    assert said == [
        "git hotfix: main refused the push: hook declined",
        "  remote: closed",
        "hotfix/4711, which a pull request would need, was refused, too: hook declined",
        "  remote: closed",
        "  (nothing was changed)",
        "  → see what the server says: git push origin hotfix/4711",
    ]


@pytest.mark.slow
def test_merged_by_a_colleague_without_a_tag(fixed: Project) -> None:
    """Nobody asked for a pull request: the fix is on main all the same, and finish tags and delivers it."""
    clone, remote = fixed.clone, fixed.remote
    clone.git("push", "-q", "origin", "hotfix/4711")
    land(fixed, "merge")
    done = clone.hotfix("finish", "--format", "json")
    assert done.code == 0, done.err
    assert (done.json["tag"]["name"], remote.tip("v1.4.3")) == ("v1.4.3", remote.tip("main"))


@pytest.mark.slow
def test_merged_and_tagged_by_hand(fixed: Project) -> None:
    clone, remote = fixed.clone, fixed.remote
    clone.git("push", "-q", "origin", "hotfix/4711")
    forge = land(fixed, "merge")
    forge.tag("v1.4.9", "main")
    done = clone.hotfix("finish", "--format", "json")
    assert done.code == 0, done.err
    assert (done.json["tag"]["name"], remote.tags()) == ("v1.4.9", {"v1.4.1", "v1.4.2", "v1.4.9"})
    assert done.targets == dict.fromkeys(TARGETS, ("merge", "merged"))
