"""What looked like a new dependency in 4,253 real hotfix merges, and what each gate of dependencies says of it."""

from __future__ import annotations

import pytest
from gate_facts import Trees, between, change, facts

from git_hotfix.gates import dependency_change, dependency_source, lockfile, new_dependency
from git_hotfix.model.hotfix import Facts

Tree = dict[str, bytes | None]
MODULES = (new_dependency, dependency_source, dependency_change, lockfile)
CARGO = b"[package]\nname = 'me'\n[dependencies]\na = '1'\n"
CRATE = b'[[package]]\nname = "%s"\nversion = "%s"\nsource = "registry+https://github.com/rust-lang/crates.io-index"\n'


def levels(given: Facts) -> list[str]:
    """What new-dependency, dependency-source, dependency-change and lockfile say."""
    return [module.GATE.check(given, module.GATE.options()).level for module in MODULES]


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
            ["fail", "pass", "pass", "pass"], id="a prefix is no name",
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


def test_what_is_vendored_or_a_test_is_not_looked_at() -> None:
    tip: Tree = {"vendor/x/Cargo.toml": CARGO, "tests/package.json": b"{", "node_modules/a/yarn.lock": b"\0"}
    assert levels(between({}, tip)) == ["pass", "pass", "pass", "pass"]
