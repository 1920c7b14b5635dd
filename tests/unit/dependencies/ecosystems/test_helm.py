"""Helm charts: whole results."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from git_hotfix.dependencies.ecosystems.helm import READER
from git_hotfix.dependencies.registry import Declared, Manifest, Unreadable, read, read_lock


def manifest(path: str, content: str | bytes) -> Manifest:
    return read(READER, path, content if isinstance(content, bytes) else content.encode())


def table(*declared: Declared) -> dict[str, Declared]:
    return {each.name: each for each in declared}


def test_which_files_are_read() -> None:
    assert READER.is_manifest("Chart.yaml") and READER.is_manifest("a/requirements.yaml")
    assert not READER.is_manifest("values.yaml") and not READER.is_manifest("chart.yaml")
    assert READER.is_lock("charts/x/Chart.lock") and not READER.is_lock("requirements.lock")


CHART = """\
apiVersion: v2
name: app
version: 1.10
dependencies:
  - name: redis
    version: "~17.0"
    repository: oci://registry.example.org/charts/
    condition: redis.enabled
  - version: 1.10
    name: postgresql
    repository: https://user:secret@charts.example.org/stable/
    alias: db
  - {name: common, version: 2.x.x, repository: "@bitnami"}
  - name: beside
    version: 0.1.0
    repository: file://../beside
  - name: unpacked
"""


def test_chart() -> None:
    assert manifest("Chart.yaml", CHART) == Manifest(
        names=table(
            Declared("redis", "~17.0", "registry", "optional", 5, "oci://registry.example.org/charts"),
            Declared("postgresql", "1.10", line=10, origin="https://charts.example.org/stable"),
            Declared("common", "2.x.x", line=13, origin="@bitnami"),
        ),
        own=frozenset({"app"}),
        local=table(
            Declared("beside", "0.1.0", "path", line=14, origin="file://../beside"),
            Declared("unpacked", "", "path", line=17, origin="charts/unpacked"),
        ),
    )


def test_requirements_of_old_charts_and_of_others() -> None:
    old = "dependencies:\n- name: a\n  version: '1'\n  repository: https://x.example.org\n"
    expected = Manifest(table(Declared("a", "1", line=2, origin="https://x.example.org")))
    assert manifest("requirements.yaml", old) == expected
    assert manifest("requirements.yaml", "- src: geerlingguy.java\n") == Manifest()
    assert manifest("requirements.yaml", "collections:\n- name: community.general\n") == Manifest()


def test_lock() -> None:
    content = (
        b"dependencies:\r\n- name: a\r\n  version: 1.2.3\r\n  repository: https://x.example.org\r\ndigest: sha256:0\r\n"
    )
    expected = Manifest(table(Declared("a", "1.2.3", line=2, origin="https://x.example.org")))
    assert read_lock(READER, "Chart.lock", content) == expected


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_encodings(encoding: str) -> None:
    assert manifest("Chart.yaml", CHART.encode(encoding)) == manifest("Chart.yaml", CHART)


LAUGHS = "a: &a [x, x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"{new}: &{new} [{', '.join([f'*{old}'] * 10)}]\n"
    for old, new in zip("abcdefgh", "bcdefghi", strict=True)
)  # fmt: skip


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ("", "it has 0 YAML documents instead of one"),
        ("- a", "it is not YAML mapping"),
        ("dependencies: a", "dependencies is not a list"),
        ("dependencies: [a]", "a dependency has no name"),
        ("dependencies: [{version: '1'}]", "a dependency has no name"),
        ("dependencies: [{name: a, version: [1]}]", "the version or the repository of 'a' is not text"),
        (LAUGHS, "its aliases stand for too much"),
        ("a: " + "[" * 1_000, "it is nested too deeply"),
    ],
)
def test_unreadable(content: str, reason: str) -> None:
    with pytest.raises(Unreadable) as error:
        manifest("Chart.yaml", content)
    assert error.value.reason == reason


@pytest.mark.parametrize("content", ["a: \0", "name: {{ .Values.name }}", "a: !!python/object:os.system x"])
def test_unreadable_in_the_words_of_the_parser(content: str) -> None:
    with pytest.raises(Unreadable):
        manifest("Chart.yaml", content)


VALUES = st.recursive(
    st.sampled_from([None, "a", "1", "file://a", "https://x.example.org"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from("name version repository dependencies alias tags".split()), inner, max_size=4)
    ),
    max_leaves=10,
)


@settings(max_examples=60, deadline=None)
@given(
    path=st.sampled_from(["Chart.yaml", "requirements.yaml", "Chart.lock"]),
    content=st.binary(max_size=100)
    | VALUES.map(lambda value: repr({"dependencies": value}).replace("None", "~").encode()),
)  # fmt: skip
def test_any_shape_is_read_or_unreadable(path: str, content: bytes) -> None:
    try:
        found = (read_lock if READER.is_lock(path) else read)(READER, path, content)
    except Unreadable as error:
        assert error.reason
    else:
        assert all(name == declared.name for name, declared in found.names.items())


@settings(max_examples=30, deadline=None)
@given(names=st.lists(st.from_regex(r"[a-z][a-z0-9-]{0,10}[a-z]", fullmatch=True), unique=True))
def test_generated_charts_give_exactly_their_names(names: list[str]) -> None:
    rows = "".join(f"- {{name: '{name}', version: '1', repository: https://x.example.org}}\n" for name in names)
    expected = {
        name: Declared(name, "1", line=line, origin="https://x.example.org") for line, name in enumerate(names, start=3)
    }
    assert manifest("Chart.yaml", "name: own\ndependencies:\n" + rows).names == expected
