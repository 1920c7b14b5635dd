"""A throw-away team repository in a sealed environment, in which commands are typed as a person types them."""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import git_hotfix
from git_hotfix.errors import Failure
from git_hotfix.model.form import FIELDS

_KEPT = ("PATH", "SYSTEMROOT", "TMPDIR", "LD_LIBRARY_PATH", "PYTHONPATH", "VIRTUAL_ENV")
_LONGEST = 120  # seconds that a command may take
_DAYS_AGO = 3 * 86_400  # when the team wrote what the story begins with

# The program that is running now, wherever it was started from, under the name that git looks for. Its own folder goes
# in front only where Python would not find it otherwise: before the standard library, a folder of packages is a risk.
_PROGRAM = """\
import sys
sys.path[:1] = [] if {root!r} in sys.path else [{root!r}]
from git_hotfix.cli import main
sys.exit(main())
"""


@dataclass(frozen=True)
class Stage:
    """`place` holds the bare remote `shop.git` and the clone `shop`; `environment` is all that commands are told."""

    place: Path
    environment: Mapping[str, str]

    @property
    def clone(self) -> Path:
        """Where the commands are typed."""
        return self.place / "shop"

    def run_line(self, command: str) -> tuple[int, str]:
        """Run one line of shell in the clone; its exit code, and what it said on both streams."""
        done = subprocess.run(
            ["sh", "-c", command],
            cwd=self.clone,
            env=self.environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            timeout=_LONGEST,
        )
        return done.returncode, done.stdout.decode("utf-8", "surrogateescape").removesuffix("\n")


@contextmanager
def build_stage(*, keep: bool) -> Iterator[Stage]:
    """A stage that is set, and that goes afterwards unless `keep` says so. What seals it always goes."""
    place = Path(tempfile.mkdtemp(prefix="git-hotfix-demo-")).resolve()
    try:
        with tempfile.TemporaryDirectory(prefix="git-hotfix-demo-home-") as home:
            stage = Stage(place, _sealed_environment(Path(home)))
            _set_up(stage)
            yield stage
    finally:
        if not keep:
            shutil.rmtree(place, ignore_errors=True)


def _sealed_environment(home: Path) -> dict[str, str]:
    """Nothing of whoever plays the demo bends it: an own home, no configuration, this program first on PATH."""
    program = home / "bin" / "git-hotfix"
    program.parent.mkdir()
    code = _PROGRAM.format(root=str(Path(git_hotfix.__file__).parents[1]))
    program.write_text(f'#!/bin/sh\nexec {shlex.quote(sys.executable)} -c {shlex.quote(code)} "$@"\n')
    program.chmod(0o755)
    (home / ".gitconfig").touch()
    kept = {name: os.environ[name] for name in _KEPT if name in os.environ}
    return {
        **kept,
        "PATH": os.pathsep.join([str(program.parent), kept.get("PATH", os.defpath)]),
        "HOME": str(home),
        "XDG_CONFIG_HOME": str(home / ".config"),
        "GIT_CONFIG_GLOBAL": str(home / ".gitconfig"),
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_TERMINAL_PROMPT": "0",
        "GIT_EDITOR": "false",
        "LC_ALL": "C.UTF-8",
        "NO_COLOR": "1",
    }


# What the team did until now. feature/payment changes the very line that the story is about; feature/invoice left
# production before its last release; check.sh stands for a test runner that writes JUnit XML.
_TEAM = """\
save() { git add . && git commit -qm "$1"; }
git init -q --bare --initial-branch=main ../shop.git
git init -q .
git symbolic-ref HEAD refs/heads/main
git config user.name Ada
git config user.email ada@example.org
git remote add origin ../shop.git
mkdir src tests
echo /report.xml > .gitignore
echo 'grep -q "def pay" src/checkout.py' > tests/test_pay.sh
cat > check.sh <<'END'
failed=0
for test in tests/*.sh; do
    end=; sh $test || { end='<failure/>'; failed=1; echo "$test fails" >&2; }
    printf '<testcase name="%s">%s</testcase>\\n' $test "$end"
done > cases
{ echo '<testsuite>'; cat cases; echo '</testsuite>'; } > report.xml
rm cases
exit $failed
END
for name in a b c d e f g h i j k l; do echo "def part_$name(): ..." > src/part_$name.py; done
printf '%s\\n' 'import bank' '' '' 'def pay(order):' '    return bank.charge(order, timeout=1)' > src/checkout.py
save 'Sell things' && git tag -a v1.4.1 -m 'Release 1.4.1'
git switch -qc feature/invoice && echo 'def invoice(): ...' > src/invoice.py && save 'Send invoices'
git switch -q main && echo 'def cart(): ...' > src/cart.py && save 'Keep a cart'
git tag -a v1.4.2 -m 'Release 1.4.2'
git switch -qc develop && echo 'def stock(): ...' > src/stock.py && save 'Count the stock'
git switch -qc release/1.5 && echo 1.5 > VERSION && save 'Prepare 1.5'
git switch -qc feature/login develop && echo 'def login(): ...' > src/login.py && save 'Log in'
git switch -qc feature/search develop && echo 'def search(): ...' > src/search.py && save 'Search'
git switch -qc feature/payment develop
sed 's/charge(order, timeout=1)/charge(order, timeout=1, retries=3)/' src/checkout.py > new && mv new src/checkout.py
save 'Try a payment three times'
git push -q origin --all && git push -q origin --tags
git switch -q develop && git branch -q -D main release/1.5 feature/invoice feature/login feature/search feature/payment
git branch -q --set-upstream-to=origin/develop
"""


# The team asks five questions of a P0 before it is done; the form has many more.
_ASKED = ("summary", "impact", "root-cause", "solution", "actions")


def _policy() -> str:
    return "".join(f"[form.fields.{each.id}]\nclose = []\n" for each in FIELDS if each.close and each.id not in _ASKED)


def _set_up(stage: Stage) -> None:
    stage.clone.mkdir()
    (stage.clone / ".git-hotfix.toml").write_text(_policy())
    when = f"{int(time.time()) - _DAYS_AGO} +0000"
    then = Stage(stage.place, {**stage.environment, "GIT_AUTHOR_DATE": when, "GIT_COMMITTER_DATE": when})
    code, words = then.run_line("set -e\n" + _TEAM)
    if code != 0:
        raise Failure(f"the demo's repository could not be made: {words}", hint="git hotfix doctor")
