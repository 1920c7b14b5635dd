"""dependency-change: major bumps, downgrades, removals; and every smaller change that passes with a note."""

from __future__ import annotations

import json

import pytest
from gate_facts import Trees, between, change, facts, waived

from git_hotfix.gates import judge
from git_hotfix.gates.dependency_change import Options, check
from git_hotfix.model.policy import GatePolicy, Policy
from git_hotfix.model.verdict import Finding, GateResult, Judgement, Verdict

WAIVE = "or record why: git hotfix waive dependency-change --reason …"
LOWEST = f"take the lowest version that has the fix, {WAIVE}"
GONE = f"make sure that nothing in production needs what is gone, {WAIVE}"
PASSED = Judgement("0 changed", "minor bumps")
Tree = dict[str, bytes | None]


def package(**sections: dict[str, str]) -> bytes:
    return json.dumps(sections, indent=1).encode()


def said(judgement: Judgement) -> list[tuple[str, str | None, int | None, str]]:
    return [(each.level, each.path, each.line, each.message) for each in judgement.findings]


@pytest.mark.parametrize(
    ("base", "tip"),
    [
        ({}, {}),
        ({"requirements.txt": b"PyJWE==1\n"}, {"requirements.txt": b"pyjwe == 1\n"}),
        ({"requirements.txt": b"a==1\n"}, {"requirements.txt": b"# why\na==1\nb==1\n"}),  # a new name is another gate's
        ({"requirements.txt": b"a==1\n"}, {"requirements.txt": None, "reqs/base.txt": b"a==1\n"}),
        ({"requirements.txt": b"a==1\n"}, {"requirements.txt": None, "pyproject.toml": b"[project]\nname='a'\n"}),
        ({"setup.cfg": b"[options]\ninstall_requires=a\n"}, {"pyproject.toml": b"[project]\ndependencies=['a']\n"}),
        ({"package.json": package(dependencies={"a": "1"})}, {"package.json": package(dependencies={"a": "file:a"})}),
        ({"environment.yml": b"dependencies:\n - a=1\n"}, {"requirements.txt": b"a==1\n"}),
        # another manifest goes on declaring it
        (
            {"requirements.txt": b"a==1\n", "web/requirements.txt": b"a==1\n"},
            {"requirements.txt": b"", "web/requirements.txt": b"a==1\n"},
        ),
        ({"requirements-dev.txt": b"a==1\n"}, {"requirements-dev.txt": b""}),
        # the repository's own package
        (
            {"a/package.json": b'{"name": "a"}', "package.json": package(dependencies={"a": "1"})},
            {"a/package.json": b'{"name": "a"}', "package.json": b"{}"},
        ),
        ({"tests/requirements.txt": b"a==1\n"}, {"tests/requirements.txt": b"a==2\n"}),
    ],
)  # fmt: skip
def test_nothing_changes(base: Tree, tip: Tree) -> None:
    kept = {path: content for path, content in tip.items() if content is not None}
    assert check(between(base, kept), Options()) == PASSED


@pytest.mark.parametrize(
    ("old", "new", "level", "message"),
    [
        ("a==1.2", "a==1.3", "note", "a ==1.2 → ==1.3"),
        ("a==2.9.9", "a==3", "fail", "a ==2.9.9 → ==3: a new major version"),
        ("a==0.4", "a==0.5", "fail", "a ==0.4 → ==0.5: a new major version"),
        ("a==2023.7.22", "a==2024.2.2", "note", "a ==2023.7.22 → ==2024.2.2"),
        ("a==1.3", "a==1.2", "fail", "a ==1.3 → ==1.2: an older version"),
        ("a==1.3", "a==1.4.dev1", "fail", "a ==1.3 → ==1.4.dev1: a pre-release"),
        ("a==1.3", "a", "warn", "a ==1.3 → any version: no longer says as exactly which version"),
        ("a", "a==1.3", "note", "a any version → ==1.3"),
        ("a @ git+https://x.org/a@v1.2", "a @ git+https://x.org/a@v1.3", "note", "a v1.2 → v1.3"),
        ("a @ git+https://x.org/a@main", "a @ git+https://x.org/a@fix", "fail", "a main → fix: other commits"),
        ("a @ git+https://x.org/a", "a @ git+https://x.org/a@dev", "fail", "a any version → dev: other commits"),
        ("a @ https://x.org/a-1.2.zip", "a @ https://x.org/a-1.3.zip", "note", "a a-1.2.zip → a-1.3.zip"),
        ("a @ https://x.org/1.2.zip", "a @ https://x.org/2.zip", "fail", "a 1.2.zip → 2.zip: a new major version"),
    ],
)  # fmt: skip
def test_a_version(old: str, new: str, level: str, message: str) -> None:
    judgement = check(
        between({"requirements.txt": f"b\n{old}\n".encode()}, {"requirements.txt": f"b\n{new}\n".encode()}), Options()
    )
    assert said(judgement) == [(level, "requirements.txt", 2, message)]
    assert (judgement.measured, judgement.limit) == (f"{int(level != 'note')} of 1 beyond", "minor bumps")


