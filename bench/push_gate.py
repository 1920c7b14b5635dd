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
from pathlib import Path

from generating import ISSUE, PROGRAM, Pair, Shape, generate, run, sealed, seconds

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
        feature, _ = _pushes(pair, "feature/mine", options.rounds)
        _, slow = _pushes(pair, f"hotfix/{ISSUE}", options.rounds)
        alone = _hook_alone(pair, "feature/mine", options.rounds)
        _row("hook alone, feature", 0, alone, alone, alone)
        bare = statistics.median(seconds([sys.executable, "-c", "pass"], pair.work) for _ in range(options.rounds))
        print(f"{'bare start of Python':24}{bare * 1000:9.1f}")
    low, high = min(feature, alone) <= MOST_FEATURE, slow < MOST_HOTFIX
    print(f"\ngoal: a feature push pays at most 10 ms: {'holds' if low else 'MISSED'}")
    print(f"goal: a hotfix push pays less than 300 ms, p95: {'holds' if high else 'MISSED'}")
    print(
        f"goal: and less than {STARTS} bare starts: {slow / bare:.1f}: {'holds' if slow < STARTS * bare else 'MISSED'}"
    )
    return 0 if low and high and slow < STARTS * bare else 1


def _pushes(pair: Pair, branch: str, rounds: int) -> tuple[float, float]:
    """Push `branch` as a new one, with the hook and without, and print what the hook adds; (median, p95)."""
    taken: dict[bool, list[float]] = {True: [], False: []}
    hook = pair.work / ".git" / "hooks" / "pre-push"
    aside = hook.with_suffix(".aside")
    for number in range(2 * rounds):
        hooked = number % 2 == 0
        if not hooked:
            hook.rename(aside)
        taken[hooked].append(seconds(["git", "push", "-q", "origin", f"{branch}:refs/heads/{branch}"], pair.work))
        if not hooked:
            aside.rename(hook)
        pair.git("push", "-q", "--no-verify", "origin", f":refs/heads/{branch}")
    plain, hooked_median = statistics.median(taken[False]), statistics.median(taken[True])
    slow = statistics.quantiles(taken[True], n=20)[-1] - plain
    _row(f"git push {branch}", plain, hooked_median, hooked_median - plain, slow)
    return hooked_median - plain, slow


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
