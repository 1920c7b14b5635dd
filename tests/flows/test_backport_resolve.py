"""`backport --resolve`: a conflict is solved in a worktree of its own, and nothing else is touched meanwhile."""

from __future__ import annotations

from pathlib import Path

import pytest
from building import APP, FIX, TARGETS, Project
from killing import kill_at, locks, settled
from proofs import rest_slow
from sandbox import Answer, Repo, half

CLASH = APP.replace("value_15 = 15", "value_15 = 0")
SOLVED = APP.replace("value_15 = 15", 'value_15 = "zero"')
MERGED = dict.fromkeys(TARGETS, ("merge", "merged"))


def clash(project: Project, name: str = "feature/clash", start: str = "develop", text: str = CLASH) -> str:
    """A branch of the remote that changed the very line of the fix."""
    return project.clone.branch(name, start, f"clash of {name}", {"app.py": text})


def finished(project: Project, *left: str) -> None:
    """finish served what it could; `left` conflict."""
    answer = project.clone.hotfix("finish", "--format", "json")
    assert (answer.code, sorted(name for name, (_, how) in answer.targets.items() if how == "conflict")) == (
        4, sorted(left),
    ), answer.err  # fmt: skip


def backport(repo: Repo, *arguments: str, issue: str | None = "4711") -> Answer:
    return repo.hotfix("backport", *([issue] if issue else []), *arguments)


def opened(project: Project, name: str) -> Repo:
    """The worktree that --resolve opens for a branch."""
    assert backport(project.clone, "--resolve", name).code == 0
    return project.at(f"clone-resolve-{name.replace('/', '-')}")


def solve(there: Repo, text: str = SOLVED) -> None:
    (there.path / "app.py").write_text(text)
    there.git("add", "app.py")


def worktrees(clone: Repo) -> list[str]:
    rows = clone.git("worktree", "list", "--porcelain").splitlines()
    return [Path(row.removeprefix("worktree ")).name for row in rows if row.startswith("worktree ")]


def nothing_left(project: Project) -> None:
    """No worktree, no reference and no folder of a resolution is left."""
    assert worktrees(project.clone) == ["clone"]
    assert project.clone.refs("refs/hotfix/resolved/", "refs/hotfix/run/") == {}
    assert [place.name for place in project.root.iterdir() if "resolve" in place.name] == []


def test_a_conflict_is_opened_solved_and_delivered(fixed: Project) -> None:
    clone, remote = fixed.clone, fixed.remote
    theirs, tip = clash(fixed), clone.tip("hotfix/4711")
    finished(fixed, "feature/clash")
    half(clone)
    before, there = clone.snapshot(), remote.refs()
    answer = backport(clone, "--resolve", "feature/clash")
    place = fixed.root / "clone-resolve-feature-clash"
    touched = clone.git("log", "-1", "--format=%h %an: %s", theirs)
    assert (answer.code, answer.out) == (0, f"""\
feature/clash is open in {place}
  app.py
    {touched}
next: solve it there, git add the files, then: git hotfix backport 4711 --continue
""")  # fmt: skip
    assert (clone.snapshot(), remote.refs()) == (before, there)
    assert worktrees(clone) == ["clone", "clone-resolve-feature-clash"]
    solve(fixed.at(place.name))
    done = backport(clone, "--continue", "--format", "json")
    assert (done.code, done.targets) == (
        0, {**dict.fromkeys(TARGETS, ("merge", "already")), "feature/clash": ("merge", "merged")},
    ), done.err  # fmt: skip
    assert remote.parents("feature/clash") == [theirs, tip]
    assert remote.tree("feature/clash") == {**remote.tree(theirs), "app.py": SOLVED}
    assert remote.git("log", "-1", "--format=%B", "feature/clash").strip() == (
        "Merge branch 'hotfix/4711' into feature/clash\n\nCheckout fails\n\nHotfix-Issue: 4711"
    )
    after = clone.snapshot()
    assert (after.files, after.index, after.stash) == (before.files, before.index, before.stash)
    assert "hotfix/4711" not in clone.branches()
    assert remote.log("4711")[-1] == "close hotfix 4711"
    nothing_left(fixed)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "state", "word"),
    rest_slow([
        ("pre-push", "", "refs/heads/feature/clash "),
        ("reference-transaction", "committed", "refs/hotfix/resolved/4711/"),
        ("reference-transaction", "committed", "refs/hotfix/run/4711/commits-"),
        ("reference-transaction", "committed", "refs/remotes/origin/feature/clash"),
    ], spread=True),
)  # fmt: skip
def test_the_same_command_goes_on_where_it_was_killed(fixed: Project, name: str, state: str, word: str) -> None:
    """Also when the worktree of the conflict is gone by then."""
    clone, remote = fixed.clone, fixed.remote
    theirs, tip = clash(fixed), clone.tip("hotfix/4711")
    finished(fixed, "feature/clash")
    solve(opened(fixed, "feature/clash"))
    kill_at(fixed, ("backport", "4711", "--continue"), clone.hook(name, "exit 0"), word, state=state, all_of_it=False)
    settled(clone)
    done = backport(clone, "--continue")
    assert done.code == 0, done.err
    assert remote.parents("feature/clash") == [theirs, tip]
    assert remote.tree("feature/clash") == {**remote.tree(theirs), "app.py": SOLVED}
    nothing_left(fixed)
    assert (locks(clone), "hotfix/4711" in clone.branches()) == ([], False)


