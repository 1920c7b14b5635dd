"""What a start costs is mostly what it imports."""

from __future__ import annotations

import subprocess
import sys

# What is needed by few commands, or for few files, and takes 1 to 20 ms.
HEAVY = (
    "asyncio dataclasses datetime difflib email git http importlib.metadata inspect json logging rich tokenize tomllib "
    "tree_sitter yaml"
).split()


def test_a_hook_with_all_gates_imports_nothing_heavy() -> None:
    code = (
        "import sys; from git_hotfix import cli; from git_hotfix.commands import COMMANDS, parser_of\n"
        "parser_of(next(each for each in COMMANDS if each.module == 'verify_push')).parse_args(['origin', 'url'])\n"
        "from git_hotfix.gates import all_gates; all_gates()\n"
        f"print(*(name for name in {HEAVY!r} if name in sys.modules))\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == []
