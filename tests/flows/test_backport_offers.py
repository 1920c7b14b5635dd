"""Targets that take no direct push: the same merge goes there by pull request, once."""

from __future__ import annotations

import pytest
from building import APP, FIX, TARGETS, Project
from forge_programs import Programs, install, on_forge
from proofs import rest_slow

BY_REQUEST = '[backport.branches."<develop>"]\ndeliver = "pull-request"\n'
OFFER = "hotfix-to/develop/4711"
COMPARE = f"https://github.com/acme/shop/compare/develop...{OFFER}?expand=1"


def pull_request(answer: object, branch: str = "develop") -> dict[str, object] | None:
    [found] = [each for each in answer.json["targets"] if each["ref"] == f"refs/heads/{branch}"]  # type: ignore[attr-defined]
    return found.get("pull_request")


def merged_by_the_forge(project: Project, how: str = "merge") -> None:
    """Somebody merges the pull request in the forge."""
    forge = project.another_clone(f"forge-{how}")
    forge.git("switch", "-q", "develop")
    words = ("--squash",) if how == "squash" else ("--no-ff", "-m", "Merge pull request #1")
    forge.git("merge", "-q", *words, f"origin/{OFFER}")
    if how == "squash":
        forge.git("commit", "-q", "-m", "Hotfix 4711 into develop (#1)")
    assert forge.run("git", "push", "-q", "origin", "develop", env={"USER_OF_PUSH": "forge"}).code == 0


@pytest.mark.parametrize("how", rest_slow(["squash", "merge"]))
def test_by_policy(fixed: Project, how: str) -> None:
    clone, remote = fixed.clone, fixed.remote
    fixed.set_policy(BY_REQUEST)
    develop, tip = remote.tip("develop"), clone.tip("HEAD")
    planned = clone.hotfix("finish", "--dry-run", "--format", "json")
    answer = clone.hotfix("finish", "--format", "json")
    assert (answer.code, planned.code) == (4, 4), answer.err
    assert answer.targets == planned.targets == {
        **dict.fromkeys(TARGETS, ("merge", "merged")), "develop": ("merge", "pending"),
    }  # fmt: skip
    assert remote.tip("develop") == develop
    assert remote.parents(OFFER) == [develop, tip]
    assert remote.tree(OFFER)["app.py"] == FIX
    assert pull_request(answer) == {"branch": f"refs/heads/{OFFER}", "url": None, "opened": False, "draft": False}
    assert answer.json["next"] == ["git hotfix backport 4711"]
    assert "hotfix/4711" in clone.branches()

    offered = remote.refs("refs/heads/", "refs/tags/")
    again = clone.hotfix("backport", "4711", "--format", "json")
    assert (again.code, again.targets["develop"]) == (4, ("merge", "pending"))
    assert remote.refs("refs/heads/", "refs/tags/") == offered

    merged_by_the_forge(fixed, how)
    done = clone.hotfix("backport", "4711", "--format", "json")
    assert (done.code, {status for _, status in done.targets.values()}) == (0, {"already"}), done.err
    assert set(remote.branches()) == {"main", *TARGETS, "feature/old"}
    assert clone.log("4711")[-1] == "close hotfix 4711"
    assert "hotfix/4711" not in clone.branches()


@pytest.mark.slow
def test_an_undo_tells_of_what_was_merged(fixed: Project) -> None:
    clone, remote = fixed.clone, fixed.remote
    fixed.set_policy(BY_REQUEST)
    develop = remote.tree("develop")
    assert clone.hotfix("finish").code == 4
    offered = remote.tip(OFFER)
    merged_by_the_forge(fixed)
    answer = clone.hotfix("undo", "4711", "--yes")
    assert answer.code == 4, answer.err
    told = f"develop keeps it; to revert it there, on develop: git revert -m 1 {offered}"
    assert told in answer.out.splitlines()
    assert OFFER not in remote.branches()
    forge = fixed.at("forge-merge")
    forge.git("pull", "-q")
    forge.git("revert", "--no-edit", "-m", "1", offered)
    assert forge.tree("HEAD") == develop


