"""flake.nix and flake.lock."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from git_hotfix.dependencies.ecosystems.nix.expression import Attributes, Value, Word, attributes
from git_hotfix.dependencies.registry import Dependency, Manifest, Source, Unreadable, manifest_of
from git_hotfix.dependencies.syntax import json_file
from git_hotfix.dependencies.syntax.address import origin

_FORGES = {"github": "https://github.com", "gitlab": "https://gitlab.com", "sourcehut": "https://git.sr.ht"}
LOCK_SIZE = 2_000_000  # bytes; the lock files of large systems have 50 kB
# Where built packages are taken from; the project's own is https://cache.nixos.org.
_CACHES = frozenset({"substituters", "extra-substituters", "trusted-substituters", "extra-trusted-substituters"})
_OWN_CACHE = "https://cache.nixos.org"


def read_flake(content: bytes) -> Manifest:
    """Read the inputs of a flake.nix. An input that follows another one brings nothing; one that is given to an input
    of an input replaces it. An argument of `outputs` that is not input is taken from Nix's registry."""
    found = attributes(content)
    inputs = _inputs(found)
    declared: list[Dependency] = []
    replaced: list[Dependency] = []
    dynamic = {_source_text(value) for path, value in found.items() if path == ("inputs",) and not _is_set(value)}
    for path, entry in inputs.items():
        name, line = "/".join(path), min(value.line for value in entry.values())
        opaque = [value for key, value in entry.items() if key in ("url", "type", "", "follows") and value.text is None]
        if opaque:
            dynamic |= {f"{name} = {_source_text(value)}" for value in opaque}
        elif one := _input(name, line, {key: value.text or "" for key, value in entry.items()}):
            (declared if len(path) == 1 else replaced).append(one)
    known = {path[0] for path in inputs} | {"self"}
    outputs = found.get(("outputs",))
    for argument in _arguments(outputs.words) if outputs else ():
        if argument.value not in known:
            declared.append(Dependency(argument.value, line=argument.line))
    return manifest_of(declared, dynamic=dynamic, indexes=_caches(found), replaced=replaced)


def _inputs(attributes: Attributes) -> dict[tuple[str, ...], dict[str, Value]]:
    """Path of inputs (`("a",)`; `("a", "b")` for the input b of the input a) → what is said of it."""
    inputs: dict[tuple[str, ...], dict[str, Value]] = {}
    for path, value in attributes.items():
        if path[0] != "inputs" or len(path) < 2:
            continue
        names: list[str] = [path[1]]
        rest = list(path[2:])
        while len(rest) > 1 and rest[0] == "inputs":
            names.append(rest[1])
            rest = rest[2:]
        if rest != ["inputs"] and (rest or not _is_set(value)):
            inputs.setdefault(tuple(names), {})[".".join(rest)] = value
        else:
            inputs.setdefault(tuple(names), {}).setdefault("name", value)
    return inputs


def _input(name: str, line: int, entry: Mapping[str, str]) -> Dependency | None:
    url = entry.get("url") or entry.get("")
    if url:
        return input_at_url(name, url, line)
    if entry.get("type"):
        return input_at_attributes(name, entry, line)
    # Nothing but `flake = false` means the registry.
    return None if "follows" in entry or "/" in name else Dependency(name, line=line)


def input_at_url(name: str, url: str, line: int) -> Dependency:
    """An input by its flake reference (`github:owner/repository/ref`, `git+https://…?ref=…`, `nixpkgs/nixos-24.05`)."""
    bare, _, query = url.partition("?")
    asked = dict(part.partition("=")[::2] for part in query.split("&"))
    revision = asked.get("rev") or asked.get("ref") or ""
    kind, _, rest = bare.partition(":")
    if kind in _FORGES and not rest.startswith("//"):
        owner, repository, *ref = [*rest.split("/", 2), ""][:3] if "/" in rest else (rest, "", "")
        host = f"https://{asked['host']}" if asked.get("host") else _FORGES[kind]
        return Dependency(name, revision or ref[0], "git", line=line, origin=origin(f"{host}/{owner}/{repository}"))
    if kind in ("path", "git+file") or bare.startswith((".", "/", "~")):
        return Dependency(name, "", "path", line=line, origin=bare.removeprefix("path:"))
    if kind.startswith("git") and "//" in rest:
        return Dependency(name, revision, "git", line=line, origin=origin(bare))
    if "://" in bare:
        kept = "&".join(part for part in query.split("&") if part and not part.startswith(("narHash=", "rev=", "ref=")))
        address = re.sub(r"^(?:tarball|file|hg)\+", "", bare) + (f"?{kept}" if kept else "")
        return Dependency(name, revision, "url", line=line, origin=origin(address))
    return Dependency(name, revision or bare.removeprefix("flake:").partition("/")[2], line=line)


