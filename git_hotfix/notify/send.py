"""Sending messages, all at once, within ten seconds for all."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Literal

from git_hotfix.model.frozen import frozen
from git_hotfix.notify.channels import Channel

PATIENCE = 10.0  # seconds that all messages together may take: somebody waits for the hotfix
_TOGETHER = 4  # messages that one process sends: Apprise 2 sends five at a time where there is one core, and no more
_PROCESSES = 8  # at most: each takes a quarter of a second to begin
Ending = Literal["sent", "failed", "unknown-scheme", "not-installed", "broken", "not-begun", "late"]
SAYS: dict[Ending, str] = {
    "sent": "sent",
    "failed": "not sent: the channel refused or could not be reached",
    "unknown-scheme": "not sent: Apprise knows no such scheme, or the address is incomplete",
    "not-installed": "not sent: Apprise is not installed: pip install 'git-hotfix[notify]'",
    "broken": "not sent: Apprise does not start: pip install --force-reinstall 'git-hotfix[notify]'",
    "not-begun": f"not sent: Apprise did not start within {PATIENCE:.0f} seconds",
    "late": f"nobody knows whether it was sent: no answer within {PATIENCE:.0f} seconds",
}
# Isolated, so that no file of the current directory is imported; what this process imports from is handed over.
_PROGRAM = "import sys; sys.path += sys.argv[1:]; from git_hotfix.notify.worker import main; sys.exit(main())"


@frozen
class Message:
    """What is said: a title and a body, plain text."""

    title: str
    body: str


def send_messages(messages: Sequence[tuple[Channel, Message]], *, patience: float = PATIENCE) -> list[Ending]:
    """Send each message to its channel, and say in the same order how each ended. Raises nothing."""
    if not messages:
        return []
    size = max(_TOGETHER, -(-len(messages) // _PROCESSES))
    groups = [messages[first : first + size] for first in range(0, len(messages), size)]
    with ThreadPoolExecutor(len(groups)) as pool:
        return [end for ends in pool.map(lambda group: _send_group(group, patience), groups) for end in ends]


def _send_group(messages: Sequence[tuple[Channel, Message]], patience: float) -> list[Ending]:
    orders = [
        {"key": number, "url": channel.url, "title": message.title, "body": message.body}
        for number, (channel, message) in enumerate(messages)
    ]
    try:
        # The addresses go through a pipe: the arguments and the environment of a process are everybody's to read.
        process = subprocess.Popen(
            [sys.executable, "-I", "-c", _PROGRAM, *_places()],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
        )  # fmt: skip
    except OSError:
        return ["broken"] * len(messages)
    ended = True
    try:
        said, _ = process.communicate(json.dumps(orders).encode("ascii"), timeout=patience)
    except subprocess.TimeoutExpired:
        ended = False
        process.kill()
        said, _ = process.communicate()
    return _read_answers(said, len(messages), ended=ended)


def _places() -> list[str]:
    """Where this process imports from, but for the current directory: a repository may have put modules there."""
    here = Path(os.path.realpath(os.curdir))
    given = [place for place in sys.path if place and Path(os.path.realpath(place)) != here]
    return [str(Path(__file__).resolve().parents[2]), *given]


def _read_answers(said: bytes, many: int, *, ended: bool) -> list[Ending]:
    """How each message ended. One without an answer may have gone out once the sender had begun, and never before."""
    answers = []
    for line in said.splitlines():
        try:
            answers.append(json.loads(line))
        except ValueError:  # it was killed while it wrote
            continue
    begun = any(answer.get("state") == "begun" for answer in answers)
    silent: Ending = "late" if begun else "broken" if ended else "not-begun"
    ends = [silent] * many
    for answer in answers:
        if answer.get("state") in SAYS:
            ends[answer["key"]] = answer["state"]
    return ends
