"""Shell: functions of sh, bash, ksh and zsh."""

from __future__ import annotations

from collections.abc import Iterator

from git_hotfix.symbols.model import Definition
from git_hotfix.symbols.scanning.code import Code, hollow
from git_hotfix.symbols.scanning.literals import Rule, Rules, Scan, line_comment, quoted
from git_hotfix.symbols.scanning.nesting import Declaration, name_definitions


def _heredoc(scan: Scan, start: int, end: int) -> int:
    """`<<-"END"`: to the line that says END; the rest of the first line is left in, and taken as text with it."""
    label = scan.text[start + 2 : end].lstrip("-").strip().strip("'\"").replace("\\", "")
    found = scan.line_that_says(label, scan.end_of_line(end))
    return found + len(label) if found >= 0 else -1


_RULES: Rules = (
    Rule(r"\\.|\\\n", lambda scan, start, end: -1),
    Rule(r"(?:(?<=[\s;&|(])|^)#", line_comment, comment=True),
    Rule(r"\$\{?#", lambda scan, start, end: -1),  # the number of arguments, the length of a variable
    Rule(r"\$'", quoted("'", lines=True)),
    Rule("'", quoted("'", escape="", lines=True)),
    Rule('"', quoted('"', lines=True, hole="$(", brackets="()")),
    Rule(r"<<<", lambda scan, start, end: -1),
    Rule(r"<<-?[ \t]*(?:'[^'\n]{1,60}'|\"[^\"\n]{1,60}\"|\\?[A-Za-z_][\w.-]*)", _heredoc),
)
# A function may be called almost anything.
_WORD = r"[A-Za-z_0-9.:@+,/~%!?-][\w.:@+,/~%!?-]*"
_BODIES = ("{", "(", "[", "if", "for", "while", "case")


def definitions(text: str) -> tuple[Definition, ...]:
    """Every function, in either way of writing one."""
    code = Code(text, *hollow(text, _RULES), word=_WORD, signs=r"\(\)|;;")
    return name_definitions(code, _found(code))


def _found(code: Code) -> Iterator[Declaration]:
    words = code.words
    for index in range(code.count):
        word = words[index]
        if word == "function" and _begins(code, index) and not code.on_new_line(index + 1):
            names = [index + 1]  # zsh takes several
            while not code.on_new_line(names[-1] + 1) and _is_name(words[names[-1] + 1]):
                names.append(names[-1] + 1)
            for at in names:
                if _is_name(words[at]):
                    yield Declaration("function", words[at], at, _last(code, names[-1] + 1))
        elif word == "()" and _begins(code, index - 1) and not code.on_new_line(index):
            name = words[index - 1]
            if words[index - 2] != "function" and _is_name(name) and words[index + 1] in _BODIES:
                yield Declaration("function", name, index - 1, _last(code, index + 1))


def _is_name(word: str) -> bool:
    return word[:1].isalnum() or word[:1] in tuple("_.:@+,/~%!?-")


def _begins(code: Code, index: int) -> bool:
    """True where a command may begin."""
    before = code.words[index - 1] if index else ""
    return code.on_new_line(index) or before in (";", "{", "(", "&", "|", "then", "else", "do", ")", ";;")


def _last(code: Code, index: int) -> int:
    at = index + (code.words[index] == "()")
    return code.partner[at] if code.words[at] in ("{", "(") else -1
