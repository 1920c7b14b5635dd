"""max-files and max-lines: below, at and above each limit, waived, and what may not count."""

from __future__ import annotations

import pytest
from gate_facts import BASE_TREE, Trees, between, change, facts, waived

from git_hotfix.gates import judge
from git_hotfix.gates.max_files import Options as MaxFiles
from git_hotfix.gates.max_lines import Options, check
from git_hotfix.model.policy import GatePolicy, Policy
from git_hotfix.model.verdict import Finding, GateResult, Judgement

HINT = "move what the fix does not need to its own branch, or record why: git hotfix waive max-lines --reason …"


@pytest.mark.parametrize(("lines", "level"), [(0, "pass"), (100, "pass"), (101, "warn"), (200, "warn"), (201, "fail")])
def test_max_lines_at_its_limits(lines: int, level: str) -> None:
    judgement = check(facts(change("src/a.py", added=lines - lines // 3, deleted=lines // 3)), Options())
    assert (judgement.level, judgement.measured, judgement.limit) == (level, f"{lines} lines", "200 lines")


def test_max_lines_names_the_heaviest_file_first_and_counts_production_only() -> None:
    given = facts(
        change("src/a.py", added=1, deleted=2),
        change("src/b.py", added=300),
        change("tests/test_a.py", added=999),
        change("docs/x.md", added=999),
        change("package-lock.json", added=999),
        change("src/moved.py", "R", old="src/old.py"),
        change("logo.png", binary=True),
    )
    assert check(given, Options()) == Judgement(
        "303 lines",
        "200 lines",
        (
            Finding("303 production lines changed", hint=HINT),
            Finding("+300 -0", path="src/b.py", level="note"),
            Finding("+1 -2", path="src/a.py", level="note"),
        ),
    )


def test_what_moved_with_a_version_and_what_was_deleted_does_not_count() -> None:
    manifests = {f"p{n}/package.json": b'{"name": "p", "version": "1.0.0"}\n' for n in range(12)}
    base = {**manifests, "lib/version.rb": b"VERSION = '1.0.0'\n", "old.ini": b"a\n" * 300, "old.py": b"a\n" * 300}
    tip = {path: text.replace(b"1.0.0", b"1.0.1") for path, text in base.items() if not path.startswith("old")}
    results = judge(between(base, {**tip, "a.py": b"x\n"}), only=["max-files", "max-lines", "tests"]).gates
    more = {f"b{n}.py": b"x\n" * 10 for n in range(30)}
    for result in judge(between(base, {**tip, **more}), only=["max-files", "max-lines"]).gates:
        assert result.status == "fail"
        assert result.findings[-1] == Finding(
            "14 files not counted: deleted, or only the project's version moved", level="note"
        )
    # a.py, and old.py as a file: source code that is gone is somebody's decision
    assert [(each.status, each.measured) for each in results] == [
        ("pass", "2 files"), ("pass", "1 line"), ("warn", "0 test files"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("path", "before", "after"),
    [
        ("package.json", b'{"version": "1", "a": "1"}\n', b'{"version": "2", "a": "2"}\n'),
        ("package.json", b'{"version": "1"}\n', b'{\n\n\n"version": "2"}\n'),  # laid out anew
        ("package.json", b'{"version": "1"}\n', b'{"version": "2"\n'),  # cannot be read
        ("package.json", b'{"a": "1"}\n', b'{"version": "2", "a": "1"}\n'),
        ("version.py", b"version = '1'\n", b"version = run()\n"),
        ("a.py", b"version = '1'\n", b"version = '2'\n"),
        ("app/__init__.py", b"__version__ = '1'\n", b"__version__ = '2'; import os\n"),
    ],
)
def test_more_than_a_version_counts(path: str, before: bytes, after: bytes) -> None:
    policy = Policy(gates={"max-files": GatePolicy("block", (), MaxFiles(max=0, warn=0))})
    [result] = judge(between({path: before}, {path: after}, policy=policy), only=["max-files"]).gates
    assert (result.status, result.measured) == ("fail", "1 file")


def test_max_lines_counts_a_source_file_that_git_takes_for_binary() -> None:
    content = Trees({"src/a.py": b"one\ntwo\n"}, {"src/a.py": b"one\n\0\n" + b"x\n" * 150})
    given = facts(change("src/a.py", binary=True), content=content)
    assert check(given, Options()) == Judgement(
        "152 lines",
        "200 lines",
        (
            Finding("152 production lines changed", hint=HINT, level="warn"),
            Finding("+151 -1", path="src/a.py", level="note"),
        ),
    )


@pytest.mark.parametrize(
    ("path", "before", "after", "counted"),
    [
        ("src/a.js", b"", b"x=1;" * 20_000, 800),  # one line of 20,000 statements
        ("src/a.py", b"", b"".join(b"x%d = %d\r" % (n, n) for n in range(300)), 300),  # CR ends a line for Python
        ("src/a.js", b"", "x=1\u2028".encode() * 300, 300),  # and U+2028 for JavaScript
        ("src/a.py", b"a\n", b"a\nexec('" + b"QUJD" * 30_000 + b"')\n", 1201),
        ("app.yml", b"", b"a: 1\n" * 300 + b"# \0\n", 301),  # no source by name: the bytes tell
        ("app.yml", b"a: 1\n", b"a: 1\n" * 300 + "# \u00e9\n".encode("latin-1") + b"\0\n", 301),
        ("app.sql", b"", "".join(f"{n};\n" for n in range(300)).encode("utf-16"), 301),
        # What stays of a long line is read by nobody: the bundle of one line in which one word moved.
        ("data.json", b"x" * 90_000 + b"1" + b"y" * 90_000, b"x" * 90_000 + b"2" + b"y" * 90_000, 2),
        ("data.json", b"x" * 500 + b"\n", b"x" * 500 + b"y" * 801 + b"\n", 10),
        ("src/a.c", b"", b"a\n\f\nb\r\n" + b"c" * 400 + b"\n" + b"d" * 401 + b"\n", 9),
        ("art/a.SVG", b"", b'<svg>\n<path d="' + b"M 1 1 " * 20_000 + b'"/>\n</svg>\n', 3),  # looked at, not read
        ("art/a.svg", b"", b"<svg><Script>" + b"x=1;" * 20_000 + b"</script></svg>", 801),
        ("art/a.svg", b"", b"<svg onload = '" + b"x=1;" * 20_000 + b"'/>", 801),
        ("logo.png", b"", bytes(range(256)) * 200, 0),
        ("db.bin", b"", b"\0" * 50_000 + b"x\n" * 500, 0),
    ],
)  # fmt: skip
def test_lines_are_counted_as_they_are_read(path: str, before: bytes, after: bytes, counted: int) -> None:
    base = {path: before} if before else {}
    assert check(between(base, {path: after}), Options()).measured == f"{counted} lines"


def test_a_file_that_git_takes_for_binary_is_counted_once() -> None:
    """Text by `max-lines`, whatever is none by `binary`."""
    large = {
        "app.yml": b"a: 1\n" * 50_000 + b"\0",
        "db.bin": bytes(range(256)) * 400,
        "tests/a.yml": b"a\n" * 40_000 + b"\0",
    }
    lines, binary = judge(between({}, large), only=["max-lines", "binary"]).gates
    assert [each.path for each in lines.findings[1:]] == ["app.yml"]
    assert [each.path for each in binary.findings] == ["db.bin", "tests/a.yml"]


@pytest.mark.parametrize(("count", "status"), [(5, "pass"), (6, "warn"), (10, "warn"), (11, "fail")])
def test_max_files_at_its_limits(count: int, status: str) -> None:
    given = facts(*(change(f"src/{n}.py") for n in range(count)))
    (result,) = judge(given, only=["max-files"]).gates
    assert (result.status, result.measured, result.limit) == (status, f"{count} files", "10 files")


def test_a_waiver_holds_for_its_tree_only() -> None:
    given = facts(change("src/a.py", added=201))
    result = GateResult(
        "max-lines",
        "block",
        "waived",
        "201 lines",
        "200 lines",
        (Finding("201 production lines changed", hint=HINT), Finding("+201 -0", path="src/a.py", level="note")),
        waived_by=("4711-W1",),
    )
    assert judge(waived(given, "max-lines"), only=["max-lines"]).gates == (result,)
    assert judge(waived(given, "max-files max-lines"), only=["max-lines"]).passed
    assert not judge(waived(given, "max-files"), only=["max-lines"]).passed
    assert not judge(waived(given, "max-lines", tree=BASE_TREE), only=["max-lines"]).passed


def test_the_policy_moves_the_limit_and_leaves_paths_out() -> None:
    policy = Policy(gates={"max-lines": GatePolicy("block", ("gen/",), Options(max=10, warn=10))})
    given = facts(change("src/a.py", added=11), change("gen/b.py", added=500), policy=policy)
    (result,) = judge(given, only=["max-lines"]).gates
    assert (result.status, result.measured, result.limit) == ("fail", "11 lines", "10 lines")
