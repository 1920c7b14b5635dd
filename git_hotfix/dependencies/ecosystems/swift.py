"""Swift packages: Package.swift, read as text, and Package.resolved."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

from git_hotfix.dependencies.path_table import globs
from git_hotfix.dependencies.registry import Dependency, Manifest, Reader, Unreadable, manifest_of

if TYPE_CHECKING:
    from git_hotfix.dependencies.syntax.grammar import Tree
    from git_hotfix.symbols.tree import Node

_STRINGS = frozenset({"line_string_literal", "multi_line_string_literal", "raw_string_literal"})


def identity(url: str) -> str:
    """The name by which Swift compares packages: the last part of the address, in lower case, without `.git`."""
    return url.rstrip("/").rpartition("/")[2].rpartition(":")[2].removesuffix(".git").lower()


def read(path: str, content: bytes) -> Manifest:
    """Read a Package.swift: every `.package(…)` and every `.binaryTarget(url: …)` in it.

    What is computed goes to `dynamic`; where that is an address, everything but the literal declarations does.
    """
    from git_hotfix.dependencies.syntax import grammar, plain
    from git_hotfix.symbols.rewriting import replace_empty_tuples

    tree = grammar.parse("tree-sitter-swift", plain.source_text(content), rewrite=replace_empty_tuples)
    declared: list[Dependency] = []
    own: list[str] = []
    dynamic: set[str] = set()
    literal: dict[int, Node] = {}  # what stands before the name of each literal declaration, by the id of its node
    unknown = False
    for node, called, before, arguments in _calls(tree, literal):
        name = tree.text(called)
        if name == "Package" and before is None:
            literals, _ = _arguments(tree, arguments)
            own += [literals["name"].lower()] if "name" in literals else []
        elif name in ("package", "Package", "binaryTarget") and before is not None:  # Package: before Swift 4
            literals, others = _arguments(tree, arguments)
            line = called.start_point.row + 1
            one = _binary(literals, line) if name == "binaryTarget" else _package(tree, literals, others, line)
            if one is None:
                unknown = True
                continue
            declared.append(one)
            literal[node.id] = before
            words = [_words(tree, each) for each in others]
            dynamic |= {_written(part) for part in words if all(each.text is None for each in part)}
    if unknown:
        dynamic.add(_rest(tree, literal))
    return manifest_of(declared, own=own, dynamic=dynamic)


def _calls(tree: Tree, literal: Mapping[int, Node]) -> Iterator[tuple[Node, Node, Node | None, list[Node]]]:
    """Each call in the order of the file: its node, the name of what it calls, what stands before the name (in
    `.name(…)` the dot itself), and its arguments. What is in one that is put into `literal` is left out."""
    from git_hotfix.dependencies.syntax import plain

    pending = [tree.root]
    while pending:
        node = pending.pop()
        suffix = node.children[-1] if node.type == "call_expression" else None
        if suffix is not None and suffix.type == "call_suffix" and suffix.children[0].type == "value_arguments":
            called, before = node.children[0], None
            if called.type in ("prefix_expression", "navigation_expression"):
                before, called = called.children[0], called.children[-1]
            if called.type == "navigation_suffix":
                called = called.children[-1]
            arguments = [each for each in suffix.children[0].named_children if each.type == "value_argument"]
            if called.type == "simple_identifier":
                yield node, called, before, arguments
        elif node.type == "custom_operator" and ("/*" in (text := tree.text(node)) or "*/" in text):
            raise plain.unreadable("a comment is not closed", node.start_point.row + 1)
        pending += [literal[node.id]] if node.id in literal else reversed(node.named_children)


def _rest(tree: Tree, literal: Mapping[int, Node]) -> str:
    """What stands outside of literal declarations. One of these more or less changes nothing of it, nor does the comma
    behind one."""
    from git_hotfix.dependencies.syntax.grammar import COMMENTS

    words = [""]
    pending: list[Node | None] = [tree.root]
    while pending:
        node = pending.pop()
        before = literal.get(node.id) if node else None
        if node is None:
            words.append("")
        elif before:
            pending += [None] if before.type == "." else [None, before]
        elif not _is_word(node):
            pending += reversed([each for each in node.children if each.type not in COMMENTS])
        elif tree.text(node) != "," or words[-1]:
            words.append(tree.text(node))
    return " ".join(filter(None, words))


def _arguments(tree: Tree, arguments: list[Node]) -> tuple[dict[str, str], list[Node]]:
    """The arguments that are `label: "literal"`, and the others."""
    literals: dict[str, str] = {}
    others: list[Node] = []
    for argument in arguments:
        label, value = argument.children[0], argument.children[-1]
        text = _literal(tree, value) if label.type == "value_argument_label" else None
        if text is None:
            others.append(argument)
        else:
            literals[tree.text(label)] = text
    return literals, others


def _words(tree: Tree, node: Node) -> list[_Word]:
    return [_Word(tree.text(each), _literal(tree, each)) for each in tree.pieces(node, _is_word)]


class _Word(NamedTuple):
    """A word of the source; `text` is what a string stands for."""

    written: str
    text: str | None


def _is_word(node: Node) -> bool:
    return node.type in _STRINGS or node.child_count == 0


def _literal(tree: Tree, node: Node) -> str | None:
    """What a string stands for; None for one with code in it, and for anything else."""
    text = tree.string(node) if node.type in _STRINGS else None
    if text is None or node.type != "raw_string_literal":
        return text
    bare = text.strip("#")
    marks = 3 if bare.startswith('"""') and len(bare) > 5 else 1
    return bare[marks:-marks]


