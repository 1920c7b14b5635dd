"""Text: what refuses first, what passes counted, what to do said once; the same lines with colours at a terminal."""

from __future__ import annotations

import io
import re
from dataclasses import replace

import pytest
from verdicts import BASE, FILES, GATES, HOTFIX, failing, passing, report

from git_hotfix.model.names import TagName
from git_hotfix.model.verdict import Finding, GateResult
from git_hotfix.report import formats
from git_hotfix.report.formats.text import lines
from git_hotfix.report.layout import columns, cut, plain
from git_hotfix.report.streams import Streams, safe, safe_line
from git_hotfix.report.text import show_lines

HEAD = "hotfix/4711 · Checkout fails · P0 · from v1.4.2 (1111111111), at 2222222222"
POLICY = "policy: .git-hotfix.toml of production at aaaaaaaaaa"


def shown(*gates: GateResult, width: int | None = None, verbose: bool = False) -> list[str]:
    return [plain(line) for line in lines(report(*gates), width=width, verbose=verbose)]


def middle(*gates: GateResult, width: int | None = None, verbose: bool = False) -> list[str]:
    """What stands between the headline and the policy."""
    found = shown(*gates, width=width, verbose=verbose)
    start = found.index("")
    end = next(number for number, line in enumerate(found) if line.startswith("policy: "))
    assert " ".join(line.strip() for line in found[:start]) == HEAD
    return found[start + 1 : end]


def test_a_verdict_with_everything() -> None:
    assert formats.render("text", report(*GATES)).split("\n") == [
        HEAD,
        "",
        "gate            limit      measured   verdict",
        "new-dependency  0 new      2 new      fail",
        "type-hints      0 dropped  not known  unknown",
        "max-files       10 files   6 files    warn",
        "max-lines       200 lines  320 lines  waived",
        "base            v1.4.2     v1.4.2     pass",
        "1 gate is off: logging",
        "",
        "fail new-dependency: package.json:7  new dependency left-pad 1.3",
        "  → fix it without left-pad",
        "  - src/ä b:c/requirements.txt  new dependency requests",
        "  → fix it without requests",
        "  - warn: package.json:9  new development dependency mocha",
        "  → or record why: git hotfix waive new-dependency --reason …",
        "",
        "unknown type-hints: not checked: something it needs could not be read (see analysis)",
        "",
        "warn max-files: 6 production files changed",
        "  → move what the fix does not need to its own branch",
        "  - note: src/1.py  +1 -0",
        "  - note: src/2.py  +2 -0",
        "  - note: src/3.py  +3 -0",
        "  … 3 more notes: git hotfix check -v",
        "",
        "waived max-lines: 320 production lines changed",
        "  because: three copies of one bug (4711-W1, Ada)",
        "",
        POLICY,
        "refused by: new-dependency type-hints",
    ]


def test_gates_that_pass_are_one_line_unless_they_are_few() -> None:
    assert middle(*passing("base", "tag", "tests"))[1:] == [
        "base   v1.4.2  v1.4.2    pass",
        "tag    v1.4.2  v1.4.2    pass",
        "tests  v1.4.2  v1.4.2    pass",
        "",
    ]
    assert middle(*passing("a", "b", "c", "d")) == ["4 gates pass: a, b, c, d", ""]
    assert len(middle(*passing("a", "b", "c", "d"), verbose=True)) == 6
    names = [f"gate-{number}" for number in range(31)]
    assert middle(*passing(*names)) == [f"31 gates pass: {', '.join(names)}", ""]
    for width in (79, 120):
        many = middle(*passing(*names), width=width)
        assert many[0].startswith("31 gates pass: gate-0, gate-1, ")
        named = many[0].split(": ")[1].split(" and ")
        left = 31 - len(named[0].split(", "))
        assert (named[0].split(", "), named[1:]) == (names[: 31 - left], [f"{left} more"])
        assert (width - 9 < columns(many[0]) <= width, many[1:]) == (True, [""])
    assert shown(*passing("a"))[-2:] == [POLICY, "next: git hotfix finish 4711"]


def test_a_gate_shows_ten_findings_and_counts_the_rest() -> None:
    """One hint for all of them is said once, after them."""
    gate = failing(*(Finding("a key", f"src/{number}", 1, "take it out") for number in range(25)))
    found = middle(gate)[3:]
    assert found[0] == "fail secret: src/0:1  a key"
    assert found[1:10] == [f"  - src/{number}:1  a key" for number in range(1, 10)]
    assert found[10:] == ["  → take it out", "  … 15 more findings: git hotfix check -v", ""]
    assert len(middle(gate, verbose=True)[3:]) == 25 + 2


