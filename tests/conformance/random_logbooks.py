"""Random hotfixes with honest logbooks, and random ways to tamper with one; objects are written without git, because a
thousand logbooks are twenty thousand commits."""

from __future__ import annotations

import base64
import hashlib
import random
import struct
import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from hostile_texts import HOSTILE

from git_hotfix.model.approvals import Approval, Waiver
from git_hotfix.model.change import ChangeSet
from git_hotfix.model.hotfix import Hotfix
from git_hotfix.model.logbook import message_of, trailers_of
from git_hotfix.model.names import BranchName, IssueId, Oid, TagName
from git_hotfix.model.verdict import Verdict
from git_hotfix.release.tag import tag_message

ADA, BOB, CAROL = (f"{name} <{name.lower()}@example.org>" for name in ("Ada", "Bob", "Carol"))
_NAMES = {"Waivers", "Strikes"}  # facts that name other entries
TIME = 1_795_809_600  # when it began


class Objects:
    """The loose objects of a repository."""

    def __init__(self, place: Path) -> None:
        self.place = place
        self.known: set[str] = set()

    def write(self, kind: str, content: bytes) -> Oid:
        """Write an object, and return its id."""
        whole = f"{kind} {len(content)}\0".encode() + content
        oid = hashlib.sha1(whole, usedforsecurity=False).hexdigest()
        if oid not in self.known:
            self.known.add(oid)
            folder = self.place / oid[:2]
            folder.mkdir(exist_ok=True)
            (folder / oid[2:]).write_bytes(zlib.compress(whole, 1))
        return Oid(oid)

    def tree(self, files: dict[str, Oid]) -> Oid:
        """A tree of plain files."""
        rows = (b"100644 " + name.encode() + b"\0" + bytes.fromhex(oid) for name, oid in sorted(files.items()))
        return self.write("tree", b"".join(rows))

    def commit(self, tree: Oid, parents: Sequence[Oid], message: str, who: str = ADA, when: int = TIME) -> Oid:
        """A commit."""
        lines = [f"tree {tree}", *(f"parent {each}" for each in parents)]
        lines += [f"author {who} {when} +0000", f"committer {who} {when} +0000", "", message]
        return self.write("commit", "\n".join(lines).encode("utf-8", "surrogateescape"))


@dataclass(frozen=True)
class Node:
    """One commit of a logbook: on which others it stands (by their places), what it says, by whom and when."""

    stands: tuple[int, ...]
    title: str
    facts: dict[str, str]
    who: str = ADA
    when: int = TIME
    tree: Oid | None = None
    signature: str = ""

    def written(self, objects: Objects, parents: Sequence[Oid]) -> Oid:
        lines = [f"tree {self.tree or objects.tree({})}", *(f"parent {each}" for each in parents)]
        lines += [f"author {self.who} {self.when} +0000", f"committer {self.who} {self.when} +0000"]
        lines += [f"gpgsig {self.signature}"] if self.signature else []
        text = "\n".join([*lines, "", message_of(self.title, self.facts)])
        return objects.write("commit", text.encode("utf-8", "surrogateescape"))


def write(objects: Objects, nodes: Sequence[Node]) -> list[Oid]:
    """Write a logbook; the ids of its commits. Ids that entries name (`{3}`) are those of the nodes at these places."""
    made: list[Oid] = []
    for node in nodes:
        named = {key: value.format(*made) for key, value in node.facts.items() if key in _NAMES}
        facts = {**node.facts, **named}
        made.append(replace(node, facts=facts).written(objects, [made[each] for each in node.stands]))
    return made


@dataclass
class Told:
    """A released hotfix: its logbook, how many of its commits stood when it was tagged, and when its post-mortem was
    written (None: it was not), and what its tag names."""

    issue: IssueId
    nodes: list[Node] = field(default_factory=list)
    tagged: int = 0
    bound: int | None = None
    ids: list[Oid] = field(default_factory=list)
    ends: tuple[int, ...] = ()

    @property
    def tag(self) -> TagName:
        return TagName(f"v1.0.{int(self.issue)}")

    @property
    def anchored(self) -> int:
        """How many commits an anchor binds."""
        return self.bound or self.tagged


