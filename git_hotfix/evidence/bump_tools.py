"""Tools that write a project's version, by what a repository holds: what one could set `hotfix.run.bump` to.

They are only named. Each of them runs code of the repository (hooks, plug-ins, build files), so a person decides.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping

_NUMBER = '"$HOTFIX_VERSION"'
# File, a text in it ("" for any), and the command; the first that fits is named. By the documentation of each tool: all
# of them take a number and leave commits and tags alone.
_TOOLS = (
    (".bumpversion.toml", "", f"bump-my-version bump --no-commit --no-tag --new-version {_NUMBER}"),
    (".bumpversion.cfg", "", f"bump-my-version bump --no-commit --no-tag --new-version {_NUMBER}"),
    ("pyproject.toml", "[tool.bumpversion]", f"bump-my-version bump --no-commit --no-tag --new-version {_NUMBER}"),
    (".cz.toml", "", f"cz bump --files-only --yes {_NUMBER}"),
    ("pyproject.toml", "[tool.commitizen]", f"cz bump --files-only --yes {_NUMBER}"),
    ("uv.lock", "", f"uv version --no-sync {_NUMBER}"),
    ("pyproject.toml", "[tool.poetry]", f"poetry version {_NUMBER}"),
    ("package.json", "", f"npm version --no-git-tag-version --ignore-scripts {_NUMBER}"),
    ("Cargo.toml", "", f"cargo set-version {_NUMBER}"),
    ("pom.xml", "", f"mvn -B versions:set -DgenerateBackupPoms=false -DnewVersion={_NUMBER}"),
)
FILES: Collection[str] = tuple(dict.fromkeys(file for file, _, _ in _TOOLS))
"""The files at the top of a repository that say which tool is at home there."""


def config_line(files: Mapping[str, bytes | None]) -> str:
    """The command that sets the tool of a repository with these files at its top; "" where none is known."""
    for file, text, command in _TOOLS:
        content = files.get(file)
        if content is not None and text.encode() in content:
            return f"git config hotfix.run.bump '{command}'"
    return ""
