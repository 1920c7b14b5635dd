"""Templates: what they show, and what they are refused."""

from __future__ import annotations

import subprocess
import sys

import pytest

from git_hotfix.documents.contents import BoxLine, Contents, Row, Rows, item_rows
from git_hotfix.documents.rendering import Part
from git_hotfix.documents.templates import render_document
from git_hotfix.errors import ExitCode, Failure

CONTENTS = Contents(
    fields={"root-cause": "a cache\n\nwithout *limit*", "window": "", "users": "4 | 5"},
    facts={"tag": "v1.4.2", "severity": "P0", "released": "", "branch": "hotfix/a`b", "page": "https://e.org/(1)"},
    boxes={
        "smoke": BoxLine("done", "Smoke tests passed", "10:24 UTC"),
        "manual": BoxLine("open", "Tried by hand"),
        "db": BoxLine("na", "The database can go back", "no migration"),
    },
    lists={
        "symptoms": item_rows(["500 on /api", "", "500 on /api"], said=True),
        "actions": Rows(("what", "owner"), (Row("7", {"what": "limit it", "owner": ""}),), said=True),
        "none": Rows(("what",)),
    },
)


def text(template: str) -> str:
    return render_document(template.encode(), CONTENTS, "t.md.j2").text


@pytest.mark.parametrize(
    ("template", "document"),
    [
        ('# {{ fact("tag") }}\n', "# v1.4.2\n"),
        ('{{ field("root-cause") }}\n', "a cache\n\nwithout *limit*\n"),
        ('  {{ field("root-cause") }}\n', "  a cache\n\n  without *limit*\n"),
        ('- **Cause:** {{ field("root-cause") }}', "- **Cause:** a cache without *limit*"),
        ('{{ field("window") }}', "*not answered yet:* `git hotfix edit window`"),
        ('{{ field("window", gap="any time") }}', "any time"),
        ('{{ fact("released") }} `{{ fact("released") }}`', "*not known yet* *not known yet*"),
        ('`tag {{ fact("released") }}`', "`tag not known yet`"),
        ('| {{ field("users") }} |', "| 4 \\| 5 |"),
        ('`{{ fact("branch") }}` `git switch {{ fact("branch") }}`', "``hotfix/a`b`` `git switch hotfix/a'b`"),
        ('``{{ fact("branch") }}``', "``hotfix/a`b``"),
        ('```sh\n{{ fact("branch") }}\n```', "```sh\nhotfix/a`b\n```"),
        ('[{{ fact("tag") }}]({{ fact("page") }})', "[v1.4.2](https://e.org/%281%29)"),
        ('[x]({{ fact("tag") }})', "[x](#)"),
        ('- {{ box("smoke") }}', "- [x] Smoke tests passed (10:24 UTC)"),
        ('- {{ box("manual") }}', "- [ ] Tried by hand"),
        ('- {{ box("db") }}', "- [x] ~~The database can go back~~ not applicable: no migration"),
        ('{% for i in items("symptoms") %}\n- {{ i }}\n{% endfor %}\n', "- 500 on /api\n- *empty*\n- 500 on /api\n"),
        ('{% for r in rows("actions") %}\n|{{ r("what") }}|{{ r("owner") }}|\n{% endfor %}', "|limit it||\n"),
        ('{% for i in items("symptoms") %}{{ loop.index }}{% if not loop.last %}, {% endif %}{% endfor %}', "1, 2, 3"),
        ('{% for r in rows("none") %}{% else %}nothing{% endfor %}', "nothing"),
        ('{% if fact("severity") == "P0" and not field("window") %}now{% endif %}', "now"),
        ('{{ fact("tag") if rows("none") else fact("severity") }}', "P0"),
        ('\ufeff{# a comment #}a\r\nb{% raw %}{{ x }}{% endraw %}\n', "a\nb{{ x }}"),
        ('<!-- {{ fact("tag") }} -->', "<!-- v1.4.2 -->"),
        ("", ""),
    ],
)  # fmt: skip
def test_a_template_is_filled_in(template: str, document: str) -> None:
    assert text(template) == document


def test_ids_come_from_the_calls_of_the_template() -> None:
    template = (
        '# {{ fact("tag") }} `{{ fact("tag") }}`\n- {{ box("smoke") }}\n{% for i in items("symptoms") %}{{ i }}'
        '{% endfor %}{% for r in rows("actions") %}{{ r("what") }}{{ field("window") }}{% endfor %}'
    )
    assert render_document(template.encode(), CONTENTS, "t").parts == (
        Part(None, "# "),
        Part("tag", "v1.4.2"),
        Part(None, " "),
        Part("tag~2", "`v1.4.2`"),
        Part(None, "\n- ["),
        Part("smoke#tick", "x"),
        Part(None, "] "),
        Part("smoke#text", "Smoke tests passed (10:24 UTC)"),
        Part(None, "\n"),
        Part("symptoms/500-on-api", "500 on /api", True),
        Part("symptoms/line", "*empty*", True, True),
        Part("symptoms/500-on-api.2", "500 on /api", True),
        Part("actions/7/what", "limit it", True),
        Part("window", "*not answered yet:* `git hotfix edit window`", True, True),
    )


