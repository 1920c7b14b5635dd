"""A document that is written again beside what people wrote: each rule by an example."""

from __future__ import annotations

import time

import pytest

from git_hotfix.documents.contents import BoxLine, Contents, Row, Rows, item_rows
from git_hotfix.documents.merge import MergedDocument, merge_document
from git_hotfix.documents.rendering import Part, Rendering
from git_hotfix.documents.templates import render_document

TEMPLATE = b"""\
# Post-mortem: {{ fact("tag") }}

**Date:** {{ fact("date") }}

## Timeline

| Time | Event |
|---|---|
{% for row in rows("timeline") %}
| {{ row("at") }} | {{ row("what") }} |
{% endfor %}

## Root cause

{{ field("cause") }}

### Impact

- **Users:** {{ fact("users") }}
- **Duration:** {{ fact("duration") }}

## Tests

- {{ box("smoke") }}
- {{ box("manual") }}

## Files

```text
{{ fact("files") }}
```

## Lessons

{% for item in items("lessons") %}
- {{ item }}
{% endfor %}
"""


def rendering(**changes: str) -> Rendering:
    facts = {"tag": "v1.4.1", "date": "2026-11-28", "users": "400", "duration": "", "files": "src/a.py\nsrc/b.py"}
    facts |= {name: value for name, value in changes.items() if name in facts}
    events = {"detected": "10:00", "released": "11:30"} | dict(
        pair.split("=") for pair in changes.get("events", "").split() if "=" in pair
    )
    rows = tuple(Row(id, {"at": at, "what": id.capitalize()}) for id, at in events.items())
    contents = Contents(
        {"cause": changes.get("cause", "A cache had no limit.\n\nIt grew.")},
        facts,
        {
            "smoke": BoxLine("done" if changes.get("smoke") else "open", "Smoke tests passed", changes.get("note", "")),
            "manual": BoxLine("done" if changes.get("manual") else "open", "Tried by hand"),
        },
        {
            "timeline": Rows(("at", "what"), rows),
            "lessons": item_rows(changes.get("lessons", "Alarms helped|Nobody knew").split("|"), said=True),
        },
    )
    return render_document(TEMPLATE, contents, "t")


FIRST = rendering()
OTHER = {"tag": "v1.4.2", "users": "500", "duration": "2 h", "events": "detected=09:58", "cause": "Another.",
         "files": "src/c.py", "smoke": "x", "lessons": "Alarms helped|Tests were slow"}  # fmt: skip
OTHERWISE = rendering(**OTHER)


def merged(text: str, new: Rendering = OTHERWISE, *earlier: Rendering) -> MergedDocument:
    """`new` written into `text`, which the first rendering went into; writing once more changes nothing."""
    history = earlier or (FIRST,)
    done = merge_document(text, history, new)
    assert merge_document(done.text, [*history, new], new).text == done.text
    return done


def edited(*changes: tuple[str, str], of: Rendering = FIRST) -> str:
    text = of.text
    for old, new in changes:
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    return text


def test_a_file_that_nobody_touched_is_the_new_rendering() -> None:
    assert merged("") == merged(FIRST.text) == merged(OTHERWISE.text) == MergedDocument(OTHERWISE.text)


def test_lines_of_people_stay_where_they_are() -> None:
    text = edited(
        ("## Timeline\n", "## Timeline\n\nTimes are UTC.\n"),
        ("| 11:30 | Released |\n", "| 11:30 | Released |\n| 12:00 | Lunch |\n"),
        ("It grew.\n", "It grew.\n\nSee the graph.\n"),
        ("- Nobody knew\n", "- Nobody knew\n- We had luck\n\n## Thanks\n\nTo all.\n"),
    )
    done = merged(text)
    assert done.text == (
        edited(
            ("## Timeline\n", "## Timeline\n\nTimes are UTC.\n"),
            ("| 11:30 | Released |\n", "| 11:30 | Released |\n| 12:00 | Lunch |\n"),
            ("Another.\n", "Another.\n\nSee the graph.\n"),
            ("- Tests were slow\n", "- Tests were slow\n- We had luck\n\n## Thanks\n\nTo all.\n"),
            of=OTHERWISE,
        )
    )
    assert done.kept == (
        "Times are UTC.", "| 12:00 | Lunch |", "See the graph.", "- We had luck", "## Thanks", "To all."
    )  # fmt: skip
    assert (done.dropped, done.beside) == ((), ())


