"""A conflict that was solved once is solved alike on every other target, in memory, and never where it differs."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from building import APP, FIX, TARGETS, Project
from proofs import rest_slow
from sandbox import Answer, Repo

CLASH = APP.replace("value_15 = 15", "value_15 = 0")
SOLVED = APP.replace("value_15 = 15", 'value_15 = "zero"')
ELSEWHERE = "\n# the end\n"  # a change of a branch that is not in conflict


def clash(project: Project, name: str, start: str = "develop", text: str = CLASH) -> str:
    return project.clone.branch(name, start, f"clash of {name}", {"app.py": text})


def finish(project: Project, *options: str) -> Answer:
    return project.clone.hotfix("finish", "--format", "json", *options)


def backport(project: Project, *options: str) -> Answer:
    return project.clone.hotfix("backport", "4711", "--format", "json", *options)


def opened(project: Project, name: str) -> Repo:
    assert project.clone.hotfix("backport", "4711", "--resolve", name).code == 0
    return project.at(f"clone-resolve-{name.replace('/', '-')}")


def solve(there: Repo, files: dict[str, str]) -> None:
    for name, text in files.items():
        (there.path / name).write_bytes(text.encode("utf-8", "surrogateescape"))
        there.git("add", name)


def solved_by_user(project: Project, branch: str, files: dict[str, str], *, push: bool = False) -> None:
    """The user merges by hand with rerere on, which records what they make of it, in a clone that stays as it was."""
    clone = project.clone
    here = clone.git("rev-parse", "--abbrev-ref", "HEAD")
    clone.git("config", "rerere.enabled", "true")
    clone.git("switch", "-q", "--detach", f"origin/{branch}")
    clone.git("merge", "-q", "hotfix/4711", check=False)
    solve(clone, files)
    clone.git("commit", "-q", "-m", "by hand")
    if push:
        clone.git("push", "-q", "origin", f"HEAD:refs/heads/{branch}")
    clone.git("switch", "-q", here)
    assert list((clone.path / ".git" / "rr-cache").glob("*/postimage"))


def cached(clone: Repo) -> dict[str, bytes]:
    """The user's rr-cache, byte for byte."""
    top = clone.path / ".git" / "rr-cache"
    return {str(file.relative_to(top)): file.read_bytes() for file in sorted(top.rglob("*")) if file.is_file()}


def of(answer: Answer, name: str) -> tuple[str, str | None, list[dict[str, str]]]:
    [found] = [each for each in answer.json["targets"] if each["ref"] == f"refs/heads/{name}"]
    return found["status"], found["resolved_by"], found["conflicts"]


def as_git_does(project: Project, tip: str, source: str) -> dict[str, str]:
    """What a real merge in a checkout gives, with the user's rerere on."""
    there = project.another_clone("referee")
    shutil.copytree(project.clone.path / ".git" / "rr-cache", there.path / ".git" / "rr-cache")
    there.git("config", "rerere.enabled", "true")
    there.git("config", "rerere.autoupdate", "true")
    there.git("fetch", "-q", str(project.clone.path), source)
    there.git("switch", "-q", "--detach", tip)
    there.git("merge", "-q", "--no-commit", source, check=False)
    assert there.git("ls-files", "--unmerged") == ""
    return there.tree(there.git("write-tree"))


RESOLVED = [{"path": "app.py", "kind": "content", "resolved_by": "rerere"}]
OPEN = [{"path": "app.py", "kind": "content"}]


def test_one_is_solved_and_the_others_follow(fixed: Project) -> None:
    clone, remote = fixed.clone, fixed.remote
    names = ["feature/a", "feature/b", "feature/c"]
    tips = {name: clash(fixed, name, start) for name, start in zip(names, ["develop", "main", "develop"], strict=True)}
    tips["feature/c"] = clash(fixed, "feature/c2", "develop", CLASH + ELSEWHERE)
    assert finish(fixed).code == 4
    solve(opened(fixed, "feature/a"), {"app.py": SOLVED})
    before, tip = clone.snapshot(), clone.tip("hotfix/4711")
    done = backport(fixed, "--continue")
    assert done.code == 0, done.err
    assert of(done, "feature/a") == ("merged", None, [])
    for name in ("feature/b", "feature/c", "feature/c2"):
        assert of(done, name) == ("merged", "rerere", RESOLVED)
        assert remote.parents(name)[1] == tip
    assert remote.tree("feature/b") == {**remote.tree(tips["feature/b"]), "app.py": SOLVED}
    assert remote.tree("feature/c2")["app.py"] == SOLVED + ELSEWHERE
    after = clone.snapshot()
    assert (after.files, after.index, after.config) == (before.files, before.index, before.config)
    assert not (clone.path / ".git" / "rr-cache").exists()


