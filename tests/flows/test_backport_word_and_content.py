"""What a commit, a merge or the logbook says of a fix counts only where the content of the target bears it out."""

from __future__ import annotations

import pytest
from building import APP, FIX, Project
from proofs import rest_slow
from sandbox import Answer, Repo

OLD = "release/1.0"
TWO = FIX.replace("value_25 = 25", 'value_25 = "twenty-five"')
MORE = FIX.replace("value_25", "check_the_limit()\nvalue_25")


def backport(project: Project, *arguments: str) -> Answer:
    return project.clone.hotfix("backport", "4711", *arguments, "--format", "json")


def told(answer: Answer, branch: str = OLD) -> tuple[int, str, str]:
    [found] = [each for each in answer.json["targets"] if each["ref"] == f"refs/heads/{branch}"]
    return answer.code, found["status"], found["reason"]


def on_the_old_line(project: Project, words: str, text: str, own: str = APP) -> str:
    """A colleague's commit on release/1.0, whose app.py is `own` before it and `text` with it."""
    clone = project.clone
    if f"refs/heads/{OLD}" not in project.remote.refs("refs/heads/"):
        clone.branch(OLD, "v1.4.1", "an old line", {"app.py": own, "old.txt": "kept\n"})
    other = Repo(project.root / "other", project.dates, clone.environment)
    if not other.path.exists():
        project.another_clone("other")
    other.git("fetch", "-q", "origin")
    other.git("switch", "-q", "--detach", f"origin/{OLD}")
    made = other.commit(words, {"app.py": text})
    other.git("push", "-q", "--no-verify", "origin", f"HEAD:refs/heads/{OLD}")
    clone.git("fetch", "-q")
    return made


def picked(*commits: str) -> str:
    return "both\n\n" + "".join(f"(cherry picked from commit {oid})\n" for oid in commits)


@pytest.mark.parametrize("second", rest_slow([TWO, MORE]))
def test_a_commit_that_names_two_and_brings_one(fixed: Project, second: str) -> None:
    """The other one stays open, also where it only adds a line; its name brings just that."""
    clone, remote = fixed.clone, fixed.remote
    first, other = clone.tip("HEAD"), clone.commit("a second part", {"app.py": second})
    made = on_the_old_line(fixed, picked(first, other), FIX)
    reason = f"{made[:10]} says that it brings the fix, but has nothing of {other[:10]}"
    assert told(clone.hotfix("finish", "--format", "json")) == (4, "pending", reason)
    assert told(backport(fixed)) == (4, "pending", reason)
    assert remote.tip(OLD) == made
    assert told(backport(fixed, "--to", OLD))[:2] == (0, "merged")
    assert (remote.subjects(f"{made}..{OLD}"), remote.tree(OLD)["app.py"]) == (["a second part"], second)
    assert told(backport(fixed))[:2] == (0, "already")


@pytest.mark.slow
@pytest.mark.parametrize(
    ("own", "text"),
    [
        (APP, TWO),
        (APP.replace("value_25 = 25", "VALUE_25 = 25"), TWO.replace("value_25", "VALUE_25")),
        (APP.replace("value_25 = 25\n", ""), FIX.replace("value_25 = 25\n", "")),
    ],
)
def test_a_commit_that_names_two_and_brings_both(fixed: Project, own: str, text: str) -> None:
    """As they are, solved by hand, and where the second one has no place."""
    clone = fixed.clone
    first, other = clone.tip("HEAD"), clone.commit("a second part", {"app.py": TWO})
    made = on_the_old_line(fixed, picked(first, other), text, own)
    assert told(clone.hotfix("finish", "--format", "json")) == (0, "already", f"cherry-picked as {made[:10]}")


@pytest.mark.slow
def test_a_commit_that_names_a_step_that_a_later_one_takes_back(fixed: Project) -> None:
    """Of a fix whose second commit is replaced by its third, a squash has the end."""
    clone = fixed.clone
    steps = [clone.tip("HEAD"), clone.commit("a try", {"app.py": TWO}), clone.commit("not so", {"app.py": FIX})]
    made = on_the_old_line(fixed, picked(*steps), FIX)
    assert told(clone.hotfix("finish", "--format", "json")) == (0, "already", f"cherry-picked as {made[:10]}")


@pytest.mark.slow
def test_a_pick_that_changes_other_lines_of_the_same_file(fixed: Project) -> None:
    tip = fixed.clone.tip("HEAD")
    made = on_the_old_line(fixed, picked(tip), APP.replace("value_3 = 3", "value_3 = 33"))
    reason = f"{made[:10]} says that it brings the fix, but does not change what the fix changes"
    assert told(fixed.clone.hotfix("finish", "--format", "json")) == (4, "pending", reason)
