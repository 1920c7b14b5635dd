"""dependency-source: names that come from elsewhere, new registries, replacements; and what only looks like them."""

from __future__ import annotations

import json

import pytest
from gate_facts import between, waived

from git_hotfix.gates import judge
from git_hotfix.gates.dependency_source import Options, check
from git_hotfix.model.policy import GatePolicy, Policy
from git_hotfix.model.verdict import Finding, GateResult, Judgement, Level

HINT = (
    "take it from where production takes it, or make sure whose code that is and record why: "
    "git hotfix waive dependency-source --reason …"
)
PASSED = Judgement("0 moved", "0 moved")
Tree = dict[str, bytes | None]


def package(*, name: str = "app", **dependencies: str) -> bytes:
    return json.dumps({"name": name, "dependencies": dependencies}, indent=1).encode()


def moved(message: str, path: str, line: int, level: Level = "fail") -> Judgement:
    count = "0 moved" if level == "note" else "1 moved"
    return Judgement(count, "0 moved", (Finding(message, path, line, "" if level == "note" else HINT, level),))


@pytest.mark.parametrize(
    ("base", "tip"),
    [
        ({}, {}),
        ({"requirements.txt": b"a==1\n"}, {"requirements.txt": b"a==2\n"}),
        # a new name is another gate's, wherever it comes from
        ({"requirements.txt": b""}, {"requirements.txt": b"a @ git+https://github.com/o/a\n"}),
        # another revision, another protocol, another spelling of the same repository
        (
            {"requirements.txt": b"a @ git+https://github.com/o/a.git@v1\n"},
            {"requirements.txt": b"a @ git+ssh://git@github.com/O/A@v2\n"},
        ),
        (
            {"requirements.txt": b"a @ git+https://github.com/o/a@v1\n"},
            {"requirements.txt": b"a @ https://github.com/o/a/archive/v2.zip\n"},
        ),
        (
            {"requirements.txt": b"a @ https://example.org/files/a-1.2.tar.gz\n"},
            {"requirements.txt": b"a @ https://example.org/files/a-1.3.tar.gz\n"},
        ),
        # production takes it from there already, another manifest says
        (
            {"requirements.txt": b"a\n", "web/requirements.txt": b"a @ git+https://github.com/o/a\n"},
            {"requirements.txt": b"a @ git+https://github.com/o/a\n", "web/requirements.txt": b"a\n"},
        ),
        ({"requirements.txt": b"-i https://x.org/simple\na\n"}, {"reqs/b.txt": b"-i https://x.org/simple\na\n"}),
        (
            {"Pipfile": b"[packages]\na = '*'\n"},
            {"Pipfile": b"[[source]]\nurl = 'https://pypi.org'\n[packages]\na = '*'\n"},
        ),
        ({"package.json": package(a="file:../a")}, {"package.json": package(a="link:../b")}),
        ({"package.json": b"{}"}, {"package.json": b'{"overrides": {"minimist": "1.2.6"}}'}),
        ({}, {"tests/requirements.txt": b"-i https://evil.org\na @ git+https://evil.org/a\n"}),
    ],
)
def test_nothing_moves(base: Tree, tip: Tree) -> None:
    assert check(between(base, {**base, **tip}), Options()) == PASSED


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("a==1", "a @ git+https://github.com/me/a@v1", "git https://github.com/me/a v1, at the base from the registry"),
        ("a==1", "a @ https://x.org/a-1.zip", "https://x.org/a-1.zip, at the base from the registry"),
        ("a==1", "a @ file:///a.whl", "the path file:///a.whl, at the base from the registry"),
        (
            "a @ git+https://github.com/o/a@v1",
            "a @ git+https://github.com/me/a@v1",
            "git https://github.com/me/a v1, at the base from git https://github.com/o/a v1",
        ),
        (
            "a @ git+https://github.com/o/a",
            "a @ git+https://gitlab.com/o/a",
            "git https://gitlab.com/o/a, at the base from git https://github.com/o/a",
        ),
        (
            "a @ https://example.org/files/a-1.2.zip",
            "a @ https://example.com/files/a-1.2.zip",
            "https://example.com/files/a-1.2.zip, at the base from https://example.org/files/a-1.2.zip",
        ),
        (
            "a==1",
            "a @ git+https://me:hunter2@github.com/me/a@v1",
            "git https://github.com/me/a v1, at the base from the registry",
        ),
    ],
)
def test_a_name_from_elsewhere(old: str, new: str, message: str) -> None:
    given = between({"requirements.txt": f"b\n{old}\n".encode()}, {"requirements.txt": f"b\n{new}\n".encode()})
    assert check(given, Options()) == moved(f"a comes from {message}", "requirements.txt", 2)


