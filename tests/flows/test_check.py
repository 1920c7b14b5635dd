"""`check`: the gates on real commits, under production's policy, and nothing written."""

from __future__ import annotations

import json

import pytest
from building import APP, FIX, Project
from sandbox import Answer, Repo

from git_hotfix.gates import all_gates

# What a small fix without a test gets: every gate that is on lets it pass.
PASSED = {gate.id: "off" if gate.severity == "off" else "pass" for gate in all_gates()} | {"tests": "warn"}


def checked(clone: Repo, *arguments: str) -> Answer:
    """`check` in JSON; it leaves every byte of the clone as it was."""
    before = clone.everything()
    answer = clone.hotfix("check", *arguments, "--format", "json")
    assert clone.everything() == before
    return answer


def test_a_small_fix_passes(fixed: Project) -> None:
    clone = fixed.clone
    base, tip = clone.tip("v1.4.2"), clone.tip("HEAD")
    answer = checked(clone)
    assert answer.code == 0
    found = answer.json
    assert found["hotfix"] == {
        "branch": "hotfix/4711", "issue": "4711", "title": "Checkout fails", "severity": "P0",
        "production": "refs/heads/main", "base_tag": "v1.4.2", "tag": None, "base": base, "tip": tip,
    }  # fmt: skip
    assert (found["verdict"], answer.statuses) == ("pass", PASSED)
    assert found["policy"] == {"commit": base, "file": None, "from": None}
    measured = {gate["id"]: (gate["severity"], gate["measured"], gate["limit"]) for gate in found["gates"]}
    assert measured["max-files"] == ("block", "1 file", "10 files")
    assert measured["max-lines"] == ("block", "2 lines", "200 lines")
    assert [gate["id"] for gate in found["gates"] if gate["findings"]] == ["tests"]
    said = clone.hotfix("check")
    assert said.code == 0
    head, table, findings, policy = said.out.split("\n\n")
    assert head == f"hotfix/4711 · Checkout fails · P0 · from v1.4.2 ({base[:10]}), at {tip[:10]}"
    rows = table.splitlines()
    assert rows[0].split() == ["gate", "limit", "measured", "verdict"]
    assert (rows[1].split()[0], rows[1].split()[-1]) == ("tests", "warn")
    passing = list(PASSED.values()).count("pass")
    names = [id for id, status in PASSED.items() if status == "pass"]
    count, _, named = rows[2].partition(" gates pass: ")
    assert (int(count), sorted(named.split(", "))) == (passing, sorted(names))  # a log has no width to keep to
    assert findings.startswith("warn tests: ")
    assert policy == (
        f"policy: the defaults (production at {base[:10]} holds no .git-hotfix.toml)\nnext: git hotfix finish 4711\n"
    )


def test_every_gate_when_asked(fixed: Project) -> None:
    rows = fixed.clone.hotfix("check", "-v").out.split("\n\n")[1].splitlines()[1:]
    assert {row.split()[0]: row.split()[-1] for row in rows} == PASSED


@pytest.mark.slow
@pytest.mark.parametrize(
    ("files", "gate", "status"),
    [
        ({f"src/part{n}.txt.in": "x\n" for n in range(5)}, "max-files", "warn"),
        ({f"src/part{n}.txt.in": "x\n" for n in range(10)}, "max-files", "fail"),
        ({f"tests/test_part{n}.py": "x = 1\n" for n in range(20)}, "max-files", "pass"),
        ({"app.py": FIX + "x = 1\n" * 99}, "max-lines", "warn"),
        ({"app.py": FIX + "x = 1\n" * 199}, "max-lines", "fail"),
        ({"docs/story.md": "word\n" * 500, "CHANGELOG.md": "word\n" * 500}, "max-lines", "pass"),
        ({"locale/fr.po": "word\n" * 500, "web/locales/fr.json": "word\n" * 500}, "max-lines", "pass"),
        ({"src/history.ts": "word\n" * 500}, "max-lines", "fail"),
        ({"helper.py": "x = 1\n"}, "new-module", "fail"),
        ({"requirements.txt": "left-pad\n"}, "new-dependency", "fail"),
        ({"package.json": json.dumps({"dependencies": {"left-pad": "1"}})}, "new-dependency", "fail"),
        ({"pyproject.toml": '[project]\nname = "a"\ndependencies = ["left-pad"]\n'}, "new-dependency", "fail"),
    ],
)
def test_each_gate_on_its_own(fixed: Project, files: dict[str, str], gate: str, status: str) -> None:
    fixed.clone.commit("more of 4711", files)
    answer = checked(fixed.clone)
    assert answer.statuses[gate] == status
    assert answer.code == (1 if "fail" in answer.statuses.values() else 0)
    only = checked(fixed.clone, "--only", gate)
    assert (list(only.statuses), only.code) == ([gate], 1 if status == "fail" else 0)
    if status == "fail":
        said = fixed.clone.hotfix("check")
        assert f"fail {gate}: " in said.out
        assert said.out.splitlines()[-1].startswith("refused by: ")


def test_commits_of_other_branches(fixed: Project) -> None:
    clone = fixed.clone
    clone.git("merge", "-q", "-m", "take develop in", "develop")
    answer = checked(clone)
    assert (answer.code, answer.statuses["base"]) == (1, "fail")
    [finding] = next(gate for gate in answer.json["gates"] if gate["id"] == "base")["findings"]
    commits = " ".join(oid[:10] for oid in clone.git("rev-list", "--reverse", "v1.4.2..develop").split())
    assert finding["message"] == f"holds 2 commits of develop: {commits}"
    clone.git("reset", "-q", "--hard", "HEAD~1")
    clone.git("merge", "-q", "-m", "take a feature in", "origin/feature/old")
    merge = clone.tip("HEAD")[:10]  # began at the tag, as a topic branch would, but is older than the hotfix
    assert f"merge {merge} brings in 1 commit of feature/old from before this hotfix" in clone.hotfix("check").out


