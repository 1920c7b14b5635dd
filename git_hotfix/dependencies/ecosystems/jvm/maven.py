"""pom.xml, and .mvn/extensions.xml."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from git_hotfix.dependencies.ecosystems.jvm.coordinates import index, name_of
from git_hotfix.dependencies.registry import Dependency, Manifest, Scope, Unreadable, by_strongest_scope, manifest_of
from git_hotfix.dependencies.syntax.references import References
from git_hotfix.dependencies.syntax.xml_file import Element, load
from git_hotfix.model.frozen import replace

_REFERENCE = r"\$\{([^{}$]+)\}"
_PLUGINS = "org.apache.maven.plugins"  # the group of a plugin that names none
# `provided` is on production's class path too: it only comes from somewhere else.
_SCOPES: dict[str, Scope] = {"test": "development", "import": "build"}


class _Pom:
    """One pom.xml with its properties."""

    def __init__(self, root: Element) -> None:
        self.root = root
        # What a profile adds stands where it is active; any of them may be.
        self.holders = [root, *root.at("profiles", "profile")]
        self.values: dict[str, str] = {}
        self.references = References(_REFERENCE, self.values.get)
        for holder in self.holders:
            for each in holder.at("properties"):
                for one in each.children:
                    self.values.setdefault(one.name, one.text)
        parent = root.child("parent")
        for key in ("groupId", "artifactId", "version"):
            inherited = parent.value(key) if parent else ""
            value = root.value(key) or (inherited if key != "artifactId" else "")
            for prefix in ("project.", "pom.", ""):
                if value:
                    self.values.setdefault(prefix + key, value)
                if inherited:
                    self.values.setdefault(f"{prefix}parent.{key}", inherited)

    def text(self, element: Element, name: str) -> str:
        """The text of a child, with its properties resolved as far as this file knows them."""
        return self.references.expand(element.value(name))

    def artifact(self, element: Element, scope: Scope, *, group: str = "") -> Dependency:
        """The artifact that an element names."""
        artifact = element.child("artifactId")
        owner = self.text(element, "groupId") or group
        if artifact is None or not artifact.text or not owner:
            raise Unreadable(f"an artifact has no name (line {element.line})")
        name = name_of(owner, self.text(element, "artifactId"))
        return Dependency(name, self.text(element, "version"), "registry", scope, artifact.line)

    def dependency(self, element: Element, scope: Scope | None = None) -> Dependency:
        """A dependency, in the scope that it names unless one is given."""
        named = self.text(element, "scope")
        if scope is None:
            scope = _SCOPES.get(named) or ("optional" if self.text(element, "optional") == "true" else "runtime")
        one = self.artifact(element, scope)
        if named == "system":
            return replace(one, source="path", origin=self.text(element, "systemPath"))
        return one


def read_pom(content: bytes) -> Manifest:
    """Read a pom.xml. What `dependencyManagement` and `pluginManagement` name are pins; a version that is missing is
    taken from there."""
    root = load(re.sub(rb"&([A-Za-z]+\d*);", _character, content))
    if root.name != "project":
        raise Unreadable("it is not a Maven project")
    pom = _Pom(root)
    pins = by_strongest_scope(_managed_versions(pom))
    declared = [
        one if one.version or one.name not in pins else replace(one, version=pins[one.name].version)
        for one in (*_dependencies(pom, pins), *_build(pom))
    ]
    for holder in pom.holders:
        for module in (*holder.at("modules", "module"), *holder.at("subprojects", "subproject")):
            if module.text:
                declared.append(Dependency(module.text, "", "path", line=module.line, origin=module.text))
    group, artifact = (pom.references.value(f"project.{key}") or "" for key in ("groupId", "artifactId"))
    own = [name_of(group, artifact)] if artifact else []
    return manifest_of(declared, own=own, indexes=_indexes(pom), pins=pins.values())


def _character(match: re.Match[bytes]) -> bytes:
    """Maven's reader knows the names of HTML's characters, which stand in the names of developers."""
    from html.entities import name2codepoint

    name = match[1].decode()
    return (
        match[0]
        if name in ("lt", "gt", "amp", "quot") or name not in name2codepoint
        else b"&#%d;" % name2codepoint[name]
    )


def _dependencies(pom: _Pom, pins: Mapping[str, Dependency]) -> Iterator[Dependency]:
    parent = pom.root.child("parent")
    if parent is not None and parent.value("artifactId"):
        # Whatever it depends on is inherited. A parent that stands in the same repository is one of its own packages.
        yield pom.artifact(parent, "runtime")
    for holder in pom.holders:
        for one in holder.at("dependencies", "dependency"):
            found = pom.dependency(one)
            managed = found.name in pins and one.child("scope") is None
            yield replace(found, scope=pins[found.name].scope) if managed else found
        for one in holder.at("dependencyManagement", "dependencies", "dependency"):
            if pom.text(one, "scope") == "import":
                yield pom.dependency(one)


def _managed_versions(pom: _Pom) -> Iterator[Dependency]:
    for holder in pom.holders:
        for one in holder.at("dependencyManagement", "dependencies", "dependency"):
            if pom.text(one, "scope") != "import":
                yield pom.dependency(one)
        for one in holder.at("build", "pluginManagement", "plugins", "plugin"):
            yield pom.artifact(one, "build", group=_PLUGINS)


def _build(pom: _Pom) -> Iterator[Dependency]:
    """Plugins, what they are extended with, and the processors that the compiler runs."""
    for holder in pom.holders:
        plugins = [*holder.at("build", "plugins", "plugin"), *holder.at("reporting", "plugins", "plugin")]
        managed = holder.at("build", "pluginManagement", "plugins", "plugin")
        for plugin in (*plugins, *holder.at("build", "extensions", "extension")):
            yield pom.artifact(plugin, "build", group=_PLUGINS)
        for plugin in (*plugins, *managed):
            for inner in plugin.at("dependencies", "dependency"):
                yield pom.dependency(inner, "build")
            configurations = [*plugin.at("configuration"), *plugin.at("executions", "execution", "configuration")]
            for configuration in configurations:
                for path in configuration.at("annotationProcessorPaths"):
                    for processor in path.all():
                        yield pom.artifact(processor, "build")


def _indexes(pom: _Pom) -> dict[str, int]:
    found: dict[str, int] = {}
    for holder in pom.holders:
        for group, one in (("repositories", "repository"), ("pluginRepositories", "pluginRepository")):
            for repository in holder.at(group, one):
                address = index(pom.text(repository, "url"))
                if address:
                    found.setdefault(address, repository.line)
    return found


def read_extensions(content: bytes) -> Manifest:
    """Read a .mvn/extensions.xml: what Maven itself is extended with while it builds."""
    root = load(content)
    if root.name != "extensions":
        raise Unreadable("it is not a list of Maven extensions")
    pom = _Pom(root)
    return manifest_of(pom.artifact(one, "build") for one in root.all("extension"))
