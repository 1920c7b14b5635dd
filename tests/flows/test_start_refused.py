"""`start` refused: exit code, the words that help, and nothing changed."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest
from building import APP, Project
from sandbox import Answer, Repo


def refused(clone: Repo, *arguments: str, code: int = 2) -> Answer:
    """`start` that changes nothing."""
    before = clone.snapshot()
    answer = clone.hotfix("start", *arguments)
    assert (answer.code, answer.out) == (code, ""), answer.err
    assert clone.snapshot() == before
    assert "nothing was changed" in answer.err
    return answer


@pytest.mark.parametrize(
    "name", ["", "a/b", "-x", "a..b", "a b", "a.lock", ".a", "a.", "@", "a~1", "a^", "a:b", "a?", "a\\b", "a\u202eb"]
)
def test_an_issue_that_is_no_name(project: Project, name: str) -> None:
    answer = project.clone.hotfix("start", "--", name)
    assert (answer.code, answer.out) == (2, "")
    assert "cannot name a hotfix" in answer.err
    assert project.clone.refs("refs/heads/") == {
        "refs/heads/develop": project.clone.tip("develop"), "refs/heads/main": project.clone.tip("main"),
    }  # fmt: skip


def test_no_production_tag_shows_those_that_it_saw(project: Project) -> None:
    clone = project.clone
    clone.git("push", "-q", "origin", ":v1.4.1", ":v1.4.2")
    assert "tags seen on main: none" in refused(clone, "7").err
    clone.tag("build-77", "main")
    clone.tag("build-78", "develop")
    clone.git("config", "hotfix.releaseTags", "v*")
    answer = refused(clone, "7")
    assert "no production tag: none on main matches v*" in answer.err
    assert "tags seen on main: build-77\n" in answer.err
    assert "git config hotfix.releaseTags 'build-*'" in answer.err


def test_where_only_prereleases_are_no_setting_is_named(project: Project) -> None:
    clone = project.clone
    clone.git("push", "-q", "origin", ":v1.4.1", ":v1.4.2")
    clone.tag("v1.2.3-rc1", "main")
    answer = refused(clone, "7")
    assert "tags seen on main: v1.2.3-rc1\n" in answer.err
    assert "only pre-releases are there, and a hotfix starts at a release" in answer.err
    assert "git tag -a v1.2.3 <commit> && git push origin v1.2.3" in answer.err
    assert "releaseTags" not in answer.err


def test_a_start_tag_that_the_remote_has_not(project: Project) -> None:
    clone = project.clone
    assert "there is no tag v0.0.1 on the remote" in refused(clone, "7", "--from", "v0.0.1").err
    clone.tag("v1.4.2-mine", "main", push=False)
    assert "a local tag of that name cannot be a base" in refused(clone, "7", "--from", "v1.4.2-mine").err


def test_a_start_tag_on_no_line(project: Project) -> None:
    clone = project.clone
    clone.tag("v3.0.0", "origin/feature/login")
    answer = refused(clone, "7", "--from", "v3.0.0")
    assert "on no branch of the remote that could be production" in answer.err
    assert ":refs/heads/support/v3.0.0" in answer.err


def test_a_branch_that_exists(project: Project) -> None:
    clone = project.clone
    clone.git("branch", "hotfix/7", "v1.4.1")
    assert "hotfix/7 exists here" in refused(clone, "7").err
    clone.git("push", "-q", "origin", "hotfix/7:refs/heads/hotfix/8")
    answer = refused(clone, "8")
    assert "hotfix/8 exists on origin" in answer.err
    assert "git switch hotfix/8" in answer.err


def test_a_branch_that_another_worktree_has(project: Project) -> None:
    """git switches to none that stands in another worktree, or stood in one that was deleted."""
    clone, place = project.clone, project.root / "clone-hotfix-7"
    assert clone.hotfix("start", "7", "--worktree").code == 0
    assert refused(clone, "7").err.endswith(f"  → join it: cd {place}\n")
    assert refused(project.at(place.name), "7").err.endswith("  → you are on it\n")
    shutil.rmtree(place)
    way = "git worktree prune && git switch hotfix/7"
    assert refused(clone, "7").err.endswith(f"  → its worktree {place} is gone; forget it and join it here: {way}\n")
    assert clone.git("worktree", "prune") == ""
    clone.git("switch", "-q", "hotfix/7")


@pytest.mark.slow
def test_an_issue_that_is_finished(fixed: Project) -> None:
    assert fixed.clone.hotfix("finish").code == 0
    answer = refused(fixed.clone, "4711")
    assert "4711 is finished: it is v1.4.3" in answer.err
    assert "git hotfix start 4711-2" in answer.err


def test_changes_that_the_switch_would_lose(project: Project) -> None:
    clone = project.clone
    (clone.path / "develop.txt").write_text("half done\n")
    answer = refused(clone, "7")
    assert "develop.txt" in answer.err
    assert "git hotfix start 7 --worktree" in answer.err


def test_an_untracked_file_in_the_way(project: Project) -> None:
    clone = project.clone
    clone.git("switch", "-q", "--detach", "v1.4.1")
    (clone.path / "VERSION").write_text("mine\n")
    assert refused(clone, "7").err == (
        "git hotfix: git cannot switch to v1.4.2: "
        "The following untracked working tree files would be overwritten by checkout:\n    VERSION\n"
        "  (nothing was changed)\n  → keep this work as it is: git hotfix start 7 --worktree\n"
        "  → or stash it: git stash -u\n"
    )


@pytest.mark.slow
def test_unmerged_files_cannot_be_stashed(project: Project) -> None:
    clone = project.clone
    half_merge(clone)
    assert clone.run("git", "merge", "-q", "--squash", "topic").code == 1
    said = refused(clone, "7").err
    assert "git cannot switch to v1.4.2: you need to resolve your current index first\n" in said
    assert said.endswith("  → or solve or drop what is unmerged here: git status\n")


def half_merge(clone: Repo) -> None:
    clone.git("switch", "-q", "-c", "topic", "main")
    clone.commit("topic", {"app.py": APP.replace("value_1 ", "topic ")})
    clone.git("switch", "-q", "develop")
    clone.commit("mine", {"app.py": APP.replace("value_1 ", "mine ")})


@pytest.mark.slow
@pytest.mark.parametrize(
    ("what", "command", "end"),
    [
        ("a merge", ["merge", "topic"], "git merge --abort"),
        ("a rebase", ["rebase", "topic"], "git rebase --abort"),
        ("a cherry-pick", ["cherry-pick", "topic"], "git cherry-pick --abort"),
        ("a revert", ["revert", "--no-edit", "develop~2"], "git revert --abort"),
        ("a bisect", ["bisect", "start", "HEAD", "v1.4.1"], "git bisect reset"),
    ],
)
def test_something_half_done(project: Project, what: str, command: list[str], end: str) -> None:
    clone = project.clone
    half_merge(clone)
    clone.git(*command, check=False)
    answer = refused(clone, "7")
    assert f"{what} is in progress here" in answer.err
    assert end in answer.err
    before = clone.snapshot()
    assert clone.hotfix("start", "7", "--worktree").code == 0
    after = clone.snapshot()
    assert (after.head, after.index, after.files) == (before.head, before.index, before.files)


def test_a_detached_head_whose_work_would_be_lost(project: Project) -> None:
    clone = project.clone
    clone.git("switch", "-q", "--detach")
    clone.commit("on no branch", {"loose.txt": "work\n"})
    assert "git branch <name>" in refused(clone, "7").err
    clone.git("switch", "-q", "--detach", "v1.4.2")
    assert clone.hotfix("start", "7").code == 0


def test_a_bare_repository(project: Project) -> None:
    before = project.remote.everything()
    answer = project.remote.hotfix("start", "7")
    assert (answer.code, answer.out) == (2, "")
    assert "bare" in answer.err
    assert project.remote.everything() == before


def test_no_repository_and_no_commit(project: Project, tmp_path: Path) -> None:
    empty = tmp_path / "empty"
    empty.mkdir()
    place = Repo(empty, project.clone.dates, project.clone.environment)
    assert place.hotfix("start", "7").code == 3
    place.git("init", "-q")
    before = place.everything()
    answer = place.hotfix("start", "7", "--no-fetch")
    assert (answer.code, answer.out) == (2, "")
    after = {path: content for path, content in place.everything().items() if not path.startswith(".git/hotfix")}
    assert after == before


def test_a_remote_that_does_not_answer(project: Project) -> None:
    clone = project.clone
    clone.git("remote", "set-url", "origin", str(project.root / "gone.git"))
    assert "git fetch origin" in refused(clone, "7", code=3).err


def test_a_production_branch_that_is_none(project: Project) -> None:
    clone = project.clone
    clone.git("config", "hotfix.production", "trunk")
    assert "hotfix.production names 'trunk'" in refused_plainly(clone).err
    clone.git("config", "--unset", "hotfix.production")
    project.remote.git("branch", "-m", "main", "prod")
    clone.git("branch", "-m", "main", "prod")
    assert "git config hotfix.production <branch>" in refused_plainly(clone).err


def refused_plainly(clone: Repo) -> Answer:
    before = clone.snapshot()
    answer = clone.hotfix("start", "7")
    assert (answer.code, answer.out) == (2, "")
    assert clone.snapshot() == before
    return answer


def test_wrong_words(project: Project) -> None:
    clone = project.clone
    before = clone.snapshot()
    for words in (["7", "--detected", "yesterday"], ["7", "--severity", "P9"], [], ["7", "8"], ["7", "--wat"]):
        answer = clone.hotfix("start", *words)
        assert (answer.code, answer.out) == (2, ""), words
        assert answer.err.count("→") >= 1
    assert clone.snapshot() == before


@pytest.mark.parametrize("options", [["--depth=1", "--no-single-branch"], ["--single-branch", "-b", "main"],
                                     ["--depth=1"]])  # fmt: skip
def test_the_clones_that_ci_makes(project: Project, options: list[str]) -> None:
    """The command that the refusal shows makes `start` work."""
    clone = project.another_clone("ci", *options)
    for _ in range(3):
        before = clone.snapshot()
        answer = clone.hotfix("start", "7")
        if answer.code == 0:
            break
        assert (answer.code, answer.out) == (3, "")
        assert clone.snapshot() == before
        command = next(line.partition("→ ")[2] for line in answer.err.splitlines() if "→ git " in line)
        subprocess.run(
            command, shell=True, cwd=clone.path, env={**os.environ, **clone.environment}, check=True,
            capture_output=True,
        )  # fmt: skip
    assert clone.tip("hotfix/7") == project.clone.tip("v1.4.2")


def test_a_clone_of_another_owner_is_named_as_git_names_it(project: Project) -> None:
    clone = project.clone
    answer = clone.hotfix("start", "7", env={"GIT_TEST_ASSUME_DIFFERENT_OWNER": "1"})
    command = f"git config --global --add safe.directory {clone.path}"
    assert (answer.code, answer.out) == (3, "")
    assert answer.err == (
        "git hotfix: this clone belongs to another user, and git does not trust it (dubious ownership)\n"
        f"  (nothing was changed)\n  → if you trust it: {command}\n"
    )


def test_a_remote_of_another_owner_is_named_as_git_names_it(project: Project) -> None:
    clone = project.clone
    clone.git("config", "remote.origin.uploadpack", "env GIT_TEST_ASSUME_DIFFERENT_OWNER=1 git-upload-pack")
    answer = refused(clone, "7", code=3)
    assert "dubious ownership" in answer.err
    assert f"git config --global --add safe.directory {project.remote.path}" in answer.err