@pytest.mark.slow
def test_one_that_was_given_up_there_is_opened_anew(fixed: Project) -> None:
    """Nothing is merged and nothing was changed: so stands, too, what was killed before its merge began."""
    clash(fixed)
    finished(fixed, "feature/clash")
    place = opened(fixed, "feature/clash")
    place.git("merge", "--abort")
    (place.path / "mine.txt").write_text("a note\n")
    assert backport(fixed.clone, "--resolve", "feature/clash").code == 0
    assert (place.path / "mine.txt").exists()
    (place.path / "mine.txt").unlink()
    answer = backport(fixed.clone, "--resolve", "feature/clash", "--format", "json")
    assert [each["path"] for each in answer.json["opened"]["conflicts"]] == ["app.py"]
    assert answer.json["opened"]["worktree"] == str(place.path)
    solve(place)
    assert backport(fixed.clone, "--continue").code == 0
    nothing_left(fixed)


@pytest.mark.slow
def test_a_program_reads_where_it_is_open(fixed: Project) -> None:
    clone = fixed.clone
    theirs = clash(fixed)
    finished(fixed, "feature/clash")
    touched = clone.git("log", "-1", "--format=%h %an: %s", theirs)
    for _ in range(2):  # opened, and found open
        answer = backport(clone, "--resolve", "feature/clash", "--format", "json")
        assert answer.code == 0
        assert (answer.json["opened"], answer.json["next"]) == ({
            "ref": "refs/heads/feature/clash", "strategy": "merge",
            "worktree": str(fixed.root / "clone-resolve-feature-clash"),
            "conflicts": [{"path": "app.py", "touched_by": [touched]}], "settled": [],
        }, ["git hotfix backport 4711 --continue"])  # fmt: skip


@pytest.mark.slow
def test_it_is_opened_once(fixed: Project) -> None:
    theirs = clash(fixed)
    finished(fixed, "feature/clash")
    place = opened(fixed, "feature/clash")
    touched = fixed.clone.git("log", "-1", "--format=%h %an: %s", theirs)
    before = place.snapshot()
    again = backport(fixed.clone, "--resolve", "feature/clash")
    assert (again.code, again.out) == (0, f"""\
feature/clash is open in {place.path}
  app.py
    {touched}
next: solve it there, git add the files, then: git hotfix backport 4711 --continue
""")  # fmt: skip
    assert place.snapshot() == before


