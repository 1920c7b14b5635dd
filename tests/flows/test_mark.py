"""`mark`: events and boxes in one namespace, never a fact beside a fact, and the clock that `status` shows."""

from __future__ import annotations

import re
import time

import pytest
from building import FIX, Project
from sandbox import Answer, Repo

LOG = "refs/hotfix/log/4711"


def mark(repo: Repo, *arguments: str) -> Answer:
    return repo.hotfix("mark", *arguments)


def facts(repo: Repo) -> dict[str, str]:
    """The facts of the last entry."""
    lines = repo.git("log", "-1", "--format=%(trailers:only,unfold)", LOG).splitlines()
    return dict(line.split(": ", 1) for line in lines if line)


def evidence(repo: Repo, name: str, *, ago: int = 0) -> None:
    """An entry that a passed run leaves behind."""
    message = f"{name} passed\n\nHotfix-Entry: evidence\nRun: {name}\nState: passed\nTree: {repo.tip('HEAD')}\n"
    when = f"{int(time.time()) - ago} +0000"
    env = {"GIT_AUTHOR_DATE": when, "GIT_COMMITTER_DATE": when}
    answer = repo.run("git", "commit-tree", "-p", LOG, "-F", "-", repo.git("mktree"), stdin=message, env=env)
    repo.git("update-ref", LOG, answer.out.strip())


def test_an_event_is_stated_once_and_moved_only_on_purpose(fixed: Project) -> None:
    clone = fixed.clone
    before = clone.snapshot()
    answer = mark(clone, "acknowledged", "--at", "2026-11-27T20:05Z", "-m", "the pager")
    assert (answer.code, answer.err) == (0, "")
    assert answer.out.splitlines()[0] == "acknowledged: 2026-11-27 20:05 UTC, stated: the pager"
    assert facts(clone) == {
        "Hotfix-Entry": "event", "Event": "acknowledged", "At": "2026-11-27T20:05:00Z", "Text": "the pager",
    }  # fmt: skip
    after = clone.snapshot()
    assert {ref for ref in after.refs if after.refs[ref] != before.refs.get(ref)} == {LOG}
    assert (after.files, after.index, after.head) == (before.files, before.index, before.head)
    again = mark(clone, "acknowledged")
    assert again.out.splitlines()[0] == "acknowledged is 2026-11-27 20:05 UTC already, by Ada; another time: --at TIME"
    assert clone.snapshot().refs == after.refs
    moved = mark(clone, "acknowledged", "--at", "2026-11-27T20:06Z", "--format", "json").json
    assert (moved["marked"]["at"], moved["marked"]["text"], moved["recorded"]) == (1795809960, "the pager", True)
    assert moved["marked"]["entry"] == clone.tip(LOG)


def test_an_odd_order_and_a_time_ahead_are_named_and_taken(fixed: Project) -> None:
    clone = fixed.clone
    assert mark(clone, "detected", "--at", "40m").code == 0
    odd = mark(clone, "acknowledged", "--at", "2h")
    assert odd.code == 0
    assert re.fullmatch(r"odd order: detected is [-0-9]+ [0-9:]+ UTC", odd.out.splitlines()[1])
    assert odd.out.splitlines()[2] == f"mistyped? git hotfix log --strike {clone.tip(LOG)[:10]} --reason TEXT"
    ahead = mark(clone, "resolved", "--at", "2136-01-01")
    assert (ahead.code, "ahead of the clock here" in ahead.out) == (0, True)
    said = mark(clone, "resolved", "--format", "json").json
    assert said["ahead"] == pytest.approx(said["marked"]["at"] - time.time(), abs=600)
    assert mark(clone, "acknowledged", "--format", "json").json["ahead"] == 0
    told = clone.hotfix("status").out
    assert re.search(r"^odd order: acknowledged .* is before detected .*$", told, re.MULTILINE)
    assert "ahead of the clock here: resolved 2136-01-01 00:00 UTC" in told
    for name in ("acknowledged", "resolved"):
        entry = next(each for each in mark(clone, "--format", "json").json["events"] if each["id"] == name)["entry"]
        assert clone.hotfix("log", "--strike", entry, "--reason", "mistyped").code == 0
    assert "odd order" not in clone.hotfix("status").out


FACTS = {
    "approved": "nobody states when it was approved: the approval that completes what policy asks for says it",
    "released": "nobody states when it was released: the finish says it",
    "started": "nobody states when it was started: the entry of its start says it",
    "reviewed": "nobody ticks reviewed by hand: it is done when approval holds",
    "approve-sre": "nobody ticks approve-sre by hand: it is done when approval SRE Lead holds",
    "nonsense": "there is no event and no box 'nonsense'",
    "self_review": "there is no event and no box 'self_review'; did you mean self-review?",
}


