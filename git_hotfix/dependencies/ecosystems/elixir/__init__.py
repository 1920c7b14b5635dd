"""Elixir: mix.exs and mix.lock. Nothing of them is run."""

from __future__ import annotations

from git_hotfix.dependencies.path_table import globs
from git_hotfix.dependencies.registry import Manifest, Reader


def read(path: str, content: bytes) -> Manifest:
    """Read a mix.exs."""
    from git_hotfix.dependencies.ecosystems.elixir.project import read_project

    return read_project(content)


def read_lock(path: str, content: bytes) -> Manifest:
    """Read a mix.lock."""
    from git_hotfix.dependencies.ecosystems.elixir.lock import read_lock_file

    return read_lock_file(content)


READER = Reader(
    "elixir",
    manifests=(globs("mix.exs"),),
    read=read,
    locks=(globs("mix.lock"),),
    read_lock=read_lock,
)
