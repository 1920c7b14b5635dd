"""Go: go.mod and go.work; go.sum and vendor/modules.txt."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from git_hotfix.dependencies.path_table import globs
from git_hotfix.dependencies.registry import Dependency, Manifest, Reader, Source, by_strongest_scope, manifest_of

if TYPE_CHECKING:
    from collections.abc import Sequence

# The directives of go.mod and go.work with the number of words that each takes (None: not looked at). Go refuses any
# other (https://go.dev/ref/mod#go-mod-file).
_MOD = {
    "module": 1, "go": 1, "toolchain": 1, "godebug": 1, "require": 2, "exclude": 2, "replace": None, "retract": None,
    "tool": 1, "ignore": 1,
}  # fmt: skip
_WORK = {"go": 1, "toolchain": 1, "godebug": 1, "use": 1, "replace": None}
_Line = tuple[int, str, "Sequence[str]", str]  # its number, directive, words, and comment


def read(path: str, content: bytes) -> Manifest:
    """Read a go.mod or a go.work. Module paths are compared as they are, so `x/v2` is another module than `x`.

    What is `// indirect` is what dependencies bring: it goes to `pins`, but for the module of a `tool`. A module that
    `replace` takes from a directory is `local`.
    """
    work = path.rpartition("/")[2] == "go.work"
    required: dict[str, tuple[Dependency, bool]] = {}  # the bool says: indirect
    replaced: dict[str, Dependency] = {}
    own: list[str] = []
    tools: list[str] = []
    used: list[Dependency] = []
    for number, directive, words, comment in _lines(content, work=work):
        if directive == "module":
            own.append(words[0])
        elif directive == "require":
            indirect = comment.startswith("indirect") and comment[8:9] in ("", ";", " ", "\t")
            known = required.get(words[0])
            if known is None or (known[1] and not indirect):
                required[words[0]] = (Dependency(words[0], words[1], line=number), indirect)
        elif directive == "replace":
            one = _replacement(words, number)
            replaced[one.name] = _join_replacements(replaced.get(one.name, one), one)
        elif directive == "tool":
            tools.append(words[0])
        elif directive == "use":
            used.append(Dependency(words[0], "", "path", "runtime", number, words[0]))
    tooling = {module for tool in tools if (module := _module_of(tool, required))}
    declared, pins = list(used), []
    for name, (asked, indirect) in required.items():
        if name in replaced and replaced[name].source == "path":
            declared.append(Dependency(name, asked.version, "path", "runtime", asked.line, replaced[name].origin))
        elif not indirect:
            declared.append(asked)
        elif name in tooling:
            declared.append(Dependency(name, asked.version, scope="development", line=asked.line))
        else:
            pins.append(asked)
    found = manifest_of(declared, own=own, replaced=replaced.values())
    return Manifest(found.names, found.own, local=found.local, replaced=found.replaced, pins=by_strongest_scope(pins))


def _lines(content: bytes, *, work: bool) -> Iterator[_Line]:
    """Every line that says something, those of a block with the block's directive."""
    from git_hotfix.dependencies.syntax import plain

    directives = _WORK if work else _MOD
    block, opened = "", 0
    for number, line in enumerate(plain.source_text(content, ends="feed").split("\n"), start=1):
        words, comment = _words(line, number)
        if not words:
            continue
        if block and words == [")"]:
            block = ""
            continue
        directive, words = (block, words) if block else (words[0], words[1:])
        if directive not in directives:
            raise plain.unreadable(f"{directive[:40]!r} is not a directive", number)
        if not block and words == ["(", ")"]:
            continue
        if not block and words == ["("]:
            block, opened = directive, number
            continue
        wanted = directives[directive]
        arrow = directive == "replace" and len(words) - words.index("=>") in (2, 3) if "=>" in words else False
        if (wanted is not None and len(words) != wanted) or (directive == "replace" and not arrow) or not words:
            raise plain.unreadable(f"{directive} has another number of words", number)
        yield number, directive, words, comment
    if block:
        raise plain.unreadable("a block is not closed", opened)


def _words(line: str, number: int) -> tuple[list[str], str]:
    """The words of a line without quotes, and its comment."""
    import re

    from git_hotfix.dependencies.syntax import plain

    words: list[str] = []
    position = 0
    while True:
        match = re.compile(r'\s*(?:(//.*)|"([^"\\]*)"|`([^`]*)`|([()])|((?:[^\s"`()/]|/(?!/))+))').match(line, position)
        if match is None:
            break
        position = match.end()
        if match.group(1) is not None:
            return words, match.group(1)[2:].strip()
        words.append(next(group for group in match.groups()[1:] if group is not None))
    if line[position:].strip():
        raise plain.unreadable("a word cannot be read", number)
    return words, ""


def _replacement(words: Sequence[str], number: int) -> Dependency:
    arrow = words.index("=>")
    target, version = words[arrow + 1], "".join(words[arrow + 2 :])
    # Without a version it is a directory: https://go.dev/ref/mod#go-mod-file-replace
    return Dependency(words[0], version, "registry" if version else "path", "runtime", number, target)


def _join_replacements(first: Dependency, second: Dependency) -> Dependency:
    """What stands for one module when each of its versions has its own replacement."""
    if (first.origin, first.version) == (second.origin, second.version):
        return first
    version = ", ".join(filter(None, (first.version, second.version)))
    source: Source = "path" if first.source == second.source == "path" else "registry"
    return Dependency(first.name, version, source, "runtime", first.line, f"{first.origin}, {second.origin}")


def _module_of(package: str, required: dict[str, tuple[Dependency, bool]]) -> str:
    """The required module that a package stands in, "" when none is."""
    while package and package not in required:
        package = package.rpartition("/")[0]
    return package


def read_lock(path: str, content: bytes) -> Manifest:
    """Read a go.sum, of which a module counts whose content has a hash (the others are only asked for their own
    requirements), or a vendor/modules.txt."""
    from git_hotfix.dependencies.syntax import plain

    vendored = path.rpartition("/")[2] == "modules.txt"
    declared: list[Dependency] = []
    for number, line in enumerate(plain.source_text(content, size=plain.LOCK_SIZE, ends="feed").split("\n"), start=1):
        words = line.split()
        if vendored:
            # `# module version`, `# module version => replacement version`; `## explicit`; packages.
            if len(words) > 2 and words[0] == "#" and words[2] != "=>":
                declared.append(Dependency(words[1], words[2], line=number))
            elif words and words[0] not in ("#", "##") and len(words) != 1:
                raise plain.unreadable("it is not a list of vendored modules", number)
        elif words:
            if len(words) != 3 or ":" not in words[2]:
                raise plain.unreadable("it has no module, version and hash", number)
            if not words[1].endswith("/go.mod"):
                declared.append(Dependency(words[0], words[1], line=number))
    return manifest_of(declared)


READER = Reader(
    "go",
    manifests=(globs("go.mod", "go.work"),),
    read=read,
    locks=(globs("go.sum", "go.work.sum", "vendor/modules.txt"),),
    read_lock=read_lock,
)
