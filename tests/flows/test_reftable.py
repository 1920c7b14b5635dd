"""Clone and remote on reftable, where HEAD, CHERRY_PICK_HEAD and every reference are records and no files."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from building import APP, FIX, TARGETS, Project, Templates
from sandbox import Answer, half

CLASH = APP.replace("value_15 = 15", "value_15 = 0")
SOLVED = APP.replace("value_15 = 15", 'value_15 = "zero"')
LOG = "refs/hotfix/log/4711"
MERGED = dict.fromkeys(TARGETS, ("merge", "merged"))
ALREADY = dict.fromkeys(TARGETS, ("merge", "already"))


@pytest.fixture(scope="module")
def reftables(sealed: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Templates]:
    """Templates on reftable; as long as they live, every new repository is one."""
    place = tmp_path_factory.mktemp("reftables")
    tried = subprocess.run(["git", "init", "-q", "--ref-format=reftable", str(place / "tried")], capture_output=True)
    if tried.returncode != 0:
        said = subprocess.run(["git", "version"], capture_output=True, check=True, text=True).stdout
        pytest.skip(f"git {said.split()[2]} has no reftable")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("GIT_DEFAULT_REF_FORMAT", "reftable")
        yield Templates(place)


@pytest.fixture
def plain(reftables: Templates, tmp_path: Path) -> Project:
    return on_reftable(reftables.copy("plain", tmp_path))


@pytest.fixture
def fixed(reftables: Templates, tmp_path: Path) -> Project:
    """After `git hotfix start 4711` and one committed line; on hotfix/4711."""
    return on_reftable(reftables.copy("fixed", tmp_path))


def on_reftable(project: Project) -> Project:
    formats = {repo.git("rev-parse", "--show-ref-format") for repo in (project.clone, project.remote)}
    assert formats == {"reftable"}
    return project


def done(answer: Answer) -> Answer:
    assert answer.code == 0, answer.err
    return answer


def sound(project: Project) -> None:
    """git finds nothing wrong with either repository, and no worktree, pin, journal or lock is left."""
    for repo in (project.clone, project.remote):
        assert repo.run("git", "fsck", "--strict", "--no-dangling").code == 0
        assert list(repo.path.rglob("*.lock")) == []
    assert project.clone.git("worktree", "list", "--porcelain").count("worktree ") == 1
    assert project.clone.refs("refs/hotfix/run/", "refs/hotfix/resolved/", "refs/hotfix/staged/") == {}
    assert list((project.clone.path / ".git" / "hotfix").glob("[!r]*")) == []


def everywhere(project: Project, old: dict[str, str], tip: str, solved: dict[str, str]) -> None:
    """Production, tag and every target hold the fix, each by one merge; what was not to move did not."""
    remote, there = project.remote, project.remote.refs()
    assert set(there) == set(old) | {"refs/tags/v1.4.3", LOG}
    for name, text in {"main": FIX, **dict.fromkeys(TARGETS, FIX), **solved}.items():
        before = old[f"refs/heads/{name}"]
        assert remote.parents(name) == [before, tip]
        assert remote.tree(name) == {**remote.tree(before), "app.py": text}
    assert there["refs/heads/feature/old"] == old["refs/heads/feature/old"]
    assert remote.tip("v1.4.3") == there["refs/heads/main"]
    assert project.clone.refs("refs/tags/v1.4.3", LOG) == remote.refs("refs/tags/v1.4.3", LOG)


def undone(answer: Answer) -> dict[str, str]:
    """What became of every branch and tag."""
    return {each["ref"].split("/", 2)[2]: each["status"] for each in answer.json["refs"]}


def test_from_the_page_to_every_branch_and_back(plain: Project) -> None:
    """start, commit, finish with one conflict, --resolve, --continue, undo."""
    clone, remote = plain.clone, plain.remote
    theirs = clone.branch("feature/clash", "develop", "clash", {"app.py": CLASH})
    old = remote.refs()
    done(clone.hotfix("start", "4711", "-m", "Checkout fails", "--push"))
    assert clone.head() == "ref: refs/heads/hotfix/4711\n"
    tip = clone.commit("fix the checkout", {"app.py": FIX})
    stopped = clone.hotfix("finish", "--format", "json")
    assert (stopped.code, stopped.targets) == (4, {**MERGED, "feature/clash": ("merge", "conflict")}), stopped.err
    main = remote.tip("main")
    half(clone)
    before = clone.snapshot()
    assert clone.hotfix("backport", "4711", "--resolve", "feature/clash").code == 0
    assert clone.snapshot() == before
    place = plain.at("clone-resolve-feature-clash")
    (place.path / "app.py").write_text(SOLVED)
    place.git("add", "app.py")
    closed = done(clone.hotfix("backport", "4711", "--continue", "--format", "json"))
    assert closed.targets == {**ALREADY, "feature/clash": ("merge", "merged")}
    everywhere(plain, old, tip, {"feature/clash": SOLVED})
    merge, after = remote.tip("feature/clash"), clone.snapshot()
    assert (after.files, after.index, after.stash) == (before.files, before.index, before.stash)
    assert clone.branches() == {"main": main, "develop": remote.tip("develop")}
    assert remote.log("4711")[-1] == "close hotfix 4711"
    sound(plain)
    back = clone.hotfix("undo", "--format", "json")
    assert (back.code, undone(back)) == (0, {"feature/clash": "back"}), back.err
    assert remote.refs("refs/heads/feature/clash", "refs/heads/hotfix/4711") == {
        "refs/heads/feature/clash": theirs, "refs/heads/hotfix/4711": tip,
    }  # fmt: skip
    assert (remote.tip("main"), clone.tip("hotfix/4711")) == (main, tip)
    assert (after.head, clone.head()) == ("ref: refs/heads/main\n", "ref: refs/heads/hotfix/4711\n")
    assert clone.refs("refs/hotfix/resolved/") == {"refs/hotfix/resolved/4711/feature%2Fclash": merge}


def test_backport_and_its_undo(fixed: Project) -> None:
    """The targets are served by a run of their own, and that is taken back."""
    clone, remote = fixed.clone, fixed.remote
    old, tip = remote.refs(), clone.tip("HEAD")
    done(clone.hotfix("finish", "--no-backport"))
    clone.git("switch", "-q", "--detach", "v1.4.2")
    before, there = clone.snapshot(), remote.refs()
    served = done(clone.hotfix("backport", "4711", "--format", "json"))
    assert served.targets == MERGED
    everywhere(fixed, old, tip, {})
    sound(fixed)
    back = clone.hotfix("undo", "--format", "json")
    assert (back.code, undone(back)) == (0, dict.fromkeys(TARGETS, "back")), back.err
    log = remote.refs(LOG)
    assert remote.refs() == {**there, **log}
    after = clone.snapshot()
    assert (after.head, after.files, after.index) == (before.head, before.files, before.index)
    assert after.refs == {**before.refs, **log}
    sound(fixed)


def test_finish_and_its_undo(fixed: Project) -> None:
    """The targets go back, production and tag stay, and the branch is there again with whoever stood on it."""
    clone, remote = fixed.clone, fixed.remote
    clone.git("push", "-q", "-u", "origin", "hotfix/4711")
    before, there = clone.snapshot(), remote.refs()
    done(clone.hotfix("finish"))
    landed = remote.refs("refs/heads/main", "refs/tags/v1.4.3")
    back = clone.hotfix("undo", "--format", "json")
    assert (back.code, undone(back)) == (4, {"main": "kept", "v1.4.3": "kept", **dict.fromkeys(TARGETS, "back")}), (
        back.err
    )
    log = remote.refs(LOG)
    assert remote.refs() == {**there, **landed, **log}
    after = clone.snapshot()
    assert after.refs == {**before.refs, **landed, **log}
    assert (after.head, after.files, after.index, after.config) == (
        before.head, before.files, before.index, before.config,
    )  # fmt: skip
    sound(fixed)


def test_a_pick_that_a_person_began_anew(fixed: Project) -> None:
    """A pick of one commit leaves no sequencer, only CHERRY_PICK_HEAD, and that is a record of the worktree's."""
    clone, remote = fixed.clone, fixed.remote
    old, tip = clone.branch("release/1.0", "v1.4.1", "clash", {"app.py": CLASH}), clone.tip("HEAD")
    assert clone.hotfix("finish").code == 4
    assert clone.hotfix("backport", "4711", "--resolve", "release/1.0").code == 0
    place = fixed.at("clone-resolve-release-1.0")
    place.git("cherry-pick", "--abort")
    place.git("cherry-pick", "-x", "hotfix/4711", check=False)
    (place.path / "app.py").write_text(SOLVED)
    place.git("add", "app.py")
    served = done(clone.hotfix("backport", "--continue", "--format", "json"))
    assert served.targets == {**ALREADY, "release/1.0": ("cherry-pick", "merged")}
    assert remote.parents("release/1.0") == [old]
    assert remote.tree("release/1.0") == {"README.md": "an app\n", "app.py": SOLVED}
    assert f"(cherry picked from commit {tip})" in remote.git("log", "-1", "--format=%B", "release/1.0")
    sound(fixed)


