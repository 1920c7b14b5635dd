"""Versions in source text that build tools write: attributes of a .NET assembly, constants of a Python module, the
build settings of an Xcode project, the specification of a Ruby gem, the project of an Elixir package."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from git_hotfix.dependencies.carriers.own_versions import OwnVersions, Place, Read

if TYPE_CHECKING:
    from git_hotfix.dependencies.syntax.grammar import Tree
    from git_hotfix.symbols.tree import Node

_SIZE = 300_000  # characters
# A comment and a string are taken whole, so that nothing within one is found; one without an end goes to the end of the
# text, which so is read once.
# Constants are taken that are called after the assembly's own version; ProtocolVersion is another's.
_CONSTANT = (
    r"(?:Assembly|App|Application|Product|Package)?(?:File|Informational|Full|Short)?Version"
    r"(?:String|Number|Prefix|Suffix)?"
)
_CSHARP = r"""//[^\n]*|/\*(?:[^*]|\*(?!/))*(?:\*/|\Z)
    |\[\s*assembly\s*:\s*(?:global::)?(?:System\.Reflection\.)?(?P<name>Assembly(?:File|Informational)?Version)(?:Attribute)?
     \s*\(\s*"(?P<value>[^"\\\n]*)"\s*\)\s*\]
    |\bconst\s+(?:string|(?:System\.)?String)\s+(?P<constant>%s)\s*=\s*"(?P<text>[^"\\\n]*)"
    |@"(?:[^"]|"")*(?:"|\Z)|"(?:[^"\\\n]|\\[^\n])*(?:"|(?=\n)|\\?\Z|\\(?=\n))""".replace("%s", _CONSTANT)


# Visual Basic's names have no case; a string has its quote doubled.
_VB = r"""'[^\n]*
    |<\s*assembly\s*:\s*(?:global\.)?(?:System\.Reflection\.)?(?P<name>Assembly(?:File|Informational)?Version)(?:Attribute)?
     \s*\(\s*"(?P<value>[^"\n]*)"\s*\)\s*>
    |\bconst\s+(?P<constant>%s)\s+as\s+(?:System\.)?string\s*=\s*"(?P<text>[^"\n]*)"
    |"(?:[^"\n]|"")*(?:"|(?=\n)|\Z)""".replace("%s", _CONSTANT)
_FSHARP = r"""//[^\n]*|\(\*(?!\))(?:[^*]|\*(?!\)))*(?:\*\)|\Z)
    |\bassembly\s*:\s*(?:global\.)?(?:System\.Reflection\.)?(?P<name>Assembly(?:File|Informational)?Version)(?:Attribute)?
     \s*\(\s*"(?P<value>[^"\\\n]*)"\s*\)
    |\blet\s+(?:\[<\s*Literal\s*>\]\s*)?(?P<constant>%s)\s*(?::\s*string\s*)?=\s*"(?P<text>[^"\\\n]*)"
    |\"{3}(?:[^"]|"(?!""))*(?:\"{3}|\Z)|@"(?:[^"]|"")*(?:"|\Z)|"(?:[^"\\]|\\.)*(?:"|\\?\Z)""".replace("%s", _CONSTANT)
# Xcode writes the version once a target and configuration.
_XCODE = r"""//[^\n]*|/\*(?:[^*]|\*(?!/))*(?:\*/|\Z)
    |\b(?P<name>MARKETING_VERSION|CURRENT_PROJECT_VERSION)\s*=\s*(?P<value>"[^"\\\n]*"|[\w.+-]+)\s*;
    |"(?:[^"\\]|\\.)*(?:"|\\?\Z)"""
_XCODE_SIZE = 5_000_000  # characters; a project of many files


def assembly(language: str) -> Read:
    """AssemblyInfo and its like in "cs", "vb" or "fs": the version attributes of the assembly, and constants called
    so."""
    pattern = {"cs": _CSHARP, "vb": _VB, "fs": _FSHARP}[language]
    return _marker_reader(pattern, _SIZE, re.IGNORECASE if language == "vb" else 0)


def _marker_reader(pattern: str, size: int, flags: int = 0) -> Read:
    """A text of at most `size` characters, in which `pattern` finds comments and strings as a whole, and versions as
    `name` and `value`, or `constant` and `text`."""

    def read(content: bytes) -> OwnVersions | None:
        text = content.decode("utf-8", "surrogateescape")
        if len(text) > size:
            return None
        versions: dict[Place, str] = {}
        rest: list[str] = []
        last = 0
        for number, match in enumerate(re.compile(pattern, re.VERBOSE | re.DOTALL | flags).finditer(text)):
            found = match.groupdict()
            name, group = (found["name"], "value") if found["name"] else (found.get("constant"), "text")
            if name:
                versions[str(number), name] = match[group]
                rest.append(text[last : match.start(group)])
                last = match.end(group)
        return OwnVersions(versions, [*rest, text[last:]])

    return read


xcode = _marker_reader(_XCODE, _XCODE_SIZE)
"""An Xcode project: `MARKETING_VERSION` and `CURRENT_PROJECT_VERSION` of its targets."""


def gemspec(content: bytes) -> OwnVersions | None:
    """`spec.version = "1.4.2"` of a Ruby gem, by the name that its block gives to the specification."""
    text = content.decode("utf-8", "surrogateescape")
    owner = re.search(r"Gem::Specification\.new\b[^\n|]*\|\s*(\w+)\s*\|", text)
    if owner is None or re.search(r"<<[~-]?[\"'`A-Z]|^=begin\b|^__END__", text, re.MULTILINE):
        return None  # lines of a document within the file look like its own
    return _marker_reader(_GEMSPEC.replace("%s", owner[1]), _SIZE)(content)


_GEMSPEC = r"""\#[^\n]*
    |(?<![\w.])(?P<name>%s\.version)\s*=\s*(?P<value>"[^"\\\n\#]*"|'[^'\\\n]*')
    |%[qQwWiIr]?(?:\[[^\]]*(?:\]|\Z)|\([^)]*(?:\)|\Z)|\{[^}]*(?:\}|\Z)|<[^>]*(?:>|\Z)|\|[^|]*(?:\||\Z))
    |"(?:[^"\\]|\\.)*(?:"|\\?\Z)|'(?:[^'\\]|\\.)*(?:'|\\?\Z)|`(?:[^`\\]|\\.)*(?:`|\\?\Z)
    |(?<=[(,=~\ ])/(?:[^/\\\n]|\\[^\n])+/"""


def mix(content: bytes) -> OwnVersions | None:
    """A mix.exs of Elixir: `version:` of its `project`, or the attribute that this names."""
    from git_hotfix.dependencies.syntax import elixir

    text = content.decode("utf-8")
    if len(text) > _SIZE:
        return None
    tree = elixir.parse(text)
    if tree.rewritten:
        return None  # a template: not all of it is in its tree
    nodes = list(elixir.nodes(tree, tree.root))
    named = [found for node in nodes if (found := elixir.named(tree, node))]
    project = next((body for name, body in named if name == "project"), None)
    values = _project_versions(tree, project) if project else []
    attributes = {tree.text(value) for value in values if elixir.attribute(value)}
    values += [part for name, value in named if name in attributes for part in elixir.items(value)]
    stated = {value.id for value in values if value.type == "string"}
    versions: dict[Place, str] = {}
    rest = []
    for number, node in enumerate(nodes):
        written = tree.text(node) if elixir.is_word(node) else ""
        if node.id in stated:
            versions[str(number), "version"], written = written, ""
        rest.append((node.type, len(elixir.items(node)), written))
    return OwnVersions(versions, rest)


def _project_versions(tree: Tree, body: Node) -> list[Node]:
    """What stands behind `version:` in the list that a function gives, and not in a list within it."""
    from git_hotfix.dependencies.syntax import elixir

    given = next((node for node in elixir.nodes(tree, body) if node.type == "list"), None)
    keywords = [each for each in elixir.items(given) if each.type == "keywords"] if given else []
    return [value for each in keywords for name, _, value in elixir.pairs(tree, each) if name == "version"]


def python(*names: str, call: str = "") -> Read:
    """A Python module that sets one of `names` to a text or a tuple, or calls `call` with a text for `version`."""

    def read(content: bytes) -> OwnVersions | None:
        import ast

        if len(content) > _SIZE:
            return None
        tree = ast.parse(content)
        versions: dict[Place, str] = {}
        for number, node in enumerate(tree.body):
            targets = node.targets if isinstance(node, ast.Assign) else []
            targets = [node.target] if isinstance(node, ast.AnnAssign) else targets
            name = targets[0].id if len(targets) == 1 and isinstance(targets[0], ast.Name) else ""
            if isinstance(node, (ast.Assign, ast.AnnAssign)) and name in names and _is_literal(node.value, name):
                versions[str(number), name] = ast.unparse(node.value)  # type: ignore[arg-type]
                node.value = ast.Constant(None)
            elif isinstance(node, ast.Expr) and isinstance(node.value, ast.Call) and call:
                function = node.value.func
                if (function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")) == call:
                    for keyword in node.value.keywords:
                        if keyword.arg == "version" and _is_literal(keyword.value, "version"):
                            versions[str(number), "version"] = ast.unparse(keyword.value)
                            keyword.value = ast.Constant(None)
        return OwnVersions(versions, ast.dump(tree))

    return read


def _is_literal(node: object, name: str) -> bool:
    """A text, a tuple or a number. `VERSION = 3` may be that of a format, so VERSION has to have a dot."""
    import ast

    if isinstance(node, ast.Tuple):
        return all(isinstance(each, ast.Constant) for each in node.elts)
    return isinstance(node, ast.Constant) and (
        bool(re.search(r"\d\.\d", node.value))
        if name == "VERSION" and isinstance(node.value, str)
        else isinstance(node.value, (str, int, float)) and name != "VERSION"
    )
