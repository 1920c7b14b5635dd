"""The push gate: the installed hook judges every line of a real `git push`, and nothing goes when one is bad."""

from __future__ import annotations

import pytest
from building import APP, FIX, Project
from proofs import rest_slow
from sandbox import Answer, Repo

REFUSED = "git hotfix: this push is refused; nothing was pushed"


@pytest.fixture
def gated(fixed: Project) -> Project:
    """The fixed project with the hook in place."""
    assert fixed.clone.hotfix("hooks", "install").code == 0
    return fixed


def push(repo: Repo, *words: str, to: str = "origin") -> Answer:
    return repo.run("git", "push", "-q", to, *words)


def goes(project: Project, *words: str, repo: Repo | None = None) -> None:
    answer = push(repo or project.clone, *words)
    assert (answer.code, "git hotfix" in answer.err) == (0, False), answer.err


def refused(project: Project, gate: str, words: str, *refs: str, repo: Repo | None = None) -> str:
    """The push is refused by that gate with these words, and the remote is as it was; returns all that was said."""
    before = project.remote.refs()
    answer = push(repo or project.clone, *refs)
    assert (answer.code, project.remote.refs()) == (1, before), answer.err
    assert f"fail {gate}: " in answer.err
    assert words in answer.err, answer.err
    assert REFUSED in answer.err
    return answer.err


# ---- hotfix branches


def test_a_hotfix_that_passes(gated: Project) -> None:
    goes(gated, "hotfix/4711")
    assert gated.remote.tip("hotfix/4711") == gated.clone.tip("hotfix/4711")


@pytest.mark.slow
def test_a_hotfix_without_a_commit_yet(gated: Project) -> None:
    gated.clone.git("reset", "-q", "--hard", "v1.4.2")
    goes(gated, "hotfix/4711")


@pytest.mark.slow
def test_a_hotfix_with_commits_of_develop(gated: Project) -> None:
    clone = gated.clone
    clone.git("merge", "-q", "--no-edit", "develop")
    said = refused(gated, "base", "holds 2 commits of develop", "hotfix/4711")
    assert "git rebase --onto" in said


@pytest.mark.slow
def test_a_hotfix_cut_from_develop_by_hand(gated: Project) -> None:
    gated.clone.git("switch", "-q", "-c", "hotfix/9", "develop")
    gated.clone.commit("fix", {"app.py": FIX})
    refused(gated, "base", "holds 2 commits of develop", "hotfix/9")


@pytest.mark.slow
def test_a_hotfix_that_is_too_big(gated: Project) -> None:
    gated.clone.commit("too much", {"app.py": "".join(f"other_{n} = {n}\n" for n in range(250))})
    refused(gated, "max-lines", "lines", "hotfix/4711")
    assert gated.clone.hotfix("waive", "max-lines", "--reason", "generated").code == 0
    answer = push(gated.clone, "hotfix/4711")
    assert answer.code == 0, answer.err


@pytest.mark.slow
def test_a_hotfix_cannot_raise_its_own_limits(gated: Project) -> None:
    text = "[gates.max-lines]\nmax = 9999\nwarn = 9999\n"
    gated.clone.commit("too much", {"app.py": "x = 1\n" * 250, ".git-hotfix.toml": text})
    refused(gated, "max-lines", "lines", "hotfix/4711")
    gated.clone.git("reset", "-q", "--hard", "HEAD~1")
    gated.clone.commit("too much", {"app.py": "x = 1\n" * 250})
    gated.set_policy(text, fetched=True)
    goes(gated, "hotfix/4711")


# ---- production


@pytest.mark.slow
def test_production_receives_a_hotfix_without_its_tag(gated: Project) -> None:
    clone = gated.clone
    clone.git("switch", "-q", "main")
    clone.git("merge", "-q", "--no-ff", "--no-edit", "hotfix/4711")
    said = refused(gated, "tag", "main receives hotfix/4711 without its tag", "main")
    assert "git hotfix finish 4711" in said
    clone.git("tag", "-a", "v1.4.3", "-m", "v1.4.3")
    goes(gated, "main", "v1.4.3")
    assert gated.remote.tip("v1.4.3") == gated.remote.tip("main") == clone.tip("main")


@pytest.mark.slow
def test_production_fast_forwarded_to_a_hotfix(gated: Project) -> None:
    refused(gated, "tag", "main receives hotfix/4711 without its tag", "hotfix/4711:main")
    gated.clone.git("tag", "v1.4.3")
    goes(gated, "hotfix/4711:main", "v1.4.3")


@pytest.mark.slow
def test_a_hotfix_that_is_too_big_for_production(gated: Project) -> None:
    """With its tag, and with every other gate on the way."""
    clone = gated.clone
    clone.commit("too much", {"app.py": "".join(f"other_{n} = {n}\n" for n in range(250))})
    clone.git("tag", "v1.4.3")
    refused(gated, "max-lines", "lines", "hotfix/4711:main", "v1.4.3")


@pytest.mark.slow
def test_a_newer_tag_since_the_start_blocks_at_production(gated: Project) -> None:
    clone = gated.clone
    bob = gated.another_clone("bob")
    bob.git("switch", "-q", "main")
    bob.commit("release 1.4.3", {"VERSION": "1.4.3\n"})
    bob.git("push", "-q")
    bob.tag("v1.4.3", "main")
    clone.git("fetch", "-q", "origin", "+refs/heads/*:refs/remotes/origin/*", "+refs/tags/*:refs/hotfix/remote-tags/*")
    answer = push(clone, "hotfix/4711")
    assert answer.code == 0, answer.err
    assert "starts at v1.4.2, production is at v1.4.3" in answer.err
    clone.git("switch", "-q", "-C", "main", "origin/main")
    clone.git("merge", "-q", "--no-ff", "--no-edit", "hotfix/4711")
    clone.git("tag", "v1.4.4")
    refused(gated, "base", "starts at v1.4.2, production is at v1.4.3", "main", "v1.4.4")


