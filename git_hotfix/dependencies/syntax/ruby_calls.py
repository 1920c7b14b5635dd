"""The calls that a Ruby file of declarations makes: `gem "x", "~> 1", group: :test`, and in whose block each stands."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any

from git_hotfix.dependencies.registry import Unreadable
from git_hotfix.dependencies.syntax import grammar
from git_hotfix.dependencies.syntax.plain import DEPTH, unreadable
from git_hotfix.model.frozen import field, frozen

if TYPE_CHECKING:
    from git_hotfix.symbols.tree import Node

LISTS = 3  # in one another; a value that is nested more deeply counts as computed
# Calls by which a file can declare what it does not name, and those by which a declaration can go by another name.
_RUNS = frozenset("eval instance_eval class_eval instance_exec require_relative load".split())
_RENAMES = frozenset("alias alias_method define_method method send __send__ public_send".split())
ESCAPES = _RUNS | _RENAMES
# Words that the grammar takes for a name where they close nothing; these nodes have them for one.
_RESERVED = frozenset("end then do else elsif when in ensure rescue and or".split())
_NAMES_ANYTHING = frozenset("method singleton_method alias undef keyword_parameter setter".split())
_WRITTEN_AS_ONE = frozenset("string string_array symbol_array delimited_symbol regex subshell character".split())
_NO_CODE = frozenset("comment uninterpreted heredoc_body do end ;".split())
_KEYS = frozenset("hash_key_symbol simple_symbol string delimited_symbol".split())
_WORDS = frozenset("identifier constant self scope_resolution".split())
# In a two-byte encoding a backslash can be half of a letter, so that a quote behind it ends a string for Ruby only.
_ENCODING = r"(?:#!.*\n)?#.*?coding[:=][ \t]*([\w.-]+)"
_LIKE_ASCII = r"(?i)utf-?8|(?:us-)?ascii|iso-8859-|windows-125|binary"
_PLAIN = frozenset("integer float true false nil".split())
_ESCAPES = {"n": "\n", "t": "\t", "s": " ", "r": "\r", "e": "\x1b", "\n": ""}
_NUMBERED = frozenset("xu01234567cCM")  # escapes that nobody writes in a name


_OPENS = (b"/", b"%", b"<", b"?")
_PARTS = ("receiver", "method", "arguments", "block")


@frozen
class Call:
    """One call of a wanted name.

    `receiver` is what stands before its dot ("" for none). Values are strings (symbols too), lists of values, or
    `Expression`. `inside`: the wanted calls whose blocks it stands in, outermost first.
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


