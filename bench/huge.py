"""Measure `start` and `check` where the repository is huge, beside a small one and beside what git itself needs.

    python bench/huge.py [--commits 1000000] [--refs 50000] [--rounds 5] [--keep DIR]

The huge repository is written by one `git fast-import` and cloned: develop, production with a merge for each release,
and references as old projects have them: three tenths release tags, a tenth release candidates, a fifth nightly tags, a
fifth features that were left alone, the rest branches of people; and some active features. The small one is the same
at a thousandth of that. In turns, each round:

start     the whole process `git hotfix start N`, fetch and switch included;
check     the whole process `git hotfix check` of a hotfix of one commit;
fetch     `git fetch` of every branch, tag and logbook, nothing new;
refs      `git for-each-ref` with what there is to know of a tag: what it names, its date;
asked     `git ls-remote`: the least that asking this remote costs;
names     `git for-each-ref` of names and ids: the least that looking at all references costs;
walk      `git rev-list` from all release tags to production: which of them are on it;

once without a commit-graph and once with it. `--keep` makes the repositories in DIR, or takes those that are there.
"""

from __future__ import annotations

import argparse
import contextlib
import itertools
import statistics
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from generating import PROGRAM, Pair, circumstances, run, sealed, seconds, spent

MOST_TIMES = 3.0
EVERY = 300  # seconds between two commits
ACTIVE = 50  # features of the last weeks
FIELDS = "refname objectname objecttype *objectname *objecttype creatordate:unix"
PATTERNS = ("+refs/heads/*:refs/remotes/origin/*", "+refs/tags/*:refs/hotfix/remote-tags/*")
ISSUES = itertools.count(1)


