"""Done is done: what a target got by any way is never brought again; what it took out again is a human's decision."""

from __future__ import annotations

from typing import Any

import pytest
from building import APP, FIX, TARGETS, Project
from proofs import rest_slow
from sandbox import Answer, Repo

SOLVED = APP.replace("value_15 = 15", 'VALUE_15 = "fifteen"')
CLASH = APP.replace("value_15 = 15", "VALUE_15 = 15")
OLD = "release/1.0"


def backport(project: Project, *arguments: str) -> Answer:
    return project.clone.hotfix("backport", "4711", *arguments, "--format", "json")


def told(answer: Answer, branch: str = OLD) -> dict[str, Any]:
    [found] = [each for each in answer.json["targets"] if each["ref"] == f"refs/heads/{branch}"]
    return found  # type: ignore[no-any-return]


def says(answer: Answer, branch: str = OLD) -> tuple[int, str, str]:
    found = told(answer, branch)
    return answer.code, found["status"], found["reason"]


def on_production(project: Project, text: str = CLASH) -> str:
    """The hotfix is finished but for release/1.0, which goes its own way in the line of the fix; the fix's commit."""
    tip = project.clone.tip("hotfix/4711")
    project.clone.branch(OLD, "v1.4.1", "an old line", {"app.py": text})
    assert project.clone.hotfix("finish").code == (4 if text == CLASH else 0)
    return tip


def by_hand(project: Project, *commands: tuple[str, ...], branch: str = OLD, text: str | None = None) -> str:
    """Run git commands on a branch, with `text` as app.py where the first one stops, and push what came of it."""
    other = Repo(project.root / "hand", project.dates, project.clone.environment)
    if not other.path.exists():
        project.another_clone("hand")
    other.git("fetch", "-q", "origin", "--tags", "+refs/heads/*:refs/remotes/origin/*")
    other.git("switch", "-q", "--detach", f"origin/{branch}")
    for command in commands:
        answer = other.run("git", *command)
        if answer.code and text is not None:
            (other.path / "app.py").write_text(text)
            other.git("add", "app.py")
            answer = other.run("git", "-c", "core.editor=true", "cherry-pick", "--continue")
        assert answer.code == 0, answer.err
    other.git("push", "-q", "--force", "origin", f"HEAD:refs/heads/{branch}")
    return other.tip("HEAD")


def same_again(project: Project, status: str, code: int = 0) -> str:
    """The same command twice: it pushes nothing, and says the same; what it says of release/1.0."""
    there = project.remote.refs("refs/heads/")
    first = backport(project)
    log = project.remote.refs("refs/hotfix/log/")
    second = backport(project)
    assert says(first)[:2] == says(second)[:2] == (code, status), first.out + first.err
    kept = {ref: oid for ref, oid in project.remote.refs("refs/heads/").items() if ref != "refs/heads/hotfix/4711"}
    assert kept == {ref: oid for ref, oid in there.items() if ref != "refs/heads/hotfix/4711"}
    assert project.remote.refs("refs/hotfix/log/") == log
    assert second.json["pushed"] is False
    return str(told(second)["reason"])


def solved_here(project: Project, *commit: str) -> None:
    """The conflict of release/1.0 is opened, solved, committed by `commit` where a person does so, and delivered."""
    assert backport(project, "--resolve", OLD).code == 0
    there = project.at("clone-resolve-release-1.0")
    (there.path / "app.py").write_text(SOLVED)
    there.git("add", "app.py")
    if commit:
        there.git(*commit)
    done = backport(project, "--continue")
    assert says(done) == (0, "merged", "resolved by hand"), done.out + done.err


