"""JavaScript and TypeScript: what their tokens define."""

from __future__ import annotations

from collections.abc import Iterator

from git_hotfix.languages.scanning.code import LITERAL, Code
from git_hotfix.languages.scanning.nesting import Found

_RESERVED = frozenset(
    "if for while switch catch with function return new await typeof super import in of do else".split()
)
_MODIFIERS = frozenset(
    "static async get set public private protected readonly abstract override declare accessor export default".split()
)
_MEMBER_STARTS = frozenset(["{", ",", ";", "}", "*"])


def found(code: Code, *, typed: bool) -> Iterator[Found]:
    """Every function and type that has a name, or is the value of something that has one."""
    words = code.words
    classes: set[int] = set()  # the braces that open the body of a class
    around: list[tuple[int, str]] = []  # where the brackets around end, and what they hold
    alias_end = 0  # what stands in `type X = …` defines nothing more
    for index in range(code.count):
        word, after = words[index], words[index + 1]
        while around and around[-1][0] <= index:
            around.pop()
        inside = around[-1][1] if around else ""
        if word in ("{", "(", "["):
            if code.partner[index] > index:
                around.append((code.partner[index], _holds(code, index, inside, is_class=index in classes)))
            if word == "[" and inside in ("class", "object"):
                yield from _computed(code, index)
        elif index < alias_end:
            continue
        elif word == "class" or (typed and word in ("interface", "enum") and _begins(code, index)):
            yield from _type(code, index, classes)
        elif word == "function" and words[index - 1] != "." and after not in (":", ",", ")"):
            yield from _function(code, index)
        elif typed and word == "type" and code.is_word(index + 1) and _begins(code, index):
            alias_end = _past_alias(code, index + 2)
        elif typed and word in ("const", "let", "var") and words[index + 2] == ":":
            yield from _variable(code, index + 1)
        elif after in ("=", ":") and (code.is_word(index) or word == LITERAL):
            yield from _property(code, index, inside, typed=typed)
        elif after in ("(", "<", "?") and inside in _BODIES and (code.is_word(index) or word == LITERAL):
            yield from _method(code, index, in_class=inside == "class", typed=typed)


def _type(code: Code, index: int, classes: set[int]) -> Iterator[Found]:
    """A class, an interface or an enum; the brace of its body is added to `classes`."""
    words, after = code.words, code.words[index + 1]
    if words[index - 1] == "." or after in (":", "=", ",", ")", ";", "("):
        return
    opener = _opener(code, index + 1)
    if not opener:
        return
    if words[index] != "enum":
        classes.add(opener)
    named = code.is_word(index + 1) and after not in ("extends", "implements")
    at = index + 1 if named else _assigned(code, index)
    if at:
        yield Found("type", words[at], at, code.partner[opener])


def _past_alias(code: Code, at: int) -> int:
    """Past `type X<T> = …`, of which the name ends before `at`; 0 where it is none."""
    if code.words[at] == "<":
        at = code.past_angles(at, logic=True)
    return _past_type(code, at + 1) if code.words[at] == "=" else 0


def _variable(code: Code, index: int) -> Iterator[Found]:
    """`name: type = …` where the value is a function."""
    value = _past_type(code, index + 2)
    if code.is_word(index) and code.words[value] == "=" and (last := _value(code, value + 1)):
        yield Found("function", code.words[index], index, last)


def _computed(code: Code, index: int) -> Iterator[Found]:
    """`[Symbol.iterator]() {`."""
    close = code.past(index)
    if code.words[close] == "(" and code.words[code.past(close)] == "{":
        name = "".join(code.words[index:close])[:100]
        yield Found("function", name, index, code.partner[code.past(close)])


def _holds(code: Code, index: int, inside: str, *, is_class: bool) -> str:
    """What the bracket at `index` holds: the members of a "class", the values of an "object", or anything else."""
    before = code.words[index - 1] if index else ""
    if is_class:
        return "class"
    if code.words[index] != "{":
        return "bracket"
    if before == ":":
        return "object" if inside == "object" else "type"
    if code.words[code.past(index)] == ">":
        return "type"  # of a list of types
    return "object" if before in _BEFORE_OBJECT else "block"


_BODIES = frozenset(["class", "object", "type"])
_BEFORE_OBJECT = frozenset(["=", "(", ",", "[", "?", "return", "&&", "||", "default", "satisfies", "yield", "await"])


def _function(code: Code, index: int) -> Iterator[Found]:
    words, name = code.words, index + 1
    name += words[name] == "*"
    if code.is_word(name) and words[name + 1] in ("(", "<"):
        yield Found("function", words[name], name, _last(code, name + 1))


def _property(code: Code, index: int, inside: str, *, typed: bool) -> Iterator[Found]:
    """`name = …`, `name: …`, `a.name = …` where the value is a function, and `name = {` that gives a name only."""
    words, sign, start = code.words, code.words[index + 1], index + 2
    if sign == ":" and typed and inside == "class":
        value = _past_type(code, start)
        if words[value] != "=":
            return
        start = value + 1
    elif sign == ":" and (words[index - 1] not in ("{", ",") or (typed and inside != "object")):
        return
    elif sign == "=" and inside == "bracket" and words[index - 1] in ("(", ","):
        return  # the default of a parameter
    elif sign == "=" and typed and _is_type(code, index):
        return
    name = code.literal(index) if words[index] == LITERAL else words[index]
    last = _value(code, start)
    if not name.strip():
        return
    if last:
        yield Found("function", name, index, last)
    elif words[start] == "{" and code.partner[start] > 0:
        yield Found(None, name, index, code.partner[start])


