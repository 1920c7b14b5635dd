"""Which boxes of a hotfix are done, which are open and which are not applicable, and what says so.

A box is done where something proves it, else where a person says so; what was said of code lapses with the code.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence

from git_hotfix.model import boxes, events, form, patterns
from git_hotfix.model.actions import Action
from git_hotfix.model.approvals import Approval
from git_hotfix.model.boxes import Box, State
from git_hotfix.model.command_line import command_line
from git_hotfix.model.frozen import field, frozen
from git_hotfix.model.names import Oid
from git_hotfix.model.policy import Needs, Policy
from git_hotfix.model.recorded_evidence import DEPLOY, SEEN, Evidence, last_run
from git_hotfix.record.statements import Statements


@frozen
class Proofs:
    """All that a box may be proved by. What nobody looked at is None or empty, and proves nothing.

    `tree` is the tree of the code as it is, `gates` says how each gate judged it (id → status), `required_runs` are the
    runs that policy asks for, `approved` says whether every approval is there that policy asks for, `clean` whether the
    merge to production has no conflict, `complete` whether no required question is open, `asked` whether somebody was
    asked for a review, `post_mortem` whether it stands on develop or production. `without` are the facts that make
    boxes not applicable: `migrations`, `configuration`. `changed` are the kinds of files that it changes: `tests`.
    `deployed` is when the fix went live, in seconds.
    """

    statements: Statements
    tree: Oid | None = None
    gates: Mapping[str, str] = field(default_factory=dict)
    evidence: tuple[Evidence, ...] = ()
    approvals: tuple[Approval, ...] = ()
    actions: tuple[Action, ...] = ()
    required_runs: tuple[str, ...] = ()
    approved: bool = False
    clean: bool = False
    complete: bool = False
    asked: bool = False
    post_mortem: bool = False
    deployed: int | None = None
    without: frozenset[str] = frozenset()
    changed: frozenset[str] = frozenset()


@frozen
class BoxState:
    """How a box stands: its state; `how` in words what says so, the entry of the logbook that does, where there is one,
    and whether what was said of it held for older code (`lapsed`)."""

    box: Box
    state: State = "open"
    how: str = ""
    text: str = ""
    entry: Oid | None = None
    lapsed: bool = False


def team_boxes(policy: Policy, paths: Collection[str] | None = None) -> tuple[Box, ...]:
    """The boxes that a team adds in its policy, and that a person ticks: those that apply to the changed `paths`, all
    where nobody looked."""
    return tuple(
        Box(id, one.text or id, lapses=one.lapses)
        for id, one in policy.boxes.items()
        if id not in boxes.BY_ID and (paths is None or not one.when or any(map(patterns.paths(one.when), paths)))
    )


def needs_of(policy: Policy, statements: Statements) -> Needs:
    """The boxes that finish and close need: those of the policy, and a review of security where the form says that
    one is needed."""
    if not _is_chosen("security=review-needed", statements):
        return policy.needs
    added = ("review-security",)
    finish, close = (tuple(dict.fromkeys((*names, *added))) for names in (policy.needs.finish, policy.needs.close))
    return Needs(finish, close)


def command_for(box: Box, issue: str) -> str:
    """The command that ticks a box: by a word where a person may give it, else what proves it."""
    if box.confirm or box.id in events.BY_ID:
        return command_line("mark", box.id, issue=issue)
    kind, _, name = box.proof.partition(":")
    if kind == "approval" and name:
        return command_line("approve", issue, role=name)
    name = name.partition(" ")[0]
    return {
        "approval": command_line("approve", issue),
        "approvals": command_line("approve", issue),
        "field": command_line("edit", name, issue=issue),
        "form": command_line("edit", issue=issue),
        "actions": command_line("edit", "actions", issue=issue),
        "merge": command_line("status", issue),
        "post-mortem": command_line("postmortem", issue),
    }.get(kind, command_line("check", issue))


def judge_boxes(proofs: Proofs, team: Sequence[Box] = ()) -> dict[str, BoxState]:
    """Every box by its id, the team's own behind the others."""
    found: dict[str, BoxState] = {}
    for box in (*boxes.BOXES, *team):
        found[box.id] = _judge(box, proofs, found)
    return found


