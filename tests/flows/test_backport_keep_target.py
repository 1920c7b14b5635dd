"""Versions and changelogs need no human: lines in conflict stay as the target has them, and the report says so."""

from __future__ import annotations

from typing import Any

import pytest
from building import APP, Project
from sandbox import Answer, Repo

FIXED = APP.replace("value_3 = 3", "value_3 = 33")
LOG = "# Changes\n\n## 1.4.2\n\n- first\n"
LOG_FIX = LOG.replace("## 1.4.2", "## 1.4.4\n\n- checkout fixed\n\n## 1.4.2")
LOG_DEV = LOG.replace("## 1.4.2", "## 1.5.0\n\n- new\n\n## 1.4.2")
PACKAGE = (
    '{\n  "name": "app",\n  "version": "1.4.2",\n  "license": "MIT",\n  "dependencies": {\n    "a": "1.0.0"\n  }\n}\n'
)


POM = """<project>
  <groupId>org.example</groupId>
  <artifactId>app</artifactId>
  <version>{0}</version>
  <properties>
    <project.build.outputTimestamp>{1}</project.build.outputTimestamp>
  </properties>
</project>
"""
CHILD = """<project>
  <parent>
    <groupId>org.example</groupId>
    <artifactId>app</artifactId>
    <version>{0}</version>
  </parent>
  <artifactId>core</artifactId>
</project>
"""


def carriers(version: str, day: str) -> dict[str, str]:
    """What build tools write a version to."""
    return {
        "pom.xml": POM.format(version, day),
        "core/pom.xml": CHILD.format(version),
        "App.csproj": f"<Project>\n<PropertyGroup>\n<Version>{version}</Version>\n</PropertyGroup>\n</Project>\n",
        "AssemblyInfo.cs": f'using A;\n[assembly: AssemblyVersion("{version}")]\n',
        "build.gradle": f"plugins {{ id 'java' }}\nversion = '{version}'\n",
        "CMakeLists.txt": f"project(app VERSION {version})\n",
        "app/__init__.py": f'__version__ = "{version}"\n',
    }


def bumped(version: str, dependency: str = "1.0.0") -> str:
    return PACKAGE.replace("1.4.2", version).replace("1.0.0", dependency)


def hotfix(project: Project, files: dict[str, str], develop: dict[str, str], policy: str = "") -> Repo:
    """A hotfix that changes `files`, of a project whose develop changed the same lines in `develop`."""
    clone = project.clone
    clone.git("switch", "-q", "main")
    settings = f"[gates.dependency-change]\nseverity = 'off'\n{policy}"
    first = {"CHANGELOG.md": LOG, "package.json": PACKAGE, ".git-hotfix.toml": settings, **carriers("1.4.3", "1")}
    clone.commit("release 1.4.3", first)
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
    fix = {"VERSION": "1.4.4\n", "CHANGELOG.md": LOG_FIX, "package.json": bumped("1.4.4"), **carriers("1.4.4", "2")}
    dev = {"VERSION": "1.5.0\n", "CHANGELOG.md": LOG_DEV, "package.json": bumped("1.5.0"), **carriers("1.5.0", "3")}
    clone = hotfix(project, fix, dev, "[gates.max-files]\nmax = 12\n")
    before = project.remote.tree("develop")
    told = clone.hotfix("finish", "--dry-run").out
    for path in fix:
        assert f"{path}: the target's lines are kept in develop; left out: " in told
    assert "core/pom.xml: the target's lines are kept in develop; left out: <version>1.4.4</version>\n" in told
    assert "CHANGELOG.md: the target's lines are kept in develop; left out: ## 1.4.4 · - checkout fixed\n" in told
    done = clone.hotfix("finish", "--format", "json")
    assert develop_of(done)["status"] == "merged", done.err
    assert develop_of(done)["resolved_by"] == "keep-target"
    assert settled(done) == dict.fromkeys(fix, "keep-target")
    left = {each["path"]: each["left_out"] for each in develop_of(done)["conflicts"]}
    assert left["app/__init__.py"] == ['__version__ = "1.4.4"']
    assert left["CHANGELOG.md"] == ["## 1.4.4", "- checkout fixed"]
    assert project.remote.tree("develop") == {**before, "app.py": FIXED}


@pytest.mark.slow
def test_what_the_release_brings_along_is_no_line_of_the_fix(project: Project) -> None:
    """A branch from before that release conflicts in the whole changelog, of which the fix wrote two lines."""
    clone = hotfix(project, {"CHANGELOG.md": LOG_FIX}, {"more.txt": "more\n"})
    clone.branch("feature/before", "v1.4.2", "before", {"CHANGELOG.md": "# News\n\n## 1.3\n"})
    done = clone.hotfix("finish", "--format", "json")
    [found] = [each for each in done.json["targets"] if each["ref"] == "refs/heads/feature/before"]
    assert (found["status"], found["conflicts"][0]["left_out"]) == ("merged", ["## 1.4.4", "- checkout fixed"]), (
        done.err
    )


@pytest.mark.slow
def test_a_file_that_the_policy_settles_is_none_that_stays_open(project: Project) -> None:
    """Beside another conflict, on branches from before the release: one line, since one solution serves both."""
    clone = hotfix(project, {"CHANGELOG.md": LOG_FIX}, {"more.txt": "more\n"})
    for name in ("a", "b"):
        text = APP.replace("value_3 = 3", "value_3 = 0") + f"# {name}\n"
        clone.branch(f"feature/{name}", "v1.4.2", name, {"CHANGELOG.md": f"# News of {name}\n", "app.py": text})
    said = clone.hotfix("finish", "--dry-run").out
    line = "feature/a, feature/b: conflict in app.py (content); solve feature/a, the other one follows"
    assert line in [each.strip() for each in said.splitlines()], said


@pytest.mark.slow
def test_both_entries_stay_where_the_policy_wants_them(project: Project) -> None:
    clone = hotfix(
        project, {"CHANGELOG.md": LOG_FIX}, {"CHANGELOG.md": LOG_DEV}, "[backport]\nunion = ['CHANGELOG.md']\n"
    )
    done = clone.hotfix("finish", "--format", "json")
    assert settled(done) == {"CHANGELOG.md": "union"}
    assert develop_of(done)["resolved_by"] == "keep-target"
    log = project.remote.tree("develop")["CHANGELOG.md"]
    assert log.index("## 1.5.0") < log.index("## 1.4.4") < log.index("## 1.4.2")
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


@pytest.mark.slow
def test_the_version_of_what_the_policy_calls_vendored_is_a_conflict(project: Project) -> None:
    """`files.vendored` names a folder that no default names."""
    policy = "[files]\nvendored = ['forks/']\n"
    clone = hotfix(
        project, {"forks/a/package.json": bumped("1.4.4")}, {"forks/a/package.json": bumped("1.5.0")}, policy
    )
    done = clone.hotfix("finish", "--format", "json")
    found = develop_of(done)
    assert (found["status"], [each["path"] for each in found["conflicts"]]) == ("conflict", ["forks/a/package.json"])
