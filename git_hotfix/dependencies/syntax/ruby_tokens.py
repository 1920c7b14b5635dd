"""Ruby as text: the pieces of a Gemfile, a gemspec or a Podfile. Nothing is run."""

from __future__ import annotations

import re

from git_hotfix.dependencies.syntax import quoted
from git_hotfix.dependencies.syntax.plain import DEPTH, Token, unreadable

# What a token can be, in the order of trial. `value` below says which of them may follow a value.
_TOKEN = r"""
(?P<space>(?:[ \t\f\v]|\\\n)+)|(?P<comment>\#[^\n]*)|(?P<newline>\n)
|(?P<heredoc><<[~-]?(?:[A-Z_]\w*|"[^"\n]+"|'[^'\n]+'))
|(?P<label>[^\W\d]\w*[?!]?:(?!:))
|(?P<symbol>:(?:[^\W\d]\w*[?!]?|\[\]=?|[-+*/<>=!~%&|^]+))
|(?P<quotedsymbol>:["'])
|(?P<variable>(?:@@?|\$)\w+|\$[^\w\s])
|(?P<word>[^\W\d]\w*(?:[?!](?!=))?)
|(?P<number>\d\w*(?:\.\d\w*)*)
|(?P<quote>["'`])
|(?P<percent>%[qQwWiIrxs]?[^\w\s=])
|(?P<slash>/)
|(?P<char>\?(?:\\\S|\S)(?!\w))
|(?P<op>=>|->|&\.|&&=?|\|\|=?|\.\.\.?|::|<=>|===?|=~|!=|!~|<<=?|>>=?|<=|>=|\*\*=?|[-+*/%|&^]=|.)
"""
# After these the statement goes on in the next line; not after `|`, which ends the parameters of a block.
_GOES_ON = frozenset("=> -> &. && || , . + - * = ( [ { :: ? << ! ||= += ** == != =~ < > <= >= &".split())
_OPERATOR_WORDS = frozenset("and or not".split())
# Words behind which an expression begins, so that `/` and `%` begin a literal.
_NO_VALUE = frozenset("if unless while until and or not return when in do then else elsif case puts yield".split())
_CLOSES = {")": "(", "]": "[", "}": "{"}


def read(text: str) -> list[Token]:
    """The tokens of a Ruby text: `str`, `computed` (a string with code in it, a regular expression, a here-document),
    `words` (`%w[…]`; its value is the content), `symbol`, `label` (`name:`), `variable`, `word`, `number`, `op`, and
    `end` for the end of a statement.

    Raises `Unreadable` where a string, a bracket or a comment is not closed.
    """
    return _Reader(text).tokens


class _Reader:
    def __init__(self, text: str) -> None:
        self.text = text
        self.tokens: list[Token] = []
        self.brackets: list[Token] = []
        self.heredocs: list[str] = []
        self.line, self.counted = 1, 0
        pattern = re.compile(_TOKEN, re.VERBOSE)
        position = self._skip_comment(0)
        spaced = True
        while position < len(text):
            match = pattern.match(text, position)
            assert match and match.lastgroup  # the last alternative takes any character
            kind = match.lastgroup
            if kind in ("space", "comment"):
                position, spaced = match.end(), True
                continue
            self.line += text.count("\n", self.counted, position)
            self.counted = position
            if kind == "newline":
                self._end_of_line(position)
                position = self._skip_comment(self._skip_heredocs(match.end()))
                if text.startswith("__END__\n", position) or text[position:] == "__END__":
                    break
            else:
                position = self._take(kind, match, spaced=spaced)
            spaced = kind == "newline"
        if self.brackets:
            raise unreadable("a bracket is not closed", self.brackets[-1].line)
        if self.heredocs:
            raise unreadable("a here-document is not closed", self.line)
        self._add("end", "", "", len(text), len(text), spaced=True)

    def _add(self, kind: str, text: str, value: str, start: int, end: int, *, spaced: bool) -> None:
        self.tokens.append(Token(kind, text, value, self.line, start, end, spaced))

    def _take(self, kind: str, match: re.Match[str], *, spaced: bool) -> int:
        start, end, word = match.start(), match.end(), match.group()
        literal = self._expects_value(end, spaced=spaced)
        if word == "`" and self.tokens and self.tokens[-1].text in ("def", "."):  # a method of this name
            self._operator(word, start, end, spaced=spaced)
        elif kind in ("quote", "quotedsymbol"):
            close = word[-1]
            end, value = quoted.read(self.text, end, close, code="" if close == "'" else "#{")
            name = "symbol" if kind == "quotedsymbol" else "str"
            if name == "str" and self.text.startswith(":", end) and self.text[end + 1 : end + 2].isspace():
                name, end = "label", end + 1
            if value is None or close == "`":
                name = "computed"
            self._add(name, self.text[start:end], value or "", start, end, spaced=spaced)
        elif kind == "percent" and literal:
            end = self._percent(start, end, word, spaced=spaced)
        elif kind == "slash" and literal:
            end, _ = quoted.read(self.text, end, "/", code="#{")
            self._add("computed", self.text[start:end], "", start, end, spaced=spaced)
        elif kind == "heredoc" and literal:
            self.heredocs.append(word)
            self._add("computed", word, "", start, end, spaced=spaced)
        elif kind == "char" and literal:
            self._add("str", word, word[1:], start, end, spaced=spaced)
        elif kind in ("percent", "slash", "heredoc", "char", "op"):
            end = start + (2 if kind == "heredoc" else 1 if kind != "op" else len(word))
            self._operator(self.text[start:end], start, end, spaced=spaced)
        else:
            value = word.strip(":") if kind in ("label", "symbol") else word
            self._add(kind, word, value, start, end, spaced=spaced)
        return end

    def _percent(self, start: int, end: int, word: str, *, spaced: bool) -> int:
        opening = word[-1]
        close = {"(": ")", "[": "]", "{": "}", "<": ">"}.get(opening, opening)
        letter = word[1] if len(word) > 2 else "Q"
        nests = opening if close != opening else ""
        code = "" if letter in "qwis" else "#{"
        end, value = quoted.read(self.text, end, close, opening=nests, code=code)
        kind = "computed" if value is None or letter in "rx" else "words" if letter in "wWiI" else "str"
        self._add(kind, self.text[start:end], value or "", start, end, spaced=spaced)
        return end

    def _operator(self, word: str, start: int, end: int, *, spaced: bool) -> None:
        if word == ";":
            self._add("end", word, "", start, end, spaced=spaced)
            return
        self._add("op", word, word, start, end, spaced=spaced)
        if word in "([{":
            self.brackets.append(self.tokens[-1])
            if len(self.brackets) > DEPTH:
                raise unreadable("its brackets are nested too deeply", self.line)
        elif word in _CLOSES and (not self.brackets or self.brackets.pop().text != _CLOSES[word]):
            raise unreadable(f"{word} closes nothing", self.line)

    def _expects_value(self, end: int, *, spaced: bool) -> bool:
        """True where `/`, `%`, `?` and `<<` begin a literal instead of being an operator."""
        before = self.tokens[-1] if self.tokens else None
        if before is None or before.kind in ("end", "label"):
            return True
        if before.kind == "op":
            return before.text not in _CLOSES
        if before.kind != "word":
            return False
        # `puts /x/` and `puts %w[a]`, but `a / b`, `a/b`.
        return before.text in _NO_VALUE or (spaced and not self.text[end : end + 1].isspace())

    def _end_of_line(self, position: int) -> None:
        last = self.tokens[-1] if self.tokens else None
        if last is None or last.kind == "end" or (self.brackets and self.brackets[-1].text != "{"):
            return
        if (last.kind == "op" and last.text in _GOES_ON) or (last.kind == "word" and last.text in _OPERATOR_WORDS):
            return
        if re.compile(r"\n[ \t]*&?\.(?!\.)").match(self.text, position):  # the next line begins with `.method`
            return
        self._add("end", "\n", "", position, position + 1, spaced=False)

    def _skip_heredocs(self, position: int) -> int:
        for mark in self.heredocs:
            indented, name = mark[2] in "~-", mark.lstrip("<~-").strip("\"'")
            margin = r"[ \t]*" if indented else ""
            found = re.compile(rf"^{margin}{re.escape(name)}[ \t]*$", re.MULTILINE).search(self.text, position)
            if found is None:
                raise unreadable("a here-document is not closed", self.line)
            position = found.end()
        if self.heredocs:
            self.heredocs = []
            position += self.text.startswith("\n", position)
        return position

    def _skip_comment(self, position: int) -> int:
        """Behind `=begin … =end`, which stand at the start of a line."""
        while re.compile(r"=begin\b").match(self.text, position):
            found = re.compile(r"^=end\b[^\n]*\n?", re.MULTILINE).search(self.text, position)
            if found is None:
                raise unreadable("a comment is not closed", self.text.count("\n", 0, position) + 1)
            position = found.end()
        return position