def test_a_fact_and_a_proof_are_not_stated(fixed: Project) -> None:
    clone, end = fixed.clone, fixed.clone.tip(LOG)
    for name, why in FACTS.items():
        answer = mark(clone, name)
        assert (answer.code, answer.out, answer.err.splitlines()[:2]) == (
            2, "", [f"git hotfix: {why}", "  (nothing was recorded)"],
        )  # fmt: skip
    assert "git hotfix approve --role 'SRE Lead'" in mark(clone, "approve-sre").err
    assert clone.tip(LOG) == end


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (("resolved", "--na", "-m", "why"), "resolved is an event: it has a time, or nobody states it"),
        (("resolved", "--open"), "resolved is an event: it has a time, or nobody states it"),
        (("resolved", "--at", "soon"), "--at 'soon' is not a time"),
        (("window", "--na"), "that window is not applicable needs a reason"),
        (("window", "--na", "-m", "..."), "that window is not applicable needs a reason"),
        (("window", "--at", "20m"), "window is a box: it has no time"),
        (("window", "--open"), "nobody has said anything of window: it is open"),
        (("minimal", "--na", "-m", "so small"), "minimal is always applicable"),
        (("--na", "-m", "all of it"), "what is to be marked?"),
    ],
)
def test_what_cannot_be_said(fixed: Project, words: tuple[str, ...], why: str) -> None:
    answer = mark(fixed.clone, *words)
    assert (answer.code, answer.err.splitlines()[0]) == (2, f"git hotfix: {why}")


def box(repo: Repo, name: str) -> tuple[str, bool, str | None]:
    """How a box stands: its state, whether it lapsed, and what proves it."""
    found = next(each for each in mark(repo, "--format", "json").json["boxes"] if each["id"] == name)
    return found["state"], found["lapsed"], found["proof"]["kind"]


@pytest.mark.slow
def test_a_box_about_code_lapses_with_it_and_opens_again(fixed: Project) -> None:
    clone, tree = fixed.clone, fixed.clone.git("rev-parse", "HEAD^{tree}")
    assert mark(clone, "manual").out == "manual is done, for the code as it is; changed code opens it again\n"
    assert facts(clone) == {"Hotfix-Entry": "box", "Box": "manual", "State": "done", "Tree": tree}
    again = mark(clone, "manual")
    assert again.out == "manual is done, as Ada said already, for the code as it is; changed code opens it again\n"
    assert mark(clone, "window", "--na", "-m", "always open").out == "window is not applicable: always open\n"
    assert (box(clone, "manual"), box(clone, "window")) == (("done", False, "person"), ("na", False, "person"))
    clone.commit("more", {"app.py": FIX + "more = 1\n"})
    assert (box(clone, "manual"), box(clone, "window")) == (("open", True, None), ("na", False, "person"))
    assert mark(clone, "manual").code == 0
    assert mark(clone, "manual", "--open").out == "manual is open again\n"
    assert box(clone, "manual") == ("open", False, "person")


def test_who_may_say_it(fixed: Project) -> None:
    clone = fixed.clone
    assert mark(clone, "self-review").code == 0
    clone.git("config", "user.email", "bob@example.org")
    answer = mark(clone, "self-review", "--open")
    assert answer.code == 0
    answer = mark(clone, "self-review")
    assert (answer.code, answer.err.splitlines()[0]) == (2, "git hotfix: only an author of the fix says self-review")


def test_a_box_about_code_needs_code(project: Project) -> None:
    clone = project.clone
    assert clone.hotfix("start", "7").code == 0
    answer = mark(clone, "manual")
    assert answer.err.splitlines()[0] == "git hotfix: manual is about code, and there is no fix yet"
    assert mark(clone, "told-support").out == "told-support is done\n"


def test_bare_it_lists_the_events_that_are_open_and_the_boxes_that_are_needed(fixed: Project) -> None:
    clone = fixed.clone
    policy = {".git-hotfix.toml": '[needs]\nfinish = ["smoke"]\n[boxes.errors]\ntext = "Errors are seen"\n'}
    clone.branch("main", "origin/main", "the policy", policy)
    assert mark(clone, "acknowledged").code == 0
    head, *rows = (re.split(r"  +", line) for line in mark(clone).out.splitlines())
    assert head == ["name", "state", "needed by", "what"]
    assert rows[0] == ["impact-started", "open", "the first people were affected"]
    assert rows[8] == ["smoke", "open", "finish", "Smoke tests passed before finish"]
    assert [row[0] for row in rows[8:-1]] == ["smoke", "post-mortem"]
    all_ = [re.split(r"  +", line) for line in mark(clone, "-v").out.splitlines()]
    assert ["errors", "open", "Errors are seen"] in all_
    is_open = sum(row[1] in ("open", "lapsed") for row in all_)
    assert rows[-1] == [f"{is_open - len(rows) + 1} other boxes are open: git hotfix mark -v"]
    assert "acknowledged" not in [row[0] for row in rows]
    assert "acknowledged" in [row[0] for row in all_]
    assert mark(clone, "errors").out == "errors is done, for the code as it is; changed code opens it again\n"