@pytest.mark.slow
def test_what_the_remote_refuses(fixed: Project) -> None:
    """A protected develop, and a feature that nobody may push to: the pages are printed."""
    clone, remote = fixed.clone, fixed.remote
    on_forge(fixed, "github.com")
    remote.hook("update", '[ "$USER_OF_PUSH" = forge ] && exit 0\ncase "$1" in */develop|refs/heads/feature/login)'
                          ' echo "$1 is protected" >&2; exit 1;; esac')  # fmt: skip
    develop, tip = remote.tip("develop"), clone.tip("HEAD")
    answer = clone.hotfix("finish")
    assert answer.code == 4, answer.err
    lines = [line.strip() for line in answer.out.splitlines()]
    assert f"open this pull request: {COMPARE}" in lines
    assert "open this pull request: https://github.com/acme/shop/compare/feature/login...hotfix-to/feature/login/4711" \
           "?expand=1" in lines  # fmt: skip
    assert remote.parents(OFFER) == [develop, tip]
    assert remote.tree("release/1.5")["app.py"] == FIX
    merged_by_the_forge(fixed)
    again = clone.hotfix("backport", "4711", "--format", "json")
    assert (again.code, again.targets["develop"], again.targets["feature/login"]) == (
        4, ("merge", "already"), ("merge", "pending"),
    )  # fmt: skip
    assert {name for name in remote.branches() if name.startswith("hotfix-to/")} == {"hotfix-to/feature/login/4711"}
    (remote.path / "hooks" / "update").unlink()
    done = clone.hotfix("backport", "4711", "--format", "json")
    assert (done.code, done.targets["feature/login"]) == (0, ("merge", "merged")), done.err
    assert set(remote.branches()) == {"main", *TARGETS, "feature/old"}


@pytest.mark.slow
def test_the_pull_request_is_refused_too(fixed: Project) -> None:
    """What the server said of both is told, and how the commit that was made gets there by another name."""
    fixed.remote.hook(
        "update", 'case "$1" in refs/heads/develop|refs/heads/hotfix-to/*) echo "$1 is closed"; exit 1;; esac'
    )
    answer = fixed.clone.hotfix("finish", "--format", "json")
    [develop] = [each for each in answer.json["targets"] if each["ref"] == "refs/heads/develop"]
    assert (answer.code, develop["status"], develop.get("pull_request")) == (4, "failed", None)
    offered = "refs/heads/hotfix-to/develop/4711"
    assert develop["server"] == [{"ref": ref, "line": f"{ref} is closed"} for ref in ("refs/heads/develop", offered)]
    assert fixed.clone.parents(develop["new"]) == [fixed.remote.tip("develop"), fixed.clone.tip("v1.4.3^2")]
    assert answer.json["advice"] == [
        "or by hand, with a name that the server takes, and a pull request into develop: "
        f"git push origin {develop['new'][:12]}:refs/heads/<name>"
    ]
    assert answer.json["next"] == ["git hotfix backport 4711 --to develop"]


def programs(project: Project, name: str, *, broken: bool = False) -> Programs:
    on_forge(project, "github.com" if name == "gh" else "gitlab.example.org")
    return install(project, name, broken=broken)


@pytest.mark.slow
@pytest.mark.parametrize("name", rest_slow(["gh", "glab"]))
def test_opened_by_the_forges_own_program(fixed: Project, name: str) -> None:
    clone = fixed.clone
    fixed.set_policy(BY_REQUEST)
    forge = programs(fixed, name)
    answer = clone.hotfix("finish", "--format", "json", env=forge.env)
    page = "https://forge.example/acme/shop/pull/1"
    assert (answer.code, forge.open) == (4, {f"{OFFER} develop": page}), answer.err
    assert pull_request(answer) == {"branch": f"refs/heads/{OFFER}", "url": page, "opened": True, "draft": False}
    (asked, _), (made, told) = forge.calls
    kind = "pr" if name == "gh" else "mr"
    assert (asked, made) == ([kind, "list"], [kind, "create"])
    assert told["repo"] == ("github.com/acme/shop" if name == "gh" else "https://gitlab.example.org/acme/shop")
    assert told["title"] == "Hotfix 4711 into develop: Checkout fails"
    body = "Brings hotfix `4711` (severity P0, on `main`) to `develop`, and nothing else.\n\n" \
           "After it was merged: `git hotfix backport 4711`"  # fmt: skip
    assert told["body" if name == "gh" else "description"] == body

    again = clone.hotfix("backport", "4711", env=forge.env)
    assert (again.code, len(forge.open)) == (4, 1)
    assert f"  pull request into develop: {page}" in again.out.splitlines()
    assert [words[1] for words, _ in forge.calls] == ["list", "create", "list"]


