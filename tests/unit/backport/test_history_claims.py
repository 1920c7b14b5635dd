"""What a branch has of a fix, from the commits that it holds: pure, on graphs of a few letters."""

from __future__ import annotations

from git_hotfix.backport.history_claims import (
    Content,
    claims_of,
    find_claims,
    groups_of,
    holders,
    judge_standing,
    own_commits,
    steps_of,
)
from git_hotfix.model.claims import Claim, Group, Step, TargetCommit
from git_hotfix.model.names import Oid


def walked(*rows: str) -> list[TargetCommit]:
    """`c: a b < x` is commit c with parents a and b, whose message says that it reverts x; its tree is its own, and
    `c = a` has the tree of its parent a."""
    found = []
    for row in rows:
        head, _, reverted = row.partition(" < ")
        name, empty, parents = head.partition(" = ") if " = " in head else head.partition(": ")
        ids = tuple(Oid(each) for each in parents.split())
        tree = Oid(f"tree {ids[0]}") if empty == " = " else Oid(f"tree {name}")
        found.append(TargetCommit(Oid(name), ids, tree, 0, reverted=tuple(reverted.split())))
    return found


def pick(oid: str, of: str, parent: str = "-", how: str = "picked") -> dict[Oid, Claim]:
    names = frozenset({Oid(oid), Oid(of)})
    return {Oid(of): Claim(how, Oid(parent), Oid(oid), Oid(oid), names)}  # type: ignore[arg-type]


def told(
    walk: list[TargetCommit], brings: dict[str, dict[Oid, Claim]], at: str
) -> dict[str, tuple[str, str, str | None]]:
    """Commit of the fix → (the commit that brought it, since when, undone by what)."""
    found = claims_of(walk, {Oid(oid): claims for oid, claims in brings.items()})[Oid(at)]
    return {oid: (claim.end, claim.since, claim.undone) for oid, claim in found.items()}


def test_a_claim_goes_from_parents_to_children_and_to_nobody_else() -> None:
    walk = walked("a: 0", "p: a", "b: p", "c: a")
    assert told(walk, {"p": pick("p", "f")}, "b") == {"f": ("p", "p", None)}
    assert told(walk, {"p": pick("p", "f")}, "c") == {}


def test_what_a_merge_brings_came_with_the_merge() -> None:
    walk = walked("a: 0", "p: 0", "m: a p", "n: p a")
    assert told(walk, {"p": pick("p", "f")}, "m") == {"f": ("p", "m", None)}
    assert told(walk, {"p": pick("p", "f")}, "n") == {"f": ("p", "p", None)}


def test_a_revert_names_the_pick_the_fix_or_the_merge_that_brought_it() -> None:
    for named in ("p", "f", "m"):
        walk = walked("a: 0", "p: 0", "m: a p", f"r: m < {named}", "s: r < r")
        assert told(walk, {"p": pick("p", "f")}, "r") == {"f": ("p", "m", "r")}
        assert told(walk, {"p": pick("p", "f")}, "s") == {"f": ("p", "m", None)}
    other = walked("p: 0", "r: p < x")
    assert told(other, {"p": pick("p", "f")}, "r") == {"f": ("p", "p", None)}


def test_of_two_sides_the_one_that_took_the_same_commit_out_wins() -> None:
    walk = walked("p: 0", "r: p < p", "b: p", "m: b r", "n: r b")
    for merge in ("m", "n"):
        assert told(walk, {"p": pick("p", "f")}, merge)["f"][2] == "r"
    again = walked("p: 0", "r: p < p", "q: 0", "m: r q")
    assert told(again, {"p": pick("p", "f"), "q": pick("q", "f")}, "m") == {"f": ("q", "m", None)}


def test_a_fix_that_reverts_a_commit_of_its_own_takes_nothing_out() -> None:
    walk = walked("p: 0", "q: p < f")
    brings = {"p": pick("p", "f"), "q": pick("q", "g")}
    assert told(walk, brings, "q") == {"f": ("p", "p", None), "g": ("q", "q", None)}


def test_an_empty_pick_and_a_word_about_all_of_it_say_less_than_a_pick() -> None:
    walk = walked("p: 0", "e = p", "d: e")
    brings = {"p": pick("p", "f"), "e": pick("e", "f"), "d": pick("d", "f", how="delivered")}
    assert told(walk, brings, "d") == {"f": ("p", "p", None)}
    reverted = walked("p: 0", "r: p < p", "d: r")
    assert told(reverted, brings, "d") == {"f": ("d", "d", None)}


def test_who_holds_a_commit_that_lies_below_the_walk() -> None:
    assert holders(walked("a: base", "b: a", "c: older"), Oid("base")) == {"a", "b"}


