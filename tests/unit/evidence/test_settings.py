"""The commands of git config: both ways of writing one, and what cannot be read."""

from __future__ import annotations

import re
import sys
from types import SimpleNamespace

import pytest

from git_hotfix.errors import Failure
from git_hotfix.evidence.settings import Setting, find_setting, read_settings


def test_a_command_is_written_short_or_long_and_the_last_one_holds() -> None:
    known = read_settings(
        SimpleNamespace(config={  # type: ignore[arg-type]
            "hotfix.run.smoke": ("pytest", "pytest -m smoke"),
            "hotfix.run.smoke.timeout": ("90s",),
            "hotfix.run.a.b.command": ("long",),
            "hotfix.run.a.b.carry": ("one/ two", "three"),
            "hotfix.run.a.b.output": ("KEEP",),
            "hotfix.run.empty": ("",),
            "hotfix.run.alone.timeout": ("1",),
            "hotfix.run.--evil.command": ("x",),
            "hotfix.on.finish": ("smoke",),
        })
    )  # fmt: skip
    assert known == {
        "smoke": Setting("smoke", "pytest -m smoke", timeout=90),
        "a.b": Setting("a.b", "long", carry=("one/", "two", "three"), keep=True),
    }


@pytest.mark.parametrize(
    ("key", "value"),
    [
        *((key, value) for key in ("timeout", "output") for value in ("0", "soon", "-1", "1d")),
        ("junit", "."),
        ("junit", "out/**.xml") if sys.version_info < (3, 13) else ("junit", "./"),
    ],
)
def test_what_cannot_be_read_is_refused(key: str, value: str) -> None:
    wrong = SimpleNamespace(config={"hotfix.run.x": ("true",), f"hotfix.run.x.{key}": (value,)})
    with pytest.raises(Failure, match=re.escape(f"hotfix.run.x.{key} is '{value}'")):
        read_settings(wrong)  # type: ignore[arg-type]


def test_the_short_form_is_found_by_the_name_that_was_typed() -> None:
    known = SimpleNamespace(config={"hotfix.run.smoke": ("true",)})
    assert find_setting(known, "Smoke").name == "smoke"  # type: ignore[arg-type]


def test_what_is_wrong_with_one_command_does_not_stop_another() -> None:
    both = SimpleNamespace(config={
        "hotfix.run.smoke": ("true",), "hotfix.run.unit": ("true",), "hotfix.run.unit.timeout": ("soon",),
    })  # fmt: skip
    assert find_setting(both, "smoke").name == "smoke"  # type: ignore[arg-type]
    with pytest.raises(Failure, match=r"hotfix\.run\.unit\.timeout is 'soon'"):
        find_setting(both, "unit")  # type: ignore[arg-type]
