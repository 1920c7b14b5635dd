"""No honest logbook is an alarm, and whatever was written anew before an anchor is named."""

from __future__ import annotations

import io
import os
import random
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from random_logbooks import ADA, TIME, Objects, Told, honest, message_of_tag, tamper, write
from sandbox import Dates, Repo

from git_hotfix.context import Context
from git_hotfix.context.open import open_context
from git_hotfix.git.private_dir import private_git_dir
from git_hotfix.git.repository import open_repository
from git_hotfix.model.frozen import replace
from git_hotfix.model.logbook import message_of
from git_hotfix.model.names import IssueId, Oid, log_ref
from git_hotfix.model.snapshot import Logs
from git_hotfix.record.chain import anchor_facts
from git_hotfix.report.streams import Streams
from git_hotfix.verification.subject import find_subject
from git_hotfix.verification.verify import verify


@dataclass(frozen=True)
class World:
    """A repository with many released hotfixes."""

    objects: Objects
    told: list[Told]
    context: Context


def build(place: Path, many: int, seed: int) -> tuple[Objects, list[Told]]:
    """Write a repository in which `many` hotfixes of one release were finished one after the other, and go there."""
    repo = Repo(place, Dates())
    place.mkdir()
    repo.git("init", "-q")
    os.chdir(place)
    objects, rng = Objects(place / ".git" / "objects"), random.Random(seed)
    files = {"app.py": objects.write("blob", b"one\n")}
    base = main = objects.commit(objects.tree(files), (), "release")
    refs = {"refs/tags/v1.0.0": base}
    released = []
    for number in range(1, many + 1):
        change = {f"fix-{number}": objects.write("blob", b"%d\n" % number)}
        tree = objects.tree({"app.py": files["app.py"], **change})
        tip = objects.commit(tree, (base,), "the fix", ADA, TIME + number)
        told = honest(rng, objects, IssueId(str(number)), tip, tree)
        released.append((told, tip, tree, main))
        files |= change
        main = objects.commit(objects.tree(files), (main, tip), "merge")
    develop = main
    with private_git_dir(open_repository(), keep=False) as git:
        for told, tip, tree, policy in released:
            facts = anchor_facts(git, told.issue, [told.ids[each] for each in told.ends])
            said = message_of_tag(told, facts, policy, base, tip, tree)
            head = f"object {tip}\ntype commit\ntag {told.tag}\ntagger {ADA} {TIME} +0000\n\n"
            refs[f"refs/tags/{told.tag}"] = objects.write("tag", (head + said).encode("utf-8", "surrogateescape"))
            refs[log_ref(told.issue)] = told.ids[-1]
            if told.bound:
                facts = anchor_facts(git, told.issue, [told.ids[told.bound - 1]])
                said = message_of(f"Write the post-mortem of {told.tag}", {"Hotfix-Tag": told.tag, **facts})
                develop = objects.commit(objects.tree(files), (develop,), said)
    refs |= {"refs/heads/main": main, "refs/heads/develop": develop}
    (place / ".git" / "packed-refs").write_text("".join(f"{oid} {name}\n" for name, oid in sorted(refs.items())))
    return objects, [each[0] for each in released]


@pytest.fixture
def looked(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    """As many hotfixes as the test asks for, seen in one look."""
    monkeypatch.chdir(tmp_path)
    objects, told = build(tmp_path / "repo", *request.param)
    with open_context(Streams(io.StringIO(), io.StringIO(), io.StringIO()), view="known") as context:
        yield World(objects, told, context)


def with_logbook(context: Context, issue: IssueId, end: Oid) -> Context:
    """The same clone, in which the logbook of `issue` ends there."""
    refs = context.snapshot.refs
    refs = replace(refs, logs={**refs.logs, issue: Logs(here=end)})
    return replace(context, snapshot=replace(context.snapshot, refs=refs))


FEW = pytest.param((12, 11), id="few")
MANY = pytest.param((500, 4711), id="many", marks=pytest.mark.slow)


@pytest.mark.parametrize("looked", [FEW, MANY], indirect=True)
def test_no_honest_logbook_is_an_alarm(looked: World) -> None:
    alarms, kinds = {}, Counter[str]()
    for told in looked.told:
        found = verify(find_subject(looked.context, told.tag))
        states = {check.id: check.state for check in found.checks}
        kinds[states.pop("log-chain")] += 1
        if set(states.values()) != {"pass"} or found.failed:
            alarms[told.tag] = [(check.id, check.found) for check in found.checks if check.state != "pass"]
    assert alarms == {}
    assert kinds["fail"] == 0 < min(kinds["pass"], kinds["unknown"])


@pytest.mark.parametrize("looked", [FEW, pytest.param((200, 815), id="many", marks=pytest.mark.slow)], indirect=True)
def test_whatever_was_written_anew_before_an_anchor_is_named(looked: World) -> None:
    rng, missed, ways = random.Random(len(looked.told)), {}, Counter[str]()
    for told in looked.told:
        other = rng.choice([each for each in looked.told if each is not told])
        done = tamper(rng, told, other)
        ids = write(looked.objects, done.nodes)
        found = verify(find_subject(with_logbook(looked.context, told.issue, ids[-1]), told.tag))
        [end] = [check for check in found.checks if check.id == "log-end"]
        named = ["taken out"] if done.named is None else [ids[place][:10] for place in done.named]
        ways[done.name] += 1
        if end.state != "fail" or not any(word in end.found.split("\n", 1)[1] for word in named):
            missed[told.tag] = (done.name, named, end.state, end.found)
    print(*missed.values(), sep="\n\n")
    assert missed == {}
    assert len(ways) >= 5
