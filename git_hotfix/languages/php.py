"""PHP: functions, classes, interfaces, traits and enums; what stands outside of `<?php … ?>` is not code."""

from __future__ import annotations

from collections.abc import Iterator

from git_hotfix.languages.registry import Outline
from git_hotfix.languages.scanning.code import Code, hollow
from git_hotfix.languages.scanning.literals import Rule, Rules, Scan, quoted, until
from git_hotfix.languages.scanning.nesting import Found, definitions

_TYPES = ("class", "interface", "trait", "enum")


def _line(scan: Scan, start: int, end: int) -> int:
    """A comment of one line ends before `?>` too."""
    stop = scan.end_of_line(end)
    close = scan.text.find("?>", end, stop)
    return stop if close < 0 else close


def _markup(scan: Scan, start: int, end: int) -> int:
    """From `?>` to the next `<?php` or `<?=`."""
    found = scan.text.find("<?", end)
    while found >= 0 and not scan.text.startswith(("<?php", "<?=", "<?PHP", "<? ", "<?\n"), found):
        found = scan.text.find("<?", found + 2)
    return len(scan.text) if found < 0 else found


def _heredoc(scan: Scan, start: int, end: int) -> int:
    """Up to the label, which since PHP 7.3 may be indented and followed by anything that is not a name."""
    import re

    label = scan.text[start + 3 : end].strip().strip("\"'").strip()
    found = re.compile(rf"^[ \t]*{label}\b", re.MULTILINE).search(scan.text, end)
    return found.end() if found else len(scan.text)


_RULES: Rules = (
    Rule(r"\?>|\A(?!<\?)", _markup, comment=True),
    Rule(r"//|#(?!\[)", _line, comment=True),
    Rule(r"/\*", until("*/"), comment=True),
    Rule(r"<<<[ \t]*(?:\"\w+\"|'\w+'|\w+)(?=[ \t]*\n)", _heredoc),
    Rule('"', quoted('"', lines=True)),
    Rule("'", quoted("'", lines=True)),
    Rule("`", quoted("`", lines=True)),
)


def outline(text: str) -> Outline:
    """Every named function, method and type."""
    code = Code(text, *hollow(text, _RULES), word=r"\$?[^\W\d]\w*")
    return Outline("php", definitions(code, _found(code)))


def _found(code: Code) -> Iterator[Found]:
    words = code.words
    for index in range(code.count):
        word, before = words[index].lower(), words[index - 1]
        if before in ("->", "::", "?.", "new", "use"):
            continue
        at = index + 1
        if word == "function" and before != "use":
            at += words[at] == "&"
            if code.is_word(at) and words[at + 1] == "(":
                yield Found("function", words[at], at, _last(code, code.past(at + 1)))
        elif word in _TYPES and code.is_word(at) and words[at][0] != "$" and words[at].lower() != "extends":
            after = words[at + 1].lower()
            if after in ("{", "extends", "implements", ":"):
                yield Found("type", words[at], at, _last(code, at + 1))


def _last(code: Code, index: int) -> int:
    for _ in code.steps(400):
        word = code.words[index]
        if word == "{":
            return code.partner[index]
        if word in (";", "}", ""):
            return index if word == ";" else -1
        index = code.past(index) if word == "(" else index + 1
    return -1
