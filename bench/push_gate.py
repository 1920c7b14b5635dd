"""Measure what the installed pre-push hook costs a push.

    python bench/push_gate.py [--branches 500] [--files 2000] [--rounds 40]

Three kinds of push to a bare local remote, each with the hook and without it, by turns:

feature  a branch that is none of the gate's business: the whole `git push`, and the hook alone;
hotfix   a hotfix branch, which every gate judges.

The hook alone is fed what git would feed it. Goals: a feature push pays at most 10 ms (median) over no hook at all; a
hotfix push pays less than 300 ms, and less than 14 bare starts of Python (95th percentile).
"""

from __future__ import annotations

import argparse
import statistics
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from generating import ISSUE, PROGRAM, Pair, Shape, generate, run, sealed, seconds, spent

MOST_FEATURE, MOST_HOTFIX, STARTS = 0.010, 0.300, 14
ZERO = "0" * 40


def main() -> int:
    """Print the table; exit 0 when the goals hold."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--branches", type=int, default=500, help="feature branches (default 500)")
    parser.add_argument("--files", type=int, default=2000, help="files in the tree (default 2000)")
    parser.add_argument("--rounds", type=int, default=40, help="pushes of each kind (default 40)")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="bench-gate-") as name:
        folder = Path(name)
        sealed(folder / "home")
        pair = generate(folder / "pair", Shape(options.files, options.branches))
        pair.git("branch", "-q", "feature/mine", "origin/develop")
        run([*PROGRAM, "hooks", "install"], pair.work)
        print(f"{'':24}{'no hook':>9}{'hook':>9}{'over':>9}{'p95 over':>10}   ms; median of {options.rounds}")
        feature = _pushes(pair, "feature/mine", options.rounds)
        hotfix = _pushes(pair, f"hotfix/{ISSUE}", options.rounds)
        alone = _hook_alone(pair, "feature/mine", options.rounds)
        _row("hook alone, feature", 0, alone, alone, alone)
        print(f"{'bare start of Python':24}{hotfix.bare * 1000:9.1f}")
    low, high, starts = min(feature.median, alone) <= MOST_FEATURE, hotfix.p95 < MOST_HOTFIX, hotfix.p95 / hotfix.bare
    print(f"\ngoal: a feature push pays at most 10 ms: {'holds' if low else 'MISSED'}")
    print(f"goal: a hotfix push pays less than 300 ms, p95: {'holds' if high else 'MISSED'}")
    print(f"goal: and less than {STARTS} bare starts: {starts:.1f}: {'holds' if starts < STARTS else 'MISSED'}")
    print(f"in processor time, which no other program takes a part of, it pays {hotfix.starts:.1f}")
    return 0 if low and high and starts < STARTS else 1


@dataclass(frozen=True)
class Paid:
    """What the hook adds to a push (seconds), a bare start of Python measured by turns with it, and how many of these
    the hook's processor time is, p95."""

    median: float
    p95: float
    bare: float
    starts: float


def _pushes(pair: Pair, branch: str, rounds: int) -> Paid:
    """Push `branch` as a new one, with the hook and without, and print what the hook adds."""
    hooked, plain, bare = [], [], []
    hook = pair.work / ".git" / "hooks" / "pre-push"
    aside = hook.with_suffix(".aside")
    push = ["git", "push", "-q", "origin", f"{branch}:refs/heads/{branch}"]
    back = ("push", "-q", "--no-verify", "origin", f":refs/heads/{branch}")
    for _ in range(rounds):
        hooked.append(spent(push, pair.work))
        pair.git(*back)
        hook.rename(aside)
        plain.append(spent(push, pair.work))
        aside.rename(hook)
        pair.git(*back)
        bare.append(spent([sys.executable, "-c", "pass"], pair.work))
    (wall, processor), (wall_plain, processor_plain), (wall_bare, processor_bare) = (
        [*zip(*each, strict=True)] for each in (hooked, plain, bare)
    )
    without, one = statistics.median(wall_plain), statistics.median(wall_bare)
    over, slow = statistics.median(wall) - without, _p95(wall) - without
    _row(f"git push {branch}", without, over + without, over, slow)
    own = _p95(processor) - statistics.median(processor_plain)
    return Paid(over, slow, one, own / statistics.median(processor_bare))


def _p95(values: Sequence[float]) -> float:
    return statistics.quantiles(values, n=20)[-1]


def _hook_alone(pair: Pair, branch: str, rounds: int) -> float:
    """The hook without git around it: what it takes is what it adds."""
    tip = pair.git("rev-parse", f"refs/heads/{branch}").decode().strip()
    feed = f"refs/heads/{branch} {tip} refs/heads/{branch} {ZERO}\n".encode()
    command = [str(pair.work / ".git" / "hooks" / "pre-push"), "origin", "../remote.git"]
    return statistics.median(seconds(command, pair.work, stdin=feed) for _ in range(rounds))


def _row(name: str, plain: float, hooked: float, over: float, slow: float) -> None:
    cells = "".join(f"{value * 1000:9.1f}" for value in (plain, hooked, over))
    print(f"{name:24}{cells}{slow * 1000:10.1f}")


if __name__ == "__main__":
    raise SystemExit(main())
