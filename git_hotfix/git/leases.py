"""The leases of a push of many references, checked by one comparison.

git compares every `--force-with-lease` with every reference of the remote, six patterns each: a thousand leases cost
0.2 s where the remote has a thousand branches, and 4 of the 4.7 s of a push where it has ten thousand. What a lease
compares, git also tells its pre-push hook, a line a reference with the value that the remote has, before it sends
anything. So a hook of ours holds these lines against those that were expected and ends the push where one differs; the
push is not a forced one.
"""

from __future__ import annotations

import os
import shlex
import tempfile
from collections.abc import Sequence
from pathlib import Path

from git_hotfix.git.run import Git, GitResult, decode, encode

# `cmp` decides, so a program that is missing or fails ends the push and never lets it through. The team's own hook then
# runs as git would have run it: by the same name, with the same words and lines, and without the setting that led here.
_HOOK = """#!/bin/sh
cat >{lines} && LC_ALL=C sort {lines} | cmp -s - {expected} || {{ : >{differs}; exit 1; }}
unset GIT_CONFIG_KEY_{number} GIT_CONFIG_VALUE_{number}
{counted}
[ -x {team} ] || exit 0
exec {team} "$@" <{lines}
"""


def push_at_once(git: Git, words: Sequence[str], expected: Sequence[str], *, verify: bool) -> GitResult | None:
    """`git push <words>` if it is going to send exactly the lines in `expected`, as a pre-push hook is told them.

    The team's own hook runs where `verify` holds. None, and nothing was pushed, where a line differs or this way cannot
    be gone: the leases have to be named one by one then.
    """
    if _is_overruled(git, verify=verify):
        return None
    team = decode(git.run("rev-parse", "--git-path", "hooks/pre-push").out).removesuffix("\n") if verify else ""
    with tempfile.TemporaryDirectory(prefix="git-hotfix-") as name:
        folder = Path(name)
        number = int(os.environ.get("GIT_CONFIG_COUNT") or 0)
        hook = folder / "pre-push"
        hook.write_bytes(_hook(folder, team, number))
        hook.chmod(0o755)
        if not os.access(hook, os.X_OK):  # git asks the same before it runs one, and would go on without it
            return None
        (folder / "expected").write_bytes(b"".join(sorted(encode(line) + b"\n" for line in expected)))
        told = {
            "GIT_CONFIG_COUNT": str(number + 1),
            f"GIT_CONFIG_KEY_{number}": "core.hooksPath",
            f"GIT_CONFIG_VALUE_{number}": name,
        }
        own = Git(git.cwd, {**git.environment, **told}, git.pins)
        answer = own.run("push", "--verify", *words, check=False)
        return None if (folder / "differs").exists() else answer


def _is_overruled(git: Git, *, verify: bool) -> bool:
    """True where our hook would not be the one that runs (`git -c core.hooksPath=…` is stronger than the environment),
    or not the only one: git 2.54 also runs what `hook.<name>.command` says, which --no-verify was to skip."""
    if "core.hookspath" in os.environ.get("GIT_CONFIG_PARAMETERS", "").lower():
        return True
    return not verify and git.run("config", "--get-regexp", r"^hook\.", check=False).code == 0


def _hook(folder: Path, team: str, number: int) -> bytes:
    before = os.environ.get("GIT_CONFIG_COUNT")
    places = {name: shlex.quote(str(folder / name)) for name in ("lines", "expected", "differs")}
    counted = "unset GIT_CONFIG_COUNT" if before is None else f"GIT_CONFIG_COUNT={shlex.quote(before)}"
    return encode(_HOOK.format(**places, team=shlex.quote(team), number=number, counted=counted))