@pytest.mark.parametrize("old", ["a @ git+https://github.com/o/a@v1", "a @ https://x.org/a-1.zip"])
def test_back_to_the_registry_is_a_note(old: str) -> None:
    given = between({"requirements.txt": old.encode()}, {"requirements.txt": b"a==2\n"})
    judgement = check(given, Options())
    assert (judgement.level, [finding.level for finding in judgement.findings]) == ("pass", ["note"])
    assert judgement.findings[0].message.startswith("a comes from the registry, at the base from ")


def test_a_path_to_what_the_repository_holds_itself_is_a_note() -> None:
    base: Tree = {"package.json": package(a="^1"), "a/package.json": package(name="a")}
    tip: Tree = {**base, "package.json": package(a="file:./a")}
    assert [(each.path, each.level) for each in check(between(base, tip), Options()).findings] == [
        ("package.json", "note")
    ]
    foreign: Tree = {**tip, "a/package.json": package(name="b")}
    assert check(between({**base, "a/package.json": None}, foreign), Options()).level == "fail"


def test_what_the_workspace_says_is_judged_where_it_says_it() -> None:
    base: Tree = {"Cargo.toml": b"[dev-dependencies]\na = '1'\n"}
    inherited = b"[dev-dependencies]\na.workspace = true\n[workspace.dependencies]\na = %s\n"
    assert check(between(base, {"Cargo.toml": inherited % b"'1'"}), Options()) == PASSED
    assert check(between(base, {"Cargo.toml": inherited % b"{git = 'https://x.org/a'}"}), Options()).level == "fail"


def test_what_production_runs_without_only_warns() -> None:
    base: Tree = {"package.json": b'{"devDependencies": {"jest": "1"}}'}
    tip: Tree = {"package.json": b'{"devDependencies": {"jest": "github:me/jest"}}'}
    assert [(each.level, each.line) for each in check(between(base, tip), Options()).findings] == [("warn", 1)]


def test_a_new_registry() -> None:
    base: Tree = {"requirements.txt": b"a\n"}
    tip: Tree = {"requirements.txt": b"a\n--extra-index-url https://me:hunter2@pypi.example.org/simple\n"}
    message = "packages may now come from https://pypi.example.org/simple"
    expected = Judgement("1 moved", "0 moved", (Finding(message, "requirements.txt", 2, HINT),))
    assert check(between(base, tip), Options()) == expected
    other: Tree = {"web/requirements.txt": b"--extra-index-url https://pypi.example.org/simple\n"}
    assert check(between({**base, **other}, {**tip, **other}), Options()) == PASSED


OVERRIDE = b"[project]\nname='me'\n[tool.uv]\noverride-dependencies = ['a%s']\n"
FORK = b" @ git+https://github.com/me/a"


def test_a_replacement() -> None:
    message = "a is replaced by git https://github.com/me/a"
    tip: Tree = {"pyproject.toml": OVERRIDE % FORK}
    for base in (OVERRIDE % b">=1", OVERRIDE % b" @ git+https://github.com/o/a", b"[project]\nname='me'\n"):
        judgement = check(between({"pyproject.toml": base}, tip), Options())
        assert [(each.message, each.level) for each in judgement.findings] == [(message, "fail")]
    assert check(between({"pyproject.toml": OVERRIDE % (FORK + b"@v1")}, tip), Options()) == PASSED
    assert check(between(tip, {"pyproject.toml": OVERRIDE % b">=1"}), Options()) == PASSED


def test_a_replacement_by_what_the_repository_holds_itself_is_a_note() -> None:
    replace = b"module example.org/me/cmd\nrequire example.org/me v1.0.0\nreplace example.org/me => ../\n"
    base: Tree = {"go.mod": b"module example.org/me\n", "cmd/go.mod": replace.rpartition(b"replace")[0]}
    assert [each.level for each in check(between(base, {**base, "cmd/go.mod": replace}), Options()).findings] == [
        "note"
    ]
    base["go.mod"] = b"module example.org/you\n"
    assert [each.level for each in check(between(base, {**base, "cmd/go.mod": replace}), Options()).findings] == [
        "fail"
    ]


