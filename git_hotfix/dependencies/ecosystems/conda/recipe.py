"""Recipes of conda packages: meta.yaml, which is YAML after Jinja has run, and recipe.yaml. No template is run: what it
computes is taken for a placeholder, and a requirement whose name is computed stands in `dynamic`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from git_hotfix.dependencies.ecosystems.conda.environment import python_names
from git_hotfix.dependencies.ecosystems.conda.match import parse
from git_hotfix.dependencies.registry import Dependency, Manifest, Scope, Unreadable, decode, manifest_of
from git_hotfix.dependencies.syntax import yaml_file

_SCOPES: dict[str, Scope] = {"build": "build", "host": "build", "run": "runtime", "requires": "development"}
_PINS = frozenset({"run_constrained", "run_constraints"})  # versions of what may stand beside, and is not brought
_SET = r"\{%-?\s*set\s+(\w+)\s*=\s*[\"']([^\"'\n]*)[\"']\s*-?%\}"
_CONTEXT = r"^context:[ \t]*\n(?:[ \t]+\S[^\n]*\n)+"  # of a recipe.yaml
_SAID = r"""^[ \t]+(\w+):[ \t]+["']?([\w.-]+)["']?[ \t]*$"""
_EXPRESSION = r"\$?\{\{\s*([^\n{}]*?(?:\{[^\n{}]*\}[^\n{}]*?)?)\s*\}\}"
_SELECTED = r"^([ \t]*(?:- )?[\w./-]+):((?:\s[^\n#]*)?#\s*\[[^\n]*\]\s*)$"  # `key:  # [win]` may stand once a platform
_PLACEHOLDER = r"computed(\d+)computed"


def read_recipe(content: bytes) -> Manifest:
    """Read a meta.yaml or a recipe.yaml."""
    template = _Template(decode(content))
    documents = yaml_file.load_all(template.text.encode("utf-8", "surrogateescape"))
    document = documents[0] if documents else {}
    if len(documents) > 1 or not isinstance(document, dict):
        raise Unreadable("it is not YAML mapping")
    own: set[str] = set()
    found = _Requirements(template)
    parts = [document, *(part for part in _values(document, "outputs") if isinstance(part, dict))]
    for part in parts:
        for holder in (part, *(each for each in _values(part, "package") if isinstance(each, dict))):
            own |= {name.lower() for name in _values(holder, "name") if isinstance(name, str)}
        for requirements in _values(part, "requirements"):
            found.take(requirements, "run")
        for test in (*_values(part, "test"), *_values(part, "tests")):
            if isinstance(test, dict):
                found.take({"requires": test.get("requires")}, "requires")
                for requirements in _values(test, "requirements"):
                    found.take(requirements, "requires", always=True)
    declared = [one for one in found.declared if one.name not in own]
    return manifest_of(
        declared, own=own, dynamic=found.dynamic, pins=found.pins, known=python_names([*declared, *found.pins])
    )


class _Template:
    """A text whose templates became placeholders, and what each of them stood for."""

    def __init__(self, text: str) -> None:
        context = re.search(_CONTEXT, text, re.MULTILINE)
        said = re.findall(_SAID, context.group(), re.MULTILINE) if context else []
        self._values: dict[str, str] = dict([*re.findall(_SET, text), *said])
        self._expressions: list[str] = []
        text = _cut_between(_cut_between(text, "{%", "%}"), "{#", "#}")
        text = re.sub(_EXPRESSION, self._replace_expression, text)
        self._count = 0
        self.text = re.sub(_SELECTED, self._number_key, text, flags=re.MULTILINE)

    def _replace_expression(self, match: re.Match[str]) -> str:
        expression = match.group(1)
        name, _, filters = expression.partition("|")
        value = self._values.get(name.strip())
        if value is not None:
            return value.lower() if "lower" in filters else value
        package = re.match(r"pin_(?:compatible|subpackage)\(\s*['\"]([\w.-]+)['\"]", expression)
        if package:
            return package.group(1)
        compiler = re.match(r"(compiler|stdlib|cdt)\(\s*['\"]([\w.-]+)['\"]", expression)
        if compiler:
            return f"{compiler.group(2)}-{compiler.group(1)}"
        self._expressions.append(match.group())
        return f"computed{len(self._expressions) - 1}computed"

    def _number_key(self, match: re.Match[str]) -> str:
        self._count += 1
        return f"{match.group(1)}__selected{self._count}:{match.group(2)}"

    def restore(self, text: str) -> str:
        """`text` as it stands in the file."""
        return re.sub(_PLACEHOLDER, lambda match: self._expressions[int(match.group(1))], text)


def _cut_between(text: str, begin: str, end: str) -> str:
    """`text` without what stands between two marks, but for its ends of lines. (A pattern takes quadratic time.)"""
    first, *parts = text.split(begin)
    cut = (part.partition(end) for part in parts)
    return first + "".join("\n" * inner.count("\n") + rest if mark else begin + inner for inner, mark, rest in cut)


class _Requirements:
    """What the requirements of a recipe and of its outputs say together."""

    def __init__(self, template: _Template) -> None:
        self.declared: list[Dependency] = []
        self.pins: list[Dependency] = []
        self.dynamic: set[str] = set()
        self._template = template

    def take(self, value: object, section: str, *, always: bool = False) -> None:
        """Take lists by section, or one list for `section`, which counts `always` when it is a test's."""
        if isinstance(value, dict):
            for key, inner in value.items():
                name = section if always else _unnumbered_key(key)
                if name in _SCOPES or name in _PINS:
                    self._items(inner, name)
        else:
            self._items(value, section)

    def _items(self, value: object, section: str) -> None:
        for text in _texts(value):
            if not text.strip():
                continue
            if re.match(rf"\s*{_PLACEHOLDER}", text):
                self.dynamic.add(self._template.restore(text))
                continue
            one = parse(re.sub(_PLACEHOLDER, "*", text), scope=_SCOPES.get(section, "runtime"))
            version = (
                self._template.restore(text).strip()[len(one.name) :].strip() if "computed" in text else one.version
            )
            one = Dependency(one.name, version, one.source, one.scope, yaml_file.line_of(text), one.origin)
            (self.pins if section in _PINS else self.declared).append(one)


def _unnumbered_key(key: str) -> str:
    return re.sub(r"__selected\d+$", "", key)


def _values(holder: dict[str, Any], key: str) -> Iterator[Any]:
    """The values of `key`, which may stand several times with a selector each, and may be a list."""
    for name, value in holder.items():
        if _unnumbered_key(name) == key:
            yield from value if isinstance(value, list) else [value]


def _texts(value: object) -> Iterator[str]:
    """The texts of a list; `{if: …, then: …, else: …}` holds more of them."""
    waiting = [value]
    while waiting:
        each = waiting.pop()
        if isinstance(each, str):
            yield each
        elif isinstance(each, list):
            waiting += reversed(each)
        elif isinstance(each, dict):
            waiting += [
                each[key] for key in ("else", "then", "pin_subpackage", "pin_compatible", "name") if key in each
            ]