@pytest.mark.slow
def test_branches_that_are_called_alike(fixed: Project) -> None:
    clash(fixed, "feature/a/b")
    clash(fixed, "feature/a-b")
    assert fixed.clone.hotfix("finish").code == 4
    for name, place in (("feature/a/b", "clone-resolve-feature-a-b"), ("feature/a-b", "clone-resolve-feature-a-b-2")):
        answer = backport(fixed.clone, "--resolve", name)
        assert (answer.code, answer.out.splitlines()[0]) == (0, f"{name} is open in {fixed.root / place}"), answer.err
        solve(fixed.at(place))
    assert backport(fixed.clone, "--continue").code == 0
    nothing_left(fixed)


@pytest.mark.slow
def test_conflicts_of_two_hotfixes(fixed: Project) -> None:
    """One target at a time, and nobody guesses whose conflicts are solved."""
    clone = fixed.clone
    clash(fixed, "feature/one")
    clash(fixed, "feature/two")
    assert clone.hotfix("finish").code == 4
    one = opened(fixed, "feature/one")
    assert clone.hotfix("start", "9").code == 0
    clone.commit("fix nine", {"app.py": FIX.replace("value_15 = ", "value_15 = 9 or ")})
    assert clone.hotfix("finish").code == 4
    before = clone.snapshot()
    taken = backport(clone, "--resolve", "feature/one", issue="9")
    assert (taken.code, taken.out, clone.snapshot()) == (4, "", before)
    assert f"feature/one is open for 4711, in {one.path}" in taken.err
    assert "git hotfix backport 4711 --continue" in taken.err
    assert backport(clone, "--resolve", "feature/two", issue="9").code == 0
    solve(one)
    before, there = clone.snapshot(), fixed.remote.refs()
    asked = backport(clone, "--continue", issue=None)
    assert (asked.code, asked.out, clone.snapshot(), fixed.remote.refs()) == (2, "", before, there)
    for issue in ("4711", "9"):
        assert f"git hotfix backport {issue} --continue\n" in asked.err
    done = backport(clone, "--continue", "--format", "json")
    assert (done.code, done.targets["feature/one"]) == (4, ("merge", "merged"))  # feature/two is still owed


@pytest.mark.slow
@pytest.mark.parametrize(
    "state", rest_slow(["markers added", "half added", "untouched", "solved and not added"], now=2)
)
def test_what_is_not_solved_is_not_taken(fixed: Project, state: str) -> None:
    clone, remote = fixed.clone, fixed.remote
    clash(fixed)
    finished(fixed, "feature/clash")
    place = opened(fixed, "feature/clash")
    if state == "markers added":
        place.git("add", "app.py")
    elif state == "solved and not added":
        (place.path / "app.py").write_text(SOLVED)
    elif state == "half added":
        solve(place)
        (place.path / "app.py").write_text(FIX)
    before, there, open_there = clone.snapshot(), remote.refs(), place.snapshot()
    answer = backport(clone, "--continue")
    assert (answer.code, answer.out) == (4, "")
    assert f"not solved yet: feature/clash in {place.path}: " in answer.err
    assert "nothing was changed" in answer.err
    assert (clone.snapshot(), remote.refs(), place.snapshot()) == (before, there, open_there)


@pytest.mark.slow
def test_two_conflicts_at_once(fixed: Project) -> None:
    """What is solved is taken; the other one stays open."""
    clone, remote = fixed.clone, fixed.remote
    one, two = clash(fixed, "feature/one"), clash(fixed, "feature/two", "main")
    finished(fixed, "feature/one", "feature/two")
    first, second = opened(fixed, "feature/one"), opened(fixed, "feature/two")
    solve(first)
    answer = backport(clone, "--continue", "--format", "json")
    assert answer.code == 4
    assert answer.targets["feature/one"] == ("merge", "merged")
    assert answer.targets["feature/two"] == ("merge", "conflict")
    assert f"not solved yet: feature/two in {second.path}: unmerged app.py" in answer.err
    assert remote.tree("feature/one") == {**remote.tree(one), "app.py": SOLVED}
    assert remote.tip("feature/two") == two
    assert worktrees(clone) == ["clone", "clone-resolve-feature-two"]
    assert "hotfix/4711" in clone.branches()
    solve(second, FIX)
    done = backport(clone, "--continue", "--format", "json")
    assert (done.code, done.targets["feature/two"]) == (0, ("merge", "merged")), done.err
    assert remote.tree("feature/two") == {**remote.tree(two), "app.py": FIX}
    nothing_left(fixed)


