"""Tiers 2 and 3 with a transport that answers by heart: what is pushed together, and what progress is told."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from git_hotfix.backport.push import deliver
from git_hotfix.git.remote import PushAnswer, PushResult
from git_hotfix.model.names import Oid, RefName, TagName, tag_ref
from git_hotfix.model.plan import Conflict, Delivery, TagPlan, Target
from git_hotfix.model.ref_update import RefUpdate

OLD, NEW, TAG = (Oid(letter * 40) for letter in "abc")


@dataclass
class Heard:
    """Answers "ok" but for what it was told to say, and remembers every push."""

    says: Mapping[str, list[str]] = field(default_factory=dict)
    pushes: list[tuple[list[str], bool, int]] = field(default_factory=list)

    def push(self, updates: Sequence[RefUpdate], *, atomic: bool, tier: int) -> PushAnswer:
        self.pushes.append(([item.ref for item in updates], atomic, tier))
        said: dict[RefName, PushResult] = {}
        for item in updates:
            script = self.says.get(item.ref)
            said[item.ref] = PushResult(script.pop(0) if script else "ok", "why")  # type: ignore[arg-type]
        return PushAnswer(said)


def delivery(name: str, tier: int = 3, **more: object) -> Delivery:
    made = Delivery(Target(RefName(f"refs/heads/{name}"), OLD, tier), "merge", "merged", NEW)  # type: ignore[arg-type]
    return replace(made, **more)  # type: ignore[arg-type]


def run(
    heard: Heard, deliveries: Sequence[Delivery], chunk: int = 2
) -> tuple[dict[str, str], list[tuple[int, int, int]]]:
    told: list[tuple[int, int, int]] = []
    done = deliver(
        heard, deliveries, chunk=chunk, again=lambda moved: [replace(each, status="merged", new=NEW) for each in moved],
        progress=lambda *counts: told.append(counts),
    )  # fmt: skip
    return {each.target.branch: each.status for each in done}, told


def test_chunks_and_what_progress_is_told() -> None:
    heard = Heard()
    clash = delivery("clash", status="conflict", new=None, conflicts=(Conflict("a", "content"),))
    features = [delivery(f"f{number}") for number in range(5)]
    statuses, told = run(heard, [delivery("develop", 2), clash, *features])
    assert heard.pushes == [
        (["refs/heads/develop"], False, 2),
        (["refs/heads/f0", "refs/heads/f1"], False, 3),
        (["refs/heads/f2", "refs/heads/f3"], False, 3),
        (["refs/heads/f4"], False, 3),
    ]
    assert told == [(1, 1, 5), (3, 1, 3), (5, 1, 1), (6, 1, 0)]
    assert statuses == {"develop": "merged", "clash": "conflict", **{f"f{number}": "merged" for number in range(5)}}


def test_a_line_and_its_tag_go_as_one() -> None:
    heard = Heard()
    tag = TagPlan(TagName("v1.3.8"), NEW, TAG)
    lines = [delivery("develop", 2), delivery("support/1.3", 2, tag=tag), delivery("release/1", 2)]
    statuses, _ = run(heard, lines)
    assert heard.pushes == [
        (["refs/heads/support/1.3", tag_ref(tag.name)], True, 2),
        (["refs/heads/develop", "refs/heads/release/1"], False, 2),
    ]
    assert set(statuses.values()) == {"merged"}


def test_a_tag_alone() -> None:
    """The line already has the fix, and its tag is owed."""
    heard = Heard()
    owed = delivery("support/1.3", 2, status="already", new=None, tag=TagPlan(TagName("v1.3.8"), NEW, TAG))
    statuses, _ = run(heard, [owed])
    assert heard.pushes == [(["refs/tags/v1.3.8"], True, 2)]
    assert statuses == {"support/1.3": "already"}


def test_one_that_moves_is_made_again_three_times() -> None:
    heard = Heard({"refs/heads/f0": ["stale"] * 9})
    statuses, told = run(heard, [delivery("f0"), delivery("f1")])
    assert [refs for refs, _, _ in heard.pushes] == [["refs/heads/f0", "refs/heads/f1"]] + [["refs/heads/f0"]] * 3
    assert statuses == {"f0": "pending", "f1": "merged"}
    assert told[-1] == (2, 0, 0)


def test_what_is_refused_keeps_its_commit_for_a_pull_request() -> None:
    heard = Heard({"refs/heads/f0": ["refused"], "refs/heads/f1": ["failed"]})
    done = deliver(heard, [delivery("f0"), delivery("f1")], chunk=9, again=list, progress=lambda *_: None)
    assert [(each.status, each.refused, each.new) for each in done] == [("failed", True, NEW), ("failed", False, None)]
