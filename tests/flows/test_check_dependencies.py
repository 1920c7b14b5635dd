"""`check` on real manifests and lock files: what the four gates of dependencies say of real commits."""

from __future__ import annotations

import pytest
from building import FIX, Project
from sandbox import Repo

GATES = ("new-dependency", "dependency-source", "dependency-change", "lockfile")
PASSED = dict.fromkeys(GATES, "pass")
PYPROJECT = '[tool.poetry]\nname = "shop"\n[tool.poetry.dependencies]\nredis = "^4.5"\nrequests = "^2.28"\n'
LOCK = "".join(
    f'[[package]]\nname = "{name}"\nversion = "{version}"\n'
    for name, version in (("redis", "4.5.1"), ("requests", "2.28.0"), ("urllib3", "1.26.14"))
)
WEB = '{"name": "web", "dependencies": {"left-pad": "^1.3.0"}}\n'
PRODUCTION = {
    "pyproject.toml": PYPROJECT,
    "poetry.lock": LOCK,
    "web/package.json": WEB,
    "libs/requirements.txt": "attrs\n",
}


@pytest.fixture
def shop(project: Project) -> Repo:
    """A hotfix of a production that has dependencies; one line of code is fixed."""
    clone = project.clone
    clone.git("switch", "-q", "main")
    clone.commit("release 1.4.3", PRODUCTION)
    clone.git("push", "-q", "origin", "main")
    clone.tag("v1.4.3")
    assert clone.hotfix("start", "4711", "-m", "Checkout fails").code == 0
    clone.commit("fix the checkout", {"app.py": FIX})
    return clone


def judged(clone: Repo, files: dict[str, str | None]) -> dict[str, str]:
    clone.commit("4711: more", files)
    only = [word for gate in GATES for word in ("--only", gate)]
    return clone.hotfix("check", "--format", "json", *only).statuses


def test_a_manifest_that_is_odd_ever_since_is_judged_as_npm_reads_it(project: Project) -> None:
    odd = '{"version": "1.0.0", "scripts": {"a": "b"}, "dependencies": {"x": "1.0.0"}, "scripts": {"c": "d"}}\n'
    clone = project.clone
    clone.git("switch", "-q", "main")
    clone.commit("release 1.4.3", {"package.json": odd})
    clone.git("push", "-q", "origin", "main")
    clone.tag("v1.4.3")
    assert clone.hotfix("start", "4711").code == 0
    clone.commit("fix the version for 4711", {"package.json": odd.replace('"1.0.0", "s', '"1.0.1", "s')})
    answer = clone.hotfix("check", "--format", "json")
    assert (answer.code, answer.statuses["new-dependency"], answer.statuses["analysis"]) == (0, "pass", "pass")
    [found] = [gate["findings"] for gate in answer.json["gates"] if gate["id"] == "analysis"]
    assert [(each["level"], each["path"]) for each in found] == [("note", "package.json")]
    clone.commit("4711: another", {"package.json": odd.replace('"a": "b"', '"a": "evil"')})
    assert clone.hotfix("check", "--format", "json").statuses["analysis"] == "fail"


def test_a_fix_without_dependencies_passes(shop: Repo) -> None:
    assert judged(shop, {}) == PASSED


