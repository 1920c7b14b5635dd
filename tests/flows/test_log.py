"""The logbook as it is shown, what is struck out of it, and what stands beside its words: every entry is a commit that
git alone reads."""

from __future__ import annotations

import json
import time

import pytest
from building import Project
from sandbox import Repo

from test_verify_push import gated as gated  # isort: skip
from test_verify_push import goes  # isort: skip

from git_hotfix.git.private_dir import private_git_dir
from git_hotfix.git.refs import read_logs
from git_hotfix.git.repository import open_repository
from git_hotfix.model.logbook import Entry, message_of
from git_hotfix.model.names import IssueId
from git_hotfix.record import logbook

LOG = "refs/hotfix/log/4711"
ISSUE = IssueId("4711")


def written(repo: Repo, kind: str, title: str, *, date: str = "", **facts: str) -> str:
    """An entry that git alone appends, as another version of the tool would; its id."""
    message = message_of(title, {"Hotfix-Entry": kind, **{key.replace("_", "-"): facts[key] for key in facts}})
    tree = repo.git("mktree")
    env = {"GIT_AUTHOR_DATE": date, "GIT_COMMITTER_DATE": date} if date else {}
    answer = repo.run("git", "commit-tree", "-p", LOG, "-F", "-", tree, stdin=message, env=env)
    assert answer.code == 0, answer.err
    repo.git("update-ref", LOG, answer.out.strip())
    return answer.out.strip()


def shown(repo: Repo, *arguments: str) -> list[list[str]]:
    """The rows of the table without their times: who, source, what."""
    answer = repo.hotfix("log", *arguments)
    assert answer.code == 0, answer.err
    head, *rows = answer.out.splitlines()
    assert head.split() == ["entry", "time", "who", "source", "what"]
    return [[row.split()[4], *row[head.index("source") :].split(None, 1)] for row in rows]


def test_the_table_says_when_who_and_what(fixed: Project) -> None:
    clone = fixed.clone
    stated = written(clone, "event", "detected: the alarm", Event="detected", At="2026-11-27T20:05:00Z", Text="pager")
    answer = clone.hotfix("log", "4711", env={"TZ": "CET-1"})
    row = answer.out.splitlines()[2]
    assert row == f"{stated[:10]}  2026-11-27 21:05 UTC+01:00  Ada  stated    detected: the alarm: pager"
    assert shown(clone) == [
        ["Ada", "observed", "start hotfix 4711: Checkout fails"],
        ["Ada", "stated", "detected: the alarm: pager"],
    ]
    told = clone.hotfix("log", "--format", "json").json
    assert told["end"] == stated
    assert {key: told["entries"][1][key] for key in ("id", "kind", "at", "at_source", "by", "signed", "skew")} == {
        "id": stated, "kind": "event", "at": 1795809900, "at_source": "stated", "by": "Ada <ada@example.org>",
        "signed": False, "skew": 0,
    }  # fmt: skip
    assert told["entries"][1]["facts"] == {"Event": "detected", "At": "2026-11-27T20:05:00Z", "Text": "pager"}


def test_what_was_mistyped_is_struck_out_and_stays_to_be_seen(fixed: Project) -> None:
    clone = fixed.clone
    wrong = written(clone, "event", "detected: the alarm", Event="detected", At="2036-11-27T20:05:00Z")
    before = clone.log("4711")
    answer = clone.hotfix("log", "--strike", wrong[:8], "--reason", "mistyped the year")
    assert (answer.code, answer.out) == (0, "struck out: detected: the alarm, by Ada\n")
    assert clone.log("4711") == [*before, f"strike out {wrong[:10]}: detected: the alarm"]
    assert shown(clone)[1:] == [
        ["Ada", "stated", "detected: the alarm · struck out by Ada: mistyped the year"],
        ["Ada", "observed", f"strike out {wrong[:10]}: detected: the alarm: mistyped the year"],
    ]
    again = clone.hotfix("log", "--strike", wrong, "--reason", "another one")
    assert (again.code, again.out) == (0, f"{wrong} was struck out already by Ada: mistyped the year\n")
    assert len(clone.log("4711")) == len(before) + 1
    told = clone.hotfix("log", "--format", "json").json["entries"]
    assert [each["corrected_by"] for each in told] == [None, clone.tip(LOG), None]


STAYS = {
    "evidence": "evidence is never struck out",
    "approval": "an approval is never struck out",
    "waiver": "a waiver is never struck out",
    "undo": "only what a person stated is struck out: events, boxes, answers",
    "finish": "only what a person stated is struck out: events, boxes, answers",
    "event": "only what a person stated is struck out: events, boxes, answers",  # a skip, which is no event of people
    "strike": "what strikes out is never struck out",
}


