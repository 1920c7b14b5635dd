"""What a bump may change: the project's own version, from the old number to the new one, and not one line more."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from git_hotfix.dependencies.version_difference import Numbers, strange_lines
from git_hotfix.model.versions import parse

OLD, NEW = parse("v1.4.2"), parse("v1.4.3")
assert OLD and NEW
NUMBERS = Numbers(OLD, NEW)
LOCK = (
    'version = 3\n\n[[package]]\nname = "app"\nversion = "{}"\ndependencies = ["x"]\n\n'
    '[[package]]\nname = "x"\nversion = "{}"\nsource = "r"\nchecksum = "{}"\n'
)
NPM = '{{\n  "version": "{0}",\n  "packages": {{\n    "": {{\n      "version": "{0}"\n    }},\n    "node_modules/x": {{\n      "version": "{1}"\n    }}\n  }}\n}}\n'  # noqa: E501


def strange(path: str, before: str, after: str) -> list[tuple[int, str]]:
    return [(each.line, each.text) for each in strange_lines(path, before.encode(), after.encode(), NUMBERS)]


@pytest.mark.parametrize(
    ("path", "before", "after"),
    [
        ("pyproject.toml", '[project]\nversion = "1.4.2"\n', '[project]\nversion = "1.4.3"\n'),
        ("README.md", "get app==1.4.2, or app-v1.4.2.tgz\n", "get app==1.4.3, or app-v1.4.2.tgz\n"),
        ("VERSION", "1.4.2\n", "1.4.3\n"),
        ("a/__init__.py", "version_info = (1, 4, 2)\n", "version_info = (1, 4, 3)\n"),
        ("src/version.h", "#define MAJOR 1\n#define MINOR 4\n#define PATCH 2\n",
         "#define MAJOR 1\n#define MINOR 4\n#define PATCH 3\n"),
        ("Cargo.lock", LOCK.format("1.4.2", "1.4.2", "ab"), LOCK.format("1.4.3", "1.4.2", "ab")),
        ("package-lock.json", NPM.format("1.4.2", "1.4.2"), NPM.format("1.4.3", "1.4.2")),
        ("AssemblyInfo.cs", '[assembly: AssemblyVersion("1.4.2.0")]\r\n', '[assembly: AssemblyVersion("1.4.3.0")]\r\n'),
        ("pyproject.toml", '[project]\nversion = "1.4.1"\n', '[project]\nversion = "1.4.3"\n'),
    ],
)  # fmt: skip
def test_a_moved_version_is_nothing_strange(path: str, before: str, after: str) -> None:
    assert strange(path, before, after) == []


@pytest.mark.parametrize(
    ("path", "before", "after", "lines"),
    [
        ("pyproject.toml", '[project]\nversion = "1.4.2"\n', '[project]\nversion = "1.4.4"\n',
         [(2, '-version = "1.4.2"'), (2, '+version = "1.4.4"')]),
        ("pyproject.toml", '[project]\nversion = "1.4.2"\n', '[project]\nversion = "1.4.3"\n# bumped\n',
         [(2, '-version = "1.4.2"'), (2, '+version = "1.4.3"'), (3, "+# bumped")]),
        ("README.md", "since 1.4.2\n", "now 1.4.3\n", [(1, "-since 1.4.2"), (1, "+now 1.4.3")]),
        ("README.md", "1.4.2 of 2025\n", "1.4.3 of 2026\n", [(1, "-1.4.2 of 2025"), (1, "+1.4.3 of 2026")]),
        # The reader of a lock file knows whose version that is.
        ("Cargo.lock", LOCK.format("1.4.2", "1.4.2", "ab"), LOCK.format("1.4.3", "1.4.3", "cd"),
         [(12, '-checksum = "ab"'), (12, '+checksum = "cd"')]),
        ("Cargo.lock", LOCK.format("1.4.2", "1.4.2", "ab"), LOCK.format("1.4.2", "1.4.3", "ab"),
         [(10, '-version = "1.4.2"'), (10, '+version = "1.4.3"')]),
        ("package-lock.json", NPM.format("1.4.2", "2.0.0"), NPM.format("1.4.3", "2.0.1"),
         [(8, '-      "version": "2.0.0"'), (8, '+      "version": "2.0.1"')]),
        ("app.bin", "1.4.2\0", "1.4.3\0", [(0, "it is not text of a size that can be compared")]),
        ("core.py", "retries = 2\n", "retries = 3\n", [(1, "-retries = 2"), (1, "+retries = 3")]),
    ],
)  # fmt: skip
def test_whatever_else_moved_is_named_line_by_line(
    path: str, before: str, after: str, lines: list[tuple[int, str]]
) -> None:
    assert strange(path, before, after) == lines


TEXT = st.text(alphabet='ab1.42\n=" ', max_size=60)


@given(TEXT, TEXT, st.sampled_from(["README.md", "VERSION", "a/__init__.py", "pyproject.toml"]))
def test_no_change_passes_but_of_words_that_state_the_numbers(before: str, after: str, path: str) -> None:
    """Whatever passes is what a replacement of the number makes."""
    if before != after and not strange(path, before, after):
        assert len(before.splitlines()) == len(after.splitlines())
        assert "1.4.3" in after.replace("v", "") or path != "README.md"


@given(TEXT)
def test_a_replaced_number_passes_in_any_text(around: str) -> None:
    line = around.replace("\n", " ")
    assert strange("notes.txt", f"{line} 1.4.2 {line}\n", f"{line} 1.4.3 {line}\n") == []
