"""A hostile corpus through the real command line: the right verdict or an `analysis` finding, never a traceback or a
hang. Every case is a hotfix of its own, committed without a working tree."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest
from building import Project
from sandbox import Repo

LAUGHS_YAML = "a: &a [lol, lol]\n" + "".join(
    f"{n}: &{n} [*{chr(96 + i)}, *{chr(96 + i)}]\n" for i, n in enumerate("bcdefghijklmnopqrstuvwxyz", 1)
)
LAUGHS_XML = (
    '<?xml version="1.0"?><!DOCTYPE p [<!ENTITY a "lol">'
    + "".join(f'<!ENTITY {chr(98 + n)} "&{chr(97 + n)};&{chr(97 + n)};">' for n in range(20))
    + "]><project><dependencies><dependency><groupId>&t;</groupId></dependency></dependencies></project>"
)
DEEP_JSON = '{"dependencies": ' + '{"a": ' * 100_000 + "1" + "}" * 100_001
WIDE = "x = '" + "a" * 10_000_000 + "'\n"


@dataclass(frozen=True)
class Case:
    """Files that the hotfix writes over the base (path → content), and what gates must say of them."""

    files: dict[bytes, bytes]
    statuses: dict[str, str]
    unread: tuple[str, ...] = ()  # paths that `analysis` must name


def lines(count: int) -> bytes:
    return b"".join(b"value_%d = %d\n" % (number, number) for number in range(count))


REFUSED = {"analysis": "fail"}
PATHS = [b"new\nline.py", b'quo"te.py', b" leading.py", b"caf\xe9.py", b"-dash.py", b"tab\there.py", b"\x1b[31mred.py",
         "\u202egnp.py".encode(), b"a\\b.py", b"%0Ainjected::error::x.py"]  # fmt: skip
CASES = {
    "paths": Case(dict.fromkeys(PATHS, b"x = 1\n"), {"max-files": "warn", "new-module": "fail", "analysis": "pass"}),
    "a line of 10 MB": Case({b"app.py": WIDE.encode()}, {"max-files": "pass", "max-lines": "fail"}),
    "a line of 10 MB in a manifest": Case({b"requirements.txt": WIDE.encode()}, REFUSED, ("requirements.txt",)),
    "deep JSON": Case({b"package.json": DEEP_JSON.encode()}, REFUSED, ("package.json",)),
    "deep JSON in a lock file": Case({b"package-lock.json": DEEP_JSON.encode()}, REFUSED, ("package-lock.json",)),
    "billion laughs, YAML": Case({b"pubspec.yaml": LAUGHS_YAML.encode()}, REFUSED, ("pubspec.yaml",)),
    "billion laughs, XML": Case({b"pom.xml": LAUGHS_XML.encode()}, REFUSED, ("pom.xml",)),
    "an entity from a file": Case(
        {b"pom.xml": b'<!DOCTYPE p [<!ENTITY x SYSTEM "file:///etc/passwd">]><project>&x;</project>'},
        REFUSED, ("pom.xml",),
    ),
    "BOM and CRLF": Case(
        {b"package.json": '\ufeff{\r\n"dependencies": {"evil": "1"}\r\n}\r\n'.encode()}, {"new-dependency": "fail"},
    ),
    "UTF-16": Case({b"requirements.txt": "evil==1\r\n".encode("utf-16")}, {"new-dependency": "fail"}),
    "no UTF-8": Case({b"requirements.txt": b"# caf\xe9\nevil==1\n"}, {"new-dependency": "fail"}),
    "-diff hides no line": Case(
        {b".gitattributes": b"*.py -diff\n", b"app.py": lines(300)}, {"max-lines": "fail", "policy-change": "fail"},
    ),
    "a NUL byte hides no line": Case({b"app.py": lines(300) + b"\0\n"}, {"max-lines": "fail"}),
    "a NUL byte in a manifest": Case({b"package.json": b'{"dependencies": {"a\0b": "1"}}'}, REFUSED),
    "Python that does not parse": Case({b"app.py": b"def f(:\n" * 50}, REFUSED, ("app.py",)),
    "Python nested too deep": Case({b"app.py": b"x = " + b"(" * 10**5 + b")" * 10**5 + b"\n"}, REFUSED, ("app.py",)),
    "many brackets": Case({b"app.js": b"function f() " + b"{" * 10**5 + b"}" * 10**5 + b"\n"}, {"max-files": "pass"}),
    "quotes without an end": Case({b"app.js": b"`${" * 100_000}, {"max-files": "pass"}),
    "slashes without an end": Case({b"app.c": b"/*" * 300_000}, {"max-files": "pass"}),
    "a regular expression's nightmare": Case(
        {b"Gemfile": b"gem " + b"'a' " * 50_000 + b"\n", b"go.mod": b"require " + b"( " * 50_000}, REFUSED,
    ),
}  # fmt: skip


def hotfix_of(clone: Repo, files: dict[bytes, bytes]) -> None:
    """Move hotfix/4711 to a commit on top of the base with these files; the working tree is not asked."""
    stream = [b"commit refs/heads/hotfix/4711\ncommitter A <a@example.org> 1700000000 +0000\ndata 8\nFix 4711\n"]
    stream.append(b"from " + clone.tip("v1.4.2").encode() + b"\n")
    for path, content in files.items():
        quoted = b'"' + b"".join(b"\\%03o" % byte for byte in path) + b'"'
        stream.append(b"M 100644 inline %s\ndata %d\n" % (quoted, len(content)) + content + b"\n")
    (clone.path / ".git" / "stream").write_bytes(b"".join(stream))
    answer = clone.run("sh", "-c", "git fast-import --quiet --force <.git/stream")
    assert answer.code == 0, answer.err


@pytest.mark.parametrize("name", CASES)
@pytest.mark.slow
def test_the_right_verdict_or_a_finding(project: Project, name: str) -> None:
    case, clone = CASES[name], project.clone
    hotfix_of(clone, case.files)
    answer = clone.hotfix("check", "4711", "--format", "json", env={"COLUMNS": "80"})
    assert answer.code in (0, 1), answer.err
    gates: dict[str, Any] = {gate["id"]: gate for gate in answer.json["gates"]}
    assert {gate: gates[gate]["status"] for gate in case.statuses} == case.statuses
    named = {finding["path"] for finding in gates["analysis"]["findings"]}
    assert set(case.unread) <= named
    assert answer.out.isascii() and "Traceback" not in answer.err


@pytest.mark.slow
@pytest.mark.parametrize("format", ["text", "github", "sarif", "gitlab", "junit"])
def test_no_name_reaches_a_terminal_as_it_is(project: Project, format: str) -> None:
    clone = project.clone
    hotfix_of(clone, {**CASES["paths"].files, **CASES["deep JSON"].files})
    answer = clone.hotfix("check", "4711", "--format", format)
    assert answer.code == 1
    for text in (answer.out, answer.err):
        assert all(letter == "\n" or letter.isprintable() for letter in text)
    assert not [line for line in answer.out.split("\n") if line.startswith("::error::")]