@pytest.mark.parametrize(
    "commit",
    rest_slow([
        (), ("commit", "-q", "-m", "in my words"), ("commit", "-q", "--no-edit"),
        ("-c", "core.editor=true", "cherry-pick", "--continue"), ("commit", "-q", "-C", "HEAD", "--reset-author"),
    ], now=2),
)  # fmt: skip
def test_a_pick_that_was_solved_here(fixed: Project, commit: tuple[str, ...]) -> None:
    """Whoever commits it and in whatever words, it says which commit it is; the logbook knows it, too."""
    tip = on_production(fixed)
    solved_here(fixed, *commit)
    new, remote = fixed.remote.tip(OLD), fixed.remote
    assert f"(cherry picked from commit {tip})" in remote.git("log", "-1", "--format=%B", OLD).splitlines()
    [entry] = [each for each in remote.log("4711") if each == "deliver hotfix 4711 to 1 branch"]
    said = remote.git("log", "--format=%B", f"--grep={entry}", "refs/hotfix/log/4711").splitlines()
    assert f"Delivered: refs/heads/release/1.0 {remote.parents(OLD)[0]}..{new}" in said
    assert same_again(fixed, "already") == f"cherry-picked as {new[:10]}"


@pytest.mark.slow
def test_the_logbook_alone_knows_it(fixed: Project) -> None:
    """Its message was rewritten before it was pushed on: only the record tells that this is the fix."""
    on_production(fixed)
    solved_here(fixed)
    new = by_hand(fixed, ("commit", "-q", "--amend", "-m", "in other words"))
    fixed.clone.git("fetch", "-q")
    assert says(backport(fixed))[1] == "conflict"  # it is not the commit that was delivered
    by_hand(fixed, ("reset", "-q", "--hard", f"{new}^"))


@pytest.mark.slow
def test_a_pick_that_git_made(fixed: Project) -> None:
    tip = on_production(fixed)
    new = by_hand(fixed, ("cherry-pick", "-x", tip), text=SOLVED)
    assert same_again(fixed, "already") == f"cherry-picked as {new[:10]}"


@pytest.mark.slow
@pytest.mark.parametrize("how", ["-x line", "trailer", "git's own words"])
def test_a_squash_that_was_solved(fixed: Project, how: str) -> None:
    """As forges and git write them; content and patch-id are another's."""
    tip = on_production(fixed)
    words = {
        "-x line": f"Fix (#12)\n\n* fix the checkout\n\n(cherry picked from commit {tip})\n",
        "trailer": "Fix (#12)\n\nHotfix-Issue: 4711\n",
        "git's own words": f"Squashed commit of the following:\n\ncommit {tip}\nAuthor: Ada\n\n    fix\n",
    }[how]
    by_hand(fixed)
    (fixed.root / "hand" / "app.py").write_text(SOLVED)
    new = by_hand_commit(fixed, words)
    reason = same_again(fixed, "already")
    assert reason == f"{'cherry-picked' if how == '-x line' else 'squashed'} as {new[:10]}"


def by_hand_commit(project: Project, words: str) -> str:
    other = Repo(project.root / "hand", project.dates, project.clone.environment)
    other.git("commit", "-qam", words)
    other.git("push", "-q", "origin", f"HEAD:refs/heads/{OLD}")
    return other.tip("HEAD")


@pytest.mark.slow
def test_a_branch_that_works_on_over_a_pick(fixed: Project) -> None:
    """After a rebase the line in its message counts, after a reset nothing does."""
    on_production(fixed, text=APP)
    assert says(backport(fixed))[1] == "already"
    picked, before = fixed.remote.tip(OLD), fixed.remote.parents(OLD)[0]
    by_hand(fixed)
    (fixed.root / "hand" / "app.py").write_text(FIX.replace("fifteen", "fifteen and better"))
    by_hand_commit(fixed, "better")
    assert same_again(fixed, "already") == f"cherry-picked as {picked[:10]}"
    by_hand(fixed, ("rebase", "-q", "--force-rebase", "--committer-date-is-author-date", before))
    by_hand(fixed, ("commit", "-q", "--amend", "--reset-author", "--no-edit"))
    assert same_again(fixed, "already").startswith("cherry-picked as ")
    by_hand(fixed, ("reset", "-q", "--hard", before))
    assert says(backport(fixed)) == (0, "merged", "a merge would bring more than the fix")


