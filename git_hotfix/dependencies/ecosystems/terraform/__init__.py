"""Terraform and OpenTofu: providers, modules and their lock file; the source in a terragrunt.hcl.

A provider is known by its address (`hashicorp/aws`). A `provider "aws" {}` block only says the local name, and which
address that is stands in some file of the same module, so it is declared by the local name, which every
`required_providers` makes the repository's own: only a block that no file explains is new.
"""

from __future__ import annotations

from git_hotfix.dependencies.registry import Manifest, Reader

_ENDINGS = (".tf", ".tofu", ".tf.json", ".tofu.json")


def reads(path: str) -> bool:
    """True for the files of Terraform, OpenTofu and Terragrunt that can name providers or modules."""
    return path.endswith(_ENDINGS) or path.rpartition("/")[2] == "terragrunt.hcl"


def read(path: str, content: bytes) -> Manifest:
    """Read one file. Addresses are compared in lower case."""
    from git_hotfix.dependencies.ecosystems.terraform.configuration import read_configuration

    return read_configuration(content, json=path.endswith(".json"))


def locks(path: str) -> bool:
    """True for the lock file of providers."""
    return path.rpartition("/")[2] == ".terraform.lock.hcl"


def read_lock(path: str, content: bytes) -> Manifest:
    """Read a .terraform.lock.hcl."""
    from git_hotfix.dependencies.ecosystems.terraform.configuration import read_provider_lock

    return read_provider_lock(content)


READER = Reader("terraform", reads, read, locks, read_lock)
