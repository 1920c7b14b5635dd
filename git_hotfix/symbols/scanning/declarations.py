"""The declarations of C and C++: what defines a function or a type, among macros of which nothing is known."""

from __future__ import annotations

from collections.abc import Iterator

from git_hotfix.symbols.scanning.code import LITERAL, Code
from git_hotfix.symbols.scanning.nesting import Declaration

_TYPES = frozenset(["class", "struct", "union", "enum"])
# A round bracket behind one of these holds no parameters.
_RESERVED = frozenset(
    "__attribute__ __attribute __declspec __asm__ asm __extension__ alignas _Alignas decltype __typeof__ typeof sizeof "
    "noexcept requires explicit throw if for while switch catch return else do static_assert _Static_assert defined "
    "__pragma _Pragma __except new delete constexpr consteval constinit int char bool long short float double void "
    "unsigned signed auto const".split()
)
# What may stand between the parameters of a function and its body.
_TRAILERS = frozenset("const volatile noexcept override final throw try requires restrict __restrict mutable".split())


class _Region:
    """Tokens to read: their bounds, and whether they are a function's body, where only types are looked for."""

    __slots__ = ("body", "end", "start")

    def __init__(self, start: int, end: int, *, body: bool = False) -> None:
        self.start = start
        self.end = end
        self.body = body


def found(code: Code) -> Iterator[Declaration]:
    """Every definition of a text."""
    reader = _Reader(code)
    while reader.pending:
        region = reader.pending.pop()
        at = region.start
        while at < region.end:
            at = reader.local(at, region) if region.body else reader.statement(at, region)
    return iter(reader.found)


class _Reader:
    """Reads one declaration after another; `pending` are the bodies that were passed."""

    def __init__(self, code: Code) -> None:
        self.code = code
        self.found: list[Declaration] = []
        self.pending = [_Region(0, code.count)]

    def local(self, at: int, region: _Region) -> int:
        """Past one token of a function's body, where only types are of interest."""
        past = self._type(at, region) if self.code.words[at] in _TYPES else at
        return max(past, at + 1)

    def statement(self, start: int, region: _Region) -> int:
        """Read one declaration from `start`; returns where the next one starts."""
        code, words, at = self.code, self.code.words, start
        named = -1
        while at < region.end:
            word = words[at]
            if word in (";", "}"):
                return at + 1
            if word == "=":
                return _past_semicolon(code, at, region.end)
            if word == "{":
                last = code.partner[at]
                if named >= 0:
                    self.found.append(Declaration("function", _name(code, named), _first(code, named), last))
                self.pending.append(_Region(at + 1, last if last >= 0 else region.end, body=True))
                return code.past(at)
            if word in ("public", "private", "protected", "signals", "slots") and words[at + 1] == ":":
                return at + 2
            if word == "namespace" or (word == "extern" and words[at + 1] == LITERAL):
                past = self._transparent(at, region)
                if past:
                    return past
            if word == "operator":
                named, at = at, _past_operator(code, at)
                at = _past_parameters(code, at, region.end) if words[at] == "(" else at
            elif named < 0:
                named, at = self._unnamed(at, start, region)
            else:
                at = max(code.past(at) if word in ("(", "[") else at + 1, self._past_types(at))
        return region.end

    def _unnamed(self, at: int, start: int, region: _Region) -> tuple[int, int]:
        """One step of a declaration whose name was not seen yet: the index of the name, or -1, and where to go on."""
        code, words = self.code, self.code.words
        word, opener = words[at], at
        if word == "template" and words[at + 1] == "<":
            return -1, max(code.past_angles(at + 1, logic=True), at + 2)
        if word in _TYPES:
            return -1, max(self._type(at, region), at + 1)
        if word == "[":
            return -1, code.past(at)
        if word == "<":
            opener = self._past_types(at)
            if opener == at or words[opener] != "(":
                return -1, max(opener, at + 1)
        elif word != "(":
            return -1, at + 1
        if not _may_name(code, at - 1, start) or _is_macro(code, opener):
            return -1, code.past(opener)
        named = at - 1
        if words[opener + 1] == "(" and code.partner[opener + 1] == code.partner[opener] - 1 and code.is_word(at - 2):
            named = at - 2  # name PROTO((parameters))
        return named, _past_parameters(code, opener, region.end)

    def _past_types(self, at: int) -> int:
        return self.code.past_angles(at, logic=True) if self.code.words[at] == "<" else at

    def _transparent(self, at: int, region: _Region) -> int:
        """Past `namespace a::b {…}` or `extern "C" {…}`, whose members are read as if they stood outside; 0 for
        others."""
        code, opener = self.code, at + 1
        while opener < at + 40 and code.words[opener] not in ("{", ";", "=", "(", "}", ""):
            if code.words[at] == "extern" and opener > at + 1:
                return 0  # extern "C" int f();
            opener = code.past(opener) if code.words[opener] == "[" else opener + 1
        if code.words[opener] == "(" and code.words[at] == "namespace":  # an attribute of the namespace
            opener = code.past(opener)
        if code.words[opener] != "{":
            return 0
        last = code.partner[opener]
        self.pending.append(_Region(opener + 1, last if last >= 0 else region.end))
        return code.past(opener)

    def _type(self, index: int, region: _Region) -> int:
        """A type with a body; returns the index after it, or `index` where it is only mentioned."""
        code, words = self.code, self.code.words
        name, opener = _head_of_type(code, index)
        if opener < 0:
            return index
        last = code.partner[opener]
        if name >= 0:
            self.found.append(Declaration("type", words[name], name, last))
        elif "typedef" in (words[index - 1], words[index - 2]):
            self.found += _typedef(code, code.past(opener))
        if words[index] != "enum":
            self.pending.append(_Region(opener + 1, last if last >= 0 else region.end))
        return code.past(opener)