@pytest.mark.parametrize("what", ["cherry-pick", "revert"])
def test_start_leaves_alone_what_is_under_way(plain: Project, what: str) -> None:
    clone = plain.clone
    clone.commit("mine", {"develop.txt": "mine\n"})
    assert clone.run("git", what, "--no-edit" if what == "revert" else "-x", "HEAD~2").code == 1
    before = clone.snapshot()
    answer = clone.hotfix("start", "4711")
    assert (answer.code, answer.out) == (2, "")
    assert f"a {what} is in progress here" in answer.err
    assert f"git {what} --abort" in answer.err
    assert clone.snapshot() == before
    done(clone.hotfix("start", "4711", "--worktree"))
    there = plain.at("clone-hotfix-4711")
    assert (there.head(), there.tip("HEAD")) == ("ref: refs/heads/hotfix/4711\n", clone.tip("v1.4.2"))
    after = clone.snapshot()
    assert (after.head, after.index, after.files) == (before.head, before.index, before.files)


def test_the_format_named_by_the_environment(fixed: Project) -> None:
    """GIT_REFERENCE_BACKEND (git 2.54) is about the clone and not about the private directory of a merge."""
    clone, remote = fixed.clone, fixed.remote
    old, tip = remote.refs(), clone.tip("HEAD")
    done(clone.hotfix("finish", env={"GIT_REFERENCE_BACKEND": "reftable"}))
    everywhere(fixed, old, tip, {})
    sound(fixed)


