"""Manifests and settings in TOML, JSON, YAML, INI, Java's properties and Apple's property lists."""

from __future__ import annotations

import re
from typing import Any

from git_hotfix.dependencies.carriers.own_versions import OwnVersions, Place, Read, take_out

_INI = 200_000  # bytes; configparser collects its errors in quadratic time
# A key of a build's or an application's own version: app.version, info.build.version, projectVersion, VERSION_NAME.
_OWN_KEY = (
    r"(?i)(?:(?:app|application|project|build|info|product|sonar)\.){0,3}(?:version|project_?version|app_?version|"
    r"application_?version|product_?version|mod_?version|version_?name|version_?code)"
)


def toml(*places: Place) -> Read:
    """A TOML file that states the version at one of `places`."""

    def read(content: bytes) -> OwnVersions:
        from git_hotfix.dependencies.syntax.toml import load

        return take_out(load(content)[1], places)

    return read


def json(*places: Place) -> Read:
    """A JSON file that states the version at one of `places`."""

    def read(content: bytes) -> OwnVersions:
        from git_hotfix.dependencies.syntax.json_file import load

        return take_out(load(content)[1], places)

    return read


def yaml(*places: Place) -> Read:
    """A YAML file that states the version at one of `places`."""

    def read(content: bytes) -> OwnVersions:
        from git_hotfix.dependencies.syntax.yaml_file import load

        return take_out(load(content), places)

    return read


def ini(*places: Place) -> Read:
    """An INI file that states the version at one of `places`."""

    def read(content: bytes) -> OwnVersions | None:
        import configparser

        if len(content) > _INI:
            return None
        parser = configparser.RawConfigParser()
        parser.read_string(content.decode("utf-8"))
        return take_out({section: dict(parser.items(section)) for section in parser.sections()}, places)

    return read


def properties(content: bytes) -> OwnVersions | None:
    """Java's properties: what is set under a key that speaks of the project's own version."""
    rows = [line.strip() for line in content.decode("utf-8").splitlines()]
    if any(row.endswith("\\") for row in rows):
        return None  # lines that go on are not put together here
    pairs = [re.split("[=:]", row, maxsplit=1) for row in rows if row and row[0] not in "#!"]
    table = {pair[0].rstrip(): pair[-1].lstrip() for pair in pairs}
    if len(table) < len(pairs):
        return None
    return take_out(table, [(key,) for key in table if re.fullmatch(_OWN_KEY, key)])


def plist(content: bytes) -> OwnVersions | None:
    """An Info.plist, whose version and build number Xcode and its like write."""
    import plistlib

    document: Any = plistlib.loads(content)
    return take_out(document, [("CFBundleShortVersionString",), ("CFBundleVersion",)])