@pytest.mark.parametrize("pushed", [True, False])
@pytest.mark.slow
def test_what_the_user_solved_by_hand(fixed: Project, pushed: bool) -> None:
    """Their rr-cache is read and stays as it is, and the result is git's own."""
    clone, remote = fixed.clone, fixed.remote
    clash(fixed, "feature/a")
    tip = clash(fixed, "feature/b", "main", CLASH + ELSEWHERE)
    clone.git("fetch", "-q")
    solved_by_user(fixed, "feature/a", {"app.py": SOLVED}, push=pushed)
    kept, before = cached(clone), clone.snapshot()
    expected = as_git_does(fixed, tip, clone.tip("hotfix/4711"))
    planned = finish(fixed, "--dry-run")
    assert of(planned, "feature/b") == ("merged", "rerere", RESOLVED)
    assert (cached(clone), clone.snapshot()) == (kept, before)
    done = finish(fixed)
    assert done.code == 0, done.err
    assert of(done, "feature/a") == (("already", None, []) if pushed else ("merged", "rerere", RESOLVED))
    assert of(done, "feature/b") == ("merged", "rerere", RESOLVED)
    assert remote.tree("feature/b") == expected == {**remote.tree(tip), "app.py": SOLVED + ELSEWHERE}
    assert cached(clone) == kept
    assert clone.snapshot().files == before.files


@pytest.mark.slow
def test_the_users_rerere_is_not_told_of_ours(fixed: Project) -> None:
    """With rerere on, a conflict that is solved in our worktree leaves their rr-cache as it was."""
    clone = fixed.clone
    clash(fixed, "feature/a")
    clone.git("config", "rerere.enabled", "true")
    (clone.path / ".git" / "rr-cache").mkdir()
    assert finish(fixed).code == 4
    solve(opened(fixed, "feature/a"), {"app.py": SOLVED})
    assert backport(fixed, "--continue").code == 0
    assert cached(clone) == {}


@pytest.mark.slow
def test_no_rerere(fixed: Project) -> None:
    clone = fixed.clone
    clash(fixed, "feature/a")
    clash(fixed, "feature/b")
    clone.git("fetch", "-q")
    solved_by_user(fixed, "feature/a", {"app.py": SOLVED})
    there = fixed.remote.refs()
    planned = finish(fixed, "--dry-run", "--no-rerere")
    assert (of(planned, "feature/a"), of(planned, "feature/b")) == (("conflict", None, OPEN), ("conflict", None, OPEN))
    done = finish(fixed, "--no-rerere")
    assert done.code == 4
    assert of(done, "feature/b") == ("conflict", None, OPEN)
    assert fixed.remote.tip("feature/b") == there["refs/heads/feature/b"]
    solve(opened(fixed, "feature/a"), {"app.py": SOLVED})
    going_on = backport(fixed, "--continue", "--no-rerere")
    assert of(going_on, "feature/b") == ("conflict", None, OPEN)
    assert not (clone.path / ".git" / "hotfix" / "rr-cache").exists()