def test_a_lock_that_a_killed_git_left(fixed: Project) -> None:
    """No reference can be written: nothing is said to have moved, doctor names the file, and then the run goes on."""
    clone, remote = fixed.clone, fixed.remote
    old, tip = remote.refs(), clone.tip("HEAD")
    hook = clone.hook("reference-transaction", 'case "$1 $(cat)" in prepared*refs/hotfix/run/*) kill -9 $PPID ;; esac')
    before = clone.snapshot()
    assert clone.hotfix("finish").code == 3
    hook.unlink()
    file = clone.path / ".git" / "reftable" / "tables.list.lock"
    assert file.read_bytes() == b""
    answer = clone.hotfix("finish")
    assert (answer.code, answer.out) == (3, "")
    assert answer.err.endswith(
        "git hotfix: another git process is writing references here, or was killed while writing\n"
        "  (nothing was changed)\n"
        "  → run the same command again; if that does not help: git hotfix doctor\n"
    )
    assert (clone.snapshot(), remote.refs()) == (before, old)
    [found] = [each for each in clone.hotfix("doctor", "--format", "json").json["checks"] if each["id"] == "ref-lock"]
    assert (found["status"], found["message"], found["hint"]) == (
        "fail", f"references are locked: {file}", f"when no git is at work here: rm {file}",
    )  # fmt: skip
    file.unlink()
    done(clone.hotfix("finish"))
    everywhere(fixed, old, tip, {})
    sound(fixed)
