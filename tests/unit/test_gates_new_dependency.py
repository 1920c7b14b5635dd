"""new-dependency: names that the base does not declare, and everything that only looks like one."""

from __future__ import annotations

import json
from typing import Any

import pytest
from gate_facts import Trees, between, change, facts, waived
from hypothesis import given, settings
from hypothesis import strategies as st

from git_hotfix.gates import judge
from git_hotfix.gates.new_dependency import Options, check
from git_hotfix.model.verdict import Finding, GateResult, Judgement, Verdict

WAIVE = "or record why: git hotfix waive new-dependency --reason …"
PASSED = Judgement("pass", "0 new", "0 new")


def found(level: Any, message: str, path: str, line: int, name: str) -> Judgement:
    return Judgement(level, "1 new", "0 new", (Finding(message, path, line, f"fix it without {name}, {WAIVE}"),))


def package(**sections: dict[str, str]) -> bytes:
    return json.dumps(sections, indent=1).encode()


@pytest.mark.parametrize(
    ("base", "tip"),
    [
        ({}, {}),
        ({"requirements.txt": b"a==1\n"}, {"requirements.txt": b"a==2\n"}),
        ({"requirements.txt": b"PyJWE\n"}, {"requirements.txt": b"pyjwe\n"}),
        ({"requirements.txt": b"zope.interface\n"}, {"requirements.txt": b"Zope_Interface==1\n"}),
        ({"requirements.txt": b"a\n"}, {"reqs/base.txt": b"a\n"}),
        ({"requirements.txt": b"git+https://x.org/o/thing.git\n"}, {"requirements.txt": b"thing==1\n"}),
        ({"setup.cfg": b"[options]\ninstall_requires = a\n"}, {"pyproject.toml": b"[project]\ndependencies=['a']\n"}),
        (
            {"pyproject.toml": b"[project]\nname='me'\n"},
            {"pyproject.toml": b"[project]\nname='me'\ndependencies=['me[x]']\n"},
        ),
        ({"package.json": package(dependencies={"a": "1"})}, {"package.json": package(dependencies={"a": "2"})}),
        ({"package.json": package(dependencies={"a": "1"})}, {"web/package.json": package(dependencies={"a": "1"})}),
        ({"libs/x/package.json": b'{"name": "@o/x"}'}, {"package.json": package(dependencies={"@o/x": "1.0"})}),
        ({"package.json": b"{}"}, {"package.json": package(dependencies={"x": "workspace:*", "y": "file:../y"})}),
        ({"constraints.txt": b""}, {"constraints.txt": b"new==1\n"}),
        ({}, {"tests/app/requirements.txt": b"new\n", "vendor/x/package.json": package(dependencies={"n": "1"})}),
        ({"requirements.txt": b"a\n"}, {}),
    ],
)
def test_nothing_new(base: dict[str, bytes | None], tip: dict[str, bytes | None]) -> None:
    kept = {path: content for path, content in base.items() if path not in tip and path.startswith("libs/")}
    assert check(between(base, {**kept, **tip}), Options()) == PASSED


@pytest.mark.parametrize(
    ("base", "tip", "judgement"),
    [
        (
            {"requirements.txt": b"a\n"},
            {"requirements.txt": b"a\nNew_Thing>=2\n"},
            found("fail", "new dependency new-thing >=2", "requirements.txt", 2, "new-thing"),
        ),
        (
            {"package.json": package(dependencies={"xml-apis": "1"})},
            {"package.json": package(dependencies={"xml-apis": "1", "xml-apis-ext": "1"})},
            found("fail", "new dependency xml-apis-ext 1", "package.json", 4, "xml-apis-ext"),
        ),
        (
            {"package.json": b"{}"},
            {"package.json": package(devDependencies={"jest": "^1"})},
            found("warn", "new development dependency jest ^1", "package.json", 3, "jest"),
        ),
        (
            {},
            {"requirements-dev.txt": b"pytest\n"},
            found("warn", "new development dependency pytest", "requirements-dev.txt", 1, "pytest"),
        ),
        (  # known in another ecosystem only
            {"requirements.txt": b"redis\n", "package.json": b"{}"},
            {"requirements.txt": b"redis\n", "package.json": package(dependencies={"redis": "1"})},
            found("fail", "new dependency redis 1", "package.json", 3, "redis"),
        ),
    ],
)
def test_a_new_name(base: dict[str, bytes | None], tip: dict[str, bytes | None], judgement: Judgement) -> None:
    assert check(between(base, tip), Options()) == judgement