@pytest.mark.slow
def test_show_prints_the_hunks(fixed: Project) -> None:
    clone = fixed.clone
    clash(fixed, "feature/a")
    clash(fixed, "feature/b")
    clone.git("fetch", "-q")
    solved_by_user(fixed, "feature/a", {"app.py": SOLVED})
    hunks = (
        "@@ -13,9 +13,5 @@\n value_13 = 13\n value_14 = 14\n-<<<<<<< target\n-value_15 = 0\n-=======\n"
        '-value_15 = "fifteen"\n->>>>>>> fix\n+value_15 = "zero"\n value_16 = 16\n value_17 = 17\n'
    )
    planned = finish(fixed, "--dry-run", "--show")
    assert of(planned, "feature/a")[2] == [{**RESOLVED[0], "hunks": hunks}]
    text = clone.hotfix("finish", "--dry-run", "--show").out
    shown = "app.py: a solution from before was used in feature/a, feature/b\n"
    assert shown + "".join(f"    {line}\n" for line in hunks.splitlines()) in text
    quiet = clone.hotfix("finish", "--dry-run").out
    assert shown in quiet
    assert "@@" not in quiet


@pytest.mark.slow
@pytest.mark.parametrize("whose", rest_slow(["ours", "the user's"]))
def test_one_byte_makes_another_conflict(fixed: Project, whose: str) -> None:
    clash(fixed, "feature/a")
    other = clash(fixed, "feature/b", "develop", CLASH.replace("value_15 = 0", "value_15 = 0 "))
    fixed.clone.git("fetch", "-q")
    if whose == "ours":
        assert finish(fixed).code == 4
        solve(opened(fixed, "feature/a"), {"app.py": SOLVED})
        done = backport(fixed, "--continue")
    else:
        solved_by_user(fixed, "feature/a", {"app.py": SOLVED})
        done = finish(fixed)
    assert done.code == 4
    assert of(done, "feature/a")[0] == "merged"
    assert of(done, "feature/b") == ("conflict", None, OPEN)
    assert fixed.remote.tip("feature/b") == other


@pytest.mark.slow
@pytest.mark.parametrize("whose", rest_slow(["ours", "the user's"]))
def test_another_file_with_the_same_hunk(fixed: Project, whose: str) -> None:
    """rerere's own name for a conflict knows no path: a copy of the file would be solved by what was meant for it."""
    clone = fixed.clone
    clone.git("switch", "-q", "hotfix/4711")
    clone.commit("the same in a copy", {"copy.txt": FIX})
    clash(fixed, "feature/a")
    other = clone.branch("feature/b", "develop", "a copy of their own", {"copy.txt": CLASH})
    clone.git("fetch", "-q")
    if whose == "ours":
        assert finish(fixed).code == 4
        solve(opened(fixed, "feature/a"), {"app.py": SOLVED})
        done = backport(fixed, "--continue")
    else:
        solved_by_user(fixed, "feature/a", {"app.py": SOLVED}, push=True)
        done = finish(fixed)
    assert done.code == 4
    status, by, conflicts = of(done, "feature/b")
    assert (status, by, [each["path"] for each in conflicts]) == ("conflict", None, ["copy.txt"])
    assert fixed.remote.tip("feature/b") == other


@pytest.mark.slow
def test_a_cherry_pick_is_solved_alike(fixed: Project) -> None:
    clone, remote = fixed.clone, fixed.remote
    tips = {name: clash(fixed, name, "v1.4.1") for name in ("release/1.0", "release/1.1")}
    first = clone.tip("hotfix/4711")
    assert finish(fixed).code == 4
    solve(opened(fixed, "release/1.0"), {"app.py": SOLVED})
    done = backport(fixed, "--continue")
    assert done.code == 0, done.err
    assert done.targets["release/1.1"] == ("cherry-pick", "merged")
    assert of(done, "release/1.1") == ("merged", "rerere", RESOLVED)
    assert remote.parents("release/1.1") == [tips["release/1.1"]]
    assert remote.tree("release/1.1") == {"README.md": "an app\n", "app.py": SOLVED}
    assert f"(cherry picked from commit {first})" in remote.git("log", "-1", "--format=%B", "release/1.1")