def test_a_fact_that_people_changed_stays_with_the_fact_below_it_until_both_agree() -> None:
    text = edited(("- **Users:** 400", "- **Users:** about 450"))
    done = merged(text)
    assert "- **Users:** about 450\n- **Users:** 500\n- **Duration:** 2 h\n" in done.text
    assert (done.kept, done.beside) == (("- **Users:** about 450",), ("users",))
    later = rendering(**OTHER | {"users": "510"})
    again = merged(done.text, later, FIRST, OTHERWISE)
    assert "- **Users:** about 450\n- **Users:** 510\n- **Duration:** 2 h\n" in again.text
    assert again.beside == ("users",)
    agreed = rendering(**OTHER | {"users": "about 450"})
    assert merged(again.text, agreed, FIRST, OTHERWISE, later).text == agreed.text


def test_of_a_changed_line_the_other_values_are_new() -> None:
    done = merged(edited(("| 10:00 | Detected |", "| 10:00 | Seen by Ada |")), rendering(events="detected=09:58"))
    assert "| 09:58 | Seen by Ada |\n| 09:58 | Detected |\n| 11:30 | Released |\n" in done.text


def test_what_people_wrote_where_a_fact_was_not_known_stands_alone() -> None:
    done = merged(edited(("- **Duration:** *not known yet*", "- **Duration:** two hours")), rendering(users="500"))
    assert "- **Users:** 500\n- **Duration:** two hours\n\n## Tests" in done.text
    assert done.beside == ("duration",)


def test_an_answer_that_people_changed_stands_alone_until_there_is_another() -> None:
    text = edited(("A cache had no limit.\n\nIt grew.", "A cache had no limit.\n\nIt grew for weeks.\n\nThen it fell."))
    done = merged(text, rendering(tag="v1.4.2"))
    assert done.text == text.replace("v1.4.1", "v1.4.2")
    done = merged(text)
    assert "It grew for weeks.\n\nThen it fell.\n\nAnother.\n\n### Impact" in done.text


def test_a_section_may_be_moved_and_renamed() -> None:
    text = FIRST.text
    start, end = text.index("## Root cause"), text.index("## Tests")
    moved = text[:start] + text[end:] + "\n" + text[start:end].replace("## Root cause", "## Why").rstrip("\n") + "\n"
    other = OTHERWISE.text
    start, end = other.index("## Root cause"), other.index("## Tests")
    expected = other[:start] + other[end:] + "\n" + other[start:end].replace("## Root cause", "## Why")
    done = merged(moved)
    assert done.text == expected.rstrip("\n") + "\n"
    assert (done.kept, done.dropped, done.beside) == (("## Why",), (), ())


def test_an_answer_under_a_renamed_heading_is_found_by_its_place() -> None:
    done = merged(edited(("## Root cause\n\nA cache had no limit.\n\nIt grew.", "## Why\n\nSomething else.")))
    assert "## Why\n\nSomething else.\n\nAnother.\n\n### Impact" in done.text


def test_the_title_may_be_another_and_its_fact_stands_below() -> None:
    text = edited(("# Post-mortem: v1.4.1", "# The great outage"))
    done = merged(text)
    assert done.text.startswith("# The great outage\n\nPost-mortem: v1.4.2\n\n**Date:**")
    later = rendering(**OTHER | {"tag": "v1.4.3"})
    again = merged(done.text, later, FIRST, OTHERWISE)
    assert again.text.startswith("# The great outage\n\nPost-mortem: v1.4.3\n\n**Date:**")
    named = again.text.replace("great outage", "great outage of v1.4.3")
    assert merged(named, later, FIRST, OTHERWISE).text.startswith("# The great outage of v1.4.3\n\n**Date:**")


