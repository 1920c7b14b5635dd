"""What programs read: each format of one verdict that has everything, whole."""

from __future__ import annotations

import importlib
import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import defusedxml.ElementTree as ElementTree
import pytest
from verdicts import BASE, DEPENDENCIES, FILES, GATES, LINES, OFF, UNKNOWN, WAIVE, WAIVER, failing, passing, report

from git_hotfix.model.verdict import Finding
from git_hotfix.report import formats
from git_hotfix.report.findings import fingerprints

NAMES = ("github", "gitlab", "json", "junit", "sarif", "text")


def test_the_formats_are_the_files() -> None:
    assert formats.names() == NAMES


def test_naming_the_formats_imports_none(tmp_path: Path) -> None:
    """A file that cannot even be read by Python is a name until it is asked for; a folder and a package are none."""
    (tmp_path / "broken.py").write_text("import nothing_like_that\n")
    (tmp_path / "folder").mkdir()
    (tmp_path / "package").mkdir()
    (tmp_path / "package" / "__init__.py").touch()
    script = (
        "import sys; from git_hotfix.report import formats\n"
        f"formats.__path__.append({str(tmp_path)!r})\n"
        "print(*formats.names())\n"
        "print(*(name for name in sys.modules if name.startswith('git_hotfix.report.formats.')))\n"
        "from verdicts import report; formats.render('github', report())\n"
        "print(*(name for name in sys.modules if name.startswith('git_hotfix.report.formats.')))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True,
        env={"PYTHONPATH": f"{Path(__file__).parents[2]}:{Path(formats.__file__).parents[3]}"},
    )  # fmt: skip
    assert done.stdout.splitlines() == [" ".join(sorted([*NAMES, "broken"])), "", "git_hotfix.report.formats.github"]


@pytest.mark.parametrize("name", NAMES)
def test_a_format_says_what_it_is(name: str) -> None:
    module = importlib.import_module(f"git_hotfix.report.formats.{name}")
    assert (module.__doc__ or "").startswith(f"`--format {name}`: ")


def test_json_is_the_contract_with_levels() -> None:
    found = json.loads(formats.render("json", report(DEPENDENCIES, OFF)))
    gates = found.pop("gates")
    assert found == {
        "schema": 1, "command": "check", "ok": False, "exit_code": 1, "verdict": "fail",
        "policy": {"commit": "a" * 40, "file": ".git-hotfix.toml", "from": None},
        "hotfix": {
            "branch": "hotfix/4711", "issue": "4711", "title": "Checkout fails", "severity": "P0",
            "production": "refs/heads/main", "base_tag": "v1.4.2", "tag": None, "base": "1" * 40, "tip": "2" * 40,
        },
        "waivers": [{
            "id": "4711-W1", "type": "gate", "gates": ["max-lines"], "reason": WAIVER.reason, "who": WAIVER.who,
            "when": WAIVER.when, "tree": WAIVER.tree, "holds": True, "why": "", "approved_by": [], "withdrawn": False,
        }],
        "approvals": [], "notes": [],
    }  # fmt: skip
    assert gates[0]["findings"] == [
        {"message": each.message, "path": each.path, "line": each.line, "hint": each.hint, "level": each.level}
        for each in DEPENDENCIES.findings
    ]
    assert [(gate["id"], gate["status"]) for gate in gates] == [("new-dependency", "fail"), ("logging", "off")]


def test_github() -> None:
    assert formats.render("github", report(*GATES)).split("\n") == [
        "::error file=package.json,line=7,title=git hotfix%3A new-dependency::new dependency left-pad 1.3"
        f"%0A→ fix it without left-pad, {WAIVE}",
        "::error file=src/ä b%3Ac/requirements.txt,title=git hotfix%3A new-dependency::new dependency requests"
        f"%0A→ fix it without requests, {WAIVE}",
        "::error title=git hotfix%3A type-hints::not checked: something it needs could not be read (see analysis)",
        "::warning file=package.json,line=9,title=git hotfix%3A new-dependency::new development dependency mocha",
        "::warning title=git hotfix%3A max-files::6 production files changed"
        "%0A→ move what the fix does not need to its own branch",
        *(f"::notice file=src/{n}.py,title=git hotfix%3A max-files::+{n} -0" for n in range(1, 7)),
        "::notice title=git hotfix%3A max-lines (waived)::320 production lines changed"
        "%0A→ because: three copies of one bug (4711-W1, Ada)",
        "git hotfix: hotfix/4711 is refused by new-dependency, type-hints (3 errors, 2 warnings, 7 notices)",
    ]
    assert formats.render("github", report(BASE)) == "git hotfix: hotfix/4711 passes"


