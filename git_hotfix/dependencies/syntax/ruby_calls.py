"""The calls that a Ruby file of declarations makes: `gem "x", "~> 1", group: :test`, and in whose block each stands."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

from git_hotfix.dependencies.syntax import ruby_tokens
from git_hotfix.dependencies.syntax.plain import DEPTH, Token, closing, split, unreadable, words
from git_hotfix.model.frozen import field, frozen

LISTS = 3  # in one another; a value that is nested more deeply counts as computed
# Calls by which a file can declare what it does not name, and those by which a declaration can go by another name.
_RUNS = frozenset("eval instance_eval class_eval instance_exec require_relative load".split())
_RENAMES = frozenset("alias alias_method define_method method send __send__ public_send".split())
ESCAPES = _RUNS | _RENAMES
_OPENS = frozenset("if unless while until case for begin def class module".split())
_LOOPS = frozenset("while until for".split())
_ENDS_ARGUMENTS = frozenset("do if unless while until rescue and or then end else".split())
_CONSTANTS = frozenset("true false nil".split())
_STARTS_ARGUMENT = frozenset("( [ * ** -> & { ::".split())


class Computed(str):
    """The source text of a value that is only known by running it."""

    __slots__ = ()


@frozen
class Call:
    """One call of a wanted name.

    `receiver` is what stands before its dot ("" for none). Values are strings (symbols too), lists of values, or
    `Computed`. `inside`: the wanted calls whose blocks it stands in, outermost first.
    """

    name: str
    receiver: str
    line: int
    args: tuple[Any, ...] = ()
    options: Mapping[str, Any] = field(default_factory=dict)
    inside: tuple[Call, ...] = ()

    @property
    def computed(self) -> frozenset[str]:
        """The source texts of what is computed in its arguments."""
        return frozenset(_computed_values([*self.args, *self.options.values()]))

    @property
    def shown(self) -> str:
        """The call in one line."""
        options = [f"{key}: {value}" for key, value in self.options.items()]
        return f"{self.name} {', '.join([*map(str, self.args), *options])}"

    @property
    def version(self) -> str:
        """The arguments behind the first, joined as a requirement is: `~> 1.0, >= 1.0.2`."""
        flat = [each for arg in self.args[1:] for each in (arg if isinstance(arg, list) else [arg])]
        return ", ".join(map(str, flat))


@frozen
class Calls:
    """Every wanted call of a text; `rest` is all that stands outside of those whose arguments are all literal, written
    with one space between two tokens, but for `do`, `end` and `assigned`: the values that attributes are set to
    (`s.name = "x"`), with their line."""

    calls: tuple[Call, ...]
    rest: str
    assigned: Mapping[str, tuple[Any, int]]

    @property
    def escapes(self) -> frozenset[str]:
        """What stands for declarations that nobody can see: the calls of `ESCAPES`, and `rest` where one renames."""
        found = {call.shown for call in self.calls if call.name in ESCAPES}
        return frozenset(found | {self.rest} if any(call.name in _RENAMES for call in self.calls) else found)


def read(text: str, wanted: Collection[str]) -> Calls:
    """The calls of `wanted` names in a Ruby text, with or without a receiver. Raises `Unreadable` where a string, a
    bracket, a block or a comment is not closed."""
    return _Reader(ruby_tokens.read(text), frozenset(wanted)).result()


class _Reader:
    def __init__(self, tokens: list[Token], wanted: frozenset[str]) -> None:
        self.tokens = tokens
        self.wanted = wanted
        self.calls: list[Call] = []
        self.rest: list[Token] = []
        self.assigned: dict[str, tuple[Any, int]] = {}
        self.blocks: list[tuple[Call | None, Token]] = []  # the open blocks, each with the call that it belongs to
        self.owner: Call | None = None  # the call that a block would belong to that opens here
        self.loop = False  # the `do` of this statement belongs to `while`
        position = 0
        while position < len(tokens):
            position = self._take(position)
        if self.blocks:
            raise unreadable("a block is not closed", self.blocks[-1][1].line)

    def result(self) -> Calls:
        return Calls(tuple(self.calls), words(self.rest), self.assigned)

    def _take(self, position: int) -> int:
        """Take what stands at `position`; the position behind it."""
        token = self.tokens[position]
        owner, self.owner = self.owner, None
        before = self.tokens[position - 1] if position else None
        called = before is not None and before.kind == "op" and before.text in (".", "&.", "::")
        if token.kind == "end":
            self.loop = False
            return position + 1
        if token.kind == "word" and not (before is not None and before.text == "def"):
            after = self._assignment(position, called=called) or self._call(position, called=called)
            if after:
                return after
        if token.kind == "word" and not called:
            if token.text == "do":
                if not self.loop:
                    self._open(owner, token)
                self.loop = False
            elif token.text == "end":
                if not self.blocks or self.blocks.pop()[1].text == "{":
                    raise unreadable("end closes nothing", token.line)
            elif token.text in _OPENS and self._begins_expression(before) and not self._is_endless(position):
                self.loop = token.text in _LOOPS
                self._open(None, token)
        elif token.kind == "op" and token.text == "{":
            self._open(owner, token)
        elif token.kind == "op" and token.text == "}" and (not self.blocks or self.blocks.pop()[1].text != "{"):
            raise unreadable("} closes a block that has no end", token.line)
        if not (token.kind == "word" and token.text in ("do", "end")):
            self.rest.append(token)
        return position + 1

    def _open(self, owner: Call | None, token: Token) -> None:
        if len(self.blocks) >= DEPTH:
            raise unreadable("its blocks are nested too deeply", token.line)
        self.blocks.append((owner, token))

    def _begins_expression(self, before: Token | None) -> bool:
        """False for `gem "x" if condition`, where the word opens no block."""
        if before is None or before.kind == "end":
            return True
        if before.kind == "word":
            return before.text in ("do", "then", "else", "and", "or", "not", "begin", "private", "protected")
        return before.kind == "label" or (before.kind == "op" and before.text not in (")", "]", "}"))

    def _is_endless(self, position: int) -> bool:
        """True for `def name = value` and `def name(a) = value`, which no `end` closes."""
        if self.tokens[position].text != "def" or position + 2 >= len(self.tokens):
            return False
        after = position + 2
        while self.tokens[after].text == "." and after + 2 < len(self.tokens):  # def self.name
            after += 2
        if self.tokens[after].text == "(":
            after = closing(self.tokens, after) + 1
        return self.tokens[after].text == "=" and self.tokens[after].spaced

    def _assignment(self, position: int, *, called: bool) -> int:
        """Take `receiver.name = value`; 0 when it is none."""
        after = position + 1
        if not called or self.tokens[after].text != "=" or self.tokens[after].kind != "op":
            return 0
        end = self._end_of_arguments(after + 1)
        token = self.tokens[position]
        self.assigned.setdefault(token.text, (_value(self.tokens[after + 1 : end]), token.line))
        del self.rest[-2:]  # the receiver and its dot
        return end

    def _call(self, position: int, *, called: bool) -> int:
        """Take a call of a wanted name; 0 when it is none."""
        token, after = self.tokens[position], self.tokens[position + 1]
        alone = token.text.endswith("!") and not _starts_argument(after)
        if token.text not in self.wanted or not (alone or _starts_argument(after)):
            return 0
        receiver = self.tokens[position - 2].text if called and position > 1 else ""
        inner: list[Token] = []
        end = position + 1
        if alone:
            pass
        elif after.text == "(" and not after.spaced:
            end = closing(self.tokens, position + 1)
            inner, end = self.tokens[position + 2 : end], end + 1
        else:
            end = self._end_of_arguments(position + 1)
            inner = self.tokens[position + 1 : end]
        args: list[Any] = []
        options: dict[str, Any] = {}
        for part in split([each for each in inner if each.kind != "end"]):
            key, rest = _pair(part)
            value = _value(rest)
            if key:
                options[key] = value
            elif isinstance(value, dict):
                options.update(value)
            else:
                args.append(value)
        inside = tuple(owner for owner, _ in self.blocks if owner is not None)
        call = Call(token.text, receiver, token.line, tuple(args), options, inside)
        self.calls.append(call)
        self.owner = call
        if call.computed:
            self.rest += self.tokens[position:end]
        elif receiver:
            del self.rest[-2:]
        return end

    def _end_of_arguments(self, start: int) -> int:
        """The end of arguments without parentheses: that of the statement, a block, or a word like `if`."""
        depth = 0
        for position in range(start, len(self.tokens)):
            token = self.tokens[position]
            if depth == 0 and (
                token.kind == "end"
                or (token.kind == "word" and token.text in _ENDS_ARGUMENTS and position > start)
                or (token.kind == "op" and token.text in ")]}")
                or (token.text == "{" and position > start and _is_value(self.tokens[position - 1]))
            ):
                return position
            if token.kind == "op":
                depth += (token.text in "([{") - (token.text in ")]}")
        return len(self.tokens)


def _starts_argument(token: Token) -> bool:
    if token.kind == "op":
        # `gem *names` is a call, `gem * 2` is not, and nobody writes it.
        return token.text in _STARTS_ARGUMENT
    return token.kind != "end" and not (token.kind == "word" and token.text in _ENDS_ARGUMENTS)


def _is_value(token: Token) -> bool:
    return token.kind not in ("op", "label", "end") or token.text in (")", "]")


def _pair(part: Sequence[Token]) -> tuple[str, Sequence[Token]]:
    """Key and value of `key: value` and `:key => value`; the key is "" for any other argument."""
    if part[0].kind == "label":
        return part[0].value, part[1:]
    if len(part) > 2 and part[0].kind in ("str", "symbol") and part[1].text == "=>":
        return part[0].value, part[2:]
    return "", part


def _value(part: Sequence[Token], lists: int = 0) -> Any:
    if len(part) > 2 and part[-1].text == "freeze" and part[-2].text == ".":
        part = part[:-2]
    kinds = {token.kind for token in part}
    if kinds == {"str"}:
        return "".join(token.value for token in part)
    if len(part) == 1:
        token = part[0]
        if token.kind in ("symbol", "number") or token.text in _CONSTANTS:
            return token.value
        if token.kind == "words":
            return token.value.split()
    elif part and part[0].text in ("[", "{") and closing(part, 0) == len(part) - 1 and lists < LISTS:
        items = split([token for token in part[1:-1] if token.kind != "end"])
        if part[0].text == "[":
            return [_value(item, lists + 1) for item in items]
        pairs = [_pair(item) for item in items]
        if all(key for key, _ in pairs):
            return {key: _value(rest, lists + 1) for key, rest in pairs}
    return Computed(words(part))


def _computed_values(values: Sequence[Any]) -> Iterator[str]:
    for value in values:
        if isinstance(value, Computed):
            yield str(value)
        elif isinstance(value, (list, dict)):
            yield from _computed_values(list(value.values()) if isinstance(value, dict) else value)