def honest(rng: random.Random, objects: Objects, issue: IssueId, tip: Oid, tree: Oid) -> Told:
    """The logbook of a hotfix as its people and this tool may write it."""
    told = Told(issue)
    clock = TIME + rng.randrange(1000)

    def add(kind: str, title: str, *, stands: tuple[int, ...] | None = None, who: str = ADA, **facts: str) -> int:
        nonlocal clock
        clock += rng.choice((0, 1, 60, 600, -200, -5000))  # clocks of two machines
        stands = ends() if stands is None else stands
        keys = {key.replace("_", "-"): value for key, value in facts.items() if value}
        told.nodes.append(Node(stands, title, {"Hotfix-Entry": kind, **keys}, who, clock))
        return len(told.nodes) - 1

    def ends() -> tuple[int, ...]:
        below = {each for node in told.nodes for each in node.stands}
        return tuple(number for number in range(len(told.nodes)) if number not in below)

    add("start", f"start hotfix {issue}", Issue=issue, Severity=rng.choice(("P0", "P1")), Title="a title")
    for _ in range(rng.randrange(10)):
        _some_entry(rng, told, add, ends, issue, tip, tree, objects)
    if rng.random() < 0.3:  # two clones at once, and nobody has joined them yet
        last = ends()[-1]
        for word in ("one", "other"):
            add("answer", f"{word} clone", stands=(last,), Field="impact", Value=word)
        if rng.random() < 0.5:
            add("join", "join entries that were recorded at the same time")
    told.tagged, told.ends = len(told.nodes), ends()
    add("finish", f"finish hotfix {issue} as {told.tag}", Issue=issue, Tag=told.tag, Tip=tip, Production="main")
    for _ in range(rng.randrange(4)):
        _some_entry(rng, told, add, ends, issue, tip, tree, objects)
    if rng.random() < 0.5:
        add("document", "write postmortem")
        told.bound = len(told.nodes)
    if rng.random() < 0.5:
        add("done", f"hotfix {issue} is done", Issue=issue)
    told.ids = write(objects, told.nodes)
    return told


def _some_entry(
    rng: random.Random, told: Told, add: Callable[..., int], ends: Callable[[], tuple[int, ...]], issue: str, tip: str,
    tree: str, objects: Objects,
) -> None:  # fmt: skip
    # No argument of a program holds a NUL.
    text = rng.choice(HOSTILE).encode("utf-8", "ignore").decode().replace("\0", "") or "a word"
    kinds = [node.facts["Hotfix-Entry"] for node in told.nodes]
    waivers = [number for number, kind in enumerate(kinds) if kind == "waiver"]
    said = [number for number, kind in enumerate(kinds) if kind == "answer"]
    kind = rng.choice(("event", "answer", "box", "waiver", "withdrawal", "approval", "evidence", "strike", "document"))
    known = {"Commit": tip, "Tree": tree}
    if kind == "event":
        add(kind, f"detected: {text}", Event="detected", At="2026-11-27T20:05:00Z", Text=text)
    elif kind == "waiver":
        number = f"{issue}-W{len(waivers) + 1}"
        add(kind, "waive max-files", Waiver=number, Gates="max-files", Reason=f"why {text}", **known)
    elif kind == "withdrawal" and waivers and not ends()[1:]:
        add(kind, "withdraw", Waivers=f"{{{rng.choice(waivers)}}}", Reason=text)
    elif kind == "approval":
        number = f"{issue}-A{kinds.count('approval') + 1}"
        covers = " ".join(f"{{{each}}}" for each in waivers)
        who = rng.choice((ADA, BOB, CAROL))
        facts = {"Approval": number, "Issue": issue, "Waivers": covers, "Role": rng.choice(("", "Lead")), **known}
        add(kind, f"approve hotfix {issue}", who=who, **facts)
    elif kind == "evidence":
        started, end = f"2026-11-27T20:{len(kinds) % 60:02}:00Z", rng.choice(("passed", "failed", "timed-out", ""))
        add(kind, "run smoke", Run="smoke", State="running", Started=started, **known)
        if end:
            add(kind, f"run smoke: {end}", Run="smoke", State=end, Started=started, **known)
    elif kind == "strike" and said:
        add(kind, "strike out", Strikes=f"{{{rng.choice(said)}}}", Reason=text)
    elif kind == "document":
        at = add(kind, "write report", Place="here")
        told.nodes[at] = replace(told.nodes[at], tree=objects.tree({"rendering": objects.write("blob", text.encode())}))
    else:
        add("answer", "impact is answered", Field="impact", Value=text)


def _read(node: Node) -> dict[str, str]:
    """Its facts as they are read again."""
    return trailers_of(message_of(node.title, node.facts))