def test_a_tick_of_people_is_kept_and_the_words_of_its_box_are_new() -> None:
    text = edited(("- [ ] Tried by hand", "- [x] Tried by hand"), ("- [ ] Smoke", "- [x] Smoke"))
    new = rendering(note="10:24")
    done = merged(text, new)
    assert "- [x] Smoke tests passed (10:24)\n- [x] Tried by hand\n" in done.text
    assert done.beside == ("smoke#tick", "manual#tick")
    assert "- [x] Tried by hand\n" in merged(done.text, rendering(users="1"), FIRST, new).text


def test_a_tick_of_the_tool_is_taken_back_with_its_proof() -> None:
    done = merged(edited(("v1.4.1", "v1.4.1\n\nA note."), ("- [ ] Smoke", "- [x] Smoke")), FIRST, rendering(smoke="x"))
    assert "- [ ] Smoke tests passed\n" in done.text


def test_a_box_that_people_reworded_is_still_ticked() -> None:
    done = merged(edited(("Smoke tests passed", "Smoke tests passed twice")))
    assert "- [x] Smoke tests passed twice\n- [ ] Tried by hand\n" in done.text


def test_the_box_of_a_list_is_a_box_as_well() -> None:
    def of(tick: str, text: str) -> Rendering:
        rows = Rows(("tick", "text"), (Row("7", {"tick": tick, "text": text}),))
        template = b'{% for row in rows("all") %}\n- [{{ row("tick") }}] {{ row("text") }}\n{% endfor %}'
        return render_document(template, Contents({}, {}, {}, {"all": rows}), "t")

    text = of("", "Look again").text.replace("[ ]", "[x]") + "\nA note.\n"
    done = merged(text, of("", "Look again, due today"), of("", "Look again"))
    assert (done.text, done.beside) == ("- [x] Look again, due today\n\nA note.\n", ("all/7/tick",))


def test_what_people_deleted_stays_deleted_and_is_listed() -> None:
    text = edited(("- **Users:** 400\n", ""), ("| 10:00 | Detected |\n", ""), ("- [ ] Tried by hand\n", ""))
    done = merged(text)
    assert done.dropped == ("timeline/detected/at", "timeline/detected/what", "users", "manual#tick", "manual#text")
    assert "Users" not in done.text
    assert "Detected" not in done.text
    start, end = text.index("## Root cause"), text.index("## Tests")
    later = merged(text[:start] + text[end:])
    assert "### Impact" not in later.text
    assert set(later.dropped) >= {"cause", "users", "duration"}


def test_what_is_new_in_a_deleted_table_or_section_stays_away() -> None:
    text = FIRST.text
    start, end = text.index("| Time"), text.index("## Root cause")
    done = merged(text[:start] + "None.\n\n" + text[end:], rendering(events="resolved=12:00"))
    assert "12:00" not in done.text
    assert "timeline/resolved/at" in done.dropped


def test_what_is_new_stands_beside_its_neighbours() -> None:
    text = edited(("| 11:30 | Released |\n", "| 11:30 | Released |\n| 12:30 | Lunch |\n"), ("- Nobody knew\n", ""))
    new = rendering(events="resolved=12:00", lessons="New first|Alarms helped|Nobody knew|New last")
    done = merged(text, new)
    assert "| 11:30 | Released |\n| 12:00 | Resolved |\n| 12:30 | Lunch |\n" in done.text
    assert done.text.endswith("## Lessons\n\n- New first\n- Alarms helped\n- New last\n")


def test_what_the_template_no_longer_has_goes_unless_people_changed_it() -> None:
    new = rendering(lessons="Alarms helped")
    assert merged(edited(("v1.4.1", "v1.4.1\n\nNote.")), new).text.endswith("- Alarms helped\n")
    kept = edited(("- Nobody knew\n", "- Nobody knew but Ada\n"))
    assert merged(kept, new).text.endswith("- Alarms helped\n- Nobody knew but Ada\n")