def test_a_waived_gate_says_what_and_why_and_not_what_to_do() -> None:
    gate = replace(failing(Finding("a key", hint="take it out"), Finding("two", hint="take it out")), status="waived")
    assert middle(gate)[3:] == ["waived secret: a key", "  … 1 more finding: git hotfix check -v", ""]


def test_a_gate_that_passes_with_a_note_says_it_when_asked() -> None:
    gate = replace(BASE, findings=(Finding("a patch release", "go.mod", 3, level="note"),))
    assert middle(gate)[2:] == [""]
    assert middle(gate, verbose=True)[2:] == ["", "pass base: go.mod:3  a patch release", ""]


@pytest.mark.parametrize("width", [30, 60, 80, 120])
def test_at_a_terminal_lines_are_folded_between_words(width: int) -> None:
    """A command that is copied stays in one piece, and with the longest names the table fits 80 columns."""
    gate = replace(
        failing(
            Finding("a key of some cloud that everybody who can read this repository has from now on", "src/app.py", 1,
                    "revoke it, take it out, or record why: git hotfix waive definition-removed --reason … and so on"),
            Finding("日本語" * 30, "src/app.py", 2),
        ),
        id="definition-removed", limit="x" * 60, measured="日本" * 20,
    )  # fmt: skip
    found = middle(gate, width=width)
    assert found[1] == f"definition-removed  {'x' * 23}…  {'日本' * 5}日…  fail"
    [command] = [line for line in found if "git hotfix waive" in line]
    assert command.endswith("git hotfix waive definition-removed --reason … and so on")
    for line in found[2:]:
        assert columns(line) <= width or line == command or "日本語" in line, line
    unfolded = [re.sub(r"^ +", "", line) for line in found[3:]]
    whole = [re.sub(r"^ +", "", line) for line in middle(gate)[3:]]
    assert " ".join(unfolded).split() == " ".join(whole).split()


def test_no_line_begins_with_a_word_of_the_repository() -> None:
    """GitHub's runner obeys a line that begins with `::`, and one with `##[` in it."""
    wild = Finding("::add-mask::a\n::set-output name=x::y ##[add-mask]z ##vso[task.x]", "::stop-commands::t\n::b", 1)
    hotfix = replace(HOTFIX, title="\n::add-mask::t", base_tag=TagName("::add-mask::t"))
    for verbose in (False, True):
        gates = [
            failing(wild, wild, replace(wild, hint="x\n::add-mask::h")),
            replace(FILES, measured="\n::add-mask::m"),
        ]
        text = "\n".join(plain(line) for line in lines(report(*gates, hotfix=hotfix), verbose=verbose))
        assert not [line for line in text.split("\n") if line.lstrip().startswith("::")]
        assert "##[" not in text
        assert "##vso[" not in text


class Screen(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_colours_are_all_that_a_terminal_adds(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("COLUMNS", "70")
    screens = [Screen(), Screen()]
    for screen, setting in zip(screens, ("", "1"), strict=True):
        monkeypatch.setenv("NO_COLOR", setting)
        streams = Streams(io.StringIO(), screen, io.StringIO())
        assert streams.columns == 70
        show_lines(streams, lines(report(*GATES), width=streams.columns))
    coloured, bare = (screen.getvalue() for screen in screens)
    assert "\x1b[1;31mfail\x1b[0m new-dependency: " in coloured
    assert "type-hints      0 dropped  not known  \x1b[1;31munknown\x1b[0m\n" in coloured
    assert re.sub(r"\x1b\[[0-9;]*m", "", coloured) == bare
    assert bare == "\n".join(shown(*GATES, width=70)) + "\n"
    assert Streams(io.StringIO(), io.StringIO(), io.StringIO()).columns is None


def test_what_is_cut_fits() -> None:
    assert cut("short", 5) == "short"
    assert cut("longer", 5) == "long…"
    assert cut("日本語", 5) == "日本…"
    assert cut("日本語", 4) == "日…"
    assert columns("e\u0301") == 1


def test_safe_breaks_commands_of_ci_runners() -> None:
    assert safe("a ##[add-mask]b ##vso[x] ##teamcity[y] ## [z] #[a] ## Title") == (
        "a #\\x23[add-mask]b #\\x23vso[x] #\\x23teamcity[y] ## [z] #[a] ## Title"
    )
    assert safe("###[x]") == "##\\x23[x]"
    assert safe(safe("##[x]\x1b")) == safe("##[x]\x1b") == "#\\x23[x]\\x1b"
    assert safe_line("a\nb\r") == "a\\nb\\x0d"
