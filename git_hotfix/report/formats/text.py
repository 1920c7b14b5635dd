"""`--format text`: the table for people, as it is where there is no terminal."""

from __future__ import annotations

from git_hotfix.report.formats import Report
from git_hotfix.report.layout import Line, fold, plain
from git_hotfix.report.streams import safe_line
from git_hotfix.report.text import headline, verdict_lines


def render(report: Report) -> str:
    """The report in plain text."""
    return "\n".join(map(plain, lines(report)))


def lines(report: Report, *, width: int | None = None, verbose: bool = False) -> list[Line]:
    """The report in lines, folded to `width` columns where that is given; `verbose` shows every gate and finding."""
    found: list[Line] = []
    for note in report.notes:
        found += [((row, "warn"),) for row in fold(safe_line(note), width, lead=0, indent=2)]
    if report.verdict.passed and report.hotfix.tip == report.hotfix.base:
        # That every gate lets nothing at all pass would read like a verdict on a fix.
        found += [((headline(report.hotfix), ""),), (("nothing is committed, so no gate had anything to look at", ""),)]
    else:
        found += verdict_lines(report.hotfix, report.verdict, width=width, verbose=verbose)
    if not report.verdict.passed:
        names = " ".join(gate.id for gate in report.verdict.refusals)
        found.append((("refused by: ", ""), (names, "fail")))
    elif report.next:
        found.append(((f"next: {report.next}", ""),))
    return found
