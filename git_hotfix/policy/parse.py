"""The policy of a team: TOML from the production branch → Policy, with every mistake named. The dataclasses of
`model.policy` and of the gates are the schema; a TOML key is a field's name with `-` for `_`."""

from __future__ import annotations

import re
import types
from collections.abc import Collection, Mapping
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

from git_hotfix.dependencies.registry import Unreadable
from git_hotfix.dependencies.syntax.toml import load
from git_hotfix.model.frozen import Field, fields, frozen, is_dataclass, replace
from git_hotfix.model.late_pattern import late_pattern
from git_hotfix.model.policy import GatePolicy, Needs, Policy, PolicyProblem, why_no_box
from git_hotfix.model.verdict import Severity

OWN_FILE = ".git-hotfix.toml"
SHARED_FILE = "pyproject.toml"
_TABLE = ("tool", "git-hotfix")
_NAME = b"git-hotfix"
UNITS = {"d": 24 * 3600, "h": 3600, "m": 60, "s": 1}  # seconds
# Units and bounds of the fields whose dataclass says none in its metadata.
_DURATION = late_pattern(r"(\d{1,9})\s*([dhms])")
_PART = r"(?:[A-Za-z0-9_-]+|\"[^\"]*\"|'[^']*')"
_DOTTED = rf"{_PART}(?:\s*\.\s*{_PART})*"
_HEADER = late_pattern(rf"\s*\[\[?\s*({_DOTTED})\s*\]")
_KEY = late_pattern(rf"\s*({_DOTTED})\s*=")

Registry = Mapping[str, tuple[type, Severity]]
"""Gate id → (its Options class, its default severity)."""


@frozen
class _Reading:
    """One document being read: the gates that it may set, its file, where its keys stand, the problems so far."""

    gates: Registry
    file: str
    lines: Mapping[tuple[str, ...], int]
    problems: list[PolicyProblem]

    def problem(self, path: tuple[str, ...], message: str, *, fatal: bool) -> None:
        """Note a mistake at the key `path` (below the policy's own table)."""
        line = next((self.lines[path[:n]] for n in range(len(path), -1, -1) if path[:n] in self.lines), 0)
        key = ".".join(path)
        where = f"{self.file}:{line}" if line else self.file
        self.problems.append(PolicyProblem(self.file, line, key, f"{where}: {key}: {message}", fatal))


def read_policy(
    documents: Mapping[str, bytes], *, gates: Registry, version: str
) -> tuple[Policy, tuple[PolicyProblem, ...], str | None]:
    """The policy, its mistakes, and the file that it stood in (None: no policy, the defaults hold).

    `documents` holds those of `.git-hotfix.toml` (which wins) and `pyproject.toml` that exist; `version` is this
    program's own, which `requires` is held against. A key whose value cannot be used keeps its default and its
    problem is fatal; so is a document that cannot be parsed. An unknown key is a problem that is not.
    """
    file = OWN_FILE if OWN_FILE in documents else SHARED_FILE
    if file not in documents:
        return Policy(), (), None
    prefix = () if file == OWN_FILE else _TABLE
    if prefix and _NAME not in documents[file] and b"\\" not in documents[file]:
        return Policy(), (), None  # nor could an escape spell it: most pyproject.toml need no parser
    text = ""
    try:
        text, table = load(documents[file])
    except (Unreadable, ValueError, RecursionError) as error:
        # A broken pyproject.toml of a team without a policy is none of our business.
        if prefix and b"tool.git-hotfix" not in documents[file]:
            return Policy(), (), None
        reason = "nested too deeply" if isinstance(error, RecursionError) else " ".join(str(error).split())
        found = re.search(r"line (\d+)", reason)
        line = int(found.group(1)) if found else 0
        message = f"{file} cannot be read, the defaults hold: {reason}"
        return Policy(), (PolicyProblem(file, line, "", message, fatal=True),), file
    reading = _Reading(gates, file, _lines(text, prefix), [])
    for part in prefix:
        inner: Any = table.get(part)
        if inner is None:
            return Policy(), (), None
        if not isinstance(inner, dict):
            reading.problem(prefix, "expected a table", fatal=True)
            return Policy(), tuple(reading.problems), file
        table = inner
    policy: Policy = _table(reading, table, Policy(), ())
    policy = _check_boxes(reading, policy)
    _check_version(reading, policy.requires, version)
    return policy, tuple(sorted(reading.problems, key=lambda problem: problem.line)), file


