"""Measure `git hotfix finish` against the least that git itself can do the job in, and against the playbook's loop.

    python bench/finish.py [--branches 1000] [--files 2000] [--rounds 5]

One run measures four ways to bring the same fix to production, its tag, develop, a release branch and every feature
branch of a bare local remote, each on its own fresh copy of the same generated pair of repositories:

finish   the whole process `git hotfix finish --yes --no-verify`, start-up, fetch, gates, logbook and report included;
floor    `git merge-tree --stdin` for all targets, `git fast-import` of the merges and the tag, one `git push` of all of
         them, with all that these need to know given for nothing;
pattern  the same with the branches pushed by one pattern instead of by their names, and without any lease: the least
         that we know of. It is shown so that nobody takes the floor for that; no goal is set against it;
loop     `git checkout`, `git merge`, `git push` for each of a sample of branches, extrapolated to all of them.

Absolute seconds depend on the machine, on its disk (TMPDIR says where) and on who else uses it: the ratios of medians
are the result. `scaling.py` measures more branches, and memory.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from generating import ISSUE, NEXT_TAG, PROGRAM, Pair, Shape, circumstances, generate, run, sealed, seconds

MOST_OVER_FLOOR = 1.25
LEAST_UNDER_LOOP = {2000: 15.0, 20_000: 60.0}  # by the files of the tree: a checkout costs what these are
SAMPLE = 20
FEW = 50  # branches of the repository that the number of processes is compared with


def main() -> int:
    """Print the table; exit 0 when the goals hold."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--branches", type=int, default=1000, help="feature branches (default 1000)")
    parser.add_argument("--files", type=int, default=2000, help="files in the tree (default 2000)")
    parser.add_argument("--rounds", type=int, default=5, help="rounds; the median counts (default 5)")
    options = parser.parse_args()
    shape = Shape(options.files, options.branches)
    with tempfile.TemporaryDirectory(prefix="bench-finish-") as name:
        folder = Path(name)
        sealed(folder / "home")
        start = time.perf_counter()
        pair = generate(folder / "pair", shape)
        print(
            f"{shape.files} files, {shape.branches} feature branches, generated in {time.perf_counter() - start:.1f} s"
        )
        measured: dict[str, list[float]] = {"finish": [], "floor": [], "pattern": [], "loop": []}
        print(circumstances(folder))
        for _ in range(options.rounds):
            measured["finish"].append(_finish(pair.copied(folder / "copy"), shape))
            measured["floor"].append(_floor(pair.copied(folder / "copy"), shape, _named))
            measured["pattern"].append(_floor(pair.copied(folder / "copy"), shape, _by_pattern))
            measured["loop"].append(_loop(pair.copied(folder / "copy"), shape))
        print(circumstances(folder))
        held = _show(measured, shape)
        few = Shape(options.files, min(FEW, options.branches))
        return 0 if _processes(folder, pair, shape, few) and held else 1


def _finish(pair: Pair, shape: Shape) -> float:
    taken = seconds([*PROGRAM, "finish", "--yes", "--no-verify"], pair.work)
    _require_everywhere(pair, shape)
    return taken


Push = Callable[[Pair, Sequence[str], Sequence[str]], None]


def _floor(pair: Pair, shape: Shape, push: Push) -> float:
    """Merge, write and push with three processes. What they are fed is made before the clock starts or between the
    processes, as fast as Python can."""
    tip = pair.git("rev-parse", f"refs/heads/hotfix/{ISSUE}").decode().strip()
    branches = ["main", *shape.targets()]
    wanted = [f"refs/remotes/origin/{branch}" for branch in branches]
    tips = pair.git("rev-parse", *wanted).decode().split()
    feed = "".join(f"{each} {tip}\n" for each in tips).encode()
    marks = pair.folder / "marks"
    start = time.perf_counter()
    merged = run(["git", "merge-tree", "--write-tree", "-z", "--stdin"], pair.work, stdin=feed)
    trees = merged.split(b"\0")[1::3]  # every merge is clean: 1 NUL tree NUL NUL
    stream = []
    who = "Bench <bench@example.org> 1800000000 +0000"
    for number, (ours, tree) in enumerate(zip(tips, trees, strict=False), 1):
        stream.append(
            f"reset refs/pins/all\ncommit refs/pins/all\nmark :{number}\ncommitter {who}\ndata 6\nhotfix\n"
            f"from {ours}\nmerge {tip}\nM 040000 {tree.decode()} \n\n"
        )
    stream.append(f"tag {NEXT_TAG}\nfrom :1\ntagger {who}\ndata 6\nhotfix\n")
    run(
        ["git", "fast-import", "--quiet", "--force", f"--export-marks={marks}"],
        pair.work,
        stdin="".join(stream).encode(),
    )
    made = [line.split(" ")[1] for line in sorted(marks.read_text().splitlines(), key=_mark)]
    push(pair, branches, made)
    taken = time.perf_counter() - start
    _require_everywhere(pair, shape)
    return taken


def _named(pair: Pair, branches: Sequence[str], made: Sequence[str]) -> None:
    specs = [f"{new}:refs/heads/{branch}" for branch, new in zip(branches, made, strict=True)]
    run(["git", "push", "-q", "--no-verify", "origin", *specs, f"refs/tags/{NEXT_TAG}"], pair.work)


def _by_pattern(pair: Pair, branches: Sequence[str], made: Sequence[str]) -> None:
    lines = [f"create refs/staged/{branch} {new}\n" for branch, new in zip(branches, made, strict=True)]
    run(["git", "-c", "core.fsync=none", "update-ref", "--stdin"], pair.work, stdin="".join(lines).encode())
    specs = ["refs/staged/*:refs/heads/*", f"refs/tags/{NEXT_TAG}"]
    run(["git", "push", "-q", "--no-verify", "origin", *specs], pair.work)


def _mark(line: str) -> int:
    return int(line[1:].split(" ")[0])


def _loop(pair: Pair, shape: Shape) -> float:
    """The playbook, section 7.2, for a sample from the whole range; the time of all branches by proportion."""
    features = shape.targets()[2:]
    sample = features[:: max(1, len(features) // SAMPLE)][:SAMPLE]
    start = time.perf_counter()
    for branch in sample:
        run(["git", "checkout", "-q", branch], pair.work)
        run(["git", "merge", "-q", "--no-edit", f"hotfix/{ISSUE}"], pair.work)
        run(["git", "push", "-q", "origin", branch], pair.work)
    return (time.perf_counter() - start) / len(sample) * len(shape.targets())


def _require_everywhere(pair: Pair, shape: Shape) -> None:
    """Whoever is fast because a branch was left out has measured nothing."""
    tip = pair.git("rev-parse", f"refs/tags/{NEXT_TAG}^{{commit}}").decode().strip()
    heads = run(["git", "for-each-ref", "--format=%(refname)", f"--contains={tip}^2", "refs/heads"], pair.remote)
    missing = {f"refs/heads/{name}" for name in ["main", *shape.targets()]} - set(heads.decode().split())
    if missing:
        raise SystemExit(f"the fix is missing on {len(missing)} branches, {min(missing)} among them")


def _show(measured: dict[str, list[float]], shape: Shape) -> bool:
    middle = {name: statistics.median(values) for name, values in measured.items()}
    print(f"\n{'':8}{'median s':>9}{'min':>8}{'max':>8}   {'against finish':<16} rounds: {len(measured['finish'])}")
    for name, values in measured.items():
        ratio = middle[name] / middle["finish"]
        words = "" if name == "finish" else f"finish is {1 / ratio:.2f} x this"
        words = f"finish is {ratio:.1f} x faster" if name == "loop" else words
        print(f"{name:8}{middle[name]:9.3f}{min(values):8.3f}{max(values):8.3f}   {words}")
    over, under = middle["finish"] / middle["floor"], middle["loop"] / middle["finish"]
    print(f"\nloop: {middle['loop'] / len(shape.targets()) * 1000:.0f} ms a branch, from a sample of {SAMPLE}")
    least = max((goal for files, goal in LEAST_UNDER_LOOP.items() if shape.files >= files), default=1.0)
    low, high = over <= MOST_OVER_FLOOR, under >= least
    print(f"goal: at most {MOST_OVER_FLOOR} x the floor: {'holds' if low else 'MISSED'} ({over:.2f})")
    print(f"goal: at least {least:.0f} x faster than the loop: {'holds' if high else 'MISSED'} ({under:.1f})")
    return low and high


def _processes(folder: Path, pair: Pair, shape: Shape, few: Shape) -> bool:
    """Count the git processes that finish starts, for few branches and for many: staging a big push and its chunks may
    add some, a branch may not."""
    counts = {}
    for each, source in ((few, generate(folder / "few", few)), (shape, pair)):
        copy = source.copied(folder / "copy")
        trace = folder / f"trace-{each.branches}"
        trace.mkdir()
        environment = {**os.environ, "GIT_TRACE2_EVENT": str(trace), "GIT_TRACE2_MAX_FILES": "0"}
        subprocess.run(
            [*PROGRAM, "finish", "--yes", "--no-verify"],
            cwd=copy.work, env=environment, check=True, capture_output=True,
        )  # fmt: skip
        sessions = [json.loads(file.read_text().partition("\n")[0])["sid"] for file in trace.iterdir()]
        counts[each.branches] = (sum("/" not in sid for sid in sessions), len(sessions))
    print("\ngit processes that finish starts (and with those that these start)")
    for branches, (own, all_of_them) in counts.items():
        print(f"{branches:6} branches: {own} ({all_of_them})")
    own = [own for own, _ in counts.values()]
    held = max(own) - min(own) <= 4 + shape.branches // 1000
    print(f"goal: no process per branch: {'holds' if held else 'MISSED'}")
    return held


if __name__ == "__main__":
    raise SystemExit(main())
