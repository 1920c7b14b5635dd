"""Text for people: tables that a tired person reads in five seconds. Plain where stdout is no terminal."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from git_hotfix.model.hotfix import Hotfix
from git_hotfix.model.names import short
from git_hotfix.model.verdict import Verdict
from git_hotfix.model.words import counted
from git_hotfix.report import settled
from git_hotfix.report.layout import Line, folded, plain
from git_hotfix.report.permissions import approval_line, telling
from git_hotfix.report.streams import Streams, safe, safe_line
from git_hotfix.report.verdict import gate_blocks, gate_table

if TYPE_CHECKING:  # check shows no outcome and need not pay for its values
    from git_hotfix.model.plan import Delivery, Outcome

_STYLES = {
    "ok": "green", "pass": "green", "merged": "green", "already": "green", "tagged": "green", "warn": "yellow",
    "waived": "yellow", "skipped": "yellow", "pending": "yellow", "fail": "bold red", "unknown": "bold red",
    "conflict": "bold red", "failed": "bold red", "off": "dim",
}  # fmt: skip
_SHOWN = 12  # targets that fared alike are counted, not listed, where there are more
_NAMED = 3  # branches that are named where a conflict is shared by more than that


def table(streams: Streams, head: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Print `rows` below `head`; words that name a state are coloured on a terminal."""
    if not streams.colour:
        for line in plain_table(head, rows):
            streams.raw(line)
        return
    from rich.console import Console  # 46 ms; only a person at a terminal pays for it
    from rich.table import Table
    from rich.text import Text

    grid = Table(box=None, pad_edge=False, header_style="dim")
    for title in head:
        grid.add_column(title, overflow="fold")
    for row in rows:
        grid.add_row(*(Text(safe(cell), style=_STYLES.get(cell, "")) for cell in row))
    Console(file=streams.stdout, highlight=False).print(grid)


def plain_table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    """The lines of a table with aligned columns and no trailing blanks."""
    clean = [[safe(cell) for cell in row] for row in [head, *rows]]
    widths = [max(len(row[column]) for row in clean) for column in range(len(head))]
    return ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in clean]


def show_verdict(streams: Streams, hotfix: Hotfix, verdict: Verdict) -> None:
    """The gates of a hotfix and what they found."""
    show_lines(streams, verdict_lines(hotfix, verdict, width=streams.columns))


def show_lines(streams: Streams, lines: Iterable[Line]) -> None:
    """Print lines that are safe already, coloured on a terminal."""
    if not streams.colour:
        for line in lines:
            streams.raw(plain(line))
        return
    from rich.console import Console  # 46 ms; only a person at a terminal pays for it
    from rich.text import Text

    console = Console(file=streams.stdout, highlight=False)
    for line in lines:
        pieces = ((piece, _STYLES.get(style, style)) for piece, style in line)
        # Folding is done: a command that is longer than the line is to be copied in one piece.
        console.print(Text.assemble(*pieces), soft_wrap=True)


def verdict_lines(hotfix: Hotfix, verdict: Verdict, *, width: int | None = None, verbose: bool = False) -> list[Line]:
    """Which hotfix, the table of its gates, what each found, who approved it, and which policy held; folded to `width`
    columns."""
    lines: list[Line] = [*_paragraph(headline(hotfix), width), (), *gate_table(verdict, verbose=verbose), ()]
    for block in gate_blocks(verdict.gates, verdict.waivers, width=width, verbose=verbose):
        lines += [*block, ()]
    for approval in telling(verdict.approvals):
        lines += _paragraph(approval_line(approval), width)
    return [*lines, *_paragraph(policy_line(verdict), width)]


def _paragraph(text: str, width: int | None) -> list[Line]:
    return [((row, ""),) for row in folded(safe_line(text), width, lead=0, indent=2)]


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
    place = f"{verdict.policy_from}, which is not production's word," if verdict.policy_from else "production"
    return f"policy: {verdict.policy_file} of {place} at {commit}"