def test_the_line_of_a_fix_and_what_its_merges_brought() -> None:
    walk = walked("f: base", "s: base", "t: s", "m: f t", "x: base")
    own = own_commits(walk, Oid("m"))
    assert set(own) == {"f", "s", "t", "m"}
    assert steps_of(own, Oid("m")) == (
        Step(Oid("f"), Oid("base")), Step(Oid("m"), Oid("f"), (Oid("s"), Oid("t"))),
    )  # fmt: skip


STEPS = (Step(Oid("f"), Oid("0")), Step(Oid("m"), Oid("f"), (Oid("s"), Oid("t"))))


def test_a_merge_step_is_there_when_all_that_it_brought_is() -> None:
    claims = {**pick("p", "s", "0"), **pick("q", "t", "p")}
    groups, missing = groups_of(STEPS, claims)
    assert missing == ("f",)
    assert groups == (Group((Oid("m"),), "picked", Oid("0"), Oid("q"), Oid("q")),)
    assert groups_of(STEPS, pick("p", "s"))[1] == ("f", "m")


def test_picks_in_a_row_are_one_change() -> None:
    steps = tuple(Step(Oid(name), Oid("-")) for name in "fgh")
    claims = {**pick("p", "f", "0"), **pick("q", "g", "p"), **pick("r", "h", "x")}
    groups, missing = groups_of(steps, claims)
    assert [(group.steps, group.start, group.end) for group in groups] == [(("f", "g"), "0", "q"), (("h",), "x", "r")]
    assert missing == ()


def test_what_words_and_content_say_together() -> None:
    steps = (Step(Oid("f"), Oid("0")), Step(Oid("g"), Oid("f")))
    both = Group((Oid("f"), Oid("g")), "picked", Oid("0"), Oid("q" * 12), Oid("q" * 12))
    there = judge_standing(steps, [both], (), Content([{Oid("f"): False, Oid("g"): False}]))
    assert (there.whole, there.how, there.merged) == (True, "cherry-picked as qqqqqqqqqq", False)
    half = judge_standing(steps, [both], (), Content([{Oid("f"): False, Oid("g"): True}]))
    assert (half.there, half.taken, half.whole) == (("f",), ("g",), False)
    assert half.how == "it had the fix, and it was taken out"
    said = Group(both.steps, "picked", both.start, both.end, both.since, Oid("r" * 12))
    doubt = judge_standing(steps, [said], (), Content([{Oid("f"): False, Oid("g"): False}]))
    assert (doubt.whole, doubt.doubt) == (False, "rrrrrrrrrr says that it reverts the fix, but the change is there")
    gone = judge_standing(steps, [said], (), Content([{Oid("f"): True, Oid("g"): True}]))
    assert (gone.taken, gone.how, gone.doubt) == (("f", "g"), "it had the fix, and rrrrrrrrrr took it out", "")
    void = judge_standing(steps, [both], (), Content([{}]))
    assert (void.there, void.missing) == ((), ("f", "g"))
    assert void.doubt == "qqqqqqqqqq says that it brings the fix, but does not change what the fix changes"


def test_what_a_message_brings() -> None:
    """A squash by the issue's trailer counts when it is not older than the fix: an issue can start twice."""
    own = {Oid("f" * 40): TargetCommit(Oid("f" * 40), (Oid("0"),), Oid("t"), 100)}

    def bring(commit: TargetCommit) -> list[str]:
        alike = {Oid("f" * 40): frozenset({Oid("d" * 40)})}
        found = find_claims([commit], own, issue="7", alike=alike, tagged={Oid("tag")})
        return [claim.how for claim in found.get(commit.oid, {}).values()]

    def commit(
        oid: str = "x", date: int = 200, parents: tuple[str, ...] = ("0",), **said: tuple[str, ...]
    ) -> TargetCommit:
        return TargetCommit(Oid(oid), tuple(map(Oid, parents)), Oid("t"), date, **said)

    assert bring(commit("f" * 40)) == bring(commit("tag")) == ["merged"]
    assert bring(commit("d" * 40)) == ["same"]
    assert bring(commit(picked=("f" * 40,))) == bring(commit(picked=("f" * 10,))) == ["picked"]
    assert bring(commit(picked=("d" * 40,))) == ["picked"]
    assert bring(commit(squashed=("f" * 40,))) == bring(commit(issues=("7",))) == ["squashed"]
    assert bring(commit(issues=("7",), date=50)) == bring(commit(issues=("8",))) == []
    assert (
        bring(commit(issues=("7",), parents=("0", "1"))) == bring(commit(picked=("a" * 40,))) == bring(commit()) == []
    )
