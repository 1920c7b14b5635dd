"""Configurations of Terraform, in HCL or in JSON, and the lock file of providers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from git_hotfix.dependencies.ecosystems.terraform.address import module, provider
from git_hotfix.dependencies.registry import Dependency, Manifest, Unreadable, manifest_of
from git_hotfix.dependencies.syntax import hcl
from git_hotfix.dependencies.syntax.hcl import Block, Value

_BUILT_IN = ("terraform", "terraform.io/builtin/terraform")  # the one that is part of Terraform itself


def read_configuration(content: bytes, *, json: bool) -> Manifest:
    """Read a .tf or .tofu file, in its JSON form too, or a terragrunt.hcl."""
    top = _read_json(content) if json else hcl.load(content)
    declared: list[Dependency] = []
    dynamic: set[str] = set()
    local: set[str] = set()  # names that this module gives to providers
    blocks: list[Block] = []
    for block in top.blocks:
        if block.kind == "terraform":
            for name, value in _required_providers(block):
                local.add(name)
                declared += _provider(name, value)
            declared += _source(block, dynamic)  # Terragrunt's
        elif block.kind == "module":
            declared += _source(block, dynamic)
        elif block.kind == "provider" and block.labels:
            blocks.append(block)
    known: set[tuple[str, str]] = set()
    for block in blocks:
        name = block.labels[0].lower()
        if name not in local and name not in _BUILT_IN:
            declared.append(Dependency(name, _text(block.attributes.get("version")), line=block.line))
            known.add(("terraform", f"hashicorp/{name}"))
    return manifest_of(declared, own=local, dynamic=dynamic, known=known)


def _required_providers(block: Block) -> Iterator[tuple[str, Value]]:
    for inner in block.blocks:
        if inner.kind == "required_providers":
            yield from ((name.lower(), value) for name, value in inner.attributes.items())


def _provider(name: str, value: Value) -> Iterator[Dependency]:
    """`aws = { source = "hashicorp/aws", version = "~> 5" }`, or the older `aws = "~> 5"`."""
    table = value.table or {}
    source = table.get("source")
    text = _text(source) or name
    if text.lower() in _BUILT_IN:
        return
    version = _text(table.get("version")) if value.table is not None else _text(value)
    one = provider(text, version, value.line)
    if one is None:
        raise Unreadable(f"line {value.line}: {text[:80]!r} is not a provider")
    yield one


def _source(block: Block, dynamic: set[str]) -> Iterator[Dependency]:
    source = block.attributes.get("source")
    if source is None:
        return
    if source.text is None or source.dynamic:
        # What a template computes is OpenTofu's and Terragrunt's matter; the text tells when it changes.
        dynamic.add(f"{block.kind} {' '.join(block.labels)}: {source.text or 'source'}".strip())
    elif source.text:
        yield module(source.text, _text(block.attributes.get("version")), source.line)


def _text(value: Value | None) -> str:
    return value.text if value is not None and value.text is not None else ""


def read_provider_lock(content: bytes) -> Manifest:
    """Read a .terraform.lock.hcl."""
    declared: list[Dependency] = []
    for block in hcl.load(content).blocks:
        if block.kind == "provider":
            text = block.labels[0] if block.labels else ""
            one = provider(text, _text(block.attributes.get("version")), block.line)
            if one is None:
                raise Unreadable(f"line {block.line}: {text[:80]!r} is not a provider")
            declared.append(one)
    return manifest_of(declared)


def _read_json(content: bytes) -> Block:
    """The JSON form: a block is a table below its kind and its label, or a list of such tables."""
    from git_hotfix.dependencies.syntax import json_file

    text, document = json_file.load(content, unique=True)
    lines = json_file.lines(text, depth=6)
    blocks: list[Block] = []
    for kind in ("terraform", "module", "provider"):
        for at, table in _tables(document.get(kind), (kind,)):
            if kind == "terraform":
                required = [
                    Block("required_providers", (), 0, _values(inner, where, lines), ())
                    for where, inner in _tables(table.get("required_providers"), (*at, "required_providers"))
                ]
                blocks.append(Block(kind, (), lines.get(at, 0), _values(table, at, lines), tuple(required)))
                continue
            for label, value in table.items():
                for where, inner in _tables(value, (*at, label)):
                    blocks.append(Block(kind, (label,), lines.get((*at, label), 0), _values(inner, where, lines), ()))
    return Block("", (), 1, {}, tuple(blocks))


def _tables(value: Any, at: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], Mapping[str, Any]]]:
    for number, entry in enumerate(value if isinstance(value, list) else [value]):
        if isinstance(entry, dict):
            yield ((*at, str(number)) if isinstance(value, list) else at), entry
        elif entry is not None:
            raise Unreadable(f"{at[0]} is not an object")


def _values(
    table: Mapping[str, Any], at: tuple[str, ...], lines: Mapping[tuple[str, ...], int], *, inner: bool = True
) -> dict[str, Value]:
    """The texts of a table, and of the tables in it."""
    found: dict[str, Value] = {}
    for key, value in table.items():
        line = lines.get((*at, key), lines.get(at, 0))
        if isinstance(value, str):
            found[key] = Value(value, line, dynamic="${" in value or "%{" in value)
        elif isinstance(value, dict) and inner:
            found[key] = Value(None, line, _values(value, (*at, key), lines, inner=False))
    return found
