"""What a hotfix still lacks before it is done, each with the command for it: `git hotfix close` lists it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from git_hotfix.documents.paper import Missing, Paper
from git_hotfix.errors import UNCHANGED, ExitCode, Failure
from git_hotfix.model.boxes import Box
from git_hotfix.model.command_line import command_line
from git_hotfix.model.form import Step, required_fields
from git_hotfix.model.policy import Policy
from git_hotfix.model.words import counted, one_line
from git_hotfix.record.boxes import command_for, needs_of
from git_hotfix.record.follow_ups import POST_MORTEM_WITHIN


def find(paper: Paper, policy: Policy, *, written: bool) -> tuple[Missing, ...]:
    """Everything that is missing, in the order in which people do it. `written`: the post-mortem stands on develop or
    production."""
    return tuple(_find(paper, policy, written=written))


def _find(paper: Paper, policy: Policy, *, written: bool) -> Iterator[Missing]:
    issue = paper.hotfix.issue
    if not paper.finished:
        production = paper.hotfix.production
        yield Missing("tag", f"it is not finished: {production} has no tag of it", command_line("finish", issue))
        return

    def mark(name: str) -> str:
        return command_line("mark", name, issue=issue)

    owed = [each for each in paper.deliveries if each.owed]
    if owed:
        many = counted(len(owed), "target lacks", "targets lack")
        yield Missing("targets", f"{many} the fix", command_line("backport", issue))
    if "deployed" in paper.timeline.moments and paper.boxes["monitoring"].state == "open":
        yield Missing(
            "monitoring",
            "no watch of production after the deployment has passed",
            command_line("monitor", issue=issue),
        )
    for event, words in (("verified", "nobody said that the fault is gone"), ("resolved", "the incident is open")):
        if event not in paper.timeline.moments:
            yield Missing(event, words, mark(event))
    for field in required_fields(policy, paper.hotfix.severity, "close"):
        if not paper.statements.value(field.id) and field.id != "actions":
            yield Missing(f"answer:{field.id}", field.question, command_line("edit", field.id, issue=issue))
    yield from _actions(paper, policy)
    for box in open_boxes(paper, policy, "close"):
        yield Missing(f"box:{box.id}", f"the box {box.id} is open: {box.text}", command_for(box, paper.hotfix.issue))
    if not written:
        resolved = paper.timeline.at("resolved")
        due = None if resolved is None else resolved + POST_MORTEM_WITHIN
        yield Missing(
            "post-mortem", "the post-mortem is neither on develop nor on production", _post_mortem_command(paper), due
        )


def open_boxes(paper: Paper, policy: Policy, step: Step) -> tuple[Box, ...]:
    """The boxes that `step` needs and that are open; a team's own counts where it applies to the changed paths."""
    needed: tuple[str, ...] = getattr(needs_of(policy, paper.statements), step)
    return tuple(paper.boxes[id].box for id in needed if id in paper.boxes and paper.boxes[id].state == "open")


def box_refusal(paper: Paper, policy: Policy) -> Failure | None:
    """Why `finish` refuses while a box is open that it needs (exit 1), each with its command; else None."""
    found = open_boxes(paper, policy, "finish")
    if not found:
        return None
    return Failure(
        f"finish needs {counted(len(found), 'box', 'boxes')} that {'are' if len(found) > 1 else 'is'} open: "
        + ", ".join(box.id for box in found),
        hint="\n".join(one_line(f"{box.text}: {command_for(box, paper.hotfix.issue)}") for box in found),
        code=ExitCode.REFUSED,
        unchanged=UNCHANGED,
    )


def missing_objects(missing: Sequence[Missing]) -> list[dict[str, Any]]:
    """What is missing in JSON; `due` in seconds since the epoch."""
    return [{"id": each.id, "what": each.what, "command": each.command, "due": each.due} for each in missing]


def _actions(paper: Paper, policy: Policy) -> Iterator[Missing]:
    """Every follow-up that is not done has an owner and a date; where the policy needs one, there is one."""
    command = command_line("edit", "actions", issue=paper.hotfix.issue)
    needed = any(field.id == "actions" for field in required_fields(policy, paper.hotfix.severity, "close"))
    if needed and not paper.statements.value("actions"):
        yield Missing("answer:actions", "nobody said what is to be done later", command)
    for action in paper.actions:
        if not action.done and not action.owned and action.kind != "review":
            yield Missing("actions", f"no owner or no date: {action.what}", command)


def _post_mortem_command(paper: Paper) -> str:
    return command_line("postmortem", paper.tag or paper.hotfix.issue)
