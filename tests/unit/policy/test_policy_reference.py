"""docs/policy.md says what the declarations of settings and gates say."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import get_origin, get_type_hints

import pytest

from git_hotfix.gates import Gate, all_gates
from git_hotfix.model.frozen import field, fields, frozen, is_dataclass
from git_hotfix.model.policy import (
    Approvals,
    Backport,
    BranchRule,
    Documents,
    Files,
    FormField,
    FormRules,
    GatePolicy,
    Messages,
    Needs,
    Package,
    Phases,
    Policy,
    Production,
    TeamBox,
    Waivers,
)
from git_hotfix.policy.reference import GateText, render

FILE = Path(__file__).parents[3] / "docs" / "policy.md"


def text() -> str:
    return render([GateText(gate.id, gate.summary, gate.severity, gate.waivable, gate.options) for gate in all_gates()])


def test_the_checked_in_page_is_what_the_declarations_say() -> None:
    """To write it anew, from the top of the checkout: python tests/unit/policy/test_policy_reference.py"""
    assert FILE.read_text("utf-8") == text()


@pytest.mark.parametrize("gate", all_gates(), ids=lambda gate: gate.id)
def test_every_option_of_a_gate_says_what_it_means_and_where_its_default_comes_from(gate: Gate) -> None:
    assert gate.summary and not gate.summary.endswith(".")
    for option in fields(gate.options):
        assert option.metadata.get("doc"), f"{gate.id}: {option.name} has no doc"
        assert option.metadata.get("source"), f"{gate.id}: {option.name} cites nothing"


@pytest.mark.parametrize(
    "declared",
    [
        Policy,
        Production,
        Messages,
        Backport,
        BranchRule,
        Files,
        Waivers,
        Approvals,
        GatePolicy,
        Package,
        Phases,
        TeamBox,
        Needs,
        Documents,
        FormRules,
        FormField,
    ],
)
def test_every_setting_says_what_it_means(declared: type) -> None:
    silent = [each.name for each in fields(declared) if not each.metadata.get("doc")]
    hints = get_type_hints(declared)
    tables = {name for name in silent if is_dataclass(hints[name]) or get_origin(hints[name]) is Mapping}
    assert not set(silent) - tables - {"options"}  # the gate's own, each row says what it means


@frozen
class Options:
    """`[gates.speed]`. It is measured."""

    max: int = field(default=7200, metadata={"doc": "as long | as this", "source": "p90", "unit": "seconds"})
    quiet: bool = field(default=False, metadata={"doc": "says nothing", "source": "playbook"})
    names: tuple[str, ...] = field(default=(), metadata={"doc": "names", "source": "playbook"})


def test_one_gate() -> None:
    page = render([GateText("speed", "a speed limit", "warn", waivable=False, options=Options)])
    assert page.partition("### `speed`\n\n")[2] == (
        "A speed limit. Severity: `warn`. It can be neither waived nor switched off.\n"
        "It is measured.\n"
        "\n"
        "| key | default | values | meaning |\n"
        "|---|---|---|---|\n"
        '| `max` | `"2h"` | a duration such as `"90d"`, `"2h"`, at least 0 | as long \\| as this (p90) |\n'
        "| `quiet` | `false` | `true`, `false` | says nothing (playbook) |\n"
        "| `names` | `[]` | list of strings | names (playbook) |\n"
    )
    assert "| [`speed`](#speed) | a speed limit | warn |\n" in page


if __name__ == "__main__":
    FILE.write_text(text(), "utf-8")
