"""What manifests include under any name is judged as a part of them, at both sides."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from gate_facts import between

from git_hotfix.dependencies import changes, reached_files
from git_hotfix.dependencies.registry import path_inside
from git_hotfix.gates import judge
from git_hotfix.gates.new_dependency import Options, check
from git_hotfix.model.policy import Policy
from git_hotfix.model.verdict import Finding

Tree = Mapping[str, bytes | None]
FILES = Policy().files


def news(base: Tree, tip: Tree) -> list[tuple[str, str | None, str]]:
    """What `new-dependency` finds."""
    return [(each.message, each.path, each.level) for each in check(between(base, tip), Options()).findings]


def new(name: str, path: str, level: str = "fail", kind: str = "dependency") -> list[tuple[str, str, str]]:
    return [(f"new {kind} {name}", path, level)]


@pytest.mark.parametrize(
    ("includer", "text", "path", "content", "name"),
    [
        ("requirements.txt", b"-r deps.lst\n", "deps.lst", b"evil\n", "evil"),
        ("app/requirements.txt", b"-r ../deps\n", "deps", b"evil\n", "evil"),
        ("requirements.txt", b"-r tests/requirements.txt\n", "tests/requirements.txt", b"evil\n", "evil"),
        ("requirements.txt", b"-r requirements-dev.txt\n", "requirements-dev.txt", b"evil\n", "evil"),
        ("setup.cfg", b"[options]\ninstall_requires = file: cfg.txt\n", "cfg.txt", b"evil\n", "evil"),
        ("setup.py", b"setup(install_requires=open('deps.lst').read())\n", "deps.lst", b"evil\n", "evil"),
        (
            "pyproject.toml",
            b"[tool.setuptools.dynamic]\ndependencies = {file = ['base.txt']}\n",
            "base.txt",
            b"evil\n",
            "evil",
        ),
        ("Dockerfile", b"FROM a\nCOPY . /x\nRUN pip install \\\n  -r /x/deps.lst\n", "deps.lst", b"evil\n", "evil"),
        ("Dockerfile", b"FROM a\nRUN pip3 install --no-cache-dir -r deps.lst\n", "deps.lst", b"evil\n", "evil"),
        ("Dockerfile", b"FROM a\nRUN pip install -r a.lst -rdeps.lst\n", "deps.lst", b"evil\n", "evil"),
        ("Dockerfile", b'FROM a\nRUN ["pip", "install", "-r", "deps.lst"]\n', "deps.lst", b"evil\n", "evil"),
        ("environment.yml", b"dependencies:\n- pip:\n  - -r deps.lst\n", "deps.lst", b"evil\n", "evil"),
        (
            "build.gradle",
            b"apply from: \"$rootDir/gradle/extra.txt\"\n",
            "gradle/extra.txt",
            b"dependencies { implementation 'evil:evil:1' }\n",
            "evil:evil 1",
        ),
        (
            "settings.gradle.kts",
            b'dependencyResolutionManagement { versionCatalogs { create("l") { from(files("deps.toml")) } } }\n',
            "deps.toml",
            b'[libraries]\nevil = "evil:evil:1"\n',
            "evil:evil 1",
        ),
        (
            "app.csproj",
            b'<Project><Import Project="more.xml" /></Project>',
            "more.xml",
            b'<Project><ItemGroup><PackageReference Include="Evil" Version="1" /></ItemGroup></Project>',
            "evil 1",
        ),
        (
            "pom.xml",
            b"<project><artifactId>a</artifactId><modules><module>vendor/evil/other.xml</module></modules></project>",
            "vendor/evil/other.xml",
            b"<project><artifactId>b</artifactId><dependencies><dependency><groupId>evil</groupId>"
            b"<artifactId>evil</artifactId><version>1</version></dependency></dependencies></project>",
            "evil:evil 1",
        ),
        (
            "package.json",
            b'{"workspaces": ["vendor/*"]}',
            "vendor/evil/package.json",
            b'{"dependencies": {"evil": "1"}}',
            "evil 1",
        ),
        (
            "package.json",
            b'{"work\\u0073paces": ["vendor/*"]}',
            "vendor/evil/package.json",
            b'{"dependencies": {"evil": "1"}}',
            "evil 1",
        ),
        (
            "app.csproj",
            '<Project><Import Project="more.xml" /></Project>'.encode("utf-16"),
            "more.xml",
            b'<Project><ItemGroup><PackageReference Include="Evil" Version="1" /></ItemGroup></Project>',
            "evil 1",
        ),
        (
            "composer.json",
            b'{"extra": {"merge-plugin": {"include": "more/*.json"}}}',
            "more/a.json",
            b'{"require": {"evil/evil": "1"}}',
            "evil/evil 1",
        ),
        ("Gemfile", b"eval_gemfile 'more.txt'\n", "more.txt", b"gem 'evil'\n", "evil"),
        ("CMakeLists.txt", b"include(deps/more.txt)\n", "deps/more.txt", b"find_package(Evil)\n", "evil"),
        ("requirements.txt", b"deps.lst", "deps.lst", b"evil\n", "evil"),  # a symbolic link's content is its target
    ],
)  # fmt: skip
def test_what_an_unchanged_manifest_includes(includer: str, text: bytes, path: str, content: bytes, name: str) -> None:
    base = {includer: text, "a.py": b""}
    found = news({**base, path: b""}, {**base, path: content})
    assert [each for each in found if each[1] == path] == new(name, path)
    alone = {"README": b"x\n", "a.py": b""}
    if "requirements" not in path and "package.json" not in path:
        assert news({**alone, path: b""}, {**alone, path: content}) == []


def test_what_a_changed_manifest_includes_from_now_on() -> None:
    base = {"requirements.txt": b"a\n", "extra/all.lst": b"-r more.lst\n", "extra/more.lst": b"evil\n"}
    tip = {**base, "requirements.txt": b"a\n-r extra/all.lst\n"}
    assert news(base, tip) == new("evil", "extra/more.lst")
    # and the other way round it is gone
    removed = judge(between(tip, base), only=["dependency-change"]).gates[0].findings
    assert [(each.message, each.path) for each in removed] == [("production loses evil", "extra/more.lst")]


def test_what_is_included_already_is_known() -> None:
    base = {"requirements.txt": b"-r all.lst\n", "all.lst": b"known\n", "web/requirements.txt": b"b\n"}
    assert news(base, {**base, "web/requirements.txt": b"b\nknown\n"}) == []
    assert news(base, {**base, "all.lst": b"known==2\n"}) == []
    assert news(base, {**base, "requirements.txt": b"-r other.lst\n", "all.lst": None, "other.lst": b"known\n"}) == []


def test_what_only_development_includes_warns() -> None:
    base = {"requirements-dev.txt": b"-r all.lst\n", "docs/requirements.txt": b"-r more.lst\n", "all.lst": b""}
    assert news(base, {**base, "all.lst": b"evil\n"}) == new("evil", "all.lst", "warn", "development dependency")
    base = {**base, "docs/more.lst": b""}
    tip = {**base, "docs/more.lst": b"evil\n"}
    assert news(base, tip) == new("evil", "docs/more.lst", "warn", "development dependency")
    base = {"package.json": b'{"workspaces": ["*"]}', "e2e/package.json": b"{}"}
    tip = {**base, "e2e/package.json": b'{"dependencies": {"evil": "1"}}'}
    assert news(base, tip) == new("evil 1", "e2e/package.json", "warn", "development dependency")


def test_constraints_that_send_a_name_elsewhere() -> None:
    base = {"requirements.txt": b"a\n-c limits.txt\n", "limits.txt": b"a==1\n"}
    tip = {**base, "limits.txt": b"a @ https://evil.example/a.zip\n"}
    [found] = judge(between(base, tip), only=["dependency-source"]).gates
    assert [(each.message, each.path) for each in found.findings] == [
        ("a is replaced by https://evil.example/a.zip", "limits.txt")
    ]
    assert judge(between(base, {**base, "limits.txt": b"a==1.1\nz==2\n"})).passed


def test_includes_that_cannot_be_followed_are_said() -> None:
    base = {"requirements.txt": b"a\n"}
    tip = {"requirements.txt": b"a\n-r made-by-make.lst\n"}
    message = "includes made-by-make.lst, which is not in the repository: what that declares cannot be read"
    assert check(between(base, tip), Options()).unread == (Finding(message, path="requirements.txt"),)
    assert check(between(tip, {**tip, "requirements.txt": b"b\n-r made-by-make.lst\n"}), Options()).unread == ()


def test_includes_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    chain = {f"a{n}.lst": b"-r a%d.lst\n" % (n + 1) for n in range(reached_files.DEPTH + 2)}
    base = {"requirements.txt": b"-r a0.lst\n-r a1.lst\n", **chain}
    circle = {"requirements.txt": b"-r a.lst\n", "a.lst": b"-r requirements.txt\n-r a.lst\nknown\n"}
    assert news(circle, {**circle, "a.lst": b"-r a.lst\nknown\nevil\n"}) == new("evil", "a.lst")
    given = between(base, {**base, "a0.lst": b"-r a1.lst\nevil\n"})
    pairs = changes.changed_manifests(given.changes, given.content, FILES)
    assert [pair.odd for pair in pairs if pair.odd] == [
        (Finding("manifests include more than the 2,000 files that are followed: look at these yourself",
                 level="warn"),)
    ]  # fmt: skip
    assert judge(given, only=["analysis"]).gates[0].status == "warn"
    monkeypatch.setattr(reached_files, "COUNT", 1)
    assert [pair.path for pair in changes.changed_manifests(given.changes, given.content, FILES) if pair.odd] == [
        "a0.lst"
    ]


def test_a_fix_of_code_asks_for_nothing() -> None:
    base = {"requirements.txt": b"-r all.lst\n", "all.lst": b"", "a.py": b"", "b.css": b"", "README.md": b""}
    given = between(base, {**base, "a.py": b"x", "b.css": b"x", "README.md": b"x"})
    sides = reached_files.find_sides(given.changes, given.content, changes._production(FILES), changed=())
    assert sides == reached_files.Sides(reached_files._NOTHING, reached_files._NOTHING)


@pytest.mark.parametrize(
    ("path", "file", "place"),
    [
        ("a/r.txt", "b.txt", "a/b.txt"), ("a/r.txt", "../b", "b"), ("r.txt", "./x//y", "x/y"), ("r.txt", ".", ""),
        ("a/r.txt", "..\\b", "b"), ("r.txt", "../b", ""), ("r.txt", "/b", ""), ("r.txt", "C:\\b", ""),
        ("r.txt", "~/b", ""), ("r.txt", "$X/b", ""), ("r.txt", "https://x/y", ""), ("r.txt", "", ""),
    ],
)  # fmt: skip
def test_inside(path: str, file: str, place: str) -> None:
    assert path_inside(path, file) == place
