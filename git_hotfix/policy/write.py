"""A policy as the text of its file: what differs from the defaults, and nothing else."""

from __future__ import annotations

import json
import re
import textwrap
from collections.abc import Iterator, Mapping
from typing import Any, Literal, get_args, get_origin, get_type_hints

from git_hotfix.model.frozen import Field, fields, is_dataclass
from git_hotfix.model.policy import GatePolicy, Policy
from git_hotfix.policy.parse import UNITS, Registry, key_of


def dump(policy: Policy, *, gates: Registry | None = None) -> str:
    """What of `policy` differs from the defaults, as the TOML text of a `.git-hotfix.toml`; `read_policy` reads it
    back. Without `gates` the severity of every gate in it is written, as the gates' own defaults are not known."""
    blocks = [*_dump_tables(policy, Policy(), ())]
    for id, gate in sorted(policy.gates.items()):
        options = gate.options
        lines = [f"severity = {_toml(gate.severity)}"] if not gates or gates[id][1] != gate.severity else []
        lines += [f"allow = {_toml(gate.allow)}"] if gate.allow else []
        lines += [] if gate.waivable else ["waivable = false"]
        lines += _differences(options, type(options)())
        blocks += [f"[gates.{id}]\n" + "".join(f"{line}\n" for line in lines)] if lines else []
    return "\n".join(blocks)


def dump_commented(policy: Policy, *, gates: Registry, summaries: Mapping[str, str]) -> str:
    """Every setting with what it means, as the TOML text of a `.git-hotfix.toml`: what differs from the defaults holds,
    the rest stands as a comment with its default. `summaries` say what each gate is about."""
    blocks = _explain(policy, Policy(), ())
    shared = [each for each in fields(GatePolicy) if each.name != "options"]
    blocks.append(_comment("Gates. Each of them understands: " + "; ".join(
        f"{key_of(each)} ({each.metadata['doc']})" for each in shared
    ) + "."))  # fmt: skip
    for id, (options, severity) in gates.items():
        default = GatePolicy(severity, (), options())
        gate = policy.gates.get(id, default)
        own = _settings(gate.options, default.options)
        lines = [*_settings(gate, default, explained=False), *(["", *own] if own else [])]
        blocks.append(f"# The gate {id}: {summaries[id]}.\n[gates.{id}]\n" + "\n".join(lines))
    return "\n\n".join(blocks) + "\n"


def _explain(value: Any, default: Any, path: tuple[str, ...]) -> list[str]:
    """The settings of a table, then the tables in it. Headers hold, so that a key whose # is taken away stands where
    it belongs."""
    lines = _settings(value, default)
    header = f"{_comment(_first_sentence(value))}\n[{'.'.join(path)}]\n" if path else ""
    blocks = [header + "\n".join(lines)]
    for setting in fields(value):
        inner, here = getattr(value, setting.name), (*path, key_of(setting))
        if is_dataclass(inner):
            blocks += _explain(inner, getattr(default, setting.name), here)
        elif isinstance(inner, Mapping) and setting.name != "gates":
            kind = get_args(get_type_hints(type(value))[setting.name])[1]
            tables = {f"[{'.'.join((*here, _toml(name)))}]": table for name, table in inner.items()}
            blocks += [f"{header}\n" + "\n".join(_settings(table, kind())) for header, table in tables.items()]
            if not inner:
                named = setting.metadata.get("example", '"<pattern>"')
                example = f"# [{'.'.join(here)}.{named}]"
                blocks.append("\n".join([_comment(_first_sentence(kind())), example, *_settings(kind(), kind())]))
    return blocks


def _settings(value: Any, default: Any, *, explained: bool = True) -> list[str]:
    """Each setting below what it means; one that has its default is a comment."""
    hints = get_type_hints(type(value))
    found = []
    for setting in fields(value):
        new, usual = getattr(value, setting.name), getattr(default, setting.name)
        if setting.name == "options" or is_dataclass(new) or isinstance(new, Mapping):
            continue
        seconds = setting.metadata.get("unit") == "seconds"
        shown = _example(hints[setting.name], setting) if new is None else new
        line = f"{key_of(setting)} = {_toml(shown, seconds=seconds)}"
        doc = setting.metadata["doc"]
        unset = " (unset)" if new is None and "unset" not in doc else ""
        found += ["", _comment(doc + unset)] if explained else []
        found.append(line if new != usual else f"# {line}")
    return found[1:] if explained else found


def _example(hint: Any, each: Field[Any]) -> str | tuple[str, ...]:
    """A value for a setting that has none by default."""
    choices = next((get_args(part) for part in get_args(hint) if get_origin(part) is Literal), ())
    example: str | tuple[str, ...] = each.metadata.get("example") or str(choices[0])
    return example


def _comment(text: str) -> str:
    lines = textwrap.wrap(" ".join(text.split()), 108, break_long_words=False, break_on_hyphens=False)
    return "\n".join(f"# {line}" for line in lines)


def _first_sentence(value: Any) -> str:
    text = re.sub(r"\s*\(`\[[^`]*\]`\)", "", " ".join((type(value).__doc__ or "").split()))
    return text.partition(". ")[0].rstrip(".") + "."


def _dump_tables(value: Any, default: Any, path: tuple[str, ...]) -> Iterator[str]:
    lines = _differences(value, default)
    if lines:
        header = f"[{'.'.join(path)}]\n" if path else ""
        yield header + "".join(f"{line}\n" for line in lines)
    for field in fields(value):
        inner = getattr(value, field.name)
        if is_dataclass(inner):
            yield from _dump_tables(inner, getattr(default, field.name), (*path, key_of(field)))
        elif isinstance(inner, Mapping) and field.name != "gates":
            for name, table in inner.items():
                yield from _dump_tables(table, type(table)(), (*path, key_of(field), _toml(name)))


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
