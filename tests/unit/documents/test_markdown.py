"""Text of others in a document, as a Markdown parser sees it: it adds no structure, and nothing that a forge obeys."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

import pytest
from hostile_texts import HOSTILE
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.token import Token

from git_hotfix.documents.contents import BoxLine, Contents, Row, Rows, item_rows
from git_hotfix.documents.markdown import Spot, code_block, code_span, link_target, plain, said, said_block
from git_hotfix.documents.templates import render_document

PARSER = MarkdownIt("commonmark").enable(["table", "strikethrough"])
TEMPLATE = b"""\
# Hotfix {{ fact("a") }}

## Inline {{ fact("a") }} and {{ fact("b") }} here

**Label:** {{ field("a") }}
**Other:** {{ fact("a") }}, **{{ field("b") }}**, *{{ fact("b") }}*

<!-- {{ fact("a") }} -->

{{ fact("a") }} begins a line

- {{ fact("a") }}
- {{ field("a") }} and [{{ fact("a") }}]({{ fact("a") }})
- `{{ fact("a") }}` or `git checkout {{ fact("b") }}`
- {{ box("a") }}
- {{ box("b") }}
- {{ box("c") }}
- {{ fact("a") }}{{ fact("b") }} and {{ field("b") }}1

1. {{ field("a") }}

> {{ fact("a") }}

| one | {{ fact("a") }} | three |
|---|---|---|
| {{ field("a") }} | {{ fact("a") }} | `{{ fact("a") }}` |
{% for row in rows("table") %}
| {{ row("x") }} | {{ row("y") }} | `{{ row("x") }}` |
{% endfor %}

{% for item in items("list") %}
- {{ item }}
{% endfor %}

## Code

```text
first
{{ fact("a") }}
and {{ field("a") }} inside
```

## Block of facts

{{ fact("a") }}

## Block of people

{{ field("a") }}

## The end

