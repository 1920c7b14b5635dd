"""A fix that deletes a file, and targets that call it otherwise: git finds nothing there to delete."""

from __future__ import annotations

import pytest
from building import APP, FIX, Project
from proofs import rest_slow
from sandbox import Answer

HOLE = "".join(f"def hole_{number}():\n    return {number}\n\n\n" for number in range(20))
# Fewer than half of its bytes are left: no rename to git.
ANEW = (
    "".join(f"def hole_{number}(request):\n    return [{number}, request]\n\n\n" for number in range(12)) + HOLE[-350:]
)
STEP = HOLE.replace("return ", "return 0 + ")


def backport(project: Project, *arguments: str) -> Answer:
    return project.clone.hotfix("backport", "4711", *arguments, "--format", "json")


def told(answer: Answer, branch: str) -> tuple[int, str, str]:
    [found] = [each for each in answer.json["targets"] if each["ref"] == f"refs/heads/{branch}"]
    return answer.code, found["status"], found["reason"]


def released(project: Project) -> None:
    clone = project.clone
    clone.git("switch", "-q", "main")
    clone.commit("a hole", {"hole.py": HOLE})
    clone.tag("v1.4.3")
    clone.git("push", "-q", "--no-verify", "origin", "main")


@pytest.mark.parametrize("way", rest_slow([("feature/a", "a merge"), ("release/1.0", "a pick")]))
def test_a_target_that_renamed_and_rewrote_what_the_fix_deletes(project: Project, way: tuple[str, str]) -> None:
    """A human decides; the exact name says that the fix is there as it is."""
    branch, how = way
    released(project)
    clone = project.clone
    clone.branch(branch, "v1.4.3", "written anew", {"hole.py": None, "door.py": ANEW})
    if how == "a pick":
        clone.commit("release", {"more.py": "one = 1\n"})
        clone.git("push", "-q", "--no-verify", "origin", "main")
        clone.tag("v1.4.4")
    assert clone.hotfix("start", "4711").code == 0
    clone.commit("fix", {"hole.py": None})
    reason = "the fix deletes hole.py, which is probably door.py there"
    assert told(clone.hotfix("finish", "--format", "json"), branch) == (4, "pending", reason)
    assert told(backport(project), branch) == (4, "pending", reason)
    assert told(backport(project, "--to", branch), branch)[1] == "already"
    assert told(backport(project), branch)[:2] == (0, "already")


@pytest.mark.slow
def test_a_file_that_was_renamed_and_rewritten_step_by_step(project: Project) -> None:
    """Of what it was nothing is left; each commit tells. The rest of the fix waits with it, until its name is given."""
    released(project)
    clone = project.clone
    clone.branch("feature/a", "v1.4.3", "move it", {"hole.py": None, "door.py": HOLE})
    for text in (STEP, "door = 1\n"):
        clone.git("fetch", "-q")
        clone.branch("feature/a", "origin/feature/a", "work", {"door.py": text})
    assert clone.hotfix("start", "4711").code == 0
    clone.commit("fix", {"hole.py": None, "app.py": FIX})
    reason = "the fix deletes hole.py, which is probably door.py there"
    assert told(clone.hotfix("finish", "--format", "json"), "feature/a") == (4, "pending", reason)
    assert told(backport(project, "--to", "feature/a"), "feature/a")[1] == "merged"
    assert project.remote.tree("feature/a")["app.py"] == FIX


@pytest.mark.slow
@pytest.mark.parametrize(
    ("files", "status"),
    [
        ({"hole.py": None}, "already"),
        ({"hole.py": None, "door.py": APP}, "already"),
        ({"hole.py": None, "door.py": HOLE.replace("hole_1(", "door_1(")}, "conflict"),
    ],
)
def test_a_target_that_has_no_such_file_any_more(project: Project, files: dict[str, str | None], status: str) -> None:
    """It deleted the file as the fix does; or git sees that it was renamed."""
    released(project)
    project.clone.branch("feature/a", "v1.4.3", "work", files)
    assert project.clone.hotfix("start", "4711").code == 0
    project.clone.commit("fix", {"hole.py": None})
    assert told(project.clone.hotfix("finish", "--format", "json"), "feature/a")[1] == status
