"""Members of type bodies in languages whose methods have no keyword: Java and C#."""

from __future__ import annotations

from collections.abc import Iterator

from git_hotfix.languages.scanning.code import Code
from git_hotfix.languages.scanning.nesting import Found

_HEAD = 4000  # tokens of a type's head: base lists and constraints; what stands in brackets counts as one


class Dialect:
    """What one of the languages calls its types, what opens a region whose members are of the same level, and which
    words may stand before a round bracket without naming a method. `sharp`: C#, with `[Attribute]` before a member,
    operators, delegates and bodies behind `=>`."""

    def __init__(
        self, types: frozenset[str], transparent: frozenset[str], reserved: frozenset[str], *, sharp: bool
    ) -> None:
        self.types = types
        self.transparent = transparent
        self.reserved = reserved
        self.sharp = sharp


def members(code: Code, dialect: Dialect) -> Iterator[Found]:
    """Every type, and every method and constructor that stands directly in a type."""
    reader = _Reader(code, dialect)
    while reader.pending:
        start, end, keyword, reader.around = reader.pending.pop()
        at = _past_constants(code, start, end) if keyword == "enum" else start
        while at < end:
            at = reader.member(at, end)
    return iter(reader.found)


class _Reader:
    """Reads one member after another; `pending` are the bodies of types that were passed."""

    def __init__(self, code: Code, dialect: Dialect) -> None:
        self.code = code
        self.dialect = dialect
        self.around = ""  # the type whose members are read
        self.found: list[Found] = []
        # Start, end, and the keyword and the name of the type that it is the body of.
        self.pending: list[tuple[int, int, str, str]] = [(0, code.count, "", "")]

    def member(self, start: int, end: int) -> int:
        """Read one member from `start`; returns where the next one starts."""
        words, at = self.code.words, start
        named = -1  # the index of a name that a round bracket follows
        while at < end:
            word = words[at]
            if word in (";", "}"):
                if word == ";" and named >= 0 and self.around:
                    self._function(named, start, at)
                return at + 1
            if word == "{":
                if named >= 0 and (self.around or self._is_local(named, start)):
                    self._function(named, start, self.code.partner[at])
                return self.code.past(at)
            if word == "=" or (word == "delegate" and self.dialect.sharp) or (word == "=>" and named < 0):
                return self._past_value(at, end)
            if word == "=>" and self.around:
                stop = self._past_value(at, end)
                self._function(named, start, stop - 1)
                return stop
            if named < 0:
                past = self._passed(at, start, end)
                if past < 0:
                    return -past
                named = self._named(at, start)
                if word == "operator" and self.dialect.sharp:
                    named, past = at, self._past_operator(at)
            else:
                past = self.code.past(at) if word in ("(", "[") else max(at + 1, self._past_types(at))
            at = past
        return end

    def _passed(self, at: int, start: int, end: int) -> int:
        """Past one token, or all in brackets; negative where a type or a namespace was read, which ends the member."""
        code, word = self.code, self.code.words[at]
        if word == "@" and code.is_word(at + 1) and code.words[at + 1] != "interface":
            return self._past_annotation(at)
        if word in self.dialect.transparent:
            opener = self._opener(at + 1, end)
            if code.words[opener] == "{":
                self.pending.append((opener + 1, self._end(opener, end), "", self.around))
                return -code.past(opener)
            return -(opener + 1)
        if word in self.dialect.types and self._names_type(at):
            return -self._type(at, end)
        if word in ("(", "["):
            return code.past(at)
        return max(at + 1, self._past_types(at))

    def _past_types(self, at: int) -> int:
        return self.code.past_angles(at) if self.code.words[at] == "<" else at

    def _named(self, at: int, start: int) -> int:
        """The index of the name of a method whose parameters begin at `at`; -1 where none do."""
        if self.code.words[at] != "(":
            return -1
        before = at - 1
        if self.code.words[before] == ">":
            before = _before_types(self.code, before)
        reserved = self.code.words[before] in self.dialect.reserved
        return before if before >= start and self.code.is_word(before) and not reserved else -1

    def _is_local(self, named: int, start: int) -> bool:
        """True for a function outside of any type: something that may be its result stands before its name."""
        return named > start and self.code.words[named - 1] not in ("else", "await", ".")

    def _function(self, named: int, start: int, last: int) -> None:
        words, at = self.code.words, named
        if words[at] == "operator":
            clear, starts = self.code.clear, self.code.starts
            name = f"operator {clear[starts[at + 1] : starts[self._past_operator(at)]].strip()}"
        else:
            # With the interface that it is written for: two of one name may stand side by side.
            while at - 2 >= start and words[at - 1] == "." and self.code.is_word(at - 2):
                at -= 2
            name = ("~" if words[at - 1] == "~" else "") + ".".join(words[at : named + 1 : 2])
        self.found.append(Found("function", name, named, last))

    def _past_operator(self, at: int) -> int:
        at += 1
        while self.code.words[at] not in ("(", ""):
            at += 1
        return at

    def _past_value(self, at: int, end: int) -> int:
        while at < end and self.code.words[at] not in (";", "}"):
            at = self.code.past(at) if self.code.words[at] in ("(", "{", "[") else at + 1
        return at + 1

    def _past_annotation(self, at: int) -> int:
        at += 2
        while self.code.words[at] == "." and self.code.is_word(at + 1):
            at += 2
        return self.code.past(at) if self.code.words[at] == "(" else at

    def _names_type(self, index: int) -> bool:
        words, at = self.code.words, index + 1
        if words[index] == "record":
            at += words[at] in ("class", "struct")
            return self.code.is_word(at) and words[at + 1] in ("(", "<", "{", ":", ";")
        return self.code.is_word(at) and words[index - 1] not in (".", "where", ":", ",")

    def _type(self, index: int, end: int) -> int:
        words, name = self.code.words, index + 1
        if words[index] == "record" and words[name] in ("class", "struct"):
            name += 1
        opener = self._opener(name + 1, end)
        if words[opener] != "{":
            self.found.append(Found("type", words[name], name, opener))
            return opener + 1
        self.found.append(Found("type", words[name], name, self.code.partner[opener]))
        self.pending.append((opener + 1, self._end(opener, end), words[index], words[name]))
        return self.code.past(opener)

    def _opener(self, index: int, end: int) -> int:
        """The brace or the semicolon that ends the head of a type."""
        for _ in self.code.steps(_HEAD):
            if index >= end or self.code.words[index] in ("{", ";", "}", ""):
                break
            index = self.code.past(index) if self.code.words[index] in ("(", "[") else index + 1
        return index

    def _end(self, opener: int, end: int) -> int:
        return self.code.partner[opener] if self.code.partner[opener] >= 0 else end


def _past_constants(code: Code, start: int, end: int) -> int:
    at = start
    while at < end and code.words[at] != ";":
        at = code.past(at) if code.words[at] in ("(", "{", "[") else at + 1
    return min(at + 1, end)


def _before_types(code: Code, at: int) -> int:
    """The name before a list of types that ends at `at`: `Map<K, V>(`."""
    depth = 0
    for _ in code.steps(200):
        depth += {">": 1, "<": -1}.get(code.words[at], 0)
        at -= 1
        if not depth or at < 0:
            break
    return at
