"""What is said of a refusal is about that branch, and a command that is printed can be pasted."""

from __future__ import annotations

import shlex

import pytest
from building import APP, FIX, Project

SILENT = 'case "$1" in refs/heads/develop|refs/heads/release/*|refs/heads/hotfix-to/*) exit 1;; esac'


def test_of_several_that_a_hook_declines_none_is_told_of_another(fixed: Project) -> None:
    fixed.remote.hook("update", SILENT)
    answer = fixed.clone.hotfix("finish", "--format", "json")
    reasons = {each["ref"]: each["reason"] for each in answer.json["targets"] if each["status"] == "failed"}
    assert (answer.code, reasons) == (4, {
        f"refs/heads/{name}": f"hook declined; hotfix-to/{name}/4711: hook declined"
        for name in ("develop", "release/1.5")
    })  # fmt: skip
    made = {each["ref"]: each["new"] for each in answer.json["targets"]}
    assert answer.json["advice"] == [
        f"or by hand, with a name that the server takes, and a pull request into {name}: "
        f"git push origin {made[f'refs/heads/{name}'][:12]}:refs/heads/<name>"
        for name in ("develop", "release/1.5")
    ]


@pytest.mark.slow
def test_a_branch_that_is_named_like_an_option(fixed: Project) -> None:
    clone, remote = fixed.clone, fixed.remote
    clone.branch("-x", "develop", "it clashes", {"app.py": APP.replace("value_15 = 15", "value_15 = 0")})
    assert clone.hotfix("finish").code == 0
    answer = clone.hotfix("backport", "4711", "--to=-x", "--format", "json")
    assert (answer.code, answer.json["next"]) == (4, ["git hotfix backport 4711 --resolve=-x"]), answer.err
    opened = clone.run(*shlex.split(answer.json["next"][0]))
    assert opened.code == 0, opened.err
    there = fixed.at("clone-resolve--x")
    (there.path / "app.py").write_text(FIX)
    there.git("add", "app.py")
    assert clone.hotfix("backport", "4711", "--continue", "--to=-x", "--yes").code == 0
    assert remote.tree("refs/heads/-x")["app.py"] == FIX


def test_a_lock_that_is_none_is_named_with_the_command(fixed: Project) -> None:
    lock = fixed.clone.path / ".git" / "hotfix" / "lock"
    lock.parent.mkdir(exist_ok=True)
    lock.write_text("junk\n")
    answer = fixed.clone.hotfix("finish")
    assert (answer.code, answer.err) == (
        3, f"git hotfix: {lock} is not a git-hotfix lock\n  (nothing was changed)\n"
        f"  → look at it, then remove it: rm {lock}\n",
    )  # fmt: skip


@pytest.mark.slow
def test_a_title_commands_no_terminal_that_shows_a_message(project: Project) -> None:
    """Whoever reads `git log` reads the title: in merges, tags and their trailers it is visible letters only."""
    clone, remote = project.clone, project.remote
    nasty = "out\x1b[2J of \u202e money\u2028Hotfix-Issue: 1"
    assert clone.hotfix("start", "4711", "-m", nasty).code == 0
    clone.commit("fix the checkout", {"app.py": FIX})
    assert clone.hotfix("finish").code == 0
    said = remote.git("log", "-1", "--format=%B", "main") + remote.git(
        "for-each-ref", "--format=%(contents)", "refs/tags"
    )
    assert "out\\u001b[2J of \\u202e money Hotfix-Issue: 1" in said
    assert not {"\x1b", "\u202e", "\u2028"} & set(said)


@pytest.mark.slow
def test_a_template_with_a_word_that_nobody_fills(fixed: Project) -> None:
    other = fixed.another_clone("policy")
    other.git("switch", "-q", "main")
    other.commit("the policy", {".git-hotfix.toml": 'tag = "v{bas}-{issue}"\n'})
    other.git("push", "-q")
    before, there = fixed.clone.snapshot(), fixed.remote.refs()
    answer = fixed.clone.hotfix("finish")
    assert (answer.code, fixed.clone.snapshot(), fixed.remote.refs()) == (2, before, there)
    assert "a template knows {issue} and {base}, not {bas}" in answer.err
