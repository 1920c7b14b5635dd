"""lockfile: new names, lock files that move alone or stay behind, and what only looks like it."""

from __future__ import annotations

import pytest
from gate_facts import Trees, between, change, facts, waived

from git_hotfix.gates import judge
from git_hotfix.gates.lockfile import Options, check
from git_hotfix.model.policy import GatePolicy, Policy
from git_hotfix.model.verdict import Finding, GateResult, Judgement, Verdict

WAIVE = "or record why: git hotfix waive lockfile --reason …"
LOOK = f"look at what they are and what needs them, {WAIVE}"
NEEDED = f"make sure that the fix needs it, {WAIVE}"
ANEW = f"write the lock file anew with the package manager, {WAIVE}"
PASSED = Judgement("0 new names", "0 new names")
Tree = dict[str, bytes | None]


def lock(*packages: str, more: str = "") -> bytes:
    """A poetry.lock of these `name version`."""
    rows = (each.split() for each in packages)
    return "".join(f'[[package]]\nname = "{name}"\nversion = "{version}"\n{more}' for name, version in rows).encode()


def crates(*packages: str) -> bytes:
    """A Cargo.lock of these `name version`."""
    return lock(*packages, more='source = "registry+https://github.com/rust-lang/crates.io-index"\n')


def poetry(*lines: str) -> bytes:
    return "\n".join(["[tool.poetry]", 'name = "me"', "[tool.poetry.dependencies]", *lines, ""]).encode()


def said(judgement: Judgement) -> list[tuple[str, str | None, int | None, str]]:
    return [(each.level, each.path, each.line, each.message) for each in judgement.findings]


BASE: Tree = {"pyproject.toml": poetry('a = "^1.0"'), "poetry.lock": lock("a 1.0", "b 1.0")}


@pytest.mark.parametrize(
    "tip",
    [
        {},
        {"pyproject.toml": poetry('a = "^1.1"'), "poetry.lock": lock("a 1.1", "b 1.0")},
        # the manifest's own new name is another gate's
        {"pyproject.toml": poetry('a = "^1.0"', 'c = "*"'), "poetry.lock": lock("a 1.0", "b 1.0", "c 2")},
        # what the lock file has fits what the manifest asks for now
        {"pyproject.toml": poetry('a = ">=1.0"')},
        {"pyproject.toml": poetry('a = "^1.0"', 'b = "*"')},
        {"pyproject.toml": poetry()},
        # a manifest of another package manager asks nothing of this lock file
        {"requirements.txt": b"z==3\n"},
        {"Cargo.toml": b"[package]\nname='me'\n[dependencies]\nz = '1'\n"},
        {"tests/poetry.lock": lock("z 1"), "vendor/Cargo.lock": crates("y 1")},
    ],
)
def test_lock_files_that_fit(tip: Tree) -> None:
    assert check(between(BASE, {**BASE, **tip}), Options()) == PASSED


def test_new_names() -> None:
    tip: Tree = {"pyproject.toml": poetry('a = "^1.1"'), "poetry.lock": lock("a 1.1", "b 1.0", "c 2.0", "d 3.0")}
    message = "brings 2 names that production does not have: c 2.0, d 3.0"
    for most, level in ((0, "fail"), (1, "fail"), (2, "note")):
        judgement = check(between(BASE, tip), Options(max=most))
        assert (judgement.measured, judgement.limit) == ("2 new names", f"{most} new name{'s' * (most != 1)}")
        assert [(each.level, each.path, each.message, each.hint) for each in judgement.findings] == [
            (level, "poetry.lock", message, LOOK)
        ]


def test_many_new_names_are_counted() -> None:
    tip: Tree = {"pyproject.toml": poetry('a = "^1.1"'), "poetry.lock": lock("a 1.1", *(f"n{n} 1" for n in range(7)))}
    [finding] = check(between(BASE, tip), Options()).findings
    assert finding.message == "brings 7 names that production does not have: n0 1, n1 1, n2 1, n3 1, n4 1 and 2 more"
    tip = {**tip, "poetry.lock": lock("a 1.1", *(f"n{n} 1" for n in range(5)))}
    [finding] = check(between(BASE, tip), Options()).findings
    assert finding.message.endswith(": n0 1, n1 1, n2 1, n3 1, n4 1")


