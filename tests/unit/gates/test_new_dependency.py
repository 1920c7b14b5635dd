"""new-dependency: names that the base does not declare, and everything that only looks like one."""

from __future__ import annotations

import json

import pytest
from gate_facts import Trees, between, change, facts, waived
from hypothesis import given, settings
from hypothesis import strategies as st

from git_hotfix.dependencies import compare
from git_hotfix.gates import judge
from git_hotfix.gates.new_dependency import Options, check
from git_hotfix.model.names import Oid
from git_hotfix.model.policy import Files, GatePolicy, Policy
from git_hotfix.model.verdict import Finding, GateResult, Judgement, Level

WAIVE = "or record why: git hotfix waive new-dependency --reason …"
PASSED = Judgement("0 new", "0 new")
COMPUTED = "what it requires is computed when it runs, and that part changed"
Tree = dict[str, bytes | None]


def found(level: Level, message: str, path: str, line: int, name: str, hint: str = "") -> Judgement:
    told = Finding(message, path, line, hint or f"fix it without {name}, {WAIVE}", level)
    return Judgement("1 new", "0 new", (told,))


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
        ({}, {"tests/app/requirements.txt": b"new\n"}),
        ({"vendor/x/a.js": b""}, {"vendor/x/a.js": b"", "vendor/x/package.json": package(dependencies={"n": "1"})}),
        ({"requirements.txt": b"a\n"}, {}),
        ({}, {"package.json": b'{"overrides": {"minimist": "1.2.6"}}'}),  # a pin of what something else brings
        ({}, {"yarn.lock": b"", ".gitmodules": b"", "src/package.json.txt": b"x"}),
    ],
)
def test_nothing_new(base: Tree, tip: Tree) -> None:
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
        (  # an address with a password
            {"requirements.txt": b""},
            {"requirements.txt": b"thing @ git+https://me:hunter2@example.org/o/thing.git@v1\n"},
            found("fail", "new dependency thing v1 from https://example.org/o/thing", "requirements.txt", 1, "thing"),
        ),
        (  # until now a path
            {"package.json": package(dependencies={"a": "file:../a"})},
            {"package.json": package(dependencies={"a": "1"})},
            found("fail", "new dependency a 1", "package.json", 3, "a",
                  f"until now it was taken from a path: make sure that it is the same code, {WAIVE}"),
        ),
    ],
)  # fmt: skip
def test_a_new_name(base: Tree, tip: Tree, judgement: Judgement) -> None:
    assert check(between(base, tip), Options()) == judgement


LOCK = b'[[package]]\nname = "urllib3"\nversion = "1.26.18"\n'


@pytest.mark.parametrize(
    ("lock", "level"), [(LOCK, "warn"), (LOCK.replace(b"urllib3", b"urllib"), "fail"), (b"[", "fail")]
)
def test_a_pin_of_what_production_has_through_its_lock_file_only_warns(lock: bytes, level: Level) -> None:
    base: Tree = {"pyproject.toml": b"[project]\nname = 'me'\n", "poetry.lock": lock}
    tip: Tree = {**base, "pyproject.toml": b"[project]\nname = 'me'\ndependencies = ['urllib3>=1.26.18']\n"}
    hint = "production has it already, through the lock file: look which version that is" if level == "warn" else ""
    expected = found(level, "new dependency urllib3 >=1.26.18", "pyproject.toml", 3, "urllib3", hint)
    assert check(between(base, tip), Options()) == expected


def test_what_a_compiled_file_brings_besides_only_warns() -> None:
    base: Tree = {"reqs/base.in": b"a\n", "reqs/base.txt": b"a==1\n"}
    tip: Tree = {"reqs/base.in": b"a\nb\n", "reqs/base.txt": b"a==1\nb==1\nc==1\n"}
    judgement = check(between(base, tip), Options())
    assert [(each.path, each.message, each.level) for each in judgement.findings] == [
        ("reqs/base.in", "new dependency b", "fail"),
        ("reqs/base.txt", "new dependency b ==1", "fail"),
        ("reqs/base.txt", "new dependency c ==1", "warn"),
    ]
    assert (
        judgement.findings[2].hint == "reqs/base.in does not ask for it, something else brings it: look at what it is"
    )
    # also where what it is compiled from stays as it is, and not where that is gone or cannot be read
    alone = check(between(base, {**base, "reqs/base.txt": b"a==1\nc==1\n"}), Options())
    assert [each.level for each in alone.findings] == ["warn"]
    for source in ({}, {"reqs/base.in": b"{{ x }}"}):
        assert check(between(base, {**source, "reqs/base.txt": b"a==1\nc==1\n"}), Options()).level == "fail"


@pytest.mark.parametrize(
    ("base", "tip", "message"),
    [
        ({}, {"package.json": b"{"}, "cannot be read: Expecting property name enclosed in double quotes: line 1"),
        ({}, {"requirements.txt": b"{{ x }}"}, "cannot be read: line 1: '{{ x }}' is not a requirement"),
        ({}, {"setup.py": b"print 'x'"}, "cannot be read: Missing parentheses in call to 'print'"),
        ({}, {"Pipfile": None}, "its content is not in this clone or too large: what it declares cannot be read"),
        ({"setup.py": b"setup(install_requires=f())"}, {"setup.py": b"setup(install_requires=g())"}, COMPUTED),
        (
            {"setup.py": b"def f():\n  return ['a']\nsetup(install_requires=f())"},
            {"setup.py": b"def f():\n  return ['a', 'b']\nsetup(install_requires=f())"},
            COMPUTED,
        ),
        (
            {"requirements.txt": b"a"},
            {"requirements.txt": b"a\n-r more.lst"},
            "includes more.lst, which is not in the repository: what that declares cannot be read",
        ),
        ({"requirements.txt": b"a"}, {"requirements.txt": b"a\n-r ../more.lst"}, COMPUTED),
    ],
)
def test_what_cannot_be_told_is_no_pass(base: Tree, tip: Tree, message: str) -> None:
    judgement = check(between(base, tip), Options())
    assert (judgement.level, judgement.measured, judgement.findings) == ("unknown", "not known", ())
    assert [finding.path for finding in judgement.unread] == list(tip)
    assert judgement.unread[0].message.startswith(message)


