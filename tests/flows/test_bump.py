"""`bump`: the version goes where the hotfix's tag goes, and nothing else goes with it."""

from __future__ import annotations

import pytest
from building import Project
from killing import apart, kill_after, kill_at, locks, settled
from proofs import rest_slow
from sandbox import Repo

PYPROJECT = '[project]\nname = "app"\nversion = "{}"\ndependencies = ["x==1.4.3"]\n'
INIT = '"""An app."""\n\n__version__ = "{}"\n'
LOCK = (
    '{{\n  "version": "{0}",\n  "packages": {{\n    "": {{\n      "version": "{0}"\n    }},\n'
    '    "node_modules/x": {{\n      "version": "{1}"\n    }}\n  }}\n}}\n'
)


def files(number: str) -> dict[str, str]:
    return {
        "pyproject.toml": PYPROJECT.format(number), "app/__init__.py": INIT.format(number),
        "package-lock.json": LOCK.format(number, "1.4.3"),
    }  # fmt: skip


def fixed(project: Project, before: str = "1.4.3") -> Repo:
    """A hotfix of v1.4.3, whose files state `before`; its tag will be v1.4.4."""
    clone = project.clone
    project.released("v1.4.3", files(before))
    clone.git("fetch", "-q", "--tags")
    assert clone.hotfix("start", "4711").code == 0
    clone.commit("fix the checkout (4711)", {"app/core.py": "one = 1\n"})
    return clone


def moved(repo: Repo, commit: str = "HEAD") -> dict[str, str]:
    """The files that a commit changed, as they are then."""
    tree = repo.tree(commit)
    names = repo.git("diff-tree", "-r", "--no-commit-id", "--name-only", commit).split()
    return {name: tree[name] for name in names}


def test_every_field_is_brought_to_the_tag_and_nothing_else_is(project: Project) -> None:
    clone = fixed(project)
    before = clone.tip("HEAD")
    [gate] = clone.hotfix("check", "--only", "version", "--format", "json").json["gates"]
    assert gate["status"] == "warn"
    assert [(each["path"], each["line"]) for each in gate["findings"]] == [
        ("package-lock.json", 2), ("package-lock.json", 5), ("pyproject.toml", 3), ("app/__init__.py", 3),
    ]  # fmt: skip
    shown = clone.hotfix("bump", "--dry-run")
    assert (shown.code, clone.tip("hotfix/4711")) == (0, before)
    assert '-version = "1.4.3"\n+version = "1.4.4"\n' in shown.out
    answer = clone.hotfix("bump", "--format", "json")
    assert answer.code == 0, answer.err
    assert answer.json["version"] == {"old": "1.4.3", "new": "1.4.4"}
    assert [each["path"] for each in answer.json["files"]] == sorted(files(""))
    assert (answer.json["refused"], answer.json["commit"]) == ([], clone.tip("HEAD"))
    assert (clone.tip("HEAD~1"), moved(clone)) == (before, files("1.4.4"))
    assert clone.git("status", "--porcelain") == ""
    assert (clone.path / "app/__init__.py").read_text() == INIT.format("1.4.4")
    verdict = clone.hotfix("check", "--format", "json").json
    assert {each["id"]: each["status"] for each in verdict["gates"]}["version"] == "pass"
    again = clone.hotfix("bump")
    assert (again.code, again.out) == (0, "nothing to do: 4 fields state 1.4.4, the number of v1.4.4\n")


def test_where_nobody_stands_on_the_branch_only_the_branch_moves(project: Project) -> None:
    clone = fixed(project)
    clone.git("switch", "-q", "develop")
    head, tree = clone.tip("HEAD"), sorted(path.name for path in clone.path.iterdir())
    (clone.path / "app.py").write_text("unfinished\n")
    assert clone.hotfix("bump", "4711").code == 0
    assert moved(clone, "hotfix/4711") == files("1.4.4")
    assert (clone.tip("HEAD"), sorted(path.name for path in clone.path.iterdir())) == (head, tree)
    assert (clone.path / "app.py").read_text() == "unfinished\n"


def test_uncommitted_changes_are_refused_and_kept(project: Project) -> None:
    clone = fixed(project)
    before = clone.tip("HEAD")
    (clone.path / "app.py").write_text("unfinished\n")
    answer = clone.hotfix("bump")
    assert (answer.code, clone.tip("HEAD")) == (2, before)
    assert "has uncommitted changes on hotfix/4711" in answer.err
    assert (clone.path / "app.py").read_text() == "unfinished\n"


def test_the_command_of_the_user_does_it_in_a_checkout_of_its_own(project: Project) -> None:
    """What it commits or tags there is nobody's; what it leaves out is changed all the same."""
    clone = fixed(project)
    clone.git(
        "config", "hotfix.run.bump",
        'test "$HOTFIX_TAG" = v1.4.4 && sed -i s/1.4.3/$HOTFIX_VERSION/ app/__init__.py && echo 1.4.4 >> notes.ignored'
        ' && git -c user.name=x -c user.email=x commit -qam bumped && git tag v1.4.4',
    )  # fmt: skip
    (clone.path / ".git/info/exclude").write_text("*.ignored\n")
    answer = clone.hotfix("bump")
    assert answer.code == 0, answer.out
    assert moved(clone) == files("1.4.4")
    assert clone.git("tag", "--list", "v1.4.4") == ""
    assert not (clone.path / "notes.ignored").exists()
    assert clone.git("worktree", "list").count("\n") == 0


