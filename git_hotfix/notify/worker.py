"""The process that sends: it reads what is to be sent from its input, sends all at once, and says of each by its name
how that ended. It is a process of its own so that it can be ended in time, and so that nothing that a library prints
or logs, with an address in it, reaches anybody."""

from __future__ import annotations

import json
import logging
import os
import sys
import threading
from typing import Any


def main() -> int:
    """Exit 0 when everything was tried; a line of JSON for each message that ended."""
    answers = os.fdopen(os.dup(1), "w", encoding="ascii")
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    os.dup2(nowhere, 2)
    logging.disable(logging.CRITICAL)
    orders = json.load(sys.stdin)
    lock = threading.Lock()

    def send(order: dict[str, Any]) -> None:
        state = _send(order)
        with lock:
            answers.write(json.dumps({"key": order["key"], "state": state}) + "\n")
            answers.flush()

    threads = [threading.Thread(target=send, args=(order,), daemon=True) for order in orders]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    os._exit(0)


def _send(order: dict[str, Any]) -> str:
    """`sent`, `failed`, `unknown-scheme` or `not-installed`; never a word of a library."""
    try:
        import apprise
    except ImportError:
        return "not-installed"
    try:
        asset = apprise.AppriseAsset(plugin_paths=[], async_mode=False, secure_logging=True)
        channel = apprise.Apprise(asset=asset)
        if not channel.add(order["url"]):
            return "unknown-scheme"
        return "sent" if channel.notify(body=order["body"], title=order["title"]) else "failed"
    except Exception:
        return "failed"


if __name__ == "__main__":
    sys.exit(main())
