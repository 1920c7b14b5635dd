"""Compose files: the images of services, and those that are built here."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from git_hotfix.dependencies.ecosystems.docker.dockerfile import read_dockerfile
from git_hotfix.dependencies.ecosystems.docker.image import VARIABLE, parse
from git_hotfix.dependencies.ecosystems.docker.shell import Variables
from git_hotfix.dependencies.registry import Dependency, Manifest, Scope, Unreadable, manifest_of
from git_hotfix.dependencies.syntax import yaml_file
from git_hotfix.dependencies.syntax.address import origin, place
from git_hotfix.model.frozen import replace

# Compose's own tags, which say how several files are merged and nothing of an image.
_TAGS = rb"(?m)^([^#\n]*?[:-] +)!(?:reset|override)(?=\s)"


def read_compose(content: bytes, *, scope: Scope) -> Manifest:
    """Read a compose file. The image of a service that is built here is its own name, and no dependency."""
    documents = yaml_file.load_all(re.sub(_TAGS, rb"\1", content))
    document = documents[0] if len(documents) == 1 else {}
    if len(documents) > 1 or not isinstance(document, dict):
        raise Unreadable("it is not YAML mapping")
    # The first version had no `services:`.
    services = document.get("services") if "services" in document or "version" in document else document
    own: set[str] = set()
    dynamic: set[str] = set()
    declared: list[Dependency] = []
    inner: list[Manifest] = []
    for service in services.values() if isinstance(services, dict) else ():
        if not isinstance(service, dict):
            continue
        build, image = service.get("build"), service.get("image")
        one = _image(image, scope=scope) if isinstance(image, str) else None
        if build is not None:
            own |= {one.name} if one else set()
        elif isinstance(image, str) and one is None:
            dynamic.add(f"image: {image}")
        declared += [one] if one and build is None else []
        declared += _build_sources(build, scope=scope)
        if isinstance(build, dict) and isinstance(build.get("dockerfile_inline"), str):
            inner.append(_read_inline(build["dockerfile_inline"], scope=scope))
    declared += [one for each in inner for one in (*each.names.values(), *each.local.values())]
    dynamic |= {text for each in inner for text in each.dynamic}
    indexes = {index: line for each in inner for index, line in each.indexes.items()}
    return manifest_of((one for one in declared if one.name not in own), own=own, dynamic=dynamic, indexes=indexes)


def _image(text: str, *, scope: Scope) -> Dependency | None:
    one = parse(Variables().expand(str(text)).replace("$$", "$"), scope=scope, line=yaml_file.line_of(text))
    if one is None and not re.search(VARIABLE, text):
        raise Unreadable(f"line {yaml_file.line_of(text)}: {text[:80]!r} is not an image")
    return one


def _build_sources(build: Any, *, scope: Scope) -> Iterator[Dependency]:
    """What a service is built from, when that is not a directory: another repository, or images by name."""
    context = build.get("context") if isinstance(build, dict) else build
    if isinstance(context, str) and re.match(r"(?:https?|git|ssh)://|git@", context):
        url, _, revision = context.partition("#")
        line = yaml_file.line_of(context)
        yield Dependency(place(url), revision.partition(":")[0], "git", scope, line, origin(url))
    more = build.get("additional_contexts") if isinstance(build, dict) else None
    for value in more.values() if isinstance(more, dict) else more if isinstance(more, list) else ():
        text = value.rpartition("=")[2] if isinstance(value, str) else ""
        if text.startswith("docker-image://") and (one := _image(text, scope=scope)):
            yield replace(one, line=yaml_file.line_of(value))


def _read_inline(text: str, *, scope: Scope) -> Manifest:
    """A Dockerfile that stands in the compose file; its lines follow the one where its text begins."""
    found = read_dockerfile(str(text).encode("utf-8", "surrogateescape"), scope=scope)
    begin = yaml_file.line_of(text)

    def place_in_file(one: Dependency) -> Dependency:
        return replace(one, line=begin + one.line)

    return Manifest(
        names={name: place_in_file(one) for name, one in found.names.items()},
        local={name: place_in_file(one) for name, one in found.local.items()},
        dynamic=found.dynamic,
        indexes={index: begin + line for index, line in found.indexes.items()},
    )