@pytest.mark.slow
@pytest.mark.parametrize("how", rest_slow(["git revert", "by hand", "a merge"]))
def test_a_branch_that_took_the_fix_out_again(fixed: Project, how: str) -> None:
    """It is said, and never brought again by itself; the exact name or a skip decides."""
    on_production(fixed, text=APP)
    branch = "develop" if how == "a merge" else OLD
    if how == "by hand":
        by_hand(fixed)
        (fixed.root / "hand" / "app.py").write_text(APP)
        by_hand_commit(fixed, "not here")
        by = "it was taken out"
    else:
        revert = ("revert", "--no-edit", *(("-m", "1") if how == "a merge" else ()), "HEAD")
        by = f"{by_hand(fixed, revert, branch=branch)[:10]} took it out"
    there = fixed.remote.refs("refs/heads/")
    for words in ((), ("--to", f"{branch[:-1]}*")):
        answer = backport(fixed, *words)
        assert says(answer, branch) == (4, "reverted", f"it had the fix, and {by}"), answer.err
        assert answer.json["next"] == [f"git hotfix backport 4711 --to {branch}"]
    assert fixed.remote.refs("refs/heads/") == there
    again = backport(fixed, "--to", branch)
    assert (again.code, again.targets[branch]) == (0, ("cherry-pick", "merged")), again.err
    assert says(again, branch)[2] == "it was taken out there, and is brought again"
    assert fixed.remote.tree(branch)["app.py"] == FIX
    assert backport(fixed).code == 0


@pytest.mark.slow
def test_a_skip_closes_what_was_taken_out(fixed: Project) -> None:
    on_production(fixed, text=APP)
    by_hand(fixed, ("revert", "--no-edit", "HEAD"))
    assert says(backport(fixed))[1] == "reverted"
    assert says(backport(fixed, "--skip", OLD, "--reason", "not here")) == (0, "skipped", "not here")
    assert fixed.clone.hotfix("backport", "4711").code == 0


@pytest.mark.slow
def test_a_revert_that_was_reverted_leaves_the_fix_there(fixed: Project) -> None:
    on_production(fixed, text=APP)
    by_hand(fixed, ("revert", "--no-edit", "HEAD"), ("revert", "--no-edit", "HEAD"))
    same_again(fixed, "already")


@pytest.mark.slow
def test_words_that_the_content_does_not_bear_out(fixed: Project) -> None:
    """A revert and other work in that line, an empty pick and one that was amended to something else: all stay open."""
    tip = on_production(fixed, text=APP)
    by_hand(fixed, ("revert", "--no-commit", "HEAD"))
    (fixed.root / "hand" / "app.py").write_text(APP.replace("value_15 = 15", "value_15 = fifteen()"))
    said = by_hand_commit(fixed, f"Take it out\n\nThis reverts commit {fixed.remote.tip(OLD)}.")
    answer = backport(fixed)
    assert says(answer) == (4, "pending", f"{said[:10]} says that it reverts the fix, but the change is there")
    old = fixed.remote.tip(f"{OLD}~2")
    by_hand(
        fixed,
        ("reset", "-q", "--hard", old),
        ("commit", "-q", "--allow-empty", "-m", f"(cherry picked from commit {tip})"),
    )
    empty = fixed.remote.tip(OLD)
    reason = f"{empty[:10]} says that it brings the fix, but does not change what the fix changes"
    assert says(backport(fixed)) == (4, "pending", reason)
    by_hand(fixed, ("reset", "-q", "--hard", old))
    (fixed.root / "hand" / "README.md").write_text("something else\n")
    amended = by_hand_commit(fixed, f"Fix\n\n(cherry picked from commit {tip})")
    assert says(backport(fixed))[1:] == ("pending", reason.replace(empty[:10], amended[:10]))
    assert says(backport(fixed, "--to", OLD))[:2] == (0, "merged")