@pytest.mark.slow
def test_a_cherry_pick_that_conflicts_twice(fixed: Project) -> None:
    """Both commits change the line: each is solved in turn, in the same worktree."""
    clone, remote = fixed.clone, fixed.remote
    clone.commit("a second part", {"app.py": FIX.replace('"fifteen"', '"XV"')})
    first, second = clone.tip("HEAD~1"), clone.tip("HEAD")
    old = clash(fixed, "release/1.0", "v1.4.1")
    finished(fixed, "release/1.0")
    place = opened(fixed, "release/1.0")
    solve(place)
    before = remote.refs()
    stopped = backport(clone, "--continue")
    assert stopped.code == 4
    assert f"the next commit conflicts too, in {place.path}" in stopped.err
    assert remote.refs() == before
    solve(place, FIX)
    done = backport(clone, "--continue", "--format", "json")
    assert (done.code, done.targets["release/1.0"]) == (0, ("cherry-pick", "merged")), done.err
    assert remote.subjects(f"{old}..release/1.0") == ["a second part", "fix the checkout"]
    assert remote.tree("release/1.0") == {"README.md": "an app\n", "app.py": FIX}
    assert remote.tree("release/1.0~1")["app.py"] == SOLVED
    messages = remote.git("log", "--reverse", "--format=%B", f"{old}..release/1.0")
    assert [oid for oid in (first, second) if f"(cherry picked from commit {oid})" in messages] == [first, second]
    nothing_left(fixed)


@pytest.mark.slow
def test_a_cherry_pick_that_a_person_began_anew(fixed: Project) -> None:
    """A pick of one commit leaves no sequencer, only CHERRY_PICK_HEAD."""
    clone, remote = fixed.clone, fixed.remote
    old, tip = clash(fixed, "release/1.0", "v1.4.1"), clone.tip("HEAD")
    finished(fixed, "release/1.0")
    place = opened(fixed, "release/1.0")
    place.git("cherry-pick", "--abort")
    place.git("cherry-pick", "-x", "hotfix/4711", check=False)
    solve(place)
    done = backport(clone, "--continue", "--format", "json")
    assert (done.code, done.targets["release/1.0"]) == (0, ("cherry-pick", "merged")), done.err
    assert remote.parents("release/1.0") == [old]
    assert remote.tree("release/1.0") == {"README.md": "an app\n", "app.py": SOLVED}
    assert f"(cherry picked from commit {tip})" in remote.git("log", "-1", "--format=%B", "release/1.0")
    nothing_left(fixed)


@pytest.mark.slow
def test_one_that_a_person_committed_there(fixed: Project) -> None:
    """`git commit` in the worktree is taken as it is."""
    theirs = clash(fixed)
    finished(fixed, "feature/clash")
    place = opened(fixed, "feature/clash")
    solve(place)
    place.git("commit", "-q", "-m", "I solved it")
    made = place.tip("HEAD")
    assert backport(fixed.clone, "--continue").code == 0
    assert fixed.remote.tip("feature/clash") == made
    assert fixed.remote.parents(made)[0] == theirs
    nothing_left(fixed)


@pytest.mark.slow
def test_continue_from_inside_the_worktree(fixed: Project) -> None:
    """The worktree goes, and whoever stood in it is told."""
    clash(fixed)
    finished(fixed, "feature/clash")
    place = opened(fixed, "feature/clash")
    solve(place)
    done = backport(place, "--continue", issue=None)
    assert done.code == 0, done.err
    assert fixed.remote.tree("feature/clash")["app.py"] == SOLVED
    nothing_left(fixed)


