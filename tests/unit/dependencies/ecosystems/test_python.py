"""Python: encodings and line ends, options of pip, and any shape below any key."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from git_hotfix.dependencies.ecosystems.python import READER
from git_hotfix.dependencies.ecosystems.python.requirement import is_development, parse
from git_hotfix.dependencies.ecosystems.python.requirements_file import included_files
from git_hotfix.dependencies.registry import Dependency, Manifest, Unreadable, read, read_lock


def manifest(path: str, content: str | bytes) -> Manifest:
    return read(READER, path, content if isinstance(content, bytes) else content.encode())


def shown(path: str, content: str | bytes) -> list[tuple[str, str, str, int]]:
    """name, version, scope, line: sorted."""
    return sorted((d.name, d.version, d.scope, d.line) for d in manifest(path, content).names.values())


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32"])
@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
def test_requirements_in_any_encoding_that_pip_takes(encoding: str, ending: str) -> None:
    content = ending.join(["# é", "a==1", "b", ""]).encode(encoding)
    assert shown("requirements.txt", content) == [("a", "==1", "runtime", 2), ("b", "", "runtime", 3)]


@pytest.mark.parametrize("end", ["\f", "\v", "\x1c", "\x1d", "\x1e", "\x85", "\u2028", "\u2029", "\r", "\r\n"])
def test_a_requirement_ends_where_pip_ends_a_line(end: str) -> None:
    """pip's req_file.py splits by `str.splitlines`: what follows is a requirement, not a part of the comment."""
    found = read(READER, "requirements.txt", f"requests==2.31.0 # see the ticket{end}evil==1\n".encode())
    assert {name: each.line for name, each in found.names.items()} == {"requests": 1, "evil": 2}


@pytest.mark.parametrize(
    ("line", "files"),
    [
        ("-r a.lst", [("a.lst", False)]),
        ("-ra.lst", [("a.lst", False)]),
        ("-r=a.lst", [("=a.lst", False)]),  # optparse has no sign in a short option
        ("--requirement=a.lst", [("a.lst", False)]),
        ("--requirem a.lst", [("a.lst", False)]),  # cut short, where no other begins so
        ("--constr 'a b.txt'", [("a b.txt", True)]),
        ('-"r" a.lst', [("a.lst", False)]),  # shlex takes quotes away
        ("-r\ta.lst", [("a.lst", False)]),
        ("-r \\\n  a.lst", [("a.lst", False)]),
        ("--pre --no-index -ca.txt", [("a.txt", True)]),
        ("-c a.txt -r b.lst -r c.lst", [("b.lst", False)]),  # the first, and requirements before constraints
        ("a==1 -r b.lst", []),  # pip ignores options beside a requirement
        ("-e . -r b.lst", []),
        ("# -r a.lst", []),
        ("-r a.lst # b", [("a.lst", False)]),
        ("--unknown -r a.lst", []),  # pip refuses the line
    ],
)
def test_includes_are_read_as_pip_reads_options(line: str, files: list[tuple[str, bool]]) -> None:
    """pip's req_file.py: `break_args_options`, then shlex, then optparse."""
    assert included_files(line.encode()) == files


def test_a_key_without_a_value_that_goes_on_is_refused() -> None:
    """By configparser in words of its own since Python 3.13, and before by an AttributeError inside it."""
    with pytest.raises(Unreadable):
        read(READER, "setup.cfg", b"[options]\na\n  b\n")


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("requirements-dev", True), ("requirements/test", True), ("docs/requirements", True), ("tests", True),
        ("lint", True), ("requirements", False), ("requirements/prod", False), ("s3", False), ("device", False),
        ("contest", False),
    ],
)  # fmt: skip
def test_what_is_for_development(name: str, expected: bool) -> None:
    assert is_development(name) is expected


def test_one_requirement() -> None:
    assert parse(" Zope.Interface [x] >= 1 ") == Dependency("zope-interface", ">=1")
    assert parse("C:\\wheels\\x.whl") == Dependency("x", "", "path", origin="C:\\wheels\\x.whl")
    assert (parse("."), parse("..[x]"), parse("{root:uri}")) == (None, None, None)
    assert parse("a (>1)") == Dependency("a", ">1")


KEYS = """
project project.name project.dependencies project.optional-dependencies project.optional-dependencies.a
dependency-groups dependency-groups.prod build-system build-system.requires tool tool.uv tool.uv.dev-dependencies
tool.uv.sources tool.uv.sources.a tool.uv.index tool.uv.pip tool.uv.override-dependencies
tool.uv.extra-build-dependencies.a tool.poetry tool.poetry.source tool.poetry.dependencies tool.poetry.dependencies.a
tool.poetry.group tool.poetry.group.dev tool.poetry.group.dev.dependencies tool.pdm.dev-dependencies
tool.pdm.resolution.overrides tool.pdm.source tool.hatch.envs tool.hatch.envs.a tool.hatch.envs.a.overrides.b.c
tool.hatch.envs.a.dependencies tool.hatch.build tool.hatch.build.targets tool.hatch.build.hooks.x
tool.hatch.metadata.hooks.requirements_txt tool.flit.metadata tool.flit.metadata.requires-extra
tool.setuptools.dynamic tool.setuptools.dynamic.dependencies tool.setuptools.dynamic.optional-dependencies
packages source package metadata manifest default develop
""".split()
VALUES = st.recursive(
    st.sampled_from(["a", "a>1", "git+https://x.org/y", "./p", "", 1, True, 1.5]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from("name version source url path git rev file dependencies include-group type vcs a".split()),
            inner,
            max_size=3,
        )
    ),
    max_leaves=8,
)


def toml(value: Any) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key} = {toml(each)}" for key, each in value.items()) + "}"
    return "[" + ", ".join(map(toml, value)) + "]" if isinstance(value, list) else json.dumps(value)


@settings(max_examples=200, deadline=None)
@given(
    path=st.sampled_from(["pyproject.toml", "uv.toml", "hatch.toml", "Pipfile", "uv.lock", "Pipfile.lock"]),
    key=st.sampled_from(KEYS),
    value=VALUES,
)
def test_any_shape_below_any_key_is_read_or_unreadable(path: str, key: str, value: Any) -> None:
    short = key.removeprefix("tool.uv.").removeprefix("tool.hatch.") if path in ("uv.toml", "hatch.toml") else key
    content = (json.dumps({key: value}) if path == "Pipfile.lock" else f"{short} = {toml(value)}").encode()
    try:
        found = read_lock(READER, path, content) if READER.is_lock(path) else read(READER, path, content)
    except Unreadable as error:
        assert error.reason
    else:
        assert all(name == declared.name for name, declared in found.names.items())
