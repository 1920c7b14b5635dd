"""References to images: `python:3.12-slim`, `ghcr.io/o/app@sha256:…`."""

from __future__ import annotations

import re

from git_hotfix.dependencies.registry import Dependency, Scope

# A name is lower case; a registry's host has a dot or a port, or is localhost (the reference grammar of distribution).
_HOST = r"((?:[A-Za-z0-9-]+\.)+[A-Za-z0-9-]+(?::\d+)?|[A-Za-z0-9-]+:\d+|localhost)/"
_PATH = r"[a-z0-9]+(?:[._-]+[a-z0-9]+)*(?:/[a-z0-9]+(?:[._-]+[a-z0-9]+)*)*"
_TAG = r"(?::([^\s/@]*))?(?:@(\S*))?"  # a variable may stand in it
_HUB = frozenset({"docker.io", "index.docker.io", "registry-1.docker.io", "registry.hub.docker.com"})
VARIABLE = r"[${}<>%]"  # what a reference that waits for its value has in it
LENGTH = 1_000  # characters; a reference has 255 and a digest


def parse(text: str, *, scope: Scope = "runtime", line: int = 0) -> Dependency | None:
    """The image that `text` names, None when it is not a reference: variables may have to get their values first.

    Docker Hub's images are named as people write them (`python`, `o/app`), those of another registry with its host,
    which is their origin too. The version is the tag, the digest, or `tag@digest`.
    """
    text = text.removeprefix("docker://").removeprefix("docker-image://")
    host = re.match(_HOST, text) if len(text) <= LENGTH else None
    rest = re.fullmatch(rf"({_PATH}){_TAG}", text[host.end() :] if host else text) if len(text) <= LENGTH else None
    if rest is None:
        return None
    registry = host.group(1).lower() if host else ""
    path, tag, digest = rest.group(1), rest.group(2) or "", rest.group(3) or ""
    version = f"{tag}@{digest}" if tag and digest else tag or digest
    if registry in _HUB or not registry:
        return Dependency(path.removeprefix("library/"), version, "registry", scope, line)
    return Dependency(f"{registry}/{path}", version, "registry", scope, line, registry)
