"""Which production tag is a release line's own, and whether the release that a branch is named after is tagged."""

from __future__ import annotations

import pytest

from git_hotfix.hotfix.release_lines import is_released, own_tag
from git_hotfix.model.hotfix import Tag
from git_hotfix.model.names import BranchName, Oid, TagName


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


@pytest.mark.parametrize(
    ("branch", "production", "released"),
    [
        ("release/1.3", ("v1.4.2", "v1.3.0"), True),
        ("release/1.3.0", ("v1.4.2", "v1.3"), True),  # the same version
        ("releases/v1.3", ("1.4.2", "1.3.5"), True),
        ("release/1.4", ("v1.4.2",), True),
        ("release/1.3", ("v1.4.2",), False),  # nobody tagged it
        ("release/1.3", ("v1.4.2", "v1.30.0", "v2.1.3"), False),
        ("release/1.5", ("v1.4.2", "v1.5.0-preview1"), False),  # above the newest
        ("release/1.4.3", ("v1.4.2", "v1.4.3"), False),  # a tag beside production
        ("release/1.10", ("v1.9.0", "v1.10.0"), False),  # numbers, not text
        ("release/2", ("v2.1", "v2.0"), False),  # a line of many releases lives on
        ("release/2", ("v3.0.0", "v2", "v2.1.3"), False),  # v2 moves with them
        ("release/2", ("v3", "v2", "v2.1"), True),  # v2 and its hotfix
        ("release/1.x", ("v1.4.2", "v1.3.0"), False),  # a line that lives on
        ("release/1.3-rc", ("v1.4.2", "v1.3.0"), False),
        ("release/app-1.3", ("v1.4.2", "v1.3.0"), False),  # another package's
        ("release/app-1.3", ("app/v1.4.2", "app/v1.3.0"), True),
        ("release/1.3", ("app-v1.4.2", "app-v1.3.0"), False),
        ("release/2026-10", ("2026-11.1", "2026-10.3"), True),
        ("release/spring", ("v1.4.2", "spring"), True),
        ("release/spring", ("v1.4.2", "v1.3.0"), False),
        ("release/1.3", (), False),
    ],
)
def test_is_released(branch: str, production: tuple[str, ...], released: bool) -> None:
    names = [TagName(name) for name in production]
    assert is_released(BranchName(branch), names, names[0] if names else None) == released
