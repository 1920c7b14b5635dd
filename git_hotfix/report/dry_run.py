"""The command that does what a dry run showed."""

from __future__ import annotations

import argparse
import shlex

from git_hotfix.model.hotfix import Hotfix

# What changes where the fix goes, what is made of it, or who may refuse it; not how it is shown or asked for.
_KEPT = (
    "tag",
    "strategy",
    "update",
    "not_landed",
    "no_backport",
    "to",
    "no_verify",
    "sign_features",
    "no_rerere",
    "draft",
    "keep",
)


def real_command(command: str, hotfix: Hotfix, arguments: argparse.Namespace) -> str:
    """`git hotfix <command> <issue>` with the options of the dry run: without its `--tag` or `--to` something else
    would happen than what was shown."""
    words = ["git", "hotfix", command, hotfix.issue]
    for name in _KEPT:
        option, value = "--" + name.replace("_", "-"), getattr(arguments, name, None)
        if value is True:
            words.append(option)
        elif value:
            for each in [value] if isinstance(value, str) else value:
                # A branch may be called like an option.
                words += [f"{option}={each}"] if each.startswith("-") else [option, each]
    return shlex.join(words)
