"""Findings that say the worst there is, in every format: what comes out is read again, whole, and commands nothing.

A message, a path and a hint are words of strangers: commits, manifests, names of files.
"""

from __future__ import annotations

import json
import re
import unicodedata
from dataclasses import replace
from urllib.parse import unquote_to_bytes

import defusedxml.ElementTree as ElementTree
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from verdicts import BASE, HOTFIX, WAIVER, report

from git_hotfix.model.approvals import Approval
from git_hotfix.model.names import TagName
from git_hotfix.model.verdict import Finding, GateResult
from git_hotfix.report import formats
from git_hotfix.report.formats.text import lines
from git_hotfix.report.layout import columns, plain
from git_hotfix.report.places import path_bytes
from git_hotfix.report.streams import safe, safe_line

NASTY = [
    "::error::x", "\n::add-mask::x", "\r\n::set-output name=a::b", "::stop-commands::t", "##[add-mask]x",
    "##vso[task.x]",
    "]]>", "<!DOCTYPE a>", "&lt;&#10;", '"', "'", "%0A::x", "%25", ",line=9", "\x1b[31m", "\x1b]0;t\x07", "\x9b1m",
    "\u202e", "\u2066", "\u200b", "\ufeff", "\u2028", "\udcff", "\ud800", "\x00", "\x7f", "\ufffe", "\uffff",
    "\U000e0041",
    "file:///etc/passwd", "//host/a", "a:b", "日本語", "e\u0301", "\\n", "\t", " " * 20, "x" * 3000, "{}", "null",
]  # fmt: skip
# Every character there is, surrogates too: a byte that is not UTF-8 arrives as one.
LETTER = st.characters(min_codepoint=0)
WORDS = st.lists(st.sampled_from(NASTY) | st.text(LETTER, max_size=8), max_size=4).map("".join)
PATH = st.none() | WORDS.filter(bool)
FINDING = st.builds(
    Finding, WORDS, PATH, st.none() | st.integers(-1, 10**6), WORDS, st.sampled_from(["fail", "warn", "note"])
)
GATE = st.builds(
    GateResult,
    st.sampled_from(["base", "max-files", "secret"]),
    st.sampled_from(["block", "warn"]),
    st.sampled_from(["pass", "warn", "fail", "waived", "off", "unknown"]),
    WORDS,
    WORDS,
    st.lists(FINDING, max_size=14).map(tuple),
    st.sampled_from([(), (WAIVER.id,)]),
)


REPORT = st.builds(
    lambda gates, title, tag, reason, who: report(
        *gates,
        hotfix=replace(HOTFIX, title=title, base_tag=TagName(tag)),
        waiver=replace(WAIVER, reason=reason, who=who, approved=(who,)),
        approvals=(
            Approval("A1", reason, who, 0, None, (title,)),
            Approval("A2", who, tag, 0, None, counted=False, why=reason),
        ),
    ),
    st.lists(GATE, max_size=3, unique_by=lambda gate: gate.id), WORDS, WORDS, WORDS, WORDS,
)  # fmt: skip
ANNOTATION = re.compile(
    r"::(?P<kind>error|warning|notice) "
    r"(?:file=(?P<file>(?:[^%,:\n]|%25|%3A|%2C)+),(?:line=(?P<line>-?[0-9]+),)?)?"
    r"title=git hotfix%3A (?P<title>[a-z0-9 ()-]+)::(?P<message>(?:[^%\n]|%25|%0A)*)"
)


def told(given: formats.Report) -> list[tuple[str, Finding]]:
    """The findings that every format has to tell, with their gates; those made up for a bare status are left out."""
    return [(gate.id, each) for gate in given.verdict.gates for each in gate.findings]


def unescaped(text: str) -> str:
    """As GitHub's runner does it."""
    for escape, letter in (("%0D", "\r"), ("%0A", "\n"), ("%3A", ":"), ("%2C", ","), ("%25", "%")):
        text = text.replace(escape, letter)
    return text


def harmless(text: str) -> bool:
    """True where no letter moves a cursor, turns the text around or hides."""
    return not [
        letter for letter in text if letter != "\n" and unicodedata.category(letter) in ("Cc", "Cf", "Cs", "Zl", "Zp")
    ]


@settings(max_examples=60, deadline=None)
@given(REPORT)
def test_json(given: formats.Report) -> None:
    text = formats.render("json", given)
    assert text.isascii()
    assert "\n" not in text
    gates = json.loads(text)["gates"]
    read = [(gate["id"], each["message"], each["path"], each["hint"]) for gate in gates for each in gate["findings"]]
    assert read == [(gate, *map(paired, (each.message, each.path, each.hint))) for gate, each in told(given)]


def paired(text: str | None) -> str | None:
    """Two surrogates side by side that make one letter are one letter to whoever reads JSON."""
    return text if text is None else text.encode("utf-16", "surrogatepass").decode("utf-16", "surrogatepass")