def main() -> int:
    """Print the table; exit 0 when the goals hold."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--commits", type=int, default=1_000_000, help="commits of the huge one (default 1000000)")
    parser.add_argument("--refs", type=int, default=50_000, help="references of the huge one (default 50000)")
    parser.add_argument("--rounds", type=int, default=5, help="rounds; the median counts (default 5)")
    parser.add_argument("--keep", type=Path, metavar="DIR", help="make the repositories here, or use those that are")
    options = parser.parse_args()
    with _folder(options.keep) as folder:
        sealed(folder / "home")
        sizes = {"small": (options.commits // 1000, options.refs // 1000), "huge": (options.commits, options.refs)}
        pairs = {name: _pair(folder / f"{name}-{size[0]}-{size[1]}", *size) for name, size in sizes.items()}
        print(circumstances(folder))
        held = [_compare(pairs, options.rounds, graph=graph) for graph in (False, True)]
        print(circumstances(folder))
    return 0 if all(held) else 1


@contextlib.contextmanager
def _folder(kept: Path | None) -> Iterator[Path]:
    if kept is not None:
        kept.mkdir(parents=True, exist_ok=True)
        yield kept.resolve()
        return
    with tempfile.TemporaryDirectory(prefix="bench-huge-") as name:
        yield Path(name)


def _pair(folder: Path, commits: int, refs: int) -> Pair:
    """The pair of repositories in `folder`, with hotfix/4711 of one commit in the clone; made where it is not."""
    pair = Pair(folder)
    if (folder / "whole").exists():
        return pair
    start = time.perf_counter()
    folder.mkdir(parents=True)
    run(["git", "init", "-q", "--bare", str(pair.remote)], folder)
    with subprocess.Popen(["git", "fast-import", "--quiet"], cwd=pair.remote, stdin=subprocess.PIPE) as importing:
        assert importing.stdin
        for piece in _History(commits, refs).pieces():
            importing.stdin.write(piece)
        importing.stdin.close()
    if importing.returncode:
        raise SystemExit("git fast-import failed")
    run(["git", "symbolic-ref", "HEAD", "refs/heads/main"], pair.remote)
    run(["git", "pack-refs", "--all"], pair.remote)
    made = time.perf_counter() - start
    run(["git", "clone", "-q", str(pair.remote), str(pair.work)], folder)
    first = seconds([*PROGRAM, "start", "4711"], pair.work)
    (pair.work / "fixed.txt").write_text("fixed\n")
    pair.git("add", "fixed.txt")
    pair.git("commit", "-qm", "fix it")
    run([*PROGRAM, "check"], pair.work)
    found = len(pair.git("for-each-ref").splitlines())
    print(f"{commits} commits and {refs} references made in {made:.0f} s; the very first start took {first:.2f} s,")
    print(f"and {found} references are in the clone then")
    (folder / "whole").touch()
    return pair


@dataclass(frozen=True)
class _History:
    """The fast-import stream: marks 1… are develop's commits, those above `commits` everything else."""

    commits: int
    refs: int

    def pieces(self) -> Iterator[bytes]:
        """Some kilobytes each."""
        blobs = 10 * self.commits + 1000
        yield "".join(f"blob\nmark :{blobs + number}\ndata 2\n{number}\n" for number in range(8)).encode()
        develop = self.commits * 9 // 10
        releases, candidates, nightly = (max(2, self.refs * part // 10) for part in (3, 1, 2))
        old, people = max(2, self.refs * 2 // 10), max(2, self.refs * 2 // 10 - ACTIVE)
        now = int(time.time()) - 3600
        marks = itertools.count(self.commits + 1)

        def commit(ref: str, mark: int, start: str, back: int, path: str) -> str:
            who = f"Bench <bench@example.org> {now - back * EVERY} +0000"
            blob = blobs + mark % 8
            return f"commit {ref}\nmark :{mark}\ncommitter {who}\ndata 2\nc\n{start}M 100644 :{blob} {path}\n\n"

        def tag(name: str, mark: int, back: int) -> str:
            who = f"Bench <bench@example.org> {now - back * EVERY} +0000"
            return f"tag {name}\nfrom :{mark}\ntagger {who}\ndata {len(name)}\n{name}\n"

        def due(count: int, mark: int) -> range:
            """Which of `count` things, spread over all of develop, fall on this commit."""
            return range(count * (mark - 1) // develop, count * mark // develop)

        production = 0
        for mark in range(1, develop + 1):
            back = develop - mark
            out = [commit("refs/heads/develop", mark, "", back, f"f{mark % 4}")]
            for number in due(candidates, mark):
                out.append(tag(f"v{number // 100}.{number % 100}.0-rc1", mark, back))
            for number in due(releases, mark):
                start = f"from :{production}\nmerge :{mark}\n" if production else f"from :{mark}\n"
                production = next(marks)
                out.append(commit("refs/heads/main", production, start, back, "VERSION"))
                out.append(tag(f"v{number // 1000}.{number // 10 % 100}.{number % 10}", production, back))
            out += [f"reset refs/tags/nightly-{number:06}\nfrom :{mark}\n\n" for number in due(nightly, mark)]
            out += [f"reset refs/heads/people/{number:06}\nfrom :{mark}\n\n" for number in due(people, mark)]
            for number in due(old, mark):
                out.append(commit(f"refs/heads/feature/old-{number:06}", next(marks), f"from :{mark}\n", 40_000, "o"))
            yield "".join(out).encode()
        for number in range(ACTIVE):
            start = f"from :{max(1, develop - number)}\n"
            yield commit(f"refs/heads/feature/{number:06}", next(marks), start, 0, f"n{number}").encode()
        yield commit("refs/heads/release/1.5", next(marks), f"from :{develop}\n", 0, "r").encode()
        # Up to the number of commits: a long line that has nothing in common with the rest, as imported projects leave.
        rest = self.commits - next(marks)
        for number in range(max(0, rest)):
            mark = self.commits * 5 + number
            yield commit("refs/heads/imported", mark, "", 900_000, f"f{number % 4}").encode()


def _compare(pairs: dict[str, Pair], rounds: int, *, graph: bool) -> bool:
    """Measure both in turns and print the table of this kind."""
    for pair in pairs.values():
        (pair.work / ".git/objects/info/commit-graph").unlink(missing_ok=True)
        if graph:
            pair.git("commit-graph", "write", "--reachable")
    tasks: dict[str, Callable[[Pair], tuple[float, float]]] = {
        "start": _start,
        "check": lambda pair: spent([*PROGRAM, "check"], pair.work),
        "fetch": lambda pair: spent(
            ["git", "fetch", "-q", "--no-tags", "--prune", "--no-write-fetch-head", "origin", *PATTERNS], pair.work
        ),
        "refs": lambda pair: spent(["git", "for-each-ref", f"--format={_format(FIELDS)}"], pair.work),
        "asked": lambda pair: spent(["git", "ls-remote", "-q", "origin"], pair.work),
        "names": lambda pair: spent(["git", "for-each-ref", f"--format={_format('refname objectname')}"], pair.work),
        "walk": _walk,
    }
    measured = {(task, name): list[tuple[float, float]]() for task in tasks for name in pairs}
    for _ in range(rounds):
        for task, measure in tasks.items():
            for name, pair in pairs.items():
                measured[task, name].append(measure(pair))
    clock = {key: statistics.median(taken for taken, _ in values) for key, values in measured.items()}
    work = {key: statistics.median(own for _, own in values) for key, values in measured.items()}
    print(f"\n{'with' if graph else 'without'} a commit-graph, medians of {rounds} rounds")
    print(f"{'':8}{'seconds':>8}{'huge':>8}{'ratio':>7}   {'processor seconds':>17}{'huge':>8}{'ratio':>7}")
    for task in tasks:
        print(f"{task:8}{_row(clock, task, 8)}   {_row(work, task, 17)}")
    held = True
    for task in ("start", "check"):
        times = clock[task, "huge"] / clock[task, "small"]
        held = held and times <= MOST_TIMES
        verdict = "holds" if times <= MOST_TIMES else "MISSED"
        print(f"goal: {task} at most {MOST_TIMES:.0f} x a small repository's: {verdict} ({times:.1f})")
    for words, parts in (("one fetch and one look", ("fetch", "refs")), ("the least of both", ("asked", "names"))):
        more = sum(work[task, "huge"] - work[task, "small"] for task in (*parts, "walk"))
        print(f"processor seconds that git itself adds for {words}, and one walk: {more:.2f}")
    return held


def _row(middle: dict[tuple[str, str], float], task: str, width: int) -> str:
    small, huge = middle[task, "small"], middle[task, "huge"]
    return f"{small:{width}.3f}{huge:8.3f}{huge / max(small, 0.001):7.1f}"


def _format(fields: str) -> str:
    return "%00".join(f"%({field})" for field in fields.split())


def _walk(pair: Pair) -> tuple[float, float]:
    tags = pair.git("for-each-ref", "--format=%(objectname)", "refs/tags/v*")
    return spent(["git", "rev-list", "--stdin"], pair.work, stdin=tags + b"^refs/remotes/origin/main\n")


def _start(pair: Pair) -> tuple[float, float]:
    """Start a hotfix, and take it away again."""
    issue = f"{time.time_ns()}-{next(ISSUES)}"
    taken = spent([*PROGRAM, "start", issue], pair.work)
    pair.git("switch", "-q", "hotfix/4711")
    pair.git("branch", "-q", "-D", f"hotfix/{issue}")
    pair.git("update-ref", "-d", f"refs/hotfix/log/{issue}")
    return taken


if __name__ == "__main__":
    raise SystemExit(main())