def test_what_a_verdict_rests_on_is_not_struck_out(fixed: Project) -> None:
    clone = fixed.clone
    start = clone.tip(LOG)
    made = {kind: written(clone, kind, f"an entry of {kind}", Event="skip", Target="refs/heads/x") for kind in STAYS}
    end = clone.tip(LOG)
    for kind, why in STAYS.items():
        answer = clone.hotfix("log", "--strike", made[kind], "--reason", "it reads better")
        assert (answer.code, answer.out) == (2, "")
        said = [f"git hotfix: an entry of {kind}: {why}", "  (nothing was recorded)"]
        assert answer.err.splitlines()[:2] == said
    answer = clone.hotfix("log", "--strike", start, "--reason", "it reads better")
    assert "  → state the right time: git hotfix mark detected --at TIME" in answer.err.splitlines()
    assert clone.tip(LOG) == end


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--strike", "beef"), "hotfix 4711 has no entry beef"),
        (("--strike", "HEAD"), "hotfix 4711 has no entry HEAD"),
        (("--strike", "ENTRY"), "to strike an entry out needs a reason"),
        (("--strike", "ENTRY", "--reason", "…"), "to strike an entry out needs a reason"),
        (("--reason", "none"), "--reason says why an entry is struck out"),
        (("4712",), "there is no branch, no logbook and no tag of a hotfix 4712"),
    ],
)
def test_what_strikes_nothing_out(fixed: Project, words: tuple[str, ...], said: str) -> None:
    clone = fixed.clone
    entry = written(clone, "answer", "impact is answered", Field="impact", Value="all of it")
    answer = clone.hotfix("log", *(entry if word == "ENTRY" else word for word in words))
    assert (answer.code, answer.err.splitlines()[0], clone.tip(LOG)) == (2, f"git hotfix: {said}", entry)


def test_entries_of_another_version_are_shown_and_those_by_git_alone_are_read(fixed: Project) -> None:
    clone = fixed.clone
    written(clone, "forecast", "it will rain", Cloud="yes")
    clone.git("update-ref", LOG, clone.git("commit-tree", "-p", LOG, "-m", "a word by hand", clone.git("mktree")))
    assert shown(clone)[1:] == [
        ["Ada", "observed", "forecast (of another version): it will rain"],
        ["Ada", "observed", "a word by hand"],
    ]
    told = clone.hotfix("log", "--format", "json").json["entries"]
    assert (told[1]["kind"], told[1]["facts"]) == ("forecast", {"Cloud": "yes"})


def test_an_entry_of_a_clock_that_is_wrong_is_marked(fixed: Project) -> None:
    clone = fixed.clone
    now = int(clone.git("log", "-1", "--format=%at", LOG))
    written(clone, "event", "late", date=f"{now - 300} +0000")
    written(clone, "event", "wrong", date=f"{now - 3600} +0000")
    assert [what for _, _, what in shown(clone)[1:]] == [
        "late", "wrong · clock skew: 55 min older than the entry before it",
    ]  # fmt: skip
    assert [each["skew"] for each in clone.hotfix("log", "--format", "json").json["entries"]] == [0, 0, 3300]


def test_git_alone_reads_what_was_written(fixed: Project) -> None:
    clone, value = fixed.clone, "one\n\n.\nB: 2\n# three\n---\n\tfour  \n\n\nfive"
    written(clone, "answer", "problem is answered", Field="problem", Value=value, Last="yes")
    message = clone.git("log", "-1", "--format=%B", LOG)
    trailers = clone.run("git", "interpret-trailers", "--only-trailers", "--only-input", stdin=message).out
    assert [line.partition(":")[0] for line in trailers.splitlines() if not line.startswith(" ")] == [
        "Hotfix-Entry", "Field", "Value", "Last",
    ]  # fmt: skip
    assert clone.git("log", "-1", "--format=%(trailers:key=Last,valueonly)", LOG).strip() == "yes"
    assert clone.hotfix("log", "--format", "json").json["entries"][1]["facts"]["Value"] == value


def test_an_entry_holds_what_is_attached_to_it_and_the_next_one_does_not(fixed: Project) -> None:
    clone = fixed.clone
    repository = open_repository(clone.path)
    files = {"output.txt": b"1 passed\n\0\xff", "report/junit.xml": b"<x/>"}
    plain, full = Entry("event", "before", {}), Entry("evidence", "smoke passed", {"Run": "smoke"}, attachments=files)
    with private_git_dir(repository, keep=True) as git:
        logs = read_logs(repository.git, ISSUE)
        end = logbook.append(git, logs, [plain, full, plain], repository.identity)
    clone.git("update-ref", LOG, end)
    trees = clone.git("log", "--format=%T", "--reverse", LOG).split()
    empty = clone.git("mktree")
    assert [tree == empty for tree in trees] == [True, True, False, True]
    assert clone.git("show", f"{end}~:report/junit.xml") == "<x/>"
    with private_git_dir(repository, keep=False) as git:
        book = logbook.read(git, ISSUE, read_logs(repository.git, ISSUE))
        assert [each.attached for each in book.entries] == [None, None, trees[2], None]
        assert logbook.attachment(git, book.entries[2], "output.txt") == files["output.txt"]
        assert logbook.attachment(git, book.entries[2], "none.txt") is None
        assert logbook.attachment(git, book.entries[1], "output.txt") is None
    told = clone.hotfix("log", "--format", "json").json["entries"]
    assert [each["attached"] for each in told] == [None, None, trees[2], None]


