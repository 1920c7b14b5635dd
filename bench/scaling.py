"""Measure `git hotfix finish` for ten times the branches, and the memory that it needs.

    python bench/scaling.py [--branches 1000] [--files 2000] [--rounds 3] [--memory-at 5000]

few, many  the whole process `git hotfix finish --yes --no-verify` for `--branches` feature branches and for ten times
           as many, in turns, each on a fresh copy of its pair of repositories;
memory     the largest of the process and all git processes that it starts, for `--memory-at` branches.

More branches of a remote make each single push dearer: the server reads all its references for each, and so does git
here. `git push` of one branch to the remote of the many, before and after, is shown beside them.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
from pathlib import Path

from generating import PROGRAM, Pair, Shape, circumstances, generate, peak_mb, sealed, seconds

TIMES, MOST_TIMES = 10, 11.0
MOST_MB = 200.0
FINISH = (*PROGRAM, "finish", "--yes", "--no-verify")


def main() -> int:
    """Print the table; exit 0 when the goals hold."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--branches", type=int, default=1000, help="feature branches (default 1000)")
    parser.add_argument("--files", type=int, default=2000, help="files in the tree (default 2000)")
    parser.add_argument("--rounds", type=int, default=3, help="rounds; the median counts (default 3)")
    parser.add_argument("--memory-at", type=int, default=5000, metavar="BRANCHES", help="measure memory here (5000)")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="bench-scaling-") as name:
        folder = Path(name)
        sealed(folder / "home")
        few = generate(folder / "few", Shape(options.files, options.branches))
        many = generate(folder / "many", Shape(options.files, options.branches * TIMES))
        print(circumstances(folder))
        measured: dict[str, list[float]] = {"few": [], "many": [], "before": [], "after": []}
        for _ in range(options.rounds):
            measured["few"].append(seconds(FINISH, few.copied(folder / "copy").work))
            copy = many.copied(folder / "copy")
            measured["before"].append(_one_push(copy, "before"))
            measured["many"].append(seconds(FINISH, copy.work))
            measured["after"].append(_one_push(copy, "after"))
        print(circumstances(folder))
        scales = _show(measured, options.branches)
        fits = _memory(folder, Shape(options.files, options.memory_at))
    return 0 if scales and fits else 1


def _one_push(pair: Pair, name: str) -> float:
    who = ("-c", "user.name=Bench", "-c", "user.email=bench@example.org")
    made = pair.git(
        *who, "commit-tree", "-p", "refs/remotes/origin/main", "-m", name, "refs/remotes/origin/main^{tree}"
    )
    return seconds(
        ["git", "push", "-q", "--no-verify", "origin", f"{made.decode().strip()}:refs/heads/{name}"], pair.work
    )


def _show(measured: dict[str, list[float]], branches: int) -> bool:
    middle = {name: statistics.median(values) for name, values in measured.items()}
    words = {
        "few": f"finish of {branches} branches",
        "many": f"finish of {branches * TIMES} branches",
        "before": "one push to that remote before it",
        "after": "one push to that remote after it",
    }
    print(f"\n{'':8}{'median s':>9}{'min':>8}{'max':>8}   rounds: {len(measured['few'])}")
    for name, values in measured.items():
        print(f"{name:8}{middle[name]:9.3f}{min(values):8.3f}{max(values):8.3f}   {words[name]}")
    times = middle["many"] / middle["few"]
    held = times <= MOST_TIMES
    verdict = f"{'holds' if held else 'MISSED'} ({times:.1f})"
    print(f"\ngoal: at most {MOST_TIMES:.0f} x the time for {TIMES} x the branches: {verdict}")
    return held


def _memory(folder: Path, shape: Shape) -> bool:
    pair = generate(folder / "memory", shape)
    most = peak_mb(FINISH, pair.work)
    held = most < MOST_MB
    print(f"goal: under {MOST_MB:.0f} MB at {shape.branches} branches: {'holds' if held else 'MISSED'} ({most:.0f} MB)")
    return held


if __name__ == "__main__":
    raise SystemExit(main())