def test_a_zero_of_go_promises_as_much_as_a_one() -> None:
    go = "module example.org/me\nrequire golang.org/x/net %s\n"
    base: Tree = {"go.mod": (go % "v0.50.0").encode()}
    tip: Tree = {"go.mod": (go % "v0.51.0").encode()}
    assert said(check(between(base, tip), Options())) == [("note", "go.mod", 2, "golang.org/x/net v0.50.0 → v0.51.0")]


def test_a_name_that_another_manifest_takes_over_is_compared() -> None:
    base: Tree = {"requirements.txt": b"a==1\n", "reqs/base.txt": b"b\n"}
    tip: Tree = {"requirements.txt": b"", "reqs/base.txt": b"b\na==2\n"}
    assert said(check(between(base, tip), Options())) == [
        ("fail", "reqs/base.txt", 2, "a ==1 → ==2: a new major version")
    ]


def test_the_repositorys_own_packages_rise_together() -> None:
    base: Tree = {
        "a/package.json": b'{"name": "a"}',
        "b/package.json": package(dependencies={"a": "1.0.0", "c": "1.0.0"}),
    }
    tip: Tree = {**base, "b/package.json": package(dependencies={"a": "2.0.0-rc1", "c": "2.0.0"})}
    message = "c 1.0.0 → 2.0.0: a new major version"
    assert said(check(between(base, tip), Options())) == [("fail", "b/package.json", 4, message)]


CENTRAL = b'<Project><ItemGroup><PackageVersion Include="A" Version="%s" /></ItemGroup></Project>'
USED = b'<Project Sdk="Microsoft.NET.Sdk"><ItemGroup><PackageReference Include="A"%s /></ItemGroup></Project>'


def test_a_version_that_is_set_elsewhere_is_compared_there() -> None:
    base: Tree = {"Directory.Packages.props": CENTRAL % b"1.0", "one.csproj": USED % b""}
    tip: Tree = {"Directory.Packages.props": CENTRAL % b"2.0", "one.csproj": (USED % b"") + b"\n"}
    message = "a 1.0 → 2.0: a new major version"
    assert said(check(between(base, tip), Options())) == [("fail", "Directory.Packages.props", 1, message)]
    moved: Tree = {"Directory.Packages.props": CENTRAL % b"1.0", "one.csproj": USED % b' Version="1.0"'}
    assert check(between({"one.csproj": moved["one.csproj"]}, base), Options()) == PASSED
    assert check(between(base, {"one.csproj": moved["one.csproj"]}), Options()) == PASSED


def test_what_production_runs_without_is_a_note() -> None:
    base: Tree = {"package.json": package(devDependencies={"jest": "^28"})}
    tip: Tree = {"package.json": package(devDependencies={"jest": "^29"})}
    assert said(check(between(base, tip), Options())) == [
        ("note", "package.json", 3, "jest ^28 → ^29: a new major version")
    ]


def test_a_removal() -> None:
    base: Tree = {"requirements.txt": b"a==1\nb==1\n", "package.json": package(dependencies={"a": "1"})}
    judgement = check(between(base, {**base, "requirements.txt": b"b==1\n"}), Options())
    assert judgement == Judgement(
        "1 of 1 beyond", "minor bumps", (Finding("production loses a", "requirements.txt", None, GONE),)
    )
    many: Tree = {"requirements.txt": b"".join(b"n%d\n" % number for number in range(1, 8))}
    message = "production loses n1, n2, n3, n4, n5 and 2 more"
    assert said(check(between(many, {}), Options())) == [("fail", "requirements.txt", None, message)]
    five: Tree = {"requirements.txt": b"n6\nn7\n"}
    assert said(check(between(many, five), Options()))[0][3] == "production loses n1, n2, n3, n4, n5"