@pytest.mark.slow
def test_add_add_crlf_and_odd_names(fixed: Project) -> None:
    """All of one merge has to be settled; what is between lines can be, whatever the file is called."""
    clone, remote = fixed.clone, fixed.remote
    odd = 'dir/a "b"\n\tü\\.txt'
    clone.git("config", "core.autocrlf", "false")
    clone.git("switch", "-q", "hotfix/4711")
    clone.commit("new files", {odd: "one\r\nfix\r\n", "new.txt": "fix\n"})
    for name in ("feature/a", "feature/b"):
        clone.branch(name, "develop", "their own", {odd: "one\r\ntheirs\r\n", "new.txt": "theirs\n", f"{name}.txt": ""})
    assert finish(fixed).code == 4
    solve(opened(fixed, "feature/a"), {odd: "one\r\nboth\r\n", "new.txt": "both\n"})
    done = backport(fixed, "--continue")
    assert done.code == 0, done.err
    status, by, conflicts = of(done, "feature/b")
    assert (status, by, {each["path"]: (each["kind"], each["resolved_by"]) for each in conflicts}) == (
        "merged", "rerere", {odd: ("content", "rerere"), "new.txt": ("content", "rerere")},
    )  # fmt: skip
    assert remote.tree("feature/b")[odd] == "one\r\nboth\r\n"
    assert remote.tree("feature/b")["new.txt"] == "both\n"


@pytest.mark.parametrize("kind", rest_slow(["modify/delete", "binary"]))
@pytest.mark.slow
def test_more_than_lines_stays_a_conflict(fixed: Project, kind: str) -> None:
    """One file is known, the other is no matter of lines: the target waits for a human."""
    clone = fixed.clone
    clone.git("switch", "-q", "hotfix/4711")
    clone.commit("and this", {"README.md": "fixed\n"} if kind == "modify/delete" else {"blob": "a\0b\n"})
    clash(fixed, "feature/a")
    theirs = {"app.py": CLASH, **({"README.md": None} if kind == "modify/delete" else {"blob": "c\0d\n"})}
    clone.branch("feature/b", "develop", "more", theirs)
    assert finish(fixed).code == 4
    solve(opened(fixed, "feature/a"), {"app.py": SOLVED})
    done = backport(fixed, "--continue")
    assert done.code == 4
    assert of(done, "feature/a")[0] == "merged"
    status, by, conflicts = of(done, "feature/b")
    assert (status, by) == ("conflict", None)
    assert kind.partition("/")[0] in {each["kind"].partition("/")[0] for each in conflicts} or kind == "binary"


@pytest.mark.slow
def test_what_a_human_is_at_waits_for_them(fixed: Project) -> None:
    clash(fixed, "feature/a")
    tip = clash(fixed, "feature/b")
    assert finish(fixed).code == 4
    first, second = opened(fixed, "feature/a"), opened(fixed, "feature/b")
    solve(first, {"app.py": SOLVED})
    done = backport(fixed, "--continue")
    assert (done.code, of(done, "feature/b")) == (4, ("conflict", None, OPEN))
    assert fixed.remote.tip("feature/b") == tip
    assert second.git("ls-files", "--unmerged") != ""
    aborted = fixed.clone.hotfix("backport", "4711", "--abort")
    assert aborted.code == 0
    assert of(backport(fixed), "feature/b") == ("merged", "rerere", RESOLVED)


@pytest.mark.slow
def test_the_newest_word_counts(fixed: Project) -> None:
    """Who solves the same conflict again, differently, has corrected themselves."""
    for name in ("feature/a", "feature/b"):
        clash(fixed, name)
    assert finish(fixed).code == 4
    one, two = opened(fixed, "feature/a"), opened(fixed, "feature/b")
    solve(one, {"app.py": SOLVED})
    assert backport(fixed, "--continue").code == 4
    solve(two, {"app.py": FIX})
    assert backport(fixed, "--continue").code == 0
    clash(fixed, "feature/c", "v1.4.2")
    done = fixed.clone.hotfix("backport", "v1.4.3", "--format", "json")
    assert of(done, "feature/c") == ("merged", "rerere", RESOLVED)
    assert fixed.remote.tree("feature/c")["app.py"] == FIX


