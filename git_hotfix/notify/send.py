"""Sending messages, all at once, within ten seconds for all."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Sequence
from typing import Literal

from git_hotfix.model.frozen import frozen
from git_hotfix.notify.channels import Channel

PATIENCE = 10.0  # seconds that all messages together may take: somebody waits for the hotfix
Ending = Literal["sent", "failed", "unknown-scheme", "not-installed", "late"]
SAYS: dict[Ending, str] = {
    "sent": "sent",
    "failed": "not sent: the channel refused or could not be reached",
    "unknown-scheme": "not sent: Apprise knows no such scheme, or the address is incomplete",
    "not-installed": "not sent: Apprise is not installed: pip install 'git-hotfix[notify]'",
    "late": f"nobody knows whether it was sent: no answer within {PATIENCE:.0f} seconds",
}


@frozen
class Message:
    """What is said: a title and a body, plain text."""

    title: str
    body: str


def send_messages(channels: Sequence[Channel], message: Message, *, patience: float = PATIENCE) -> dict[str, Ending]:
    """Send `message` to every channel, and say by name how each ended. Raises nothing."""
    ends: dict[str, Ending] = {channel.name: "late" for channel in channels}
    if not channels:
        return ends
    orders = [
        {"key": channel.name, "url": channel.url, "title": message.title, "body": message.body} for channel in channels
    ]
    try:
        # The addresses go through a pipe: the arguments and the environment of a process are everybody's to read.
        process = subprocess.Popen(
            [sys.executable, "-I", "-m", "git_hotfix.notify.worker"],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
        )  # fmt: skip
    except OSError:
        return dict.fromkeys(ends, "failed")
    try:
        said, _ = process.communicate(json.dumps(orders).encode("ascii"), timeout=patience)
    except subprocess.TimeoutExpired:
        process.kill()
        said, _ = process.communicate()
    for line in said.splitlines():
        try:
            answer = json.loads(line)
        except ValueError:
            continue
        if answer.get("key") in ends and answer.get("state") in SAYS:
            ends[answer["key"]] = answer["state"]
    return ends