@pytest.mark.slow
@pytest.mark.parametrize("picked", rest_slow([0, 1]))
def test_only_what_is_missing_is_picked(fixed: Project, picked: int) -> None:
    """A branch that has one of two commits gets the other one; with a conflict just that one is opened."""
    clone, remote = fixed.clone, fixed.remote
    second = clone.commit("a second part", {"README.md": "an app, mended\n"})
    commits = [clone.tip("HEAD~1"), second]
    old = clone.branch(OLD, "v1.4.1", "an old line", {"old.txt": "kept\n"})
    clone.git("switch", "-q", "--detach", old)
    clone.git("cherry-pick", "-x", commits[picked])
    clone.git("push", "-q", "origin", f"HEAD:refs/heads/{OLD}")
    clone.git("switch", "-q", "hotfix/4711")
    answer = clone.hotfix("finish", "--format", "json")
    assert says(answer) == (0, "merged", "1 commit of the fix was missing"), answer.err
    assert len(remote.subjects(f"{old}..{OLD}")) == 2
    assert remote.tree(OLD) == {"README.md": "an app, mended\n", "app.py": FIX, "old.txt": "kept\n"}
    assert same_again(fixed, "already").startswith("cherry-picked as ")


@pytest.mark.slow
def test_only_what_is_missing_is_opened(fixed: Project) -> None:
    clone, remote = fixed.clone, fixed.remote
    second = clone.commit("a second part", {"README.md": "an app, mended\n"})
    old = clone.branch(OLD, "v1.4.1", "an old line", {"app.py": CLASH})
    clone.git("switch", "-q", "--detach", old)
    clone.git("cherry-pick", "-x", second)
    clone.git("push", "-q", "origin", f"HEAD:refs/heads/{OLD}")
    clone.git("switch", "-q", "hotfix/4711")
    assert says(clone.hotfix("finish", "--format", "json"))[:2] == (4, "conflict")
    solved_here(fixed)
    assert remote.subjects(f"{old}..{OLD}") == ["fix the checkout", "a second part"]
    same_again(fixed, "already")


@pytest.mark.slow
def test_a_fix_that_was_made_on_develop_first(project: Project) -> None:
    """Picked with -x to the hotfix it is done on develop, also when that went on with the line."""
    clone, remote = project.clone, project.remote
    clone.git("switch", "-q", "develop")
    first = clone.commit("fix the checkout", {"app.py": FIX})
    clone.commit("better", {"app.py": FIX.replace("fifteen", "better")})
    clone.git("push", "-q", "origin", "develop")
    there = remote.tip("develop")
    assert clone.hotfix("start", "4711").code == 0
    clone.git("cherry-pick", "-x", first)
    answer = clone.hotfix("finish", "--format", "json")
    assert says(answer, "develop") == (0, "already", f"the same change as {first[:10]}"), answer.err
    assert answer.targets == {**dict.fromkeys(TARGETS, ("merge", "merged")), "develop": ("cherry-pick", "already")}
    assert remote.tip("develop") == there


@pytest.mark.slow
def test_a_fix_that_is_a_changed_copy_of_develops(project: Project) -> None:
    """Nobody knows whether develop needs the difference: it stays open, with the command that shows it."""
    clone, remote = project.clone, project.remote
    clone.git("switch", "-q", "develop")
    first = clone.commit("fix the checkout", {"app.py": FIX})
    clone.git("push", "-q", "origin", "develop")
    assert clone.hotfix("start", "4711").code == 0
    clone.git("cherry-pick", "-x", first)
    (clone.path / "README.md").write_text("an app, mended\n")
    clone.git("commit", "-qa", "--amend", "--no-edit")
    tip, there = clone.tip("HEAD"), remote.tip("develop")
    answer = clone.hotfix("finish", "--format", "json")
    shown = f"git range-diff {first[:10]}^! {tip[:10]}^!"
    assert says(answer, "develop") == (
        4, "pending", f"it has {first[:10]}, and the fix is a changed copy of that: {shown}",
    ), answer.err  # fmt: skip
    assert "README.md" in clone.git(*shown.split()[1:])
    assert (remote.tip("develop"), answer.json["next"]) == (there, ["git hotfix backport 4711 --to develop"])
    assert says(backport(project, "--to", "develop"), "develop")[:2] == (0, "merged")
    assert says(backport(project), "develop")[:2] == (0, "already")