def test_a_name_that_another_lock_file_of_the_base_has_is_not_new() -> None:
    other: Tree = {"web/poetry.lock": lock("c 1")}
    tip: Tree = {"pyproject.toml": poetry('a = "^1.1"'), "poetry.lock": lock("a 1.1", "b 1.0", "c 2.0")}
    assert check(between({**BASE, **other}, {**tip, **other}), Options()) == PASSED
    rust: Tree = {"Cargo.lock": crates("c 1")}  # another ecosystem's
    assert check(between({**BASE, **rust}, {**tip, **rust}), Options()).level == "fail"


def test_a_lock_file_that_changed_alone() -> None:
    judgement = check(between(BASE, {**BASE, "poetry.lock": lock("a 1.0", "b 1.0.1")}), Options())
    message = "changed although no manifest beside it did: b 1.0 → 1.0.1"
    assert judgement == Judgement("0 new names", "0 new names", (Finding(message, "poetry.lock", None, NEEDED),))
    tip: Tree = {**BASE, "poetry.lock": lock("a 1.0", "b 1.0", "c 1")}  # names that nobody asked for
    assert [message for *_, message in said(check(between(BASE, tip), Options()))] == [
        "brings 1 name that production does not have: c 1",
        "changed although no manifest beside it did: names only",
    ]
    tip = {**BASE, "poetry.lock": b"# written by hand\n" + lock("a 1.0", "b 1.0")}
    assert [message for *_, message in said(check(between(BASE, tip), Options()))] == [
        "changed although no manifest beside it did: no name and no version in it is another"
    ]


@pytest.mark.parametrize(
    ("manifest", "level"),
    [
        ("crates/one/Cargo.toml", "pass"),  # a member of the workspace
        ("Cargo.toml", "pass"),
        ("other/requirements.txt", "fail"),
        ("package.json", "fail"),
    ],
)
def test_a_lock_file_goes_with_the_manifests_of_its_workspace(manifest: str, level: str) -> None:
    base: Tree = {manifest: b"", "Cargo.lock": crates("a 1.0")}
    content = b"{}" if manifest == "package.json" else b"# new\n"
    assert check(between(base, {manifest: content, "Cargo.lock": crates("a 1.1")}), Options()).level == level


def test_a_lock_file_in_another_folder_does_not_go_with_a_manifest() -> None:
    base: Tree = {"one/Cargo.toml": b"", "one-more/Cargo.lock": crates("a 1.0")}
    tip: Tree = {"one/Cargo.toml": b"# new\n", "one-more/Cargo.lock": crates("a 1.1")}
    assert check(between(base, tip), Options()).level == "fail"


def test_a_release_of_the_repositorys_own_packages_is_no_change_alone() -> None:
    own = '[[package]]\nname = "me"\nversion = "%s"\n'
    base: Tree = {"Cargo.toml": b"", "Cargo.lock": (own % "1").encode() + crates("a 1.0")}
    assert check(between(base, {**base, "Cargo.lock": (own % "2").encode() + crates("a 1.0")}), Options()) == PASSED
    both: Tree = {**base, "Cargo.lock": (own % "2").encode() + crates("a 1.1")}
    assert check(between(base, both), Options()).level == "fail"


def test_what_development_alone_needs_only_warns() -> None:
    base: Tree = {
        "Pipfile": b"[dev-packages]\n",
        "Pipfile.lock": b'{"default": {}, "develop": {"a": {"version": "==1"}}}',
    }
    tip: Tree = {
        "Pipfile": b"[dev-packages]\na = '*'\n",
        "Pipfile.lock": b'{"default": {}, "develop": {"a": {"version": "==1"}, "b": {"version": "==1"}}}',
    }
    assert check(between(base, tip), Options()).level == "warn"
    runtime = tip["Pipfile.lock"] or b""
    tip["Pipfile.lock"] = runtime.replace(b'"default": {}', b'"default": {"c": {"version": "==1"}}')
    assert check(between(base, tip), Options()).level == "fail"