LOCK = '[[package]]\nname = "a"\nversion = "1.0"\n'
FROM_GIT = '[package.source]\ntype = "git"\nurl = "https://github.com/me/a"\nresolved_reference = "%s"\n' % ("a" * 40)


def test_a_lock_file_that_takes_it_from_elsewhere() -> None:
    base: Tree = {"poetry.lock": LOCK.encode()}
    judgement = check(between(base, {"poetry.lock": (LOCK + FROM_GIT).encode()}), Options())
    assert [(each.path, each.level) for each in judgement.findings] == [("poetry.lock", "fail")]
    manifest = b"[tool.poetry.dependencies]\na = %s\n"
    both: Tree = {**base, "pyproject.toml": manifest % b"'1'"}
    tip: Tree = {
        "poetry.lock": (LOCK + FROM_GIT).encode(),
        "pyproject.toml": manifest % b"{git = 'https://github.com/me/a'}",
    }
    assert [each.path for each in check(between(both, tip), Options()).findings] == ["pyproject.toml"]


def test_a_lock_file_that_takes_the_repository_itself_from_a_path_is_a_note() -> None:
    setup: Tree = {"x/setup.py": b"setup(name='me')", "Pipfile": b"[packages]\n"}
    base: Tree = {**setup, "Pipfile.lock": b'{"default": {"me": {"version": "==1"}}, "develop": {}}'}
    tip: Tree = {**setup, "Pipfile.lock": b'{"default": {"me": {"path": "x", "editable": true}}, "develop": {}}'}
    assert [each.level for each in check(between(base, tip), Options()).findings] == ["note"]
    other: Tree = {"x/setup.py": b"setup(name='you')"}
    assert [each.level for each in check(between({**base, **other}, {**tip, **other}), Options()).findings] == ["fail"]
    top: Tree = {**other, "Pipfile.lock": b'{"default": {"me": {"path": ".", "editable": true}}, "develop": {}}'}
    assert [each.level for each in check(between({**base, **other}, {**tip, **top}), Options()).findings] == ["note"]


def test_trusted_places() -> None:
    given = between({"requirements.txt": b"a\n"}, {"requirements.txt": b"a @ git+https://github.com/our/a\n"})
    for trusted in ("github.com", "github.com/our", "github.com/our/", "GitHub.com/our/a"):
        assert check(given, Options(trusted=(trusted,))).level == "pass"
    for trusted in ("github.com/ou", "hub.com/our", "github.com/our/a/b"):
        assert check(given, Options(trusted=(trusted,))).level == "fail"
    index = between({"requirements.txt": b"a\n"}, {"requirements.txt": b"-i https://pypi.our.org/simple\na\n"})
    assert check(index, Options(trusted=("pypi.our.org",))) == PASSED


@pytest.mark.parametrize(
    ("path", "content"), [("package.json", b"{"), ("requirements.txt", None), ("poetry.lock", b"[")]
)
def test_what_cannot_be_read_is_no_pass(path: str, content: bytes | None) -> None:
    judgement = check(between({}, {path: content}), Options())
    assert (judgement.level, judgement.measured) == ("unknown", "not known")
    assert [finding.path for finding in judgement.unread] == [path]


def test_waived_and_allowed() -> None:
    base: Tree = {"requirements.txt": b"a\n"}
    tip: Tree = {"requirements.txt": b"a @ git+https://github.com/me/a\n"}
    message = "a comes from git https://github.com/me/a, at the base from the registry"
    found = (Finding(message, "requirements.txt", 1, HINT),)
    only = ["dependency-source"]
    assert judge(between(base, tip), only=only).gates[0].status == "fail"
    result = GateResult("dependency-source", "block", "waived", "1 moved", "0 moved", found, ("4711-W1",))
    assert judge(waived(between(base, tip), "dependency-source"), only=only).gates == (result,)
    allowed = Policy(gates={"dependency-source": GatePolicy("block", ("requirements.txt",), Options())})
    assert judge(between(base, tip, policy=allowed), only=only).gates[0].status == "pass"
