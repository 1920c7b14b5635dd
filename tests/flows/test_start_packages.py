"""Several packages in one repository, each released by tags of its own."""

from __future__ import annotations

import pytest
from building import Project
from sandbox import Repo, at_terminal

POLICY = """\
release-tags = ["app-v*", "lib-v*"]
[packages.app]
paths = ["app/"]
tags = ["app-v*"]
[packages.lib]
paths = ["lib/"]
tags = ["lib-v*"]
"""


def monorepo(project: Project, policy: str | None = None) -> Repo:
    """app-v1.2.3, lib-v4.0.0, and lib-v4.0.1 after them, which is production's newest; a policy, or the clone's own
    setting."""
    clone = project.clone
    clone.git("switch", "-q", "main")
    clone.commit(
        "release", {"app/a.py": "a = 1\n", "lib/b.py": "b = 1\n", **({".git-hotfix.toml": policy} if policy else {})}
    )
    clone.git("tag", "app-v1.2.3")
    clone.git("tag", "lib-v4.0.0")
    clone.commit("release lib", {"lib/b.py": "b = 2\n"})
    clone.git("tag", "lib-v4.0.1")
    clone.git("push", "-q", "origin", "main", "app-v1.2.3", "lib-v4.0.0", "lib-v4.0.1")
    if policy is None:
        clone.git("config", "hotfix.releaseTags", "app-v* lib-v*")
    return clone


def test_start_asks_which_package_has_the_bug(project: Project) -> None:
    clone = monorepo(project)
    before = clone.branches()
    answer = clone.hotfix("start", "77")
    assert (answer.code, answer.out, answer.err) == (
        2,
        "",
        "git hotfix: several packages have releases of their own: app (app-v1.2.3), lib (lib-v4.0.1)\n"
        "  (nothing was changed)\n"
        "  → git hotfix start 77 --package app\n"
        "  → git hotfix start 77 --package lib\n",
    )
    assert clone.branches() == before
    assert clone.hotfix("start", "77", "--package", "app").out.startswith(
        f"hotfix/77 starts at app-v1.2.3 ({clone.tip('app-v1.2.3')[:10]}), for main\nits tag will be app-v1.2.4\n"
    )
    clone.commit("fix app", {"app/a.py": "a = 2\n"})
    checked = clone.hotfix("check", "--format", "json").json
    assert {gate["id"]: gate["status"] for gate in checked["gates"] if gate["id"] in ("base", "package")} == {
        "base": "pass", "package": "pass",
    }  # fmt: skip
    done = clone.hotfix("finish", "--no-backport", "--format", "json")
    assert (done.code, done.json["tag"]["name"]) == (0, "app-v1.2.4")
    assert project.remote.tags() >= {"app-v1.2.4", "lib-v4.0.1"}


@pytest.mark.slow
def test_a_fix_outside_of_the_package_whose_tag_it_takes_is_a_finding(project: Project) -> None:
    clone = monorepo(project, POLICY)
    assert clone.hotfix("start", "77", "--package", "lib").code == 0
    clone.commit("fix app", {"app/a.py": "a = 2\n"})
    answer = clone.hotfix("finish", "--no-backport")
    assert answer.code == 1
    assert "changes nothing of lib, whose tag it gets after lib-v4.0.1: all it changes is in app" in answer.out
    assert clone.hotfix("waive", "package", "--reason", "lib ships what app has").code == 0
    assert clone.hotfix("finish", "--dry-run", "--format", "json").json["tag"]["name"] == "lib-v4.0.2"


@pytest.mark.slow
def test_without_a_policy_the_folders_of_other_packages_warn(project: Project) -> None:
    clone = monorepo(project)
    assert clone.hotfix("start", "77", "--from", "lib-v4.0.1").code == 0
    clone.commit("fix app", {"app/a.py": "a = 2\n"})
    checked = clone.hotfix("check", "--format", "json").json
    [gate] = [gate for gate in checked["gates"] if gate["id"] == "package"]
    assert (gate["status"], checked["verdict"]) == ("warn", "pass")


@pytest.mark.slow
def test_another_packages_release_does_not_make_a_hotfix_stale(project: Project) -> None:
    clone = monorepo(project, POLICY)
    assert clone.hotfix("start", "77", "--package", "app").code == 0
    clone.commit("fix app", {"app/a.py": "a = 2\n"})
    project.released("lib-v4.0.2", {"lib/b.py": "b = 3\n"})
    checked = clone.hotfix("check", "--fetch", "--format", "json")
    assert (checked.code, checked.statuses["base"]) == (0, "pass")
    project.released("app-v1.2.4", {"app/c.py": "c = 1\n"})
    assert "starts at app-v1.2.3, production is at app-v1.2.4" in clone.hotfix("check", "--fetch").out
    assert "hotfix/77 is replayed on app-v1.2.4" in clone.hotfix("update").out
    done = clone.hotfix("finish", "--no-backport", "--format", "json")
    assert done.code == 0, done.out + done.err
    assert (done.code, done.json["tag"]["name"]) == (0, "app-v1.2.5")


@pytest.mark.slow
def test_a_person_chooses_the_package(project: Project) -> None:
    clone = monorepo(project, POLICY)
    clone.git("config", "hotfix.gate", "none")
    code, said = at_terminal(clone, "1\n", "start", "77")
    assert "  1  app, at app-v1.2.3\n  2  lib, at lib-v4.0.1\n" in said
    assert (code, clone.tip("hotfix/77")) == (0, clone.tip("app-v1.2.3"))
    assert clone.hotfix("start", "78", "--package", "web").err == (
        "git hotfix: there is no release of a package web\n"
        "  (nothing was changed)\n"
        "  → packages with releases: app, lib\n"
    )
    answer = clone.hotfix("start", "78", "--package", "app", "--from", "lib-v4.0.1")
    assert (answer.code, "lib-v4.0.1 is not a release of app" in answer.err) == (2, True)


@pytest.mark.slow
def test_a_planned_release_of_the_package_and_its_own_manifest_count(project: Project) -> None:
    """lib is not an npm package: 4.0.1.1 is nobody's trouble there."""
    clone = project.clone
    clone.git("switch", "-q", "main")
    clone.commit("manifest", {"app/package.json": '{"version": "1.2.3"}\n', ".git-hotfix.toml": POLICY})
    clone.git("tag", "app-v1.2.3")
    clone.git("tag", "lib-v4.0.1")
    clone.git("push", "-q", "origin", "main", "app-v1.2.3", "lib-v4.0.1")
    clone.git("push", "-q", "origin", "develop:refs/heads/release/app-1.2.4", "develop:refs/heads/release/lib-4.0.2")
    answer = clone.hotfix("start", "77", "--package", "app")
    assert (answer.code, answer.err) == (
        2,
        "git hotfix: release/app-1.2.4 is planned, and app/package.json needs a semantic version, which app-v1.2.3.1 "
        "is not\n"
        "  (nothing was changed)\n"
        "  → git hotfix start 77 --from app-v1.2.3 --tag app-v1.2.3-sp.1\n",
    )
    assert clone.hotfix("start", "77", "--package", "lib", "--format", "json").json["hotfix"]["tag"] == "lib-v4.0.1.1"
