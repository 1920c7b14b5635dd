"""The text of docs/policy.md: every setting and every gate, generated from the declarations that judge by them."""

from __future__ import annotations

import re
import types
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

from git_hotfix.model.frozen import MISSING, Field, fields, frozen, is_dataclass
from git_hotfix.model.policy import GatePolicy, Policy

_HEAD = """\
<!-- Generated from the declarations; tests/unit/policy/test_policy_reference.py says how to write it anew. -->

# The policy

TOML on the **production branch of the remote**: `.git-hotfix.toml`, or `[tool.git-hotfix]` in `pyproject.toml`; where
both stand, the first holds. It is never read from a hotfix branch or a working tree: a fix cannot raise its own limits.

A key that is not known is a warning that names the nearest right one. A value that cannot be used keeps its default,
and the gate `policy` says so; that can be waived, so that a broken policy never stops the push that repairs it. `git
hotfix init`, `git hotfix doctor` and `git hotfix check --policy-from REV` are strict.

Nothing in it makes anybody's machine run a command or send data somewhere: such settings are git configuration.

Paths are patterns as in `.gitignore`, without case; a capital behind a star begins a word (`*Test.java` is no
`Latest.java`). Branches and tags are patterns as in `git branch --list`.
"""
_GATES = """\
## Gates

Each gate is a table, `[gates.<id>]`. Every one understands:

"""
_UNITS = (("d", 24 * 3600), ("h", 3600), ("m", 60), ("s", 1))


@frozen
class GateText:
    """What the page says of one gate: its id, its summary, its default severity, whether it can be waived, and the
    class of its options."""

    id: str
    summary: str
    severity: str
    waivable: bool
    options: type


def render(gates: Sequence[GateText]) -> str:
    """The page: the settings of `Policy`, table by table, then the gates in the given order."""
    blocks = [_HEAD, "## Settings\n", _rows(Policy)]
    for setting in fields(Policy):
        hint = get_type_hints(Policy)[setting.name]
        if get_origin(hint) is Mapping and setting.name != "gates":
            named = get_args(hint)[1]
            blocks += [f"## `[{_key(setting)}.<name>]`\n", f"{_text(named)}\n", _rows(named)]
        if is_dataclass(hint) and isinstance(hint, type):
            blocks += [f"## `[{_key(setting)}]`\n", f"{_text(hint)}\n", _rows(hint)]
            blocks += [
                f"### `{header}`\n\n{_text(named)}\n\n{_rows(named)}" for header, named in _named_tables(hint, setting)
            ]
    shared = _table(_row(each, get_type_hints(GatePolicy)) for each in fields(GatePolicy) if each.name != "options")
    blocks += [_GATES + shared, _overview(gates)]
    for gate in gates:
        blocks += [f"### `{gate.id}`\n", _gate(gate)]
    return "\n".join(blocks)


def _overview(gates: Sequence[GateText]) -> str:
    rows = (f"| [`{gate.id}`](#{gate.id}) | {gate.summary} | {gate.severity} |" for gate in gates)
    return "\n".join(("| gate | a hotfix has | severity |", "|---|---|---|", *rows, ""))


def _gate(gate: GateText) -> str:
    lines = [f"{gate.summary[:1].upper()}{gate.summary[1:]}. Severity: `{gate.severity}`."]
    if not gate.waivable:
        lines[0] += " It can be neither waived nor switched off."
    lines.append(_text(gate.options))
    text = "\n".join(line for line in lines if line) + "\n"
    options = _rows(gate.options)
    return f"{text}\n{options}" if options else text


def _named_tables(declared: type, within: Field[Any]) -> Iterator[tuple[str, type]]:
    """The tables of a table that stand under names of the team's: header and class."""
    for setting in fields(declared):
        hint = get_type_hints(declared)[setting.name]
        if get_origin(hint) is Mapping:
            named = setting.metadata.get("named", '"<pattern>"')
            yield f"[{_key(within)}.{_key(setting)}.{named}]", get_args(hint)[1]


def _rows(declared: type) -> str:
    hints = get_type_hints(declared)
    plain = (each for each in fields(declared) if not is_dataclass(hints[each.name]))
    own = [each for each in plain if get_origin(hints[each.name]) is not Mapping]
    return _table(_row(each, hints) for each in own)


def _table(rows: Iterator[str]) -> str:
    found = list(rows)
    return "\n".join(("| key | default | values | meaning |", "|---|---|---|---|", *found, "")) if found else ""


def _row(each: Field[Any], hints: dict[str, Any]) -> str:
    seconds = each.metadata.get("unit") == "seconds"
    default = "" if each.default is MISSING else _show_value(each.default, seconds=seconds)
    doc, source = each.metadata.get("doc", ""), each.metadata.get("source", "")
    meaning = f"{doc} ({source})" if source else doc
    return f"| `{_key(each)}` | {default} | {_values(hints[each.name], each, seconds=seconds)} | {_cell(meaning)} |"


def _values(hint: Any, each: Field[Any], *, seconds: bool) -> str:
    if get_origin(hint) in (Union, types.UnionType):
        hint = next(inner for inner in get_args(hint) if inner is not type(None))
    if get_origin(hint) is Literal:
        return ", ".join(f"`{_quote(inner)}`" for inner in get_args(hint))
    if get_origin(hint) is tuple:
        return "string, or list of strings" if each.metadata.get("one") else "list of strings"
    if hint is int:
        least, most = each.metadata.get("min", 0), each.metadata.get("max")
        unit = each.metadata.get("unit", "")
        kind = 'a duration such as `"90d"`, `"2h"`' if seconds else f"whole number{f' of {unit}' if unit else ''}"
        return f"{kind}, {f'{least} to {most}' if most is not None else f'at least {least}'}"
    return {bool: "`true`, `false`", str: "string"}[hint]


def _show_value(value: object, *, seconds: bool) -> str:
    if value is None:
        return "unset"
    if isinstance(value, bool):
        return f"`{str(value).lower()}`"
    if isinstance(value, int) and seconds and value:
        unit, size = next((unit, size) for unit, size in _UNITS if value % size == 0)
        return f'`"{value // size}{unit}"`'
    if isinstance(value, tuple):
        return " ".join(f"`{_cell(each)}`" for each in value) or "`[]`"
    return f"`{_cell(_quote(value) if isinstance(value, str) else str(value))}`"


def _quote(value: str) -> str:
    return f'"{value}"'


def _cell(text: str) -> str:
    """Text within a cell of a table: a bar would end it."""
    return " ".join(text.split()).replace("|", "\\|")


def _key(each: Field[Any]) -> str:
    return each.name.replace("_", "-")


def _text(declared: type) -> str:
    """The docstring of a table's class, without the sentence that only names the table."""
    text = " ".join((declared.__doc__ or "").split())
    return re.sub(r"^`\[gates\.[^`]*`(?: has no options of its own)?\. ?|\s*\(`\[[a-z.<>-]+\]`\)", "", text)
