"""`check`: what each gate sees of real commits, beside what `test_check` plays."""

from __future__ import annotations

import random
import string
from collections.abc import Mapping
from typing import Any

import pytest
from building import APP, FIX, Project
from sandbox import Repo

LETTERS = string.ascii_letters + string.digits
TOKEN = "gh" + "p_" + "".join(random.Random(7).choices(LETTERS, k=36))
MARKER = "<" * 7 + " HEAD\n"
MIGRATION = "class Migration(migrations.Migration):\n    operations = [migrations.RunPython(forwards)]\n"


def gate(clone: Repo, id: str) -> dict[str, Any]:
    """What `check` says of one gate."""
    answer = clone.hotfix("check", "--only", id, "--format", "json")
    [found] = answer.json["gates"]
    assert (answer.code == 1) == (answer.json["verdict"] == "fail") == (found["status"] == "fail")
    return dict(found)


def seen(found: Mapping[str, Any]) -> tuple[str, list[tuple[str, str | None, int | None]]]:
    """Status, and message, path and line of each finding."""
    return found["status"], [(each["message"], each["path"], each["line"]) for each in found["findings"]]


@pytest.mark.parametrize(
    ("files", "id", "status", "findings"),
    [
        ({"app.py": FIX + MARKER}, "conflict-marker", "fail", [("conflict marker", "app.py", 31)]),
        ({"docs/a.rst": "Title\n" + "=" * 7 + "\n"}, "conflict-marker", "pass", []),
        ({"tests/keys.py": f"x = 1\nkey = '{TOKEN}'\n"}, "secret", "fail", [("GitHub token", "tests/keys.py", 2)]),
        ({"shop/all.js": "x=1;" * 20_000}, "max-lines", "fail",
         [("802 production lines changed", None, None), ("+800 -0", "shop/all.js", None), ("+1 -1", "app.py", None)]),
        ({"shop/all.yml": "a: 1\n" * 300 + "\0\n"}, "max-lines", "fail",
         [("303 production lines changed", None, None), ("+301 -0", "shop/all.yml", None), ("+1 -1", "app.py", None)]),
        ({"app.py": FIX.replace(" = ", "=")}, "format-churn", "fail",
         [("58 of 60 changed lines differ only in formatting", None, None), ("58 lines", "app.py", None)]),
        ({"other.py": APP}, "rename", "fail", [("copied from app.py", "other.py", None)]),
        ({"app.py": None, "other.py": FIX}, "rename", "fail", [("renamed from app.py", "other.py", None)]),
        ({"tests/test_app.py": "x = 1\n"}, "tests", "pass", []),
        ({}, "tests", "warn", [("changed without a test", "app.py", None)]),
        ({".github/workflows/ci.yml": "on: push\n"}, "infrastructure", "warn",
         [("CI configuration", ".github/workflows/ci.yml", None)]),
        ({"shop/migrations/0002_x.py": MIGRATION}, "rollback", "warn",
         [("a migration without a way back: RunPython without reverse_code", "shop/migrations/0002_x.py", None)]),
        ({".gitattributes": "*.py -diff\n"}, "policy-change", "fail",
         [("sets attributes that bend diffs or merges: diff", ".gitattributes", 1)]),
        ({"pyproject.toml": "[tool.git-hotfix]\nbudget = '9h'\n"}, "policy-change", "fail",
         [("changes the policy of hotfixes, [tool.git-hotfix]", "pyproject.toml", None)]),
        ({"lefthook.yml": "pre-push: {}\n"}, "policy-change", "fail",
         [("changes who or what checks a commit", "lefthook.yml", None)]),
    ],
)  # fmt: skip
def test_files(
    fixed: Project, files: dict[str, str | None], id: str, status: str, findings: list[tuple[str, str, int | None]]
) -> None:
    fixed.clone.commit("more of 4711", files)
    assert seen(gate(fixed.clone, id)) == (status, findings)