def test_a_box_that_the_template_no_longer_has_stays_where_people_ticked_it() -> None:
    def boxes(*ids: str) -> Rendering:
        parts = [Part(None, "# Boxes\n\n")]
        for id in ids:
            parts += [Part(None, "- ["), Part(f"{id}#tick", " "), Part(None, "] "), Part(f"{id}#text", id.title())]
            parts.append(Part(None, "\n"))
        return Rendering(tuple(parts))

    text = boxes("one", "two", "three").text.replace("[ ] Two", "[x] Two")
    assert merged(text, boxes("one"), boxes("one", "two", "three")).text == "# Boxes\n\n- [ ] One\n- [x] Two\n"


def test_a_line_that_has_other_values_now_stays_in_its_place() -> None:
    def line(*ids: str) -> Rendering:
        values = [part for id in ids for part in (Part(id, f"value {id}"), Part(None, ", "))]
        return Rendering((Part(None, "# List\n\nAll: "), *values[:-1], Part(None, "\n")))

    text = line("one", "two").text + "\nA note.\n"
    assert merged(text, line("one", "two", "three"), line("one", "two")).text == (
        "# List\n\nAll: value one, value two, value three\n\nA note.\n"
    )
    changed = text.replace("value two", "value 2")
    assert merged(changed, line("two"), line("one", "two")).text == (
        "# List\n\nAll: value one, value 2\nAll: value two\n\nA note.\n"
    )


def test_a_new_section_of_the_template_comes_where_it_is_in_the_template() -> None:
    def document(*sections: str) -> Rendering:
        parts = [Part(None, "# Title\n")]
        for name in sections:
            parts += [Part(None, f"\n## {name}\n\n"), Part(name.lower(), f"value of {name}"), Part(None, "\n\n---\n")]
        return Rendering(tuple(parts))

    text = document("One", "Three").text.replace("value of One\n", "value of One\n\nA note.\n")
    expected = document("One", "Two", "Three").text.replace("value of One\n", "value of One\n\nA note.\n")
    assert merged(text, document("One", "Two", "Three"), document("One", "Three")).text == expected


def test_a_code_block_that_is_left_open_ends_at_the_next_heading() -> None:
    done = merged(edited(("It grew.\n", "It grew.\n\n```sh\n# a comment\nls\n")))
    assert "Another.\n\n```sh\n# a comment\nls\n\n### Impact\n\n- **Users:** 500\n" in done.text
    assert done.text.endswith("```text\nsrc/c.py\n```\n\n## Lessons\n\n- Alarms helped\n- Tests were slow\n")


def test_values_of_a_code_block_stay_inside_it() -> None:
    done = merged(edited(("src/b.py", "src/b.py (generated)")))
    assert "```text\nsrc/a.py\nsrc/b.py (generated)\nsrc/c.py\n```\n" in done.text


@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
@pytest.mark.parametrize("last", [True, False])
def test_ends_of_lines_the_mark_and_a_missing_newline_are_kept(end: str, mark: str, last: bool) -> None:
    def as_file(text: str) -> str:
        text = text.replace("\n", end)
        return mark + (text if last else text.removesuffix(end))

    for change in ((), (("## Tests\n", "## Tests\n\nA note.\n"),)):
        assert merged(as_file(edited(*change))).text == as_file(edited(*change, of=OTHERWISE))


def test_a_line_of_people_keeps_its_own_end() -> None:
    done = merged(FIRST.text.replace("\n", "\r\n").replace("## Tests\r\n", "## Tests\r\n\r\nA note.\n"))
    assert "## Tests\r\n\r\nA note.\n\r\n- [x] Smoke" in done.text


def test_a_conflict_of_two_branches_that_wrote_it_is_solved() -> None:
    ours, theirs = rendering(users="500"), rendering(users="600", smoke="x")
    text = edited(
        ("- **Users:** 400\n", "<<<<<<< HEAD\n- **Users:** 500\nours\n=======\n- **Users:** 600\ntheirs\n>>>>>>> x\n"),
        ("- [ ] Smoke tests passed\n",
         "<<<<<<< HEAD\n- [ ] Smoke tests passed\n||||||| base\n- [ ] Smoke tests\n=======\n- [x] Smoke tests passed\n"
         ">>>>>>> x\n"),
    )  # fmt: skip
    new = rendering(users="700", smoke="x")
    done = merged(text, new, FIRST, ours, theirs)
    assert "- **Users:** 700\nours\ntheirs\n- **Duration:**" in done.text
    assert "## Tests\n\n- [x] Smoke tests passed\n- [ ] Tried by hand\n" in done.text