def test_github_shows_ten_of_a_kind_and_each_gate_before_the_second_of_any() -> None:
    keys = [Finding(f"key {number}", "src/app.py", number + 1) for number in range(12)]
    rows = formats.render("github", report(failing(*keys), DEPENDENCIES)).split("\n")
    errors = [row for row in rows if row.startswith("::error ")]
    assert [row.partition("::")[2].rpartition("::")[2].partition("%0A")[0] for row in errors] == [
        *(f"key {number}" for number in range(7)), "new dependency left-pad 1.3", "new dependency requests",
        "5 more errors: secret 5; git hotfix check -v",
    ]  # fmt: skip
    assert (
        len([row for row in formats.render("github", report(failing(*keys[:10]))).split("\n") if "error " in row]) == 10
    )
    [*_, last] = rows
    assert last == "git hotfix: hotfix/4711 is refused by secret, new-dependency (14 errors, 1 warning)"


def test_github_escapes_as_its_runner_reads() -> None:
    [row, _] = formats.render("github", report(failing(Finding("50%: a,b\n::x", "a,b:c%3A\n.py", 3)))).split("\n")
    assert row == "::error file=a%2Cb%3Ac%253A\\n.py,line=3,title=git hotfix%3A secret::50%25: a,b%0A::x"


def test_gitlab() -> None:
    found = json.loads(formats.render("gitlab", report(*GATES)))
    prints = [issue.pop("fingerprint") for issue in found]
    assert len(set(prints)) == len(prints) == 12
    assert all(len(each) == 32 and set(each) <= set("0123456789abcdef") for each in prints)
    assert found[:5] == [
        {
            "description": "new dependency left-pad 1.3", "check_name": "new-dependency",
            "content": {"body": f"fix it without left-pad, {WAIVE}"}, "severity": "blocker",
            "location": {"path": "package.json", "lines": {"begin": 7}},
        },
        {
            "description": "new dependency requests", "check_name": "new-dependency",
            "content": {"body": f"fix it without requests, {WAIVE}"}, "severity": "blocker",
            "location": {"path": "src/ä b:c/requirements.txt", "lines": {"begin": 1}},
        },
        {
            "description": "new development dependency mocha", "check_name": "new-dependency", "severity": "minor",
            "location": {"path": "package.json", "lines": {"begin": 9}},
        },
        {
            "description": "not checked: something it needs could not be read (see analysis)",
            "check_name": "type-hints", "severity": "blocker",
            "location": {"path": ".git-hotfix.toml", "lines": {"begin": 1}},
        },
        {
            "description": "6 production files changed", "check_name": "max-files", "severity": "minor",
            "content": {"body": "move what the fix does not need to its own branch"},
            "location": {"path": ".git-hotfix.toml", "lines": {"begin": 1}},
        },
    ]  # fmt: skip
    assert [issue["severity"] for issue in found[5:11]] == ["info"] * 6
    assert found[11] == {
        "description": "320 production lines changed (waived)", "check_name": "max-lines", "severity": "info",
        "content": {"body": "waived because: three copies of one bug (4711-W1, Ada)"},
        "location": {"path": ".git-hotfix.toml", "lines": {"begin": 1}},
    }  # fmt: skip
    assert formats.render("gitlab", report(BASE, OFF)) == "[]"


