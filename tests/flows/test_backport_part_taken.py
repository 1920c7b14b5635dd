"""A target that lost a part of the fix, or all of it beside other work: that is never "already"."""

from __future__ import annotations

import pytest
from building import APP, FIX, Project
from proofs import rest_slow
from sandbox import Answer, Repo

OLD = "release/1.0"
TWO = FIX.replace("value_25 = 25", 'value_25 = "twenty-five"')
OTHER = "one = 1\n"


def told(answer: Answer) -> tuple[int, str, str]:
    [found] = [each for each in answer.json["targets"] if each["ref"] == f"refs/heads/{OLD}"]
    return answer.code, found["status"], found["reason"]


def delivered(project: Project, *commits: dict[str, str]) -> str:
    """`commits` are the fix, and on release/1.0 as picks; the last pick."""
    clone = project.clone
    clone.git("switch", "-q", "main")
    clone.commit("more", {"other.py": OTHER})
    clone.git("push", "-q", "--no-verify", "origin", "main")
    clone.tag("v1.4.3")
    clone.branch(OLD, "v1.4.3", "own", {"own.py": "own = 1\n"})
    clone.commit("release", {"new.py": "new = 1\n"})
    clone.git("push", "-q", "--no-verify", "origin", "main")
    clone.tag("v1.4.4")
    assert clone.hotfix("start", "4711").code == 0
    for number, files in enumerate(commits):
        clone.commit(f"part {number}", files)
    assert told(clone.hotfix("finish", "--format", "json"))[1] == "merged"
    return project.remote.tip(OLD)


def colleague(project: Project, files: dict[str, str], *how: str) -> str:
    project.another_clone("other")
    other = Repo(project.root / "other", project.dates, project.clone.environment)
    other.git("switch", "-q", OLD)
    if how:
        for name, text in files.items():
            (other.path / name).write_text(text)
        other.git("commit", "-qa", "--amend", *how)
    else:
        other.commit("work", files)
    other.git("push", "-q", "--force", "--no-verify", "origin", OLD)
    return other.tip("HEAD")


def again(project: Project) -> tuple[int, str, str]:
    """The same command, which pushes nothing."""
    there = project.remote.tip(OLD)
    found = told(project.clone.hotfix("backport", "4711", "--format", "json"))
    assert project.remote.tip(OLD) == there
    return found


def test_a_fix_that_was_taken_out_beside_other_work(project: Project) -> None:
    """A revert in memory would conflict with the line below."""
    delivered(project, {"app.py": FIX})
    colleague(project, {"app.py": APP.replace("value_16 = 16", "value_16 = sixteen()")})
    assert again(project) == (4, "reverted", "it had the fix, and it was taken out")


@pytest.mark.slow
@pytest.mark.parametrize(
    ("fix", "later"),
    rest_slow([
        ({"app.py": TWO}, {"app.py": FIX}),
        ({"app.py": FIX, "other.py": "one = 2\n"}, {"app.py": APP}),
        ({"app.py": FIX, "other.py": "one = 2\n"}, {"app.py": APP, "other.py": "one = 2\ntwo = 2\n"}),
    ], spread=True),
)  # fmt: skip
def test_a_part_of_a_fix_that_was_taken_out(project: Project, fix: dict[str, str], later: dict[str, str]) -> None:
    """One hunk of two, one file of two."""
    picked = delivered(project, fix)
    colleague(project, later)
    assert again(project) == (4, "pending", f"{picked[:10]} brought the fix, and a part of it was taken out")


@pytest.mark.slow
def test_one_of_several_commits_that_was_taken_out(project: Project) -> None:
    delivered(project, {"app.py": FIX}, {"other.py": "one = 2\n"}, {"README.md": "an app, mended\n"})
    colleague(project, {"other.py": OTHER})
    assert again(project) == (4, "reverted", "it had the fix, and it was taken out")


@pytest.mark.slow
def test_work_in_the_lines_of_a_fix_is_no_part_taken_out(project: Project) -> None:
    picked = delivered(project, {"app.py": TWO}, {"other.py": "one = 2\n"})
    colleague(project, {"app.py": TWO.replace("fifteen", "15th").replace("value_3 = 3\n", "")})
    _, status, reason = again(project)
    assert (status, picked[:10] in reason) == ("already", True)


@pytest.mark.slow
def test_a_pick_that_was_amended_to_leave_a_file_alone(project: Project) -> None:
    delivered(project, {"app.py": FIX, "other.py": "one = 2\n"})
    amended = colleague(project, {"app.py": APP}, "-C", "HEAD")
    reason = f"{amended[:10]} says that it brings the fix, but leaves app.py as it was"
    assert again(project) == (4, "pending", reason)


@pytest.mark.slow
def test_a_later_pick_that_was_amended_to_something_else(project: Project) -> None:
    delivered(project, {"other.py": "one = 2\n"}, {"app.py": FIX}, {"app.py": TWO})
    amended = colleague(project, {"app.py": FIX, "own.py": "own = 2\n"}, "-C", "HEAD")
    code, status, reason = again(project)
    assert (code, status) == (4, "pending")
    assert reason.startswith(f"{amended[:10]} says that it brings the fix, but ")
