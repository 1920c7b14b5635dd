"""Measure the gates: on real hotfixes of public repositories, on a range of 350,000 lines, and as a repository grows.

    python bench/gates.py [REPOSITORY...] [--sample 60] [--rounds 15]

A REPOSITORY is a clone, bare or not; nothing is written to it. Its hotfixes are the merges whose subject says that a
hotfix branch was merged; up to --sample of each repository, evenly taken, are judged as `check --range` by a process of
their own, in a bare repository that borrows the objects and whose production branch stands where it stood before the
merge. Printed: what each gate said, and how long a whole `check` took beside the floor (starting Python, and `git
diff-tree -p` of the same range).

Then on generated repositories: a one-line fix of a small one, beside a bare start of Python; one of a file of each
language, and of text that only pretends to be one; 350,000 added lines (time and memory); and the same fix among 100
and among 50,000 files, of code, of a .yml and of a file that requirements.txt includes. Goals: p50 at most 120 ms and
p95 300 ms; at most 10 bare starts and 12 gits; at most 2 s and 300 MB; at most 1.5 times.
"""

from __future__ import annotations

import argparse
import collections
import json
import os
import re
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from generating import PROGRAM, run, sealed

P50, P95, BIG_SECONDS, BIG_MEGABYTES, GROWTH = 0.120, 0.300, 2.0, 300, 1.5
STARTS, GITS = 10, 12
_HOTFIX = re.compile(r"Merge (?:remote-tracking )?(?:branch|pull request).*hotfix", re.IGNORECASE)
_INTO = re.compile(r"into '?(?:\S+/)?hotfix", re.IGNORECASE)
_BIG_FILES, _BIG_LINES = 700, 500
# A file of each language: what stands before, what is repeated (`@` is a number), and what stands behind.
_FILES = {
    "c": ("", "int f@(int a) {\n  return a + @;\n}\n", ""),
    "cs": ("class A {\n", "  public int F@(int a) {\n    return a + @;\n  }\n", "}\n"),
    "go": ("package a\n\n", "func (a A) F@(b int) int {\n\treturn b + @\n}\n", ""),
    "java": ("class A {\n", "  public int f@(int a) {\n    return a + @;\n  }\n", "}\n"),
    "js": ("class A {\n", "  f@(a) {\n    return a + @;\n  }\n", "}\n"),
    "kt": ("class A {\n", "  fun f@(a: Int): Int {\n    return a + @\n  }\n", "}\n"),
    "php": ("<?php\nclass A {\n", "  public function f@($a) {\n    return $a + @;\n  }\n", "}\n"),
    "py": ("class A:\n", "    def f@(self, a):\n        return a + @\n", ""),
    "rb": ("class A\n", "  def f@(a)\n    a + @\n  end\n", "end\n"),
    "rs": ("impl A {\n", "  pub fn f@(&self, a: u8) -> u8 {\n    a + @\n  }\n", "}\n"),
    "scala": ("class A {\n", "  def f@(a: Int): Int = {\n    a + @\n  }\n", "}\n"),
    "sh": ("", "f@() {\n  echo $(($1 + @))\n}\n", ""),
    "swift": ("class A {\n", "  func f@(a: Int) -> Int {\n    return a + @\n  }\n", "}\n"),
    "ts": ("class A {\n", "  f@(a: number): number {\n    return a + @;\n  }\n", "}\n"),
}
# What tests/hostile repeats, too.
_WILD = ("a<b<c<", "=/[", "class A{", "(", '"${', "f(a) : ", "<<A ", "object ", "if x\n")


@dataclass(frozen=True)
class Case:
    """One hotfix of a real history: where production stood, where the fix started, and its tip."""

    production: str
    base: str
    tip: str


@dataclass(frozen=True)
class Run:
    """One `check`: its answer, how long it took (seconds), and the floor of the same range."""

    answer: dict[str, object]
    took: float
    floor: float