def test_what_weighs_most_comes_first() -> None:
    base: Tree = {"Cargo.toml": b"", "Cargo.lock": crates("a 1.0", "b 1.0", "c 2.0")}
    [finding] = check(between(base, {**base, "Cargo.lock": crates("a 1.1", "b 2.0", "c 1.0")}), Options()).findings
    assert finding.message == "changed although no manifest beside it did: b 1.0 → 2.0, c 2.0 → 1.0, a 1.0 → 1.1"


def test_a_manifest_whose_lock_file_stayed_behind() -> None:
    higher = check(between(BASE, {**BASE, "pyproject.toml": poetry('a = "^1.4"')}), Options())
    message = "asks for what poetry.lock does not have: a ^1.4 (it has 1.0)"
    assert higher == Judgement("0 new names", "0 new names", (Finding(message, "pyproject.toml", 4, ANEW),))
    more = check(between(BASE, {**BASE, "pyproject.toml": poetry('a = "^1.0"', 'z = "*"')}), Options())
    assert said(more) == [("fail", "pyproject.toml", 5, "asks for what poetry.lock does not have: z")]
    many = [f"n{number} = '*'" for number in range(6)]
    [(*_, message)] = said(check(between(BASE, {**BASE, "pyproject.toml": poetry('a = "^1.0"', *many)}), Options()))
    assert message == "asks for what poetry.lock does not have: n0, n1, n2, n3, n4 and 1 more"


def test_a_workspaces_own_package_is_linked_whatever_the_lock_file_has_of_its_name() -> None:
    yarn = b'# yarn lockfile v1\n\n\na@^1.0.0:\n  version "1.0.0"\n  resolved "https://registry.yarnpkg.com/a/-/a-1.0.0.tgz"\n'
    asks = '{"name": "b", "dependencies": {"a": "%s"}}'
    base: Tree = {"yarn.lock": yarn, "package.json": (asks % "^1.0.0").encode(), "a/package.json": b'{"name": "a"}'}
    tip: Tree = {**base, "package.json": (asks % "^2.0.0").encode()}
    assert check(between(base, tip), Options()) == PASSED
    foreign: Tree = {"a/package.json": b'{"name": "c"}'}
    message = "asks for what yarn.lock does not have: a ^2.0.0 (it has 1.0.0)"
    assert said(check(between({**base, **foreign}, {**tip, **foreign}), Options()))[0][3] == message


def test_a_lock_file_further_up_holds_for_a_project_that_it_has_all_of() -> None:
    member, more = poetry('a = "*"'), poetry('a = "*"', 'z = "1"')
    base: Tree = {"libs/x/pyproject.toml": member, "libs/poetry.lock": lock("a 1"), "poetry.lock": lock("z 1")}
    tip: Tree = {**base, "libs/x/pyproject.toml": more}
    message = "asks for what libs/poetry.lock does not have: z 1"
    assert said(check(between(base, tip), Options())) == [("fail", "libs/x/pyproject.toml", 5, message)]
    # another project's
    stranger: Tree = {"libs/poetry.lock": lock("b 1")}
    assert check(between({**base, **stranger}, {**tip, **stranger}), Options()) == PASSED
    del base["libs/x/pyproject.toml"]
    assert check(between(base, tip), Options()) == PASSED
    # one of its own that is new
    own: Tree = {**tip, "libs/x/poetry.lock": lock("z 1")}
    judgement = check(between({**base, "libs/x/pyproject.toml": member}, own), Options())
    assert said(judgement) == [("note", "libs/x/poetry.lock", None, "is new and fixes 1 package")]


def test_lock_files_that_come_and_go() -> None:
    manifest: Tree = {"pyproject.toml": poetry('a = "^1.0"')}
    first = between(manifest, BASE)
    assert said(check(first, Options())) == [("warn", "poetry.lock", None, "is new and fixes 2 packages")]
    gone = "is gone: whatever is newest is installed from now on"
    assert said(check(between(BASE, manifest), Options())) == [("fail", "poetry.lock", None, gone)]
    assert check(between(BASE, {}), Options()) == PASSED  # the manifest is gone, too
    two: Tree = {"package.json": b"{}", "yarn.lock": b"", "package-lock.json": b'{"lockfileVersion": 3}'}
    one = {path: content for path, content in two.items() if path != "yarn.lock"}
    assert check(between(two, one), Options()) == PASSED  # the other one goes on saying it
    other: Tree = {**manifest, "uv.lock": lock("a 1.0", "b 1.0")}
    assert said(check(between(BASE, other), Options())) == [("note", "uv.lock", None, "is new and fixes 2 packages")]


