"""A fix that changes nothing of the package whose tag it gets."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pytest
from gate_facts import HOTFIX, change, facts

from git_hotfix.gates.package import GATE, check
from git_hotfix.gates.registry import NoOptions
from git_hotfix.model.change import FileChange
from git_hotfix.model.names import TagName
from git_hotfix.model.policy import Package, Policy
from git_hotfix.model.verdict import Judgement

PACKAGES = {"app": Package(("app/",), ("app-v*",)), "lib": Package(("lib/", "shared.py"), ("lib-v*",))}


def judged(base: str, *files: FileChange, policy: bool = True, packages: Mapping[str, Package] = PACKAGES) -> Judgement:
    hotfix = replace(HOTFIX, base_tag=TagName(base))
    known = Policy(packages=packages) if policy else Policy()
    return check(facts(*files, policy=known, packages=packages, hotfix=hotfix), NoOptions())


def test_a_fix_outside_of_its_package_is_refused() -> None:
    found = judged("lib-v4.0.1", change("app/a.py"), change("README.md"))
    assert (found.measured, found.limit, found.level) == ("0 files in lib", "1 file", "fail")
    assert [each.message for each in found.findings] == [
        "changes nothing of lib, whose tag it gets after lib-v4.0.1: all it changes is in app"
    ]
    assert found.findings[0].hint.endswith("-2 --package app")
    assert judged("lib-v4.0.1", change("README.md")).level == "fail"
    assert GATE.waivable


@pytest.mark.parametrize("files", [["lib/b.py"], ["shared.py", "app/a.py"], ["app/lib/c.py", "lib/c.py"]], ids=" ".join)
def test_a_fix_in_its_package_passes(files: list[str]) -> None:
    assert judged("lib-v4.0.1", *map(change, files)).findings == ()


def test_a_file_that_left_the_package_is_of_it() -> None:
    assert judged("lib-v4.0.1", change("app/b.py", "R", old="lib/b.py")).findings == ()


def test_without_a_policy_only_another_packages_folder_tells_and_warns() -> None:
    assert judged("lib-v4.0.1", change("app/a.py"), policy=False).level == "warn"
    assert judged("lib-v4.0.1", change("core/a.py"), policy=False).level == "pass"
    assert judged("lib-v4.0.1", change("lib/a.py"), policy=False).level == "pass"


@pytest.mark.parametrize("base", ["v1.4.2", "hotfix-7", "web-v1.0"])
def test_a_tag_of_no_known_package_is_judged_by_nothing(base: str) -> None:
    assert judged(base, change("app/a.py")) == Judgement("", "")
    assert judged(base, change("app/a.py"), packages={}) == Judgement("", "no packages")


def test_a_fix_without_a_file_is_not_judged() -> None:
    assert judged("lib-v4.0.1").findings == ()
