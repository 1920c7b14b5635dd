"""Which waivers hold and which approvals count, by literal values; and what a gate and a verdict make of them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from unicodedata import category

import pytest
from gate_facts import TREE, change, facts, waived
from hypothesis import given, settings
from hypothesis import strategies as st

from git_hotfix.approvals.judge import KnownPeople, judge_approvals
from git_hotfix.gates import judge
from git_hotfix.gates.max_files import Options
from git_hotfix.model.approvals import Approval, Signature, Waiver, mail_of
from git_hotfix.model.change import ChangeSet
from git_hotfix.model.logbook import Entry, Logbook, trailer_lines, trailers_of
from git_hotfix.model.names import IssueId, Oid
from git_hotfix.model.policy import Approvals, GatePolicy, Policy, Waivers
from git_hotfix.model.signers import lines_for
from git_hotfix.model.verdict import Finding, Verdict
from git_hotfix.model.words import one_line, says_something
from git_hotfix.release.tag import tag_message
from git_hotfix.report.approvals import approval_line, waiver_line, worth_telling

ADA, BOB, CAROL = (f"{name} <{name.lower()}@example.org>" for name in ("Ada", "Bob", "Carol"))
OLDER = Oid("8" * 40)
AUTHORS = KnownPeople(authors={"ada@example.org"})
BY_ADA = Entry(
    "waiver",
    "waive",
    {"Waiver": "4711-W1", "Gates": "max-files max-lines", "Reason": "one bug", "Tree": TREE},
    ADA,
    100,
    Oid("w1"),
)
HELD = Waiver("4711-W1", ("max-files", "max-lines"), "one bug", ADA, 100, TREE, Oid("w1"))


def approval(who: str, *covers: str, oid: str = "", tree: Oid = TREE, **facts: str) -> Entry:
    given = {"Approval": "4711-A1", "Issue": "4711", "Waivers": " ".join(covers), "Tree": tree, **facts}
    return Entry("approval", "approve", given, who, 200, Oid(oid or f"by {who}"))


def of(*entries: Entry, need: int = 0, signed: bool = False, **known: Any) -> tuple[Any, Any]:
    policy = Policy(waivers=Waivers(need_approval=need), approvals=Approvals(signed=signed))
    return judge_approvals(Logbook(IssueId("4711"), entries), TREE, replace(AUTHORS, **known), policy)


def test_a_waiver_and_an_approval() -> None:
    assert of(BY_ADA, approval(BOB, "w1", Role="SRE Lead")) == (
        (replace(HELD, approved=(BOB,)),),
        (Approval("4711-A1", "SRE Lead", BOB, 200, TREE, ("4711-W1",), Oid(f"by {BOB}")),),
    )


def why(*entries: Entry, **how: Any) -> str:
    [waiver] = of(*entries, **how)[0]
    assert waiver.holds is not bool(waiver.why)
    return str(waiver.why)


def test_approvals_of_different_people() -> None:
    bob, carol = approval(BOB, "w1"), approval(CAROL, "w1")
    assert why(BY_ADA, need=1) == "it needs 1 approval and has 0"
    assert why(BY_ADA, bob, bob, approval(BOB.upper(), "w1", oid="again"), need=2) == "it needs 2 approvals and has 1"
    assert why(BY_ADA, bob, carol, need=2) == ""
    assert why(BY_ADA, approval(ADA, "w1"), need=1) == "it needs 1 approval and has 0"
    assert why(BY_ADA, approval(BOB), approval(CAROL, "w2"), need=1) == "it needs 1 approval and has 0"
    # The mailmap makes one of two addresses.
    one = {Oid(f"by {who}"): (mail_of(who), "bob@example.org") for who in (BOB, CAROL)}
    assert why(BY_ADA, bob, carol, need=2, people=one) == "it needs 2 approvals and has 1"
    # Whoever waived is not an author here, and still does not agree with themselves.
    assert why(replace(BY_ADA, who=CAROL), bob, carol, need=2) == "it needs 2 approvals and has 1"
    mapped = {Oid("w1"): ("old@example.org", "bob@example.org")}
    assert why(replace(BY_ADA, who="Bob <old@example.org>"), bob, need=1, people=mapped).startswith("it needs")


def test_one_key_is_one_person() -> None:
    bob, carol = approval(BOB, "w1"), approval(CAROL, "w1")
    keys = {bob.oid: Signature("SHA256:one"), carol.oid: Signature("SHA256:one")}
    assert why(BY_ADA, bob, carol, need=2, signed=True, signatures=keys) == "it needs 2 approvals and has 1"
    keys[carol.oid] = Signature("SHA256:other")
    assert why(BY_ADA, bob, carol, need=2, signed=True, signatures=keys) == ""


@pytest.mark.parametrize(
    ("entry", "how", "said"),
    [
        (approval(BOB), {}, ""),
        (approval(BOB), {"signed": True}, "it is not signed"),
        (approval(BOB), {"signed": True, "signatures": {Oid(f"by {BOB}"): Signature(problem="bad")}}, "bad"),
        (approval(BOB), {"signatures": {Oid(f"by {BOB}"): Signature(problem="bad")}}, ""),
        (approval("ADA <Ada@Example.ORG>"), {}, "an author of the fix cannot approve it"),
        (
            approval(BOB),
            {"people": {Oid(f"by {BOB}"): ("bob@example.org", "ada@example.org")}},
            "an author of the fix cannot approve it",
        ),
        (approval(BOB), {"authors": None}, "its authors are not known without a production tag below it"),
        (approval("Bob <>"), {}, "it has no mail address"),
        (
            approval("Bob <b<bob@example.org>"),
            {"people": {Oid("by Bob <b<bob@example.org>"): ("b<bob@example.org", "b<bob@example.org")}},
            "it has no mail address",
        ),
        (approval(BOB, Issue="4712"), {}, "it was given to another hotfix"),
        (approval(BOB, tree=OLDER), {}, "it was for other code (tree 8888888888), and holds no more"),
        (
            approval(BOB, tree=OLDER),
            {"history": [(Oid("c1"), OLDER), (Oid("c2" * 20), TREE)]},
            "it was for other code (tree 8888888888), void since c2c2c2c2c2",
        ),
        (Entry("approval", "approve", {"Issue": "4711"}, BOB), {}, "it names no code, and holds no more"),
    ],
)
def test_what_counts(entry: Entry, how: dict[str, Any], said: str) -> None:
    [found] = of(entry, **how)[1]
    assert (found.counted, found.why) == (not said, said)


def test_a_waiver_of_other_code() -> None:
    known = {"history": [(Oid("c1"), OLDER), (Oid("c2" * 20), TREE)]}
    said = "it was for other code (tree 8888888888), void since c2c2c2c2c2"
    facts = {**BY_ADA.facts, "Tree": OLDER}
    assert why(replace(BY_ADA, facts=facts), approval(BOB, "w1"), need=1, **known) == said


def test_a_waiver_that_was_withdrawn() -> None:
    """Whoever approved it approved nothing of it; one that is recorded later stands for itself."""
    gone = Entry("withdrawal", "withdraw", {"Waivers": "w1 other", "Reason": "it was wrong"}, CAROL, 300, Oid("d1"))
    bob = approval(BOB, "w1", "w2")
    later = replace(BY_ADA, oid=Oid("w2"), facts={**BY_ADA.facts, "Waiver": "4711-W2"})
    [first, second], [voice] = of(BY_ADA, bob, gone, later, need=1)
    assert (first.holds, first.withdrawn, first.why) == (False, True, "Carol withdrew it: it was wrong")
    assert (second.holds, second.approved, voice.waivers) == (True, (BOB,), ("4711-W2",))


def test_who_approves_again_is_no_second_person() -> None:
    bob, carol = approval(BOB), approval(CAROL)
    found = of(approval(ADA), bob, approval(BOB.upper(), oid="again"), carol)[1]
    assert [(each.counted, each.again) for each in found] == [
        (False, False),
        (True, False),
        (True, True),
        (True, False),
    ]
    keys = {each.oid: Signature("SHA256:one") for each in (bob, carol)}
    assert [each.again for each in of(bob, carol, signed=True, signatures=keys)[1]] == [False, True]


@pytest.mark.parametrize(
    ("given", "landing", "status"), [(0, False, "warn"), (0, True, "fail"), (1, True, "fail"), (2, True, "pass")]
)
def test_a_fix_that_needs_two_people(given: int, landing: bool, status: str) -> None:
    policy = Policy(approvals=Approvals(required=2))
    voices = (Approval("A1", "", BOB, 0, TREE), Approval("A2", "", CAROL, 0, TREE))[:given]
    echoes = (Approval("A3", "", BOB, 0, TREE, again=True), Approval("A4", "", ADA, 0, TREE, counted=False))
    told = replace(facts(policy=policy), approvals=(*voices, *echoes), at_production=landing)
    verdict = judge(told, only=("approval",))
    [found], held = verdict.gates, verdict.held_back
    assert (held.before_finish if held else None) == (
        None if landing else "somebody who has no hand in it runs: git hotfix approve 4711"
    )
    assert (found.status, found.measured, found.limit) == (
        status,
        f"{given} approval{'s' * (given != 1)}",
        "2 approvals",
    )


# ---- gates and verdicts

SEVEN = facts(*(change(f"src/{n}.py") for n in range(11)))


def locked(gate: str) -> Policy:
    options = Options() if gate == "max-files" else None
    return Policy(gates={gate: GatePolicy("block", (), options, waivable=False)})


def test_a_waiver_that_does_not_hold_is_said() -> None:
    policy = Policy(waivers=Waivers(need_approval=1))
    verdict = judge(waived(replace(SEVEN, policy=policy), "max-files"), only=["max-files"])
    assert (verdict.passed, verdict.gates[0].waived_by) == (False, ())
    assert verdict.gates[0].findings[-1] == Finding(
        "4711-W1 waives this, but it needs 1 approval and has 0",
        hint="somebody else runs: git hotfix approve 4711",
        level="warn",
    )
    assert [(each.id, each.holds) for each in verdict.waivers] == [("4711-W1", False)]


def test_the_policy_says_what_may_be_waived() -> None:
    verdict = judge(waived(replace(SEVEN, policy=locked("max-files")), "max-files max-lines"), only=["max-files"])
    assert not verdict.passed
    assert verdict.gates[0].findings[-1] == Finding(
        "4711-W1 has no effect: the policy does not allow a waiver of max-files", level="warn"
    )
    [left] = verdict.waivers
    assert (left.gates, left.holds, left.why) == (("max-lines",), True, "nobody may waive max-files")
    [none] = judge(waived(replace(SEVEN, policy=locked("max-files")), "max-files"), only=["max-files"]).waivers
    assert (none.holds, none.why) == (False, "nobody may waive max-files")
    [base] = judge(waived(SEVEN, "base"), only=["max-files"]).waivers
    assert (base.holds, base.why) == (False, "nobody may waive base")


def test_all_that_let_a_gate_pass_are_named() -> None:
    given = waived(SEVEN, "max-files")
    given = replace(given, waivers=(*given.waivers, replace(given.waivers[0], id="4711-W2")))
    assert judge(given, only=["max-files"]).gates[0].waived_by == ("4711-W1", "4711-W2")


# ---- what people and git read


def test_lines() -> None:
    assert waiver_line(HELD) == "waiver 4711-W1: max-files max-lines, by Ada: one bug"
    assert waiver_line(replace(HELD, approved=(BOB, CAROL))).endswith(": one bug; approved by Bob, Carol")
    assert waiver_line(replace(HELD, holds=False, why="of a\nreason")).endswith("; it does not hold: of a reason")
    assert waiver_line(replace(HELD, why="nobody may waive base")).endswith(": one bug; nobody may waive base")
    given = Approval("4711-A1", "SRE\nLead", BOB, 0, TREE, ("4711-W1",))
    assert approval_line(given) == "approved by Bob (SRE Lead), with 4711-W1"
    void = replace(given, role="", counted=False, why="it is not signed")
    assert approval_line(void) == "approval by Bob, with 4711-W1 does not count: it is not signed"
    other = replace(void, who=CAROL)
    assert worth_telling([void, given, void, other, replace(other, id="last")]) == [given, replace(other, id="last")]


TEXTS = st.text(max_size=40) | st.sampled_from(
    ["a\n\nHotfix-Tip: 0", "\n-----BEGIN PGP SIGNATURE-----", "\udcff\x1b[2J"]
)


@settings(max_examples=80, deadline=None)
@given(reason=TEXTS, name=TEXTS, role=TEXTS)
def test_nothing_that_people_type_becomes_a_trailer(reason: str, name: str, role: str) -> None:
    waiver = replace(HELD, reason=reason, who=name, approved=(name,))
    given = Approval("4711-A1", role, f"{name} <bob@example.org>", 0, TREE)
    book = Logbook(SEVEN.hotfix.issue, (Entry("start", "start", {"Ticket": reason, "Detected": name}),))
    hotfix = replace(SEVEN.hotfix, logbook=book)
    message = tag_message(
        hotfix, ChangeSet(()), Verdict((), waivers=(waiver,), approvals=(given,)), {"Hotfix-Log": TREE}
    )
    assert trailers_of(message)["Hotfix-Tip"] == SEVEN.hotfix.tip
    kinds = [key for key, _ in trailer_lines(message)]
    assert kinds == [
        "Hotfix-Issue", "Hotfix-Severity", "Hotfix-Base-Tag", "Hotfix-Base", "Hotfix-Tip", "Hotfix-Production",
        "Hotfix-Log", "Hotfix-Waiver", "Hotfix-Approval",
    ]  # fmt: skip
    assert "\n-----BEGIN " not in message
    assert message.count("\n\n") == 4 + 1 == len(message.split("\n\n")) - 1
    assert not {category(letter) for letter in message.replace("\n", "")} & {"Cc", "Cf", "Cs", "Zl", "Zp"}


@pytest.mark.parametrize(
    "text", ["", " \n\t", "...", "-- !?", "\u200b\u2060\ufeff", "\u3164\u115f", "\u2800", "\udcff"]
)
def test_what_says_nothing(text: str) -> None:
    assert not says_something(text)
    assert says_something(f"{text} é")
    assert says_something(text + "理")


def test_one_line() -> None:
    assert (
        one_line(" a\r\n\n b\x85c\u2028d \x1b[2J\u202e\ufeff\udcff é 理")
        == "a b c d \\u001b[2J\\u202e\\ufeff\\udcff é 理"
    )


KEY = "ssh-ed25519 AAAA comment"


@pytest.mark.parametrize(
    ("line", "speaks"),
    [
        (f"bob@example.org {KEY}", True),
        (f"  BOB@Example.org\t{KEY}", True),
        (f"a@b,bob@example.org,c@d {KEY}", True),
        (f'"a@b,bob@example.org" {KEY}', True),
        (f"*@example.org {KEY}", True),
        (f"b?b@*.org {KEY}", True),
        (f"* {KEY}", True),
        (f"*,!bob@example.org {KEY}", False),
        (f"!bob@example.org,* {KEY}", False),
        (f"!bob@example.org {KEY}", False),
        (f"bob@example.com {KEY}", False),
        (f"xbob@example.org {KEY}", False),
        (f"# bob@example.org {KEY}", False),
        ("bob@example.org", False),
        (f'"bob@example.org {KEY}', False),
        (f"[b]ob@example.org {KEY}", False),
        (f", {KEY}", False),
        (f"# no line ends here:\x0b\u2028bob@example.org {KEY}", False),
        ("", False),
    ],
)
def test_the_lines_of_a_signer(line: str, speaks: bool) -> None:
    found = lines_for(f"carol@example.org {KEY}\n{line}\n".encode(), "bob@example.org")
    assert found == (f"bob@example.org {KEY}\n".encode() if speaks else None)


def test_options_stay() -> None:
    options = f'cert-authority,namespaces="git,x y",valid-before="20300101" {KEY}'
    assert lines_for(f"bob@a {options}\r\n".encode(), "bob@a") == f"bob@a {options}\n".encode()


@pytest.mark.parametrize("mail", ["", "*", "*@example.org", "bob@example.org,x", "a b", '"b"', "b\nc", "!b", "b?b"])
def test_an_address_that_is_a_pattern_speaks_for_nobody(mail: str) -> None:
    assert lines_for(f"* {KEY}\n{mail} {KEY}\n".encode(), mail) is None


@settings(max_examples=80, deadline=None)
@given(
    st.binary(max_size=120) | st.builds(lambda name: name + b" ssh-ed25519 AAAA\n", st.binary(max_size=9)),
    st.text(max_size=20) | st.binary(max_size=9).map(lambda raw: raw.decode("utf-8", "surrogateescape")),
)
def test_no_list_of_keys_crashes(content: bytes, mail: str) -> None:
    found = lines_for(content, mail)
    head = f"{mail} ".encode("utf-8", "surrogateescape")
    assert found is None or all(line.startswith(head) for line in found.rstrip(b"\n").split(b"\n"))
    assert lines_for(b"* " + KEY.encode(), "\udcff@x") == b"\xff@x " + KEY.encode() + b"\n"