def test_what_moves_between_production_and_development() -> None:
    runtime: Tree = {"package.json": package(dependencies={"a": "1"})}
    development: Tree = {"package.json": package(devDependencies={"a": "1"})}
    assert said(check(between(runtime, development), Options())) == [
        ("fail", "package.json", None, "production loses a")
    ]
    message = "production now needs a, which only development had"
    assert said(check(between(development, runtime), Options())) == [("fail", "package.json", 3, message)]
    other: Tree = {"web/package.json": package(dependencies={"a": "1"})}
    assert check(between({**development, **other}, {**runtime, **other}), Options()) == PASSED


def test_members_of_a_workspace_say_what_they_need_a_name_for() -> None:
    base: Tree = {"Cargo.toml": b"[dev-dependencies]\na = '1'\n"}
    taken = b"[%s]\na.workspace = true\n[workspace.dependencies]\na = '1'\n"
    assert check(between(base, {"Cargo.toml": taken % b"dev-dependencies"}), Options()) == PASSED
    message = "production now needs a, which only development had"
    judgement = check(between(base, {"Cargo.toml": taken % b"dependencies"}), Options())
    assert said(judgement) == [("fail", "Cargo.toml", 4, message)]


def test_a_renamed_manifest_is_compared_with_what_it_was() -> None:
    content = Trees({"requirements.txt": b"a==1\nb==1\n"}, {"requirements/base.txt": b"a==2\nb==1\n"})
    given = facts(change("requirements/base.txt", "R", old="requirements.txt"), content=content)
    assert said(check(given, Options())) == [("fail", "requirements/base.txt", 1, "a ==1 → ==2: a new major version")]


def test_a_manifest_renamed_to_something_else_is_gone() -> None:
    content = Trees({"requirements.txt": b"a==1\n"}, {"requirements.txt.bak": b"a==1\n"})
    given = facts(change("requirements.txt.bak", "R", old="requirements.txt"), content=content)
    assert said(check(given, Options())) == [("fail", "requirements.txt.bak", None, "production loses a")]


def test_what_cannot_be_read_is_no_pass() -> None:
    judgement = check(between({"package.json": b"{}"}, {"package.json": b"{"}), Options())
    assert (judgement.level, judgement.measured, [each.path for each in judgement.unread]) == (
        "unknown", "not known", ["package.json"],
    )  # fmt: skip
    base = between({"requirements.txt": b"{{ x }}"}, {"requirements.txt": b"a==1\n"})
    message = "its versions cannot be compared: at the base it cannot be read: line 1: '{{ x }}' is not a requirement"
    assert said(check(base, Options())) == [("warn", "requirements.txt", None, message)]


def test_an_unreadable_tip_loses_nothing() -> None:
    base: Tree = {"package.json": package(dependencies={"a": "1"})}
    judgement = check(between(base, {"package.json": b"{"}), Options())
    assert (judgement.findings, [each.path for each in judgement.unread]) == ((), ["package.json"])


def test_options_and_waiver() -> None:
    base: Tree = {"requirements.txt": b"a==1\nb==1\n"}
    tip: Tree = {"requirements.txt": b"a==2\n"}
    assert check(between(base, tip), Options(ignored=("a", "b"))) == PASSED
    only = ["dependency-change"]
    major = Finding("a ==1 → ==2: a new major version", "requirements.txt", 1, LOWEST, "warn")
    gone = Finding("production loses b", "requirements.txt", None, GONE, "warn")
    warned = GateResult("dependency-change", "warn", "warn", "2 of 2 beyond", "minor bumps", (major, gone))
    assert judge(between(base, tip), only=only) == Verdict((warned,))
    block = Policy(gates={"dependency-change": GatePolicy("block", (), Options())})
    assert judge(between(base, tip, policy=block), only=only).gates[0].status == "fail"
    assert judge(waived(between(base, tip, policy=block), only[0]), only=only).gates[0].status == "waived"
    allowed = Policy(gates={"dependency-change": GatePolicy("block", ("requirements.txt",), Options())})
    assert judge(between(base, tip, policy=allowed), only=only).gates[0].status == "pass"
