"""What is done differently where references are many gives the same as what is done where they are few."""

from __future__ import annotations

import random
from dataclasses import replace
from pathlib import Path

import pytest
from building import Project
from sandbox import FETCHED, Dates, Repo

from git_hotfix.git import fetching, history, listing, production_tags, refs, remote, tags
from git_hotfix.git.run import Git
from git_hotfix.model import versions
from git_hotfix.model.hotfix import Tag
from git_hotfix.model.names import REMOTE_TAGS, IssueId, Oid, RefName, TagName


def seen(repo: Repo) -> dict[str, str]:
    """What a fetch writes, and where origin/HEAD points."""
    rows = repo.git("for-each-ref", "--format=%(objectname)%(symref) %(refname)", *FETCHED).splitlines()
    return {ref: oid for oid, ref in (row.split(" ", 1) for row in rows)}


def refs_of_files(project: Project) -> None:
    if not (project.clone.path / ".git" / "refs" / "heads").is_dir():
        pytest.skip("a reftable keeps no reference in a file of its own")


def test_a_fetch_of_what_differs(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fetching, "_BIG", -1)
    one, other, there = project.clone, project.another_clone("other"), project.remote
    one.git("remote", "set-head", "origin", "main")
    other.git("remote", "set-url", "origin", str(there.path))

    def same() -> None:
        fetching.fetch(Git(one.path), "origin", one.path / ".git")
        remote.fetch(Git(other.path), "origin")
        other.git("remote", "set-head", "origin", "main")
        assert seen(one) == seen(other)

    same()
    there.git("update-ref", "refs/heads/feature/new", "refs/heads/main")  # there is nothing here of it
    there.git("update-ref", "refs/heads/develop", "refs/heads/main")  # went back
    there.git("update-ref", "-d", "refs/heads/feature/old")
    there.git("update-ref", "refs/heads/feature/old/deeper", "refs/heads/main")  # needs the place of what is gone
    there.git("update-ref", "refs/heads/odd;$(x)\u202e", "refs/heads/main")
    there.git("tag", "-f", "v1.4.1", "main")  # moved
    there.git("update-ref", "refs/hotfix/log/1", "refs/heads/main")
    there.git("update-ref", "refs/pull/1/head", "refs/heads/main")  # not ours to fetch
    same()
    assert "refs/hotfix/remote-log/1" in seen(one)
    for ref in ("refs/hotfix/log/1", "refs/heads/feature/new", "refs/tags/v1.4.1"):
        there.git("update-ref", "-d", ref)
    same()
    tree = there.git("rev-parse", "refs/heads/main^{tree}")
    made = there.git("commit-tree", "-m", "new there", "-p", "refs/heads/main", tree)
    for number in range(fetching._FEW + 1):  # more than are named one by one
        there.git("update-ref", f"refs/heads/many/{number}", made)
    same()
    assert one.tip("refs/remotes/origin/many/7") == made


def test_nothing_new_costs_no_fetch(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fetching, "_BIG", -1)
    git, common = Git(project.clone.path), project.clone.path / ".git"
    fetching.fetch(git, "origin", common)

    def never(*_: object) -> None:
        raise AssertionError("git fetch was run")

    monkeypatch.setattr(remote, "fetch", never)
    trace = project.root / "trace"
    fetching.fetch(Git(git.cwd, {"GIT_TRACE": str(trace)}), "origin", common)
    told = trace.read_text()
    assert "ls-remote" in told
    assert "built-in: git fetch" not in told


