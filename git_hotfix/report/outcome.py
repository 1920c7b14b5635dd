"""What a finish or backport did, or would do: the verdict in a sentence, what needs a human, then the rest."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from git_hotfix.model.command_line import command_line
from git_hotfix.model.names import IssueId, short
from git_hotfix.model.words import counted
from git_hotfix.report import refusals, settled_conflicts
from git_hotfix.report.streams import Streams
from git_hotfix.report.text import table

if TYPE_CHECKING:  # check shows no outcome and need not pay for its values
    from git_hotfix.model.plan import Delivery, LeftOut, Outcome, Why

_LISTED = 20  # targets; where there are more, those that need nobody are counted
_NAMED = 3  # branches or files that are named; the others are counted
_THERE = ("merged", "already")
_COMMIT = re.compile(r"~[0-9a-f]{40,64}(?:_\d+)?$")  # what git calls a file by where a folder has its name
_LANDED = {"merge": "merged", "fast-forward": "fast-forwarded", "squash": "squashed"}
_LEFT_OUT: Mapping[Why, tuple[str, str, str]] = {  # one, several, more about it
    "inactive": ("inactive feature branch", "inactive feature branches", " (older than {days})"),
    "finished": ("finished release line", "finished release lines", ""),
    "merged": ("merged feature branch", "merged feature branches", ""),
    "excluded": ("excluded branch", "excluded branches", ""),
    "alias": ("other name of a branch", "other names of branches", ""),
    "hotfix": ("branch", "branches", " that a prefix of hotfixes names"),
    "offer": ("branch of a pull request", "branches of pull requests", ""),
    "not-a-target": ("branch", "branches", " that backport.targets does not name"),
}


def show_outcome(
    streams: Streams, outcome: Outcome, issue: IssueId, *, planned: bool = False, verbose: bool = False
) -> None:
    """Print the outcome of `issue`; `planned` says that it is what would happen, `verbose` names what is left out."""
    sentence, notes = verdict_sentence(outcome, planned=planned), outcome.notes
    if outcome.pull_request and notes:
        sentence, notes = (
            notes[0],
            notes[1:],
        )  # production refused: that is the verdict, and the server's words explain it
    if outcome.refused:
        streams.out(f"finish would refuse: {outcome.refused}")
        sentence = sentence and f"after that: {sentence}"
    if sentence:
        streams.out(sentence)
    refused_first = bool(outcome.said)
    if refused_first:
        refusals.show(streams, outcome)
    _show_steps(streams, outcome, issue, planned=planned)
    if not refused_first:
        refusals.show(streams, outcome)
    rows = [*_rows(outcome, every=streams.verbose)]
    if rows:
        table(streams, ("branch", "how", "would be" if planned else "result", ""), rows)
    if any(delivery.settled for delivery in outcome.deliveries):
        settled_conflicts.show(streams, outcome.deliveries)
    for branch, command in outcome.left.items():
        streams.out(f"{branch} is checked out and was not moved; bring the fix there: {command}")
    for line in left_out_lines(outcome.left_out, issue, verbose=verbose):
        streams.out(line)
    for note in (*notes, *_notes_of_copies(outcome.deliveries)):
        streams.out(f"note: {note}")


def _notes_of_copies(deliveries: Sequence[Delivery]) -> Iterator[str]:
    """The copies of fixed files, each once with the branches that have it."""
    branches: dict[tuple[str, str], list[str]] = {}
    for each in deliveries:
        for pair in each.copies:
            branches.setdefault(pair, []).append(each.target.branch)
    for (copy, original), names in branches.items():
        yield f"{copy} is a copy of {original} and keeps what the fix replaces, in {_some(names)}"


def left_out_lines(left_out: Sequence[LeftOut], issue: IssueId, *, verbose: bool) -> list[str]:
    """What was not looked at, counted by the reason, and the command that includes one; the names with `verbose`."""
    groups: dict[tuple[Why, int], list[str]] = {}
    for each in sorted(left_out, key=lambda each: list(_LEFT_OUT).index(each.why)):
        groups.setdefault((each.why, each.days), []).append(short(each.ref))
    if not groups:
        return []
    parts = []
    for (why, days), names in groups.items():
        one, more, detail = _LEFT_OUT[why]
        parts.append(counted(len(names), one, more) + detail.format(days=counted(days, "day")))
    include = command_line("backport", issue, to="BRANCH")
    lines = [f"left out: {', '.join(parts)} · to include one: {include}"]
    return lines + [f"  {why}: {' '.join(names)}" for (why, _), names in groups.items() if verbose]


def verdict_sentence(outcome: Outcome, *, planned: bool) -> str:
    """`v1.4.3 is on main. 36 of 40 branches have the fix; 3 conflict, 1 was refused.`, or nothing before a push."""
    landing, tag = outcome.production, outcome.tag
    if outcome.blocked:
        pushed = "would be" if planned else "was"
        wait = "there is no tag yet, and the targets wait"
        return f"{outcome.blocked.target.branch}, the production branch, conflicts: nothing {pushed} pushed, {wait}."
    there = landing is not None and tag is not None and landing.landed and tag.exists
    if not (planned or outcome.pushed or there or landing is None):
        return ""  # production did not take it: what it said stands below
    targets = _targets_sentence(outcome.deliveries, "will have" if planned else "have")
    if landing is None or tag is None:
        return f"All{targets[3:]}" if targets.startswith("all ") else targets
    production = f"{tag.name} {'will be' if planned and not there else 'is'} on {short(landing.ref)}"
    if not targets:
        return f"{production}."
    return f"{production}, and {targets}" if targets.startswith("all ") else f"{production}. {targets}"


def last_line(outcome: Outcome, *, production: str = "", named: bool = False) -> str:
    """Who has the fix, of an outcome that leaves nothing open; a target that was skipped or is not affected has none.

    `production` is the branch that has it, too; `named` says that only some targets were asked for.
    """
    skipped = sum(each.status == "skipped" for each in outcome.deliveries)
    everybody = f"{production} and every target have" if production else "Every target has"
    who = "These branches have" if named else everybody
    free = sum(each.status == "not-affected" for each in outcome.deliveries)
    others = [counted(skipped, "skipped branch", "skipped branches")] if skipped else []
    others += [counted(free, "branch that is not affected", "branches that are not affected")] if free else []
    less = f" except {' and '.join(others)}" if others else ""
    inactive = sum(each.why == "inactive" for each in outcome.left_out)
    unseen = counted(inactive, "inactive branch was", "inactive branches were")
    return f"{who} the fix{less}" + (f"; {unseen} left out" if inactive else "")


def question(outcome: Outcome) -> str:
    """What is about to be pushed, as one question: `Push main, v1.4.3 and 12 branches? 3 conflicts stay open`."""
    landing, tag = outcome.production, outcome.tag
    names = [short(landing.ref)] if landing and not landing.landed else []
    names += [tag.name] if tag and not tag.exists else []
    names += [each.tag.name for each in outcome.deliveries if each.tag]
    pushed = [each for each in outcome.deliveries if each.status == "merged" and not each.offer]
    offered = [each for each in outcome.deliveries if each.offer and not each.offer.opened]
    names += [each.target.branch for each in pushed] if len(pushed) == 1 else []
    names += [counted(len(pushed), "branch", "branches")] if len(pushed) > 1 else []
    names += [counted(len(offered), "pull request")] if offered else []
    listed = f"{', '.join(names[:-1])} and {names[-1]}" if len(names) > 1 else "".join(names)
    conflicts = sum(each.status == "conflict" for each in outcome.deliveries)
    stay = f" {counted(conflicts, 'conflict stays', 'conflicts stay')} open" if conflicts else ""
    return f"Push {listed or 'this'}?{stay}"


def _targets_sentence(deliveries: Sequence[Delivery], verb: str) -> str:
    have = [each for each in deliveries if each.status in _THERE]
    if not deliveries:
        return ""
    if len(have) == len(deliveries):
        if len(have) > 1:
            return f"all {len(have)} branches {verb} the fix."
        return f"{have[0].target.branch} {'has' if verb == 'have' else verb} the fix."
    parts = ", ".join(_tally(deliveries))
    return f"{len(have)} of {len(deliveries)} branches {verb} the fix; {parts}."


def _tally(deliveries: Sequence[Delivery]) -> Iterator[str]:
    """How many targets stand where, in words, those that need a human first."""

    def many(status: str, one: str, more: str, **wanted: bool) -> Iterator[str]:
        found = [each for each in deliveries if each.status == status]
        count = sum(all(bool(getattr(each, key)) == value for key, value in wanted.items()) for each in found)
        if count:
            yield f"{count} {one if count == 1 else more}"

    yield from many("conflict", "conflicts", "conflict")
    yield from many("reverted", "took it out again", "took it out again")
    yield from many("failed", "was refused", "were refused", refused=True)
    yield from many("failed", "failed", "failed", refused=False)
    yield from many("pending", "waits for its pull request", "wait for their pull requests", offer=True)
    yield from many("pending", "is still open", "are still open", offer=False)
    yield from many("skipped", "was skipped", "were skipped")
    yield from many("not-affected", "is not affected", "are not affected")


def _show_steps(streams: Streams, outcome: Outcome, issue: IssueId, *, planned: bool) -> None:
    """What needs a human, each with its command: conflicts of one kind are said once, since one solution serves all."""
    from git_hotfix.model.next_step import command_to_leave_out, next_command

    covered: set[str | None] = set()
    lines = []
    for group in _group_alike(outcome.open):
        commands = [next_command(issue, delivery) for delivery in group]
        lines.append(f"  {_what_is_open(group)}")
        fresh = [each for each in dict.fromkeys(commands) if each in outcome.next and each not in covered]
        shown = fresh[: 1 if group[0].status == "conflict" and _is_solved_at_once(group[0]) else _NAMED]
        lines += [f"    {command}" for command in shown]
        if len(fresh) > len(shown) > 1:
            lines.append(f"    and {len(fresh) - len(shown)} more like these")
        without = command_to_leave_out(issue, group[0]) if fresh else None
        lines += [f"    to leave it out: {without}"] if without else []
        covered |= set(commands)
    others = [f"  {command}" for command in outcome.next if command not in covered]
    if lines:
        streams.out("this stays open:" if planned else "left to do:")
    elif others:
        streams.out("next:" if planned else "left to do:")
    for line in lines:
        streams.out(line)
    if lines and others:
        streams.out("next:")
    for line in others:
        streams.out(line)


def _is_solved_at_once(delivery: Delivery) -> bool:
    """Whether what solves this conflict solves those like it: all of it stands between markers."""
    return all(conflict.text for conflict in delivery.open)


def _group_alike(deliveries: Sequence[Delivery]) -> list[list[Delivery]]:
    """The open targets, together those that are open for the same reason."""
    groups: dict[object, list[Delivery]] = {}
    for delivery in deliveries:
        page = delivery.offer and delivery.offer.ref
        kind = tuple((conflict.path, conflict.kind, conflict.text) for conflict in delivery.open)
        groups.setdefault((delivery.status, kind, delivery.reason, page), []).append(delivery)
    return list(groups.values())


def _what_is_open(group: Sequence[Delivery]) -> str:
    """What is open in these targets, in a line."""
    first, others = group[0], len(group) - 1
    names = _some([each.target.branch for each in group])
    if first.offer:
        page = first.offer.page or f"{short(first.offer.ref)} into {names}"
        return f"pull request into {names}: {page}" if first.offer.opened else f"open this pull request: {page}"
    if first.status == "conflict":
        told = (f"{_COMMIT.sub('', conflict.path)} ({conflict.kind})" for conflict in first.open)
        files = _some([*dict.fromkeys(told)])  # git names a file and a submodule of one path apart
        rest = f"the other {others} follow" if others > 1 else "the other one follows"
        ways = f"solve {first.target.branch}, {rest}" if _is_solved_at_once(first) else "each is solved by itself"
        follow = f"; {ways}" if others else ""
        because = f"; {first.reason}" if first.reason else ""
        return f"{names}: conflict in {files}{because}{follow}"
    later = "; when the server takes it:" if first.status == "failed" and first.refused else ""
    return f"{names}: {_why(first) or first.status}{later}"


def _some(names: Sequence[str]) -> str:
    more = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
    return ", ".join(names[:_NAMED]) + more


def _rows(outcome: Outcome, *, every: bool = False) -> Iterator[tuple[str, str, str, str]]:
    """Production, tag and targets; of many targets only those that have something to tell, unless `every` one is
    wanted."""
    if outcome.blocked:  # production stays as it is, and there is no tag
        yield outcome.blocked.target.branch, "production", "conflict", _why(outcome.blocked)
        return
    if outcome.production:
        landing = outcome.production
        ids = "" if landing.landed else f"{landing.old[:10]} → {landing.new[:10]}"
        yield short(landing.ref), "production", "already" if landing.landed else _LANDED[landing.strategy], ids
    if outcome.tag:
        state = "already" if outcome.tag.exists else "tagged"
        yield outcome.tag.name, "tag", state, f"on {outcome.tag.target[:10]}"
    for tag in outcome.floating:
        yield tag.name, "floating tag", tag.status, tag.reason or f"to {tag.tag}"
    many = len(outcome.deliveries) > _LISTED and not every
    tally: dict[tuple[str, str], int] = {}
    for delivery in outcome.deliveries:
        # What conflicts in many branches stands above, once.
        if many and delivery.target.tier == 3 and not delivery.tag and delivery.status in (*_THERE, "conflict"):
            key = (delivery.strategy if delivery.status == "merged" else "", _state(delivery))
            tally[key] = tally.get(key, 0) + 1
            continue
        yield delivery.target.branch, delivery.strategy, _state(delivery), _why(delivery)
        if delivery.tag:
            yield delivery.tag.name, "tag", "tagged", f"on {delivery.tag.target[:10]}"
    for (strategy, state), count in tally.items():
        yield counted(count, "feature branch", "feature branches"), strategy, state, ""


def _state(delivery: Delivery) -> str:
    """The status, in git's word for how it was done."""
    picked = delivery.status == "merged" and delivery.strategy == "cherry-pick"
    return "applied" if picked else delivery.status


def _why(delivery: Delivery) -> str:
    if delivery.open:
        many = f"{counted(len(delivery.open), 'file')} in conflict"
        return f"{many}; {delivery.reason}" if delivery.reason else many
    if delivery.settled and delivery.status != "already":
        return f"{counted(len(delivery.settled), 'conflict')} settled"
    if delivery.refused and delivery.said:  # in the server's own lines, which stand above
        branch = next((short(ref) for ref, _ in delivery.said if ref != delivery.target.ref), None)
        if delivery.offer:
            return "refused; by pull request"
        return f"refused, and so was {branch}" if branch else "refused"
    return delivery.reason