def _is_type(code: Code, index: int) -> bool:
    """True where the name at `index` ends the type of what the value is given to: `error: () => errors.Map = …`."""
    at = index
    for _ in code.steps(8):
        if code.words[at - 1] != ".":
            break
        at -= 2
    return code.words[at - 1] in (":", "=>", "|", "&", "<", "type", "keyof", "typeof")


def _method(code: Code, index: int, *, in_class: bool, typed: bool) -> Iterator[Found]:
    """`name(…) {` in a class or an object."""
    words, word, at = code.words, code.words[index], index + 1
    before = words[index - 1]
    starts = (
        before in _MEMBER_STARTS
        or before in _MODIFIERS
        or (in_class and (code.on_new_line(index) or before in ("]", ")")))
    )
    if word == "new" or (word in _RESERVED and not in_class) or not starts or before in ("@", "."):
        return
    if words[at] == "?" and typed and in_class:
        at += 1
    if words[at] == "<" and typed:
        at = code.past_angles(at)
    if words[at] != "(":
        return
    at = code.past(at)
    if words[at] == ":" and typed and (in_class or before in ("{", ",", "async", "*")):
        at = _past_type(code, at + 1)
    name = code.literal(index) if word == LITERAL else word
    if not name.strip():
        return
    if words[at] == "{":
        yield Found("function", name, index, code.partner[at])
    elif typed and in_class and (words[at] in (";", "}") or code.on_new_line(at)):
        yield Found("function", name, index, at - (words[at] != ";"))


def _assigned(code: Code, index: int) -> int:
    """The index of the name that the value at `index` is given to; 0 for none."""
    if code.words[index - 1] in ("=", ":") and code.is_word(index - 2):
        return index - 2
    return 0


def _value(code: Code, at: int) -> int:
    """The last token of the function that a value at `at` is; 0 where it is none."""
    words = code.words
    at += words[at] == "async" and not code.on_new_line(at + 1)
    if words[at] == "function":
        opener = at + 1
        opener += words[opener] == "*"
        opener += code.is_word(opener)
        last = _last(code, opener)
        return 0 if words[last + 1] == "(" else last  # called at once, its result is the value
    if words[at] == "<":
        at = code.past_angles(at)
    if code.is_word(at) and words[at + 1] == "=>":
        return _arrow(code, at + 1)
    if words[at] != "(":
        return 0
    at = code.past(at)
    if words[at] == ":":
        at = _past_type(code, at + 1)
    return _arrow(code, at) if words[at] == "=>" else 0


def _arrow(code: Code, at: int) -> int:
    """The last token of `=> {…}` or `=> value`."""
    words = code.words
    if words[at + 1] == "{":
        return max(code.partner[at + 1], at)
    for _ in code.steps(2000):
        at += 1
        if words[at] in ("(", "[", "{"):
            at = code.past(at) - 1
        elif words[at] in (")", "]", "}", ",", ";", ""):
            break
    return at - 1


def _last(code: Code, at: int) -> int:
    """The last token of a function whose parameters (or the types before them) are at `at`."""
    words = code.words
    if words[at] == "<":
        at = code.past_angles(at)
    if words[at] == "(":
        at = code.past(at)
    if words[at] == ":":
        at = _past_type(code, at + 1)
    return code.partner[at] if words[at] == "{" else at


def _past_type(code: Code, at: int) -> int:
    """The index of what follows a type: the brace of a body, `=`, `=>`, `;`, `,`, or what begins the next line."""
    words, start = code.words, at
    for _ in code.steps(400):
        word = words[at]
        if word == "{":
            if at > start and words[at - 1] not in ("|", "&", "=>", "is", ":", "?", "extends", "<"):
                return at
            at = code.past(at)
        elif word == "<" and (past := code.past_angles(at, logic=True)) > at:
            at = past
        elif word == "(":
            at = code.past(at)
            if words[at] == "=>":
                at += 1
        elif word == "[":
            at = code.past(at)
        elif word in (";", ",", "=", "=>", ")", "}", "]", ""):
            return at
        elif at > start and code.on_new_line(at) and word not in ("|", "&", ".", "extends", "?", ":"):
            if words[at - 1] not in ("|", "&", ":", "?", "extends", "=>", "keyof", "typeof", "is", "asserts"):
                return at
            at += 1
        else:
            at += 1
    return at


def _opener(code: Code, at: int) -> int:
    """The brace that opens the body of a type; 0 for none."""
    words = code.words
    for _ in code.steps(400):
        word = words[at]
        if word == "{":
            return at
        if word == "<" and (past := code.past_angles(at, logic=True)) > at:
            at = past
        elif word in ("(", "["):
            at = code.past(at)
        elif word in (";", ")", "}", "=", ""):
            return 0
        else:
            at += 1
    return 0


def _begins(code: Code, index: int) -> bool:
    return code.on_new_line(index) or code.words[index - 1] in ("export", "declare", "default", "const", ";", "}", "{")
