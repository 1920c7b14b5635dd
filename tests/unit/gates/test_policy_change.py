"""policy-change: the policy, attributes that bend diffs, hooks and approvers."""

from __future__ import annotations

import pytest
from gate_facts import Trees, between, change, facts, waived

from git_hotfix.gates import judge
from git_hotfix.gates.policy_change import Options, check
from git_hotfix.model.policy import GatePolicy, Policy
from git_hotfix.model.verdict import Finding, Judgement

HINT = "change it on its own, or record why here: git hotfix waive policy-change --reason …"
POLICY = "changes the policy of hotfixes"
CHECKS = "changes who or what checks a commit"
PASSED = Judgement("0 changes", "0 changes")
OURS = b"[tool.git-hotfix]\nbudget = '2h'\n"
PROJECT = b"[project]\nname = 'a'\n"


def found(message: str, path: str, line: int | None = None) -> Judgement:
    return Judgement("1 change", "0 changes", (Finding(message, path, line, HINT),))


@pytest.mark.parametrize("status", ["A", "M", "D"])
@pytest.mark.parametrize(
    ("path", "message"),
    [
        (".git-hotfix.toml", POLICY),
        (".pre-commit-config.yaml", CHECKS),
        ("lefthook.yml", CHECKS),
        (".lefthook-local.yaml", CHECKS),
        (".husky/pre-push", CHECKS),
        ("web/.husky/pre-commit", CHECKS),
        (".githooks/pre-push", CHECKS),
        ("CODEOWNERS", CHECKS),
        (".github/CODEOWNERS", CHECKS),
        (".husky/caf\udce9\n", CHECKS),
        (".git-hotfix/allowed_signers", CHECKS),
        (".mailmap", CHECKS),
    ],
)
def test_paths(path: str, message: str, status: str) -> None:
    assert check(facts(change(path, status)), Options()) == found(message, path)


@pytest.mark.parametrize(
    "path", ["src/a.py", "web/.git-hotfix.toml", "template/.pre-commit-config.yaml", "hooks/x", "src/hooks/useUser.ts"]
)
def test_other_paths(path: str) -> None:
    assert check(facts(change(path)), Options()) == PASSED


def test_a_file_that_is_moved_away() -> None:
    moved = change("old.toml", "R", old=".git-hotfix.toml")
    assert check(facts(moved), Options()) == found(POLICY, "old.toml")


@pytest.mark.parametrize(
    ("base", "tip"),
    [
        (PROJECT, PROJECT + b"version = '2'\n"),
        (PROJECT + OURS, OURS + b"[tool.other]\nx = 1\n" + PROJECT),
        (PROJECT, None),
        (None, PROJECT),
        (b"tool = 1\n", PROJECT),
    ],
)
def test_pyproject_without_a_change_of_our_table(base: bytes | None, tip: bytes | None) -> None:
    sides = [{} if side is None else {"pyproject.toml": side} for side in (base, tip)]
    assert check(between(*sides), Options()) == PASSED


@pytest.mark.parametrize(
    ("base", "tip"),
    [
        (PROJECT, PROJECT + OURS),
        (PROJECT + OURS, PROJECT),
        (PROJECT + OURS, PROJECT + OURS.replace(b"2h", b"9h")),
        (PROJECT + OURS, None),
        (None, OURS),
        (PROJECT, PROJECT + b'[tool]\n"git\\u002dhotfix" = {budget = "9h"}\n'),
    ],
)
def test_pyproject_with_another_table(base: bytes | None, tip: bytes | None) -> None:
    sides = [{} if side is None else {"pyproject.toml": side} for side in (base, tip)]
    assert check(between(*sides), Options()) == found(f"{POLICY}, [tool.git-hotfix]", "pyproject.toml")


def test_only_the_pyproject_at_the_top_holds_a_policy() -> None:
    assert check(between({"web/pyproject.toml": PROJECT}, {"web/pyproject.toml": OURS}), Options()) == PASSED
    moved = change("web/pyproject.toml", "R", old="pyproject.toml")
    content = Trees({"pyproject.toml": OURS}, {"web/pyproject.toml": OURS})
    answer = check(facts(moved, content=content), Options())
    assert answer == found(f"{POLICY}, [tool.git-hotfix]", "web/pyproject.toml")


@pytest.mark.parametrize("tip", [b"[tool", b"\xff\xfe", b"x" * 30_000, None, b"a = " + b"[" * 5000])
def test_a_pyproject_that_cannot_be_read(tip: bytes | None) -> None:
    unread = Finding("cannot be read: whether the policy of hotfixes changes is open", "pyproject.toml")
    given = between({"pyproject.toml": PROJECT}, {"pyproject.toml": tip})
    assert check(given, Options()) == Judgement("0 changes", "0 changes", (), (unread,))


@pytest.mark.parametrize(
    ("line", "names"),
    [
        ("*.py -diff", "diff"),
        ("* merge=union", "merge"),
        ("*.psd filter=lfs diff=lfs merge=lfs -text", "filter, diff, merge"),
        ("*.lock binary", "binary"),
        ("*.a !merge", "merge"),
        ('"a \\" b" -diff', "diff"),
        ('"open -diff', "diff"),  # git takes the quote for a letter then
        ("[attr]mine -diff", "[attr]"),
        ("  \t* diff=x\r", "diff"),
        ("caf\udce9 -diff", "diff"),
    ],
)
def test_attributes(line: str, names: str) -> None:
    text = b"*.sh text eol=lf\n" + line.encode("utf-8", "surrogateescape") + b"\n"
    for path in (".gitattributes", "src/.gitattributes"):
        sets = between({path: b"*.sh text eol=lf\n"}, {path: text})
        assert check(sets, Options()) == found(f"sets attributes that bend diffs or merges: {names}", path, 2)
        takes = between({path: text}, {path: b"*.sh text eol=lf\n"})
        message = f"takes away attributes that bend diffs or merges: {names}"
        assert check(takes, Options()) == found(message, path)


@pytest.mark.parametrize(
    "line", ["*.sh text eol=lf", "# *.py -diff", "", "diff merge_x", "*.py linguist-generated", "*.tgz export-ignore",
             '"diff -diff" text', "*.py differ"],
)  # fmt: skip
def test_attributes_that_bend_nothing(line: str) -> None:
    assert check(between({}, {".gitattributes": line.encode() + b"\n"}), Options()) == PASSED


def test_waived_allowed_and_other_paths() -> None:
    given = change("lefthook.yml")
    assert judge(facts(given), only=["policy-change"]).gates[0].status == "fail"
    assert judge(waived(facts(given), "policy-change"), only=["policy-change"]).gates[0].status == "waived"
    for gate in (GatePolicy("block", ("lefthook.yml",), Options()), GatePolicy("block", (), Options(paths=("x",)))):
        policy = Policy(gates={"policy-change": gate})
        assert judge(facts(given, policy=policy), only=["policy-change"]).gates[0].status == "pass"
