import pytest

from git_hotfix.documents.contents import Contents, item_rows
from git_hotfix.documents.merge import merge_document
from git_hotfix.documents.rendering import Rendering
from git_hotfix.documents.taken import read_values
from git_hotfix.documents.templates import render_document

TEMPLATE = b"""\
# Post-mortem

## What happened

{{ field("problem") }}

- **Users:** {{ field("users") }} of {{ fact("severity") }}

## What people saw

{% for item in items("symptoms") %}
- {{ item }}
{% else %}
{{ field("symptoms") }}
{% endfor %}

## End
"""


def _made(**answers: str) -> Rendering:
    fields = {"problem": "", "users": "", "symptoms": "", **answers}
    symptoms = item_rows(answers.get("symptoms", "").splitlines(), said=True)
    return render_document(TEMPLATE, Contents(fields, {"severity": "P0"}, {}, {"symptoms": symptoms}), "it")


def test_what_nobody_changed_is_no_answer() -> None:
    made = _made(problem="it <b>broke</b> for @everybody", users="12", symptoms="a\nb")
    assert read_values(made.text, [made]) == {}
    assert read_values(made.text, []) == {}


def test_an_answer_instead_of_a_gap_is_taken() -> None:
    made = _made()
    text = made.text.replace("*not answered yet:* `git hotfix edit problem`", "It broke.\n\nThen it burned.")
    text = text.replace("*not answered yet:* `git hotfix edit users`", "all")
    text = text.replace("*not answered yet:* `git hotfix edit symptoms`", "- slow\n- 500 on <pay>")
    assert read_values(text, [made]) == {
        "problem": "It broke.\n\nThen it burned.",
        "users": "all",
        "symptoms": "- slow\n- 500 on <pay>",
    }


def test_a_changed_answer_comes_back_without_the_escapes_of_the_tool() -> None:
    made = _made(problem="it <b>broke</b>", users="12 @once", symptoms="a")
    text = made.text.replace("12 ", "13 ").replace("broke", "burned")
    assert read_values(text, [made]) == {"problem": "it <b>burned</b>", "users": "13 @once"}


def test_a_list_is_taken_whole() -> None:
    made = _made(problem="x", users="y", symptoms="a\nb\nc")
    text = made.text.replace("- b\n", "").replace("- c\n", "- c\n- d\n")
    assert read_values(text, [made]) == {"symptoms": "a\nc\nd"}


def test_other_words_of_people_are_theirs_alone() -> None:
    made = _made(problem="x", users="y")
    assert read_values(made.text + "\nMy own words.\n", [made]) == {}


@pytest.mark.parametrize("words", ["slow\n500 on <pay>", "- slow\n- 500 on <pay>", "* slow\n* 500 on <pay>"])
def test_a_list_that_people_wrote_without_bullets_stands_there_once(words: str) -> None:
    made = _made()
    text = made.text.replace("*not answered yet:* `git hotfix edit symptoms`", words)
    assert read_values(text, [made]) == {"symptoms": words}
    new = _made(symptoms="slow\n500 on <pay>")
    again = merge_document(text, [made], new).text
    assert again.replace("\n* ", "\n- ") == new.text
    assert read_values(again, [made, new]) == {}


def test_an_item_that_lost_its_bullet_is_still_one() -> None:
    made = _made(problem="x", users="y", symptoms="a\nb\nc")
    text = made.text.replace("- b\n", "b\n").replace("- c\n", "- d\n")
    assert read_values(text, [made]) == {"symptoms": "a\nb\nd"}
