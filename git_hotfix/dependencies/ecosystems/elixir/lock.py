"""mix.lock: which packages a project has locked."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from git_hotfix.dependencies.registry import Dependency, Manifest, Unreadable, manifest_of, named_indexes
from git_hotfix.dependencies.syntax import address, elixir, plain

if TYPE_CHECKING:
    from git_hotfix.dependencies.syntax.grammar import Tree
    from git_hotfix.symbols.tree import Node

_SIZE = 1_000_000  # characters; the lock file of an application with 200 dependencies has 60,000


def read_lock_file(content: bytes) -> Manifest:
    """Read a mix.lock: `%{"name": {:hex, :package, "version", …}, "name": {:git, "url", "revision", …}}`."""
    tree = elixir.parse(plain.source_text(content, size=_SIZE, ends="feed"))
    whole = elixir.items(tree.root)
    if len(whole) != 1 or whole[0].type != "map" or whole[0].children[1].type != "{":
        raise Unreadable("it is not a map")
    declared = [_locked_package(tree, entry) for entry in _entries(whole[0])]
    indexes = named_indexes(declared)
    return manifest_of(declared, indexes=indexes)


def _entries(map_: Node) -> Iterator[Node]:
    """The `name: value` and `"name" => value` of a map."""
    for content in elixir.items(map_):
        for each in elixir.items(content):
            yield from elixir.items(each) if each.type == "keywords" else [each]


def _locked_package(tree: Tree, entry: Node) -> Dependency:
    line = entry.start_point.row + 1
    operator = entry.child_by_field_name("operator")
    is_pair = entry.type == "pair" or (operator is not None and operator.type == "=>")
    name = elixir.literal(tree, entry.children[0]) if is_pair else None
    parts = elixir.items(entry.children[-1]) if is_pair and entry.children[-1].type == "tuple" else []
    values = [elixir.literal(tree, part) or "" for part in parts]
    kinds = [part.type if value else "" for part, value in zip(parts, values, strict=True)]
    if name and kinds[:3] == ["atom", "atom", "string"] and values[0] == "hex":
        origin = values[6] if len(parts) > 6 and kinds[6] == "string" and values[6] != "hexpm" else ""
        return Dependency(values[1], values[2], "registry", "runtime", line, origin)
    if name and kinds[:3] == ["atom", "string", "string"] and values[0] == "git":
        return Dependency(name, values[2], "git", "runtime", line, address.origin(values[1]))
    if name and kinds[:2] == ["atom", "string"] and values[0] == "package":  # before 2016
        return Dependency(name, values[1], "registry", "runtime", line)
    raise plain.unreadable("it has an entry that is not a locked package", line)