def test_a_push_of_entries_of_every_kind_passes_the_gate(gated: Project) -> None:
    clone = gated.clone
    goes(gated, "hotfix/4711")
    for kind in ("box", "answer", "strike", "rollback", "notification", "document", "done", "forecast"):
        written(clone, kind, f"an entry of {kind}")
    repository = open_repository(clone.path)
    with private_git_dir(repository, keep=True) as git:
        attached = Entry("document", "a document", attachments={"text.md": b"- one\n"})
        end = logbook.append(git, read_logs(repository.git, ISSUE), [attached], repository.identity)
    goes(gated, f"{end}:{LOG}")
    assert gated.remote.tip(LOG) == end


def test_the_record_of_a_finished_hotfix_is_read_and_struck_out_from_any_clone(fixed: Project) -> None:
    clone = fixed.clone
    stated = written(clone, "answer", "impact is answered", Field="impact", Value="all")
    assert clone.hotfix("finish", "--yes").code == 0
    bob = fixed.another_clone("bob")
    by_issue, by_tag, unnamed = (bob.hotfix("log", *words) for words in (("4711",), ("v1.4.3",), ()))
    assert by_issue.out == by_tag.out == unnamed.out
    assert "finish hotfix 4711 as v1.4.3" in by_issue.out
    answer = bob.hotfix("log", "4711", "--strike", stated, "--reason", "half of it")
    assert (answer.code, answer.err) == (0, "")
    assert fixed.remote.log("4711")[-1] == f"strike out {stated[:10]}: impact is answered"
    assert "struck out by Ada: half of it" in clone.hotfix("log", "4711").out
    assert json.loads(clone.hotfix("log", "4711", "--format", "json").out)["end"] == fixed.remote.tip(LOG)


def test_a_clone_that_was_never_told_says_what_to_fetch(fixed: Project) -> None:
    assert fixed.clone.hotfix("finish", "--yes").code == 0
    shallow = fixed.another_clone("shallow", "--depth=1", "--branch=main")
    assert shallow.hotfix("log", "v1.4.3").out.splitlines() == [
        "nothing is recorded of 4711 in this clone",
        "origin was never asked from here for tags and logbooks: git hotfix log 4711 --fetch",
    ]
    answer = shallow.hotfix("log", "4712")
    said = "git hotfix: there is no branch, no logbook and no tag of a hotfix 4712 in this clone"
    assert (answer.code, answer.err.splitlines()[0]) == (2, said)
    assert answer.err.splitlines()[-1] == "  → fetch first: git hotfix list --fetch"
    assert "finish hotfix 4711 as v1.4.3" in shallow.hotfix("log", "4711", "--fetch").out


def test_an_entry_is_dated_when_it_is_written_not_when_the_run_began(
    fixed: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    repository = open_repository(fixed.clone.path)
    begun = repository.identity
    waited = int(time.time()) + 600  # a person was asked
    monkeypatch.setattr(time, "time", lambda: waited)
    assert repository.identity_now().author.split()[-2] == str(waited)
    assert repository.identity is begun
    monkeypatch.setenv("GIT_AUTHOR_DATE", "1700000000 +0000")
    found = repository.identity_now()
    assert (found.author, found.committer.split()[-2]) == (begun.author, str(waited))


def test_what_two_people_wrote_at_once_is_read_in_one_order_everywhere(fixed: Project) -> None:
    clone = fixed.clone
    start, now = clone.tip(LOG), int(clone.git("log", "-1", "--format=%at", LOG))

    def side(*minutes: int) -> str:
        clone.git("update-ref", LOG, start)
        return [written(clone, "event", f"minute {each}", date=f"{now + 60 * each} +0000") for each in minutes][-1]

    ends = side(1, 4), side(2, 3)
    join = clone.git(
        "commit-tree", "-m", "join\n\nHotfix-Entry: join", "-p", ends[0], "-p", ends[1], clone.git("mktree")
    )
    for here, there in (ends, ends[::-1], (join, join)):
        clone.git("update-ref", LOG, here)
        clone.git("update-ref", "refs/hotfix/remote-log/4711", there)
        fixed.remote.git("fetch", "-q", str(clone.path), f"+{there}:{LOG}")
        assert [what for _, _, what in shown(clone)[1:]] == [f"minute {each}" for each in (1, 2, 3, 4)]
