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


def colleague(project: Project, branch: str, *commands: tuple[str, ...], files: dict[str, str] | None = None) -> str:
    """Run git commands on a branch of the remote, commit `files`, and push; the branch's tip."""
    other = Repo(project.root / "other", project.dates, project.clone.environment)
    if not other.path.exists():
        project.another_clone("other")
    other.git("fetch", "-q", "--tags", "origin", "+refs/heads/*:refs/remotes/origin/*")
    other.git("switch", "-q", "--detach", f"origin/{branch}")
    for command in commands:
        other.git(*command)
    if files:
        other.commit("work", files)
    other.git("push", "-q", "--no-verify", "origin", f"HEAD:refs/heads/{branch}")
    return other.tip("HEAD")


OURS = ("merge", "-q", "-s", "ours", "-m", "Merge the hotfix", "v1.4.3")


def finished(project: Project, *branches: str) -> None:
    """The hotfix is on production, and delivered to nothing but `branches`."""
    assert project.clone.hotfix("finish", "--no-backport").code == 0
    for branch in branches:
        assert told(backport(project, "--to", branch), branch)[1] == "merged"


@pytest.mark.parametrize("text", rest_slow([FIX, MORE.replace('"fifteen"', "15")]))
def test_a_merge_that_kept_nothing_of_the_fix(fixed: Project, text: str) -> None:
    """`git merge -s ours`: ancestry says that the branch has it. Its name brings the fix as a pick, once."""
    (fixed.clone.path / "app.py").write_text(text)
    fixed.clone.git("commit", "-qa", "--amend", "-m", "fix")
    finished(fixed, "release/1.5")
    made = colleague(fixed, "develop", OURS)
    reason = f"{made[:10]} merged the fix, but has nothing of it"
    assert told(backport(fixed), "develop") == (4, "pending", reason)
    assert told(backport(fixed, "--to", "develop"), "develop")[:2] == (0, "merged")
    assert fixed.remote.tree("develop")["app.py"] == text
    assert fixed.remote.subjects(f"{made}..develop")[-1] == "fix"
    assert told(backport(fixed), "develop")[:2] == (0, "already")


@pytest.mark.slow
@pytest.mark.parametrize("how", ["by way of another branch", "over what was taken out", "and worked on since"])
def test_a_merge_that_kept_nothing_and_other_work(fixed: Project, how: str) -> None:
    finished(fixed, "release/1.5")
    if how == "over what was taken out":
        colleague(fixed, "develop", ("cherry-pick", "-x", "v1.4.3^2"), ("revert", "--no-edit", "HEAD"))
        made = colleague(fixed, "develop", OURS)
    elif how == "by way of another branch":
        made = colleague(fixed, "develop", ("merge", "-q", "-s", "ours", "-m", "up", "origin/release/1.5"))
    else:
        made = colleague(fixed, "develop", OURS)
        colleague(fixed, "develop", files={"app.py": APP.replace("value_15 = 15", "value_15 = 3 * 5")})
    reason = f"{made[:10]} merged the fix, but has nothing of it"
    found = told(backport(fixed), "develop")
    if how == "over what was taken out":
        assert (found[1], found[2][-11:]) == ("reverted", "took it out")
    else:
        assert found[1:] == ("conflict" if how == "and worked on since" else "pending", reason)
    assert told(backport(fixed, "--skip", "develop", "--reason", "not here"), "develop")[1] == "skipped"


@pytest.mark.slow
@pytest.mark.parametrize("how", ["after a pick", "and picked since", "and copied since", "after a move"])
def test_a_merge_that_kept_nothing_of_a_fix_that_is_there(fixed: Project, how: str) -> None:
    pick = ("cherry-pick", "-x", "v1.4.3^2")
    finished(fixed, "release/1.5")
    if how == "after a pick":
        colleague(fixed, "develop", pick, OURS)
    elif how == "and picked since":
        colleague(fixed, "develop", OURS, pick)
        colleague(fixed, "develop", files={"app.py": FIX.replace("fifteen", "better")})
    elif how == "and copied since":
        colleague(fixed, "develop", OURS)
        colleague(fixed, "develop", files={"app.py": FIX})
    else:
        colleague(fixed, "develop", ("mv", "app.py", "src.py"), ("commit", "-qm", "move it"))
        colleague(fixed, "develop", ("merge", "-q", "-m", "Merge the hotfix", "v1.4.3"))
    assert told(backport(fixed), "develop")[:2] == (0, "already")


@pytest.mark.slow
def test_a_branch_that_merged_the_fix_and_took_it_out_before_another_got_it(fixed: Project) -> None:
    """The other one's merge brings the fix's commits, and none of its lines."""
    finished(fixed, "develop")
    colleague(fixed, "develop", files={"app.py": APP})
    made = colleague(fixed, "release/1.5", ("merge", "-q", "--no-ff", "-m", "up", "origin/develop"))
    answer = backport(fixed)
    assert told(answer, "develop")[1] == "reverted"
    assert told(answer, "release/1.5") == (4, "pending", f"{made[:10]} merged the fix, but has nothing of it")