def test_a_name_in_many_lock_files_is_told_once_and_many_findings_are_counted() -> None:
    base: Tree = {f"p{number}/Cargo.lock": crates("a 1.0") for number in range(7)}
    tip: Tree = {path: crates("a 1.0", "b 1.0") for path in base}
    judgement = check(between(base, tip), Options())
    assert judgement.measured == "1 new name"
    assert said(judgement) == [
        ("fail", "p0/Cargo.lock", 6, "brings 1 name that production does not have: b 1.0"),
        *(("fail", f"p{number}/Cargo.lock", None, "changed although no manifest beside it did: names only")
          for number in range(5)),
        ("note", None, None, "and 2 more like these"),
    ]  # fmt: skip


def test_a_lock_file_that_takes_a_package_from_a_path_goes_with_its_manifest() -> None:
    own = '[[package]]\nname = "core"\nversion = "1"\n'
    base: Tree = {"core/Cargo.toml": b"[package]\nname = 'core'\n", "app/Cargo.lock": own.encode() + crates("a 1.0")}
    tip: Tree = {"core/Cargo.toml": b"[package]\nname = 'core'\n#\n", "app/Cargo.lock": own.encode() + crates("a 1.1")}
    assert check(between(base, tip), Options()) == PASSED
    tip["core/Cargo.toml"] = b"[package]\nname = 'other'\n"
    assert check(between(base, tip), Options()).level == "fail"


def test_a_renamed_lock_file_is_compared_with_what_it_was() -> None:
    content = Trees({"poetry.lock": lock("a 1.0")}, {"app/poetry.lock": lock("a 1.0", "b 1.0")})
    given = facts(change("app/poetry.lock", "R", old="poetry.lock"), content=content)
    assert "brings 1 name that production does not have: b 1.0" in [
        message for *_, message in said(check(given, Options()))
    ]


@pytest.mark.parametrize(
    ("path", "content"),
    [("poetry.lock", b"["), ("package-lock.json", b"{"), ("Cargo.lock", None), ("Gemfile.lock", b"\0")],
)
def test_what_cannot_be_read_is_no_pass(path: str, content: bytes | None) -> None:
    judgement = check(between({}, {path: content}), Options())
    assert (judgement.level, [each.path for each in judgement.unread]) == ("unknown", [path])
    assert judgement.findings == ()


def test_a_lock_file_that_was_broken_at_the_base_cannot_be_compared() -> None:
    judgement = check(between({"poetry.lock": b"["}, {"poetry.lock": lock("a 1")}), Options())
    [(level, path, _, message)] = said(judgement)
    assert (level, path, message.partition("read")[0]) == (
        "warn", "poetry.lock", "cannot be compared: at the base it cannot be ",
    )  # fmt: skip


def test_waived_and_allowed() -> None:
    tip: Tree = {**BASE, "poetry.lock": lock("a 1.0", "b 1.1")}
    only = ["lockfile"]
    finding = Finding("changed although no manifest beside it did: b 1.0 → 1.1", "poetry.lock", None, NEEDED, "warn")
    result = GateResult("lockfile", "warn", "warn", "0 new names", "0 new names", (finding,))
    assert judge(between(BASE, tip), only=only) == Verdict((result,))
    block = Policy(gates={"lockfile": GatePolicy("block", (), Options())})
    assert judge(between(BASE, tip, policy=block), only=only).gates[0].status == "fail"
    assert judge(waived(between(BASE, tip, policy=block), "lockfile"), only=only).gates[0].status == "waived"
    allowed = Policy(gates={"lockfile": GatePolicy("block", ("*.lock",), Options())})
    assert judge(between(BASE, tip, policy=allowed), only=only).gates[0].status == "pass"