def test_a_newer_tag_only_warns(fixed: Project) -> None:
    other = fixed.another_clone("bob")
    other.git("switch", "-q", "main")
    other.commit("release 1.4.3", {"VERSION": "1.4.3\n"})
    other.git("push", "-q")
    other.tag("v1.4.3")
    answer = fixed.clone.hotfix("check", "--fetch", "--format", "json")
    assert (answer.code, answer.statuses) == (0, {**PASSED, "base": "warn"})
    assert "production is at v1.4.3" in answer.out


def test_a_branch_made_by_hand(project: Project) -> None:
    clone = project.clone
    clone.git("switch", "-q", "-c", "hotfix/8", "v1.4.2")
    clone.commit("fix the checkout", {"app.py": FIX})
    answer = checked(clone)
    assert (answer.code, answer.statuses) == (0, PASSED)
    assert (answer.json["hotfix"]["title"], answer.json["hotfix"]["severity"]) == ("", "P1")


def test_a_branch_cut_from_develop(project: Project) -> None:
    clone = project.clone
    clone.git("switch", "-q", "-c", "hotfix/8", "develop")
    clone.commit("fix", {"app.py": FIX})
    answer = checked(clone)
    assert (answer.code, answer.statuses["base"]) == (1, "fail")
    assert "2 commits of develop" in answer.out


def test_a_branch_that_only_the_remote_has(fixed: Project) -> None:
    clone = fixed.clone
    clone.git("push", "-q", "origin", "hotfix/4711")
    other = fixed.another_clone("bob")
    answer = checked(other, "4711")
    assert (answer.code, answer.json["hotfix"]["tip"]) == (0, clone.tip("HEAD"))


@pytest.mark.slow
def test_policy_is_productions(fixed: Project) -> None:
    """A hotfix cannot raise its own limits, nor can a file that only lies here."""
    clone = fixed.clone
    clone.commit("4711", {"helper.py": "x = 1\n", ".git-hotfix.toml": "[gates.new-module]\nseverity = 'off'\n"})
    refused = checked(clone).statuses
    assert (refused["new-module"], refused["policy-change"]) == ("fail", "fail")
    clone.commit("4711 without it", {".git-hotfix.toml": None})
    made = fixed.set_policy(
        "[gates.new-module]\nseverity = 'warn'\n[gates.max-files]\nmax = 1\nwarn = 0\n", fetched=True
    )
    answer = checked(clone)
    assert (answer.code, answer.statuses) == (1, {**PASSED, "new-module": "warn", "max-files": "fail"})
    assert answer.json["policy"] == {"commit": made, "file": ".git-hotfix.toml", "from": None}
    assert f"policy: .git-hotfix.toml of production at {made[:10]}\n" in clone.hotfix("check").out


def test_base_is_never_off(fixed: Project) -> None:
    fixed.set_policy("[gates.base]\nseverity = 'off'\n", fetched=True)
    fixed.clone.git("merge", "-q", "-m", "take develop in", "develop")
    assert checked(fixed.clone).statuses["base"] == "fail"


@pytest.mark.slow
def test_a_policy_that_cannot_be_read(fixed: Project) -> None:
    """The defaults hold, a finding says so, and it can be waived."""
    fixed.set_policy("[gates\n", fetched=True)
    answer = checked(fixed.clone)
    assert (answer.code, answer.statuses) == (1, {**PASSED, "policy": "fail"})
    assert fixed.clone.hotfix("waive", "policy", "--reason", "repaired after the incident").code == 0
    again = checked(fixed.clone)
    assert (again.code, again.statuses) == (0, {**PASSED, "policy": "waived"})


def test_policy_inside_pyproject(fixed: Project) -> None:
    fixed.set_policy("[tool.git-hotfix.gates.max-lines]\nmax = 1\nwarn = 0\n", file="pyproject.toml", fetched=True)
    answer = checked(fixed.clone)
    assert (answer.code, answer.json["policy"]["file"]) == (1, "pyproject.toml")
    assert answer.statuses["max-lines"] == "fail"


@pytest.mark.slow
def test_a_range_instead_of_a_branch(fixed: Project) -> None:
    clone = fixed.clone
    answer = checked(clone, "--range", "v1.4.1..v1.4.2")
    assert answer.json["hotfix"]["base"] == clone.tip("v1.4.1")
    assert answer.json["hotfix"]["tip"] == clone.tip("v1.4.2")
    assert answer.statuses["max-lines"] == "pass"
    assert "next:" not in clone.hotfix("check", "--range", "v1.4.1..v1.4.2").out
    for wrong in ("v1.4.1", "nothing..HEAD", "-x..HEAD"):
        assert clone.hotfix("check", f"--range={wrong}").code in (1, 2)


def test_wrong_usage(project: Project) -> None:
    clone = project.clone
    assert "gates: base, " in clone.hotfix("check", "--only", "nonsense").err
    for words in (["--only", "nonsense"], ["--format", "wat"], ["9"], []):
        answer = clone.hotfix("check", *words)
        assert (answer.code, answer.out) == (2, ""), words


def test_nothing_committed_yet(project: Project) -> None:
    assert project.clone.hotfix("start", "7").code == 0
    (project.clone.path / "app.py").write_text(APP + "x = 1\n")
    assert checked(project.clone).statuses == {**PASSED, "tests": "pass"}