def main() -> int:
    """Print the tables; exit 0 when the goals hold."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("repositories", nargs="*", type=Path, metavar="REPOSITORY")
    parser.add_argument("--sample", type=int, default=60, help="hotfixes of each repository (default 60)")
    parser.add_argument("--rounds", type=int, default=15, help="runs on each generated repository (default 15)")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="bench-gates-") as name:
        folder = Path(name)
        sealed(folder / "home")
        held = [_real(options.repositories, folder, options.sample)] if options.repositories else []
        _languages(folder, options.rounds)
        held += [_small(folder, options.rounds), _big(folder, options.rounds), _growth(folder, options.rounds)]
    return 0 if all(held) else 1


def _real(repositories: list[Path], folder: Path, sample: int) -> bool:
    runs: list[Run] = []
    for number, source in enumerate(repositories):
        found = _cases(source, sample)
        private_git_dir = _borrowing(source, folder / str(number)) if found else folder
        judged = [each for case in found if (each := _judged(private_git_dir, case))]
        print(f"{len(judged):5} hotfixes of {source}")
        runs += judged
    if not runs:
        print("no hotfix merge found")
        return False
    _verdicts(runs)
    took = sorted(each.took for each in runs)
    p50, p90, p95 = (took[min(len(took) - 1, int(len(took) * share))] for share in (0.5, 0.9, 0.95))
    ratio = statistics.median(each.took / each.floor for each in runs)
    said = (("p50", p50), ("p90", p90), ("p95", p95), ("max", took[-1]))
    print("\nwhole check, ms: " + ", ".join(f"{name} {value * 1000:.0f}" for name, value in said))
    print(f"over the floor (python, git diff-tree -p): {ratio:.1f} x in the median")
    return _goal("p50 at most 120 ms, p95 at most 300 ms", p50 <= P50 and p95 <= P95)


def _cases(source: Path, sample: int) -> list[Case]:
    """The hotfixes of a history that change something, evenly thinned out to at most `sample`."""
    lines = run(["git", "log", "--all", "--merges", "--format=%P%x09%s"], source).decode(errors="replace").splitlines()
    merges = [parents.split() for parents, _, subject in (line.partition("\t") for line in lines)
              if _HOTFIX.search(subject) and not _INTO.search(subject)]  # fmt: skip
    pairs = [tuple(parents) for parents in merges if len(parents) == 2]
    unique = list({tip: (production, tip) for production, tip in pairs}.values())
    step = max(1, len(unique) // (2 * sample))
    found: list[Case] = []
    for production, tip in unique[::step]:
        done = subprocess.run(["git", "merge-base", production, tip], cwd=source, capture_output=True, text=True)
        base = done.stdout.strip()
        if base and base != tip and run(["git", "diff-tree", "-r", "--name-only", base, tip], source):
            found.append(Case(production, base, tip))
    return found[:sample]


def _borrowing(source: Path, place: Path) -> Path:
    """A bare repository without branches that has the objects of `source`, and its tags out of the way."""
    run(["git", "init", "-q", "--bare", str(place)], place.parent)
    objects = run(["git", "rev-parse", "--path-format=absolute", "--git-path", "objects"], source).decode().strip()
    (place / "objects" / "info" / "alternates").write_text(objects + "\n")
    tags = run(
        ["git", "for-each-ref", "--format=create refs/all/%(refname:lstrip=2) %(objectname)", "refs/tags"], source
    )
    run(["git", "update-ref", "--stdin"], place, stdin=tags)
    run(["git", "pack-refs", "--all"], place)
    return place


def _only_tags_of_then(place: Path, production: str) -> None:
    """Let the tags be those that production held at that time: later ones would be no part of the question."""
    gone = run(["git", "for-each-ref", "--format=delete %(refname)", "refs/tags"], place)
    held = run(
        ["git", "for-each-ref", f"--merged={production}", "--format=create refs/tags/%(refname:lstrip=2) %(objectname)",
         "refs/all"], place,
    )  # fmt: skip
    run(["git", "update-ref", "--stdin"], place, stdin=gone)
    run(["git", "update-ref", "--stdin"], place, stdin=held)
    run(["git", "pack-refs", "--all"], place)


def _judged(place: Path, case: Case) -> Run | None:
    run(["git", "update-ref", "refs/heads/main", case.production], place)
    _only_tags_of_then(place, case.production)
    span = f"{case.base}..{case.tip}"
    command = [*PROGRAM, "check", "--range", span, "--format", "json"]
    subprocess.run(command, cwd=place, capture_output=True)  # the objects are read once before the clock runs
    start = time.perf_counter()
    done = subprocess.run(command, cwd=place, capture_output=True)
    took = time.perf_counter() - start
    if done.returncode not in (0, 1):
        print(
            f"exit {done.returncode} for {span}: {done.stderr.decode(errors='replace').strip()[:200]}", file=sys.stderr
        )
        return None
    start = time.perf_counter()
    subprocess.run([sys.executable, "-c", "pass"], check=True)
    subprocess.run(["git", "diff-tree", "-r", "-p", case.base, case.tip], cwd=place, capture_output=True, check=True)
    return Run(json.loads(done.stdout), took, time.perf_counter() - start)


def _verdicts(runs: list[Run]) -> None:
    """How many hotfixes each gate passed, warned of, refused or could not judge."""
    tally: dict[str, collections.Counter[str]] = {}
    for each in runs:
        for gate in each.answer["gates"]:  # type: ignore[attr-defined]
            tally.setdefault(gate["id"], collections.Counter())[gate["status"]] += 1
    columns = ("pass", "warn", "fail", "unknown", "off")
    print(f"\n{'gate':20}" + "".join(f"{column:>9}" for column in columns) + f"{'not pass':>11}")
    for gate, counts in tally.items():
        cells = "".join(f"{counts[column]:9}" for column in columns)
        print(f"{gate:20}{cells}{100 * (1 - (counts['pass'] + counts['off']) / len(runs)):10.1f}%")
    passed = sum(each.answer["verdict"] == "pass" for each in runs)
    print(f"{len(runs)} hotfixes, {passed} pass")


def _big(folder: Path, rounds: int) -> bool:
    """A range that adds 350,000 lines: slowest time, and the memory of the largest process."""
    base = {f"src/old{number}.py": "x = 1\n" for number in range(20)}
    body = "".join(f"def function_{n}(value: int) -> int:\n    return value + {n}\n" for n in range(_BIG_LINES // 2))
    tip = {f"src/new{number}.py": f"# {number}\n{body}" for number in range(_BIG_FILES)}
    place = _generated(folder / "big", base, tip)
    took, megabytes = 0.0, 0.0
    for _ in range(max(3, rounds // 5)):
        start = time.perf_counter()
        child = subprocess.Popen(_check(), cwd=place, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        _, _, usage = os.wait4(child.pid, 0)
        took, megabytes = max(took, time.perf_counter() - start), max(megabytes, usage.ru_maxrss / 1024)
    print(f"\n{_BIG_FILES * (_BIG_LINES + 1):,} added lines: {took:.2f} s, {megabytes:.0f} MB at most")
    return _goal("at most 2 s and 300 MB", took <= BIG_SECONDS and megabytes <= BIG_MEGABYTES)


def _small(folder: Path, rounds: int) -> bool:
    """A one-line fix among six files: how many gits a `check` starts, and its processor time in bare starts of Python,
    by turns; medians."""
    place = _generated(folder / "small", {f"src/m{n}.py": f"x = {n}\n" for n in range(6)}, {"src/m0.py": "x = 1\n"})
    trace = folder / "trace"
    subprocess.run(_check(), cwd=place, capture_output=True, env={**os.environ, "GIT_TRACE2_EVENT": str(trace)})
    gits = trace.read_text().count('"event":"start"')
    pairs = [(_processor(_check(), place), _processor([sys.executable, "-c", "pass"], place)) for _ in range(rounds)]
    took, bare = (statistics.median(column) for column in zip(*pairs, strict=True))
    ratio = statistics.median(one / other for one, other in pairs)
    print(f"\na one-line fix: {took * 1000:.0f} ms of processor time, a bare start {bare * 1000:.0f} ms: {ratio:.1f} x")
    print(f"gits: {gits}")
    return _goal(f"at most {STARTS} bare starts and {GITS} gits", ratio <= STARTS and gits <= GITS)


def _languages(folder: Path, rounds: int) -> None:
    """A one-line fix of a file of 400 lines, and of nine files of 20 kB that are no code: processor time of a `check`
    by turns, medians. Nothing is held here: compare two versions."""
    places = {}
    for suffix, (head, unit, tail) in _FILES.items():
        units = [unit.replace("@", str(number)) for number in range(400 // unit.count("\n"))]
        changed = [*units[:-1], units[-1].replace(" + ", " - ", 1)]
        base, tip = ({f"src/a.{suffix}": head + "".join(lines) + tail} for lines in (units, changed))
        places[suffix] = _generated(folder / f"fix-{suffix}", base, tip)
        wild = {f"src/a{number}.{suffix}": piece * (20_000 // len(piece)) for number, piece in enumerate(_WILD)}
        mended = {path: f"{text}\n" for path, text in wild.items()}
        places[f"{suffix} wild"] = _generated(folder / f"wild-{suffix}", wild, mended)
    taken: dict[str, list[float]] = {each: [] for each in places}
    for _ in range(max(3, rounds // 3)):
        for each, place in places.items():
            taken[each].append(_processor(_check(), place))
    medians = {each: 1000 * statistics.median(some) for each, some in taken.items()}
    print("\nlanguage   a fix ms   no code ms")
    for suffix in _FILES:
        print(f"{suffix:8}{medians[suffix]:11.0f}{medians[f'{suffix} wild']:13.0f}")
    for kind, word in (("", "a fix"), (" wild", "no code")):
        middle = statistics.median(medians[f"{suffix}{kind}"] for suffix in _FILES)
        print(f"{word}: median {middle:.0f} ms")


def _processor(command: list[str], place: Path) -> float:
    """Seconds of processor time of a command and of all that it starts."""
    child = subprocess.Popen(command, cwd=place, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, _, usage = os.wait4(child.pid, 0)
    return usage.ru_utime + usage.ru_stime


def _growth(folder: Path, rounds: int) -> bool:
    """The same fixes among few and among many files, by turns; medians."""
    fixes = {
        "code": {"src/p00/m0.py": "x = 1\n", "requirements.txt": "-r deps/base\nright==1.0.1\n"},
        ".yml": {"config/app.yml": "a: 2\n"},
        "included": {"deps/base": "left==1.0.1\n"},
    }
    places = {}
    for count in (100, 50_000):
        base = {f"src/p{number % 100:02}/m{number}.py": f"x = {number}\n" for number in range(count)}
        base |= {"package.json": '{"dependencies": {"left": "1.0.0"}}\n', "config/app.yml": "a: 1\n"}
        base |= {"requirements.txt": "-r deps/base\nright==1.0\n", "deps/base": "left==1.0\n"}
        places |= {(what, count): _generated(folder / f"{what}{count}", base, tip) for what, tip in fixes.items()}
    taken: dict[tuple[str, int], list[float]] = {each: [] for each in places}
    for _ in range(rounds):
        for each, place in places.items():
            taken[each].append(_processor(_check(), place))
    print()
    held = True
    for what in fixes:
        few, many = (statistics.median(taken[what, count]) for count in (100, 50_000))
        held &= many <= GROWTH * few
        print(f"{what}: {few * 1000:.0f} ms among 100 files, {many * 1000:.0f} ms among 50,000: {many / few:.2f} x")
    return _goal("at most 1.5 times", held)


def _generated(place: Path, base: dict[str, str], tip: dict[str, str]) -> Path:
    """A bare repository with production and its tag at `base`, and a hotfix that writes `tip` over it."""
    run(["git", "init", "-q", "--bare", str(place)], place.parent)
    out: list[str] = []
    for mark, (ref, files) in enumerate((("refs/heads/main", base), ("refs/heads/hotfix/4711", tip)), 1):
        out.append(f"commit {ref}\nmark :{mark}\ncommitter Bench <bench@example.org> {1_700_000_000 + mark} +0000\n")
        out.append("data 8\nFix 4711" + ("\nfrom :1\n" if mark > 1 else "\n"))
        out += [f"M 100644 inline {path}\ndata {len(text)}\n{text}\n" for path, text in files.items()]
    out.append("tag v1.4.2\nfrom :1\ntagger Bench <bench@example.org> 1700000001 +0000\ndata 6\nv1.4.2\n")
    run(["git", "fast-import", "--quiet"], place, stdin="".join(out).encode())
    run(["git", "symbolic-ref", "HEAD", "refs/heads/main"], place)
    return place


def _check() -> list[str]:
    return [*PROGRAM, "check", "4711", "--format", "json"]


def _goal(words: str, holds: bool) -> bool:
    print(f"goal: {words}: {'holds' if holds else 'MISSED'}")
    return holds


if __name__ == "__main__":
    raise SystemExit(main())
