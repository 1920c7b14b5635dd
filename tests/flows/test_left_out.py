"""Nothing is left out in silence: inactive, merged and finished branches are told, and how to include one."""

from __future__ import annotations

import pytest
from building import APP, FIX, TARGETS, Project
from sandbox import Repo

INCLUDE = "to include one: git hotfix backport 4711 --to BRANCH"


def at(clone: Repo, name: str, start: str) -> None:
    """A branch of the remote at a commit that is there."""
    clone.git("push", "-q", "--no-verify", "origin", f"{start}^{{commit}}:refs/heads/{name}")


def edited(number: int, word: str) -> str:
    return APP.replace(f"value_{number} = {number}\n", f'value_{number} = "{word}"\n')


def squash(clone: Repo, branch: str) -> None:
    """Take a branch of the remote into develop as a forge's squash merge does."""
    clone.git("switch", "-q", "develop")
    clone.git("merge", "-q", "--squash", f"origin/{branch}")
    clone.git("commit", "-q", "-m", f"{branch} (#1)")


@pytest.fixture
def squashed(fixed: Project) -> Repo:
    """A clone on hotfix/4711; on develop three features were squashed: one line of `one` changed again, `undone` was
    reverted, `further` went on."""
    clone = fixed.clone
    for name, number in (("one", 1), ("undone", 10), ("further", 20)):
        clone.branch(f"feature/{name}", "develop", name, {"app.py": edited(number, name), f"{name}.txt": "new\n"})
    clone.git("fetch", "-q")
    squash(clone, "feature/one")
    clone.commit("again", {"app.py": edited(1, "another")})
    squash(clone, "feature/undone")
    clone.git("revert", "--no-edit", "HEAD")
    squash(clone, "feature/further")
    clone.git("push", "-q", "origin", "develop")
    clone.branch("feature/further", "origin/feature/further", "on", {"further.txt": "more\n"})
    clone.branch("feature/joined", "origin/feature/one", "of its own", {"further.txt": "new\n"})
    clone.git("switch", "-q", "hotfix/4711")
    return clone


def test_a_feature_that_was_squashed_is_merged(squashed: Repo) -> None:
    answer = squashed.hotfix("finish", "--dry-run", "--format", "json")
    left = [{"ref": "refs/heads/feature/old", "why": "inactive"}, {"ref": "refs/heads/feature/one", "why": "merged"}]
    assert answer.json["left_out"] == sorted(left, key=lambda each: each["ref"]), answer.err
    assert set(answer.targets) == {*TARGETS, "feature/further", "feature/joined", "feature/undone"}


@pytest.mark.slow
def test_a_squashed_feature_that_took_develop_in_afterwards_is_merged(squashed: Repo) -> None:
    squashed.git("switch", "-q", "--detach", "origin/feature/one")
    squashed.git("merge", "-q", "-X", "theirs", "-m", "take it in", "origin/develop")
    squashed.git("push", "-q", "--no-verify", "origin", "HEAD:refs/heads/feature/one")
    squashed.git("switch", "-q", "hotfix/4711")
    assert "feature/one" not in squashed.hotfix("finish", "--dry-run", "--format", "json").targets


@pytest.mark.slow
def test_every_report_tells_of_it(fixed: Project) -> None:
    clone = fixed.clone
    for name, start in (("release/1.4", "v1.4.2"), ("release/1.4.1", "v1.4.1"), ("release/1.6", "v1.4.2"),
                        ("support/1.4", "v1.4.1"), ("feature/merged", "develop~1"), ("bugfix/2", "develop"),
                        ("bugfix/1", "develop")):  # fmt: skip
        at(clone, name, start)
    clone.git("fetch", "-q")
    line = (
        "left out: 1 inactive feature branch (older than 90 days), 2 finished release lines, 1 merged feature branch, "
        f"2 branches that backport.targets does not name · {INCLUDE}"
    )
    names = [
        "  inactive: feature/old", "  finished: release/1.4 release/1.4.1", "  merged: feature/merged",
        "  not-a-target: bugfix/1 bugfix/2",
    ]  # fmt: skip
    for command in ("status",), ("finish", "--dry-run"), ("finish",), ("backport", "4711"):
        said = clone.hotfix(*command)
        assert (said.code, said.out.splitlines().count(line)) == (0, 1), said.out
        assert not set(names) & set(said.out.splitlines())
    assert said.out.splitlines()[-1] == "Every target has the fix; 1 inactive branch was left out"
    said = clone.hotfix("backport", "4711", "-v")
    at_line = said.out.splitlines().index(line)
    assert said.out.splitlines()[at_line + 1 : at_line + 5] == names
    assert fixed.remote.tree("support/1.4")["app.py"] == fixed.remote.tree("release/1.6")["app.py"] == FIX
    assert fixed.remote.tree("release/1.4")["app.py"] == APP


@pytest.mark.slow
def test_what_is_named_is_looked_at(fixed: Project) -> None:
    """By `--to`, and by its whole name in the policy."""
    clone = fixed.clone
    clone.git("switch", "-q", "main")
    policy = (
        'targets = ["<develop>", "release/*", "feature/*", "feature/old", "release/1.4"]\nexclude = ["feature/s*"]\n'
    )
    clone.commit("policy", {".git-hotfix.toml": f"[backport]\n{policy}"})
    clone.git("push", "-q", "origin", "main")
    clone.git("switch", "-q", "hotfix/4711")
    at(clone, "release/1.4", "v1.4.2")
    at(clone, "release/1.4.1", "v1.4.1")
    answer = clone.hotfix("finish", "--format", "json")
    assert answer.json["left_out"] == [
        {"ref": "refs/heads/release/1.4.1", "why": "finished"}, {"ref": "refs/heads/feature/search", "why": "excluded"},
    ], answer.err  # fmt: skip
    assert set(answer.targets) == {"develop", "release/1.4", "release/1.5", "feature/login", "feature/old"}
    named = clone.hotfix("backport", "4711", "--to", "release/1.4.1", "--format", "json")
    assert (named.json["left_out"], named.targets) == ([], {"release/1.4.1": ("cherry-pick", "merged")})
