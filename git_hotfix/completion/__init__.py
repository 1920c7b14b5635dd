"""Completion scripts for shells, generated from the parsers: one file a shell, each `script(commands) -> str`."""
