"""mix.exs: which dependencies a project declares, by the tree of its grammar."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from git_hotfix.dependencies.registry import Dependency, Manifest, Scope, Unreadable, manifest_of, named_indexes
from git_hotfix.dependencies.syntax import address, elixir, plain

if TYPE_CHECKING:
    from git_hotfix.dependencies.syntax.grammar import Tree
    from git_hotfix.symbols.tree import Node

_LOOKS = 5  # at the mean node of a file, while functions are followed; none of 2,400 files takes more than 0.6
_DEVELOPMENT = frozenset({"dev", "test", "docs", "doc", "ci", "lint", "bench"})
_FORGES = {"github": "https://github.com/", "gist": "https://gist.github.com/"}
# Keys of one dependency: a list of nothing else says how one is taken, not which are.
_OPTIONS = frozenset(
    "app branch compile depth env gist git github hex in_umbrella manager only optional organization override path ref "
    "repo runtime sparse subdir submodules system_env tag targets".split()
)
# What only joins lists of dependencies, and so computes none.
_STRUCTURE = frozenset("[ ] ( ) , ++ do end".split())


def read_project(content: bytes) -> Manifest:
    """Read the dependencies of a mix.exs: the value of `deps:`, the functions that it calls, and every function whose
    name speaks of dependencies. Names are those of Hex packages; umbrella applications and paths are `local`.

    What is neither a literal dependency nor a list of them goes to `dynamic`, conditions too.
    """
    file = _File(elixir.parse(plain.source_text(content, ends="feed")))
    declared: list[Dependency] = []
    dynamic = set(elixir.conditions(file.tree))
    rest: list[str] = []
    for place in file.places():
        for name, parts in file.dependencies(place, rest):
            one, computed = _dependency(file.tree, name, parts)
            declared.append(one)
            dynamic |= computed
    left = [word for word in rest if word not in _STRUCTURE and word not in file.functions]
    if left:
        dynamic.add(" ".join(left))
    indexes = named_indexes(declared)
    return manifest_of(declared, own=file.own[:1], dynamic=dynamic, indexes=indexes)


class _File:
    """The bodies of a file's functions and the values of its attributes, by name (`deps`, `@deps`); and the names of
    its application."""

    def __init__(self, tree: Tree) -> None:
        self.tree = tree
        self.functions: dict[str, list[Node]] = {}
        self.own: list[str] = []
        self._deps: list[Node] = []  # what stands behind `deps:`, and as an argument behind `:deps`
        nodes = list(elixir.nodes(tree, tree.root))
        self._budget = _LOOKS * len(nodes)
        for number, node in enumerate(nodes):
            if found := elixir.named(tree, node):
                self.functions.setdefault(found[0], []).append(found[1])
            elif node.type == "pair":
                value = node.children[-1]
                name = elixir.literal(tree, node.children[0])
                self._deps += [value] if name == "deps" and not self._is_within_deps(value) else []
                self.own += [tree.text(value)[1:]] if name == "app" and value.type == "atom" else []
            if number > 1 and nodes[number - 1].type == "," and tree.text(nodes[number - 2]) == ":deps":
                self._deps += [node] if not self._is_within_deps(node) else []

    def _is_within_deps(self, node: Node) -> bool:
        return bool(self._deps) and node.start_byte < self._deps[-1].end_byte

    def places(self) -> list[Node]:
        """Where dependencies stand, in the order of the file; none lies in another."""
        found = list(self._deps)
        waiting = [name for name in self.functions if name[0] != "@" and ("deps" in name or "dependencies" in name)]
        waiting += [name for place in found for name in self._functions_called(place)]
        seen: set[str] = set()
        while waiting:
            name = waiting.pop()
            if name not in seen:
                seen.add(name)
                found += self.functions[name]
                waiting += [each for place in self.functions[name] for each in self._functions_called(place)]
        outermost: list[Node] = []
        for place in sorted(found, key=lambda each: (each.start_byte, -each.end_byte)):
            if not outermost or place.end_byte > outermost[-1].end_byte:
                outermost.append(place)
        return outermost

    def _functions_called(self, place: Node) -> set[str]:
        words = [self.tree.text(each) for each in self.tree.pieces(place, elixir.is_word)]
        self._budget -= len(words)
        if self._budget < 0:
            raise Unreadable("it is too tangled")
        return self.functions.keys() & words

    def dependencies(self, place: Node, rest: list[str]) -> Iterator[tuple[Node, list[Node]]]:
        """The name and the other parts of each dependency in a place; the words of all other text go to `rest`."""
        pending = [(place, "")]
        while pending:
            node, role = pending.pop()
            found = _parts(self.tree, node, role)
            if found:
                yield found
            elif elixir.is_word(node):
                rest.append(self.tree.text(node).strip())
            else:
                pending += reversed(
                    [(each, _role(self.tree, node, each, role)) for each in node.children if each.type != "comment"]
                )


def _role(tree: Tree, parent: Node, node: Node, role: str) -> str:
    """What `node` is within `parent`, whose own role is given: a `pattern` declares nothing, and only a `pair` of a
    list does."""
    if role == "pattern" or role == "pairs":
        return role.rstrip("s")
    if parent.type == "list":
        keys = [name for name, _, _ in elixir.pairs(tree, node)] if node.type == "keywords" else []
        return "pairs" if not _OPTIONS.issuperset(keys) else ""
    operator = parent.child_by_field_name("operator") if node.start_byte == parent.start_byte else None
    return "pattern" if operator is not None and operator.type in ("=", "<-", "->") else ""


def _parts(tree: Tree, node: Node, role: str) -> tuple[Node, list[Node]] | None:
    """The name and the other parts of a dependency: `{:name, …}`, or `name: "…"` and `name: [key: …]` in a list."""
    if node.type == "tuple" and role != "pattern":
        name, *parts = elixir.items(node) or [node]
        return (name, parts) if parts and name.type in ("atom", "quoted_atom") and elixir.literal(tree, name) else None
    if node.type == "pair" and role == "pair":
        key, value = node.children[0], node.children[-1]
        inside = elixir.items(value) if value.type == "list" else []
        literal = value.type in ("string", "charlist") and elixir.literal(tree, value) is not None
        if literal or (inside and inside[0].type == "keywords"):
            return (key, [value]) if elixir.literal(tree, key) not in (None, "do", "else", "deps") else None
    return None


def _dependency(tree: Tree, name: Node, parts: list[Node]) -> tuple[Dependency, frozenset[str]]:
    options: dict[str, Any] = {}
    version: Any = ""
    for part in parts:
        if part.type == "keywords":
            options |= {key: elixir.value(tree, value) for key, _, value in elixir.pairs(tree, part)}
            continue
        value = elixir.value(tree, part)
        if isinstance(value, dict):
            options.update(value)
        elif value != []:
            version = value
    computed = frozenset(each for value in (version, options) for each in elixir.find_computed(value))
    return _place_dependency(
        elixir.literal(tree, name) or "", name.start_point.row + 1, str(version), options
    ), computed


def _place_dependency(name: str, line: int, version: str, options: Mapping[str, Any]) -> Dependency:
    scope = _scope(options)
    if "in_umbrella" in options or "path" in options:
        return Dependency(name, version, "path", scope, line, str(options.get("path", "")))
    for key in ("git", *_FORGES):
        if key in options:
            version = version or next((str(options[each]) for each in ("ref", "tag", "branch") if each in options), "")
            return Dependency(
                name, version, "git", scope, line, address.origin(_FORGES.get(key, "") + str(options[key]))
            )
    package = str(options.get("hex", name))
    origin = str(options.get("repo", "")) or (f"hexpm:{options['organization']}" if "organization" in options else "")
    return Dependency(package, version, "registry", scope, line, origin)


def _scope(options: Mapping[str, Any]) -> Scope:
    only = options.get("only", [])
    environments = {str(each) for each in (only if isinstance(only, list) else [only])}
    if environments and environments <= _DEVELOPMENT:
        return "development"
    if options.get("optional") == "true":
        return "optional"
    return "build" if options.get("runtime") == "false" else "runtime"