@pytest.mark.slow
def test_a_secret_that_a_later_commit_removes_is_published_all_the_same(fixed: Project) -> None:
    """Of a plain commit, and of what a merge alone wrote; what production had, or what still stands, is told once."""
    clone = fixed.clone
    assert seen(gate(clone, "secret")) == ("pass", [])
    brought = clone.commit("a key by mistake", {"keys.py": f"x = 1\nkey = '{TOKEN}'\n", "more.py": "x = 1\n"})
    clone.commit("moved", {"keys.py": None, "other.py": f"key = '{TOKEN}'\n"})
    assert seen(gate(clone, "secret")) == ("fail", [("GitHub token", "other.py", 1)])
    clone.commit("and out", {"other.py": None})
    removed = (f"GitHub token in commit {brought[:10]}, removed later", "keys.py", None)
    assert seen(gate(clone, "secret")) == ("fail", [removed])
    clone.git("switch", "-q", "-c", "side", "HEAD~3")
    clone.commit("beside", {"beside.py": "x = 1\n"})
    clone.git("switch", "-q", "hotfix/4711")
    clone.git("merge", "-q", "--no-commit", "--no-ff", "side")
    other = TOKEN[:-1] + ("a" if TOKEN[-1] != "a" else "b")
    merged = clone.commit("join", {"joined.py": f"key = '{other}'\n"})
    clone.commit("clean", {"joined.py": None})
    found = seen(gate(clone, "secret"))[1]
    assert sorted(found) == sorted(
        [removed, (f"GitHub token in commit {merged[:10]}, removed later", "joined.py", None)]
    )


@pytest.mark.slow
def test_a_secret_is_shown_in_no_format(fixed: Project) -> None:
    fixed.clone.commit("more of 4711", {"app.py": FIX + f"key = '{TOKEN}'\n"})
    for style in ("text", "json", "github", "sarif", "gitlab", "junit"):
        answer = fixed.clone.hotfix("check", "-v", "--format", style)
        assert answer.code == 1
        assert "GitHub token" in answer.out
        assert TOKEN not in answer.out + answer.err


@pytest.mark.slow
def test_attributes_in_the_working_tree_hide_nothing(fixed: Project) -> None:
    """What the hotfix itself, or somebody's clone, says of diffs bends none that is judged."""
    clone = fixed.clone
    (clone.path / ".git" / "info").mkdir(exist_ok=True)
    (clone.path / ".git" / "info" / "attributes").write_text("* -diff binary\n")
    clone.commit("more of 4711", {".gitattributes": "* -diff binary\n", "app.py": FIX + MARKER + f"# {TOKEN}\n"})
    assert gate(clone, "conflict-marker")["status"] == gate(clone, "secret")["status"] == "fail"
    assert gate(clone, "policy-change")["status"] == "fail"


def test_odd_paths(fixed: Project) -> None:
    names = [" leading", "new\nline", 'quo"te', "größe", "tab\tname", "-dash"]
    fixed.clone.commit("more of 4711", {f"{name}/a.py": f"x = 1\n{MARKER}" for name in names})
    found = gate(fixed.clone, "conflict-marker")
    assert {(each["path"], each["line"]) for each in found["findings"]} == {(f"{name}/a.py", 2) for name in names}
    raw = b"caf\xe9.py"
    fixed.clone.git("mv", "-k", " leading/a.py", "b.py")
    place = bytes(fixed.clone.path) + b"/" + raw
    with open(place, "w") as file:  # noqa: PTH123 (the name is not text)
        file.write(MARKER)
    fixed.clone.commit("more of 4711")
    assert "caf\udce9.py" in [each["path"] for each in gate(fixed.clone, "conflict-marker")["findings"]]


@pytest.mark.slow
def test_binary_files_at_the_limit(fixed: Project) -> None:
    clone = fixed.clone
    (clone.path / "small.png").write_bytes(b"\0" * 65536)
    (clone.path / "large.png").write_bytes(b"\0" * 65537)
    clone.commit("more of 4711")
    assert seen(gate(clone, "binary")) == ("fail", [("binary file of 65 KiB", "large.png", None)])
    assert clone.hotfix("waive", "binary", "--reason", "the logo").code == 0
    assert gate(clone, "binary")["status"] == "waived"
    clone.commit("one byte less", {"large.png": None})
    assert seen(gate(clone, "binary")) == ("pass", [])


def test_submodules(fixed: Project) -> None:
    clone = fixed.clone
    first, second = clone.tip("v1.4.1"), clone.tip("v1.4.2")
    clone.git("update-index", "--add", "--cacheinfo", f"160000,{first},lib")
    clone.git("commit", "-q", "-m", "add lib for 4711")
    assert seen(gate(clone, "submodule")) == ("fail", [(f"submodule added at {first[:10]}", "lib", None)])
    moved = clone.hotfix("check", "--only", "submodule", "--format", "json", "--range", f"HEAD~1..{clone.tip('HEAD')}")
    assert moved.statuses == {"submodule": "fail"}
    clone.git("update-index", "--cacheinfo", f"160000,{second},lib")
    clone.git("commit", "-q", "-m", "move lib for 4711")
    [again] = clone.hotfix("check", "--only", "submodule", "--format", "json", "--range", "HEAD~1..HEAD").json["gates"]
    assert seen(again)[1] == [(f"submodule moved from {first[:10]} to {second[:10]}", "lib", None)]


