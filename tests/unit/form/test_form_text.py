"""The text of the form: whatever people write comes back, and nothing of theirs is taken for a line of the form."""

from __future__ import annotations

from collections.abc import Collection

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from git_hotfix.form.answers import read_answer, tidy
from git_hotfix.form.text import FormUnreadable, Question, explain, parse_form, print_form
from git_hotfix.model.form import BY_ID, FIELDS
from git_hotfix.model.logbook import message_of, trailers_of

HOSTILE = st.sampled_from(
    (
        "== impact ==|== no-field ==|=: what|\\== impact ==|\\\\=: x|# Title|#|== Section|=====|---8<---|  indented|"
        "- item|Fixes #1|.|..|```|| |Value: x|\t|\u2028x"
    ).split("|")
)
LINES = st.one_of(HOSTILE, st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=20))
TEXTS = st.lists(LINES, max_size=6).map("\n".join)


@settings(max_examples=100, deadline=None)
@given(st.dictionaries(st.sampled_from(sorted(BY_ID)), TEXTS, max_size=5))
def test_any_text_of_people_comes_back_from_the_form_and_from_the_logbook(said: dict[str, str]) -> None:
    values = {id: tidy(text) for id, text in said.items()}
    text = print_form("The form", [Question(BY_ID[id], value) for id, value in values.items()])
    assert {id: tidy(part.value) for id, part in parse_form(text).items()} == values
    for value in filter(None, values.values()):
        assert trailers_of(message_of("answer", {"Field": "x", "Value": value}))["Value"] == value


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(FIELDS), TEXTS)
def test_an_answer_that_was_read_is_read_as_itself(field: object, text: str) -> None:
    from git_hotfix.model.form import Field

    assert isinstance(field, Field)
    try:
        answer = read_answer(field, text)
    except ValueError:
        return
    assert read_answer(field, answer) == answer


def test_the_form_as_an_editor_shows_it() -> None:
    questions = [
        Question(BY_ID["impact"], "# all of it\n=: really\n== users ==", required=("finish", "close")),
        Question(BY_ID["risk"], "low: one line"),
        Question(BY_ID["functionality"], "src/pay", proposed="the folders of the diff", required=("close",)),
        Question(BY_ID["summary"]),
        Question(BY_ID["scenarios"]),
    ]
    assert print_form("The form of hotfix 4711 (P1).", questions) == (
        "=: The form of hotfix 4711 (P1).\n"
        '=: Write below a line such as "== impact =="; what you write is yours, lines that begin with # too.\n'
        '=: A line of your own that begins with "=:", or looks like "== impact ==", needs a backslash before it.\n'
        "=: An answer that you empty is taken back; a part that you delete stays as it is.\n"
        "=: What is proposed counts as your answer when you save the form with it. To leave it open, empty it.\n"
        "=: A form that you do not save changes nothing.\n"
        "\n"
        "== impact ==\n"
        "=: What does it do to production?\n"
        "=: Required for finish and close.\n"
        "\n"
        "# all of it\n"
        "\\=: really\n"
        "\\== users ==\n"
        "\n"
        "== risk ==\n"
        "=: How risky is the fix, and why? (one of these words, then a colon and the reason: low, medium, high)\n"
        "\n"
        "low: one line\n"
        "\n"
        "== functionality ==\n"
        "=: Which functions or components are affected? One a line\n"
        "=: Required for close.\n"
        "=: Proposed from the folders of the diff.\n"
        "\n"
        "src/pay\n"
        "\n"
        "== summary ==\n"
        "=: What is broken and what ends it, in two sentences? (text, at most 300 characters)\n"
        "\n"
        "\n"
        "\n"
        "== scenarios ==\n"
        "=: How was it tried? steps | expected | actual, one row a line\n"
        "\n"
        "\n"
    )


