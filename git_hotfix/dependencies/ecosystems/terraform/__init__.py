"""Terraform and OpenTofu: providers, modules and their lock file; the source in a terragrunt.hcl.

A provider is known by its address (`hashicorp/aws`). A `provider "aws" {}` block only says the local name, and which
address that is stands in some file of the same module, so it is declared by the local name, which every
`required_providers` makes the repository's own: only a block that no file explains is new.
"""

from __future__ import annotations

from git_hotfix.dependencies.path_table import globs
from git_hotfix.dependencies.registry import Manifest, Reader


def read(path: str, content: bytes) -> Manifest:
    """Read one file. Addresses are compared in lower case."""
    from git_hotfix.dependencies.ecosystems.terraform.configuration import read_configuration

    return read_configuration(content, json=path.endswith(".json"))


def read_lock(path: str, content: bytes) -> Manifest:
    """Read a .terraform.lock.hcl."""
    from git_hotfix.dependencies.ecosystems.terraform.configuration import read_provider_lock

    return read_provider_lock(content)


READER = Reader(
    "terraform",
    manifests=(globs("*.tf", "*.tofu", "*.tf.json", "*.tofu.json", "terragrunt.hcl"),),
    read=read,
    locks=(globs(".terraform.lock.hcl"),),
    read_lock=read_lock,
)