def _table(reading: _Reading, table: Mapping[str, Any], default: Any, path: tuple[str, ...]) -> Any:
    """`default` with the values of `table`; every key that cannot be used keeps the default's."""
    known = {key_of(field): field for field in fields(default)}
    hints = get_type_hints(type(default))
    taken: dict[str, Any] = {}
    for key, value in table.items():
        here = (*path, key)
        field = known.get(key)
        if field is None:
            reading.problem(here, "unknown key" + _nearest(key, known), fatal=False)
        elif field.name == "gates":
            taken[field.name] = _gates(reading, value, here)
        elif get_origin(hints[field.name]) is Mapping:
            kind, names = get_args(hints[field.name])[1], field.metadata.get("names")
            taken[field.name] = _named_tables(reading, value, here, kind, names() if names else None)
        elif is_dataclass(hints[field.name]):
            if isinstance(value, dict):
                taken[field.name] = _table(reading, value, getattr(default, field.name), here)
            else:
                reading.problem(here, f"expected a table, found {_quote_value(value)}", fatal=True)
        else:
            taken |= _setting(reading, field, hints[field.name], value, here)
    return replace(default, **taken)


def _named_tables(
    reading: _Reading,
    value: object,
    path: tuple[str, ...],
    each: type,
    names: Collection[str] | None,
) -> Mapping[str, Any]:
    """Tables of one kind in the order of the file, by `names`, or by names that the team chooses."""
    if not isinstance(value, dict):
        reading.problem(path, f"expected a table, found {_quote_value(value)}", fatal=True)
        return {}
    found = {}
    for name, table in value.items():
        if names is not None and name not in names:
            reading.problem((*path, name), "unknown name" + _nearest(name, names), fatal=False)
        elif isinstance(table, dict):
            found[name] = _table(reading, table, each(), (*path, name))
        else:
            reading.problem((*path, name), f"expected a table, found {_quote_value(table)}", fatal=True)
    return found


def _setting(reading: _Reading, field: Field[Any], hint: Any, value: object, path: tuple[str, ...]) -> dict[str, Any]:
    """The value of a field by its name; nothing where it cannot be used, which is noted."""
    try:
        found = _value(hint, value, field)
    except ValueError as error:
        reading.problem(path, f"expected {error}, found {_quote_value(value)}; the default holds", fatal=True)
        return {}
    check = field.metadata.get("check")
    wrong = [why for each in (found if isinstance(found, tuple) else [found]) if check and (why := check(each))]
    if wrong:
        reading.problem(path, f"{wrong[0]}, found {_quote_value(value)}; the default holds", fatal=True)
        return {}
    return {field.name: found}


def _gates(reading: _Reading, value: object, path: tuple[str, ...]) -> Mapping[str, GatePolicy]:
    if not isinstance(value, dict):
        reading.problem(path, f"expected a table, found {_quote_value(value)}", fatal=True)
        return {}
    found = {}
    for id, table in value.items():
        here = (*path, id)
        if id not in reading.gates:
            reading.problem(here, "no such gate" + _nearest(id, reading.gates), fatal=False)
        elif not isinstance(table, dict):
            reading.problem(here, f"expected a table, found {_quote_value(table)}", fatal=True)
        else:
            found[id] = _gate(reading, table, here, reading.gates[id])
    return found


def _gate(reading: _Reading, table: Mapping[str, Any], path: tuple[str, ...], gate: tuple[type, Any]) -> GatePolicy:
    """One gate's table: `severity`, `allow` and `waivable` are every gate's, the rest are its own options."""
    options, severity = gate
    shared = {key_of(field): field for field in fields(GatePolicy) if field.name != "options"}
    own = {key_of(field): field for field in fields(options)}
    taken: dict[str, Any] = {}
    chosen: dict[str, Any] = {}
    for key, value in table.items():
        if key in shared:
            taken |= _setting(reading, shared[key], get_type_hints(GatePolicy)[shared[key].name], value, (*path, key))
        elif key in own:
            chosen |= _setting(reading, own[key], get_type_hints(options)[own[key].name], value, (*path, key))
        else:
            reading.problem((*path, key), "unknown key" + _nearest(key, [*shared, *own]), fatal=False)
    return GatePolicy(**{"severity": severity, "allow": (), **taken}, options=options(**chosen))


def _value(hint: Any, value: object, field: Field[Any]) -> Any:
    """`value` as the type `hint`. Raises ValueError with the expected type in words."""
    if get_origin(hint) in (Union, types.UnionType):
        hint = next(each for each in get_args(hint) if each is not type(None))
    if get_origin(hint) is Literal:
        if isinstance(value, str) and value in get_args(hint):
            return value
        raise ValueError("one of " + ", ".join(f'"{each}"' for each in get_args(hint)))
    if get_origin(hint) is tuple:
        if field.metadata.get("one") and isinstance(value, str) and value:
            return (value,)
        if isinstance(value, list) and all(isinstance(each, str) for each in value):
            return tuple(value)
        raise ValueError("a string or a list of strings" if field.metadata.get("one") else "a list of strings")
    if hint is int:
        return _integer(value, field)
    if hint is bool and isinstance(value, bool):
        return value
    if hint is str and isinstance(value, str) and value:
        return value
    raise ValueError({bool: "true or false", str: "a string that is not empty"}.get(hint, str(hint)))


