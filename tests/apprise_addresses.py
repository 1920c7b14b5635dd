"""An address of every scheme that the installed Apprise knows, made of its own description, with a secret in it."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Mapping
from typing import Any

SECRET = "5ecret"  # in every address that is made here, in one letter case or another
_VALUES = (
    "5ecretTOKENofops", "a5ecret" + "0" * 25, "5ecret0123456789abcdef5ecret0123", "15551234567", "ada5ecret@localhost",
    "5ecret", "#5ecret", "AKIA5ECRET0123456789", "us-east-1", "123456789:AA5ecretefghijklmnopqrstuvwxyz01234",
    "a5ecret" + "a" * 17, "a" * 64, "a" * 40, "a" * 32, "a" * 30, "1" * 18, "5", "T5ECRETA1", "B5ECRETB1",
)  # fmt: skip
_MANY = 1500  # combinations of values that are tried for one scheme


def addresses(port: int) -> dict[str, str]:
    """Scheme → address; those with a host lead to this machine at `port`. A scheme whose own check took none of the
    values gets an address that it refuses."""
    import apprise

    found = {}
    for schema in apprise.Apprise().details(lang="en")["schemas"]:
        scheme = [*(schema["secure_protocols"] or ()), *(schema["protocols"] or ())][0]
        found[scheme] = f"{scheme}://ada:{SECRET}@localhost:{port}/{SECRET}/{SECRET}"
        for address in itertools.islice(_made_of(schema["details"], scheme, port), _MANY):
            if apprise.Apprise.instantiate(address, suppress_exceptions=True):
                found[scheme] = address
                break
    return found


def _made_of(details: Mapping[str, Any], scheme: str, port: int) -> Iterator[str]:
    fixed = {"schema": [scheme], "host": ["localhost"], "port": [str(port)]}
    for template in details["templates"]:
        names = re.findall(r"{(\w+)}", template)
        values = [fixed.get(name) or _values_of(details["tokens"], name) for name in names]
        for combination in itertools.islice(itertools.product(*values), 200):
            address = template.format_map(dict(zip(names, combination, strict=True)))
            if SECRET in address.lower():
                yield address


def _values_of(tokens: Mapping[str, Any], name: str) -> list[str]:
    """A few values that a token takes."""
    token = tokens.get(name, {})
    if token.get("group"):
        return [value for each in token["group"] for value in _values_of(tokens, each)[:2]][:4]
    if token.get("values"):
        return [str(value) for value in list(token["values"])[:3]]
    if {"int", "float"} & set(token.get("type", "string").split(":")):
        return [str(token.get("min") or 1), "8080", "15551234567"]
    pattern, flags = token.get("regex") or ("", "")
    fitting = [value for value in _VALUES if re.search(pattern, value, re.IGNORECASE if flags else 0)]
    return fitting[:5] or [*_VALUES[:3]]
