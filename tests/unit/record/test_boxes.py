from dataclasses import replace

import pytest

from git_hotfix import gates
from git_hotfix.model import boxes, events, form
from git_hotfix.model.actions import Action
from git_hotfix.model.approvals import Approval
from git_hotfix.model.logbook import Entry, Logbook
from git_hotfix.model.names import IssueId, Oid
from git_hotfix.model.recorded_evidence import read_evidence
from git_hotfix.record.boxes import _PROVERS, Proofs, judge_boxes, may_say
from git_hotfix.record.statements import answer_entries, box_entry, event_entry, read_statements

TREE, OLDER = Oid("a" * 40), Oid("b" * 40)


def _book(*entries: Entry) -> Logbook:
    numbered = [replace(each, oid=Oid(f"{n:040x}")) for n, each in enumerate(entries)]
    return Logbook(IssueId("4711"), tuple(numbered))


def _proofs(*entries: Entry, **more: object) -> Proofs:
    book = _book(*entries)
    found = Proofs(read_statements(book), TREE, evidence=read_evidence(book))
    return replace(found, **more)  # type: ignore[arg-type]


def _run(name: str, state: str = "passed", *, tree: Oid = TREE, when: int = 50, key: str = "Run") -> Entry:
    return Entry("evidence", f"{name} {state}", {key: name, "State": state, "Tree": tree}, "A", when)


def test_every_proof_names_something_that_there_is() -> None:
    gate_ids = {gate.id for gate in gates.all_gates()}
    for box in boxes.BOXES:
        for word in [word for part in box.proof.split(" | ") for word in part.split(" ") if ":" in word]:
            kind, _, name = word.partition(":")
            assert kind in _PROVERS, box
            known = {"gate": gate_ids, "event": events.BY_ID, "field": form.BY_ID, "box": boxes.BY_ID}.get(kind)
            assert known is None or name in known, box


def test_a_box_that_proves_another_stands_before_it() -> None:
    order = [box.id for box in boxes.BOXES]
    for box in boxes.BOXES:
        for word in box.proof.split(" "):
            if word.startswith("box:"):
                assert order.index(word[4:]) < order.index(box.id)


def test_nothing_known_leaves_every_box_open() -> None:
    assert {state.state for state in judge_boxes(_proofs()).values()} == {"open"}


def test_a_run_on_this_code_proves_and_one_on_older_code_or_a_later_failed_one_does_not() -> None:
    def smoke(*entries: Entry) -> str:
        return judge_boxes(_proofs(*entries))["smoke"].state

    assert smoke(_run("smoke")) == "done"
    assert smoke(_run("smoke", tree=OLDER)) == "open"
    assert smoke(_run("smoke"), _run("smoke", "failed")) == "open"


def test_what_was_said_of_older_code_has_lapsed() -> None:
    state = judge_boxes(_proofs(box_entry("manual", "done", "", OLDER, "A <a@x>", 1)))["manual"]
    assert (state.state, state.lapsed, state.how) == ("open", True, "said of older code")
    state = judge_boxes(_proofs(box_entry("manual", "done", "by Ada", TREE, "A <a@x>", 1)))["manual"]
    assert (state.state, state.how, state.text, state.entry) == ("done", "said by A", "by Ada", "0" * 40)


def test_a_proof_cannot_be_unsaid() -> None:
    said = box_entry("smoke", "open", "", TREE, "A", 60)
    assert judge_boxes(_proofs(_run("smoke"), said))["smoke"].state == "done"


def test_what_only_a_proof_makes_done_is_not_done_because_somebody_says_so() -> None:
    assert judge_boxes(_proofs(box_entry("reviewed", "done", "", TREE, "A", 1)))["reviewed"].state == "open"
    assert "nobody ticks reviewed by hand" in may_say(boxes.BY_ID["reviewed"], "done", author=False)


def test_smoke_live_wants_a_run_that_began_after_deployment() -> None:
    late, early = _run("smoke", when=90), _run("smoke", when=20)
    assert judge_boxes(_proofs(early, deployed=50))["smoke-live"].state == "open"
    assert judge_boxes(_proofs(late, deployed=50))["smoke-live"].state == "done"
    assert judge_boxes(_proofs(late))["smoke-live"].state == "open"


def test_a_look_at_production_counts_after_deployment_and_only_the_last_one() -> None:
    passed, failed = _run("errors", when=90, key="Monitor"), _run("errors", "failed", when=95, key="Monitor")
    judged = judge_boxes(_proofs(passed, deployed=50))
    assert [judged[id].state for id in ("healthy", "monitoring", "watch-errors", "watch-performance")] == [
        "done", "done", "done", "open"
    ]  # fmt: skip
    assert judge_boxes(_proofs(passed, failed, deployed=50))["watch-errors"].state == "open"


def test_an_approval_counts_for_its_role_and_any_for_the_review() -> None:
    given = Approval("4711-A1", "security", "B <b@x>", 1, TREE, oid=Oid("c" * 40))
    judged = judge_boxes(_proofs(approvals=(given,)))
    assert [judged[id].state for id in ("reviewed", "review-security", "review-senior")] == ["done", "done", "open"]
    assert judged["review-security"].how == "approval of B"
    assert judge_boxes(_proofs(approvals=(replace(given, counted=False),)))["reviewed"].state == "open"


