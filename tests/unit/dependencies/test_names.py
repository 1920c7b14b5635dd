"""A file that is plain code by its name is asked of no reader: none would take it."""

from __future__ import annotations

from itertools import product

import pytest

from git_hotfix.dependencies.registry import all_readers, is_plain_code, lock_reader_of, reader_of
from git_hotfix.model.sources import SUFFIXES

# What readers know files by: the first parts of their names, and the folders in which any name counts.
STEMS = (
    "setup conanfile Package Package@swift-5.3 package gems mix Gemfile Podfile build settings project flake main a "
    "Dockerfile api.Dockerfile Containerfile requirements requirements-dev constraints environment Rakefile deps pom "
    "Cartfile composer Chart values Brewfile Pipfile go vcpkg conda meson CMakeLists versions libs pubspec action"
).split()
PATTERNS = {
    pattern for reader in all_readers() for row in (*reader.manifests, *reader.locks) for pattern in row.patterns
}
NAMES = {pattern.rpartition("/")[2].replace("*", "a") for pattern in PATTERNS}
FOLDERS = ["", "requirements/", "reqs/", "deps/", ".github/workflows/", "docker/", "gradle/", "project/", "nix/"]


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_no_reader_takes_plain_code(suffix: str) -> None:
    paths = [f"{folder}{stem}{suffix}" for folder, stem in [*product(FOLDERS, STEMS), *product([""], NAMES)]]
    plain = [path for path in paths if is_plain_code(path)]
    taken = [path for path in plain if any(each.is_manifest(path) or each.is_lock(path) for each in all_readers())]
    assert taken == []
    assert [path for path in plain if reader_of(path) or lock_reader_of(path)] == []


@pytest.mark.parametrize(
    "path", ["setup.py", "a/conanfile.py", "Podfile.rb", "gems.rb", "Package.swift", "Package@swift-5.swift", "mix.exs",
             "build.gradle.kts", "main.tf", "api/Dockerfile.py"],
)  # fmt: skip
def test_code_that_is_a_manifest_is_none_of_it(path: str) -> None:
    assert not is_plain_code(path)


def test_most_code_is_plain() -> None:
    assert all(
        map(
            is_plain_code,
            ("src/app.py", "lib/a.rb", "main.go", "src/profile.py", "src/App.java", "a/setup.ts", "packages/x.ts"),
        )
    )