def test_junit() -> None:
    suites = ElementTree.fromstring(formats.render("junit", report(*GATES)))
    [suite] = suites
    counts = {"tests": "6", "failures": "1", "errors": "1", "skipped": "2", "time": "0"}
    assert suites.attrib == {"name": "git-hotfix", **counts}
    assert suite.attrib == {"name": "git hotfix check hotfix/4711", **counts}
    assert [case.attrib["name"] for case in suite] == [gate.id for gate in GATES]
    assert [[(part.tag, part.attrib, part.text) for part in case] for case in suite] == [
        [],
        [(
            "system-out", {},
            "warn: 6 production files changed\n  → move what the fix does not need to its own branch\n"
            + "\n".join(f"note: src/{n}.py: +{n} -0" for n in range(1, 7)),
        )],
        [
            ("skipped", {"message": "waived: three copies of one bug (4711-W1, Ada)"}, None),
            ("system-out", {}, "fail: 320 production lines changed"),
        ],
        [(
            "failure", {"message": "package.json:7: new dependency left-pad 1.3 (and 1 more)", "type": "block"},
            f"fail: package.json:7: new dependency left-pad 1.3\n  → fix it without left-pad, {WAIVE}\n"
            f"fail: src/ä b:c/requirements.txt: new dependency requests\n  → fix it without requests, {WAIVE}\n"
            "warn: package.json:9: new development dependency mocha",
        )],
        [(
            "error", {"message": "not checked: something it needs could not be read (see analysis)", "type": "block"},
            "fail: not checked: something it needs could not be read (see analysis)",
        )],
        [("skipped", {"message": "off"}, None)],
    ]  # fmt: skip


@pytest.mark.parametrize("name", NAMES)
def test_nothing_was_judged(name: str) -> None:
    assert formats.render(name, report())


@pytest.mark.parametrize("name", ["gitlab", "json", "junit", "sarif"])
def test_what_programs_parse_is_ascii(name: str) -> None:
    assert formats.render(name, report(*GATES)).isascii()


def test_fingerprints_stay_when_lines_numbers_and_neighbours_move() -> None:
    finding = Finding("holds 12 lines of 1a2b3c4d5e, see app2.py", "src/app.py", 7)
    [first] = fingerprints([(FILES, finding)])
    moved = replace(finding, line=99, message="holds 3 lines of ffffffff00, see app7.py", hint="else", level="note")
    other = (LINES, Finding("else", "a.py"))
    assert fingerprints([other, (FILES, moved)])[1] == first
    for changed in (replace(finding, path="src/b.py"), replace(finding, path=None), replace(finding, message="else")):
        assert fingerprints([(FILES, changed)]) != [first]
    assert fingerprints([(LINES, finding)]) != [first]
    twins = fingerprints([(FILES, finding), (FILES, moved), (FILES, finding)])
    assert (twins[0], len(set(twins))) == (first, 3)


def test_a_gate_that_only_says_so_by_its_status_has_a_finding() -> None:
    bare = replace(DEPENDENCIES, findings=())
    for gate, message, level in (
        (bare, "measured 2 new, limit 0 new", "fail"),
        (replace(bare, measured="", limit=""), "measured nothing, limit none", "fail"),
        (replace(bare, status="warn"), "not checked: something it needs could not be read (see analysis)", "warn"),
        (replace(bare, status="waived"), "not checked: something it needs could not be read (see analysis)", "fail"),
        (UNKNOWN, "not checked: something it needs could not be read (see analysis)", "fail"),
        (
            replace(UNKNOWN, findings=FILES.findings[1:]),
            "not checked: something it needs could not be read (see analysis)",
            "fail",
        ),
    ):
        found = json.loads(formats.render("gitlab", report(gate)))
        wanted = "info" if gate.status == "waived" else {"fail": "blocker", "warn": "minor"}[level]
        assert found[0]["description"].removesuffix(" (waived)") == message
        assert found[0]["severity"] == wanted
    assert formats.render("gitlab", report(*passing("a", "b"))) == "[]"


def test_a_failure_under_a_gate_that_only_warns_is_a_warning() -> None:
    gate = replace(DEPENDENCIES, status="warn")
    assert "::error" not in formats.render("github", report(gate))
    assert {issue["severity"] for issue in json.loads(formats.render("gitlab", report(gate)))} == {"minor"}


def test_two_waivers_and_who_approved_them() -> None:
    given = report(replace(LINES, waived_by=("4711-W1", "4711-W2")))
    second = replace(WAIVER, id="4711-W2", reason="again\n and again", who="bob@x", approved=("Eve <e@x>", "Zoe"))
    other = replace(WAIVER, id="4711-W3", reason="of another gate")
    given = replace(given, verdict=replace(given.verdict, waivers=(WAIVER, second, other)))
    assert (
        "  because: three copies of one bug (4711-W1, Ada); again and again (4711-W2, bob@x, approved by Eve, Zoe)"
    ) in formats.render("text", given).split("\n")


def test_a_waiver_that_nobody_recorded() -> None:
    gate = replace(LINES, waived_by=())
    assert "because" not in formats.render("text", report(gate))
    assert '<skipped message="waived"/>' in formats.render("junit", report(gate))