def test_the_way_back_wants_the_words_and_the_gate() -> None:
    answer = answer_entries({"rollback": "git hotfix rollback v1"}, "A", 1)
    assert judge_boxes(_proofs(*answer))["rollback-plan"].state == "open"
    assert judge_boxes(_proofs(*answer, gates={"rollback": "pass"}))["rollback-plan"].state == "done"


def test_a_box_of_a_database_does_not_apply_where_no_migration_changed() -> None:
    state = judge_boxes(_proofs(without=frozenset({"migrations"})))["db-ready"]
    assert (state.state, state.how) == ("na", "the fix changes no migrations")


def test_of_each_name_the_last_watch_that_began_after_the_deployment_counts() -> None:
    def stable(*entries: Entry, deployed: int | None = 40) -> str:
        return judge_boxes(_proofs(*entries, deployed=deployed))["stable"].state

    def watch(name: str, state: str, *, when: int = 50) -> Entry:
        return _run(name, state, when=when, key="Monitor")

    assert stable(watch("errors", "passed")) == "done"
    assert stable(watch("errors", "passed"), deployed=None) == "open"
    assert stable(watch("errors", "passed", when=30)) == "open"
    assert stable(watch("errors", "failed"), watch("health", "passed")) == "open"
    assert stable(watch("errors", "failed"), watch("health", "passed"), watch("errors", "passed")) == "done"
    for state in ("running", "inconclusive", "interrupted"):
        assert stable(watch("errors", "passed"), watch("health", state)) == "open"


def test_everybody_is_told_when_each_is_told_or_does_not_matter() -> None:
    told = [box_entry(f"told-{who}", "done", "", None, "A", 1) for who in ("business", "technical", "support")]
    assert judge_boxes(_proofs(*told))["stakeholders"].state == "open"
    nobody = box_entry("told-users", "na", "nobody saw it", None, "A", 1)
    assert judge_boxes(_proofs(*told, nobody))["stakeholders"].state == "done"


def test_the_fix_is_live_by_a_run_or_by_somebody_who_says_so() -> None:
    assert judge_boxes(_proofs(event_entry("deployed", 9, "", "A", 10)))["deployed"].state == "done"
    assert judge_boxes(_proofs(_run("deploy"), deployed=50))["deployed"].state == "done"


def test_actions_are_owned_where_each_has_an_owner_and_a_date() -> None:
    owned = Action("a", owner="ada", due="2026-12-01")
    assert judge_boxes(_proofs(actions=(owned,)))["actions-owned"].state == "done"
    assert judge_boxes(_proofs(actions=(owned, Action("b"))))["actions-owned"].state == "open"


def test_a_box_of_a_team_is_judged_as_the_others_are() -> None:
    team = boxes.Box("runbook", "The runbook is right")
    assert judge_boxes(_proofs(), [team])["runbook"].state == "open"
    said = box_entry("runbook", "done", "", None, "A", 1)
    assert judge_boxes(_proofs(said), [team])["runbook"].state == "done"


@pytest.mark.parametrize(
    ("id", "state", "author", "word"),
    [
        ("minimal", "na", True, "always applicable"),
        ("self-review", "done", False, "only an author"),
        ("self-review", "done", True, ""),
        ("window", "na", True, ""),
        ("rollback-plan", "done", True, "nobody ticks"),
    ],
)
def test_who_may_say_what(id: str, state: boxes.State, author: bool, word: str) -> None:
    said = may_say(boxes.BY_ID[id], state, author=author)
    assert word in said
    assert bool(word) == bool(said)


def test_a_gate_that_passes_a_fix_without_code_does_not_say_that_a_test_was_changed() -> None:
    assert judge_boxes(_proofs(gates={"tests": "pass"}))["tests-changed"].state == "open"
    state = judge_boxes(_proofs(changed=frozenset({"tests"})))["tests-changed"]
    assert (state.state, state.how) == ("done", "changed tests")


def test_where_there_is_nothing_to_do_nothing_is_said_to_be_done() -> None:
    answers = answer_entries({"third-party": "none", "infra": "None.", "config-changes": "a new key"}, "A", 1)
    judged = judge_boxes(_proofs(*answers, gates={"rollback": "pass"}, without=frozenset({"migrations"})))
    assert [(judged[id].state, judged[id].how) for id in ("third-party", "infra", "config", "rollback-db")] == [
        ("na", "third-party is none"), ("na", "infra is none"), ("done", "field config-changes"),
        ("na", "the fix changes no migrations"),
    ]  # fmt: skip
    somebody = box_entry("third-party", "done", "the bank was asked", None, "A <a@x>", 2)
    assert judge_boxes(_proofs(*answers, somebody))["third-party"].state == "done"


def test_an_answer_that_was_taken_back_proves_nothing() -> None:
    answers = [*answer_entries({"root-cause": "a limit"}, "A", 1), *answer_entries({"root-cause": ""}, "A", 2)]
    assert judge_boxes(_proofs(*answers))["root-cause-analysed"].state == "open"
