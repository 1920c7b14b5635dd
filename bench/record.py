"""Measure what the record costs: the log of a hotfix, what can be marked, and where it stands.

    python bench/record.py [--branches 50] [--files 500] [--entries 2000] [--rounds 15] [--before CHECKOUT]

Two copies of one repository with an open hotfix, one whose logbook has 20 entries and one where it has 2,000; the
commands run by turns in both:

status      gates, the preview of every target, the clock;
log         every entry as a table, and as JSON;
mark        what is open;
pr, postmortem, report
            the documents, printed.

With `--before` the `status` of another checkout of this project is the floor instead of this one's. All in processor
time, of the command and of all that it waits for, because others use the machine, too; the least of all rounds. Goals:
each is within 1.5 times the floor on the short logbook, the log of 2,000 entries within 2 times that of 20, and
`verify` of 2,000 entries ends within 2 s.
"""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path

from generating import ISSUE, NEXT_TAG, PROGRAM, Pair, Shape, circumstances, generate, sealed, spent

SHORT, MOST, LONGER = 20, 1.5, 2.0
VERIFIED = 2.0  # seconds that `verify` may take, on the clock
LOG = f"refs/hotfix/log/{ISSUE}"
COMMANDS = {
    "status": ("status",),
    "log": ("log", "--color=never"),
    "log, JSON": ("log", "--format", "json"),
    "mark": ("mark", "--color=never"),
    "pr": ("pr", "--template", "extended"),
    "postmortem": ("postmortem", "--print"),
    "report": ("report",),
}


VERIFY, READ = "verify", "git log --format=%B"
RELEASED = {VERIFY: [*PROGRAM, "verify", NEXT_TAG], READ: ["git", "log", "--format=%B", LOG]}


def main() -> int:
    """Print the table; exit 0 when the goals hold."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--branches", type=int, default=50, help="feature branches (default 50)")
    parser.add_argument("--files", type=int, default=500, help="files in the tree (default 500)")
    parser.add_argument("--entries", type=int, default=2000, help="entries of the long logbook (default 2000)")
    parser.add_argument("--rounds", type=int, default=15, help="runs of each command (default 15)")
    parser.add_argument("--before", type=Path, help="an earlier checkout of this project, whose status is the floor")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="bench-record-") as name:
        folder = Path(name)
        sealed(folder / "home")
        short = generate(folder / "short", Shape(options.files, options.branches))
        long = short.copied(folder / "long")
        _record(short, SHORT)
        _record(long, options.entries)
        print(circumstances(folder))
        least = _measure({SHORT: short, options.entries: long}, options.rounds, options.before)
        released = {SHORT: _released(short, folder / "r-short"), options.entries: _released(long, folder / "r-long")}
        verified = {size: _verify(pair, options.rounds) for size, pair in released.items()}
    floor = least["before" if options.before else "status", SHORT]
    print(f"{'ms of processor time':22}{SHORT:>8}{options.entries:>8}{'long/short':>12}{'/ floor':>9}")
    held = True
    for name in COMMANDS:
        few, many = least[name, SHORT], least[name, options.entries]
        print(f"{name:22}{few * 1000:8.0f}{many * 1000:8.0f}{many / few:12.2f}{few / floor:9.2f}")
        held = held and few <= MOST * floor and (not name.startswith("log") or many <= LONGER * few)
    few, many = verified[SHORT][VERIFY], verified[options.entries][VERIFY]
    clock, read = many[0], verified[options.entries][READ][1]
    print(f"{VERIFY:22}{few[1] * 1000:8.0f}{many[1] * 1000:8.0f}{many[1] / few[1]:12.2f}{few[1] / floor:9.2f}")
    print(f"{VERIFY}: {clock:.2f} s on the clock, {many[1] / read:.1f} times {READ} ({read * 1000:.0f} ms)")
    held = held and clock <= VERIFIED
    print(f"floor: {'status of that checkout' if options.before else 'status'}, {floor * 1000:.0f} ms")
    print(f"goals: {'hold' if held else 'MISSED'}")
    return 0 if held else 1


def _measure(pairs: dict[int, Pair], rounds: int, before: Path | None) -> dict[tuple[str, int], float]:
    """The least processor time of every command in every repository."""
    commands = {name: [*PROGRAM, *words] for name, words in COMMANDS.items()}
    if before:
        commands["before"] = ["env", f"PYTHONPATH={before.absolute()}", *PROGRAM, "status"]
    found: dict[tuple[str, int], float] = {}
    for _ in range(rounds):
        for name, command in commands.items():
            for entries, pair in pairs.items():
                taken = spent(command, pair.work)[1]
                found[name, entries] = min(taken, found.get((name, entries), taken))
    return found


def _released(pair: Pair, folder: Path) -> Pair:
    """A copy in which the hotfix is finished, with the whole logbook below its tag."""
    copy = pair.copied(folder)
    spent([*PROGRAM, "finish", "--yes", "--no-backport"], copy.work)
    return copy


def _verify(pair: Pair, rounds: int) -> dict[str, tuple[float, float]]:
    """The least time on the clock and processor time of verifying the tag, and of reading its logbook by git alone."""
    found: dict[str, tuple[float, float]] = {}
    for _ in range(rounds):
        for name, command in RELEASED.items():
            taken = spent(command, pair.work)
            found[name] = min(taken, found.get(name, taken))
    return found


def _record(pair: Pair, entries: int) -> None:
    """Let the logbook have that many entries, here and on the remote; every third one states an event."""
    begun = int(pair.git("log", "-1", "--format=%at", LOG))
    stream = []
    for number in range(1, entries):
        facts = f"Hotfix-Entry: answer\nField: impact\nValue: all who pay, {number} of them\n  .\n  so far\n"
        if number % 3 == 0:
            facts = f"Hotfix-Entry: event\nEvent: root-cause\nAt: 2026-11-27T20:{number % 60:02}:00Z\nText: {number}\n"
        message = f"entry {number}\n\n{facts}"
        stream.append(f"commit {LOG}\ncommitter Bench <bench@example.org> {begun + number} +0000\n")
        stream.append(f"data {len(message)}\n{message}\n" + (f"from {LOG}^0\n" if number == 1 else "") + "\n")
    pair.git("fast-import", "--quiet", stdin="".join(stream).encode())
    pair.git("push", "-q", "--no-verify", "origin", f"hotfix/{ISSUE}", LOG)
    pair.git("fetch", "-q", "origin", f"+{LOG}:refs/hotfix/remote-log/{ISSUE}")


if __name__ == "__main__":
    raise SystemExit(main())
