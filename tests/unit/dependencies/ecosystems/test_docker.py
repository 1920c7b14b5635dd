"""Docker: names of images, words of commands, and what odd text costs."""

from __future__ import annotations

import pytest

from git_hotfix.dependencies.ecosystems.docker import READER
from git_hotfix.dependencies.ecosystems.docker.image import parse
from git_hotfix.dependencies.ecosystems.docker.shell import Variables, commands
from git_hotfix.dependencies.registry import Dependency, Manifest, Unreadable, read


def manifest(text: str, path: str = "Dockerfile") -> Manifest:
    return read(READER, path, text.encode())


def words(script: str) -> list[list[str]]:
    return [[text for text, _ in command] for command in commands(script, Variables())]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("python", Dependency("python")),
        ("python:3.12-slim", Dependency("python", "3.12-slim")),
        ("docker.io/library/python:3", Dependency("python", "3")),
        ("index.docker.io/o/app", Dependency("o/app")),
        ("o/app@sha256:abc", Dependency("o/app", "sha256:abc")),
        ("o/app:1@sha256:abc", Dependency("o/app", "1@sha256:abc")),
        ("GHCR.io/o/app:1", Dependency("ghcr.io/o/app", "1", origin="ghcr.io")),
        ("localhost/app", Dependency("localhost/app", origin="localhost")),
        ("reg:5000/app:1", Dependency("reg:5000/app", "1", origin="reg:5000")),
        ("python:${V}", Dependency("python", "${V}")),
        ("docker://alpine:3", Dependency("alpine", "3")),
        ("${BASE}", None), ("Python", None), ("", None), ("a//b", None), ("a" * 2_000, None),
    ],
)  # fmt: skip
def test_one_image(text: str, expected: Dependency | None) -> None:
    assert parse(text) == expected


@pytest.mark.parametrize(
    ("script", "expected"),
    [
        ("a b;c|d&&e||f&g", [["a", "b"], ["c"], ["d"], ["e"], ["f"], ["g"]]),
        ("X=1 sudo -E env Y=2 a $X", [["a", "1"]]),
        ("a 'b c' \"d e\" f\\ g", [["a", "b c", "d e", "f g"]]),
        ('a "$(b "c d" | e)" f', [["a", '$(b "c d" | e)', "f"]]),
        ("a >b 2>&1 <c d", [["a", "d"]]),
        ("a # b c\nd", [["a", "d"]]),
        ("a#b", [["a#b"]]),
        ("(a; { b; })", [["a"], ["b"]]),
        ("sh -c 'a; sh -c \"b\"'", [["a"], ["b"]]),
        ("x='a b'; c $x ${y:-d} ${z}", [["c", "a", "b", "d", "${z}"]]),
        ("echo don't", [["echo", "don't"]]),
        ('echo "never ends', [["echo", '"never', "ends"]]),
    ],
)
def test_words_of_commands(script: str, expected: list[list[str]]) -> None:
    assert words(script) == expected


@pytest.mark.slow
def test_odd_text_costs_linear_time() -> None:
    pieces = ('"', "'", '"$(', "$(", "`", "\\", "${", "a=", " ", "<<", "&", "a;", "#", "((", '"a\\"', "a= ",
              "sudo ", "$a ", "for a in b; ", "sh -c a;", "--a ", "<<a ")  # fmt: skip
    for piece in pieces:
        for lead in ("FROM a\nRUN ", "FROM a\nRUN apt-get install ", "FROM a\nENV x="):
            try:
                manifest(lead + piece * 6_000)
            except Unreadable as error:
                assert error.reason
