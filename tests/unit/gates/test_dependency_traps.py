"""What looked like a new dependency in 4,253 real hotfix merges, and what each gate of dependencies says of it."""

from __future__ import annotations

import pytest
from gate_facts import Trees, between, change, facts
from hypothesis import given, settings
from hypothesis import strategies as st

from git_hotfix.gates import dependency_change, dependency_source, lockfile, new_dependency
from git_hotfix.model.hotfix import Facts
from git_hotfix.model.verdict import Judgement

Tree = dict[str, bytes | None]
MODULES = (new_dependency, dependency_source, dependency_change, lockfile)
CARGO = b"[package]\nname = 'me'\n[dependencies]\na = '1'\n"
FRAMEWORK = (
    b"<ItemGroup Condition=\"'$(TargetFramework)' == '%s'\"><PackageReference Include='X' Version='1' /></ItemGroup>"
)
ONE = b"<Project>" + FRAMEWORK % b"net6.0" + b"</Project>"
TWO = b"<Project>" + FRAMEWORK % b"net6.0" + FRAMEWORK % b"net8.0" + b"</Project>"
CRATE = b'[[package]]\nname = "%s"\nversion = "%s"\nsource = "registry+https://github.com/rust-lang/crates.io-index"\n'


def judgements(of: Facts) -> list[Judgement]:
    """What new-dependency, dependency-source, dependency-change and lockfile say."""
    return [module.GATE.check(of, module.GATE.options()) for module in MODULES]


def levels(of: Facts) -> list[str]:
    return [judgement.level for judgement in judgements(of)]


@pytest.mark.parametrize(
    ("base", "tip", "expected"),
    [
        pytest.param(
            {"requirements.txt": b"PyJWE==1.0\n"}, {"requirements.txt": b"pyjwe==1.0\n"},
            ["pass", "pass", "pass", "pass"], id="the same name respelled",
        ),
        pytest.param(
            {"requirements.txt": b"git+https://github.com/o/thing.git@v1\n"}, {"requirements.txt": b"thing==1\n"},
            ["pass", "pass", "pass", "pass"], id="a git URL turned registry name",
        ),
        pytest.param(
            {"Cargo.toml": CARGO}, {"Cargo.toml": CARGO + b"[target.'cfg(windows)'.dependencies]\na = '1'\n"},
            ["pass", "pass", "pass", "pass"], id="the same package under another target",
        ),
        pytest.param(
            {"a.csproj": ONE}, {"a.csproj": TWO},
            ["pass", "pass", "pass", "pass"], id="the same package under another target framework",
        ),
        pytest.param(
            {"a/requirements.txt": b"six==1\n", "b/requirements.txt": b""},
            {"a/requirements.txt": b"six==1\n", "b/requirements.txt": b"six==1\n"},
            ["pass", "pass", "pass", "pass"], id="new in this manifest, old in another",
        ),
        pytest.param(
            {"Cargo.toml": CARGO, "x/Cargo.toml": b"[package]\nname = 'x'\n"},
            {"Cargo.toml": CARGO + b"x = '1'\n", "x/Cargo.toml": b"[package]\nname = 'x'\n"},
            ["pass", "pass", "pass", "pass"], id="the repository's own package",
        ),
        pytest.param(
            {"package.json": b'{"dependencies": {"xml-apis": "1"}}'},
            {"package.json": b'{"dependencies": {"xml-apis": "1", "xml-apis-ext": "1"}}'},
            ["fail", "pass", "pass", "pass"], id="a prefix is not a name",
        ),
        pytest.param(
            {"CMakeLists.txt": b"project(x)\n"}, {"CMakeLists.txt": b"project(x)\nfind_package(Boost REQUIRED)\n"},
            ["fail", "pass", "pass", "pass"], id="a find_package of CMake",
        ),
        pytest.param(
            {"Dockerfile": b"FROM scratch\n", "requirements.txt": b"redis\n"},
            {"Dockerfile": b"FROM scratch\nRUN pip install redis\n", "requirements.txt": b"redis\n"},
            ["pass", "pass", "pass", "pass"], id="a pip line of a Dockerfile, known to a manifest of Python",
        ),
        pytest.param(
            {"Dockerfile": b"FROM scratch\nRUN pip install redis\n"},
            {"Dockerfile": b"FROM scratch\nRUN pip install redis evil\n", "requirements.txt": b"redis\n"},
            ["fail", "pass", "pass", "pass"], id="a pip line of a Dockerfile",
        ),
        pytest.param(
            {"package.json": b"{}"}, {"package.json": b'{"overrides": {"minimist": "1.2.6"}}'},
            ["pass", "pass", "pass", "pass"], id="a pin of a transitive package",
        ),
        pytest.param(
            {"Cargo.toml": CARGO, "Cargo.lock": CRATE % (b"a", b"1.0") + CRATE % (b"b", b"1.0")},
            {"Cargo.toml": CARGO + b"b = '1.0'\n", "Cargo.lock": CRATE % (b"a", b"1.0") + CRATE % (b"b", b"1.0")},
            ["warn", "pass", "pass", "pass"], id="a pin of a transitive package, as a dependency",
        ),
        pytest.param(
            {"Cargo.toml": CARGO, "Cargo.lock": CRATE % (b"a", b"1.0")},
            {"Cargo.toml": CARGO, "Cargo.lock": CRATE % (b"a", b"1.0") + CRATE % (b"b", b"1.0")},
            ["pass", "pass", "pass", "fail"], id="a lock file that alone brings a new name",
        ),
        pytest.param(
            {"composer.json": b'{"require": {"o/a": "^1.0"}}'}, {"composer.json": b'{"require": {"o/a": "^1.1@dev"}}'},
            ["pass", "pass", "fail", "pass"], id="a version that moves under one's feet",
        ),
        pytest.param(
            {"composer.json": b'{"require": {"o/a": "^1.0@dev"}}'}, {"composer.json": b'{"require": {"o/a": "^1.0"}}'},
            ["pass", "pass", "pass", "pass"], id="a pre-release turned release",
        ),
    ],
)  # fmt: skip
def test_a_trap(base: Tree, tip: Tree, expected: list[str]) -> None:
    assert levels(between(base, tip)) == expected