def message_of_tag(told: Told, facts: dict[str, str], policy: Oid, base: Oid, tip: Oid, tree: Oid) -> str:
    """The message that `finish` writes into the tag of such a hotfix."""
    then = told.nodes[: told.tagged]
    gone = {node.facts["Waivers"] for node in then if node.facts["Hotfix-Entry"] == "withdrawal"}
    waivers = [
        Waiver(node.facts["Waiver"], ("max-files",), _read(node)["Reason"], node.who, node.when, tree)
        for number, node in enumerate(then)
        if node.facts["Hotfix-Entry"] == "waiver" and f"{{{number}}}" not in gone
    ]
    approvals = [
        Approval(node.facts["Approval"], node.facts.get("Role", ""), node.who, node.when, tree)
        for node in then
        if node.facts["Hotfix-Entry"] == "approval" and node.who != ADA
    ]
    hotfix = Hotfix(
        told.issue, BranchName(f"hotfix/{told.issue}"), BranchName("main"), TagName("v1.0.0"), base, tip, tree
    )
    verdict = Verdict((), waivers=tuple(waivers), approvals=tuple(approvals), policy_commit=policy)
    return tag_message(hotfix, ChangeSet(()), verdict, facts)


@dataclass(frozen=True)
class Tampering:
    """What somebody did to a logbook: its name, the commits as they are then, and the places of those of which one has
    to be named; None where something is gone."""

    name: str
    nodes: list[Node]
    named: tuple[int, ...] | None


def tamper(rng: random.Random, told: Told, other: Told) -> Tampering:
    """One random way to write anew what an anchor binds."""
    nodes, many = list(told.nodes), told.anchored
    places = [number for number in range(many) if nodes[number].facts["Hotfix-Entry"] != "join"]
    at = rng.choice(places)
    node = nodes[at]
    way = rng.choice(("drop", "reorder", "edit", "move", "signature", "author", "date"))
    plain = [number for number in places if not _NAMES & set(nodes[number].facts)]
    if way == "reorder" and len(plain) > 1:
        first, second = sorted(rng.sample(plain, 2))
        one, two = nodes[first], nodes[second]
        # Two that stand on the same are the same commits, whichever is named first.
        if one.stands != two.stands and replace(one, stands=()) != replace(two, stands=()):
            nodes[first], nodes[second] = replace(two, stands=one.stands), replace(one, stands=two.stands)
            return Tampering(way, nodes, (first, second))
    if way == "edit":
        key = rng.choice([key for key in node.facts if node.facts[key].strip()])
        value = node.facts[key]
        place = rng.randrange(len(value))
        letter = "x" if value[place] != "x" else "y"
        changed = value[:place] + letter + value[place + 1 :]
        if key not in _NAMES and message_of("t", {"K": changed}) != message_of("t", {"K": value}):
            nodes[at] = replace(node, facts={**node.facts, key: changed})
            return Tampering(way, nodes, (at,))
    below = {each for later in nodes[:many] for each in later.stands}
    if way == "move" and at in below:  # behind an end it would be behind the anchor
        foreign = rng.choice(
            [each for each in other.nodes if each.title[:5] != "join " and not _NAMES & set(each.facts)]
        )
        return Tampering(way, _put_in(nodes, at, foreign), (at + 1,))
    if way == "signature":
        fake = base64.b64encode(b"SSHSIG" + struct.pack(">I", rng.randrange(1 << 31))).decode()
        text = f"-----BEGIN SSH SIGNATURE-----\n {fake}\n -----END SSH SIGNATURE-----"
        nodes[at] = replace(node, signature=text)
        return Tampering(way, nodes, (at,))
    if way == "author":
        nodes[at] = replace(node, who="Mallory <mallory@example.org>")
        return Tampering(way, nodes, (at,))
    if way == "date":
        nodes[at] = replace(node, when=node.when + 1)
        return Tampering(way, nodes, (at,))
    return Tampering("drop", _taken_out(nodes, at), None)


def _put_in(nodes: list[Node], at: int, new: Node) -> list[Node]:
    """`nodes` with one more behind the one at `at`, on which all stands that stood on that."""
    moved = [_renumber(each, lambda n: n if n < at else n + 1) for each in nodes[at + 1 :]]
    return [*nodes[: at + 1], replace(new, stands=(at,)), *moved]


def _taken_out(nodes: list[Node], at: int) -> list[Node]:
    """`nodes` without the one at `at`; what stood on it stands on what that stood on."""
    gone = nodes[at].stands
    left = []
    for each in nodes[at + 1 :]:
        stands = tuple(dict.fromkeys(p for n in each.stands for p in (gone if n == at else (n,))))
        left.append(_renumber(replace(each, stands=stands), lambda n: n if n < at else n - 1))
    return [*nodes[:at], *left]


def _renumber(node: Node, new: Callable[[int], int]) -> Node:
    def words(text: str) -> str:
        numbers = [int(word.strip("{}")) for word in text.split()]
        return " ".join(f"{{{max(0, new(number))}}}" for number in numbers)

    facts = {key: words(value) if key in _NAMES else value for key, value in node.facts.items()}
    return replace(node, stands=tuple(new(each) for each in node.stands), facts=facts)
