"""base, tag and policy: where a hotfix starts, what it lands with, and who wrote its limits."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from gate_facts import BASE_TREE, HOTFIX, facts, waived

from git_hotfix.gates import base, judge, policy, tag
from git_hotfix.model.hotfix import Foreign, Landing
from git_hotfix.model.names import Oid, RefName, TagName
from git_hotfix.model.policy import Approvals, GatePolicy, Policy, PolicyProblem
from git_hotfix.model.verdict import Finding, Judgement

NEWER = TagName("v1.4.3")
STALE = Finding(
    "starts at v1.4.2, production is at v1.4.3",
    hint="replay the fix on v1.4.3: git hotfix update",
    level="warn",
    before_finish="git hotfix finish 4711 --update",
)
STALE_AND_APPROVED = replace(STALE, before_finish="git hotfix update 4711")
STALE_AT_PRODUCTION = replace(STALE, level="fail", before_finish="")
APPROVED = Policy(approvals=Approvals(required=1))
EMPTY = replace(HOTFIX, tip_tree=BASE_TREE)
NOTHING = Finding("hotfix/4711 changes nothing", hint="commit the fix, or abandon it: git hotfix abandon 4711")
NOTHING_YET = replace(NOTHING, level="warn", before_finish="commit the fix")
UNSEEN = Finding(
    "these tags stand here but were not seen on the remote: v1.4.4, v1.5",
    hint="ask the remote: git hotfix check --fetch",
    level="warn",
)


@pytest.mark.parametrize(
    ("given", "level", "limit", "findings"),
    [
        ({}, "pass", "v1.4.2", ()),
        ({"at_production": True}, "pass", "v1.4.2", ()),
        ({"newest_tag": NEWER}, "warn", "v1.4.3", (STALE,)),
        ({"newest_tag": NEWER, "at_production": True}, "fail", "v1.4.3", (STALE_AT_PRODUCTION,)),
        ({"newest_tag": NEWER, "hotfix": replace(HOTFIX, chosen=True)}, "warn", "v1.4.3", (STALE,)),
        ({"newest_tag": None}, "pass", "", ()),
        ({"newest_tag": NEWER, "policy": APPROVED}, "warn", "v1.4.3", (STALE_AND_APPROVED,)),
        ({"hotfix": EMPTY}, "warn", "v1.4.2", (NOTHING_YET,)),
        ({"hotfix": replace(EMPTY, tip=EMPTY.base)}, "pass", "v1.4.2", ()),
        ({"hotfix": EMPTY, "at_production": True}, "fail", "v1.4.2", (NOTHING,)),
        ({"unseen_tags": (TagName("v1.4.4"), TagName("v1.5"))}, "warn", "v1.4.2", (UNSEEN,)),
    ],
)
def test_base(given: dict[str, Any], level: Any, limit: str, findings: tuple[Finding, ...]) -> None:
    judgement = base.check(facts(**given), base.Options())
    assert (judgement, judgement.level) == (Judgement("v1.4.2", limit, findings), level)


def test_no_production_tag_below() -> None:
    given = facts(hotfix=replace(HOTFIX, base=None, base_tag=None))
    finding = Finding(
        "hotfix/4711 does not start at a production tag",
        hint="cut it again at production's tag: git hotfix start 4711, then git cherry-pick your commits",
    )
    assert base.check(given, base.Options()) == Judgement("", "v1.4.2", (finding,))


def test_foreign_commits_are_grouped_by_branch() -> None:
    develop, feature = RefName("refs/heads/develop"), RefName("refs/heads/feature/x")
    foreign = [Foreign(Oid(f"{n}" * 40), develop) for n in range(1, 8)] + [Foreign(Oid("a" * 40), feature)]
    assert base.check(facts(foreign=tuple(foreign)), base.Options()) == Judgement(
        "v1.4.2",
        "v1.4.2",
        (
            Finding(
                "holds 7 commits of develop: 1111111111 2222222222 3333333333 4444444444 5555555555 and 2 more",
                hint="replay the fix without them: git rebase --onto 111111111111 7777777777 hotfix/4711",
            ),
            Finding(
                "holds 1 commit of feature/x: aaaaaaaaaa",
                hint="replay the fix without them: git rebase --onto 111111111111 aaaaaaaaaa hotfix/4711",
            ),
        ),
    )


def test_base_is_neither_waived_nor_switched_off() -> None:
    off = Policy(gates={"base": GatePolicy("off", (), base.Options())})
    given = facts(foreign=(Foreign(Oid("a" * 40), RefName("refs/heads/develop")),), policy=off)
    (result,) = judge(waived(given, "base"), only=["base"]).gates
    assert (result.severity, result.status) == ("block", "fail")


LANDING = Landing(RefName("refs/heads/main"), "4711", Oid("2" * 40))
UNTAGGED = Finding(
    "main receives hotfix/4711 without its tag", hint="push production and tag together: git hotfix finish 4711"
)


@pytest.mark.parametrize(
    ("landing", "judgement"),
    [
        (None, Judgement("", "1 tag")),
        (replace(LANDING, tags=(TagName("v1.4.3"),)), Judgement("v1.4.3", "1 tag")),
        (LANDING, Judgement("no tag", "1 tag", (UNTAGGED,))),
    ],
)
def test_tag(landing: Landing | None, judgement: Judgement) -> None:
    assert tag.check(facts(landing=landing), tag.Options()) == judgement


def test_tag_waived() -> None:
    assert judge(waived(facts(landing=LANDING), "tag"), only=["tag"]).gates[0].status == "waived"


UNKNOWN_KEY = PolicyProblem(".git-hotfix.toml", 3, "tagg", "unknown key", fatal=False)
BROKEN = PolicyProblem(".git-hotfix.toml", 0, "", "cannot be read", fatal=True)
KEY_FINDING = Finding(
    "unknown key",
    ".git-hotfix.toml",
    3,
    "correct the policy on the production branch; git hotfix doctor checks it",
    "warn",
)
BROKEN_FINDING = Finding(
    "cannot be read",
    ".git-hotfix.toml",
    None,
    "the default holds here; correct the policy on the production branch, or go on: git hotfix waive policy --reason …",
)


@pytest.mark.parametrize(
    ("problems", "judgement"),
    [
        ((), Judgement("0 problems", "0 problems")),
        ((UNKNOWN_KEY,), Judgement("1 problem", "0 problems", (KEY_FINDING,))),
        ((BROKEN, UNKNOWN_KEY), Judgement("2 problems", "0 problems", (BROKEN_FINDING, KEY_FINDING))),
    ],
)
def test_policy(problems: tuple[PolicyProblem, ...], judgement: Judgement) -> None:
    assert policy.check(facts(problems=problems), policy.Options()) == judgement


def test_a_broken_policy_is_waived() -> None:
    given = facts(problems=(BROKEN,))
    assert judge(given, only=["policy"]).gates[0].status == "fail"
    assert judge(waived(given, "policy"), only=["policy"]).gates[0].status == "waived"