class Calls:
    """The calls of `wanted` names in a Ruby text, with or without a receiver.

    `assigned`: the values that attributes are set to (`s.name = "x"`), with their line.
    """

    def __init__(self, text: str, wanted: Collection[str]) -> None:
        """Raises `Unreadable` where something does not parse."""
        self.calls: list[Call] = []
        self.assigned: dict[str, tuple[Any, int]] = {}
        named = None if text.isascii() else re.match(_ENCODING, text)
        if named and not re.match(_LIKE_ASCII, named[1]):
            raise Unreadable(f"it is UTF-8 and calls itself {named[1]}")
        self._tree = grammar.parse("tree-sitter-ruby", text)
        self._text = self._tree.text
        self._documents = _find_here_documents(self._tree)
        self._wanted = wanted
        self._variables: set[str] = set()
        self._literal: set[int] = set()  # nodes that are nothing but declarations of literals, and attributes
        pending: list[tuple[Node, tuple[Call, ...]]] = [(self._tree.root, ())]
        while pending:
            node, inside = pending.pop()
            pending += reversed(list(self._take(node, inside)))

    @cached_property
    def rest(self) -> str:
        """All that stands outside of calls whose arguments are all literal, but for attributes, with one space between
        two tokens."""
        return self._words([self._tree.root], self._literal)

    @property
    def escapes(self) -> frozenset[str]:
        """What stands for declarations that nobody can see: the calls of `ESCAPES`, and `rest` where one renames."""
        found = {call.shown for call in self.calls if call.name in ESCAPES}
        return frozenset(found | {self.rest} if any(call.name in _RENAMES for call in self.calls) else found)

    def _take(self, node: Node, inside: tuple[Call, ...]) -> Iterator[tuple[Node, tuple[Call, ...]]]:
        """Take what stands at a node; in which nodes to go on, and in whose blocks these are."""
        if node.type == "call":
            receiver, method, arguments, block = map(node.child_by_field_name, _PARTS)
            if method and not receiver:
                self._check_word(method, arguments)
            call = self._call(node, inside)
            yield from ((each, inside) for each in (receiver, None if call else arguments) if each)
            if block and call and len(inside) >= DEPTH:
                raise unreadable("its blocks are nested too deeply", call.line)
            yield from ((each, (*inside, call) if call else inside) for each in [block] if each)
        elif node.type == "identifier":
            self._check_word(node)
        elif node.type == "assignment" and self._assign(node):
            return
        elif node.type == "alias":
            renamed = grammar.Expression(self._words(node.named_children))
            self.calls.append(Call("alias", "", node.start_point.row + 1, (renamed,), {}, inside))
        elif node.type not in _WRITTEN_AS_ONE:
            named = node.type in _NAMES_ANYTHING
            yield from ((each, inside) for each in node.named_children if not (named and each.type == "identifier"))

    def _check_word(self, node: Node, arguments: Node | None = None) -> None:
        """Raise `Unreadable` for a word that closes nothing; and for a variable with what the grammar takes for a
        literal argument, where Ruby divides, shifts or chooses by `?`."""
        word = self._text(node)
        if word in _RESERVED:
            raise unreadable(f"{word} closes nothing", node.start_point.row + 1)
        if arguments is None:
            self._variables.add(word)
        elif word in self._variables and self._tree.content[arguments.start_byte : arguments.start_byte + 1] in _OPENS:
            raise unreadable(f"what follows {word} can be read in two ways", node.start_point.row + 1)

    def _call(self, node: Node, inside: tuple[Call, ...]) -> Call | None:
        """The call of a wanted name at a node, None when it is none."""
        receiver, method, arguments, block = map(node.child_by_field_name, _PARTS)
        name = self._text(method) if method else ""
        if method is None or name not in self._wanted or not (arguments or name.endswith("!")):
            return None
        args: list[Any] = []
        options: dict[str, Any] = {}
        for part in _parts(arguments) if arguments else ():
            value = self._pairs([part], 0) if part.type == "pair" else self._value(part)
            if isinstance(value, dict):
                options.update(value)
            else:
                args.append(value)
        before = self._text(receiver) if receiver else ""
        call = Call(name, before, method.start_point.row + 1, tuple(args), options, inside)
        self.calls.append(call)
        if not call.computed:
            kept = [block, receiver if receiver and receiver.type not in _WORDS else None]
            self._literal.update(each.id for each in node.children if each not in kept)
        return call

    def _assign(self, node: Node) -> bool:
        """Take `receiver.name = value`; False when it is none."""
        left, right = node.child_by_field_name("left"), node.child_by_field_name("right")
        name = left.child_by_field_name("method") if left and left.type == "call" else None
        if name is None or right is None:
            return False
        self.assigned.setdefault(self._text(name), (self._value(right), name.start_point.row + 1))
        self._literal.add(node.id)
        return True

    def _value(self, node: Node, lists: int = 0) -> Any:
        """What a node stands for: a string, a list, a table, or the text of what has to be run."""
        inner = node
        value: Any = None
        while True:
            if inner.type == "parenthesized_statements" and inner.named_child_count == 1:
                inner = inner.named_children[0]
            elif inner.type == "call" and inner.child_count == 3 and self._text(inner.children[2]) == "freeze":
                inner = inner.children[0]
            else:
                break
        if inner.type in _PLAIN:
            value = self._text(inner)
        elif inner.type in ("simple_symbol", "character") and "\\" not in self._text(inner):
            value = self._text(inner)[1:]
        elif inner.type in ("string", "delimited_symbol"):
            value = self._string(inner)
        elif inner.type in ("string_array", "symbol_array", "chained_string"):
            parts = [self._string(each) for each in _parts(inner)]
            if None not in parts:
                value = "".join(map(str, parts)) if inner.type == "chained_string" else parts
        elif inner.type == "hash" and lists < LISTS:
            value = self._pairs(_parts(inner), lists + 1)
        elif inner.type == "array" and lists < LISTS:
            value = [self._value(each, lists + 1) for each in _parts(inner)]
        return grammar.Expression(self._words([node])) if value is None else value

    def _pairs(self, pairs: Sequence[Node], lists: int) -> dict[str, Any] | grammar.Expression:
        """A table, or the text of all where a key is computed."""
        found: dict[str, Any] = {}
        for pair in pairs:
            key, value = pair.child_by_field_name("key"), pair.child_by_field_name("value")
            if key is None or key.type not in _KEYS:
                return grammar.Expression(self._words(pairs))
            name = self._text(key) if key.type == "hash_key_symbol" else self._value(key)
            if isinstance(name, grammar.Expression):
                return grammar.Expression(self._words(pairs))
            found[name] = (
                self._value(value, lists) if value else grammar.Expression(name)
            )  # `git:` is the variable `git`
        return found

    def _string(self, node: Node) -> str | None:
        """The content of a literal; None where code or a number stands in it."""
        pieces: list[str] = []
        for each in node.named_children:
            text = self._text(each)
            escaped = each.type == "escape_sequence"
            if each.type == "interpolation" or (escaped and text[1] in _NUMBERED):
                return None
            pieces.append(_ESCAPES.get(text[1], text[1]) if escaped else re.sub(r"\\([\\'])", r"\1", text))
        return "".join(pieces)

    def _words(self, nodes: Sequence[Node], without: Collection[int] = ()) -> str:
        """How nodes are written, with one space between two tokens: the same for every layout, without comments. A
        here-document stands where it is named."""
        found: list[str] = []
        pending = list(reversed(nodes))
        while pending:
            node = pending.pop()
            if node.id in without or node.type in _NO_CODE:
                continue
            if node.child_count and node.type not in _WRITTEN_AS_ONE:
                pending += reversed(node.children)
            elif node.type == ":" and not self._tree.content[node.start_byte - 1 : node.start_byte].isspace() and found:
                found[-1] += ":"  # of a label
            else:
                found.append(self._text(node))
                if body := self._documents.get(node.id):
                    found.append(self._text(body).strip("\n"))
        return " ".join(found)