def _integer(value: object, field: Field[Any]) -> int:
    """A whole number within the field's metadata: `min` (0 where it says none), `max`, `unit` "seconds"."""
    bounds = field.metadata
    least, most, seconds = bounds.get("min", 0), bounds.get("max"), bounds.get("unit") == "seconds"
    if seconds and isinstance(value, str) and (match := _DURATION.fullmatch(value.strip())):
        value = int(match.group(1)) * UNITS[match.group(2)]
    if isinstance(value, int) and not isinstance(value, bool) and value >= least and (most is None or value <= most):
        return value
    kind = 'a duration such as "90d", "2h", "30m" or whole seconds' if seconds else "a whole number"
    raise ValueError(f"{kind} from {least}" + (f" to {most}" if most is not None else " up"))


def _check_version(reading: _Reading, requires: str | None, version: str) -> None:
    """Hold `requires` against the version of this program."""
    if requires is None:
        return
    from packaging.specifiers import InvalidSpecifier, SpecifierSet

    try:
        satisfied = SpecifierSet(requires).contains(version, prereleases=True)
    except InvalidSpecifier:
        reading.problem(("requires",), f'expected versions such as ">=1.2", found {_quote_value(requires)}', fatal=True)
        return
    if not satisfied:
        message = f"this policy needs git-hotfix {requires}, this is {version}"
        reading.problem(("requires",), message, fatal=True)


def _check_boxes(reading: _Reading, policy: Policy) -> Policy:
    """The boxes of a team have names of their own, and `[needs]` names boxes that there are; else it is a mistake, and
    left out."""
    if not policy.boxes and policy.needs == Needs():
        return policy
    from git_hotfix.model import boxes, events  # few policies have any, and every hook reads one

    taken = {*boxes.BY_ID, *events.BY_ID, *events.FACTS}
    team = {}
    for id, box in policy.boxes.items():
        if id in taken:
            reading.problem(("boxes", id), "is a name of the tool's own; give the box another one", fatal=True)
        elif wrong := why_no_box(id):
            reading.problem(("boxes", id), wrong, fatal=True)
        else:
            team[id] = box
    known = {*boxes.BY_ID, *team}
    needs = {step: getattr(policy.needs, step) for step in ("finish", "close")}
    for step, ids in needs.items():
        for id in ids:
            if id not in known and not why_no_box(id):
                near = _nearest(id, known).partition("; known here")[0]
                reading.problem(("needs", step), f"there is no box {_quote_value(id)}{near}", fatal=True)
    kept = {step: tuple(id for id in ids if id in known) for step, ids in needs.items()}
    return replace(policy, boxes=team, needs=Needs(**kept))


def key_of(field: Field[Any]) -> str:
    """The TOML key of a field."""
    return field.name.replace("_", "-")


def _nearest(key: str, known: Any) -> str:
    import difflib

    near = difflib.get_close_matches(key.lower().replace("_", "-"), list(known), n=1, cutoff=0.5)
    return f"; did you mean {near[0]}?" if near else f"; known here: {', '.join(sorted(known)) or 'none'}"


def _quote_value(value: object) -> str:
    import json

    text = json.dumps(value, default=str, ensure_ascii=True)
    return text if len(text) <= 60 else text[:57] + "..."


def _lines(text: str, prefix: tuple[str, ...]) -> Mapping[tuple[str, ...], int]:
    """Key path below `prefix` → 1-based line. Good enough to point at a line: a key within an inline table or a
    multi-line string is not looked for, its parent's line serves."""
    found: dict[tuple[str, ...], int] = {}
    table: tuple[str, ...] = ()
    for number, line in enumerate(text.split("\n"), start=1):
        header = _HEADER.match(line)
        key = None if header else _KEY.match(line)
        if header:
            table = path = _parts(header.group(1))
        elif key:
            path = (*table, *_parts(key.group(1)))
        else:
            continue
        if path[: len(prefix)] == prefix:
            found.setdefault(path[len(prefix) :], number)
    return found


def _parts(dotted: str) -> tuple[str, ...]:
    return tuple(part.strip("\"'") for part in re.findall(_PART, dotted))
