"""Ruby: classes, modules and methods, nested by their `end`."""

from __future__ import annotations

import re
from collections.abc import Iterator

from git_hotfix.languages.registry import Outline
from git_hotfix.languages.scanning.code import LITERAL, Code, hollow
from git_hotfix.languages.scanning.literals import Rule, Rules, Scan, line_comment, quoted
from git_hotfix.languages.scanning.nesting import Found, definitions

_CLOSERS = {"(": ")", "[": "]", "{": "}", "<": ">"}
# After these a slash, a percent sign or `<<` begins a literal; after a value it is an operator.
_BEFORE_VALUE = ("", *"=([{,;|&!?:<>+-*/%~^\n")
_WORDS_BEFORE_VALUE = frozenset(
    "and or not if unless while until when in return then else elsif do puts yield case raise rescue end? begin".split()
)


def _begins_value(scan: Scan, start: int, end: int, *, tight: bool) -> bool:
    """True where a literal may begin at `start`: an operator or a keyword stands before it, or a name and a blank
    before it and none after it (`puts /x/`, `puts %w(a)`)."""
    before = scan.text[max(0, start - 40) : start]
    line = before.rpartition("\n")[2] if "\n" in before else before
    stripped = line.rstrip(" \t")
    if not stripped or stripped[-1] in _BEFORE_VALUE:
        return True
    word = re.search(r"[A-Za-z_]\w*[?!]?$", stripped)
    if word and word.group() in _WORDS_BEFORE_VALUE:
        return True
    after = scan.text[end : end + 1]
    return bool(word) and tight and stripped != line and after not in (" ", "=", "\n", "")


def _regex(scan: Scan, start: int, end: int) -> int:
    if not _begins_value(scan, start, end, tight=True):
        return -1
    return quoted("/", lines=True, hole="#{")(scan, start, end)


def _percent(scan: Scan, start: int, end: int) -> int:
    opener = scan.text[end - 1]
    if not _begins_value(scan, start, end, tight=True):
        return -1
    closer = _CLOSERS.get(opener)
    if closer is None:
        return quoted(opener, lines=True)(scan, start, end)
    depth = 1
    for match in re.compile(rf"\\.|[{re.escape(opener + closer)}]", re.DOTALL).finditer(scan.text, end):
        depth += {opener: 1, closer: -1}.get(match.group(), 0)
        if not depth:
            return match.end()
    return len(scan.text)


def _heredoc(scan: Scan, start: int, end: int) -> int:
    """`<<~END`: from the line after to the line that says END. What follows on the first line is taken with it, but
    for the last label of several."""
    opened = scan.text[start:end]
    if opened[2] not in "~-" and not _begins_value(scan, start, end, tight=True):
        return -1
    label = opened.lstrip("<~-").strip("'\"`")
    found = scan.line_that_says(label, scan.end_of_line(end))
    return found + scan.text[found:].index(label) + len(label) if found >= 0 else -1


_RULES: Rules = (
    Rule(r"^=begin\b", lambda scan, start, end: _to_line(scan, end, "=end"), comment=True),
    Rule(r"^__END__$", lambda scan, start, end: len(scan.text), comment=True),
    Rule(r"#", line_comment, comment=True),
    Rule(r"(?<![\w)\]}])\?(?:\\?[^\s\w](?=[\s,;)\]}.]|$)|\\?\w(?!\w))", lambda scan, start, end: end),
    Rule(r"<<[~-]?(?:\"[^\"\n]{1,60}\"|'[^'\n]{1,60}'|`[^`\n]{1,60}`|[A-Za-z_]\w*)", _heredoc),
    Rule(r"\$[\"'`/~&;,.!]", lambda scan, start, end: -1),  # special variables
    Rule(r"%[wWiIqQrsx][^\w\s]|%[\(\[\{<|!/^]", _percent),
    Rule(r"(?<=def )[`/%]|(?<=\.)[`/%]|(?<=:)[/%`](?![/%\w])", lambda scan, start, end: -1),  # operators by name
    Rule('"', quoted('"', lines=True, hole="#{")),
    Rule("'", quoted("'", lines=True)),
    Rule("`", quoted("`", lines=True, hole="#{")),
    Rule("/", _regex),
)


def _to_line(scan: Scan, end: int, words: str) -> int:
    found = re.compile(rf"^{words}\b.*$", re.MULTILINE).search(scan.text, end)
    return found.end() if found else len(scan.text)


