"""Which production tag is a release line's own, and so which the next tag of that line follows."""

from __future__ import annotations

import pytest

from git_hotfix.model.hotfix import Tag
from git_hotfix.model.names import Oid, TagName
from git_hotfix.planning.lines import own_tag


def tags(*names: str) -> list[Tag]:
    return [Tag(TagName(name), Oid(name), Oid(name), 0, annotated=False) for name in names]


@pytest.mark.parametrize(
    ("line", "production", "own"),
    [
        ((), ("v1.4.2",), None),
        (("v1.3.7", "v1.3.6"), ("v1.4.2", "v1.3.6"), "v1.3.7"),  # production never had it
        (("v1.3.6",), ("v1.4.2", "v1.3.6", "v1.3.5"), "v1.3.6"),  # the last of its series there
        (("v1.3.5",), ("v1.4.2", "v1.3.6", "v1.3.5"), None),  # production raised that series itself
        (("v1.4.2",), ("v1.4.2", "v1.4.1"), None),  # a release in preparation
        (("v1.4.2",), ("v1.4.3", "v1.4.2"), None),  # the same after this very hotfix was tagged
        (("app/v1.3.1",), ("app/v1.4.0", "app/v1.3.1", "lib/v1.3.9"), "app/v1.3.1"),  # another component's series
        (("41",), ("42", "41"), None),  # one series for ever
        (("2026.10.3",), ("2026.11.1", "2026.10.3"), "2026.10.3"),
        (("first",), ("second", "first"), None),  # no version: nobody can say what comes next
        (("patched", "first"), ("second", "first"), "patched"),
    ],
)
def test_own_tag(line: tuple[str, ...], production: tuple[str, ...], own: str | None) -> None:
    found = own_tag(tags(*line), tags(*production))
    assert (found.name if found else None) == own
