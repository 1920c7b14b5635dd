from git_hotfix.model.logbook import Entry, Logbook
from git_hotfix.model.names import IssueId, Oid
from git_hotfix.record.statements import answer_entries, box_entry, event_entry, read_statements


def _book(*entries: Entry) -> Logbook:
    numbered = [
        Entry(each.kind, each.title, each.facts, each.who, each.when, Oid(f"{n:040x}"))
        for n, each in enumerate(entries)
    ]
    return Logbook(IssueId("4711"), tuple(numbered))


def test_the_last_word_counts() -> None:
    book = _book(event_entry("detected", 100, "", "A", 1), event_entry("detected", 90, "the alarm", "B", 2))
    said = read_statements(book)
    assert (said.at("detected"), said.events["detected"].text) == (90, "the alarm")


def test_what_is_struck_out_does_not_count_and_the_word_before_does() -> None:
    first, wrong = event_entry("detected", 100, "", "A", 1), event_entry("detected", 900, "", "A", 2)
    strike = Entry("strike", "strike", {"Strikes": f"{1:040x}", "Reason": "mistyped"}, "A", 3)
    assert read_statements(_book(first, wrong, strike)).at("detected") == 100


def test_what_a_verdict_rests_on_cannot_be_struck_out() -> None:
    undo = Entry("undo", "undo", {"Withdrawn": "x"}, "A", 1)
    strike = Entry("strike", "strike", {"Strikes": f"{0:040x}", "Reason": "I like it better"}, "A", 2)
    assert _book(undo, strike).struck == {}


def test_the_time_of_start_is_the_event_until_another_is_stated() -> None:
    start = Entry("start", "start", {"Detected": "1970-01-01T00:01:00Z"}, "A", 100)
    assert read_statements(_book(start)).at("detected") == 60
    assert read_statements(_book(start, event_entry("detected", 30, "", "A", 2))).at("detected") == 30


def test_an_empty_answer_takes_an_earlier_one_back() -> None:
    first, second = answer_entries({"impact": "all of it"}, "A", 1), answer_entries({"impact": ""}, "A", 2)
    assert read_statements(_book(*first)).value("impact") == "all of it"
    assert read_statements(_book(*first, *second)).answers == {}


def test_an_answer_to_a_question_of_another_schema_is_named() -> None:
    entries = answer_entries({"weather": "rain"}, "A", 1)
    assert [each.facts["Field"] for each in read_statements(_book(*entries)).unknown] == ["weather"]


def test_an_event_of_another_schema_is_named() -> None:
    entry = Entry("event", "traced", {"Event": "traced", "At": "2026-11-27T20:05:00Z"}, "A", 1)
    skip = Entry("event", "skip", {"Event": "skip", "Target": "refs/heads/x"}, "A", 2)
    assert [each.title for each in read_statements(_book(entry, skip)).unknown] == ["traced"]


def test_a_box_names_the_tree_it_was_said_of() -> None:
    book = _book(
        box_entry("manual", "done", "", Oid("a" * 40), "A", 1), box_entry("window", "na", "always", None, "A", 2)
    )
    said = read_statements(book).boxes
    assert (said["manual"].state, said["manual"].tree, said["window"].state) == ("done", "a" * 40, "na")
