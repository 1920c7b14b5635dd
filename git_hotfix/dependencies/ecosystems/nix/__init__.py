"""Nix flakes: flake.nix and flake.lock."""

from __future__ import annotations

from git_hotfix.dependencies.path_table import globs
from git_hotfix.dependencies.registry import Manifest, Reader


def read(path: str, content: bytes) -> Manifest:
    """Read the inputs of a flake, by the names that the flake gives them."""
    # Only a hotfix that touches a manifest pays for the parser.
    from git_hotfix.dependencies.ecosystems.nix.flake import read_flake

    return read_flake(content)


def read_lock(path: str, content: bytes) -> Manifest:
    """Read the locked inputs, those of inputs included."""
    from git_hotfix.dependencies.ecosystems.nix import flake

    return flake.read_lock(content)


READER = Reader(
    "nix",
    manifests=(globs("flake.nix"),),
    read=read,
    locks=(globs("flake.lock"),),
    read_lock=read_lock,
)
