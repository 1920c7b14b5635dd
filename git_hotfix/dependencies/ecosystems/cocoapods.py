"""CocoaPods: Podfile and *.podspec, read as text, *.podspec.json, and Podfile.lock."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from git_hotfix.dependencies.path_table import globs
from git_hotfix.dependencies.registry import (
    Dependency,
    Manifest,
    Reader,
    Scope,
    Source,
    Unreadable,
    manifest_of,
    table_at,
)

if TYPE_CHECKING:
    from git_hotfix.dependencies.syntax.ruby_calls import Call, Calls

_DEFAULT_INDEXES = frozenset(
    {"https://cdn.cocoapods.org", "https://github.com/CocoaPods/Specs", "git@github.com:CocoaPods/Specs", "trunk"}
)
# What declares pods without naming them here: React Native, Expo and Flutter bring theirs by a call.
_BRINGS = frozenset(
    "use_native_modules! use_react_native! use_expo_modules! use_unimodules! flutter_install_all_ios_pods "
    "flutter_install_all_macos_pods podspec".split()
)
_PODFILE = frozenset("pod target abstract_target source plugin".split()) | _BRINGS
_PODSPEC = frozenset("dependency subspec test_spec app_spec".split())
_TESTS = r"(?i).*(?:Unit|UI)?(?:Tests?|Specs?)"


def read(path: str, content: bytes) -> Manifest:
    """Read a Podfile or a pod specification. A subspec (`Firebase/Core`) is its pod (`Firebase`); names keep case.

    What is computed goes to `dynamic`; where that is the name of a pod, everything but the literal declarations does.
    """
    from git_hotfix.dependencies.syntax import plain, ruby_calls

    if path.endswith(".json"):
        return _json(content)
    text = plain.source_text(content, ends="feed")
    if path.endswith(".podspec"):
        return _podspec(ruby_calls.Calls(text, _PODSPEC | ruby_calls.ESCAPES))
    return _podfile(ruby_calls.Calls(text, _PODFILE | ruby_calls.ESCAPES))


def _podfile(calls: Calls) -> Manifest:
    from git_hotfix.dependencies.syntax import address

    declared: list[Dependency] = []
    dynamic = set(calls.escapes)
    indexes: dict[str, int] = {}
    for call in calls.calls:
        dynamic |= call.computed
        if call.name in _BRINGS:
            dynamic.add(call.shown)
        elif call.name == "pod" and not _is_name(call):
            dynamic |= {calls.rest, call.shown}
        elif call.name in ("pod", "plugin") and _is_name(call):
            scope: Scope = "build" if call.name == "plugin" else _scope(call)
            source, origin, version = _place(call)
            declared.append(Dependency(root(call.args[0]), version, source, scope, call.line, origin))
        for url in [*(call.args if call.name == "source" else []), call.options.get("source")]:
            if isinstance(url, str) and address.origin(url) not in _DEFAULT_INDEXES:
                indexes.setdefault(address.origin(url), call.line)
    return manifest_of(declared, dynamic=dynamic, indexes=indexes)


def root(name: str) -> str:
    """The pod that a subspec belongs to: `Firebase` of `Firebase/Core`."""
    return name.partition("/")[0]


def _is_name(call: Call) -> bool:
    return bool(call.args) and type(call.args[0]) is str


def _place(call: Call) -> tuple[Source, str, str]:
    """Source, origin and version of a pod."""
    from git_hotfix.dependencies.syntax import address

    options = call.options
    if "path" in options:
        return "path", str(options["path"]), call.version
    if "git" in options:
        revision = next((str(options[key]) for key in ("commit", "tag", "branch") if key in options), "")
        return "git", address.origin(str(options["git"])), revision or call.version
    if "podspec" in options:
        url = str(options["podspec"])
        return ("url", address.origin(url), call.version) if "://" in url else ("path", url, call.version)
    if "source" in options:
        url = address.origin(str(options["source"]))
        return "registry", "" if url in _DEFAULT_INDEXES else url, call.version
    return "registry", "", call.version


def _scope(call: Call) -> Scope:
    import re

    built = call.options.get("configurations", call.options.get("configuration", []))
    configurations = [str(each).lower() for each in (built if isinstance(built, list) else [built])]
    if configurations and all("debug" in each or "test" in each for each in configurations):
        return "development"
    targets = [str(block.args[0]) for block in call.inside if block.name == "target" and block.args]
    return "development" if targets and re.fullmatch(_TESTS, targets[-1]) else "runtime"


def _podspec(calls: Calls) -> Manifest:
    declared: list[Dependency] = []
    dynamic = set(calls.escapes)
    name, _ = calls.assigned.get("name", ("", 0))
    own = frozenset([name] if type(name) is str and name else [])
    for call in calls.calls:
        if call.name == "dependency":
            dynamic |= call.computed
            tests = any(block.name in ("test_spec", "app_spec") for block in call.inside)
            if not _is_name(call):
                dynamic |= {calls.rest, call.shown}
            elif root(call.args[0]) not in own:
                scope: Scope = "development" if tests else "runtime"
                declared.append(Dependency(root(call.args[0]), call.version, "registry", scope, call.line))
    return manifest_of(declared, own=own, dynamic=dynamic)


def _json(content: bytes) -> Manifest:
    from git_hotfix.dependencies.syntax import json_file

    _, document = json_file.load(content)
    name = document.get("name")
    own = frozenset([name] if isinstance(name, str) else [])
    declared = [each for each in _specification_dependencies(document, "runtime") if each.name not in own]
    return manifest_of(declared, own=own)


def _specification_dependencies(specification: Any, scope: Scope) -> Iterator[Dependency]:
    """The dependencies of a specification and of those within it; `json_file` bounds the depth."""
    if not isinstance(specification, dict):
        raise Unreadable("a specification is not an object")
    dependencies = specification.get("dependencies") or {}
    if not isinstance(dependencies, dict):
        raise Unreadable("dependencies is not an object")
    for name, versions in dependencies.items():
        asked = versions if isinstance(versions, list) else [versions]
        yield Dependency(root(name), ", ".join(str(each) for each in asked if each), "registry", scope)
    inner: tuple[tuple[str, Scope], ...] = (("subspecs", scope), ("testspecs", "development"))
    for key, within in inner:
        listed = specification.get(key) or []
        if not isinstance(listed, list):
            raise Unreadable(f"{key} is not a list")
        for each in listed:
            yield from _specification_dependencies(each, within)
    for platform in ("ios", "osx", "macos", "tvos", "watchos", "visionos"):
        if isinstance(specification.get(platform), dict):
            yield from _specification_dependencies({"dependencies": specification[platform].get("dependencies")}, scope)


def read_lock(path: str, content: bytes) -> Manifest:
    """Read a Podfile.lock."""
    from git_hotfix.dependencies.syntax import address, yaml_file

    document = yaml_file.load(content)
    places = table_at(document, "EXTERNAL SOURCES", "mapping", falsy=True)
    checkouts = table_at(document, "CHECKOUT OPTIONS", "mapping", falsy=True)
    indexes = {
        address.origin(url): yaml_file.line_of(url)
        for url in table_at(document, "SPEC REPOS", "mapping", falsy=True)
        if address.origin(url) not in _DEFAULT_INDEXES
    }
    pods = document.get("PODS") or []
    if not isinstance(pods, list):
        raise Unreadable("PODS is not a list")
    return manifest_of((_locked_pod(pod, places, checkouts) for pod in pods), indexes=indexes)


def _locked_pod(pod: Any, places: Mapping[str, Any], checkouts: Mapping[str, Any]) -> Dependency:
    """`Name/Subspec (1.0)`, alone or with a list of what it needs."""
    from git_hotfix.dependencies.syntax import address, yaml_file

    text = next(iter(pod), None) if isinstance(pod, dict) else pod
    if not isinstance(text, str):
        raise Unreadable("a pod has no name")
    name, _, version = text.partition(" (")
    name, version, line = root(name), version.rstrip(")"), yaml_file.line_of(text)
    place = table_at(places, name, "mapping", falsy=True)
    for key, source in ((":path", "path"), (":git", "git"), (":podspec", "url")):
        if isinstance(place.get(key), str):
            url = str(place[key])
            if source == "path" or (source == "url" and "://" not in url):
                return Dependency(name, version, "path", "runtime", line, url)
            version = str(table_at(checkouts, name, "mapping", falsy=True).get(":commit") or version)
            return Dependency(name, version, "git" if source == "git" else "url", "runtime", line, address.origin(url))
    return Dependency(name, version, "registry", "runtime", line)


READER = Reader(
    "cocoapods",
    manifests=(globs("Podfile", "Podfile.rb", "*.podspec", "*.podspec.json"),),
    read=read,
    locks=(globs("Podfile.lock"),),
    read_lock=read_lock,
)
