"""logging: the fix says in the log that it was needed (playbook, 4.3). Off, where no policy turns it on."""

from __future__ import annotations

import re

from git_hotfix.gates.registry import Gate
from git_hotfix.model.frozen import field, frozen
from git_hotfix.model.hotfix import Facts
from git_hotfix.model.lines import readable
from git_hotfix.model.sources import is_source
from git_hotfix.model.verdict import Finding, Judgement
from git_hotfix.model.words import counted

_WIDTH = 2_000  # characters of a line that are looked at


@frozen
class Options:
    """`[gates.logging]`. The playbook asks for it; no measurement says how many genuine fixes log."""

    words: tuple[str, ...] = field(
        default=(
            "log", "logger", "logging", "slog", "zap", "console", "syslog", "os_log", "NSLog", "tracing", "warnings",
            "Timber", "error_log", "trigger_error",
        ),
        metadata={"doc": "what a line that logs calls, without case", "source": "playbook, 4.3"},
    )  # fmt: skip


def check(facts: Facts, options: Options) -> Judgement:
    """Look for an added line of production source that logs."""
    production = facts.production
    source = [file for file in production if is_source(file.path)]
    files, unread = readable(source, facts.content)
    words = "|".join(map(re.escape, options.words))
    logs = re.compile(rf"(?<!\w)(?:\w*_)?(?:{words})(?:\.|->|::|!|\(| [\"'])", re.IGNORECASE)
    count = sum(
        logs.search(text[:_WIDTH]) is not None for _, hunks in files for hunk in hunks for _, text in hunk.added
    )
    measured, limit = counted(count, "line"), "1 line"
    if count or not source:
        return Judgement(measured, limit, unread=unread)
    hint = "log the problem where the fix handles it, so that tomorrow you can count how often it was needed"
    return Judgement(measured, limit, (Finding("the fix logs nothing", source[0].path, hint=hint),), unread)


GATE = Gate("logging", "the fix logs", check, Options, severity="off", order=51)
