"""new-dependency: what a fix puts into the repository itself is as new as what it lets an installer fetch."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from gate_facts import between

from git_hotfix.gates.new_dependency import Options, check

Tree = Mapping[str, bytes | None]


def found(base: Tree, tip: Tree) -> list[tuple[str, str | None, str]]:
    return [(each.message, each.path, each.level) for each in check(between(base, tip), Options()).findings]


@pytest.mark.parametrize(
    ("path", "folder", "user"),
    [
        ("vendor/evil/__init__.py", "vendor/evil", b"from vendor.evil import x\n"),
        ("vendor/evil.js", "vendor/evil.js", b"require('./vendor/evil')\n"),
        ("app/_vendor/evil-kit/a.py", "app/_vendor/evil-kit", b"import evil_kit\n"),
        ("vendor/github.com/x/evil/a.go", "vendor/github.com/x/evil", b'import "github.com/x/evil"\n'),
        ("node_modules/@x/evil/a.js", "node_modules/@x/evil", b"require('@x/evil')\n"),
    ],
)
def test_new_vendored_code_that_production_names(path: str, folder: str, user: bytes) -> None:
    base = {
        "app.py": b"a\n",
        "vendor/old/a.py": b"",
        "vendor/github.com/x/old/a.go": b"",
        "node_modules/@x/b/c.js": b"",
    }
    tip = {**base, path: b"x\n" * 2000}
    assert found(base, {**tip, "app.py": user}) == [
        ("new vendored code of 1 file and 2000 lines, which app.py names", folder, "fail")
    ]
    assert found(base, tip) == [("new vendored code of 1 file and 2000 lines", folder, "warn")]


def test_vendored_code_that_production_has_or_a_package_manager_keeps() -> None:
    base = {"app.py": b"a\n", "vendor/old/a.py": b"x\n"}
    assert found(base, {**base, "app.py": b"old\n", "vendor/old/new/b.py": b"x\n", "vendor/old/a.py": b"y\n"}) == []
    base = {"app.go": b"a\n", "vendor/modules.txt": b""}
    tip = {**base, "app.go": b"evil\n", "vendor/example.org/evil/a.go": b"x\n"}
    assert found(base, tip) == [
        ("new vendored code of 1 file and 1 line, which app.go names", "vendor/example.org/evil", "warn")
    ]
    assert found({}, {"src/main/java/vendor/A.java": b"x\n", "tests/vendor/evil/a.py": b"x\n"}) == []


@pytest.mark.parametrize("ending", ["whl", "jar", "nupkg", "gem", "phar"])
def test_packages_in_files(ending: str) -> None:
    path = f"libs/evil.{ending}"
    assert found({}, {path: b"x"}) == [("new package in a file", path, "fail")]
    assert found({path: b"x"}, {path: b"y"}) == [("a package in a file changed", path, "fail")]
    assert found({path: b"x"}, {}) == found({}, {f"tests/{path}": b"x", f"docs/{path}": b""}) == []
    wrapper = "gradle/wrapper/gradle-wrapper.jar"
    assert found({wrapper: b"x"}, {wrapper: b"y"}) == [("a package in a file changed", wrapper, "warn")]


@pytest.mark.parametrize(
    ("manifest", "before", "after", "place"),
    [
        ("requirements.txt", b"a\n", b"a\n./wheels/evil-1.0.tar.gz\n", "./wheels/evil-1.0.tar.gz"),
        ("package.json", b"{}", b'{"dependencies": {"evil": "file:libs/evil.tgz"}}', "file:libs/evil.tgz"),
        ("build.gradle", b"", b"dependencies { implementation files('libs/evil.zip') }", "libs/evil.zip"),
    ],
)
def test_a_manifest_that_takes_an_archive_of_the_repository(
    manifest: str, before: bytes, after: bytes, place: str
) -> None:
    [(message, path, level)] = found({manifest: before}, {manifest: after})
    assert (message.endswith(place.removeprefix("file:")), path, level) == (True, manifest, "fail")
    assert found({manifest: after}, {manifest: after + b"\n"}) == []
