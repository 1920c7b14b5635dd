"""Versions and changelogs need no human: lines in conflict stay as the target has them, and the report says so."""

from __future__ import annotations

from typing import Any

import pytest
from building import APP, Project
from sandbox import Answer, Repo

FIXED = APP.replace("value_3 = 3", "value_3 = 33")
LOG = "# Changes\n\n## 1.4.2\n\n- first\n"
LOG_FIX = LOG.replace("## 1.4.2", "## 1.4.3\n\n- checkout fixed\n\n## 1.4.2")
LOG_DEV = LOG.replace("## 1.4.2", "## 1.5.0\n\n- new\n\n## 1.4.2")
PACKAGE = (
    '{\n  "name": "app",\n  "version": "1.4.2",\n  "license": "MIT",\n  "dependencies": {\n    "a": "1.0.0"\n  }\n}\n'
)


def bumped(version: str, dependency: str = "1.0.0") -> str:
    return PACKAGE.replace("1.4.2", version).replace("1.0.0", dependency)


def hotfix(project: Project, files: dict[str, str], develop: dict[str, str], policy: str = "") -> Repo:
    """A hotfix that changes `files`, of a project whose develop changed the same lines in `develop`."""
    clone = project.clone
    clone.git("switch", "-q", "main")
    settings = f"[gates.dependency-change]\nseverity = 'off'\n{policy}"
    clone.commit("release 1.4.3", {"CHANGELOG.md": LOG, "package.json": PACKAGE, ".git-hotfix.toml": settings})
    clone.tag("v1.4.3")
    clone.git("push", "-q", "origin", "main")
    clone.git("switch", "-q", "develop")
    clone.git("merge", "-q", "main")
    clone.commit("towards 1.5", develop)
    clone.git("push", "-q", "origin", "develop")
    assert clone.hotfix("start", "9", "-m", "Checkout fails").code == 0
    clone.commit("fix the checkout", {"app.py": FIXED, **files})
    return clone


def develop_of(answer: Answer) -> dict[str, Any]:
    [found] = [each for each in answer.json["targets"] if each["ref"] == "refs/heads/develop"]
    return found  # type: ignore[no-any-return]


def settled(answer: Answer) -> dict[str, str]:
    return {each["path"]: each["resolved_by"] for each in develop_of(answer)["conflicts"]}


def test_versions_and_changelogs_stay_and_the_fix_comes(project: Project) -> None:
    fix = {"VERSION": "1.4.4\n", "CHANGELOG.md": LOG_FIX, "package.json": bumped("1.4.4")}
    dev = {"VERSION": "1.5.0\n", "CHANGELOG.md": LOG_DEV, "package.json": bumped("1.5.0")}
    clone = hotfix(project, fix, dev)
    before = project.remote.tree("develop")
    told = clone.hotfix("finish", "--dry-run").out
    for path in fix:
        assert f"{path}: the target's lines are kept in develop\n" in told
    done = clone.hotfix("finish", "--format", "json")
    assert develop_of(done)["status"] == "merged", done.err
    assert develop_of(done)["resolved_by"] == "keep-target"
    assert settled(done) == dict.fromkeys(fix, "keep-target")
    assert project.remote.tree("develop") == {**before, "app.py": FIXED}


@pytest.mark.slow
def test_both_entries_stay_where_the_policy_wants_them(project: Project) -> None:
    clone = hotfix(
        project, {"CHANGELOG.md": LOG_FIX}, {"CHANGELOG.md": LOG_DEV}, "[backport]\nunion = ['CHANGELOG.md']\n"
    )
    done = clone.hotfix("finish", "--format", "json")
    assert settled(done) == {"CHANGELOG.md": "union"}
    assert develop_of(done)["resolved_by"] == "keep-target"
    log = project.remote.tree("develop")["CHANGELOG.md"]
    assert log.index("## 1.5.0") < log.index("## 1.4.3") < log.index("## 1.4.2")
    assert "<<<<" not in log


@pytest.mark.slow
def test_a_dependency_is_nobodys_version(project: Project) -> None:
    fix = {"VERSION": "1.4.4\n", "package.json": bumped("1.4.4", "1.0.1")}
    clone = hotfix(project, fix, {"VERSION": "1.5.0\n", "package.json": bumped("1.5.0", "2.0.0")})
    tip = project.remote.tip("develop")
    done = clone.hotfix("finish", "--format", "json")
    assert done.code == 4, done.out
    assert (develop_of(done)["status"], develop_of(done)["resolved_by"]) == ("conflict", None)
    assert develop_of(done)["conflicts"] == [{"path": "package.json", "kind": "content"}]
    assert project.remote.tip("develop") == tip
    opened = clone.hotfix("backport", "9", "--resolve", "develop")
    there = project.at("clone-resolve-develop")
    assert "  VERSION is settled: the target's lines are kept\n" in opened.out
    assert there.git("diff", "--name-only", "--diff-filter=U") == "package.json"
    assert (there.path / "VERSION").read_text() == "1.5.0\n"
    (there.path / "package.json").write_text(bumped("1.5.0", "2.0.1"))
    there.git("add", "package.json")
    taken = clone.hotfix("backport", "9", "--continue", "--format", "json")
    assert develop_of(taken)["status"] == "merged", taken.err
    assert project.remote.tree("develop")["package.json"] == bumped("1.5.0", "2.0.1")
    assert project.remote.tree("develop")["VERSION"] == "1.5.0\n"


@pytest.mark.slow
def test_a_team_that_wants_to_see_them_all(project: Project) -> None:
    clone = hotfix(project, {"VERSION": "1.4.4\n"}, {"VERSION": "1.5.0\n"}, "[backport]\nkeep-target = []\n")
    done = clone.hotfix("finish", "--format", "json")
    assert (done.code, develop_of(done)["conflicts"]) == (4, [{"path": "VERSION", "kind": "content"}])