@pytest.mark.slow
@settings(max_examples=60, deadline=None)
@given(REPORT)
def test_github(given: formats.Report) -> None:
    *rows, summary = formats.render("github", given).split("\n")
    assert summary.startswith("git hotfix: hotfix/4711 ")
    found = [ANNOTATION.fullmatch(row) for row in rows]
    assert all(found)
    assert harmless("".join(rows))
    for kind in ("error", "warning", "notice"):
        assert len([match for match in found if match and match["kind"] == kind]) <= 10
    read = {unescaped(match["message"]).partition("\n→ ")[0] for match in found if match}
    cut = any(match and match["title"].endswith(("errors", "warnings", "notices", "error")) for match in found)
    for _, each in told(given):
        assert cut or safe(each.message).partition("\n→ ")[0] in read
    files = {unescaped(match["file"]) for match in found if match and match["file"]}
    assert files <= {safe_line(each.path) for _, each in told(given) if each.path is not None}


@pytest.mark.slow
@settings(max_examples=60, deadline=None)
@given(REPORT)
def test_sarif(given: formats.Report) -> None:
    text = formats.render("sarif", given)
    assert text.isascii()
    [run] = json.loads(text)["runs"]
    results = run["results"]
    prints = [result["partialFingerprints"]["gitHotfix/v1"] for result in results]
    assert len(set(prints)) == len(prints)
    assert all(harmless(result["message"]["text"]) for result in results)
    read = [(result["ruleId"], result["message"]["text"]) for result in results]
    uris = {place["physicalLocation"]["artifactLocation"]["uri"] for each in results for place in each["locations"]}
    assert all(re.fullmatch(r"(?:[A-Za-z0-9._~/-]|%[0-9A-F]{2})+", uri) and not uri.startswith("/") for uri in uris)
    paths = {unquote_to_bytes(uri) for uri in uris}
    for gate, each in told(given):
        assert any(gate == id and message.startswith(safe(each.message)) for id, message in read)
        if each.path is not None:
            assert path_bytes(each.path) in paths


@pytest.mark.slow
@settings(max_examples=60, deadline=None)
@given(REPORT)
def test_gitlab(given: formats.Report) -> None:
    text = formats.render("gitlab", given)
    assert text.isascii()
    issues = json.loads(text)
    assert len({issue["fingerprint"] for issue in issues}) == len(issues)
    assert all(issue["location"]["path"] and issue["location"]["lines"]["begin"] >= 1 for issue in issues)
    assert all(harmless(issue["description"]) for issue in issues)
    read = {(issue["check_name"], issue["description"].removesuffix(" (waived)")) for issue in issues}
    assert {(gate, safe(each.message).removesuffix(" (waived)")) for gate, each in told(given)} <= read


@pytest.mark.slow
@settings(max_examples=60, deadline=None)
@given(REPORT)
def test_junit(given: formats.Report) -> None:
    text = formats.render("junit", given)
    assert text.isascii()
    [suite] = ElementTree.fromstring(text)
    cases = {case.attrib["name"]: "".join(part.text or "" for part in case) for case in suite}
    assert list(cases) == [gate.id for gate in given.verdict.gates]
    assert all(map(harmless, cases.values()))
    shown = {gate.id for gate in given.verdict.gates if gate.status not in ("pass", "off")}
    for gate, each in told(given):
        if gate in shown:
            assert re.sub("[\ufffe\uffff]", lambda it: f"\\u{ord(it[0]):04x}", safe(each.message)) in cases[gate]


@pytest.mark.slow
@settings(max_examples=60, deadline=None)
@given(REPORT, st.sampled_from([None, 20, 80, 200]))
def test_text(given: formats.Report, width: int | None) -> None:
    quiet = [plain(line) for line in lines(given, width=width)]
    found = [plain(line) for line in lines(given, verbose=True)]
    for line in [*quiet, *found]:
        assert "\n" not in line
        assert harmless(line)
        assert not line.lstrip().startswith("::")
        assert not re.search(r"##[A-Za-z]*\[", line)
    shown = {gate.id for gate in given.verdict.gates if gate.status != "off"}
    for gate, each in told(given):
        if gate in shown:
            assert any(line.endswith(safe_line(each.message)) for line in found)
    # What a gate quotes is cut; only a path, a tag and a title are as long as they are.
    if width is None and not any(each.path for _, each in told(given)):
        assert all(columns(line) < 7000 for line in quiet)


@pytest.mark.slow
def test_many_findings() -> None:
    """What a format needs for a finding does not grow with their number, or the watchdog barks."""
    gate = replace(
        BASE,
        status="fail",
        findings=tuple(Finding("a key 1", f"src/{n}.py", n + 1, "take it out") for n in range(20_000)),
    )
    for name in formats.names():
        assert formats.render(name, report(gate))
