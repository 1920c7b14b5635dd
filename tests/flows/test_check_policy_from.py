"""`check --policy-from REV`: another policy is tried on a hotfix, strictly, and the verdict says that it was."""

from __future__ import annotations

import pytest
from building import Project
from sandbox import Repo

POLICY = "[gates.max-lines]\nmax = 0\nwarn = 0\n"


def proposed(clone: Repo, text: str, name: str = ".git-hotfix.toml") -> str:
    """A branch of this clone with a policy; the hotfix stays checked out."""
    clone.git("switch", "-q", "-c", "proposal", "origin/main")
    tip = clone.commit("propose a policy", {name: text})
    clone.git("switch", "-q", "hotfix/4711")
    return tip


def test_it_holds_instead_of_productions(fixed: Project) -> None:
    clone = fixed.clone
    tip = proposed(clone, POLICY)
    assert clone.hotfix("check").code == 0
    answer = clone.hotfix("check", "--policy-from", "proposal")
    assert answer.code == 1
    assert f"policy: .git-hotfix.toml of proposal, not the policy of production, at {tip[:10]}\n" in answer.out
    document = clone.hotfix("check", "--policy-from", "proposal", "--format", "json").json
    assert document["policy"] == {"commit": tip, "file": ".git-hotfix.toml", "from": "proposal"}
    failed = [gate for gate in document["gates"] if gate["status"] == "fail"]
    assert [(gate["id"], gate["limit"]) for gate in failed] == [("max-lines", "0 lines")]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            "[gates.max-lines]\nmaximum = 3\n",
            ".git-hotfix.toml:2: gates.max-lines.maximum: unknown key; did you mean max?",
        ),
        (
            '[gates.max-lines]\nmax = "three"\n',
            '.git-hotfix.toml:2: gates.max-lines.max: expected a whole number from 0 up, found "three"',
        ),
        ("[gates.max-line]\nmax = 3\n", ".git-hotfix.toml:1: gates.max-line: no such gate; did you mean max-lines?"),
        ("max = = 3\n", ".git-hotfix.toml cannot be read, the defaults hold: Invalid value (at line 1, column 7)"),
        ('requires = ">=99"\n', ".git-hotfix.toml:1: requires: this policy needs git-hotfix >=99, this is "),
    ],
)
def test_every_mistake_is_an_error_with_its_place(fixed: Project, text: str, said: str) -> None:
    proposed(fixed.clone, text)
    answer = fixed.clone.hotfix("check", "--policy-from", "proposal")
    assert (answer.code, answer.out) == (2, "")
    assert f"git hotfix: the policy of proposal is wrong: {said}" in answer.err


def test_a_table_of_pyproject_is_a_policy_and_another_is_none(fixed: Project) -> None:
    proposed(fixed.clone, '[tool.git-hotfix.gates.max-lines]\nseverity = "off"\n', "pyproject.toml")
    document = fixed.clone.hotfix("check", "--policy-from", "proposal", "--format", "json").json
    assert document["policy"]["file"] == "pyproject.toml"
    answer = fixed.clone.hotfix("check", "--policy-from", "origin/develop")
    assert answer.code == 2
    assert (
        "origin/develop holds no policy: neither .git-hotfix.toml nor [tool.git-hotfix] in pyproject.toml" in answer.err
    )


@pytest.mark.parametrize("name", ["nowhere", "--all", "v1.4.2^{tree}"])
def test_what_is_no_commit(fixed: Project, name: str) -> None:
    answer = fixed.clone.hotfix("check", f"--policy-from={name}")
    assert answer.code == 2
    assert f"{name!r} is not a commit in this clone" in answer.err
