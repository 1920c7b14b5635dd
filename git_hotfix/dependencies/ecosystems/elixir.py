"""Elixir: mix.exs, read as text, and mix.lock."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from git_hotfix.dependencies.path_table import globs
from git_hotfix.dependencies.registry import Declared, Manifest, Reader, Scope, Unreadable, manifest_of

if TYPE_CHECKING:
    from git_hotfix.dependencies.syntax.plain import Token

_LOCK_SIZE = 1_000_000  # characters; the lock file of an application with 200 dependencies has 60,000
_DEVELOPMENT = frozenset({"dev", "test", "docs", "doc", "ci", "lint", "bench"})
_FORGES = {"github": "https://github.com/", "gist": "https://gist.github.com/"}
# What only joins lists of dependencies, and so computes none.
_STRUCTURE = frozenset("[ ] ( ) , ++ do end".split())


def read(path: str, content: bytes) -> Manifest:
    """Read the dependencies of a mix.exs: the value of `deps:`, the functions that it calls, and every function whose
    name speaks of dependencies. Names are those of Hex packages; umbrella applications and paths are `local`.

    What is neither a literal dependency nor a list of them goes to `dynamic`, conditions too.
    """
    from git_hotfix.dependencies.syntax import elixir_tokens, plain

    tokens, pairs = elixir_tokens.read(plain.decode(content, ends="feed"))
    file = _File(tokens, pairs)
    declared: list[Declared] = []
    dynamic: set[str] = set()
    rest: list[Token] = []
    for start, end in file.spans():
        position = start
        while position < end:
            found, position = file.dependency(position, rest)
            if found is not None:
                one, computed = found
                declared.append(one)
                dynamic |= computed
    left = [each for each in rest if each.text not in _STRUCTURE and each.text not in file.functions]
    if left:
        dynamic.add(plain.words(left))
    own = [
        tokens[index + 1].value
        for index, token in enumerate(tokens[:-1])
        if token.kind == "key" and token.value == "app" and tokens[index + 1].kind == "atom"
    ]
    indexes = {each.origin: each.line for each in reversed(declared) if each.source == "registry" and each.origin}
    return manifest_of(declared, own=own[:1], dynamic=dynamic, indexes=indexes)


class _File:
    """The functions and module attributes of a file, and what stands in them."""

    def __init__(self, tokens: Sequence[Token], pairs: Mapping[int, int]) -> None:
        self.tokens = tokens
        self.pairs = pairs
        self.functions: dict[str, list[tuple[int, int]]] = {}
        behind = 0  # of an expression, in which no function is defined
        for index, token in enumerate(tokens[:-2]):
            if token.kind != "word" or index < behind:
                continue
            body, name = None, token.text
            if name in ("def", "defp"):
                body, name = self._body(index + 2), tokens[index + 1].text
            elif name[0] == "@" and (index == 0 or tokens[index - 1].kind == "end" or tokens[index - 1].text == "do"):
                body = (index + 1, self._end(index + 1))
            if body:
                self.functions.setdefault(name, []).append(body)
                behind = body[1] if tokens[body[0] - 1].kind == "key" or name[0] == "@" else behind

    def _body(self, position: int) -> tuple[int, int] | None:
        """Start and end of what stands between `do` and `end`, or behind `do:`."""
        while position < len(self.tokens):
            token = self.tokens[position]
            if token.text == "do" and token.kind == "word":
                return position + 1, self.pairs[position]
            if token.kind == "key" and token.value == "do":
                return position + 1, self._end(position + 1)
            if token.kind == "word" and token.text in ("def", "defp", "end"):
                return None
            position = self.pairs.get(position, position) + 1
        return None

    def _end(self, position: int) -> int:
        """The end of an expression: a comma, a closing bracket, or the end of a line that says something."""
        said = False
        while position < len(self.tokens):
            token = self.tokens[position]
            if (token.kind == "op" and token.text in ",)]}") or (token.kind == "word" and token.text == "end"):
                return position
            if token.kind == "end" and said:
                return position
            said = said or token.kind != "end"
            position = self.pairs.get(position, position) + 1
        return position

    def spans(self) -> list[tuple[int, int]]:
        """Where dependencies stand, in the order of the file; none lies in another."""
        spans: list[tuple[int, int]] = []
        for index, token in enumerate(self.tokens):
            if token.value == "deps" and token.kind in ("key", "atom") and (not spans or index >= spans[-1][1]):
                start = index + (1 if token.kind == "key" else 2)  # `deps: …`, or `:deps, …` as an argument
                if token.kind == "key" or self.tokens[index + 1].text == ",":
                    spans.append((start, self._end(start)))
        waiting = [name for name in self.functions if name[0] != "@" and ("deps" in name or "dependencies" in name)]
        waiting += [name for span in spans for name in self._functions_called(span)]
        seen: set[str] = set()
        while waiting:
            name = waiting.pop()
            if name not in seen:
                seen.add(name)
                spans += self.functions[name]
                waiting += [each for span in self.functions[name] for each in self._functions_called(span)]
        outermost: list[tuple[int, int]] = []
        for span in sorted(spans):
            if not outermost or span[1] > outermost[-1][1]:
                outermost.append(span)
        return outermost

    def _functions_called(self, span: tuple[int, int]) -> set[str]:
        return {token.text for token in self.tokens[span[0] : span[1]] if token.kind == "word"} & self.functions.keys()

    def dependency(self, position: int, rest: list[Token]) -> tuple[tuple[Declared, frozenset[str]] | None, int]:
        """The dependency that begins at `position`, if one does, and the position behind; other text goes to `rest`."""
        from git_hotfix.dependencies.syntax import plain

        token = self.tokens[position]
        before = self.tokens[position - 1] if position else token
        if token.text == "{" and token.kind == "op" and before.text != "%":
            close = self.pairs[position]
            parts = plain.split(_without_line_ends(self.tokens[position + 1 : close]))
            after = self.tokens[close + 1].text
            if len(parts) > 1 and len(parts[0]) == 1 and parts[0][0].kind == "atom" and after not in ("=", "->", "<-"):
                return _dependency(parts[0][0], parts[1:]), close + 1
        elif token.kind == "key" and before.text in ("[", ",") and token.value not in ("do", "else", "deps"):
            stop = self._end(position + 1)
            value = _without_line_ends(self.tokens[position + 1 : stop])
            if value and (
                value[0].kind == "str" or (value[0].text == "[" and len(value) > 2 and value[1].kind == "key")
            ):
                return _dependency(token, [value]), stop
        if token.kind != "end":
            rest.append(token)
        return None, position + 1


def _without_line_ends(tokens: Sequence[Token]) -> list[Token]:
    return [token for token in tokens if token.kind != "end"]


def _dependency(name: Token, parts: list[list[Token]]) -> tuple[Declared, frozenset[str]]:
    from git_hotfix.dependencies.syntax import elixir_tokens

    options: dict[str, Any] = {}
    version: Any = ""
    for part in parts:
        if part[0].kind == "key":
            options[part[0].value] = elixir_tokens.value(part[1:])
            continue
        value = elixir_tokens.value(part)
        if isinstance(value, dict):
            options.update(value)
        elif value != []:
            version = value
    computed = frozenset(each for value in (version, options) for each in elixir_tokens.find_computed(value))
    return _place_dependency(name, str(version), options), computed


def _place_dependency(name: Token, version: str, options: Mapping[str, Any]) -> Declared:
    from git_hotfix.dependencies.syntax import address

    scope = _scope(options)
    if "in_umbrella" in options or "path" in options:
        return Declared(name.value, version, "path", scope, name.line, str(options.get("path", "")))
    for key in ("git", *_FORGES):
        if key in options:
            version = version or next((str(options[each]) for each in ("ref", "tag", "branch") if each in options), "")
            return Declared(
                name.value, version, "git", scope, name.line, address.origin(_FORGES.get(key, "") + str(options[key]))
            )
    package = str(options.get("hex", name.value))
    origin = str(options.get("repo", "")) or (f"hexpm:{options['organization']}" if "organization" in options else "")
    return Declared(package, version, "registry", scope, name.line, origin)


def _scope(options: Mapping[str, Any]) -> Scope:
    only = options.get("only", [])
    environments = {str(each) for each in (only if isinstance(only, list) else [only])}
    if environments and environments <= _DEVELOPMENT:
        return "development"
    if options.get("optional") == "true":
        return "optional"
    return "build" if options.get("runtime") == "false" else "runtime"


def read_lock(path: str, content: bytes) -> Manifest:
    """Read a mix.lock: `%{"name": {:hex, :package, "version", …}, "name": {:git, "url", "revision", …}}`."""
    from git_hotfix.dependencies.syntax import elixir_tokens, plain

    tokens, _ = elixir_tokens.read(plain.decode(content, size=_LOCK_SIZE, ends="feed"))
    bare = _without_line_ends(tokens)
    if [token.text for token in bare[:2]] != ["%", "{"] or bare[-1].text != "}":
        raise Unreadable("it is not a map")
    declared = list(_locked_packages(plain.split(bare[2:-1])))
    indexes = {each.origin: each.line for each in reversed(declared) if each.source == "registry" and each.origin}
    return manifest_of(declared, indexes=indexes)


def _locked_packages(entries: list[list[Token]]) -> Iterator[Declared]:
    from git_hotfix.dependencies.syntax import address, plain

    for entry in entries:
        arrow = len(entry) > 1 and entry[0].kind == "str" and entry[1].text == "=>"
        parts = plain.split(entry[3 if arrow else 2 : -1])
        kinds = [part[0].kind if len(part) == 1 else "" for part in parts]
        values = [part[0].value for part in parts]
        name, line = entry[0].value, entry[0].line
        if (arrow or entry[0].kind == "key") and kinds[:3] == ["atom", "atom", "str"] and values[0] == "hex":
            origin = values[6] if len(parts) > 6 and kinds[6] == "str" and values[6] != "hexpm" else ""
            yield Declared(values[1], values[2], "registry", "runtime", line, origin)
        elif kinds[:3] == ["atom", "str", "str"] and values[0] == "git":
            yield Declared(name, values[2], "git", "runtime", line, address.origin(values[1]))
        elif kinds[:2] == ["atom", "str"] and values[0] == "package":  # before 2016
            yield Declared(name, values[1], "registry", "runtime", line)
        else:
            raise plain.unreadable("it has an entry that is not a locked package", line)


READER = Reader(
    "elixir",
    manifests=(globs("mix.exs"),),
    read=read,
    locks=(globs("mix.lock"),),
    read_lock=read_lock,
)