def _parts(node: Node) -> list[Node]:
    """The parts of a list, without comments and the bodies of here-documents."""
    return [each for each in node.named_children if each.type not in _NO_CODE]


def _computed_values(values: Sequence[Any]) -> Iterator[str]:
    for value in values:
        if isinstance(value, grammar.Expression):
            yield str(value)
        elif isinstance(value, (list, dict)):
            yield from _computed_values(list(value.values()) if isinstance(value, dict) else value)


def _find_here_documents(tree: grammar.Tree) -> dict[int, Node]:
    """The bodies of here-documents by the ids of the nodes that name them.

    Raises `Unreadable` where the grammar ends one, a comment or the program elsewhere than Ruby does: what is run would
    be taken for text.
    """
    text = tree.content
    if not any(mark in text for mark in (b"=begin", b"__END__", b"<<")):
        return {}
    begun: list[Node] = []
    bodies: list[Node] = []
    pending = [tree.root]
    while pending:
        node = pending.pop()
        pending += reversed(node.named_children)
        if node.type == "comment" and text.startswith(b"=", node.start_byte):
            comment = re.compile(rb"(?m)^=begin(?!\S)(?s:.*?)^=end(?!\S).*").match(text, node.start_byte)
            _require(comment is not None and comment.end() == node.end_byte, "a comment", node)
        elif node.type == "uninterpreted":
            end = re.compile(rb"(?m)^__END__$").match(text, node.start_byte - len("__END__"))
            _require(end is not None, "the program", node)
        elif node.type in ("heredoc_beginning", "heredoc_body"):
            (begun if node.type == "heredoc_beginning" else bodies).append(node)
    _require(len(begun) == len(bodies), "a here-document", tree.root)
    for node, body in zip(begun, bodies, strict=True):
        _, indented, word = re.split("<<([-~]?)", tree.text(node), maxsplit=1)
        lines = text[body.start_byte : body.end_byte].split(b"\n")[1:]
        lines = [line.lstrip(b" \t\f\v") for line in lines] if indented else lines
        last = word.strip("\"'`").encode()
        exact = last in lines and lines.index(last) == len(lines) - 1
        _require(exact and text[body.end_byte : body.end_byte + 1] in (b"\n", b""), "a here-document", node)
    return {node.id: body for node, body in zip(begun, bodies, strict=True)}


def _require(exact: bool, what: str, node: Node) -> None:
    if not exact:
        raise unreadable(f"Ruby does not end {what} where it seems to end,", node.start_point.row + 1)