@pytest.mark.parametrize(
    ("base", "tip", "message"),
    [
        ({}, {"package.json": b"{"}, "cannot be read: Expecting property name enclosed in double quotes: line 1"),
        ({}, {"requirements.txt": b"{{ x }}"}, "cannot be read: line 1: '{{ x }}' is no requirement"),
        ({}, {"setup.py": b"print 'x'"}, "cannot be read: Missing parentheses in call to 'print'"),
        ({}, {"Pipfile": None}, "its content is not in this clone: what it declares cannot be read"),
        (
            {"setup.py": b"setup(install_requires=f())"},
            {"setup.py": b"setup(install_requires=g())"},
            "what it requires is computed when it runs, and that part changed",
        ),
        (
            {"setup.py": b"def f():\n  return ['a']\nsetup(install_requires=f())"},
            {"setup.py": b"def f():\n  return ['a', 'b']\nsetup(install_requires=f())"},
            "what it requires is computed when it runs, and that part changed",
        ),
        (
            {"requirements.txt": b"a"},
            {"requirements.txt": b"a\n-r more.lst"},
            "what it requires is computed when it runs, and that part changed",
        ),
    ],
)
def test_what_cannot_be_told_is_no_pass(
    base: dict[str, bytes | None], tip: dict[str, bytes | None], message: str
) -> None:
    judgement = check(between(base, tip), Options())
    assert (judgement.level, judgement.measured, len(judgement.findings)) == ("unknown", "not known", 1)
    assert judgement.findings[0].message.startswith(message)
    assert judgement.findings[0].path == next(iter(tip))


def test_a_computed_part_that_stays_is_no_finding() -> None:
    base: dict[str, bytes | None] = {"setup.py": b"setup(install_requires=f() + ['a==1'])"}
    tip: dict[str, bytes | None] = {"setup.py": b"setup(install_requires=f() + ['a==2'], zip_safe=False)"}
    assert check(between(base, tip), Options()) == PASSED


def test_a_link_in_place_of_a_manifest_is_no_pass() -> None:
    content = Trees({}, {"requirements.txt": b"elsewhere.txt"})
    given = facts(change("requirements.txt", "T", new_mode="120000"), content=content)
    assert check(given, Options()).level == "unknown"


def test_a_base_that_cannot_be_read_leaves_the_answer_open() -> None:
    judgement = check(between({"package.json": b"{"}, {"package.json": package(dependencies={"a": "1"})}), Options())
    hint = f"fix it without a, {WAIVE}\nat the base these could not be read: package.json"
    assert judgement == Judgement(
        "unknown", "not known", "0 new", (Finding("new dependency a 1", "package.json", 3, hint),)
    )


def test_a_renamed_manifest_brings_nothing() -> None:
    content = Trees({"requirements.txt": b"a\n"}, {"requirements/base.txt": b"a\n"})
    given = facts(change("requirements/base.txt", "R", old="requirements.txt"), content=content)
    assert check(given, Options()) == PASSED


def test_options_and_waiver() -> None:
    given = between({}, {"requirements.txt": b"new\n", "requirements-dev.txt": b"pytest\n"})
    assert check(given, Options(known=("new",), development="pass")) == PASSED
    assert check(given, Options(known=("new",), development="fail")).level == "fail"
    result = GateResult(
        "new-dependency",
        "block",
        "waived",
        "1 new",
        "0 new",
        (Finding("new dependency new", "requirements.txt", 1, f"fix it without new, {WAIVE}"),),
    )
    only = between({}, {"requirements.txt": b"new\n"})
    assert judge(waived(only, "new-dependency"), only=["new-dependency"]) == Verdict((result,))


PATHS = ["package.json", "pyproject.toml", "setup.cfg", "setup.py", "Pipfile", "requirements.txt"]


@settings(max_examples=150, deadline=None)
@given(path=st.sampled_from(PATHS), junk=st.binary(max_size=200).filter(lambda junk: b"\\" not in junk))
def test_junk_around_a_new_requirement_never_hides_it(path: str, junk: bytes) -> None:
    """Whatever stands before it, a new name is found, or the gate says that it cannot tell."""
    line = {
        "package.json": b'{"dependencies": {"brand-new": "1"}}',
        "pyproject.toml": b"\n[project]\ndependencies = ['brand-new']\n",
        "setup.cfg": b"\n[options]\ninstall_requires = brand-new\n",
        "setup.py": b"\nsetup(install_requires=['brand-new'])\n",
        "Pipfile": b"\n[packages]\nbrand-new = '*'\n",
        "requirements.txt": b"\nbrand-new\n",
    }[path]
    assert check(between({}, {path: junk + line}), Options()).level in ("fail", "unknown")