def _head_of_type(code: Code, index: int) -> tuple[int, int]:
    """The index of the name (-1 for none) and of the opening brace (-1 where the type is only mentioned)."""
    words, at, name, based = code.words, index + 1, -1, False
    if words[index] == "enum" and words[at] in ("class", "struct"):
        at += 1
    for _ in code.steps(600):
        word = words[at]
        if word == "{":
            return name, at
        if word == ":" and not based:
            based = True
        elif word == "[" or (word == "(" and (words[at - 1] in _RESERVED or words[at - 1].isupper() or based)):
            if name == at - 1:
                name = -1  # the name of a macro
            at = code.past(at)
            continue
        elif word == "<":
            past = code.past_angles(at, logic=True)
            if past == at:
                return -1, -1
            at = past
            continue
        elif code.is_word(at):
            if not based and word != "final" and word not in _RESERVED:
                name = at
        elif word not in ("::", ",", "...", LITERAL) or (word == "," and not based):
            return -1, -1
        at += 1
    return -1, -1


def _may_name(code: Code, index: int, start: int) -> bool:
    word = code.words[index]
    return index >= start and code.is_word(index) and word not in _RESERVED


def _is_macro(code: Code, index: int) -> bool:
    """True where what stands behind the round brackets at `index` shows that a declaration only begins there."""
    # TEST_CASE("name") {, TEST_CASE_METHOD(Fixture, "name") {
    after = code.past(index)
    if _is_given_text(code, index + 1, min(after, index + 16)):
        return True
    word, name = code.words[after], code.words[index - 1]
    if word in ("{", ":", "->", "=", ";", ",", "[", "&", "&&", "", ")", "}") or word in _TRAILERS or word in _RESERVED:
        return False
    if word == "(":
        return False
    return (
        name.isupper() or not (word.isupper() or word.startswith("_")) or (code.on_new_line(after) and word in _TYPES)
    )


def _is_given_text(code: Code, at: int, end: int) -> bool:
    """True where a string stands where a parameter would."""
    while at < end:
        if code.words[at] == LITERAL and code.words[at - 1] in ("(", ","):
            return True
        at = code.past(at) if code.words[at] in ("(", "{", "[") else at + 1
    return False


def _past_parameters(code: Code, index: int, end: int) -> int:
    """The index of the brace, semicolon or `=` that follows the parameters at `index`."""
    words, at = code.words, code.past(index)
    while at < end:
        word = words[at]
        if word in ("{", ";", "=", "}"):
            return at
        if word == ":":
            return _past_initialisers(code, at + 1, end)
        if word in ("(", "["):
            at = code.past(at)
        elif word == "<" and (past := code.past_angles(at, logic=True)) > at:
            at = past
        else:
            at += 1
    return end


def _past_initialisers(code: Code, at: int, end: int) -> int:
    """`: a(1), b{2}, Base<T>(3)`: the index of the brace of the body."""
    words = code.words
    while at < end and words[at] not in (";", "}"):
        if words[at] == "{" and not (code.is_word(at - 1) or words[at - 1] in (">", "...")):
            return at
        if words[at] in ("(", "{"):
            at = code.past(at)
            at += words[at] == "..."
            if words[at] != ",":
                return at
        elif words[at] == "<" and (past := code.past_angles(at, logic=True)) > at:
            at = past
        else:
            at += 1
    return at


def _past_semicolon(code: Code, at: int, end: int) -> int:
    while at < end and code.words[at] not in (";", "}"):
        at = code.past(at) if code.words[at] in ("(", "[", "{") else at + 1
    return at + 1


def _past_operator(code: Code, index: int) -> int:
    """The index of the parameters of `operator …`."""
    at = index + 1
    if code.words[at] == "(" and code.words[at + 1] == ")":
        return at + 2
    for _ in code.steps(60):
        if code.words[at] in ("(", ";", "{", ""):
            break
        at += 1
    return at


def _first(code: Code, named: int) -> int:
    return named - 1 if code.words[named - 1] == "~" else named


def _name(code: Code, named: int) -> str:
    """`A::B::f` as `A.B.f`, `~A`, `operator ==`."""
    words, at = code.words, named
    name = words[named]
    if name == "operator":
        after = _past_operator(code, named)
        signs = ['""' if word == LITERAL else word for word in words[named + 1 : after]]
        name = "operator " + " ".join(signs) if len(signs) > 1 and signs[0].isalpha() else "operator " + "".join(signs)
        name = name.replace("new [ ]", "new[]").replace("delete [ ]", "delete[]")
    if words[at - 1] == "~":
        name, at = f"~{name}", at - 1
    around: list[str] = []
    while words[at - 1] == "::" and len(around) < 8:
        at -= 2
        if words[at] == ">":
            depth = 0
            while at >= 0:
                depth += {">": 1, "<": -1}.get(words[at], 0)
                at -= 1
                if not depth:
                    break
        if not code.is_word(at):
            break
        around.insert(0, words[at])
    return ".".join([*around, name])


def _typedef(code: Code, index: int) -> Iterator[Declaration]:
    """`} Name;`, past attributes and stars."""
    for at in range(index, min(index + 40, code.count)):
        word = code.words[at]
        if word in (";", "{", "}", "["):
            return
        if code.is_word(at) and code.words[at + 1] in (";", ",", "["):
            yield Declaration("type", word, at, at)
            return
