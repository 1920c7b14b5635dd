"""Nix flakes: flake.nix and flake.lock."""

from __future__ import annotations

from git_hotfix.dependencies.registry import Manifest, Reader


def reads(path: str) -> bool:
    """True for every flake.nix."""
    return path.rpartition("/")[2] == "flake.nix"


def locks(path: str) -> bool:
    """True for every flake.lock."""
    return path.rpartition("/")[2] == "flake.lock"


def read(path: str, content: bytes) -> Manifest:
    """Read the inputs of a flake, by the names that the flake gives them."""
    # Only a hotfix that touches a manifest pays for the parser.
    from git_hotfix.dependencies.ecosystems.nix.flake import read_flake

    return read_flake(content)


def read_lock(path: str, content: bytes) -> Manifest:
    """Read the locked inputs, those of inputs included."""
    from git_hotfix.dependencies.ecosystems.nix import flake

    return flake.read_lock(content)


READER = Reader("nix", reads, read, locks, read_lock)