@pytest.mark.slow
@pytest.mark.parametrize("force", rest_slow([[], ["--force"]]))
def test_production_that_is_no_fast_forward(gated: Project, force: list[str]) -> None:
    """The server has what was never seen here; git asks its hook also where it is going to refuse the push itself."""
    clone = gated.clone
    bob = gated.another_clone("bob")
    bob.git("switch", "-q", "main")
    bob.commit("unreleased", {"unreleased.txt": "new\n"})
    bob.git("push", "-q")
    clone.git("switch", "-q", "main")
    clone.commit("mine", {"mine.txt": "one\n"})
    said = refused(gated, "deletion", "this push drops commits that the remote has on main", *force, "main")
    assert "take them in: git fetch origin && git rebase origin/main" in said


def test_an_ordinary_release(gated: Project) -> None:
    clone = gated.clone
    clone.git("switch", "-q", "main")
    clone.git("merge", "-q", "--no-ff", "-m", "Release 1.5.0", "develop")
    clone.git("tag", "-a", "v1.5.0", "-m", "v1.5.0")
    goes(gated, "main", "develop", "v1.5.0")


@pytest.mark.slow
def test_a_release_with_a_finished_hotfix_inside(gated: Project) -> None:
    """Delivered to develop by finish, and tagged then: the release owes no other tag."""
    clone = gated.clone
    assert clone.hotfix("finish").code == 0
    clone.git("switch", "-q", "main")
    clone.git("merge", "-q", "--no-ff", "-m", "Release 1.5.0", "develop")
    goes(gated, "main")
    clone.git("tag", "v1.5.0")
    goes(gated, "v1.5.0")


def test_commits_on_production_that_are_no_hotfix(gated: Project) -> None:
    gated.clone.git("switch", "-q", "main")
    gated.clone.commit("a new direction", {"new.txt": "new\n"})
    goes(gated, "main")


@pytest.mark.slow
def test_the_push_that_repairs_a_broken_policy(gated: Project) -> None:
    clone = gated.clone
    gated.set_policy("[gates\n", fetched=True)
    clone.git("switch", "-q", "-C", "main", "origin/main")
    clone.commit("repair the policy", {".git-hotfix.toml": "[gates.max-files]\nmax = 3\n"})
    goes(gated, "main")


@pytest.mark.slow
def test_finish_passes_its_own_gate(gated: Project) -> None:
    answer = gated.clone.hotfix("finish", "--format", "json")
    assert answer.code == 0, answer.err
    assert gated.remote.tree("v1.4.3")["app.py"] == gated.remote.tree("develop")["app.py"] == FIX


# ---- other pushes


@pytest.mark.parametrize("name", rest_slow(["release/1.5", "develop", "feature/login"]))
def test_other_branches_are_nobodys_business(gated: Project, name: str) -> None:
    gated.clone.git("switch", "-q", "-C", "work", f"origin/{name}")
    gated.clone.commit("much", {"app.py": "x = 1\n" * 900})
    goes(gated, f"work:{name}")


@pytest.mark.slow
def test_several_references_of_which_one_is_bad(gated: Project) -> None:
    clone = gated.clone
    clone.git("switch", "-q", "develop")
    clone.commit("ordinary", {"develop.txt": "three\n"})
    clone.git("switch", "-q", "-c", "hotfix/9", "develop")
    clone.commit("fix", {"app.py": APP.replace("value_3 = 3", "value_3 = 0")})
    refused(gated, "base", "of develop", "develop", "hotfix/4711", "hotfix/9")
    goes(gated, "develop", "hotfix/4711")


@pytest.mark.slow
def test_the_first_push_to_an_empty_remote(gated: Project) -> None:
    """Nothing is in production yet, so no rule can be broken."""
    root = gated.root
    gated.remote.git("init", "-q", "--bare", str(root / "new.git"))
    fresh = Repo(root / "fresh", gated.dates, gated.clone.environment)
    fresh.path.mkdir()
    fresh.git("init", "-q")
    fresh.git("remote", "add", "origin", str(root / "new.git"))
    fresh.commit("first", {"app.py": APP})
    fresh.git("tag", "v1.0.0")
    fresh.git("switch", "-q", "-c", "develop")
    assert fresh.hotfix("hooks", "install").code == 0
    answer = push(fresh, "main", "develop", "v1.0.0")
    assert (answer.code, answer.err) == (0, "")


@pytest.mark.slow
def test_a_fork_is_nobodys_production(gated: Project) -> None:
    """Production, tags and deletions are free there; a hotfix branch is a hotfix everywhere."""
    clone = gated.clone
    fork = gated.another_clone("fork.git", "--bare", "--no-tags")
    clone.git("remote", "add", "fork", str(fork.path))
    clone.git("tag", "v9.0.0", "origin/feature/login")
    for words in (["hotfix/4711:main"], ["v9.0.0"], [":v9.0.0"], ["hotfix/4711"], [":hotfix/4711"]):
        answer = push(clone, *words, to="fork")
        assert answer.code == 0, answer.err
    clone.git("merge", "-q", "--no-edit", "develop")
    before = fork.refs()
    answer = push(clone, "hotfix/4711", to="fork")
    assert (answer.code, fork.refs()) == (1, before)
    assert "fail base: holds 2 commits of develop" in answer.err