def test_a_submodule_pointer_is_no_dependency() -> None:
    for path in ("libs/thing", "requirements"):
        moved = change(path, old_mode="160000", new_mode="160000")
        assert levels(facts(moved, content=Trees())) == ["pass", "pass", "pass", "pass"]


def test_a_new_submodule_is_a_new_dependency() -> None:
    declared = b'[submodule "x"]\n\tpath = libs/x\n\turl = https://github.com/o/x.git\n'
    assert levels(between({}, {".gitmodules": declared})) == ["fail", "pass", "pass", "pass"]
    other = declared.replace(b"https://github.com/o/x.git", b"git@github.com:o/x")
    assert levels(between({".gitmodules": declared}, {".gitmodules": other})) == ["pass", "pass", "pass", "pass"]
    moved = declared.replace(b"github.com/o", b"github.com/me")
    assert levels(between({".gitmodules": declared}, {".gitmodules": moved})) == ["fail", "pass", "fail", "pass"]


def test_what_is_vendored_or_a_test_is_not_looked_at() -> None:
    base: Tree = {"vendor/x/lib.rs": b"", "node_modules/a/a.js": b""}
    tip: Tree = {"vendor/x/Cargo.toml": CARGO, "tests/package.json": b"{", "node_modules/a/yarn.lock": b"\0"}
    assert levels(between(base, {**base, **tip})) == ["pass", "pass", "pass", "pass"]


PATHS = (
    "package.json package-lock.json yarn.lock pnpm-lock.yaml pyproject.toml requirements.txt setup.py poetry.lock "
    "Cargo.toml Cargo.lock go.mod go.sum Gemfile Gemfile.lock composer.json pom.xml build.gradle app.csproj mix.exs "
    "Package.swift Chart.yaml flake.nix"
).split()
CONTENTS = (
    st.binary(max_size=60)
    | st.sampled_from([b"", b"{", b'{"dependencies": {"a": "1"}}', b"a==1\n", CARGO, CRATE % (b"a", b"1"), None])
)  # fmt: skip


@settings(max_examples=100, deadline=None)
@given(
    path=st.sampled_from(PATHS),
    old=CONTENTS,
    new=CONTENTS,
    other=st.sampled_from(PATHS),
    beside=CONTENTS,
    status=st.sampled_from("AMD"),
)
def test_whatever_stands_there_is_judged_or_said(
    path: str, old: bytes | None, new: bytes | None, other: str, beside: bytes | None, status: str
) -> None:
    content = Trees({path: old, f"x/{other}": beside}, {path: new, f"x/{other}": old})
    for judgement in judgements(facts(change(path, status), change(f"x/{other}"), content=content)):
        assert all(finding.path and finding.message for finding in judgement.unread)
        assert all(finding.hint or finding.level == "note" for finding in judgement.findings)