@pytest.mark.parametrize(
    ("command", "lines"),
    [
        ("sed -i s/1.4.3/$HOTFIX_VERSION/ package-lock.json",
         ['package-lock.json:8: -      "version": "1.4.3"', 'package-lock.json:8: +      "version": "1.4.4"']),
        ("sed -i s/1.4.3/$HOTFIX_VERSION/ pyproject.toml",
         ['pyproject.toml:4: -dependencies = ["x==1.4.3"]', 'pyproject.toml:4: +dependencies = ["x==1.4.4"]']),
        ("echo 1.4.4 > RELEASED", ["RELEASED: is a new file"]),
        ("rm app/core.py", ["app/core.py: was deleted"]),
        ("chmod +x pyproject.toml", ["pyproject.toml: is another kind of file"]),
        ("echo '# made on a Monday' >> app/core.py", ["app/core.py:2: +# made on a Monday"]),
    ],
)  # fmt: skip
def test_whatever_else_a_command_changes_is_named_and_nothing_is_committed(
    project: Project, command: str, lines: list[str]
) -> None:
    clone = fixed(project)
    clone.git("config", "hotfix.run.bump", command)
    before = clone.snapshot()
    answer = clone.hotfix("bump")
    assert answer.code == 1
    said = [line.strip() for line in answer.out.splitlines()]
    assert said[0] == "nothing was committed: this is not the version going from 1.4.3 to 1.4.4"
    assert set(lines) <= set(said)
    assert clone.snapshot() == before
    refused = clone.hotfix("bump", "--format", "json").json
    assert (refused["files"], refused["commit"], bool(refused["refused"])) == ([], None, True)


def test_a_command_that_fails_changes_nothing(project: Project) -> None:
    clone = fixed(project)
    before = clone.tip("HEAD")
    clone.git("config", "hotfix.run.bump", "sed -i s/1.4.3/1.4.4/ app/__init__.py; exit 3")
    answer = clone.hotfix("bump")
    assert (answer.code, clone.tip("HEAD")) == (1, before)
    assert "hotfix.run.bump failed (exit 3)" in answer.err


def test_a_tool_of_the_repository_is_named_and_not_run(project: Project) -> None:
    clone = fixed(project)
    clone.commit("tools (4711)", {".bumpversion.toml": '[tool.bumpversion]\ncurrent_version = "1.4.3"\n'})
    answer = clone.hotfix("bump")
    assert answer.code == 0
    assert (
        "git config hotfix.run.bump 'bump-my-version bump --no-commit --no-tag --new-version \"$HOTFIX_VERSION\"'"
        in (answer.err)
    )


def test_who_keeps_no_version_in_step_has_nothing_to_do(project: Project) -> None:
    clone = fixed(project, before="1.4.2")
    answer = clone.hotfix("bump")
    assert (answer.code, answer.out) == (0, "nothing to do: no field states v1.4.3\n")
    assert clone.hotfix("bump", "--format", "json").json["version"] is None


def test_another_tag_is_named_as_finish_is_told_it(project: Project) -> None:
    clone = fixed(project)
    taken = clone.hotfix("bump", "--tag", "v1.4.3")
    assert (taken.code, "tag v1.4.3 already exists" in taken.err) == (3, True)
    assert clone.hotfix("bump", "--tag", "v1.4.7").code == 0
    assert moved(clone) == files("1.4.7")
    # What finish is going to tag by itself is another number: the gate says so, and not where finish is told.
    check = clone.hotfix("check", "--only", "version", "--format", "json").json["gates"][0]
    assert {each["message"] for each in check["findings"]} == {
        "states 1.4.7, and the tag will be v1.4.4: expected 1.4.4"
    }
    assert clone.hotfix("bump").code == 0
    assert moved(clone) == files("1.4.4")


def test_a_linked_worktree_that_stands_on_the_branch_goes_along(project: Project) -> None:
    clone = fixed(project)
    clone.git("switch", "-q", "develop")
    there = project.linked("there", "hotfix/4711")
    assert clone.hotfix("bump", "4711").code == 0
    assert (there.path / "app/__init__.py").read_text() == INIT.format("1.4.4")
    assert there.git("status", "--porcelain") == ""


def whole(clone: Repo, before: str) -> None:
    """The branch is where it was or bumped, and so are its files; the next bump ends well, and nothing is left."""
    tip = clone.tip("hotfix/4711")
    assert tip == before or clone.tip("hotfix/4711~1") == before
    answer = clone.hotfix("bump")
    assert answer.code == 0, answer.err
    assert (clone.tip("HEAD~1"), moved(clone)) == (before, files("1.4.4"))
    assert clone.git("status", "--porcelain") == ""
    assert locks(clone) == []
    assert list((clone.path / ".git" / "hotfix").iterdir()) == []
    assert clone.git("worktree", "list").count("\n") == 0


@pytest.mark.parametrize("state", rest_slow(["prepared", "committed"]))
@pytest.mark.parametrize("all_of_it", rest_slow([True, False]))
def test_killed_while_the_branch_moves_nothing_is_half(project: Project, state: str, all_of_it: bool) -> None:
    clone = fixed(project)
    before = clone.tip("HEAD")
    apart(project)
    hook = clone.hook("reference-transaction", "exit 0")
    kill_at(project, ("bump",), hook, "refs/heads/hotfix/4711", state=state, all_of_it=all_of_it)
    settled(clone)
    whole(clone, before)


@pytest.mark.slow
@pytest.mark.parametrize("part", range(12))
def test_killed_at_any_moment_nothing_is_half(project: Project, part: int) -> None:
    clone = fixed(project)
    before = clone.tip("HEAD")
    apart(project)
    clone.git("config", "hotfix.run.bump", "sed -i s/1.4.3/1.4.4/ app/__init__.py; sleep 0.1")
    kill_after(clone, ("bump",), 0.1 + part * 0.07, all_of_it=True)
    settled(clone)
    whole(clone, before)