@pytest.mark.slow
def test_the_same_change_in_other_words(fixed: Project) -> None:
    """Picked without -x and in another's words, and worked on since: its patch-id tells."""
    clone = fixed.clone
    clone.branch(OLD, "v1.4.1", "all our own work", {"app.py": FIX})
    clone.git("fetch", "-q")
    same = fixed.remote.tip(OLD)
    by_hand(fixed)
    (fixed.root / "hand" / "app.py").write_text(FIX.replace("fifteen", "better"))
    by_hand_commit(fixed, "better")
    assert clone.hotfix("finish").code == 0
    assert same_again(fixed, "already") == f"the same change as {same[:10]}"


@pytest.mark.slow
def test_a_change_that_a_branch_had_is_not_brought_when_it_goes_on(fixed: Project) -> None:
    """An empty merge is not a commit: the logbook says that it was there."""
    clone = fixed.clone
    clone.branch("feature/same", "develop", "by hand, in two", {"app.py": FIX, "same.txt": "one\n"})
    assert clone.hotfix("finish").code == 0
    by_hand(fixed, branch="feature/same")
    (fixed.root / "hand" / "app.py").write_text(FIX.replace("fifteen", "better"))
    other = Repo(fixed.root / "hand", fixed.dates, clone.environment)
    other.git("commit", "-qam", "better")
    other.git("push", "-q", "origin", "HEAD:refs/heads/feature/same")
    answer = backport(fixed)
    assert says(answer, "feature/same")[:2] == (0, "already"), answer.err


@pytest.mark.slow
def test_nothing_is_left_of_a_pick(project: Project) -> None:
    """Only the changelog conflicts, and keeps the target's lines: the branch has nothing of it, and that is said."""
    clone, remote = project.clone, project.remote
    zero = "# 0.9\n- zero\n"
    clone.git("switch", "-q", "main")
    clone.commit("a changelog", {"CHANGELOG.md": f"# 1.0\n- first\n\n{zero}"})
    clone.git("push", "-q", "origin", "main")
    clone.tag("v1.4.3")
    own = clone.branch("feature/a", "v1.4.2", "own", {"CHANGELOG.md": f"# next\n- own\n\n{zero}"})
    assert clone.hotfix("start", "4711").code == 0
    clone.commit("say it", {"CHANGELOG.md": f"# 1.0.1\n- do not click\n\n# 1.0\n- first\n\n{zero}"})
    why = "nothing was left of it, because the target's lines are kept in CHANGELOG.md"
    assert told(clone.hotfix("finish", "--dry-run", "--format", "json"), "feature/a")["reason"] == why
    done = clone.hotfix("finish")
    assert [line.split("  ")[-1].strip() for line in done.out.splitlines() if line.startswith("feature/a")] == [why]
    assert says(backport(project), "feature/a")[1:] == ("already", why)
    assert remote.tip("feature/a") == own