def _judge(box: Box, proofs: Proofs, known: Mapping[str, BoxState]) -> BoxState:
    """Proof first: what a fact says cannot be unsaid; then what somebody said, while it holds; then the fact that makes
    the box not applicable. A fact that leaves nothing to prove comes before a proof that holds because of that."""
    if nothing := _nothing_to_do(box, proofs):
        return nothing
    for alternative in box.proof.split(" | ") if box.proof else ():
        words = alternative.split(" ") if not alternative.startswith("approval:") else [alternative]
        ends = [_prove(word, proofs, known) for word in words]
        if all(end is not None for end in ends):
            entry = next((end for end in reversed(ends) if end), None)
            by = next((each for each in proofs.approvals if each.oid and each.oid == entry), None)
            how = _says(alternative) if by is None else f"approval of {by.who.partition(' <')[0]}"
            return BoxState(box, "done", how, entry=entry)
    said = proofs.statements.boxes.get(box.id)
    if said and (said.state != "done" or box.confirm) and (said.state != "na" or box.na):
        lapsed = box.lapses and said.tree is not None and proofs.tree is not None and said.tree != proofs.tree
        if lapsed:
            return BoxState(box, "open", "said of older code", said.text, said.entry.oid, lapsed=True)
        return BoxState(box, said.state, f"said by {said.entry.who.partition(' <')[0]}", said.text, said.entry.oid)
    if box.without and box.without in proofs.without:
        return BoxState(box, "na", f"the fix changes no {box.without}")
    return BoxState(box)


def _nothing_to_do(box: Box, proofs: Proofs) -> BoxState | None:
    """The box as not applicable where nobody said anything of it and its proof would only hold because there is nothing
    to do: the answer is `none`, or a gate saw no such file."""
    if box.id in proofs.statements.boxes:
        return None
    kind, _, name = box.proof.partition(":")
    answer = proofs.statements.answers.get(name) if kind == "field" and name in _MAY_BE_NONE else None
    if answer and answer.value.strip(" .").casefold() == "none":
        return BoxState(box, "na", f"{name} is none", entry=answer.entry.oid)
    if kind == "gate" and box.without and box.without in proofs.without:
        return BoxState(box, "na", f"the fix changes no {box.without}")
    return None


def _says(alternative: str) -> str:
    """A proof in words: `gate max-files, max-lines`; `approval Technical Lead`."""
    words = [alternative] if alternative.startswith("approval:") else alternative.split(" ")
    kinds: dict[str, list[str]] = {}
    for word in words:
        kind, _, name = word.partition(":")
        kinds.setdefault(kind, []).append(name)
    return "; ".join(f"{kind} {', '.join(names)}".strip() for kind, names in kinds.items())


_MAY_BE_NONE = frozenset(field.id for field in form.FIELDS if field.prefill == "none")
"""Questions of which `none` says that there is nothing to do."""
_Prover = Callable[[str, Proofs, Mapping[str, BoxState]], "Oid | str | None"]


def _prove(word: str, proofs: Proofs, known: Mapping[str, BoxState]) -> Oid | None:
    """The entry that proves one word of a proof (empty where a fact does), or None where nothing does."""
    kind, _, name = word.partition(":")
    found = _PROVERS[kind](name, proofs, known)
    return None if found is None else Oid(found)


def _when(holds: bool) -> str | None:
    return "" if holds else None


def _run(name: str, proofs: Proofs, _: Mapping[str, BoxState]) -> str | None:
    """The last run of that name on the code as it is, where it passed; of deploy the one that put the release live: the
    tree of a tag may hold more than the fix."""
    if name == DEPLOY:
        runs = [one for one in proofs.evidence if one.kind == "run" and one.name == name and one.passed]
        return next((one.entry.oid or "" for one in runs if one.ended == proofs.deployed), None)
    last = last_run(proofs.evidence, name, proofs.tree)
    return (last.entry.oid or "") if last and last.passed else None


def _live(name: str, proofs: Proofs, _: Mapping[str, BoxState]) -> str | None:
    """A passed run that began after the fix went live."""
    if proofs.deployed is None:
        return None
    for one in reversed(proofs.evidence):
        named = one.kind == "run" and one.name in (name, f"{name}-live")
        if named and one.passed and one.began >= proofs.deployed:
            return one.entry.oid or ""
    return None


