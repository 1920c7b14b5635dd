"""A policy as the text of its file: what differs from the defaults, and nothing else."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from typing import Any

from git_hotfix.model.policy import Policy
from git_hotfix.policy import UNITS, Registry, key_of


def dump(policy: Policy, *, gates: Registry | None = None) -> str:
    """What of `policy` differs from the defaults, as the TOML text of a `.git-hotfix.toml`; `read_policy` reads it
    back. Without `gates` the severity of every gate in it is written, as the gates' own defaults are not known."""
    blocks = [*_dumped(policy, Policy(), ())]
    for id, gate in sorted(policy.gates.items()):
        options = gate.options
        lines = [f"severity = {_toml(gate.severity)}"] if not gates or gates[id][1] != gate.severity else []
        lines += [f"allow = {_toml(gate.allow)}"] if gate.allow else []
        lines += [] if gate.waivable else ["waivable = false"]
        lines += _differences(options, type(options)())
        blocks += [f"[gates.{id}]\n" + "".join(f"{line}\n" for line in lines)] if lines else []
    return "\n".join(blocks)


def _dumped(value: Any, default: Any, path: tuple[str, ...]) -> Iterator[str]:
    lines = _differences(value, default)
    if lines:
        header = f"[{'.'.join(path)}]\n" if path else ""
        yield header + "".join(f"{line}\n" for line in lines)
    for field in fields(value):
        inner = getattr(value, field.name)
        if is_dataclass(inner):
            yield from _dumped(inner, getattr(default, field.name), (*path, key_of(field)))
        elif isinstance(inner, Mapping) and field.name != "gates":
            for name, table in inner.items():
                yield from _dumped(table, type(table)(), (*path, key_of(field), _toml(name)))


def _differences(value: Any, default: Any) -> list[str]:
    return [
        f"{key_of(field)} = {_toml(new, seconds=field.metadata.get('unit') == 'seconds')}"
        for field in fields(value)
        if isinstance(new := getattr(value, field.name), (str, int, tuple)) and new != getattr(default, field.name)
    ]


def _toml(value: str | int | tuple[str, ...], *, seconds: bool = False) -> str:
    if isinstance(value, tuple):
        return "[" + ", ".join(_toml(each) for each in value) + "]"
    if seconds and isinstance(value, int) and value > 0:
        unit = next(unit for unit, size in UNITS.items() if value % size == 0)
        return f'"{value // UNITS[unit]}{unit}"'
    # JSON's strings and numbers are TOML's, but for one control character.
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
