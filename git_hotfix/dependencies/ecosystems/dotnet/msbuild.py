"""Projects of MSBuild: *.csproj and the like, Directory.Packages.props and any other *.props and *.targets."""

from __future__ import annotations

import re
from collections.abc import Iterator

from git_hotfix.dependencies.ecosystems.dotnet.packages import index, normalise
from git_hotfix.dependencies.registry import Dependency, Manifest, Scope, Unreadable, manifest_of
from git_hotfix.dependencies.syntax.plain import source_text
from git_hotfix.dependencies.syntax.references import References
from git_hotfix.dependencies.syntax.xml_file import Element, load

_REFERENCE = r"\$\(([\w.-]+)\)"
_COMPUTED = r"[@%]\(|^\$\([^()]*\)$|\$\([^()]*[(:\[]"  # an item list, or a name of which nothing is literal
# Items that bring a package, and the scope of those that always are for the build.
_ITEMS: dict[str, Scope] = {
    "PackageReference": "runtime",
    "GlobalPackageReference": "build",
    "DotNetCliToolReference": "build",
    "PackageDownload": "build",
}
_NAMING = frozenset({*_ITEMS, "PackageVersion", "ProjectReference", "Reference"})
COUNT = 20_000  # names in one project; as many take a tenth of a second
_SOURCES = ("RestoreSources", "RestoreAdditionalProjectSources")
_TESTS = r"(?:^|[._a-z0-9-])Tests?$|(?:^|[._-])(?:tests?|[sS]pecs|[bB]enchmarks?)$"
_PARTS = (".props", ".targets", ".proj", ".projitems")  # what stands in a project, and has no package of its own


def read_project(path: str, content: bytes) -> Manifest:
    """Read one project or a part of one."""
    name = path.rpartition("/")[2]
    part = name.lower().endswith(_PARTS)
    if part and not re.match(rb"(?:\xef\xbb\xbf|(?:\xff\xfe|\xfe\xff)\x00?)?\s*<", content[:100]):
        source_text(content)
        return Manifest()  # other tools name their files so, too
    root = load(content)
    if root.name != "Project":
        if part:
            return Manifest()
        raise Unreadable("it is not an MSBuild project")
    return _Project(root, "" if part else name.rpartition(".")[0]).manifest()


class _Project:
    """One project with its properties; `stem` is its name, "" for a part of one."""

    def __init__(self, root: Element, stem: str) -> None:
        self.stem = stem
        self.items: list[Element] = []
        self.values: dict[str, str | None] = {}  # without case; None: several values, by conditions
        self.sdks: list[Element] = [root]
        self.sources: list[Element] = []
        for element in _elements(root):
            if element.name in ("Import", "Sdk"):
                self.sdks.append(element)
            if "Include" in element.attributes or "Update" in element.attributes:
                self.items.append(element)
            elif not element.children and element.text:
                name = element.name.lower()
                self.values[name] = element.text if self.values.get(name, element.text) == element.text else None
                if element.name in _SOURCES:
                    self.sources.append(element)
        self.references = References(_REFERENCE, lambda name: self.values.get(name.lower()))
        self.test = bool(stem and re.search(_TESTS, stem)) or (self.value("istestproject") or "").lower() == "true"

    def value(self, name: str) -> str | None:
        return self.references.value(name)

    def text(self, element: Element, *names: str) -> str:
        """An attribute, or the child of the same name."""
        found = (element.attributes.get(name) or element.value(name) for name in names)
        return self.references.expand(next((each for each in found if each), ""))

    def manifest(self) -> Manifest:
        """All of it."""
        declared = [*self._sdks()]
        pins: list[Dependency] = []
        dynamic: set[str] = set()
        items = [(item, name) for item in self.items for name in self._names(item)]
        if len(items) > COUNT:
            raise Unreadable(f"it has more than {COUNT:,} items")
        for item, name in items:
            if item.name == "ProjectReference":
                declared.append(_project(name, item.line))
            elif item.name == "Reference":
                declared += self._assembly(item, name)
            elif item.name == "PackageVersion" or (item.name in _ITEMS and "Include" not in item.attributes):
                pins.append(self._package(item, name))
            elif item.name in _ITEMS and re.search(_COMPUTED, name):
                dynamic.add(f"{item.name} {name}")
            elif item.name in _ITEMS:
                declared.append(self._package(item, name))
        own = {self.stem, self.value("packageid") or "", self.value("assemblyname") or ""} - {""} if self.stem else ()
        return manifest_of(declared, own=map(normalise, own), dynamic=dynamic, indexes=dict(self._indexes()), pins=pins)

    def _names(self, item: Element) -> list[str]:
        """The names of an item, which semicolons part."""
        if item.name not in _NAMING:
            return []  # files to compile, and the like
        text = self.references.expand(item.attributes.get("Include") or item.attributes.get("Update") or "")
        return [name for part in text.split(";", COUNT + 1) if (name := part.strip())]

    def _package(self, item: Element, name: str) -> Dependency:
        scope = _ITEMS.get(item.name, "runtime")
        if scope == "runtime" and "all" in self.text(item, "PrivateAssets").lower().split(";"):
            scope = "build"
        if self.test:
            scope = "development"
        version = self.text(item, "VersionOverride", "Version")
        return Dependency(normalise(name), version, "registry", scope, item.line)

    def _assembly(self, item: Element, name: str) -> Iterator[Dependency]:
        """A reference to a file of the repository; one without a path is the framework's."""
        path = self.text(item, "HintPath").replace("\\", "/")
        if path:
            yield Dependency(normalise(name.partition(",")[0]), "", "path", "runtime", item.line, path)

    def _sdks(self) -> Iterator[Dependency]:
        """`Sdk="Name/1.0"`; an SDK without a version comes with .NET, or global.json has its version."""
        for element in self.sdks:
            attribute = "Name" if element.name == "Sdk" else "Sdk"
            for part in self.references.expand(element.attributes.get(attribute, "")).split(";"):
                name, _, version = part.strip().partition("/")
                version = version or self.references.expand(element.attributes.get("Version", ""))
                if name and version:
                    yield Dependency(normalise(name), version, "registry", "build", element.line)

    def _indexes(self) -> Iterator[tuple[str, int]]:
        for element in self.sources:
            for part in self.references.expand(element.text).split(";"):
                address = index(part.strip()) if part.strip() and part.strip() != f"$({element.name})" else None
                if address:
                    yield address, element.line


def _elements(root: Element) -> Iterator[Element]:
    """Every element below the root, of whatever group, target or choice."""
    waiting = [*reversed(root.children)]
    while waiting:
        element = waiting.pop()
        yield element
        waiting += reversed(element.children)


def _project(path: str, line: int) -> Dependency:
    path = path.replace("\\", "/")
    return Dependency(normalise(path.rpartition("/")[2].rpartition(".")[0] or path), "", "path", "runtime", line, path)
