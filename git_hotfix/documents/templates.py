"""Documents from templates: Jinja2's syntax with a small part of its language, so that a team's own template can
neither read, call nor load anything, and always ends.

A template never sees a value. What it writes is a mark of private characters for each; the marks are replaced when
the document is whole, each as its place demands: text of its own lines, part of a line, a cell of a table, a code span
or block, the target of a link. So no filter undoes the escaping, and the id of a value comes from the call.

| in a template | is |
|---|---|
| `{{ field("root-cause") }}` | an answer of the form; where nobody gave one, how to give it |
| `{{ fact("tag") }}` | a fact; where it is not known yet, a word that says so |
| `{{ field("window", gap="none") }}`, `{{ fact("tag", gap="none") }}` | the same with other words where there is none |
| `- {{ box("smoke") }}` | `- [x] Smoke tests passed`: two values, `smoke#tick` and `smoke#text` |
| `{% for item in items("symptoms") %}- {{ item }}` | a value a line, `symptoms/KEY` |
| `- [{{ row("tick") }}] {{ row("text") }}` | a line with a box, `actions/KEY/tick` and `actions/KEY/text` |
| `{% for row in rows("actions") %}\\| {{ row("what") }} \\|` | a value a cell, `actions/KEY/what` |
| `{% if field("window") %}`, `{% if fact("severity") == "P0" %}` | whether there is one, and what it is |
| `{% if items("symptoms") %}`, `{% for … %}…{% else %}` | whether a list has lines |
"""

from __future__ import annotations

import time
from types import TracebackType
from typing import NoReturn

from git_hotfix.documents.contents import Contents
from git_hotfix.documents.rendering import Rendering
from git_hotfix.errors import ExitCode, Failure
from git_hotfix.model.late_pattern import late_pattern

TEMPLATE_SIZE = 65_536  # bytes; the longest of the documents that this was made for has 8,591
DOCUMENT_SIZE = 2_000_000  # characters with marks; a pull request of GitHub holds 65,536
STEPS = 100_000  # values and lines of lists that one document may ask for
_NO_TEXT = late_pattern("[\ufdd0-\ufdef\\x00-\\x08\\x0b-\\x1f\\x7f-\\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")
SECONDS = 10.0  # of work on one document; the longest takes a hundredth


def render_document(source: bytes, contents: Contents, name: str) -> Rendering:
    """`contents` in the template `source`, which messages call `name`.

    Raises Failure (exit code 2), with the line, where the template asks for what does not exist, uses a part of the
    language that no document needs, or asks for too much.
    """
    from jinja2 import TemplateError, TemplateSyntaxError
    from jinja2.exceptions import SecurityError

    from git_hotfix.documents.template_syntax import TemplateMistake

    try:
        return _rendering(_text(source, name), contents)
    except TemplateSyntaxError as error:
        _refuse(name, error.lineno, error.message or "it is no template")
    except TemplateMistake as error:
        _refuse(name, error.line or _line_of(error.__traceback__), str(error))
    except (TemplateError, SecurityError, TypeError, ValueError, OverflowError) as error:
        _refuse(name, _line_of(error.__traceback__), " ".join(str(error).split()) or type(error).__name__)
    except (RecursionError, MemoryError):
        _refuse(name, None, "it is nested too deeply")


def _rendering(text: str, contents: Contents) -> Rendering:
    from jinja2 import StrictUndefined
    from jinja2.sandbox import SandboxedEnvironment

    from git_hotfix.documents.places import place_values
    from git_hotfix.documents.template_syntax import TemplateMistake, check_template
    from git_hotfix.documents.template_values import TemplateValues

    environment = SandboxedEnvironment(
        trim_blocks=True, lstrip_blocks=True, keep_trailing_newline=True, undefined=StrictUndefined, cache_size=0
    )
    environment.globals.clear()
    check_template(environment.parse(text), contents)
    until = time.monotonic() + SECONDS
    steps = 0

    def step() -> None:
        nonlocal steps
        steps += 1
        if steps > STEPS or time.monotonic() > until:
            raise TemplateMistake(f"it asks for more than {STEPS:,} values, or works for more than {SECONDS:.0f} s")

    asked = TemplateValues(contents, step)
    size, gathered = 0, []
    for piece in environment.from_string(text, globals=asked.functions).generate():
        size += len(piece)
        if size > DOCUMENT_SIZE:
            raise TemplateMistake(f"the document has more than {DOCUMENT_SIZE:,} characters")
        gathered.append(piece)
    return place_values("".join(gathered), asked.values)


def _text(source: bytes, name: str) -> str:
    if len(source) > TEMPLATE_SIZE:
        _refuse(name, None, f"it is larger than {TEMPLATE_SIZE:,} bytes")
    try:
        text = source.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        _refuse(name, source[: error.start].count(b"\n") + 1, "it is not UTF-8")
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    for line, words in enumerate(text.split("\n"), start=1):
        if _NO_TEXT.search(words):
            _refuse(name, line, "it holds a character that a terminal obeys, or that no text has")
    return text


def _line_of(trace: TracebackType | None) -> int | None:
    """The line of the template that a traceback goes through; Jinja2 gives its frames this file name."""
    line = None
    while trace is not None:
        if trace.tb_frame.f_code.co_filename == "<template>":
            line = trace.tb_lineno
        trace = trace.tb_next
    return line


def _refuse(name: str, line: int | None, why: str) -> NoReturn:
    place = f"{name}, line {line}" if line else name
    raise Failure(f"{place}: {why}", hint=f"correct the template {name}", code=ExitCode.USAGE)