@pytest.mark.slow
def test_commits_and_their_messages(fixed: Project) -> None:
    clone = fixed.clone
    for number in range(5):
        clone.commit("wip" if number == 2 else f"Check value {number}", {"app.py": FIX + f"x = {number}\n"})
    assert seen(gate(clone, "max-commits")) == ("warn", [("6 commits", None, None)])
    vague = clone.tip("HEAD~2")
    message = f"{vague[:10]} names neither 4711 nor what it fixes: 'wip'"
    assert seen(gate(clone, "message")) == ("warn", [(message, None, None)])
    clone.git("reset", "-q", "--soft", "HEAD~5")
    clone.git("commit", "-q", "--amend", "-m", "fix", "-m", "The basket may be empty, see #4711.")
    assert gate(clone, "message")["status"] == gate(clone, "max-commits")["status"] == "pass"


@pytest.mark.slow
def test_merges(fixed: Project) -> None:
    clone = fixed.clone
    clone.git("switch", "-q", "-c", "aside", "HEAD~1")
    clone.commit("a colleague's part of 4711", {"VERSION": "1.4.2 \n"})
    clone.git("switch", "-q", "hotfix/4711")
    clone.git("merge", "-q", "-m", "take the colleague's part in", "aside")
    own = clone.tip("HEAD")
    assert seen(gate(clone, "foreign-merge")) == ("warn", [(f"1 merge commit inside: {own[:10]}", None, None)])
    clone.git("merge", "-q", "-m", "take develop in", "develop")
    found = gate(clone, "foreign-merge")
    assert seen(found) == (
        "fail",
        [
            (f"merge {clone.tip('HEAD')[:10]} brings in 2 commits of develop", None, None),
            (f"1 merge commit inside: {own[:10]}", None, None),
        ],
    )
    command = found["findings"][0]["hint"].removeprefix("replay the fix without it: ").split()
    clone.git(*command[1:], "-q")
    assert gate(clone, "foreign-merge")["status"] == gate(clone, "base")["status"] == "pass"
    assert clone.tree("HEAD") == {"README.md": "an app\n", "VERSION": "1.4.2 \n", "app.py": FIX}


def test_a_hotfix_that_can_be_taken_back_on_a_production_that_moved(fixed: Project) -> None:
    other = fixed.another_clone("bob")
    other.git("switch", "-q", "main")
    other.commit("go on", {"app.py": APP.replace("value_2 = 2", "value_2 = 0")})
    other.git("push", "-q")
    fixed.clone.git("fetch", "-q")
    assert seen(gate(fixed.clone, "rollback")) == ("pass", [])


@pytest.mark.slow
def test_a_hotfix_that_cannot_be_taken_back(fixed: Project) -> None:
    """Its first commit is on production already, and somebody went on from there in the same line."""
    clone = fixed.clone
    clone.git("push", "-q", "--no-verify", "origin", "hotfix/4711", "HEAD:main")
    other = fixed.another_clone("bob")
    other.git("switch", "-q", "main")
    other.commit("go on", {"app.py": FIX.replace("fifteen", "XV")})
    other.git("push", "-q")
    clone.git("fetch", "-q")
    clone.commit("the rest of 4711", {"app.py": FIX.replace("value_2 = 2", "value_2 = 0")})
    assert clone.hotfix("check", "--only", "rollback").code == 0  # sends the logbook, which the push left here
    before = clone.everything()
    found = gate(clone, "rollback")
    assert clone.everything() == before
    assert seen(found) == ("warn", [("reverting the hotfix on production would conflict here", "app.py", None)])


@pytest.mark.slow
def test_policy_moves_limits_and_severities(fixed: Project) -> None:
    before = fixed.clone.hotfix("check", "--format", "json").statuses
    other = fixed.another_clone("policy")
    other.git("switch", "-q", "main")
    other.commit("the policy", {".git-hotfix.toml": (
        "[gates.tests]\nseverity = 'block'\n[gates.binary]\nmax = 0\n[gates.infrastructure]\nci = ['app.py']\n"
        "[gates.max-commits]\nmax = 0\n[gates.format-churn]\nlines = 1\npercent = 1\n"
        "[gates.policy-change]\npaths = ['app.py']\n"
    )})  # fmt: skip
    other.git("push", "-q")
    fixed.clone.git("fetch", "-q")
    after = fixed.clone.hotfix("check", "--format", "json").statuses
    assert {id: status for id, status in after.items() if status != before[id]} == {
        "tests": "fail",
        "infrastructure": "warn",
        "max-commits": "warn",
        "policy-change": "fail",
    }