@pytest.mark.slow
@pytest.mark.parametrize(
    ("files", "statuses"),
    [
        # a security bump, with its lock file
        (
            {"pyproject.toml": PYPROJECT.replace("4.5", "4.6"), "poetry.lock": LOCK.replace("4.5.1", "4.6.0")},
            {},
        ),
        # a pin of what another package brings
        ({"pyproject.toml": f'{PYPROJECT}urllib3 = "^1.26.14"\n'}, {"new-dependency": "warn"}),
        ({"pyproject.toml": f'{PYPROJECT}attrs = "*"\n'}, {"lockfile": "warn"}),  # known elsewhere
        ({"web/package.json": WEB.replace('"^1.3.0"', '"^1.3.0", "is-odd": "3"')}, {"new-dependency": "fail"}),
        ({"web/package.json": WEB.replace("^1.3.0", "github:me/left-pad")}, {"dependency-source": "fail"}),
        ({"web/package.json": WEB.replace("^1.3.0", "^2.0.0")}, {"dependency-change": "warn"}),
        ({"web/package.json": WEB.replace('"left-pad": "^1.3.0"', "")}, {"dependency-change": "warn"}),
        ({"poetry.lock": LOCK.replace("1.26.14", "1.26.15")}, {"lockfile": "warn"}),
        ({"poetry.lock": LOCK + LOCK.replace("redis", "evil")}, {"lockfile": "warn"}),
        ({"web/package.json": None, "web/ui/package.json": WEB}, {}),
        (
            {"web/package.json": "{"},
            {
                "new-dependency": "unknown",
                "dependency-source": "unknown",
                "dependency-change": "warn",
            },
        ),
        ({"poetry.lock": "["}, {"dependency-source": "unknown", "lockfile": "warn"}),
    ],
)
def test_what_changes(shop: Repo, files: dict[str, str | None], statuses: dict[str, str]) -> None:
    assert judged(shop, files) == {**PASSED, **statuses}


@pytest.mark.slow
def test_a_waiver_for_each(shop: Repo) -> None:
    moved = WEB.replace("^1.3.0", "github:me/left-pad")
    both = judged(shop, {"web/package.json": moved, "libs/requirements.txt": "attrs\nevil\n"})
    assert both == {**PASSED, "new-dependency": "fail", "dependency-source": "fail"}
    assert shop.hotfix("waive", "new-dependency", "dependency-source", "--reason", "the fix is in a fork").code == 0
    assert judged(shop, {}) == {**PASSED, "new-dependency": "waived", "dependency-source": "waived"}
    assert judged(shop, {"app.py": FIX + "more = 1\n"}) == both


@pytest.mark.slow
def test_a_submodule_and_a_link_are_said(shop: Repo) -> None:
    """A pointer that moves brings no package; a link in place of a manifest cannot be judged, one to a manifest can."""
    shop.git("update-index", "--add", "--cacheinfo", f"160000,{shop.tip('HEAD')},vendored")
    shop.git("commit", "-q", "-m", "4711: a submodule")
    assert judged(shop, {}) == PASSED
    (shop.path / "requirements.txt").symlink_to("libs/requirements.txt")
    assert judged(shop, {}) == PASSED
    (shop.path / "requirements.txt").unlink()
    (shop.path / "requirements.txt").symlink_to("nowhere.md")
    assert judged(shop, {})["new-dependency"] == "unknown"
    refused = shop.hotfix("check", "--only", "analysis")
    assert refused.code == 1
    assert "requirements.txt  is a link: what it declares cannot be read" in refused.out


@pytest.mark.slow
@pytest.mark.parametrize(
    ("path", "before", "after", "gate"),
    [
        ("deps.lst", "", "evil==1\n", "new-dependency"),
        ("limits.txt", "requests==2\n", "requests @ https://evil.example/r.zip\n", "dependency-source"),
        ("gradle/extra.txt", "//\n", "dependencies { implementation 'evil:evil:1' }\n", "new-dependency"),
    ],
)
def test_files_of_any_name_that_manifests_include(
    project: Project, path: str, before: str, after: str, gate: str
) -> None:
    clone = project.clone
    clone.git("switch", "-q", "main")
    includers = {
        "requirements.txt": "requests==2\n-r deps.lst\n-c limits.txt\n",
        "build.gradle": "apply from: 'gradle/extra.txt'\n",
        "deps.lst": "# none\n",
        "limits.txt": "\n",
    }
    clone.commit("release 1.4.3", {**includers, path: before})
    clone.git("push", "-q", "origin", "main")
    clone.tag("v1.4.3")
    assert clone.hotfix("start", "4711").code == 0
    assert judged(clone, {path: after}) == {**PASSED, gate: "fail"}
