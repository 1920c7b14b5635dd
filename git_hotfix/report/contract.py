"""The JSON contract: `schema.json` says what every command prints; the manual's section on it is written from it."""

from __future__ import annotations

import importlib.resources
import json
from collections.abc import Iterator, Mapping
from typing import Any

_INTRO = """\
Results go to standard output, everything else to standard error.
.B "\\-\\-format json"
prints one object, also for a failure:
.BR schema " (1), " command ", " ok ", " exit_code
and, by command, what follows; a key in brackets is not always there.
Names of references are full; a path that is not UTF\\-8 has a second key, in base64.
A dry run uses the same words as predictions.
.I git_hotfix/report/schema.json
is the same as a JSON Schema."""


def schema() -> dict[str, Any]:
    """The JSON Schema (draft 2020-12) of every object that a command prints."""
    found: dict[str, Any] = json.loads((importlib.resources.files(__package__) / "schema.json").read_text("utf-8"))
    return found


def manual() -> str:
    """The section OUTPUT of the manual, as roff: every command, then what their objects are made of."""
    contract = schema()
    lines = [".SH OUTPUT", *_INTRO.splitlines()]
    for shape in contract["anyOf"]:
        lines += [".TP", f".B {_roff(shape['title'])}", *_members(shape)]
    lines += [".PP", "They are made of"]
    for name, shape in contract["$defs"].items():
        if "properties" in shape:
            lines += [".TP", f".B {_roff(name)}", f"{_roff(shape['description'])}:", *_members(shape)]
    return "\n".join(lines) + "\n"


def _members(shape: Mapping[str, Any]) -> Iterator[str]:
    """A line for every member; what stands for all commands is told above."""
    if "title" in shape and "description" in shape:
        yield _roff(shape["description"])
    members = {name: each for name, each in shape["properties"].items() if isinstance(each, dict) and name != "command"}
    for name, member in members.items():
        shown = name if name in shape.get("required", ()) else f"[{name}]"
        stop = "" if name == list(members)[-1] else ","
        words = _words(member, name)
        yield f'.BR "{_roff(shown)}" "{f" ({_roff(words)})" if words else ""}{stop}"'


def _words(member: Mapping[str, Any], name: str) -> str:
    """What a member holds: what it is made of, its words, and what it says."""
    said = []
    if (made_of := _made_of(member)) and made_of != name:
        said.append(made_of)
    if "enum" in member:
        said.append(", ".join("null" if word is None else str(word) for word in member["enum"]))
    elif "properties" in member:
        said.append(", ".join(member["properties"]))
    if "description" in member:
        said.append(member["description"])
    if "null" in str(member.get("type", "")) or "anyOf" in member:
        said.append("or null")
    return "; ".join(said)


def _made_of(member: Mapping[str, Any]) -> str:
    """The shape that a member names, by itself or in a list; an id or a reference needs no word."""
    if "anyOf" in member:
        return _made_of(member["anyOf"][0])
    if "items" in member:
        inner = _made_of(member["items"]) or ", ".join(member["items"].get("properties", ()))
        return f"list of {inner}" if inner else "list"
    name = str(member.get("$ref", "")).rpartition("/")[2]
    return "" if name in ("oid", "ref") else name


def _roff(text: str) -> str:
    return text.replace("\\", "\\e").replace("-", "\\-").replace('"', "\\(dq").replace("…", "...")
