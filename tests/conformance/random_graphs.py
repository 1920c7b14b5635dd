"""Random repositories, written at once: branches that grow from each other and merge each other, and a hotfix.

What hypothesis draws is a plain recipe (`Recipe`), so that a failure prints what to build. Numbers in it are taken
modulo what there is, so every recipe can be built.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, field

from hypothesis import strategies as st
from sandbox import Repo

from git_hotfix import gates

Files = dict[str, tuple[str, bytes]]  # path → mode, content

NAMES = ("a.txt", "b.txt", "lib/c.txt", "lib/d.txt", "lib/deep/e.txt", "dos.txt", "img.bin", "run.sh", "tail.txt")
NEW = ("new.txt", "lib/new.txt", "other/new.txt", "a", "lib2/c.txt", "link", "z.bin")
ATTRIBUTES = (
    "*.txt merge=union\n", "*.txt -merge\n", "lib/* merge=union\nlib/d.txt merge\n", "* text=auto\n",
    "*.bin merge=text -text\n", "a.txt merge=custom\n", "*.txt conflict-marker-size=9\n",
    "[attr]keep merge=union\n/b.txt keep\n", "/lib/** -merge\n", "* -text\n*.sh merge=binary\n",
    "deep/* merge=union\n", "/*.txt merge=union\nc.txt !merge\n",
)  # fmt: skip
_LINES = 14
_POLICY = "".join(f'[gates.{gate.id}]\nseverity = "off"\n' for gate in gates.all_gates() if gate.id != "base")

number = st.integers(0, 40)
edit = st.one_of(
    st.tuples(st.just("change"), number, number, st.sampled_from("xyz")),
    st.tuples(st.just("change"), number, number, st.sampled_from("xyz")),
    st.tuples(st.just("insert"), number, number, st.sampled_from("xyz")),
    st.tuples(st.just("cut"), number, number, st.just("")),
    st.tuples(st.just("end"), number, number, st.just("")),
    st.tuples(st.just("remove"), number, number, st.just("")),
    st.tuples(st.just("rename"), number, number, st.just("")),
    st.tuples(st.just("rename"), number, number, st.just("")),
    st.tuples(st.just("folder"), number, number, st.just("")),
    st.tuples(st.just("folder"), number, number, st.just("")),
    st.tuples(st.just("mode"), number, number, st.just("")),
    st.tuples(st.just("add"), number, number, st.sampled_from("xyz")),
    st.tuples(st.just("link"), number, number, st.sampled_from("xyz")),
    st.tuples(st.just("attributes"), number, number, st.just("")),
)
edits = st.lists(edit, max_size=3)
some = st.lists(edit, min_size=1, max_size=3)


@dataclass(frozen=True)
class Recipe:
    """`older`: from the tag before to the production tag. `steps`: (where from, merged with if not negative, chance,
    edits) of each commit of a branch. `hotfix`: its commits; the one at `merging`, if any, merges a side that holds
    `side`."""

    older: list[tuple[str, int, int, str]]
    steps: list[tuple[int, int, int, list[tuple[str, int, int, str]]]]
    hotfix: list[list[tuple[str, int, int, str]]]
    side: list[tuple[str, int, int, str]]
    merging: int


recipes = st.builds(
    Recipe,
    older=edits,
    steps=st.lists(st.tuples(number, st.integers(-3, 40), number, edits), min_size=6, max_size=16),
    hotfix=st.lists(some, min_size=1, max_size=3),
    side=some,
    merging=st.integers(-4, 2),
)


def first() -> Files:
    lines = {name: [f"{name} line {line}" for line in range(_LINES)] for name in NAMES}
    files = {name: ("100644", "".join(f"{line}\n" for line in text).encode()) for name, text in lines.items()}
    files["dos.txt"] = ("100644", "".join(f"{line}\r\n" for line in lines["dos.txt"]).encode())
    files["tail.txt"] = ("100644", "\n".join(lines["tail.txt"]).encode())
    files["img.bin"] = ("100644", b"\x89PNG\0" + bytes(range(256)))
    files["run.sh"] = ("100755", files["run.sh"][1])
    return files


def edited(files: Files, what: list[tuple[str, int, int, str]]) -> Files:
    """`files` after some edits; a path never lies below another one that is a file."""
    made = dict(files)
    for kind, which, where, word in what:
        mine = sorted(path for path in made if path not in (".gitattributes", ".git-hotfix.toml", "lib/.gitattributes"))
        path = mine[which % len(mine)] if mine else ""
        if kind == "attributes":
            place = ("", "lib/", "lib/deep/")[where % 3] + ".gitattributes"
            made[place] = ("100644", ATTRIBUTES[which % len(ATTRIBUTES)].encode())
        elif kind in ("add", "link"):
            new = NEW[which % len(NEW)]
            text = "".join(f"{new} line {line}\n" for line in range(where % 5)) + word
            made[new] = ("120000", word.encode()) if kind == "link" else ("100644", text.encode())
        elif path:
            _one(made, kind, path, where, word)
        made = {each: made[each] for each in made if not any(each.startswith(f"{other}/") for other in made)}
    return made


def _one(made: Files, kind: str, path: str, where: int, word: str) -> None:
    mode, content = made[path]
    if kind == "remove":
        del made[path]
    elif kind == "rename":
        made[NEW[where % len(NEW)]] = made.pop(path)
    elif kind == "folder":
        top = path.split("/")[0]
        for each in [each for each in made if each.startswith(f"{top}/")]:
            made[f"moved{where % 2}/{each.partition('/')[2]}"] = made.pop(each)
    elif kind == "mode" and mode != "120000":
        made[path] = ("100755" if mode == "100644" else "100644", content)
    elif mode == "120000":
        made[path] = (mode, word.encode() or b"nowhere")
    elif kind == "end":
        made[path] = (mode, content.replace(b"\r\n", b"\n") if b"\r\n" in content else content.replace(b"\n", b"\r\n"))
    else:
        lines = content.split(b"\n")
        at = where % len(lines)
        if kind == "insert":
            lines.insert(at, b"new " + word.encode())
        elif kind == "cut":
            del lines[at : at + 2]
        else:
            lines[at] = word.encode() + lines[at][:3] + (b"\r" if lines[at].endswith(b"\r") else b"")
        made[path] = (mode, b"\n".join(lines))


@dataclass
class Written:
    """Commits that wait for one fast-import: the stream, the files and the parents of each mark."""

    stream: list[bytes] = field(default_factory=list)
    files: list[Files] = field(default_factory=list)
    now: int = field(default_factory=lambda: int(time.time()) - 86400)

    def commit(self, ref: str, parents: list[int], files: Files) -> int:
        """Write a commit; returns its number."""
        self.files.append(files)
        mark, when = len(self.files), self.now + 60 * len(self.files)
        self.stream.append(
            f"reset refs/build\ncommit refs/build\nmark :{mark}\ncommitter Ada <ada@example.org> {when} +0000\n"
            f"data {len(str(mark)) + 7}\ncommit {mark}\n".encode()
        )
        self.stream += [b"%s :%d\n" % (b"merge" if order else b"from", each + 1) for order, each in enumerate(parents)]
        self.stream.append(b"deleteall\n")
        for path, (mode, content) in files.items():
            self.stream.append(f"M {mode} inline {path}\ndata {len(content)}\n".encode() + content + b"\n")
        self.point(ref, mark - 1)
        return mark - 1

    def write(self, repo: Repo) -> None:
        """Write it all into a repository, and drop the references that only served to build it."""
        place = repo.path / "stream"
        place.write_bytes(b"".join(self.stream))
        answer = repo.run("sh", "-c", "git fast-import --quiet --force < stream")
        assert answer.code == 0, answer.err
        place.unlink()
        for ref in ("refs/build", "refs/side"):
            repo.git("update-ref", "-d", ref)

    def point(self, ref: str, at: int) -> None:
        self.stream.append(f"reset {ref}\nfrom :{at + 1}\n\n".encode())


def mixed(one: Files, other: Files, dice: int) -> Files:
    """A merge that somebody made by hand: everything of the first, what only the second has, and of what differs a
    side by chance."""
    made = {**other, **one}
    for number, path in enumerate(sorted(set(one) & set(other))):
        if (dice >> (number % 6)) & 1:
            made[path] = other[path]
    return {each: made[each] for each in made if not any(each.startswith(f"{above}/") for above in made)}


def build(remote: Repo, recipe: Recipe, policy: str) -> None:
    """Write a recipe into a bare repository: main, develop, release/*, feature/*, hotfix/1 and two tags."""
    out = Written()
    files = {**first(), ".git-hotfix.toml": ("100644", (policy + _POLICY).encode())}
    old = out.commit("refs/tags/v0.9.0", [], files)
    base = out.commit("refs/heads/main", [old], edited(files, recipe.older))
    out.point("refs/tags/v1.0.0", base)
    names = {"develop": out.commit("refs/heads/develop", [base], edited(out.files[base], recipe.older[:1]))}
    known = [base, old, names["develop"]]
    for count, (start, partner, dice, what) in enumerate(recipe.steps):
        grows = list(names)[start % len(names)] if start % 3 == 0 else ""
        name = grows or (f"release/{count}" if dice % 4 == 0 else f"feature/{count}")
        at = names[name] if grows else old if dice % 4 == 0 else known[start % len(known)]
        parents = [at]
        made = out.files[at]
        if partner >= 0 and known[partner % len(known)] != at:
            parents.append(known[partner % len(known)])
            made = mixed(made, out.files[parents[1]], dice)
        had = recipe.hotfix[dice % len(recipe.hotfix)] if dice % 5 == 0 else []  # somebody brought a part of it before
        names[name] = out.commit(f"refs/heads/{name}", parents, edited(edited(made, had), what))
        known.append(names[name])
    tip = base
    for count, what in enumerate(recipe.hotfix):
        parents, made = [tip], out.files[tip]
        if count == recipe.merging:
            parents.append(out.commit("refs/side", [base], edited(out.files[base], recipe.side)))
            made = mixed(edited(made, recipe.side), made, 0)
        tip = out.commit("refs/heads/hotfix/1", parents, edited(made, what))
    out.write(remote)