def _monitor(name: str, proofs: Proofs, _: Mapping[str, BoxState]) -> str | None:
    """The last watch of production (of that name, else of every name) that began after the fix went live, where it
    passed."""
    watches = [one for one in proofs.evidence if one.monitor and (not name or one.name == name)]
    watches = [one for one in watches if proofs.deployed is not None and one.began >= proofs.deployed]
    last = {one.name: one for one in watches}
    return (watches[-1].entry.oid or "") if watches and all(one.passed for one in last.values()) else None


def _event(name: str, proofs: Proofs, _: Mapping[str, BoxState]) -> str | None:
    stated = proofs.statements.events.get(name)
    return (stated.entry.oid or "") if stated else None


def _field(name: str, proofs: Proofs, _: Mapping[str, BoxState]) -> str | None:
    answer = proofs.statements.answers.get(name)
    return (answer.entry.oid or "") if answer else None


def _choice(name: str, proofs: Proofs, known: Mapping[str, BoxState]) -> str | None:
    return _when(_is_chosen(name, proofs.statements))


def _is_chosen(choice: str, statements: Statements) -> bool:
    """True where the answer to a question is this choice, `question=value`; a word on it may stand behind a colon."""
    question, _, value = choice.partition("=")
    return statements.value(question).partition(":")[0].strip().lower() == value


def _approval(role: str, proofs: Proofs, _: Mapping[str, BoxState]) -> str | None:
    """An approval that counts, by somebody of that role (any, for an empty one)."""
    for approval in reversed(proofs.approvals):
        if approval.counted and (not role or approval.role.casefold() == role.casefold()):
            return approval.oid or ""
    return None


def _runs(_: str, proofs: Proofs, known: Mapping[str, BoxState]) -> str | None:
    """Every run that policy asks for; where it asks for none, any passed run and no failed one on the code as it is."""
    names = proofs.required_runs or tuple(dict.fromkeys(one.name for one in proofs.evidence if _is_test(one)))
    return _when(bool(names) and all(_run(name, proofs, known) is not None for name in names))


def _is_test(one: Evidence) -> bool:
    """True for a run on code that was to be judged: not for what brings it to production, or looks at it there."""
    return one.kind == "run" and not one.uncounted and one.name != DEPLOY and not one.name.endswith("-live")


def _proved(what: str, proofs: Proofs, _: Mapping[str, BoxState]) -> str | None:
    """The last proof on the code as it is, where its red (or its green) was seen and its cause is known."""
    for one in reversed(proofs.evidence):
        if one.kind == "prove" and proofs.tree in (None, one.tree):
            return (one.entry.oid or "") if what in one.entry.facts.get(SEEN, "").split() else None
    return None


def _other_box(name: str, _: Proofs, known: Mapping[str, BoxState]) -> str | None:
    """Another box that is done, or not applicable; boxes that prove others stand before them in the table."""
    return _when(name in known and known[name].state != "open")


_PROVERS: Mapping[str, _Prover] = {
    "run": _run,
    "live": _live,
    "monitor": _monitor,
    "event": _event,
    "field": _field,
    "choice": _choice,
    "approval": _approval,
    "approvals": lambda _, proofs, known: _when(proofs.approved),
    "runs": _runs,
    "box": _other_box,
    "changed": lambda name, proofs, known: _when(name in proofs.changed),
    "gate": lambda name, proofs, known: _when(proofs.gates.get(name) == "pass"),
    "prove": _proved,
    "merge": lambda _, proofs, known: _when(proofs.clean),
    "form": lambda _, proofs, known: _when(proofs.complete),
    "asked": lambda _, proofs, known: _when(proofs.asked),
    "post-mortem": lambda _, proofs, known: _when(proofs.post_mortem),
    "actions": lambda _, proofs, known: _when(bool(proofs.actions) and all(each.owned for each in proofs.actions)),
}
"""What may stand before the colon of a proof, and what holds it."""


def may_say(box: Box, state: State, *, author: bool) -> str:
    """Why somebody who is (or is not) an author of the fix may not say this of a box; empty where they may."""
    if state == "done" and not box.confirm:
        return f"nobody ticks {box.id} by hand: it is done when {_says(box.proof)} holds"
    if state == "na" and not box.na:
        return f"{box.id} is always applicable"
    if state == "done" and box.by == "author" and not author:
        return f"only an author of the fix says {box.id}"
    if state == "done" and box.by == "other" and author:
        return f"somebody else than the authors of the fix says {box.id}"
    return ""
