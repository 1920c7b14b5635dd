"""Completion scripts: one file a shell, each `script(commands, gates) -> str` from the words of the parsers."""