@pytest.mark.slow
def test_a_program_that_fails_is_told_of_without_its_secrets(fixed: Project) -> None:
    fixed.set_policy(BY_REQUEST)
    forge = programs(fixed, "gh", broken=True)
    answer = fixed.clone.hotfix("finish", env=forge.env)
    assert answer.code == 4
    assert f"  open this pull request: {COMPARE}" in answer.out.splitlines()
    assert "gh: To get started" in answer.out
    assert "secret" not in answer.out + answer.err
    assert "\x1b" not in answer.out + answer.err


@pytest.mark.slow
def test_no_program_runs_where_the_user_wants_none(fixed: Project) -> None:
    fixed.set_policy(BY_REQUEST)
    forge = programs(fixed, "gh")
    fixed.clone.git("config", "hotfix.forge", "none")
    assert fixed.clone.hotfix("finish", env=forge.env).code == 4
    assert forge.calls == []


@pytest.mark.slow
def test_a_target_that_moved_keeps_its_pull_request(fixed: Project) -> None:
    """Nothing new is pushed while what is offered still brings the fix."""
    clone, remote = fixed.clone, fixed.remote
    fixed.set_policy(BY_REQUEST)
    assert clone.hotfix("finish").code == 4
    before = remote.tip(OFFER)
    other = fixed.another_clone("bob")
    other.git("switch", "-q", "develop")
    other.commit("develop three", {"develop.txt": "three\n"})
    other.git("push", "-q")
    assert clone.hotfix("backport", "4711").code == 4
    assert remote.tip(OFFER) == before
    other.commit("develop four", {"app.py": APP.replace("value_1 = 1\n", "value_1 = one\n")})
    other.git("push", "-q")
    assert clone.hotfix("backport", "4711").code == 4
    assert remote.tip(OFFER) == before


@pytest.mark.slow
def test_work_of_others_on_the_branch_stays(fixed: Project) -> None:
    clone, remote = fixed.clone, fixed.remote
    fixed.set_policy(BY_REQUEST)
    assert clone.hotfix("finish").code == 4
    other = fixed.another_clone("bob")
    other.git("switch", "-q", OFFER)
    review = other.commit("what the review asked for", {"app.py": FIX + "reviewed = 1\n"})
    other.git("push", "-q")
    again = clone.hotfix("backport", "4711", "--format", "json")
    assert (again.code, again.targets["develop"], remote.tip(OFFER)) == (4, ("merge", "pending"), review)


@pytest.mark.slow
def test_a_conflict_becomes_a_draft_only_when_asked(fixed: Project) -> None:
    clone, remote = fixed.clone, fixed.remote
    fixed.set_policy(BY_REQUEST)
    other = fixed.another_clone("bob")
    other.git("switch", "-q", "develop")
    other.commit("clash", {"app.py": APP.replace("value_15 = 15", "value_15 = 0")})
    other.git("push", "-q")
    forge = programs(fixed, "gh")
    tip = clone.tip("HEAD")
    answer = clone.hotfix("finish", "--format", "json", env=forge.env)
    assert (answer.code, answer.targets["develop"], pull_request(answer)) == (4, ("merge", "conflict"), None)
    assert OFFER not in remote.branches()
    draft = clone.hotfix("backport", "4711", "--draft", "--format", "json", env=forge.env)
    assert (draft.code, draft.targets["develop"], remote.tip(OFFER)) == (4, ("merge", "conflict"), tip), draft.err
    found = pull_request(draft)
    assert found and (found["opened"], found["draft"]) == (True, True)
    (words, told) = forge.calls[-1]
    assert words == ["pr", "create"] and "draft" in told
    assert "- `app.py`" in told["body"]
    assert draft.json["next"] == ["git hotfix backport 4711 --resolve develop"]

    assert clone.hotfix("backport", "4711", "--resolve", "develop").code == 0
    there = fixed.at("clone-resolve-develop")
    (there.path / "app.py").write_text(FIX)
    there.git("add", "app.py")
    solved = clone.hotfix("backport", "4711", "--continue", "--format", "json", env=forge.env)
    assert (solved.code, solved.targets["develop"]) == (4, ("merge", "pending")), solved.err
    assert remote.parents(OFFER) == [remote.tip("develop"), tip]
    assert remote.tree(OFFER)["app.py"] == FIX
    assert len(forge.open) == 1
