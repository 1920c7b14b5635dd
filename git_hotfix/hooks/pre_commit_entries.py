"""The text of `.pre-commit-hooks.yaml`: the gates as pre-commit entries, generated from the registry."""

from __future__ import annotations

import json
from collections.abc import Sequence

_HEAD = """\
# Generated from the gates; tests/unit/hooks/test_pre_commit_entries.py says how to write it anew.
# pre-commit shows a hook only one ref of a push: `git hotfix hooks install` puts the gates before all of them.
"""


def render(gates: Sequence[tuple[str, str]]) -> str:
    """The file for `gates`, each an (id, summary): one entry for all of them, then one for each."""
    everything = _entry(
        "git-hotfix", "git-hotfix", "All gates of a hotfix, on the ref of the push that pre-commit shows.", ""
    )
    single = (
        _entry(f"git-hotfix-{gate}", f"git-hotfix: {gate}", f"One gate of a hotfix: {summary}.", f" --only {gate}")
        for gate, summary in gates
    )
    return _HEAD + "".join((everything, *single))


def _entry(entry_id: str, name: str, description: str, arguments: str) -> str:
    # A JSON string is a YAML string: whatever a summary holds, it stays one scalar.
    return f"""\
- id: {entry_id}
  name: {json.dumps(name)}
  description: {json.dumps(description, ensure_ascii=False)}
  entry: git-hotfix pre-commit{arguments}
  language: python
  stages: [pre-push]
  pass_filenames: false
  always_run: true
  verbose: true
"""