def show_outcome(streams: Streams, outcome: Outcome, *, planned: bool = False) -> None:
    """Production, tag and every target, with what became of it (or would become)."""
    rows = []
    if outcome.production:
        landing = outcome.production
        state = "already" if landing.landed else "merged"
        ids = "" if landing.landed else f"{landing.old[:10]} → {landing.new[:10]}"
        rows.append((short(landing.ref), "production", state, ids))
    if outcome.tag:
        state = "already" if outcome.tag.exists else "tagged"
        rows.append((outcome.tag.name, "tag", state, f"on {outcome.tag.target[:10]}"))
    shown, folded = _folded(outcome.deliveries)
    for each in shown:
        rows.append((each.target.branch, each.strategy, each.status, _why(each)))
        if each.tag:
            rows.append((each.tag.name, "tag", "tagged", f"on {each.tag.target[:10]}"))
    rows += [(counted(many, "feature branch", "feature branches"), "", state, "") for state, many in folded.items()]
    if rows:
        table(streams, ("branch", "how", "would be" if planned else "result", ""), rows)
    _show_conflicts(streams, outcome.deliveries)
    _show_offers(streams, outcome.deliveries, planned=planned)
    if any(delivery.settled for delivery in outcome.deliveries):
        settled.show(streams, outcome.deliveries)
    for branch, command in outcome.left.items():
        streams.out(f"{branch} is checked out and stays where it is; take the fix there: {command}")
    for note in outcome.notes:
        streams.out(f"note: {note}")
    if outcome.next:
        streams.out("left to do:")
        for command in outcome.next:
            streams.out(f"  {command}")


def _show_conflicts(streams: Streams, deliveries: Sequence[Delivery]) -> None:
    """Every conflict with its branch; one that many branches share is said once."""
    shared: dict[tuple[str, str], list[str]] = {}
    for delivery in deliveries:
        for conflict in delivery.open:
            shared.setdefault((conflict.path, conflict.kind), []).append(delivery.target.branch)
    for delivery in deliveries:
        for conflict in delivery.open:
            branches, branch = shared[conflict.path, conflict.kind], delivery.target.branch
            if len(branches) <= _SHOWN:
                streams.out(f"  {branch}: {conflict.path} ({conflict.kind})")
            elif branch == branches[0]:
                named, more = ", ".join(branches[:_NAMED]), len(branches) - _NAMED
                streams.out(f"  {conflict.path} ({conflict.kind}) in {named} and {more} more")


def _show_offers(streams: Streams, deliveries: Sequence[Delivery], *, planned: bool) -> None:
    """The pull requests that bring the fix: those that are there, and the pages that open the others."""
    if planned:
        return
    for each in deliveries:
        if each.offer and each.offer.opened:
            streams.out(f"pull request into {each.target.branch}: {each.offer.page}")
        elif each.offer:
            branch = short(each.offer.ref)
            streams.out(f"open this pull request: {each.offer.page or f'{branch} into {each.target.branch}'}")


def ask(streams: Streams, question: str) -> bool:
    """Ask a person once; True without asking where there is none (stdin and stderr decide)."""
    if not streams.is_terminal:
        return True
    streams.say(f"{question} [y/N]")
    return streams.stdin.readline().strip().lower() in ("y", "yes")


def _folded(deliveries: Sequence[Delivery]) -> tuple[list[Delivery], dict[str, int]]:
    """The targets to list, and how many feature branches are only counted: of those that went well, and of those in
    conflict, which stand below with the command for each, where they are many."""
    tally: dict[str, int] = {}
    folded = set()
    for statuses in (("merged", "already"), ("conflict",)):
        alike = [each for each in deliveries if each.target.tier == 3 and each.status in statuses and each.tag is None]
        if len(alike) > _SHOWN:
            folded |= {each.target.ref for each in alike}
            for each in alike:
                tally[each.status] = tally.get(each.status, 0) + 1
    return [each for each in deliveries if each.target.ref not in folded], tally


def _why(delivery: Delivery) -> str:
    if delivery.open:
        return f"{counted(len(delivery.open), 'file')} in conflict"
    if delivery.settled:
        return f"{counted(len(delivery.settled), 'conflict')} settled"
    return delivery.reason
