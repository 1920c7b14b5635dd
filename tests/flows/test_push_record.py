"""The record and the push gate: a logbook only grows on the remote, and it goes along with its branch."""

from __future__ import annotations

import time

import pytest
from building import Project
from proofs import rest_slow
from sandbox import Answer
from test_verify_push import goes, push, refused

# The fixture is found by its name.
from test_verify_push import gated as gated  # isort: skip

LOG = "refs/hotfix/log/4711"
TAKES_NO_LOGS = 'case "$1" in refs/hotfix/*) echo no logbooks here >&2; exit 1;; esac'


def entries(project: Project) -> list[str]:
    """The logbook as the remote has it, oldest first."""
    return project.remote.log("4711") if LOG in project.remote.refs() else []


@pytest.fixture
def pushed(gated: Project) -> Project:
    """The branch is on the remote by git alone, and the logbook with a waiver only here."""
    goes(gated, "hotfix/4711")
    assert entries(gated) == []
    return gated


# ---- it only grows


def test_a_logbook_does_not_go_and_does_not_go_back(gated: Project) -> None:
    clone = gated.clone
    goes(gated, "hotfix/4711")
    first = clone.tip(LOG)
    assert clone.hotfix("waive", "tests", "--reason", "none yet").code == 0
    before = entries(gated)
    refused(gated, "deletion", "this push deletes the logbook of hotfix 4711", f":{LOG}")
    refused(gated, "deletion", "this push drops entries of the logbook of hotfix 4711", f"+{first}:{LOG}")
    other = clone.git("commit-tree", "-m", "another story", clone.git("mktree"))
    refused(gated, "deletion", "this push drops entries of the logbook of hotfix 4711", f"+{other}:{LOG}")
    grown = clone.git("commit-tree", "-m", "one more", "-p", LOG, clone.git("mktree"))
    goes(gated, f"{grown}:{LOG}")
    assert entries(gated) == [*before, "one more"]


@pytest.mark.slow
def test_what_this_clone_has_not_seen_is_no_less_refused(gated: Project) -> None:
    """A colleague's entries, release and tag, of which nothing was fetched here."""
    clone = gated.clone
    goes(gated, "hotfix/4711")
    bob = gated.another_clone("bob")
    assert bob.hotfix("waive", "tests", "--issue", "4711", "--reason", "none yet").code == 0
    gated.released("v1.4.9", {"VERSION": "1.4.9\n"})
    refused(gated, "deletion", "this push drops entries of the logbook of hotfix 4711", f"+{clone.tip(LOG)}:{LOG}")
    refused(gated, "deletion", "this push deletes the production tag v1.4.9", ":v1.4.9")
    refused(gated, "deletion", "this push drops commits that the remote has on main", "+v1.4.2^{commit}:main")


@pytest.mark.slow
def test_production_does_not_go_and_does_not_go_back(gated: Project) -> None:
    gated.remote.git("symbolic-ref", "HEAD", "refs/heads/develop")
    said = refused(
        gated,
        "deletion",
        "this push drops commits that the remote has on main, which releases come from",
        "+v1.4.1^{commit}:main",
    )
    assert "git hotfix rollback" in said
    refused(gated, "deletion", "this push deletes main, which releases come from", ":main")
    gated.clone.git("switch", "-q", "-C", "work", "v1.4.1")
    gated.clone.commit("another", {"other.txt": "one\n"})
    goes(gated, "+work:feature/login")


# ---- it goes along


@pytest.mark.slow
def test_the_first_push_leaves_the_logbook_to_the_next_command(pushed: Project) -> None:
    clone = pushed.clone
    assert clone.hotfix("status").err == ""
    assert entries(pushed) == ["start hotfix 4711: Checkout fails"]
    bob = pushed.another_clone("bob")
    found = bob.hotfix("status", "4711", "--fetch", "--format", "json").json["hotfix"]
    assert (found["title"], found["severity"]) == ("Checkout fails", "P0")


@pytest.mark.slow
@pytest.mark.parametrize("command", [["check"], ["list"], ["finish"]])
def test_every_look_sends_what_is_left(pushed: Project, command: list[str]) -> None:
    """Also a finish that is refused: who is to approve has to see what was waived."""
    pushed.clone.commit("too much", {"app.py": "x = 1\n" * 300})
    assert pushed.clone.hotfix(*command).code == (0 if command == ["list"] else 1)
    assert entries(pushed) == ["start hotfix 4711: Checkout fails"]