def forge(project: Project, key: str, old: str, new: str, branch: str = OLD) -> None:
    """A line of the logbook that was written without this tool, on the remote."""
    other = project.another_clone("forger")
    other.git("fetch", "-q", "origin", "+refs/hotfix/log/*:refs/hotfix/log/*")
    tip = project.remote.git("rev-parse", "v1.4.3^2")
    facts = f"Hotfix-Entry: event\nIssue: 4711\nEvent: deliver\nTip: {tip}\n{key}: refs/heads/{branch} {old}..{new}\n"
    made = other.git(
        "commit-tree", "-p", "refs/hotfix/log/4711", "-F", "-", other.git("mktree"), stdin=f"deliver\n\n{facts}"
    )
    other.git("push", "-q", "--no-verify", "origin", f"{made}:refs/hotfix/log/4711")


@pytest.mark.parametrize("how", rest_slow(["as it was", "other lines", "another file"]))
def test_a_delivery_that_was_only_written_down(fixed: Project, how: str) -> None:
    """The logbook names a commit that has nothing of the fix: that is no evidence, and it is said."""
    clone = fixed.clone
    old = clone.branch(OLD, "v1.4.1", "an old line", {"old.txt": "kept\n"})
    files = {"app.py": APP.replace("value_3 = 3", "value_3 = 33")} if how == "other lines" else {"old.txt": "more\n"}
    finished(fixed)
    new = colleague(fixed, OLD, files=files)
    forge(fixed, "Delivered", new if how == "as it was" else old, new)
    reason = f"the logbook says that {new[:10]} brings the fix, but it does not change what the fix changes"
    assert told(backport(fixed)) == (4, "pending", reason)
    assert fixed.remote.tip(OLD) == new
    assert told(backport(fixed, "--to", OLD))[:2] == (0, "merged")
    assert told(backport(fixed))[:2] == (0, "already")


@pytest.mark.slow
@pytest.mark.parametrize("how", ["its tree", "its change"])
def test_an_offer_that_was_only_written_down(fixed: Project, how: str) -> None:
    """A commit of the branch's own, or one with its change, was never a pull request with the fix."""
    clone = fixed.clone
    old = clone.branch(OLD, "v1.4.1", "an old line", {"old.txt": "kept\n"})
    finished(fixed)
    files = {"app.py": APP.replace("value_3 = 3", "value_3 = 33")}
    new = colleague(fixed, OLD, files=files)
    other = Repo(fixed.root / "other", fixed.dates, clone.environment)
    tree = f"{new}^{{tree}}"
    if how == "its change":
        other.git("switch", "-q", "--detach", "v1.4.1")
        old, tree = other.tip("HEAD"), f"{other.commit('alike', files)}^{{tree}}"
    made = other.git("commit-tree", tree, "-p", old, "-m", "offered")
    other.git("push", "-q", "--no-verify", "origin", f"{made}:refs/heads/hotfix-to/{OLD}/4711")
    forge(fixed, "Offered", old, made)
    assert told(backport(fixed))[:2] == (0, "merged")
    assert fixed.remote.tree(OLD)["app.py"] == FIX.replace("value_3 = 3", "value_3 = 33")


@pytest.mark.slow
def test_what_the_logbook_alone_knows_is_held_against_the_content(fixed: Project) -> None:
    """A branch had the fix under another name of its file, and works on there."""
    clone = fixed.clone
    clone.branch("feature/moved", "develop", "move it", {"app.py": None, "src/app.py": FIX})
    assert clone.hotfix("finish").code == 0
    colleague(fixed, "feature/moved", files={"src/app.py": FIX.replace("fifteen", "better")})
    assert told(backport(fixed), "feature/moved")[:2] == (0, "already")


@pytest.mark.slow
def test_a_merge_that_somebody_solved_by_the_targets_lines_is_done(fixed: Project) -> None:
    """The line of the fix stays as it was beside other work: that was decided where the conflict was solved."""
    clone = fixed.clone
    colleague(fixed, "develop", files={"app.py": APP.replace("value_16 = 16", "value_16 = sixteen()")})
    assert clone.hotfix("finish").code == 4
    assert clone.hotfix("backport", "4711", "--resolve", "develop").code == 0
    there = fixed.at("clone-resolve-develop")
    (there.path / "app.py").write_text(APP.replace("value_16 = 16", "value_16 = sixteen()\nvalue_16b = 0"))
    there.git("add", "app.py")
    assert told(backport(fixed, "--continue"), "develop")[1] == "merged"
    assert told(backport(fixed), "develop")[:2] == (0, "already")
