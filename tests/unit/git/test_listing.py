"""References as text: cut, compared and taken apart as git would say them one by one."""

from __future__ import annotations

from random import Random

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from git_hotfix.git import listing

AREAS = ("refs/heads/", "refs/hotfix/log/", "refs/hotfix/remote-tags/", "refs/notes/", "refs/tags/")
# Names as git allows them: no space, no control character, no `^`; other white space, and bytes other than UTF-8, yes.
NAMES = st.text(st.sampled_from("ab/Z\u00a0\u2003\u3000\x85\udce9-{}"), min_size=1, max_size=4)
OIDS = st.text(st.sampled_from("0123456789abcdef"), min_size=4, max_size=4)


@st.composite
def references(draw: st.DrawFn) -> dict[str, tuple[str, str]]:
    """Reference → what it stands at, and what that names in the end."""
    refs = draw(st.sets(st.tuples(st.sampled_from(AREAS), NAMES), max_size=12))
    return {area + name: (oid := draw(OIDS), draw(st.one_of(st.just(oid), OIDS))) for area, name in refs}


def text_of(refs: dict[str, tuple[str, str]]) -> str:
    lines = []
    for name in sorted(refs):
        oid, named = refs[name]
        lines += [f"{oid} {name}\n"] + ([f"{named} {name}^{{}}\n"] if named != oid else [])
    return "".join(lines)


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(references())
def test_each_area_is_what_stands_below_it(refs: dict[str, tuple[str, str]]) -> None:
    text = text_of(refs)
    for area in AREAS:
        below = {name.removeprefix(area): oids for name, oids in refs.items() if name.startswith(area)}
        lines = listing.lines_below(text, area)
        assert lines == text_of({name: oids for name, oids in refs.items() if name.startswith(area)})
        assert listing.split_tags(lines, area) == (
            {name: oid for name, (oid, _) in below.items()}, {name: named for name, (_, named) in below.items()}
        )  # fmt: skip
        assert listing.lines_outside(text, area) == text_of(
            {n: oids for n, oids in refs.items() if not n.startswith(area)}
        )
        assert [list(each) for each in listing.split_tags(lines, area)] == [sorted(below), sorted(below)]
        elsewhere = listing.move_lines(lines, area, "refs/x/")
        assert listing.ids_below(elsewhere, "refs/x/") == {name: oid for name, (oid, _) in below.items()}


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(references(), st.randoms())
def test_a_server_that_does_not_sort(refs: dict[str, tuple[str, str]], dice: Random) -> None:
    text = text_of({name: (oid, oid) for name, (oid, _) in refs.items()})
    lines = [line + "\n" for line in text.split("\n") if line]
    dice.shuffle(lines)
    ordered = listing.sort_lines("".join(lines))
    assert sorted(ordered.split("\n")) == sorted(text.split("\n"))
    for area in ("refs/heads/", "refs/tags/", "refs/hotfix/log/"):
        assert sorted(listing.lines_below(ordered, area).split("\n")) == sorted(
            listing.lines_below(text, area).split("\n")
        )
