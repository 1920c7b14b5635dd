"""Versions in source text that build tools write: attributes of a .NET assembly, constants of a Python module."""

from __future__ import annotations

import re

from git_hotfix.dependencies.carriers.stated import Place, Read, Stated

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


def assembly(content: bytes) -> Stated | None:
    """AssemblyInfo.cs and its like: the version attributes of the assembly, and constants called so."""
    text = content.decode("utf-8", "surrogateescape")
    if len(text) > _SIZE:
        return None
    versions: dict[Place, str] = {}
    rest: list[str] = []
    last = 0
    for number, match in enumerate(re.compile(_CSHARP, re.VERBOSE | re.DOTALL).finditer(text)):
        group = "value" if match["name"] else "text"
        if match["name"] or match["constant"]:
            versions[str(number), match["name"] or match["constant"]] = match[group]
            rest.append(text[last : match.start(group)])
            last = match.end(group)
    return Stated(versions, [*rest, text[last:]])


def python(*names: str, call: str = "") -> Read:
    """A Python module that sets one of `names` to a text or a tuple, or calls `call` with a text for `version`."""

    def read(content: bytes) -> Stated | None:
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
        return Stated(versions, ast.dump(tree))

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