def test_a_passed_run_of_deploy_says_when_it_was_deployed(fixed: Project) -> None:
    clone = fixed.clone
    assert clone.hotfix("finish", "--yes").code == 0
    assert mark(clone, "deployed", "--issue", "4711").code == 0
    evidence(clone, "deploy")
    answer = mark(clone, "deployed", "--issue", "4711", "--at", "20m")
    assert answer.code == 2
    assert answer.err.startswith("git hotfix: a passed run of deploy says when it was deployed: ")


def test_the_clock_of_a_hotfix_from_page_to_resolved(fixed: Project) -> None:
    clone = fixed.clone
    assert mark(clone, "detected", "--at", "40m").code == 0
    assert mark(clone, "acknowledged", "--at", "30m").code == 0
    told = clone.hotfix("status").out
    assert re.search(r"^clock: 40 min of 2 h 00 min, since detected$", told, re.MULTILINE)
    assert re.search(r"^phase: test \d+ min of 20 min(, late)?; next: deploy$", told, re.MULTILINE)
    assert re.search(r"^incident: open for 40 min, since detected [-0-9]+ [0-9:]+ UTC$", told, re.MULTILINE)
    clock = clone.hotfix("status", "--format", "json").json["clock"]
    assert (clock["running"], clock["next"], clock["open"], clock["from"], clock["to"]) == (
        "test", "deploy", True, "detected", "now",
    )  # fmt: skip
    assert clone.hotfix("finish", "--yes").code == 0
    bob = fixed.another_clone("bob")
    told = bob.hotfix("status", "4711").out
    assert re.search(r"^clock: 40 min of 2 h 00 min, detected to released$", told, re.MULTILINE)
    assert "nobody said when it was over: git hotfix mark resolved --at TIME" in told
    assert mark(bob, "resolved").code == 0  # no hotfix is open: it is the one that was finished last
    assert fixed.remote.log("4711")[-1] == "resolved: the incident was over"
    told = clone.hotfix("status", "4711").out
    assert re.search(r"^incident: 40 min, detected [-0-9]+ [0-9:]+ UTC to resolved$", told, re.MULTILINE)
    spans = clone.hotfix("status", "4711", "--format", "json").json["clock"]["spans"]
    assert {name: span["seconds"] // 60 for name, span in spans.items()} == {
        "response_time": 10, "resolution_time": 40, "duration": 40, "time_to_fix": 40,
    }  # fmt: skip


def test_two_people_who_mark_at_once_keep_both_words(fixed: Project) -> None:
    clone = fixed.clone
    clone.git("push", "-q", "--no-verify", "origin", "hotfix/4711")
    assert mark(clone, "acknowledged").code == 0
    bob = fixed.another_clone("bob")
    bob.git("config", "user.name", "Bob")
    assert mark(bob, "investigating", "--issue", "4711").code == 0
    assert mark(clone, "root-cause").code == 0
    names = [each["id"] for each in mark(bob, "--issue", "4711", "--format", "json").json["events"] if each["at"]]
    assert set(names) >= {"acknowledged", "investigating", "root-cause"}


def test_what_is_open_is_judged_by_every_proof_before_and_after_the_finish(fixed: Project) -> None:
    clone = fixed.clone
    proved = {"minimal": "gate", "no-new-dependency": "gate", "no-conflicts": "merge"}
    for _ in range(2):
        assert {name: box(clone, name) for name in proved} == {
            name: ("done", False, kind) for name, kind in proved.items()
        }
        assert box(clone, "db-schema") == ("na", False, "fact")
        rows = [line.split()[:2] for line in mark(clone, "-v").out.splitlines()]
        shown = [name for name, state in rows if state == "open"]
        assert {*proved, "db-schema"}.isdisjoint(shown)
        clone.hotfix("finish", "--yes")
    assert "no hotfix is open; 4711 was finished last" in mark(clone).err


def test_where_the_code_is_gone_the_record_alone_is_looked_at(fixed: Project) -> None:
    clone = fixed.clone
    assert mark(clone, "told-support").code == 0
    assert clone.hotfix("abandon", "4711", "--yes").code == 0
    answer = mark(clone, "--issue", "4711", "--format", "json")
    assert answer.code == 0, answer.err
    assert "only what was recorded is looked at: " in answer.err
    assert next(each["state"] for each in answer.json["boxes"] if each["id"] == "told-support") == "done"