@pytest.mark.slow
def test_a_target_that_moved_meanwhile(fixed: Project) -> None:
    """A merge made for the older tip is not pushed over the newer one: the conflict is open again, nothing is lost."""
    clone, remote = fixed.clone, fixed.remote
    clash(fixed)
    finished(fixed, "feature/clash")
    solve(opened(fixed, "feature/clash"))
    bob = fixed.another_clone("bob")
    bob.git("switch", "-q", "feature/clash")
    moved = bob.commit("theirs meanwhile", {"login.txt": "two\n"})
    bob.git("push", "-q")
    answer = backport(clone, "--continue", "--format", "json")
    assert (answer.code, answer.targets["feature/clash"]) == (4, ("merge", "conflict")), answer.err
    assert answer.json["next"] == ["git hotfix backport 4711 --resolve feature/clash"]
    assert remote.tip("feature/clash") == moved
    assert "hotfix/4711" in clone.branches()
    solve(opened(fixed, "feature/clash"))
    done = backport(clone, "--continue", "--format", "json")
    assert (done.code, done.targets["feature/clash"]) == (0, ("merge", "merged")), done.err
    assert remote.parents("feature/clash")[0] == moved
    assert remote.tree("feature/clash") == {**remote.tree(moved), "app.py": SOLVED}
    nothing_left(fixed)


@pytest.mark.parametrize("issue", ["4711", None])
def test_continue_with_nothing_open(fixed: Project, issue: str | None) -> None:
    before, there = fixed.clone.snapshot(), fixed.remote.refs()
    answer = backport(fixed.clone, "--continue", issue=issue)
    assert (answer.code, answer.out, fixed.clone.snapshot(), fixed.remote.refs()) == (2, "", before, there)
    assert "no conflict is open" in answer.err


@pytest.mark.slow
def test_resolve_what_is_no_branch(fixed: Project) -> None:
    clash(fixed)
    finished(fixed, "feature/clash")
    before, there = fixed.clone.snapshot(), fixed.remote.refs()
    answer = backport(fixed.clone, "--resolve", "feature/nothing")
    assert (answer.code, answer.out, fixed.clone.snapshot(), fixed.remote.refs()) == (2, "", before, there)
    assert "there is no branch feature/nothing on the remote" in answer.err
    nothing_left(fixed)


@pytest.mark.slow
@pytest.mark.parametrize("name", ["develop", "main"])
def test_resolve_where_the_fix_is(fixed: Project, name: str) -> None:
    """There is nothing to solve, and no worktree for it."""
    clash(fixed)
    finished(fixed, "feature/clash")
    before, there = fixed.clone.snapshot(), fixed.remote.refs()
    answer = backport(fixed.clone, "--resolve", name)
    assert (answer.code, answer.out, fixed.clone.snapshot(), fixed.remote.refs()) == (2, "", before, there)
    assert f"{name} already has the fix" in answer.err
    nothing_left(fixed)


@pytest.mark.slow
def test_a_clean_merge_that_needs_a_hand(fixed: Project) -> None:
    """It merges, and would not work there: the person adds what it takes, and the merge is made with it."""
    clone, remote = fixed.clone, fixed.remote
    assert clone.hotfix("finish", "--no-backport").code == 0
    develop, tip = remote.tip("develop"), clone.tip("hotfix/4711")
    place = opened(fixed, "develop")
    (place.path / "develop.txt").write_text("one\ntwo\nadapted\n")
    place.git("add", "develop.txt")
    done = backport(clone, "--continue", "--format", "json")
    assert (done.code, done.targets) == (0, MERGED), done.err
    assert remote.parents("develop") == [develop, tip]
    assert remote.tree("develop") == {**remote.tree(develop), "app.py": FIX, "develop.txt": "one\ntwo\nadapted\n"}
    nothing_left(fixed)