@pytest.mark.slow
@pytest.mark.parametrize("moved", [False, True])
def test_a_pull_request_that_was_solved_and_squashed(fixed: Project, moved: bool) -> None:
    """The forge made a commit of its own of it, in its own words: the logbook knows what was offered."""
    clone, remote = fixed.clone, fixed.remote
    other = fixed.another_clone("policy")
    other.git("switch", "-q", "main")
    policy = f'[backport.branches."{OLD}"]\ndeliver = "pull-request"\n'
    other.commit("the policy", {".git-hotfix.toml": policy})
    other.git("push", "-q")
    on_production(fixed)
    assert backport(fixed, "--resolve", OLD).code == 0
    there = fixed.at("clone-resolve-release-1.0")
    (there.path / "app.py").write_text(SOLVED)
    there.git("add", "app.py")
    assert says(backport(fixed, "--continue"))[1] == "pending"
    offered = remote.tip(f"hotfix-to/{OLD}/4711")
    assert f"Offered: refs/heads/{OLD} {remote.tip(OLD)}..{offered}" in remote.git(
        "log", "--format=%B", "refs/hotfix/log/4711"
    )
    by_hand(fixed)
    hand = Repo(fixed.root / "hand", fixed.dates, clone.environment)
    if moved:
        hand.commit("meanwhile", {"other.txt": "one\n"})
    hand.git("merge", "-q", "--squash", f"origin/hotfix-to/{OLD}/4711")
    squash = by_hand_commit(fixed, "Fix the checkout (#12)")
    (hand.path / "app.py").write_text(SOLVED.replace("fifteen", "better"))
    by_hand_commit(fixed, "better")
    answer = backport(fixed)
    words = "the same change as" if moved else "squashed as"
    assert says(answer) == (0, "already", f"{words} {squash[:10]}"), answer.err
    assert f"hotfix-to/{OLD}/4711" not in remote.branches()
    same_again(fixed, "already")


@pytest.mark.slow
def test_a_branch_that_is_left_out_and_was_solved(fixed: Project) -> None:
    """Whoever solves it wants the fix there: it is delivered as any other, and said."""
    clone, remote = fixed.clone, fixed.remote
    clone.branch("feature/aged", "v1.4.1", "aged", {"app.py": CLASH}, ago=200)
    answer = clone.hotfix("finish", "--format", "json")
    assert (answer.code, "feature/aged" in answer.targets) == (0, False), answer.err
    assert backport(fixed, "--resolve", "feature/aged").code == 0
    there = fixed.at("clone-resolve-feature-aged")
    (there.path / "app.py").write_text(SOLVED)
    there.git("add", "app.py")
    done = backport(fixed, "--continue")
    assert says(done, "feature/aged") == (0, "merged", "resolved by hand"), done.err
    assert remote.tree("feature/aged") == {"README.md": "an app\n", "app.py": SOLVED}
    assert clone.refs("refs/hotfix/resolved/") == {}
    assert says(backport(fixed, "--to", "feature/aged"), "feature/aged")[:2] == (0, "already")


@pytest.mark.slow
@pytest.mark.parametrize(
    ("before", "fix", "other"),
    [
        (
            "def f():\n    a = 1\n    return 1\n\n\ndef g():\n    a = 1\n    return 1\n",
            (3, "    return 2"),
            (8, "    return 2"),
        ),
        ("x = 1\nif x:\n        stop(x)\ny = 1\n", (3, "    stop(x)"), (3, "            stop(x)")),
        ("x = 1\nnote = 1\ny = 1\n", (2, "note = 'FIX ED'"), (2, "note = 'FIXED   '")),
    ],
    ids=["in another function", "by another indent", "by other blanks"],
)
def test_a_change_that_only_looks_alike(
    project: Project, before: str, fix: tuple[int, str], other: tuple[int, str]
) -> None:
    """A patch-id counts no place, and by default no blanks: it alone is no evidence."""

    def changed(at: tuple[int, str]) -> dict[str, str | None]:
        lines = before.splitlines()
        lines[at[0] - 1] = at[1]
        return {"code.py": "\n".join(lines) + "\n"}

    clone = project.clone
    clone.git("switch", "-q", "main")
    clone.commit("release 1.4.3", {"code.py": before})
    clone.tag("v1.4.3")
    clone.git("push", "-q", "origin", "main")
    clone.branch("support/x", "main", "looks alike", changed(other))
    assert clone.hotfix("start", "4711").code == 0
    clone.commit("4711: fix", changed(fix))
    done = clone.hotfix("finish", "--format", "json")
    [found] = [each for each in done.json["targets"] if each["ref"] == "refs/heads/support/x"]
    assert found["status"] in ("merged", "conflict")
    if found["status"] == "merged":
        lines = before.splitlines()
        for number, text in (fix, other):
            lines[number - 1] = text
        assert project.remote.tree("support/x")["code.py"] == "\n".join(lines) + "\n"
