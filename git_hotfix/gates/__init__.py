"""The gates: one file each. A file that declares `GATE` is a gate; nothing else has to be edited."""

from __future__ import annotations

from git_hotfix.gates.registry import Gate, all_gates, judge

__all__ = ["Gate", "all_gates", "judge"]
