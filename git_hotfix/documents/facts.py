"""The facts that documents show, one row each: of `FACTS` a line of text, of `LISTS` a list or table; a function of all
that is known of a hotfix. An empty one is a gap, and the document shows it as such."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import date, datetime, timezone

from git_hotfix.documents.contents import Row, Rows
from git_hotfix.documents.paper import ChangedFile, Paper
from git_hotfix.model import events
from git_hotfix.model.actions import Action
from git_hotfix.model.approvals import Approval
from git_hotfix.model.command_line import command_line
from git_hotfix.model.names import short
from git_hotfix.model.plan import Delivery
from git_hotfix.model.recorded_evidence import FOR, LOOKS, TESTS, Evidence
from git_hotfix.model.times import duration_words, moment
from git_hotfix.model.watch import read_number
from git_hotfix.model.words import counted
from git_hotfix.record.timeline import Moment
from git_hotfix.report.approvals import name_of

SEVERITIES = {"P0": "Critical", "P1": "High", "P2": "Medium"}
"""The severities in the words of a pull request."""
MOMENTS = {
    "started": "the hotfix was started",
    "fixed": "the last commit of the fix was made",
    "tested": "a test passed on the fix",
    "approved": "the fix was approved",
    "released": "the fix was released",
    "delivered": "every target had the fix",
    "done": "nothing was left to do",
}
"""What the moments that nobody states say."""
_MANY = 5  # feature branches with the fix that are named one by one
_LACK = ("conflict", "failed", "pending", "reverted")
_STATUS = {
    "already": "has the fix",
    "merged": "gets the fix",
    "not-affected": "never had the code",
    "skipped": "was skipped",
    "conflict": "has a conflict",
    "failed": "did not take it",
    "pending": "waits",
    "reverted": "took the fix out again",
}


def _severity(paper: Paper) -> str:
    return f"{paper.hotfix.severity} ({SEVERITIES[paper.hotfix.severity]})"


def _branch(paper: Paper) -> str:
    return f"{paper.hotfix.branch} (deleted)" if paper.branch_gone else paper.hotfix.branch


def _span(name: str) -> Callable[[Paper], str]:
    """A duration of the timeline with both of its ends named."""

    def fact(paper: Paper) -> str:
        span = getattr(paper.timeline, name)
        if span is None:
            return ""
        so_far = " so far" if span.open else ""
        return f"{duration_words(span.seconds)}{so_far} ({span.from_id} to {span.to_id})"

    return fact


def _proved(name: str) -> Callable[[Paper], str]:
    """What the last proof of the fix on the code as it is saw, `Before` the fix or `After` it."""

    def fact(paper: Paper) -> str:
        proofs = [one for one in paper.evidence if one.kind == "prove" and one.tree == paper.hotfix.tip_tree]
        return proofs[-1].entry.facts.get(name, "") if proofs else ""

    return fact


def _report_title(paper: Paper) -> str:
    """How far a hotfix is, as the heading of its report says it."""
    book = paper.hotfix.logbook
    if not paper.finished:
        return "Hotfix not finished yet"
    if book.of_kind("rollback"):
        return "Hotfix rolled back"
    if any(each.owed for each in paper.deliveries):
        return "Hotfix in production, not everywhere yet"
    # As `close` says it: complete once nothing is missing, or once that was recorded.
    return "Hotfix report" if paper.missing and not book.of_kind("done") else "Hotfix complete"


def _counted(paper: Paper) -> list[Approval]:
    return [approval for approval in paper.verdict.approvals if approval.counted]


FACTS: Mapping[str, Callable[[Paper], str]] = {
    "title": lambda paper: paper.hotfix.title or paper.hotfix.issue,
    "issue": lambda paper: paper.hotfix.issue,
    "forge-issue": lambda paper: paper.links.closes,
    "ticket": lambda paper: paper.links.ticket or paper.hotfix.issue,
    "severity": _severity,
    "base-tag": lambda paper: paper.hotfix.base_tag or "",
    "tag": lambda paper: paper.tag or "",
    "tag-made": lambda paper: f"{paper.tag} (not made yet)" if paper.tag and not paper.finished else paper.tag or "",
    "report-title": _report_title,
    "branch": _branch,
    "evidence-before": _proved("Before"),
    "evidence-after": _proved("After"),
    "date": lambda paper: paper.timeline.date,
    "author": lambda paper: name_of(paper.timeline.author),
    "authorized-by": lambda paper: ", ".join(dict.fromkeys(name_of(each.who) for each in _counted(paper))),
    "authorized-at": lambda paper: moment(at) if (at := paper.timeline.at("approved")) is not None else "",
    "response-time": _span("response_time"),
    "resolution-time": _span("resolution_time"),
    "duration": _span("duration"),
    "time-to-fix": _span("time_to_fix"),
    "watch-for": lambda paper: _watched_for(paper) or paper.statements.value("watch-for"),
    "pull-request": lambda paper: paper.links.pull_request or paper.statements.value("link-pr"),
    "release-link": lambda paper: paper.links.release or paper.statements.value("link-release"),
    "incident-link": lambda paper: paper.statements.value("link-incident") or paper.links.ticket,
}


def _changed(file: ChangedFile) -> str:
    return "binary" if file.added is None or file.removed is None else f"+{file.added} -{file.removed}"


def _files(paper: Paper) -> Rows:
    """Each file with its lines, and what the commits say, which is the same for each."""
    says = "; ".join(paper.subjects)
    rows = [Row(each.path, {"path": each.path, "lines": _changed(each), "change": says}) for each in paper.files]
    return Rows(("path", "lines", "change"), tuple(rows))


def _text_rows(rows: Sequence[tuple[str, str]]) -> Rows:
    """A list of texts, each with the key that names it."""
    return Rows(("text",), tuple(Row(key, {"text": text}) for key, text in rows))


def _evidence(paper: Paper) -> Rows:
    return _text_rows([(one.entry.oid or one.name, _says(one, paper)) for one in paper.evidence])


def _says(one: Evidence, paper: Paper) -> str:
    kind = {"run": "run", "prove": "proof by", "monitor": "watched"}[one.kind]
    tests = "".join(f", {one.entry.facts[key]}" for key in (TESTS, LOOKS) if key in one.entry.facts)
    other = "" if one.monitor or one.tree in (None, paper.hotfix.tip_tree) else ", on other code"
    other = f", does not count: {one.uncounted}" if one.uncounted else other
    return f"{kind} {one.name}: {one.state}{tests}, {moment(one.ended)}{other}"


def _watched_for(paper: Paper) -> str:
    """For how long production was watched the last time; "" where it was not."""
    last = next((one for one in reversed(paper.evidence) if one.monitor and one.passed), None)
    seconds = read_number(last.entry.facts.get(FOR, "")) if last else None
    return f"{seconds:g} s" if seconds and seconds < 60 else duration_words(round(seconds)) if seconds else ""


def _monitored(paper: Paper) -> Rows:
    return _text_rows([(one.entry.oid or one.name, _says(one, paper)) for one in paper.evidence if one.monitor])


def _timeline(paper: Paper) -> Rows:
    """Every moment in the order of time, with whether somebody stated it or it was observed."""
    found = sorted(paper.timeline.moments.values(), key=lambda each: each.at)
    rows = [
        Row(
            each.id, {"time": moment(each.at).removesuffix(" UTC"), "event": _event(each, paper), "source": each.source}
        )
        for each in found
    ]
    return Rows(("time", "event", "source"), tuple(rows))


def _event(each: Moment, paper: Paper) -> str:
    says = events.BY_ID[each.id].text if each.id in events.BY_ID else MOMENTS.get(each.id, each.id)
    tag = f" as {paper.tag}" if each.id == "released" and paper.tag else ""
    word = f": {each.text}" if each.text and each.id in events.BY_ID else ""
    return f"{says}{tag}{word}"


def _approvals(paper: Paper) -> Rows:
    rows = []
    for each in _counted(paper):
        role = f" as {each.role}" if each.role else ""
        rows.append((each.id, f"{name_of(each.who)}{role}, {moment(each.when)}"))
    return _text_rows(rows)


def _waivers(paper: Paper) -> Rows:
    rows = [
        Row(each.id, {"id": each.id, "type": "gate", "gates": " ".join(each.gates), "reason": each.reason})
        for each in paper.verdict.waivers
        if not each.withdrawn
    ]
    return Rows(("id", "type", "gates", "reason"), tuple(rows))


def _deployed(paper: Paper) -> Rows:
    """Production, then each target; feature branches that have the fix are one line where they are many."""
    back = paper.hotfix.logbook.of_kind("rollback")
    state = "x" if paper.finished and not back else ""
    words = [paper.tag or "", f"rolled back by {back[-1].facts.get('Tag', '')}" if back else ""]
    tag = f" ({', '.join(filter(None, words))})" if paper.tag and paper.finished else ""
    stopped = next((each for each in paper.deliveries if each.target.tier == 1 and each.status in _LACK), None)
    text = _delivered(stopped)["text"] if stopped else f"{paper.hotfix.production}{tag}"
    rows = [Row("production", {"tick": state, "text": text})]
    features = [each for each in paper.deliveries if each.target.tier == 3 and each.status not in _LACK]
    together = len(features) > _MANY
    for each in paper.deliveries:
        if each is not stopped and not (together and each in features):
            rows.append(Row(each.target.ref, _delivered(each)))
    if together:
        many = counted(len(features), "feature branch", "feature branches")
        rows.append(Row("features", {"tick": "x", "text": many}))
    return Rows(("tick", "text"), tuple(rows))


def _delivered(each: Delivery) -> Mapping[str, str]:
    reason = f": {each.reason}" if each.reason and each.status in (*_LACK, "skipped") else ""
    text = f"{short(each.target.ref)} {_STATUS.get(each.status, each.status)}{reason}"
    return {"tick": "x" if each.status in ("already", "skipped", "not-affected") else "", "text": text}


def _next_steps(paper: Paper) -> Rows:
    """What is missing, each with its command, the questions as one; then the follow-ups. Each is said once."""
    asked = [each for each in paper.missing if each.id.startswith("answer:")]
    steps = [(each.id, f"{each.what}: {each.command}") for each in paper.missing if each not in asked]
    if asked:
        many = counted(len(asked), "question has no answer", "questions have no answer")
        steps.insert(0, ("answers", f"{many}: {command_line('edit', issue=paper.hotfix.issue)}"))
    said = {each.id for each in paper.missing}
    todo = [each for each in paper.actions if not each.done and not _said_as_missing(each, said)]
    return _text_rows([*steps, *((each.what, _action(each)) for each in todo)])


def _said_as_missing(action: Action, missing: Collection[str]) -> bool:
    """True for a follow-up of which the list of what is missing speaks already."""
    return "post-mortem" in missing if action.kind == "review" else "actions" in missing and not action.owned


def _action(action: Action) -> str:
    details = [action.owner, f"due {action.due}" if action.due else "", action.ticket]
    return ", ".join([action.what, *filter(None, details)])


def _actions(keep: Callable[[Action, Paper], bool]) -> Callable[[Paper], Rows]:
    """The follow-ups that `keep` takes; each is known by its first words."""

    def rows(paper: Paper) -> Rows:
        found: dict[str, Row] = {}
        for action in paper.actions:
            if keep(action, paper):
                key = "-".join(re.findall(r"\w+", action.what.lower()))[:40] or "action"
                key = key if key not in found else f"{key}.{len(found)}"
                found[key] = Row(key, {"tick": "x" if action.done else "", "text": _action(action)})
        return Rows(("tick", "text"), tuple(found.values()), said=True)

    return rows


def _kind(kind: str) -> Callable[[Action, Paper], bool]:
    return lambda action, paper: action.kind == kind


def _horizon(*horizons: str) -> Callable[[Action, Paper], bool]:
    return lambda action, paper: action.horizon in horizons


def _due(first: int, last: int) -> Callable[[Action, Paper], bool]:
    """Follow-ups that are due from `first` to `last` days after the incident was over (its release while it is open),
    at FORM's horizons of a day, a week and a month; one for 24 hours is due on the first day."""

    def keep(action: Action, paper: Paper) -> bool:
        if action.horizon == "24h":
            return first == 0
        ends = (paper.timeline.at("resolved"), paper.timeline.at("released"), paper.now)
        end = next(at for at in ends if at is not None)
        try:
            days = (date.fromisoformat(action.due) - datetime.fromtimestamp(end, timezone.utc).date()).days
        except ValueError:
            return False
        return first <= max(0, days) <= last

    return keep