@pytest.mark.parametrize(
    ("template", "why"),
    [
        ("a\n{{ tag }}", "line 2: 'tag' is not known here"),
        ('{{ fact("tga") }}', "line 1: there is no fact 'tga' (did you mean 'tag'?)"),
        ('\n\n{{ box("unknown") }}', "line 3: there is no box 'unknown'"),
        ('{{ field(fact("tag")) }}', 'line 1: field is asked for one name: field("…")'),
        ('{{ fact("tag", "x") }}', 'line 1: fact is asked for one name: fact("…")'),
        ('{{ box("smoke", gap="x") }}', 'line 1: beside the name, field and fact take gap="…"'),
        ('{% for r in rows("actions") %}\n{{ r("when") }}{% endfor %}',
         "line 2: actions has no column 'when': it has what, owner"),
        ('{% for r in rows("actions") %}{{ r }}{% endfor %}',
         'line 1: a line of actions is written by its cells, as in row("what")'),
        ('{{ rows("actions") }}', "line 1: a list is written by a loop: {% for … %}"),
        ("{% for i in range(10 ** 9) %}{% endfor %}", 'line 1: a loop goes through items("…") or rows("…")'),
        ('{% for i in items("none") recursive %}{{ loop(i) }}{% endfor %}',
         'line 1: a loop goes through items("…") or rows("…")'),
        ('{{ "x" * 10 ** 9 }}', "line 1: a template of a document cannot use 'mul'"),
        ("{{ 10 ** 10 ** 10 }}", "line 1: a template of a document cannot use 'pow'"),
        ('{{ "%999999999s" % "x" }}', "line 1: a template of a document cannot use 'mod'"),
        ('{{ "x" ~ "y" }}', "line 1: a template of a document cannot use 'concat'"),
        ('{{ fact("tag") | center(10) }}', "line 1: a template of a document cannot use 'filter'"),
        ('{{ fact("tag").__class__ }}', "line 1: a template of a document cannot use 'getattr'"),
        ('{{ fact["__globals__"] }}', "line 1: a template of a document cannot use 'getitem'"),
        ("{{ self._TemplateReference__context }}", "line 1: a template of a document cannot use 'getattr'"),
        ("{{ lipsum() }}", "line 1: a template can call field, fact, box, items, rows"),
        ('{% set a = "x" %}', "line 1: a template of a document cannot use 'assign'"),
        ("{% set a %}x{% endset %}", "line 1: a template of a document cannot use 'assignblock'"),
        ("{% macro a() %}{{ a() }}{{ a() }}{% endmacro %}", "line 1: a template of a document cannot use 'macro'"),
        ('{% include "/etc/passwd" %}', "line 1: a template of a document cannot use 'include'"),
        ('{% extends "a" %}', "line 1: a template of a document cannot use 'extends'"),
        ('{% import "a" as b %}', "line 1: a template of a document cannot use 'import'"),
        ('{% from "a" import b %}', "line 1: a template of a document cannot use 'fromimport'"),
        ("{% block a %}{% endblock %}", "line 1: a template of a document cannot use 'block'"),
        ("{{ 1 }}", "line 1: a template has no numbers"),
        ("{{ 1" + "0" * 5000 + " }}", "Exceeds the limit"),
        ("{% for fact in items('none') %}{% endfor %}",
         "line 1: a loop gives one name to each line, and none that a template has"),
        ('{{ fact("tag") > "x" }}', "line 1: a value can be compared with == and !="),
        ("{% if %}", "line 1: Expected an expression"),
        ("{% endfor %}", "line 1: Encountered unknown tag 'endfor'"),
        ("{{ " + "(" * 3000 + "'x'" + ")" * 3000 + " }}", "it is nested too deeply"),
        ("\n<a href='{{ fact(\"page\") }}'>", "a value cannot stand inside an HTML tag: <a href='x'>"),
        ("{{ '\\ufdd07\\ufdd1' }}", "it makes a character that Unicode reserves"),
        ("a\n\ufdd00\ufdd1", "line 2: it holds a character that a terminal obeys, or that no text has"),
        ("a\n\x1b[2J", "line 2: it holds a character that a terminal obeys, or that no text has"),
        ("\u202eb", "line 1: it holds a character that a terminal obeys, or that no text has"),
        ("x" * 70_000, "it is larger than 65,536 bytes"),
    ],
    ids=lambda value: value[:40],
)  # fmt: skip
def test_what_no_document_needs_is_refused_with_its_line(template: str, why: str) -> None:
    with pytest.raises(Failure, match=r"^t\.md\.j2") as refused:
        text(template)
    assert why in refused.value.message
    assert (refused.value.code, refused.value.unchanged) == (ExitCode.USAGE, "nothing was changed")


def test_a_template_that_is_not_utf_8_is_named_with_its_line() -> None:
    with pytest.raises(Failure, match="t, line 2: it is not UTF-8"):
        render_document(b"a\n\xff", CONTENTS, "t")


def test_loops_in_loops_end() -> None:
    lists = {"many": item_rows([str(number) for number in range(1000)])}
    loops = '{% for i in items("many") %}'
    template = f"{loops * 4}{'{% endfor %}' * 4}".encode()
    with pytest.raises(Failure, match="it asks for more than 100,000 values"):
        render_document(template, Contents({}, {}, {}, lists), "t")
    template = f"{loops * 2}{'x' * 60_000}{'{% endfor %}' * 2}".encode()
    with pytest.raises(Failure, match="the document has more than 2,000,000 characters"):
        render_document(template, Contents({}, {}, {}, lists), "t")


def test_jinja_is_loaded_for_a_document_only() -> None:
    program = "import sys, git_hotfix.documents.templates, git_hotfix.cli; print('jinja2' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout == "False\n"