@pytest.mark.slow
def test_a_broken_memory_is_no_memory(fixed: Project) -> None:
    """Files of ours that are cut off or no files stop nothing and solve nothing."""
    clash(fixed, "feature/a")
    clash(fixed, "feature/b")
    assert finish(fixed).code == 4
    solve(opened(fixed, "feature/a"), {"app.py": SOLVED})
    assert backport(fixed, "--continue", "--to", "feature/a").code == 0
    [file] = (fixed.clone.path / ".git" / "hotfix" / "rr-cache").rglob("*.resolution")
    whole = file.read_bytes()
    for content in (b"", b"{}\n", b"[1]\nx", b'{"path": "app.py", "before": 99999}\nx', whole[:40]):
        file.write_bytes(content)
        assert of(backport(fixed, "--dry-run"), "feature/b") == ("conflict", None, OPEN)
    file.write_bytes(whole)
    assert of(backport(fixed, "--dry-run"), "feature/b") == ("merged", "rerere", RESOLVED)


@pytest.mark.slow
def test_a_dry_run_leaves_nothing(fixed: Project) -> None:
    clone = fixed.clone
    clash(fixed, "feature/a")
    clash(fixed, "feature/b")
    clone.git("fetch", "-q")
    solved_by_user(fixed, "feature/a", {"app.py": SOLVED})
    before = clone.everything()
    assert of(finish(fixed, "--dry-run"), "feature/b") == ("merged", "rerere", RESOLVED)
    assert clone.everything() == before
    assert list(Path(fixed.private_git_dir).iterdir()) == []


@pytest.mark.slow
def test_other_targets_are_as_ever(fixed: Project) -> None:
    clash(fixed, "feature/a")
    done = finish(fixed)
    assert {name: of(done, name)[:2] for name in TARGETS} == dict.fromkeys(TARGETS, ("merged", "merge"))


@pytest.mark.parametrize("way", [["--continue"], ["--abort"], ["--resolve", "feature/a"], ["--skip", "feature/a"]])
@pytest.mark.slow
def test_a_dry_run_solves_nothing(fixed: Project, way: list[str]) -> None:
    clash(fixed, "feature/a")
    assert finish(fixed).code == 4
    solve(opened(fixed, "feature/a"), {"app.py": SOLVED})
    before, there = fixed.clone.everything(), fixed.remote.refs()
    answer = backport(fixed, "--dry-run", *way)
    assert (answer.code, fixed.clone.everything(), fixed.remote.refs()) == (2, before, there)


@pytest.mark.slow
def test_who_touched_the_file_since_they_parted(fixed: Project) -> None:
    """The newest five commits of the target, and none that the hotfix has too."""
    clone = fixed.clone
    clash(fixed, "feature/a")
    clone.git("switch", "-q", "--detach", "origin/feature/a")
    for number in range(1, 7):
        clone.commit(f"change {number}", {"app.py": CLASH + f"# {number}\n"})
    clone.git("push", "-q", "origin", "HEAD:refs/heads/feature/a")
    shown = clone.git("log", "-5", "--format=    %h %an: %s").splitlines()
    clone.git("switch", "-q", "hotfix/4711")
    assert finish(fixed).code == 4
    told = clone.hotfix("backport", "4711", "--resolve", "feature/a").out.splitlines()
    assert told[1:-1] == ["  app.py", *shown]


@pytest.mark.slow
def test_a_revert_of_the_target_is_a_merge_all_the_same(fixed: Project) -> None:
    """Who kept the target's own line said something: the branch has the fix from now on, and is not asked again."""
    for name in ("feature/a", "feature/b"):
        clash(fixed, name)
    assert finish(fixed).code == 4
    solve(opened(fixed, "feature/a"), {"app.py": CLASH})
    done = backport(fixed, "--continue")
    assert (done.code, of(done, "feature/b")) == (0, ("merged", "rerere", RESOLVED)), done.err
    assert fixed.remote.tree("feature/b")["app.py"] == CLASH
    again = fixed.clone.hotfix("backport", "v1.4.3", "--format", "json")
    assert of(again, "feature/b")[0] == "already"


@pytest.mark.slow
def test_conflicts_that_one_solution_settles_are_told_in_one_line(fixed: Project) -> None:
    """Also where the rest of the file differs from branch to branch."""
    clash(fixed, "feature/a")
    clash(fixed, "feature/b", text=CLASH + ELSEWHERE)
    said = fixed.clone.hotfix("finish", "--dry-run").out
    line = "feature/a, feature/b: conflict in app.py (content); solve feature/a, the other one follows"
    assert line in [each.strip() for each in said.splitlines()], said