_SPRINT = ("", "24h", "sprint")
"""The horizons of what the post-mortem lists first; it does not list that it is to be written."""

LISTS: Mapping[str, Callable[[Paper], Rows]] = {
    "changes": lambda paper: _text_rows([(each, each) for each in dict.fromkeys(paper.subjects)]),
    "files": _files,
    "evidence": _evidence,
    "monitored": _monitored,
    "timeline": _timeline,
    "approvals": _approvals,
    "waivers": _waivers,
    "deployed": _deployed,
    "next-steps": _next_steps,
    "team-boxes": lambda paper: _team_boxes(paper),
    "actions": _actions(lambda action, paper: True),
    "actions-docs": _actions(_kind("docs")),
    "actions-process": _actions(_kind("process")),
    "actions-prevent": _actions(_kind("prevent")),
    "actions-24h": _actions(_due(0, 1)),
    "actions-week": _actions(_due(2, 7)),
    "actions-month": _actions(_due(8, 31)),
    "actions-sprint": _actions(lambda action, paper: action.kind != "review" and action.horizon in _SPRINT),
    "actions-quarter": _actions(_horizon("quarter")),
    "actions-long": _actions(_horizon("long")),
}


def _team_boxes(paper: Paper) -> Rows:
    rows = []
    for id in paper.team_boxes:
        state = paper.boxes[id]
        note = " (not applicable)" if state.state == "na" else ""
        rows.append(Row(id, {"tick": "" if state.state == "open" else "x", "text": f"{state.box.text}{note}"}))
    return Rows(("tick", "text"), tuple(rows))
