"""`backport --resolve` of a target that gets cherry-picks: the commits are those of the plan, whoever commits them."""

from __future__ import annotations

import pytest
from building import APP, FIX, Project
from sandbox import Answer, Repo

CLASH = APP.replace("value_15 = 15", "value_15 = 0")
SOLVED = APP.replace("value_15 = 15", 'value_15 = "zero"')
SECOND = FIX.replace('"fifteen"', '"XV"')


def old_line(project: Project) -> str:
    return project.clone.branch("release/1.0", "v1.4.1", "an old line", {"app.py": CLASH})


def backport(project: Project, *arguments: str) -> Answer:
    return project.clone.hotfix("backport", "4711", *arguments, "--format", "json")


def opened(project: Project, name: str = "release/1.0") -> Repo:
    """The hotfix is finished but for `name`, whose conflict is open in the returned worktree."""
    answer = project.clone.hotfix("finish", "--format", "json")
    assert (answer.code, answer.targets[name][1]) == (4, "conflict"), answer.err
    assert backport(project, "--resolve", name).code == 0
    return project.at(f"clone-resolve-{name.replace('/', '-')}")


def solve(there: Repo, text: str = SOLVED) -> None:
    (there.path / "app.py").write_text(text)
    there.git("add", "app.py")


def messages(project: Project, old: str) -> str:
    return project.remote.git("log", "--reverse", "--format=%an: %B", f"{old}..release/1.0")


def test_a_merge_inside_the_hotfix_is_picked_once(fixed: Project) -> None:
    """The commits that it brought in are not picked beside it."""
    clone, remote = fixed.clone, fixed.remote
    clone.git("switch", "-q", "-c", "aside", "v1.4.2")
    clone.commit("written aside", {"aside.txt": "aside\n"})
    clone.git("switch", "-q", "hotfix/4711")
    clone.git("merge", "-q", "--no-ff", "-m", "take aside in", "aside")
    first, merge = clone.tip("HEAD~1"), clone.tip("HEAD")
    old = old_line(fixed)
    there = opened(fixed)
    assert there.git("diff", "--name-only", "--diff-filter=U") == "app.py"
    solve(there)
    done = backport(fixed, "--continue")
    assert (done.code, done.targets["release/1.0"]) == (0, ("cherry-pick", "merged")), done.err
    assert messages(fixed, old) == (
        f"Ada: fix the checkout\n\n(cherry picked from commit {first})\n\n"
        f"Ada: take aside in\n\n(cherry picked from commit {merge})\n"
    )
    assert remote.tree("release/1.0") == {"README.md": "an app\n", "app.py": SOLVED, "aside.txt": "aside\n"}


@pytest.mark.slow
@pytest.mark.parametrize("word", [["commit", "-q", "--no-edit"], ["cherry-pick", "--continue"]])
def test_a_person_commits_the_first_of_two(fixed: Project, word: list[str]) -> None:
    """What comes after it goes on from there, as after `git cherry-pick --continue`."""
    clone, remote = fixed.clone, fixed.remote
    clone.commit("a second part", {"README.md": "an app, mended\n"})
    old = old_line(fixed)
    there = opened(fixed)
    solve(there)
    assert there.run("git", *word, env={"GIT_EDITOR": "true"}).code == 0
    done = backport(fixed, "--continue")
    assert (done.code, done.targets["release/1.0"]) == (0, ("cherry-pick", "merged")), done.err
    assert remote.subjects(f"{old}..release/1.0") == ["a second part", "fix the checkout"]
    assert remote.tree("release/1.0") == {"README.md": "an app, mended\n", "app.py": SOLVED}


@pytest.mark.slow
def test_a_line_of_a_message_is_no_comment(fixed: Project) -> None:
    """`#12 …` is how many teams name what a commit is for; its author stays, too."""
    clone = fixed.clone
    words = "#12: the checkout\n\n#12 said so.\n"
    clone.git("commit", "-q", "--amend", "--cleanup=verbatim", "-m", words, "--author", "Grace <grace@example.org>")
    tip, old = clone.tip("HEAD"), old_line(fixed)
    solve(opened(fixed))
    assert backport(fixed, "--continue").code == 0
    assert messages(fixed, old) == f"Grace: {words}\n(cherry picked from commit {tip})\n"


@pytest.mark.slow
def test_markers_of_any_length_are_not_taken(fixed: Project) -> None:
    """`conflict-marker-size` is for files whose own lines look like markers."""
    clone = fixed.clone
    theirs = {"app.py": CLASH, ".gitattributes": "*.py conflict-marker-size=32\n"}
    clone.branch("feature/clash", "develop", "clash", theirs)
    there = opened(fixed, "feature/clash")
    assert "<" * 32 in (there.path / "app.py").read_text()
    there.git("add", "app.py")
    answer = backport(fixed, "--continue")
    assert (answer.code, "conflict markers in app.py" in answer.err) == (4, True), answer.err
    assert there.path.exists()


@pytest.mark.slow
@pytest.mark.parametrize("start", ["develop", "v1.4.1"])
def test_markers_that_were_committed_are_not_taken(fixed: Project, start: str) -> None:
    """Lines like them that a side of the conflict has are its own."""
    clone, remote = fixed.clone, fixed.remote
    text = "A conflict begins so:\n<<<<<<< HEAD\n"
    clone.branch("feature/clash", start, "clash", {"app.py": CLASH, "git.txt": text})
    there = opened(fixed, "feature/clash")
    conflict, before = (there.path / "app.py").read_text(), remote.refs()
    there.git("commit", "-q", "-a", "--no-edit")
    answer = backport(fixed, "--continue")
    assert (answer.code, remote.refs()) == (4, before)
    assert "conflict markers in app.py" in answer.err
    assert "<<<<<<<" in conflict
    (there.path / "app.py").write_text(SOLVED)
    (there.path / "git.txt").write_text(text + "more\n")
    there.git("commit", "-q", "-a", "--amend", "--no-edit")
    assert backport(fixed, "--continue").code == 0
    assert remote.tree("feature/clash")["app.py"] == SOLVED


@pytest.mark.slow
def test_a_hook_that_fails_after_the_checkout_stops_no_worktree(fixed: Project) -> None:
    """git gives the hook's exit code for its own, and by then the worktree is there."""
    clone = fixed.clone
    old_line(fixed)
    clone.hook("post-checkout", "exit 1")
    there = opened(fixed)
    assert there.git("diff", "--name-only", "--diff-filter=U") == "app.py"
    place = fixed.root / "aside"
    answer = clone.hotfix("start", "4712", "--worktree", str(place))
    assert (answer.code, fixed.at("aside").git("rev-parse", "--abbrev-ref", "HEAD")) == (0, "hotfix/4712"), answer.err


@pytest.mark.slow
def test_a_version_needs_no_human_in_a_pick_either(fixed: Project) -> None:
    """Neither in the commit that is solved by hand nor in the one behind it."""
    clone, remote = fixed.clone, fixed.remote
    clone.commit("version", {"VERSION": "1.4.3\n"})
    old = clone.branch("release/1.0", "v1.4.1", "an old line", {"app.py": CLASH, "VERSION": "1.0.9\n"})
    there = opened(fixed)
    solve(there)
    done = backport(fixed, "--continue")
    assert (done.code, done.targets["release/1.0"]) == (0, ("cherry-pick", "merged")), done.err
    assert remote.tree("release/1.0") == {"README.md": "an app\n", "app.py": SOLVED, "VERSION": "1.0.9\n"}
    assert remote.subjects(f"{old}..release/1.0") == ["fix the checkout"]