def _written(words: list[_Word]) -> str:
    return " ".join(each.written for each in words)


def _package(tree: Tree, literals: Mapping[str, str], others: list[Node], line: int) -> Dependency | None:
    """A dependency, None when its place is computed."""
    from git_hotfix.dependencies.syntax import address

    if "url" in literals:
        url, version = literals["url"], _version(tree, literals, others)
        if url.startswith((".", "/", "~", "file:")):
            return Dependency(identity(url), version, "path", "runtime", line, url)
        return Dependency(identity(url), version, "git", "runtime", line, address.origin(url))
    if "id" in literals:
        return Dependency(literals["id"].lower(), _version(tree, literals, others), "registry", "runtime", line)
    if "path" in literals:
        name = literals.get("name") or identity(literals["path"])
        return Dependency(name.lower(), "", "path", "runtime", line, literals["path"])
    return None


def _binary(literals: Mapping[str, str], line: int) -> Dependency | None:
    """A library that is downloaded as it is; one at a path of the repository is not a dependency."""
    import re

    from git_hotfix.dependencies.syntax import address

    if "name" not in literals or not ("path" in literals or "url" in literals):
        return None
    name = literals["name"].lower()
    if "path" in literals:
        return Dependency(name, "", "path", "runtime", line, literals["path"])
    scheme, _, rest = literals["url"].partition("://")
    parts = rest.split("/")
    # The part with the version is no place: https://x.org/sdk/1.2.3/x.zip is of https://x.org/sdk.
    until = next((i for i, part in enumerate(parts) if i and re.match(r"v?\d|releases$", part)), len(parts) - 1)
    place = f"{scheme}://{'/'.join(parts[:until])}"
    return Dependency(name, "/".join(parts[until:]), "url", "runtime", line, address.origin(place))


def _version(tree: Tree, literals: Mapping[str, str], others: list[Node]) -> str:
    """`1.2.3`, `1.2.3..<2.0.0`, a branch or a revision, else how the requirement is written."""
    for key in ("exact", "from", "branch", "revision"):
        if key in literals:
            return literals[key]
    required = [word for part in others for word in _words(tree, part)]
    texts = [each.written if each.written.startswith("..") else each.text for each in required]
    return "".join(filter(None, texts)) or _written(required)


def read_lock(path: str, content: bytes) -> Manifest:
    """Read a Package.resolved of any version."""
    from git_hotfix.dependencies.syntax import json_file

    text, document = json_file.load(content, unique=True)
    lines = json_file.lines(text, depth=4)
    old = document.get("object")
    where = ("object", "pins") if isinstance(old, dict) else ("pins",)
    pins = (old if isinstance(old, dict) else document).get("pins", [])
    if not isinstance(pins, list):
        raise Unreadable("pins is not a list")
    return manifest_of(_pin(pin, lines.get((*where, str(number)), 0)) for number, pin in enumerate(pins))


def _pin(pin: Any, line: int) -> Dependency:
    from git_hotfix.dependencies.syntax import address

    if not isinstance(pin, dict):
        raise Unreadable("a pin is not an object")
    url = pin.get("location") or pin.get("repositoryURL") or ""
    name = pin.get("identity") or (identity(url) if isinstance(url, str) else "")
    state = pin.get("state")
    if not (isinstance(name, str) and name and isinstance(url, str) and isinstance(state, dict)):
        raise Unreadable("a pin has no name, place or state")
    version = next((str(state[key]) for key in ("version", "branch", "revision") if state.get(key)), "")
    if pin.get("kind") == "registry":
        return Dependency(name.lower(), version, "registry", "runtime", line)
    if pin.get("kind") == "localSourceControl" or ":" not in url:
        return Dependency(name.lower(), version, "path", "runtime", line, url)
    return Dependency(name.lower(), version, "git", "runtime", line, address.origin(url))


READER = Reader(
    "swift",
    manifests=(globs("Package.swift", "Package@swift-*.swift"),),
    read=read,
    locks=(globs("Package.resolved"),),
    read_lock=read_lock,
)
