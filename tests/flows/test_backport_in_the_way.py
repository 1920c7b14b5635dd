"""A conflict that leaves nothing unmerged: a file lies where the target's move of its folder would put a new one."""

from __future__ import annotations

import pytest
from building import Project

LIBRARY = {f"lib/{name}.txt": "".join(f"{name} {line}\n" for line in range(20)) for name in "abc"}
MOVED = {**dict.fromkeys(LIBRARY), **{name.replace("lib", "moved"): text for name, text in LIBRARY.items()}}
FIX = {"lib/new.txt": "the library's\n", "moved/new.txt": "another one\n"}
KIND = "file in way of directory rename"


@pytest.fixture
def moved(project: Project) -> Project:
    """A hotfix that adds a file to a folder, and one where a branch moved that folder to."""
    clone = project.clone
    clone.git("switch", "-q", "main")
    clone.commit("a library", dict(LIBRARY))
    clone.git("push", "-q", "origin", "main")
    clone.tag("v1.4.3")
    clone.branch("feature/moved", "v1.4.3", "move it", MOVED)
    assert clone.hotfix("start", "4711").code == 0
    clone.commit("fix", dict(FIX))
    return project


def test_the_report_names_what_lies_there(moved: Project) -> None:
    answer = moved.clone.hotfix("finish", "--dry-run", "--format", "json")
    [found] = [each for each in answer.json["targets"] if each["ref"] == "refs/heads/feature/moved"]
    assert (found["strategy"], found["status"]) == ("merge", "conflict")
    assert found["conflicts"] == [{"path": "moved/new.txt", "kind": KIND}, {"path": "lib/new.txt", "kind": KIND}]


@pytest.mark.slow
def test_it_is_opened_and_taken(moved: Project) -> None:
    """git has merged all files and stops to be told where they belong."""
    clone, remote = moved.clone, moved.remote
    old = remote.tree("feature/moved")
    assert clone.hotfix("finish").code == 4
    answer = clone.hotfix("backport", "4711", "--resolve", "feature/moved")
    there = moved.at("clone-resolve-feature-moved")
    assert (answer.code, answer.out) == (0, f"""\
feature/moved is open in {there.path}
  moved/new.txt: {KIND}
  lib/new.txt: {KIND}
next: solve it there, git add the files, then: git hotfix backport 4711 --continue
"""), answer.err  # fmt: skip
    there.git("mv", "lib/new.txt", "moved/library-new.txt")
    done = clone.hotfix("backport", "4711", "--continue", "--format", "json")
    assert done.targets["feature/moved"] == ("merge", "merged"), done.err
    assert remote.tree("feature/moved") == {
        **old, "moved/new.txt": FIX["moved/new.txt"], "moved/library-new.txt": FIX["lib/new.txt"],
    }  # fmt: skip
