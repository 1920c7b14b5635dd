"""Text for people: tables that a tired person reads in five seconds. Plain where stdout is not a terminal."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from git_hotfix.model.hotfix import Hotfix
from git_hotfix.model.verdict import Verdict
from git_hotfix.report.approvals import approval_line, worth_telling
from git_hotfix.report.layout import Line, fold, plain
from git_hotfix.report.streams import Streams, safe, safe_line
from git_hotfix.report.verdict import gate_blocks, gate_table

if TYPE_CHECKING:
    from rich.console import Console

_STYLES = {
    "ok": "green", "pass": "green", "merged": "green", "applied": "green", "already": "green", "tagged": "green",
    "warn": "yellow", "waived": "yellow", "skipped": "yellow", "not-affected": "dim", "pending": "yellow", "off": "dim",
    "fail": "bold red", "unknown": "bold red", "conflict": "bold red", "failed": "bold red", "reverted": "bold red",
}  # fmt: skip

_LOG_WIDTH = 10_000  # columns


def table(streams: Streams, head: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Print `rows` below `head`; words that name a state are coloured on a terminal."""
    if not streams.colour:
        for line in plain_table(head, rows):
            streams.raw(line)
        return
    from rich.table import Table
    from rich.text import Text

    grid = Table(box=None, pad_edge=False, header_style="dim")
    for title in head:
        grid.add_column(title, overflow="fold")
    for row in rows:
        grid.add_row(*(Text(safe(cell), style=_STYLES.get(cell, "")) for cell in row))
    _console(streams).print(grid)


def _console(streams: Streams) -> Console:
    """rich's own, told that it may colour: whether it does was decided. In a log a row is as long as it is."""
    from rich.console import Console  # 46 ms; only a person at a terminal pays for it

    width = streams.columns or _LOG_WIDTH
    return Console(file=streams.stdout, highlight=False, force_terminal=True, no_color=False, width=width)


def plain_table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    """The lines of a table with aligned columns and no trailing blanks."""
    clean = [[safe(cell) for cell in row] for row in [head, *rows]]
    widths = [max(len(row[column]) for row in clean) for column in range(len(head))]
    return ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in clean]


def show_verdict(streams: Streams, hotfix: Hotfix, verdict: Verdict) -> None:
    """The gates of a hotfix and what they found."""
    show_lines(streams, verdict_lines(hotfix, verdict, width=streams.columns, verbose=streams.verbose))


def show_lines(streams: Streams, lines: Iterable[Line]) -> None:
    """Print lines that are safe already, coloured on a terminal."""
    if not streams.colour:
        for line in lines:
            streams.raw(plain(line))
        return
    from rich.text import Text

    console = _console(streams)
    for line in lines:
        pieces = ((piece, _STYLES.get(style, style)) for piece, style in line)
        # Folding is done: a command that is longer than the line is to be copied in one piece.
        console.print(Text.assemble(*pieces), soft_wrap=True)


def verdict_lines(hotfix: Hotfix, verdict: Verdict, *, width: int | None = None, verbose: bool = False) -> list[Line]:
    """Which hotfix, the table of its gates, what each found, who approved it, and which policy held; folded to `width`
    columns."""
    lines: list[Line] = [
        *_paragraph(headline(hotfix), width),
        (),
        *gate_table(verdict, width=width, verbose=verbose),
        (),
    ]
    for block in gate_blocks(verdict.gates, verdict.waivers, width=width, verbose=verbose):
        lines += [*block, ()]
    for approval in worth_telling(verdict.approvals):
        lines += _paragraph(approval_line(approval), width)
    return [*lines, *_paragraph(policy_line(verdict), width)]


def allowed_lines(verdict: Verdict, *, width: int | None = None) -> list[Line]:
    """What passes with a warning or a waiver, and who approved it: what somebody should know before they say yes."""
    lines: list[Line] = []
    noted = [gate for gate in verdict.gates if gate.status in ("warn", "waived")]
    for block in gate_blocks(noted, verdict.waivers, width=width):
        lines += block
    for approval in worth_telling(verdict.approvals):
        lines += _paragraph(approval_line(approval), width)
    return lines


def _paragraph(text: str, width: int | None) -> list[Line]:
    return [((row, ""),) for row in fold(safe_line(text), width, lead=0, indent=2)]


def headline(hotfix: Hotfix) -> str:
    """One line that says which hotfix this is."""
    title = f" · {hotfix.title}" if hotfix.title else ""
    base = f"{hotfix.base_tag} ({(hotfix.base or '')[:10]})" if hotfix.base_tag else "no production tag"
    return f"{hotfix.branch}{title} · {hotfix.severity} · from {base}, at {hotfix.tip[:10]}"


def policy_line(verdict: Verdict) -> str:
    """Which policy held."""
    commit = (verdict.policy_commit or "")[:10]
    if verdict.policy_file is None:
        return f"policy: the defaults (production at {commit} holds no .git-hotfix.toml)"
    place = f"{verdict.policy_from}, not the policy of production," if verdict.policy_from else "production"
    return f"policy: {verdict.policy_file} of {place} at {commit}"


def choose(streams: Streams, question: str, answers: Sequence[str]) -> int | None:
    """Ask a person for one of several `answers`; its place in them. None without a terminal, and for another answer."""
    if not streams.is_terminal:
        return None
    streams.say(question)
    for number, answer in enumerate(answers, start=1):
        streams.say(f"  {number}  {answer}")
    streams.say(f"1 to {len(answers)}, or nothing to stop:")
    said = streams.stdin.readline().strip()
    return int(said) - 1 if said.isascii() and said.isdigit() and 0 < int(said) <= len(answers) else None


def ask(streams: Streams, question: str) -> bool:
    """Ask a person once; True without asking where there is none (stdin and stderr decide)."""
    if not streams.is_terminal:
        return True
    streams.say(f"{question} [y/N]")
    return streams.stdin.readline().strip().lower() in ("y", "yes")
