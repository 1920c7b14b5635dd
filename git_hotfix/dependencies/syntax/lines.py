"""Where the tools that read manifests end a line: one rule for all tools that do alike.

Read in their sources: pip, Conan, js-yaml, Go. The others are named by the file that has the rule, from memory.
"""

from __future__ import annotations

import re
from typing import Literal

# feed: a line feed, and a carriage return is a blank, a part of a comment too: Go (modfile/read.go), Ruby (parse.y),
#   Elixir (elixir_tokenizer.erl), CMake (cmListFileLexer.in.l), BuildKit (bufio.ScanLines), git (config.c).
# return: also a lone carriage return: .NET's ReadAllLines (Paket), npm's ini (`split(/[\r\n]+/g)`), yarn 1
#   (lockfile/parse.js), Python's text mode (setup.cfg), the lexers of Groovy, Kotlin, Scala, Swift and Nix.
# foundation: also U+0085, U+2028 and U+2029: `enumerateLines` (Carthage).
# python: whatever `str.splitlines` takes, a form feed too: pip (req_file.py), Conan (config_parser.py).
Ends = Literal["feed", "return", "foundation", "python"]
_PATTERNS: dict[Ends, str] = {"return": "\r\n?", "foundation": "\r\n?|[\x85\u2028\u2029]"}


def with_line_feeds(text: str, ends: Ends) -> str:
    """`text` with a line feed wherever a tool ends a line."""
    if ends == "feed":
        return text.replace("\r\n", "\n").replace("\r", " ")
    if ends == "python":
        return "\n".join([*text.splitlines(), ""])
    return re.sub(_PATTERNS[ends], "\n", text)
