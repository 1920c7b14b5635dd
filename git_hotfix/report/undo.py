"""What an undo took back and what it left, for people and for programs."""

from __future__ import annotations

from collections.abc import Mapping

from git_hotfix.errors import ExitCode
from git_hotfix.model.command_line import command_line
from git_hotfix.model.frozen import field, frozen
from git_hotfix.model.names import HEADS, short
from git_hotfix.model.run import Return, Run
from git_hotfix.model.words import counted
from git_hotfix.report import as_json, text
from git_hotfix.report.streams import Streams

_SHOWN = 12  # feature branches in a row that went back are counted, not listed, from here on


@frozen
class UndoReport:
    """What became of a run: its references, the local branches that are checked out (branch → command), and whether
    this is a plan, was `stopped` by a no, or was `idle` because it had been taken back already."""

    run: Run
    returns: tuple[Return, ...]
    planned: bool = False
    pushed: bool = False
    stopped: bool = False
    idle: bool = False
    earlier: bool = False
    branch: str = ""
    left: Mapping[str, str] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    next: tuple[str, ...] = ()


def document(done: UndoReport, code: ExitCode) -> str:
    """The one object that `undo` prints."""
    refs = [
        {"ref": each.ref, "tier": each.tier, "status": each.status, "now": each.now, "to": each.to,
         "revert": each.revert if each.left else "", "reason": each.reason}
        for each in done.returns
    ]  # fmt: skip
    body = {
        "issue": done.run.issue,
        "branch": done.branch,
        "run": {"command": done.run.command, "at": done.run.at},
        "refs": refs,
        "pushed": done.pushed,
        "left": dict(done.left),
        "notes": list(done.notes),
        "next": list(done.next),
    }
    return as_json.document("undo", code, body)


def show(streams: Streams, done: UndoReport) -> None:
    """Every reference, then what is left for a human."""
    streams.out(f"the {done.run.command} of {done.run.issue}")
    if done.stopped:
        streams.out("nothing was undone, and nothing was changed")
        return
    well = [each for each in done.returns if each.tier == 3 and each.status in ("back", "already")]
    fold = {each.ref for each in well} if len(well) > _SHOWN and not streams.verbose else set()
    rows = [(short(each.ref), each.status, _ids(each)) for each in done.returns if each.ref not in fold]
    for status in ("back", "already") if fold else ():
        many = sum(1 for each in well if each.status == status)
        if many:
            rows.append((counted(many, "feature branch", "feature branches"), status, ""))
    text.table(streams, ("branch", "would be" if done.planned else "result", ""), rows)
    for each in done.returns:
        if each.left and each.revert:
            streams.out(f"{short(each.ref)} keeps it; to revert it there, on {short(each.ref)}: {each.revert}")
    for branch, command in done.left.items():
        streams.out(f"{branch} is checked out and was not moved here; move it back there: {command}")
    for note in done.notes:
        streams.out(f"note: {note}")
    if done.idle:
        streams.out("there is nothing left to undo" if done.run.undone else "there is nothing to undo")
        if done.earlier:
            streams.out(
                "earlier runs for it stay as they are; to undo them too: "
                + command_line("undo", done.run.issue, all=True)
            )
    if done.pushed and any(each.status == "back" and each.ref.startswith(HEADS) for each in done.returns):
        streams.out(f"{done.branch} is open again")
    if done.next:
        streams.out("left to do:")
        for command in done.next:
            streams.out(f"  {command}")


def _ids(returned: Return) -> str:
    if returned.status == "back":
        return f"{(returned.now or '')[:10]} → {(returned.to or '')[:10] or 'deleted'}"
    return returned.reason
