"""Lock files of Python: whole results; and wild input for every Python file."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from git_hotfix.dependencies.ecosystems.python import READER
from git_hotfix.dependencies.registry import Declared, Manifest, Unreadable, read, read_lock

POETRY_LOCK = """\
[[package]]
name = "Plain"
version = "1.0"
groups = ["main", "dev"]
[package.dependencies]
other = "*"
[[package]]
name = "maybe"
version = "1.1"
optional = true
groups = ["main"]
[[package]]
name = "black"
version = "2.0"
groups = ["lint"]
[[package]]
name = "older"
version = "2.1"
category = "dev"
[[package]]
name = "fork"
version = "3.0"
[package.source]
type = "git"
url = "https://x.org/f.git"
reference = "main"
resolved_reference = "0123abc"
[[package]]
name = "ours"
version = "4.0"
[package.source]
type = "legacy"
url = "https://x.org/simple"
reference = "private"
[[package]]
name = "beside"
version = "0"
[package.source]
type = "directory"
url = "../beside"
[metadata]
lock-version = "2.1"
"""


def test_poetry_lock() -> None:
    assert read_lock(READER, "poetry.lock", POETRY_LOCK.encode()) == Manifest(
        names={
            "plain": Declared("plain", "1.0", line=2),
            "maybe": Declared("maybe", "1.1", scope="optional", line=8),
            "black": Declared("black", "2.0", scope="development", line=13),
            "older": Declared("older", "2.1", scope="development", line=17),
            "fork": Declared("fork", "0123abc", "git", line=21, origin="https://x.org/f"),
            "ours": Declared("ours", "4.0", line=29, origin="https://x.org/simple"),
        },
        local={"beside": Declared("beside", "", "path", line=36, origin="../beside")},
        indexes={"https://x.org/simple": 29},
    )


UV_LOCK = """\
version = 1
[manifest]
members = ["app", "lib"]
[[package]]
name = "app"
source = { editable = "." }
[[package]]
name = "lib"
source = { editable = "lib" }
[[package]]
name = "plain"
version = "1"
source = { registry = "https://pypi.org/simple" }
dependencies = [
    { name = "fork" },
]
[[package]]
name = "fork"
version = "2"
source = { git = "https://x.org/f.git?rev=main#0123abc" }
[[package]]
name = "zip"
version = "3"
source = { url = "https://x.org/z.zip" }
[[package]]
name = "near"
source = { directory = "../near" }
"""


def test_uv_lock() -> None:
    assert read_lock(READER, "uv.lock", UV_LOCK.encode()) == Manifest(
        names={
            "plain": Declared("plain", "1", line=11),
            "fork": Declared("fork", "0123abc", "git", line=18, origin="https://x.org/f.git?rev=main"),
            "zip": Declared("zip", "", "url", line=22, origin="https://x.org/z.zip"),
        },
        own=frozenset({"app", "lib"}),
        local={"near": Declared("near", "", "path", line=26, origin="../near")},
    )


PDM_LOCK = """\
[metadata]
lock_version = "4.5.0"
[[package]]
name = "plain"
version = "1"
groups = ["default", "test"]
[[package]]
name = "extra"
version = "2"
groups = ["s3"]
[[package]]
name = "pytest"
version = "3"
groups = ["test"]
[[package]]
name = "fork"
version = "4"
git = "https://x.org/f.git"
ref = "main"
revision = "0123abc"
[[package]]
name = "near"
version = "5"
path = "./near"
"""


def test_pdm_lock() -> None:
    assert read_lock(READER, "pdm.lock", PDM_LOCK.encode()) == Manifest(
        names={
            "plain": Declared("plain", "1", line=4),
            "extra": Declared("extra", "2", scope="optional", line=8),
            "pytest": Declared("pytest", "3", scope="development", line=12),
            "fork": Declared("fork", "0123abc", "git", line=16, origin="https://x.org/f"),
        },
        local={"near": Declared("near", "", "path", line=22, origin="./near")},
    )


PYLOCK = """\
lock-version = "1.0"
[[packages]]
name = "plain"
version = "1"
index = "https://pypi.org/simple"
[[packages]]
name = "fork"
vcs = {type = "git", url = "https://x.org/f", commit-id = "0123abc"}
[[packages]]
name = "zip"
archive = {url = "https://x.org/z.zip"}
[[packages]]
name = "packed"
archive = {path = "packed.tar.gz"}
[[packages]]
name = "near"
directory = {path = "near"}
"""


@pytest.mark.parametrize("path", ["pylock.toml", "x/pylock.spam.toml"])
def test_pylock(path: str) -> None:
    assert READER.is_lock(path)
    assert read_lock(READER, path, PYLOCK.encode()) == Manifest(
        names={
            "plain": Declared("plain", "1", line=3),
            "fork": Declared("fork", "0123abc", "git", line=7, origin="https://x.org/f"),
            "zip": Declared("zip", "", "url", line=10, origin="https://x.org/z.zip"),
        },
        local={
            "packed": Declared("packed", "", "path", line=13, origin="packed.tar.gz"),
            "near": Declared("near", "", "path", line=16, origin="near"),
        },
    )


PIPFILE_LOCK = """\
{
 "_meta": {"sources": [
  {"name": "pypi", "url": "https://pypi.org/simple"},
  {"name": "ours", "url": "https://x.org"}
 ]},
 "default": {
  "plain": {"index": "pypi", "version": "==1"},
  "ours": {"index": "ours", "version": "==2"},
  "fork": {"git": "https://x.org/f.git", "ref": "0123abc"},
  "near": {"editable": true, "path": "."}
 },
 "develop": {"pytest": {"version": "==3"}, "old": "==4"}
}
"""


def test_pipfile_lock() -> None:
    assert read_lock(READER, "Pipfile.lock", PIPFILE_LOCK.encode()) == Manifest(
        names={
            "plain": Declared("plain", "==1", line=7),
            "ours": Declared("ours", "==2", line=8, origin="ours"),
            "fork": Declared("fork", "0123abc", "git", line=9, origin="https://x.org/f"),
            "pytest": Declared("pytest", "==3", scope="development", line=12),
            "old": Declared("old", "==4", scope="development", line=12),
        },
        local={"near": Declared("near", "", "path", line=10, origin=".")},
        indexes={"https://x.org": 4},
    )


@pytest.mark.parametrize(
    ("path", "content"),
    [
        ("uv.lock", b"[[package]]"), ("uv.lock", b"package = 3"), ("uv.lock", b"[[package]]\nname = 3"),
        ("uv.lock", b"[[package]]\nname = '-'"), ("poetry.lock", b"[[package]]\nname = 'a'\nsource = 3"),
        ("pdm.lock", b"\xff"), ("pylock.toml", b"packages = [3]"), ("poetry.lock", b"metadata = 3"),
        ("Pipfile.lock", b"{"), ("Pipfile.lock", b"[]"), ("Pipfile.lock", b'{"default": []}'),
        ("Pipfile.lock", b'{"default": {"a": 3}}'), ("Pipfile.lock", b'{"_meta": {"sources": {}}}'),
        ("uv.lock", b"#" * 21_000_000),
    ],
    ids=lambda value: value if isinstance(value, str) else repr(value[:20]),
)  # fmt: skip
def test_unreadable_locks(path: str, content: bytes) -> None:
    with pytest.raises(Unreadable):
        read_lock(READER, path, content)


PATHS = ["pyproject.toml", "setup.cfg", "setup.py", "Pipfile", "requirements.txt"]
LOCKS = ["poetry.lock", "uv.lock", "pylock.toml", "Pipfile.lock"]
WORDS = st.sampled_from(
    "[ ] { } = == \" ' , \n a 1 ; # -r -e @ :// git+ project dependencies setup( ) install_requires ** \\ \t ."
    " tool.poetry tool.uv sources options packages x=[] + [[package]]\n name= source= git".split(" ")
)


@settings(max_examples=200, deadline=None)
@given(
    path=st.sampled_from(PATHS + LOCKS),
    content=st.binary(max_size=300) | st.lists(WORDS, max_size=30).map(lambda w: "".join(w).encode()),
)
def test_arbitrary_bytes_are_read_or_unreadable(path: str, content: bytes) -> None:
    try:
        found = read_lock(READER, path, content) if READER.is_lock(path) else read(READER, path, content)
    except Unreadable as error:
        assert error.reason
    else:
        assert all(name == declared.name and name for name, declared in found.names.items())


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