@pytest.mark.slow
@pytest.mark.parametrize("in_json", rest_slow([False, True], now=2))
def test_a_conflict_with_production(fixed: Project, in_json: bool) -> None:
    """Solved first, then finish takes the solution, tags the fix alone and delivers."""
    clone, remote = fixed.clone, fixed.remote
    bob = fixed.another_clone("bob")
    bob.git("switch", "-q", "main")
    theirs = bob.commit("unreleased", {"app.py": CLASH})
    bob.git("push", "-q")
    tip = clone.tip("hotfix/4711")
    assert clone.hotfix("finish").code == 4
    there = remote.refs()
    place = opened(fixed, "main")
    solve(place)
    words = ["--format", "json"] if in_json else []
    taken = backport(clone, "--continue", *words)
    if in_json:
        solved = [{"issue": "4711", "ref": "refs/heads/main"}]
        assert (taken.json["solved"], taken.json["next"]) == (solved, ["git hotfix finish 4711"])
    assert taken.code == 0, taken.err
    assert in_json or taken.out == "next: git hotfix finish 4711\n"
    assert remote.refs() == there
    done = clone.hotfix("finish", "--format", "json")
    assert (done.code, done.targets) == (0, MERGED), done.err
    assert remote.parents("main") == [theirs, tip]
    assert remote.tree("main") == {**remote.tree(theirs), "app.py": SOLVED}
    assert remote.tip("v1.4.3") == tip
    assert remote.tree("develop")["app.py"] == FIX
    nothing_left(fixed)


@pytest.mark.slow
def test_the_tag_is_what_is_solved_where_the_policy_delivers_it(fixed: Project) -> None:
    """main had moved: what is tagged is not its merge. `git describe` on the branch then sees the tag."""
    clone, remote = fixed.clone, fixed.remote
    fixed.set_policy('[backport]\nsource = "tag"\n')
    before = clone.branch("feature/clash", "develop", "clash", {"app.py": APP.replace("value_15 = 15", "value_15 = 0")})
    answer = clone.hotfix("finish", "--format", "json")
    assert (answer.code, answer.targets["feature/clash"]) == (4, ("merge", "conflict")), answer.err
    assert clone.hotfix("backport", "4711", "--resolve", "feature/clash").code == 0
    there = fixed.at("clone-resolve-feature-clash")
    (there.path / "app.py").write_text(FIX)
    there.git("add", "app.py")
    done = clone.hotfix("backport", "4711", "--continue", "--format", "json")
    assert (done.code, done.targets["feature/clash"]) == (0, ("merge", "merged")), done.err
    assert remote.parents("feature/clash") == [before, remote.tip("v1.4.3")]


@pytest.mark.slow
@pytest.mark.parametrize("in_json", rest_slow([True, False], now=1))
def test_a_target_is_solved_before_production_has_the_fix(fixed: Project, in_json: bool) -> None:
    """The solution waits, and finish delivers it."""
    clone, remote = fixed.clone, fixed.remote
    theirs, tip = clash(fixed), clone.tip("hotfix/4711")
    there = remote.refs()
    solve(opened(fixed, "feature/clash"))
    taken = backport(clone, "--continue", *(["--format", "json"] if in_json else []))
    assert taken.code == 0, taken.err
    if in_json:
        solved = [{"issue": "4711", "ref": "refs/heads/feature/clash"}]
        assert (taken.json["solved"], taken.json["next"]) == (solved, ["git hotfix finish 4711"])
    else:
        assert taken.out == "next: git hotfix finish 4711\n"
    assert "feature/clash is solved; finish takes it from here" in taken.err
    assert remote.refs() == there
    done = clone.hotfix("finish", "--format", "json")
    assert (done.code, done.targets) == (0, {**MERGED, "feature/clash": ("merge", "merged")}), done.err
    assert remote.parents("feature/clash") == [theirs, tip]
    assert remote.tree("feature/clash")["app.py"] == SOLVED
    nothing_left(fixed)