def test_a_computed_part_that_stays_is_no_finding() -> None:
    base: Tree = {"setup.py": b"setup(install_requires=f() + ['a==1'])"}
    tip: Tree = {"setup.py": b"setup(install_requires=f() + ['a==2'], zip_safe=False)"}
    assert check(between(base, tip), Options()) == PASSED


@pytest.mark.parametrize(
    ("mode", "target", "level"),
    [
        ("120000", b"elsewhere.txt", "unknown"),
        ("120000", b"../outside/requirements.txt", "unknown"),
        ("120000", b"tests/requirements.txt", "unknown"),
        ("120000", b"reqs/base.txt", "pass"),  # judged where it stands
        ("160000", b"", "unknown"),
    ],
)
def test_a_link_in_place_of_a_manifest(mode: str, target: bytes, level: str) -> None:
    given = facts(change("requirements.txt", "T", new_mode=mode), content=Trees({}, {"requirements.txt": target}))
    assert check(given, Options()).level == level


def test_a_base_that_cannot_be_read_makes_names_new_and_says_so() -> None:
    judgement = check(between({"package.json": b"{"}, {"package.json": package(dependencies={"a": "1"})}), Options())
    hint = f"fix it without a, {WAIVE}\nat the base these could not be read, it may be declared there: package.json"
    assert judgement == found("fail", "new dependency a 1", "package.json", 3, "a", hint)


def test_a_renamed_manifest_brings_nothing() -> None:
    content = Trees({"requirements.txt": b"a\n"}, {"requirements/base.txt": b"a\n"})
    given = facts(change("requirements/base.txt", "R", old="requirements.txt"), content=content)
    assert check(given, Options()) == PASSED


def test_a_base_with_more_manifests_than_are_read_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    many: Tree = {f"part{number}/requirements.txt": b"a\n" for number in range(4)}
    given = between({**many, "requirements.txt": b""}, {**many, "requirements.txt": b"new\n"})
    unread = Finding("of the 5 manifests of the base only 4 were read: the rest may declare a name")
    monkeypatch.setattr(compare, "COUNT", 5)
    assert check(given, Options()).unread == ()
    monkeypatch.setattr(compare, "COUNT", 4)
    assert check(given, Options()).unread == (unread,)
    monkeypatch.setattr(compare, "COUNT", 5)
    monkeypatch.setattr(compare, "BYTES", 7)  # the empty one, and three of two bytes
    assert check(given, Options()).unread == (unread,)


def test_a_package_of_a_repository_of_thousands_is_found_by_its_folder(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(compare, "COUNT", 2)
    many: Tree = {f"ports/{name}/package.json": json.dumps({"name": f"@o/{name}"}).encode() for name in "abcdef"}
    own: Tree = {**many, "ports/a/package.json": package(dependencies={"@o/f": "1"})}
    assert check(between(many, own), Options()) == PASSED
    foreign: Tree = {**many, "ports/a/package.json": package(dependencies={"f": "1"})}
    judgement = check(between(many, foreign), Options())
    assert ([each.level for each in judgement.findings], len(judgement.unread)) == (["fail"], 1)


def test_one_that_adds_nothing_reads_no_other_manifest() -> None:
    class Closed(Trees):
        def base_files(self) -> dict[str, Oid]:
            raise AssertionError("the cost would grow with the repository")

    content = Closed({"requirements.txt": b"a==1\nb"}, {"requirements.txt": b"a==2\nb"})
    assert check(facts(change("requirements.txt"), content=content), Options()) == PASSED


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
        waived_by=("4711-W1",),
    )
    only = between({}, {"requirements.txt": b"new\n"})
    assert judge(waived(only, "new-dependency"), only=["new-dependency"]).gates == (result,)
    allowed = Policy(gates={"new-dependency": GatePolicy("block", ("requirements.txt",), Options())})
    assert judge(between({}, {"requirements.txt": b"new\n"}, policy=allowed), only=["new-dependency"]).passed


@pytest.mark.parametrize(
    ("path", "level"),
    [
        ("package.json", "fail"),
        ("web/package.json", "fail"),
        ("docs/package.json", "warn"),
        ("examples/web/package.json", "warn"),
        ("fuzz/package.json", "warn"),
        (".devcontainer/package.json", "warn"),
    ],
)
def test_documents_and_examples_are_no_production(path: str, level: Level) -> None:
    assert check(between({}, {path: package(dependencies={"a": "1"})}), Options()).level == level


def test_what_is_a_test_is_the_policys_to_say() -> None:
    tip: Tree = {"tests/requirements.txt": b"new\n"}
    assert check(between({}, tip), Options()) == PASSED
    assert check(between({}, tip, policy=Policy(files=Files(tests=()))), Options()).level == "warn"


PATHS = ["package.json", "pyproject.toml", "setup.cfg", "setup.py", "Pipfile", "requirements.txt"]


@settings(max_examples=100, deadline=None)
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
