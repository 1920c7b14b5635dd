"""`backport --resolve` of a target that gets cherry-picks: the commits are those of the plan, whoever commits them."""

from __future__ import annotations

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
    assert backport(project, "--resolve", name).code == 4
    return project.at(f"clone-resolve-{name.replace('/', '-')}")


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