def input_at_attributes(name: str, entry: Mapping[str, Any], line: int) -> Dependency:
    """An input by attributes (`type`, `owner`, `repo`, `rev`, …), as flake.lock has them, too."""
    said = {key: value for key, value in entry.items() if isinstance(value, str)}
    kind = said.get("type", "")
    revision = said.get("rev") or said.get("ref") or ""
    if kind in _FORGES:
        host = f"https://{said['host']}" if said.get("host") else _FORGES[kind]
        address = origin(f"{host}/{said.get('owner', '')}/{said.get('repo', '')}")
        return Dependency(name, revision, "git", line=line, origin=address)
    if kind == "path" or (kind == "git" and said.get("url", "").startswith("file:")):
        return Dependency(name, "", "path", line=line, origin=said.get("path") or said.get("url", ""))
    if kind == "indirect":
        return Dependency(name, revision, line=line)
    if kind not in ("git", "tarball", "file", "hg") or not said.get("url"):
        raise Unreadable(f"the input {name[:80]!r} has an unknown type (line {line})")
    source: Source = "git" if kind == "git" else "url"
    return Dependency(name, revision or said.get("narHash", ""), source, line=line, origin=origin(said["url"]))


def _arguments(words: Any) -> Iterator[Word]:
    """The names of a function's arguments: `{ self, nixpkgs, ... }: …`, `inputs@{ … }: …`."""
    place = 2 if len(words) > 2 and words[1].value == "@" else 0
    if place >= len(words) or words[place].value != "{":
        return
    depth = 0
    for number in range(place, len(words)):
        word = words[number]
        depth += (word.value in ("{", "(", "[")) - (word.value in ("}", ")", "]")) if word.kind == "sign" else 0
        if depth == 0:
            return
        if depth == 1 and word.kind == "name" and words[number - 1].value in ("{", ","):
            yield word


def _caches(attributes: Attributes) -> dict[str, int]:
    indexes: dict[str, int] = {}
    for path, value in attributes.items():
        if path[:1] == ("nixConfig",) and path[-1] in _CACHES:
            for word in value.words:
                if word.kind in ("text", "uri") and origin(word.value) != _OWN_CACHE:
                    indexes.setdefault(origin(word.value), word.line)
    return indexes


def _is_set(value: Value) -> bool:
    return value.text is None and value.words[-1:] != [] and value.words[-1].value == "}"


def _source_text(value: Value) -> str:
    return " ".join(word.value for word in value.words)


def read_lock(content: bytes) -> Manifest:
    """Read a flake.lock. Nix numbers inputs that are called alike (`nixpkgs_2`): the number is not part of a name."""
    if len(content) > LOCK_SIZE:
        raise Unreadable(f"it is larger than {LOCK_SIZE // 1_000_000} MB")
    text, document = json_file.load(content)
    lines = json_file.lines(text, depth=2)
    nodes = document.get("nodes")
    if not isinstance(nodes, dict):
        raise Unreadable("nodes is not an object")
    root = document.get("root", "root")
    declared: list[Dependency] = []
    for key, node in nodes.items():
        locked = node.get("locked", {}) if isinstance(node, dict) else None
        if not isinstance(locked, dict):
            raise Unreadable(f"the node {key[:80]!r} is not an object that is locked")
        if key != root and locked:
            name = re.sub(r"_\d+$", "", key)
            declared.append(input_at_attributes(name, locked, lines.get(("nodes", key), 0)))
    return manifest_of(declared)
