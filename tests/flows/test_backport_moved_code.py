"""Code that moved: a fix that stands under another name, lines of it that stand elsewhere, lines that stood before."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from building import APP, FIX, Project
from proofs import rest_slow
from sandbox import Answer, Repo

OLD = "feature/a"
NOTES = "# 1.0\n- first\n"
MOVED = "def limit(value: int) -> int:\n    return min(value, LARGEST_VALUE_EVER)\n"


def told(answer: Answer, branch: str = OLD) -> tuple[int, str, str, str]:
    [found] = [each for each in answer.json["targets"] if each["ref"] == f"refs/heads/{branch}"]
    return answer.code, found["strategy"], found["status"], found["reason"]


def backport(project: Project, *arguments: str) -> Answer:
    return project.clone.hotfix("backport", "4711", *arguments, "--format", "json")


def colleague(project: Project, subject: str, files: dict[str, str | None]) -> str:
    """A commit on the target, pushed by somebody else."""
    other = Repo(project.root / "other", project.dates, project.clone.environment)
    if not other.path.exists():
        project.another_clone("other")
    other.git("fetch", "-q", "origin", "+refs/heads/*:refs/remotes/origin/*")
    other.git("switch", "-q", "--detach", f"origin/{OLD}")
    made = other.commit(subject, files)
    other.git("push", "-q", "origin", f"HEAD:refs/heads/{OLD}")
    return made


def after_a_move(project: Project, *, more: bool = False) -> Answer:
    """app.py is src/app.py in the release; the target is older, and its changelog goes its own way. The finish."""
    clone = project.clone
    clone.git("switch", "-q", "main")
    clone.commit("a changelog", {"CHANGELOG.md": NOTES})
    clone.tag("v1.4.3")
    clone.branch(OLD, "HEAD", "own", {"own.txt": "own\n"})
    text = {"src/more.py": "one = 1\n"} if more else {}
    clone.commit("move it", {"app.py": None, "src/app.py": APP, "CHANGELOG.md": f"# 2.0\n- moved\n\n{NOTES}", **text})
    clone.git("push", "-q", "--no-verify", "origin", "main")
    clone.tag("v1.5.0")
    assert clone.hotfix("start", "4711").code == 0
    text = {"src/more.py": "one = 2\n"} if more else {}
    notes = f"# 2.0.1\n- fixed\n\n# 2.0\n- moved\n\n{NOTES}"
    clone.commit("fix", {"src/app.py": FIX, "CHANGELOG.md": notes, **text})
    return clone.hotfix("finish", "--format", "json")


@pytest.mark.parametrize("later", rest_slow([FIX.replace('= "fifteen"', "= 'fifteen'"), FIX, APP]))
def test_a_pick_under_an_older_name_is_known_again(project: Project, later: str) -> None:
    """Also when the line was written anew there; and taken out it is told."""
    assert told(after_a_move(project))[1:3] == ("cherry-pick", "merged")
    picked = project.remote.tip(OLD)
    assert project.remote.tree(OLD)["app.py"] == FIX
    if later != FIX:
        colleague(project, "later", {"app.py": later})
    again = backport(project)
    if later == APP:
        assert told(again) == (4, "cherry-pick", "reverted", "it had the fix, and it was taken out")
    else:
        assert told(again)[1:] == ("cherry-pick", "already", f"cherry-picked as {picked[:10]}"), again.err
        assert "lines are kept" not in project.clone.hotfix("backport", "4711").out


@pytest.mark.slow
def test_a_pick_that_was_solved_under_an_older_name_is_known_again(project: Project) -> None:
    assert told(after_a_move(project, more=True))[2] == "conflict"
    assert backport(project, "--resolve", OLD).code == 0
    project.at("clone-resolve-feature-a").git("rm", "-q", "src/more.py")
    assert told(backport(project, "--continue"))[2:] == ("merged", "resolved by hand")
    assert told(backport(project))[1:] == (
        "cherry-pick", "already", f"cherry-picked as {project.remote.tip(OLD)[:10]}",
    )  # fmt: skip


def with_lines(project: Project, added: str) -> str:
    """A fix that only adds lines is on all targets; the pick on the old one."""
    clone = project.clone
    clone.branch(OLD, "v1.4.1", "own", {"own.py": "own = 1\n"})
    assert clone.hotfix("start", "4711").code == 0
    clone.commit("fix", {"app.py": APP.replace("value_15", f"{added}value_15")})
    assert clone.hotfix("finish").code == 0
    return project.remote.tip(OLD)


@pytest.mark.slow
@pytest.mark.parametrize(
    "case",
    rest_slow([
        ("check_limit()\n", {"app.py": APP.replace("value_3 ", "check_limit()\nvalue_3 ")}),
        ("check_limit()\n", {"app.py": APP.replace("value_3 ", "if 1:\n    check_limit()\nvalue_3 ")}),
        (MOVED, {"app.py": APP, "limits.py": MOVED}),
        (MOVED, {"app.py": APP, "own.py": f"own = 1\n{MOVED}"}),
    ]),
)  # fmt: skip
def test_a_line_that_was_moved_is_not_taken_out(project: Project, case: tuple[str, dict[str, str | None]]) -> None:
    added, files = case
    picked = with_lines(project, added)
    colleague(project, "move it", files)
    assert told(backport(project))[1:] == ("cherry-pick", "already", f"cherry-picked as {picked[:10]}")


@pytest.mark.slow
@pytest.mark.parametrize(
    "case",
    rest_slow([
        ("value_1 = 1\n", {"app.py": f"value_1 = 1\n{APP}"}),
        ("check_limit()\n", {"app.py": APP, "own.py": "own = 1\ncheck_limit()\n"}),
        (MOVED, {"app.py": APP, "limits.py": MOVED.splitlines()[0]}),
    ]),
)  # fmt: skip
def test_a_line_that_stands_elsewhere_by_chance_was_taken_out(
    project: Project, case: tuple[str, dict[str, str | None]]
) -> None:
    """It stood there before, or says too little, or is not all of it: a human decides, and is told both ways."""
    added, files = case
    with_lines(project, added)
    colleague(project, "take it out", files)
    assert told(backport(project)) == (4, "cherry-pick", "reverted", "it had the fix, and it was taken out")
    lines = project.clone.hotfix("backport", "4711").out.splitlines()
    assert lines[lines.index("left to do:") + 1 :][:3] == [
        f"  {OLD}: it had the fix, and it was taken out",
        f"    git hotfix backport 4711 --to {OLD}",
        f"    to leave it out: git hotfix backport 4711 --skip {OLD} --reason 'it needs no fix'",
    ]


def draft(project: Project, draft: str, fix: str, *, start: str = "v1.4.1") -> Answer:
    """A target has a draft of the lines that the fix adds; the finish."""
    clone = project.clone
    clone.branch(OLD, start, "a draft", {"app.py": draft})
    assert clone.hotfix("start", "4711").code == 0
    clone.commit("fix", {"app.py": fix})
    return clone.hotfix("finish", "--format", "json")


@pytest.mark.slow
@pytest.mark.parametrize("start", rest_slow(["v1.4.1", "v1.4.2"]))
def test_lines_that_a_target_has_already_are_not_brought_a_second_time(project: Project, start: str) -> None:
    """By a pick or a merge; its exact name brings them."""
    before = APP.replace("value_3 ", f"{MOVED}value_3 ")
    answer = draft(project, before, APP.replace("value_25", f"{MOVED}value_25"), start=start)
    there = project.remote.tip(OLD)
    reason = "app.py already has the lines that the fix adds"
    assert told(answer)[2:] == ("pending", reason)
    assert told(backport(project))[2:] == ("pending", reason)
    assert (project.remote.tip(OLD), project.remote.tree(OLD)["app.py"]) == (there, before)
    assert f"--skip {OLD} " in project.clone.hotfix("backport", "4711").out
    assert told(backport(project, "--to", OLD))[2] == "merged"
    assert project.remote.tree(OLD)["app.py"].count(MOVED) == 2


@pytest.mark.slow
@pytest.mark.parametrize(
    ("before", "added", "removed"),
    [
        (APP.replace("value_3 ", "value_1 = 1\nvalue_3 "), "value_1 = 1\n", ""),
        (APP.replace("value_3 ", f"{MOVED}value_3 "), f"{MOVED}print(limit(3))\n", ""),
        (APP.replace("value_3 ", f"{MOVED}value_3 "), MOVED, "value_25 = 25\n"),
    ],
)
def test_a_fix_that_does_more_than_repeat_lines_is_delivered(
    project: Project, before: str, added: str, removed: str
) -> None:
    """A line that stood in the file before it, a line more, a line less."""
    fix = APP.replace("value_25", f"{added}value_25").replace(removed or "\0", "")
    assert told(draft(project, before, fix))[2] == "merged"


def test_no_target_that_took_the_fix_out_costs_a_process(fixed: Project, tmp_path: Path) -> None:
    """Also where other files changed with that, in which its lines could stand now."""
    clone = fixed.clone
    clone.commit("say why", {"app.py": FIX.replace('"fifteen"', '"fifteen is the limit of it all"')})
    fix = clone.tip("hotfix/4711")
    assert clone.hotfix("finish", "--no-backport").code == 0
    for group, number in [("few", 2), ("many", 7)]:
        for each in range(number):
            clone.git("switch", "-q", "--detach", "v1.4.1")
            clone.git("cherry-pick", "-x", f"v1.4.2..{fix}")
            clone.commit("take it out", {"app.py": APP, "own.py": f"own = {each}\n"})
            clone.git("push", "-q", "--no-verify", "origin", f"HEAD:refs/heads/{group}/{each}")
    gits = {}
    for group, number in [("few", 2), ("many", 7)]:
        folder = tmp_path / group
        folder.mkdir()
        told = ("backport", "4711", "--to", f"{group}/*", "--dry-run", "--format", "json")
        answer = clone.hotfix(*told, env={"GIT_TRACE2_EVENT": str(folder)})
        assert [each["status"] for each in answer.json["targets"]] == ["reverted"] * number
        sessions = [json.loads(file.read_text().partition("\n")[0])["sid"] for file in folder.iterdir()]
        gits[group] = sum("/" not in each for each in sessions)
    assert gits["few"] == gits["many"] > 10
