"""Swift packages: Package.swift, read as text, and Package.resolved."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from git_hotfix.dependencies.path_table import globs
from git_hotfix.dependencies.registry import Declared, Manifest, Reader, Unreadable, manifest_of

if TYPE_CHECKING:
    from git_hotfix.dependencies.syntax.plain import Token

_RANGES = frozenset({"...", "..<"})


def identity(url: str) -> str:
    """The name by which Swift compares packages: the last part of the address, in lower case, without `.git`."""
    return url.rstrip("/").rpartition("/")[2].rpartition(":")[2].removesuffix(".git").lower()


def read(path: str, content: bytes) -> Manifest:
    """Read a Package.swift: every `.package(…)` and every `.binaryTarget(url: …)` in it.

    What is computed goes to `dynamic`; where that is an address, everything but the literal declarations does.
    """
    from git_hotfix.dependencies.syntax import plain, swift_tokens

    tokens = swift_tokens.read(plain.decode(content))
    declared: list[Declared] = []
    own: list[str] = []
    dynamic: set[str] = set()
    rest: list[Token] = []  # what stands outside of literal declarations
    unknown = False
    position = 0
    while position < len(tokens):
        token = tokens[position]
        method = position > 0 and tokens[position - 1].text == "."
        called = position + 1 < len(tokens) and tokens[position + 1].text == "("
        if called and token.text == "Package" and not method:
            literals, _ = _arguments(tokens, position + 1)
            own += [literals["name"].lower()] if "name" in literals else []
        elif called and method and token.text in ("package", "Package", "binaryTarget"):  # Package: before Swift 4
            literals, others = _arguments(tokens, position + 1)
            one = (_binary if token.text == "binaryTarget" else _package)(literals, others, token.line)
            if one is not None:
                declared.append(one)
                rest.pop()  # its dot
                dynamic |= _computed_parts(others)
                position = plain.closing(tokens, position + 1) + 1
                # One declaration more or less changes nothing of the rest.
                position += position < len(tokens) and tokens[position].text == ","
                continue
            unknown = True
        rest.append(token)
        position += 1
    if unknown:
        dynamic.add(plain.words(rest))
    return manifest_of(declared, own=own, dynamic=dynamic)


def _arguments(tokens: Sequence[Token], opening: int) -> tuple[dict[str, str], list[list[Token]]]:
    """The arguments that are `label: "literal"`, and the others."""
    from git_hotfix.dependencies.syntax import plain

    literals: dict[str, str] = {}
    others: list[list[Token]] = []
    for part in plain.split(tokens[opening + 1 : plain.closing(tokens, opening)]):
        if len(part) == 3 and part[1].text == ":" and part[2].kind == "str":
            literals[part[0].text] = part[2].value
        else:
            others.append(part)
    return literals, others


def _package(literals: Mapping[str, str], others: list[list[Token]], line: int) -> Declared | None:
    """A dependency, None when its place is computed."""
    from git_hotfix.dependencies.syntax import address

    if "url" in literals:
        url, version = literals["url"], _version(literals, others)
        if url.startswith((".", "/", "~", "file:")):
            return Declared(identity(url), version, "path", "runtime", line, url)
        return Declared(identity(url), version, "git", "runtime", line, address.origin(url))
    if "id" in literals:
        return Declared(literals["id"].lower(), _version(literals, others), "registry", "runtime", line)
    if "path" in literals:
        name = literals.get("name") or identity(literals["path"])
        return Declared(name.lower(), "", "path", "runtime", line, literals["path"])
    return None


def _binary(literals: Mapping[str, str], others: list[list[Token]], line: int) -> Declared | None:
    """A library that is downloaded as it is; one at a path of the repository is not a dependency."""
    import re

    from git_hotfix.dependencies.syntax import address

    if "name" not in literals or not ("path" in literals or "url" in literals):
        return None
    name = literals["name"].lower()
    if "path" in literals:
        return Declared(name, "", "path", "runtime", line, literals["path"])
    scheme, _, rest = literals["url"].partition("://")
    parts = rest.split("/")
    # The part with the version is no place: https://x.org/sdk/1.2.3/x.zip is of https://x.org/sdk.
    until = next((i for i, part in enumerate(parts) if i and re.match(r"v?\d|releases$", part)), len(parts) - 1)
    place = f"{scheme}://{'/'.join(parts[:until])}"
    return Declared(name, "/".join(parts[until:]), "url", "runtime", line, address.origin(place))


def _version(literals: Mapping[str, str], others: list[list[Token]]) -> str:
    """`1.2.3`, `1.2.3..<2.0.0`, a branch or a revision, else how the requirement is written."""
    from git_hotfix.dependencies.syntax import plain

    for key in ("exact", "from", "branch", "revision"):
        if key in literals:
            return literals[key]
    required = [token for part in others for token in part]
    written = "".join(token.value for token in required if token.kind == "str" or token.text in _RANGES)
    return written or plain.words(required)


def _computed_parts(others: list[list[Token]]) -> set[str]:
    from git_hotfix.dependencies.syntax import plain

    return {plain.words(part) for part in others if all(token.kind != "str" for token in part)}


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


def _pin(pin: Any, line: int) -> Declared:
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
        return Declared(name.lower(), version, "registry", "runtime", line)
    if pin.get("kind") == "localSourceControl" or ":" not in url:
        return Declared(name.lower(), version, "path", "runtime", line, url)
    return Declared(name.lower(), version, "git", "runtime", line, address.origin(url))


READER = Reader(
    "swift",
    manifests=(globs("Package.swift", "Package@swift-*.swift"),),
    read=read,
    locks=(globs("Package.resolved"),),
    read_lock=read_lock,
)