def test_many_loose_tags_are_packed(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    refs_of_files(project)
    git, common = Git(project.clone.path), project.clone.path / ".git"
    fetching.fetch(git, "origin", common)
    assert (common / REMOTE_TAGS / "v1.4.2").exists()
    before = project.clone.refs()
    monkeypatch.setattr(fetching, "_LOOSE", 1)
    fetching.fetch(git, "origin", common)
    assert not [file for file in Path(common / REMOTE_TAGS).rglob("*") if file.is_file()]
    assert project.clone.refs() == before


def test_who_holds_a_commit_among_many(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    clone = project.clone
    tips = [Oid(oid) for oid in clone.refs("refs/remotes/origin/").values()]
    git = Git(clone.path)
    asked = {Oid(clone.tip(name)) for name in ("v1.4.1", "v1.4.2", "develop", "origin/feature/search")}
    plain = {commit: history.tips_containing(git, commit, tips) for commit in asked}
    assert {len(found) for found in plain.values()} == {1, 3, 6}
    monkeypatch.setattr(history, "_MANY", 0)
    old = Oid(clone.tip("origin/feature/old"))  # made 200 days ago on top of a commit of now
    assert {commit: history.tips_containing(git, commit, tips) for commit in asked} == {
        commit: found - {old} for commit, found in plain.items()
    }


def test_tags_of_every_kind(project: Project) -> None:
    clone = project.clone
    clone.git("tag", "plain", "main")
    clone.git("tag", "-a", "-m", "around a tag", "nested", "v1.4.2")
    clone.git("tag", "-a", "-m", "fix\n\nHotfix-Issue: 12\nHotfix-Tip: abc\nReviewed-by: Ada", "made", "main")
    clone.git("tag", "-a", "-m", "of a blob", "blob", "main:app.py")
    clone.git("tag", "tree", "main^{tree}")
    dates = {ref: int(date) for ref, date in (row.split(" ") for row in clone.git(
        "for-each-ref", "--format=%(refname:lstrip=2) %(creatordate:unix)", "refs/tags/v*", "refs/tags/plain",
        "refs/tags/nested", "refs/tags/made").splitlines())}  # fmt: skip
    named = {TagName(ref.removeprefix("refs/tags/")): Oid(oid) for ref, oid in clone.refs("refs/tags/").items()}
    unknown = {TagName("missing"): Oid("1" * 40)}
    found = tags.TagReader(Git(clone.path)).read({**named, **unknown})
    assert {name: (tag.commit, tag.date, tag.annotated) for name, tag in found.items()} == {
        name: (clone.tip(f"refs/tags/{name}"), date, name != "plain") for name, date in dates.items()
    }
    assert {name: tag.oid for name, tag in found.items()} == {name: named[name] for name in found}
    assert {name: tag.trailers for name, tag in found.items() if tag.trailers} == {
        "made": (("Hotfix-Issue", "12"), ("Hotfix-Tip", "abc"))
    }
    known = refs.read_refs(Git(clone.path), "origin").local_tags
    assert {tag.name: tag for tag in known.all()} == found
    assert {name: known.get(name) for name in known if name not in found} == {"blob": None, "tree": None}
    assert {name: known.commits[name] for name in found} == {name: tag.commit for name, tag in found.items()}
    assert known.ids == named
    assert [tag.name for tag in known.finish_tags(IssueId("12"))] == ["made"]
    assert (known.finish_tags(IssueId("1")), known.finish_tags(IssueId("abc"))) == ([], [])


def is_raised(git: Git, tag: Tag, tags: list[Tag]) -> bool:
    """True when a tag is higher than all of its scheme that it holds, as `finish` makes it."""
    held, own = set(history.reachable(git, [tag.commit])) - {tag.commit}, versions.parse(tag.name)
    below = [versions.parse(each.name) for each in tags if each.commit in held]
    return own is None or all(each.rank < own.rank for each in below if each and each.prefix == own.prefix)


@pytest.mark.parametrize("seed", range(10))
def test_production_tags_on_random_graphs(tmp_path: Path, seed: int) -> None:
    """One walk from the highest tag answers what the walk from all of them does."""
    chance = random.Random(seed)
    there = Repo(tmp_path / "graph", Dates())
    there.path.mkdir()
    there.git("init", "-q", "--bare")
    stream, marks = ["reset refs/heads/main\n"], list[int]()
    for mark in range(1, 13):
        parents = chance.sample(marks, min(len(marks), chance.choice([0, 1, 1, 1, 2])))
        start = "".join(f"{'merge' if place else 'from'} :{each}\n" for place, each in enumerate(parents))
        name = "refs/heads/main" if parents or not marks else f"refs/heads/root{mark}"
        stream.append("" if start else f"reset {name}\n")
        stream.append(f"commit {name}\nmark :{mark}\ncommitter A <a> {there.dates.next()}\ndata 0\n{start}\n")
        marks.append(mark)
        if chance.random() < 0.7:
            word = chance.choice("vvw") if seed % 2 else "v"
            plain = f"{word}{chance.randrange(3)}.{mark}"
            version = plain if seed % 4 else chance.choice([f"v1.{mark}", f"hotfix-{mark}"])
            stream.append(f"reset refs/tags/{version}\nfrom :{mark}\n\n")
    there.git("fast-import", "--quiet", stdin="".join(stream))
    ref = RefName("refs/heads/main")
    own = (("Hotfix-Production", ref),)
    git = Git(there.path)
    named = {TagName(name.removeprefix("refs/tags/")): Oid(oid) for name, oid in there.refs("refs/tags/").items()}
    found = [
        replace(tag, trailers=own if chance.random() < 0.2 else ()) for tag in tags.TagReader(git).read(named).values()
    ]
    main = Oid(there.tip("refs/heads/main"))
    for production in {main, chance.choice([main, *named.values()])}:
        held, ends = production_tags._find_on_production(git, production, ref, found) if found else ([], set())
        for highest in found:
            one = production_tags._find_below_highest(git, production, ref, found, highest)
            assert one is None or (set(one[0]), one[1]) == (set(held), ends)
        known = production_tags.order_candidates(git, production, ref, found)
        assert set(known) == set(held)
        assert {tag.commit for tag in known[: len([tag for tag in held if tag.commit in ends])]} == ends
        commits = {tag.name: tag.commit for tag in found}
        for raised in (False, True) if all(is_raised(git, tag, found) for tag in found if tag.trailers) else (False,):
            newest = production_tags._plainly_newest(git, production, commits, list(named), raised=raised)
            assert newest in (None, known[0].name)


def test_the_newest_is_seen_without_a_look_at_the_others(project: Project) -> None:
    clone = project.clone
    for name, what in (
        ("hotfix-blob", "main:app.py"),
        ("v8-rc1", "main"),
        ("hotfix-old", "v1.4.1"),
        ("v0", "main:app.py"),
    ):
        clone.git("tag", name, what)

    def newest(production: str = "main", *, raised: bool = True) -> str | None:
        seen, tip = refs.read_refs(Git(clone.path), None).tags, Oid(clone.tip(production))
        return production_tags._plainly_newest(Git(clone.path), tip, seen.commits, sorted(seen), raised=raised)

    assert newest() == newest("develop") == "v1.4.2"
    for name, what in (
        ("v9-tree", "main^{tree}"),  # the highest names no commit
        ("v9", "origin/feature/old"),  # it is not on production
        ("w1.4.2", "v1.4.1"),  # which of the two is the newest their words do not say
        ("hotfix-here", "main"),  # nor here: only their dates
        ("hotfix-beside", "origin/feature/old"),  # nor here
    ):
        clone.git("tag", name, what)
        assert newest() is None, name
        clone.git("tag", "-d", name)
    for name, expected in (("v1.3", "v1.4.2"), ("w1.3", None)):
        # A lower one, but on top of it: `finish` may have made it beside production, where names are not raised or it
        # is another part's.
        clone.git("tag", name, "origin/feature/search")
        assert (newest(), newest(raised=False)) == (expected, None)
        clone.git("tag", "-d", name)
    clone.git("tag", "v1.4", "develop")
    assert (newest(), newest("develop")) == ("v1.4.2", None)  # a lower one, but later on develop


def test_a_tag_whose_object_is_gone_is_in_nobodys_way(project: Project) -> None:
    refs_of_files(project)
    clone, git = project.clone, Git(project.clone.path)
    for name in ("hotfix-missing", "v0-missing"):
        (clone.path / ".git" / "refs" / "tags" / name).write_text("1" * 40 + "\n")
    seen = refs.read_refs(git, None).tags
    newest = production_tags._plainly_newest(git, Oid(clone.tip("main")), seen.commits, sorted(seen), raised=True)
    assert newest == "v1.4.2"


def test_a_broken_reference_hides_no_other(project: Project) -> None:
    """`git show-ref` stops at it, or leaves it out; both times the references are read as they are."""
    refs_of_files(project)
    clone, git = project.clone, Git(project.clone.path)
    clone.git("tag", "-a", "-m", "around a tag", "nested", "v1.4.2")
    whole = listing.list_here(git)
    (clone.path / ".git" / "refs" / "heads" / "broken").write_text("1" * 40 + "\n")
    assert sorted(listing.list_here(git).splitlines()) == sorted([*whole.splitlines(), f"{'1' * 40} refs/heads/broken"])
