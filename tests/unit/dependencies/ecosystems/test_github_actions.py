"""Workflows and actions: whole results."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from git_hotfix.dependencies.ecosystems.github_actions import READER
from git_hotfix.dependencies.registry import Declared, Manifest, Unreadable, read, reader_of

PATH = ".github/workflows/ci.yml"


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        (PATH, True), (".github/workflows/conda.yaml", True), (".github/workflows/docker-compose.yml", True),
        ("action.yml", True), (".github/actions/setup/action.yaml", True), (".github/dependabot.yml", False),
        ("workflows/ci.yml", False), (".github/workflows/README.md", False), ("actions.yml", False),
    ],
)  # fmt: skip
def test_which_files_are_read(path: str, expected: bool) -> None:
    assert READER.is_manifest(path) is expected
    assert (reader_of(path) is READER) is expected


WORKFLOW = """\
on: push
jobs:
  build:
    runs-on: ubuntu-latest
    container: ghcr.io/o/ci:1
    services:
      db: {image: "postgres:${{ matrix.pg }}"}
      any:
        image: ${{ matrix.image }}
    steps:
      - uses: actions/checkout@v4
      - uses: Actions/Cache/save@0123abc # v4
      - uses: ./.github/actions/setup
      - uses: docker://alpine:3
      - run: echo uses
  deploy:
    uses: o/shared/.github/workflows/deploy.yml@main
  own:
    uses: ./.github/workflows/own.yml
"""


def test_workflow() -> None:
    assert read(READER, PATH, WORKFLOW.encode()) == Manifest(
        names={
            "docker:ghcr.io/o/ci": Declared("ghcr.io/o/ci", "1", "registry", "build", 5, "ghcr.io", "docker"),
            "docker:postgres": Declared("postgres", "${{matrix.pg}}", scope="build", line=7, ecosystem="docker"),
            "actions/checkout": Declared("actions/checkout", "v4", scope="build", line=11),
            "actions/cache": Declared("actions/cache", "0123abc", scope="build", line=12),
            "docker:alpine": Declared("alpine", "3", scope="build", line=14, ecosystem="docker"),
            "o/shared": Declared("o/shared", "main", scope="build", line=17),
        },
        dynamic=frozenset({"image: ${{ matrix.image }}"}),
        local={
            path: Declared(path, "", "path", "build", line, path)
            for path, line in (("./.github/actions/setup", 13), ("./.github/workflows/own.yml", 19))
        },
    )


@pytest.mark.parametrize(
    ("runs", "expected"),
    [
        (
            "{using: composite, steps: [{uses: actions/cache@v4}, {run: x}]}",
            Manifest(names={"actions/cache": Declared("actions/cache", "v4", scope="build", line=2)}),
        ),
        (
            "{using: docker, image: 'docker://o/app:1'}",
            Manifest(names={"docker:o/app": Declared("o/app", "1", scope="build", line=2, ecosystem="docker")}),
        ),
        ("{using: docker, image: Dockerfile}", Manifest()),
        ("{using: node20, main: index.js}", Manifest()),
    ],
)
def test_action(runs: str, expected: Manifest) -> None:
    assert read(READER, "action.yml", f"name: x\nruns: {runs}\n".encode()) == expected


@pytest.mark.parametrize(
    "content",
    [
        b"", b"- a", b"a: [", b"jobs: {a: b}", b"jobs: {a: {steps: [{uses: checkout}]}}",
        b"jobs: {a: {steps: [{uses: actions/checkout}]}}", b"jobs: {a: {uses: /x@y}}", b"jobs: {a: {container: A B}}",
        b"a: 1\na: 2", b"a: !!python/object:x {}",
    ],
)  # fmt: skip
def test_unreadable(content: bytes) -> None:
    with pytest.raises(Unreadable):
        read(READER, PATH, content)


VALUES = st.recursive(
    st.none() | st.booleans() | st.sampled_from(["a/b@c", "./x", "docker://a", "${{ x }}", "a", ""]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from("steps uses container services image runs a".split()), inner, max_size=4)
    ),
    max_leaves=10,
)


@settings(max_examples=200, deadline=None)
@given(
    st.binary(max_size=80)
    | st.dictionaries(st.sampled_from(["jobs", "runs", "on"]), VALUES).map(
        lambda document: json.dumps(document).encode()
    )
)
def test_arbitrary_bytes_and_shapes_are_read_or_unreadable(content: bytes) -> None:
    try:
        found = read(READER, PATH, content)
    except Unreadable as error:
        assert error.reason
    else:
        assert all(declared.name and declared.scope == "build" for declared in found.names.values())