Last words.
"""
OF_PEOPLE = {"bullet_list", "ordered_list", "list_item", "fence"}


def contents(a: str, b: str) -> Contents:
    texts = {"a": a, "b": b}
    boxes = {"a": BoxLine("open", a), "b": BoxLine("done", b, a), "c": BoxLine("na", a, b)}
    rows = (Row("1", {"x": a, "y": b}), Row("2", {"x": b, "y": a}))
    lists = {"table": Rows(("x", "y"), rows, said=True), "list": item_rows([a, b], said=True)}
    return Contents(texts, texts, boxes, lists)


def document(a: str, b: str) -> str:
    return render_document(TEMPLATE, contents(a, b), "t").text


def sections(tokens: list[Token]) -> list[list[tuple[str, str, int]]]:
    """The blocks of a document: up to the paragraphs of facts, these, those of people, and the rest."""
    found: list[list[tuple[str, str, int]]] = [[]]
    for token in tokens:
        if token.content in ("Block of facts", "Block of people", "The end") and token.type == "inline":
            found.append([])
        found[-1].append((token.type.removesuffix("_open").removesuffix("_close"), token.tag, token.level))
    return found


def spoken(tokens: list[Token]) -> Iterator[str]:
    """What a forge looks through for mentions and references: each inline text, without code and links."""
    for token in tokens:
        words, depth = [], 0
        for each in token.children or []:
            depth += each.nesting if each.type.startswith("link_") else 0
            words.append(
                "\n" if each.type.endswith("break") else " " if each.type == "code_inline" or depth else each.content
            )
        yield "".join(words)


EXPECTED = sections(PARSER.parse(document("x", "y")))


def holds_nothing_but_text(tokens: list[Token]) -> None:
    first, facts, people, rest = sections(tokens)
    assert first == EXPECTED[0]
    assert {type for type, *_ in facts} <= {"paragraph", "inline", "heading"}
    assert {type for type, *_ in people} <= {"paragraph", "inline", "heading"} | OF_PEOPLE
    assert [sum(type == "heading" for type, *_ in part) for part in (facts, people)] == [2, 2]
    assert rest == EXPECTED[3]
    inside = [each for token in tokens for each in token.children or []]
    assert not {each.type for each in inside} & {"html_inline", "image"}
    targets = [str(each.attrGet("href")) for each in inside if each.type == "link_open"]
    assert [target for target in targets if not re.match("https?://|#$", target, re.IGNORECASE)] == []


def asks_for_nothing(text: str, tokens: list[Token]) -> None:
    for words in spoken(tokens):
        assert not re.search(r"@\w|(?<!&)#\d|!\d|&\d|(?<!\w)GH-\d", words), words
    outside = re.sub(r"(?ms)^(`{3,}).*?^\1$", "", text)
    assert not re.search(r"^ *(?:> |- |1\. )?/[a-z]", outside, re.MULTILINE)
    assert not re.search(r"(?i)\b(fix(es|ed)?|close[sd]?|resolve[sd]?)[:\s]+[#!]\d", text)
    bad = {letter for letter in text if unicodedata.category(letter) in ("Cc", "Cf", "Cs", "Zl", "Zp")} - {"\n"}
    assert bad == set()
    assert not re.search("[\ufdd0-\ufdef]", text)


def is_harmless(a: str, b: str) -> None:
    text = document(a, b)
    tokens = PARSER.parse(text)
    holds_nothing_but_text(tokens)
    asks_for_nothing(text, tokens)


@pytest.mark.parametrize("hostile", HOSTILE, ids=ascii)
def test_no_text_changes_the_structure_of_a_document(hostile: str) -> None:
    is_harmless(hostile, f"so {hostile}{hostile} it")


PIECES = st.sampled_from([*HOSTILE, "a", "b c", " ", "\n", "\n\n", "  ", "_", "*", "`", "|", "[", "](", ")", "x", "1"])
TEXTS = st.lists(PIECES, max_size=5).map("".join) | st.text(max_size=20)


@settings(max_examples=60, deadline=None)
@given(TEXTS, TEXTS)
def test_no_mixture_of_texts_changes_it_either(a: str, b: str) -> None:
    is_harmless(a, b)


@pytest.mark.parametrize(
    ("a", "b"), [("0", "1. x"), ("/", "close"), ("a\n:", "-"), ("@", "ada"), ("see #", "1"), ("GH-", "1"), ("a !", "2")]
)
def test_two_texts_that_meet_are_no_more_than_each(a: str, b: str) -> None:
    is_harmless(a, b)


def test_the_signs_of_emphasis_hide_no_mention_and_no_reference() -> None:
    assert said("@*ada* and #**1**") == "@&#8203;*ada* and #&#8203;**1**"
    assert said("*@*ada, *so* it (*is*) un*do*ne.") == "*@*&#8203;ada, *so* it (*is*) un&#8203;*do*&#8203;ne."


def shown(markdown: str) -> str:
    """What a reader sees of a line of Markdown."""
    inside = [each for token in PARSER.parse(markdown) for each in token.children or []]
    return "".join(each.content for each in inside).replace("\u200b", "")


@pytest.mark.parametrize(
    "text",
    ["fixes #1 of @ada", "a_b *c* `d` [e](f) <g> &amp; | \\ ~h~", "C:\\new\\table", "__init__ and **kw", "1. a", "- b"],
)
def test_a_reader_sees_the_text_as_it_was_written(text: str) -> None:
    assert shown(plain(text, Spot(begins=True))) == text
    assert shown(code_span(text)).replace("# 1", "#1") == text


def test_answers_of_people_keep_their_emphasis_code_lists_and_links() -> None:
    answer = "The **cache** has *no* limit, see `cache.py` and [the docs](https://e.org/a).\n\n- one\n  - `two`\n\n1. x"
    assert said_block(answer) == (
        "The **cache** has *no* limit, see `cache.py` and [the docs](https://e.org/a).\n\n* one\n  * `two`\n\n1) x"
    )
    assert said("a `b | c` d") == "a `b | c` d"


def test_a_word_that_closes_an_issue_of_the_next_line_is_broken() -> None:
    assert said_block("It fixes\nhttps://e.org/o/r/issues/1") == "It f&#8203;ixes\n<https://e.org/o/r/issues/1>"
    assert said_block("```\nfixes\n#1\n```") == "```\nfixes\n# 1\n```"


def test_a_code_block_of_people_is_closed_and_holds_its_backticks() -> None:
    assert said_block("~~~py\nx = 1\n```\n# not a heading") == "````py\nx = 1\n```\n# not a heading\n````"


def test_code_is_shown_to_the_letter() -> None:
    assert code_span("a``b`") == "``` a``b` ```"
    assert code_block("a\n\tb\n") == "a\n    b"
    assert code_block("fixes #12") == "fixes # 12"


@pytest.mark.parametrize("address", ["javascript:alert(1)", "data:x", "//e.org", "https:e", "", "file:///etc/passwd"])
def test_only_web_addresses_are_targets_of_links(address: str) -> None:
    assert link_target(address) == "#"


def test_an_address_cannot_end_its_link() -> None:
    assert link_target("https://e.org/a(b)|c") == "https://e.org/a%28b%29%7Cc"