@pytest.mark.slow
def test_a_later_push_takes_the_logbook_along(pushed: Project) -> None:
    clone = pushed.clone
    clone.commit("test the checkout", {"tests/test_app.py": "import app\n"})
    goes(pushed, "hotfix/4711")
    assert entries(pushed) == ["start hotfix 4711: Checkout fails"]
    assert clone.refs("refs/hotfix/remote-log") == {"refs/hotfix/remote-log/4711": clone.tip(LOG)}
    assert pushed.remote.tip("hotfix/4711") == clone.tip("HEAD")


@pytest.mark.slow
def test_a_refused_push_leaves_no_logbook(pushed: Project) -> None:
    pushed.clone.commit("too much", {"app.py": "x = 1\n" * 300})
    refused(pushed, "max-lines", "lines", "hotfix/4711")
    assert entries(pushed) == []


@pytest.mark.slow
@pytest.mark.parametrize("words", rest_slow([["--dry-run"], ["-n"], ["-fn"], ["--dry"]]))
def test_a_push_that_only_shows_sends_nothing(pushed: Project, words: list[str]) -> None:
    pushed.clone.commit("test the checkout", {"tests/test_app.py": "import app\n"})
    before = pushed.remote.refs()
    answer = push(pushed.clone, *words, "hotfix/4711")
    assert (answer.code, pushed.remote.refs()) == (0, before), answer.err


@pytest.mark.slow
def test_a_push_that_nobody_sees_sends_nothing(pushed: Project) -> None:
    """Without a git above there is no word of --dry-run, so nothing is sent."""
    clone = pushed.clone
    old, new = clone.tip("HEAD"), clone.commit("test the checkout", {"tests/test_app.py": "import app\n"})
    line = f"refs/heads/hotfix/4711 {new} refs/heads/hotfix/4711 {old}\n"
    answer = clone.hotfix("verify-push", "origin", str(pushed.remote.path), stdin=line)
    assert (answer.code, answer.err, entries(pushed)) == (0, "", [])


@pytest.mark.slow
def test_a_logbook_that_is_refused_is_a_note(pushed: Project) -> None:
    pushed.remote.hook("update", TAKES_NO_LOGS)
    pushed.clone.commit("test the checkout", {"tests/test_app.py": "import app\n"})
    answer = push(pushed.clone, "hotfix/4711")
    assert (answer.code, pushed.remote.tip("hotfix/4711")) == (0, pushed.clone.tip("HEAD"))
    assert answer.err == ("the logbook of 4711 was not sent (hook declined); the next git hotfix command sends it\n")


@pytest.mark.slow
def test_a_server_that_keeps_the_logbook_waiting(pushed: Project) -> None:
    pushed.remote.hook("update", 'case "$1" in refs/hotfix/*) sleep 30;; esac')
    pushed.clone.commit("test the checkout", {"tests/test_app.py": "import app\n"})
    begun = time.monotonic()
    answer: Answer = push(pushed.clone, "hotfix/4711")
    assert time.monotonic() - begun < 15
    assert (answer.code, pushed.remote.tip("hotfix/4711")) == (0, pushed.clone.tip("HEAD"))
    assert "the logbook of 4711 was not sent (origin did not answer within 5 s)" in answer.err


@pytest.mark.slow
def test_what_a_colleague_recorded_meanwhile_is_joined_by_the_next_entry(pushed: Project) -> None:
    bob = pushed.another_clone("bob")
    assert bob.hotfix("waive", "tests", "--issue", "4711", "--reason", "none yet").code == 0
    assert entries(pushed) == ["waive tests"]
    pushed.clone.commit("test the checkout", {"tests/test_app.py": "import app\n"})
    answer = push(pushed.clone, "hotfix/4711")
    assert answer.code == 0, answer.err
    assert entries(pushed) == ["waive tests"]
    assert pushed.clone.hotfix("waive", "message", "--reason", "said elsewhere").code == 0
    assert sorted(entries(pushed))[1:] == ["start hotfix 4711: Checkout fails", "waive message", "waive tests"]
