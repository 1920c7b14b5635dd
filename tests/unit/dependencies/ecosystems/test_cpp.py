"""CMake: what long files cost."""

from __future__ import annotations

from git_hotfix.dependencies.ecosystems.cpp import READER
from git_hotfix.dependencies.registry import Manifest, read


def manifest(path: str, content: str) -> Manifest:
    return read(READER, path, content.encode())


def test_a_line_of_brackets_and_a_file_of_conditions_are_read_soon() -> None:
    assert manifest("a.cmake", "if(TEST)\n" * 5_000 + "find_package(a)\n" * 5_000).names["a"].scope == "development"
    assert manifest("a.cmake", f'CPMAddPackage("gh:a@{"/" * 100_000}#@")').names == {}