def test_the_words_that_a_column_of_the_actions_takes_are_shown() -> None:
    assert explain(Question(BY_ID["actions"]))[1:] == [
        "kind: test, monitor, docs, process, prevent, review or mitigate",
        "horizon: 24h, sprint, quarter or long",
        "state: open or done",
        "due: a day such as 2026-12-24; what is not known yet stays empty",
    ]


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("hello\n== impact ==\nx\n", ('line 1 stands above the first line such as "== impact ==": hello',)),
        (
            "== impact ==\nx\n== impakt ==\ny\n== impact ==\nz\n",
            (
                "line 3: there is no field impakt; did you mean impact?; a line of your own that looks like this "
                "needs a backslash before it",
                "line 5: impact stands in line 1 already; a line of your own that looks like this needs a backslash "
                "before it",
            ),
        ),
        (
            "== impact ==\n=: What does it do?\n\nx\n\n=: How many users?\n\nall\n",
            (
                "line 6 explains a field whose heading is gone; a line of your own that looks like this needs a "
                "backslash before it",
            ),
        ),
        (
            "== impact ==\nx\n== users ==\n",
            (
                "line 3: users was not asked in this form; a line of your own that looks like this needs a backslash "
                "before it",
            ),
        ),
    ],
)
def test_a_form_whose_words_would_be_lost_is_refused(text: str, wrong: tuple[str, ...]) -> None:
    with pytest.raises(FormUnreadable) as refused:
        parse_form(text, ["impact"])
    assert refused.value.lines == wrong


def test_headings_of_other_languages_are_text() -> None:
    text = "== impact ==\n== Section\n== The impact ==\n======\n=== impact ===\n# one\n## two\n"
    assert parse_form(text)["impact"].value == "== Section\n== The impact ==\n======\n=== impact ===\n# one\n## two"


def test_an_empty_form_holds_no_field() -> None:
    assert parse_form("\n\n=: what the form says\n\n") == {}


def read(text: str, asked: Collection[str]) -> dict[str, list[str]] | None:
    """Field → the lines of its answer that hold anything; None for a form that is refused."""
    try:
        parts = parse_form(text, asked)
    except FormUnreadable:
        return None
    return {id: [line for line in part.value.split("\n") if line.strip()] for id, part in parts.items()}


VALUES = st.dictionaries(st.sampled_from(sorted(BY_ID)), TEXTS.map(tidy), min_size=1, max_size=4)


@settings(max_examples=100, deadline=None)
@given(VALUES, LINES.filter(lambda line: not {*"\n\r"} & {*line}), st.data())
def test_a_line_that_somebody_writes_anywhere_is_part_of_one_answer_or_refused(
    values: dict[str, str], line: str, data: st.DataObject
) -> None:
    lines = print_form("The form", [Question(BY_ID[id], value) for id, value in values.items()]).split("\n")
    place = data.draw(st.integers(0, len(lines)))
    before, after = read("\n".join(lines), values), read("\n".join([*lines[:place], line, *lines[place:]]), values)
    assert before is not None
    if after is None or after == before:
        assert after is None or not line.strip() or line.startswith("=:")
        return
    written = line[1:] if line.startswith("\\") and line.lstrip("\\").startswith(("==", "=:")) else line
    assert after.keys() == before.keys()
    [changed] = [id for id in before if after[id] != before[id]]
    assert sorted(after[changed]) in (sorted([*before[changed], line]), sorted([*before[changed], written]))


@settings(max_examples=100, deadline=None)
@given(VALUES, st.data())
def test_a_line_that_somebody_deletes_changes_one_answer_or_is_refused(
    values: dict[str, str], data: st.DataObject
) -> None:
    lines = print_form("The form", [Question(BY_ID[id], value) for id, value in values.items()]).split("\n")
    place = data.draw(st.integers(0, len(lines) - 1))
    before, after = read("\n".join(lines), values), read("\n".join([*lines[:place], *lines[place + 1 :]]), values)
    assert before is not None
    if after is not None:
        assert not any(before[id] for id in before.keys() - after.keys())  # its heading went, and nothing was said
        changed = [id for id in after if after[id] != before[id]]
        assert [len(before[id]) - len(after[id]) for id in changed] in ([], [1])