def test_a_conflict_keeps_ticks_and_deletions_of_both_sides_and_what_one_side_has_new() -> None:
    ours = FIRST.text.replace("- **Users:** 400\n", "").replace("- [ ] Smoke", "- [x] Smoke")
    new = rendering(events="resolved=12:00", cause="Another.\n\nOf two.")
    theirs = new.text.replace("- [ ] Tried", "- [x] Tried").replace("| 11:30 | Released |\n", "")
    theirs += "- We had luck\n"
    text = f"<<<<<<< HEAD\n{ours}=======\n{theirs}>>>>>>> x\n"
    done = merged(text, new, FIRST, new)
    assert (
        done.text
        == (
            new.text.replace("- **Users:** 400\n", "")
            .replace("- [ ] Smoke", "- [x] Smoke")
            .replace("- [ ] Tried", "- [x] Tried")
            .replace("| 11:30 | Released |\n", "")
        )
        + "- We had luck\n"
    )
    assert done.dropped == ("timeline/released/at", "timeline/released/what", "users")


def test_what_people_wrote_on_the_other_side_is_kept_where_nobody_wrote_on_this_one() -> None:
    text = edited(("- Nobody knew\n", "- Nobody knew\n<<<<<<< HEAD\n=======\n- We had luck\n>>>>>>> x\n"))
    assert merged(text).text == OTHERWISE.text + "- We had luck\n"
    assert merged(text, FIRST).text == FIRST.text + "- We had luck\n"


def test_a_value_of_any_earlier_rendering_is_the_tool_s() -> None:
    older = rendering(users="1"), rendering(users="2"), rendering(users="3", events="resolved=12:00")
    text = edited(("v1.4.1", "v1.4.1\n\nA note."), of=older[0])
    done = merged(text, rendering(users="4", events="resolved=12:00"), FIRST, *older)
    assert "- **Users:** 4\n" in done.text
    assert "| 12:00 | Resolved |\n" in done.text
    assert (done.dropped, done.beside) == ((), ())


def test_a_file_of_people_without_any_rendering_gets_the_document_after_it() -> None:
    done = merge_document("# Our own\n\nWords.\n", [], FIRST)
    assert done.text == "# Our own\n\nWords.\n\n" + FIRST.text
    assert merge_document(done.text, [FIRST], FIRST).text == done.text


def test_what_people_wrote_before_any_rendering_is_found_by_its_fixed_words_only() -> None:
    done = merge_document("# Ours\n\n- **Users:** 7\n\n- a\n- b\n", [], FIRST)
    assert "# Ours\n\n- **Users:** 7\n- **Users:** 400\n- **Duration:** *not known yet*\n\n- a\n- b\n" in done.text
    assert done.text.endswith("- Alarms helped\n- Nobody knew\n")
    assert (done.kept, done.beside) == (("# Ours", "- **Users:** 7", "- a", "- b"), ("users",))


def test_a_document_of_two_thousand_lines_is_merged_in_a_moment() -> None:
    def long(version: int) -> Rendering:
        parts = []
        for number in range(700):
            parts += [Part(None, f"## Part {number}\n\n- **Label:** "), Part(f"f{number}", f"{number}.{version}")]
            parts += [Part(None, "\n\n")]
        return Rendering(tuple(parts))

    text = long(0).text.replace("## Part 7", "note\n## Part 7")
    begin = time.monotonic()
    done = merge_document(text, [long(0), long(1)], long(2))
    assert time.monotonic() - begin < 10  # a tenth of it where nothing else runs; a square of it would be minutes
    assert done.text == long(2).text.replace("## Part 7", "note\n## Part 7")