# `end` of a method chain and of a hash (`:end`, `end:`) is none; names carry their sign (`empty?`, `save!`, `name=`).
_WORD = r"(?:@@?|\$)?[^\W\d]\w*(?:[?!](?!=[^=~>]))?|:[^\W\d]\w*[?!=]?"
_SIGNS = r"::|=>|\.\.\.?|&\.|===?|=~|!~|<=>|<<|>>|\*\*|\[\]=?|[+\-!~]@|==|!=|<=|>="
_OPENERS = frozenset(["class", "module", "def", "begin", "case", "do", "if", "unless", "while", "until", "for"])
_MODIFIERS = frozenset(["if", "unless", "while", "until"])
_OPERATORS = frozenset("[] []= + - * / % ** == != < <= > >= <=> === =~ !~ << >> ! ~ +@ -@ !@ ~@ & | ^ `".split())


def outline(text: str) -> Outline:
    """Every class, module and method; what stands in `class << self` belongs to the class."""
    code = Code(text, *hollow(text, _RULES), word=_WORD, signs=_SIGNS)
    return Outline("ruby", definitions(code, _found(code)))


def _found(code: Code) -> Iterator[Found]:
    words = code.words
    open_: list[tuple[Found | None, bool]] = []  # what each `end` to come closes; is it a loop that waits for its `do`
    for index in range(code.count):
        word = words[index]
        if word == "end" and words[index - 1] not in (".", "&.", "def") and words[index + 1] != ":":
            if open_:
                found, _ = open_.pop()
                if found:
                    yield Found(found.kind, found.name, found.at, index)
            continue
        if word not in _OPENERS or words[index - 1] in (".", "&.", "::") or _is_key(code, index):
            continue
        if words[index - 1] == "def" and not code.on_new_line(index):
            continue
        if word == "do" and open_ and open_[-1][1] and _on_line_of_loop(code, index):
            continue
        if word in _MODIFIERS and not _begins(code, index):
            continue
        if word in ("class", "module"):
            found = _type(code, index)
            if found is None and word == "class" and words[index + 1] != "<<":
                continue
            open_.append((found, False))
        elif word == "def":
            found, endless = _method(code, index)
            if found and endless:
                yield found
            elif found:
                open_.append((found, False))
        else:
            open_.append((None, word in ("while", "until", "for")))
    yield from (found for found, _ in open_ if found)


def _is_key(code: Code, index: int) -> bool:
    """`if: :new?` in a call."""
    after = code.starts[index] + len(code.words[index])
    return code.clear[after : after + 1] == ":" and code.clear[after : after + 2] != "::"


def _begins(code: Code, index: int) -> bool:
    """A modifier stands behind a statement, a statement begins a line or stands behind a sign that wants a value."""
    before = code.words[index - 1] if index else ""
    start = code.starts[index]
    continued = code.clear[max(0, start - 200) : start].rstrip(" \t\n").endswith("\\")
    if index == 0 or (code.on_new_line(index) and not continued):
        return True
    return before in _STARTS or (before.endswith("=") and before[0] not in "@$:" and not before[0].isalpha())


_STARTS = frozenset("= ( [ { , ; | && || ! => + - * / << then do else begin and or not return in when -> ? ...".split())


def _on_line_of_loop(code: Code, index: int) -> bool:
    start = code.clear.rfind("\n", 0, code.starts[index]) + 1
    return re.search(r"\b(?:while|until|for)\b", code.clear[start : code.starts[index]][:400]) is not None


def _type(code: Code, index: int) -> Found | None:
    words, at = code.words, index + 1
    if words[at] == "::":
        at += 1
    if not words[at][:1].isupper():
        return None
    while words[at + 1] == "::" and words[at + 2][:1].isupper():
        at += 2
    return Found("type", words[at], at)


def _method(code: Code, index: int) -> tuple[Found | None, bool]:
    """`def self.name(a) = value`: what is found, and whether it ends without `end`."""
    words, at = code.words, index + 1
    if words[at + 1] in (".", "::") and code.is_word(at) and not code.on_new_line(at + 1):
        at += 2
    elif words[at] == "(" and words[code.past(at)] == ".":
        at = code.past(at) + 1
    name, after = words[at], at + 1
    if not (code.is_word(at) or name in _OPERATORS or name == LITERAL):
        return None, False
    if code.is_word(at) and words[after] == "=" and code.starts[after] == code.starts[at] + len(name):
        name, after = f"{name}=", after + 1
    if words[after] == "(" and not code.on_new_line(after):
        after = code.past(after)
    endless = words[after] == "=" and not code.on_new_line(after)
    return Found("function", name, at), endless
